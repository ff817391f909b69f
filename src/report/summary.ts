// What stands at the end of a run: the verdict, each host's state by name, each zone that went anywhere with its place
// before, during and now, and what was left behind. Hosts with nothing to tell are counted in a big fleet, not listed.
import { type ActionState, isChange } from '../model/state.ts';
import { type Column, table, wrapped } from '../text/fit.ts';
import { durationText } from '../text/duration.ts';
import { clockText } from '../text/moment.ts';
import { visible } from '../text/visible.ts';
import { actionsOf, countsText, hostStates, type HostState, isBad } from './host-state.ts';
import { leftClosedLines } from './left-closed.ts';
import type { Script } from './script.ts';
import type { Story } from './story.ts';
import { beforeText, nowText, seenAt, type Trail } from './zone-trails.ts';

export interface SummaryOptions {
  readonly columns: number;
  readonly timeZone: string;
}

/** With more hosts than this, those that are simply done become one line. */
const HOSTS_LISTED = 40;
const ZONES_LISTED = 60;
const DRIFT_LISTED = 20;
/** Narrower than this, where a zone was in between and when it was seen are left out. */
const WIDE = 56;
const ONLY_WIDE: readonly number[] = [2, 4];

function headline(story: Story, states: readonly HostState[]): string {
  const { run, ended, check } = story.state;
  const after = story.startedAt === null ? '' : ` after ${durationText((story.endedAt ?? story.at) - story.startedAt)}`;
  const verdict = ended === null ? 'is not over' : `ended ${ended.verdict}`;
  return `Run ${run ?? ''}${check ? ' (--check)' : ''} ${verdict}${after}: ${countsText(states)}`;
}

/** The newest thing that was changed on a host, for hosts that need no reason. */
function lastChange(story: Story, script: Script, state: HostState): string {
  const changed = actionsOf(story.state, story.state.lanes.get(state.host)).filter(
    action => action.ended !== null && isChange(action.ended),
  );
  if (changed.length === 0) return '';
  const names = [...new Set(changed.map(action => script.nameOf(action.action.id)))];
  const newest = names.at(-1) ?? '';
  return names.length === 1 ? newest : `${newest}, the last of ${names.length} changes`;
}

function hostTable(story: Story, script: Script, states: readonly HostState[], columns: number): readonly string[] {
  const rows = states.map(state => [
    state.host,
    state.word,
    state.total === 0 ? '' : `${state.behind}/${state.total}`,
    state.firstAt === null || state.lastAt === null ? '' : durationText(state.lastAt - state.firstAt),
    state.why === '' ? lastChange(story, script, state) : state.why,
  ]);
  const titles = [
    { title: 'HOST', least: 12 },
    { title: 'STATE' },
    { title: 'TASKS', side: 'right' },
    { title: 'TIME', side: 'right' },
    { title: 'WHAT', least: 16, wraps: true },
  ] as const;
  return table(titles, rows, columns);
}

function hostLines(story: Story, script: Script, states: readonly HostState[], columns: number): readonly string[] {
  if (states.length <= HOSTS_LISTED) return hostTable(story, script, states, columns);
  const telling = states.filter(
    state => isBad(state.word) || !['done', 'unchanged', 'not started'].includes(state.word),
  );
  const quiet = states.filter(state => !telling.includes(state));
  const rest = quiet.length === 0 ? [] : [`${telling.length === 0 ? '' : 'and '}${countsText(quiet)}`];
  return [...(telling.length === 0 ? [] : hostTable(story, script, telling, columns)), ...rest];
}

function zoneRow(trail: Trail, timeZone: string): readonly string[] {
  const at = seenAt(trail);
  return [
    trail.zone,
    visible(beforeText(trail)),
    trail.during.join(', '),
    visible(nowText(trail)),
    at === null ? '' : clockText(at, timeZone),
  ];
}

function zoneLines(story: Story, look: SummaryOptions): readonly string[] {
  const moved = story.zones.moved();
  if (moved.length === 0) return [];
  const { columns, timeZone } = look;
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'BEFORE', least: 10, wraps: true },
    { title: 'DURING', least: 8, wraps: true },
    { title: 'NOW', least: 10, wraps: true },
    { title: 'SEEN' },
  ] as const;
  const kept = <T>(list: readonly T[]): readonly T[] =>
    list.filter((_, at) => columns >= WIDE || !ONLY_WIDE.includes(at));
  const rows = moved.slice(0, ZONES_LISTED).map(trail => kept(zoneRow(trail, timeZone)));
  const more = moved.length - rows.length;
  return ['', ...table(kept<Column>(titles), rows, columns), ...(more > 0 ? [`and ${more} more zones`] : [])];
}

/** What a rollback could not, or need not, put back. */
function leftBehind(story: Story, script: Script): readonly string[] {
  return script.hosts.flatMap(host => {
    const lane = story.state.lanes.get(host);
    if (lane?.turned?.towards !== 'rollback') return [];
    return actionsOf(story.state, lane).flatMap(action => {
      const why = leftBy(action);
      return why === '' ? [] : [`${host}: ${script.nameOf(action.action.id)}: ${visible(why)}`];
    });
  });
}

/** Known before it acted, or seen on the way back: there something lay that others had changed. */
function leftBy(action: ActionState): string {
  if (action.is === 'undone') return action.why;
  const { undo, ended } = action;
  return (undo.is === 'left' || undo.is === 'barrier') && ended?.outcome !== 'unchanged' ? undo.why : '';
}

/** A later wave is planned anew from fresh facts: whoever approved the plan reads here what became of it. */
function driftLines({ differs }: Story, columns: number): readonly string[] {
  if (differs.length === 0) return [];
  const more = differs.length - DRIFT_LISTED;
  const told = differs.slice(0, DRIFT_LISTED).flatMap(text => wrapped(text, columns));
  return ['', 'Not as in the plan that was approved:', ...told, ...(more > 0 ? [`and ${more} more`] : [])];
}

/** Why the run stopped, where it is no host's own reason: what it waits for, and how it goes on. */
function ownReason({ state: { ended, lanes, operator } }: Story, columns: number): readonly string[] {
  if (ended?.verdict !== 'stopped' || ended.why === '' || operator !== null) return [];
  const ofLane = lanes.values().some(({ turned }) => turned !== null && ended.why.endsWith(turned.why));
  return ofLane ? [] : wrapped(visible(ended.why), columns);
}

/** Lines without their ends. */
export function summaryLines(story: Story, script: Script, options: SummaryOptions): readonly string[] {
  const states = hostStates(story, script);
  const left = leftBehind(story, script).flatMap(text =>
    wrapped(text, options.columns - 2).map((line, at) => `${at === 0 ? '' : '  '}${line}`),
  );
  const noted = story.notes.flatMap(({ level, text }) => (level === 'warning' ? [text] : []));
  const warnings = [...noted, ...leftClosedLines(story, script).map(visible)].map(text => `warning: ${text}`);
  return [
    ...wrapped(headline(story, states), options.columns),
    ...ownReason(story, options.columns),
    '',
    ...hostLines(story, script, states, options.columns),
    ...zoneLines(story, options),
    ...driftLines(story, options.columns),
    ...(left.length === 0 ? [] : ['', 'Not put back:', ...left]),
    ...(warnings.length === 0 ? [] : ['', ...warnings.flatMap(text => wrapped(text, options.columns))]),
  ];
}

export function summaryText(story: Story, script: Script, options: SummaryOptions): string {
  return `${summaryLines(story, script, options).join('\n')}\n`;
}
