// What a live view shows of a run, bounded by the screen: totals, the hosts that run or went wrong as far as they fit,
// zones in flight, the last words of a host. Never one row for each host of a big fleet. Rows are data with text in it;
// drawing them is for a renderer.
import { type ActionId, actionId, type HostName } from '../model/ids.ts';
import type { ActionState } from '../model/state.ts';
import { clipped, padded, wrapped } from '../text/fit.ts';
import { durationText } from '../text/duration.ts';
import { elapsedText } from '../text/moment.ts';
import { widthOf } from '../text/width.ts';
import { countsText, type HostState, hostStates, type HostWord, isBad } from './host-state.ts';
import type { Script } from './script.ts';
import type { Progress, Story } from './story.ts';

export interface Screen {
  readonly columns: number;
  readonly lines: number;
}

export interface Row {
  readonly kind: 'wave' | 'host' | 'zone' | 'more';
  /** Decides the mark in front of it. */
  readonly mood: 'running' | 'good' | 'bad' | 'waiting';
  readonly text: string;
}

export interface Rows {
  readonly title: string;
  readonly rows: readonly Row[];
  /** The newest words of any host; empty when there are none. */
  readonly words: string;
}

/** Title, words, and a line for a question or the prompt. */
const LINES_TAKEN = 4;
/** Zones begin and end: their rows must not make those of the waves jump at once. */
const SPARE = 5;
/** Marks and indentation of a renderer. */
const COLUMNS_TAKEN = 4;
const NAME_MOST = 24;
const LEAST_OF_NAME = 8;
/** A wave of no more hosts than this names them. */
const FEW_HOSTS = 2;

const ORDER: readonly HostWord[] = [
  'stuck',
  'held',
  'failed',
  'going back',
  'unreachable',
  'refused',
  'running',
  'rolled-back',
  'stopped',
];

interface Shown {
  readonly story: Story;
  readonly script: Script;
  readonly now: number;
  readonly columns: number;
  readonly nameWidth: number;
}

function underWay(story: Story, host: HostName): readonly ActionState[] {
  const lane = story.state.lanes.get(host);
  return (lane?.actions.values() ?? []).flatMap(id => {
    const action = story.state.actions.get(id);
    return action && (action.is === 'started' || action.is === 'undoing') ? [action] : [];
  });
}

function sinceOf(story: Story, id: ActionId): number | null {
  const tale = story.actions.get(id);
  return tale?.undoStartedAt ?? tale?.startedAt ?? null;
}

function progressText({ text, done, total }: Progress): string {
  return done === null || total === null || total === 0 ? text : `${Math.floor((100 * done) / total)}% ${text}`;
}

/** A long name gives way before the time does. */
function within(columns: number, name: string, rest: readonly string[]): string {
  const taken = rest.reduce((sum, text) => sum + 2 + widthOf(text), 0);
  return [clipped(name, Math.max(LEAST_OF_NAME, columns - taken)), ...rest].join('  ');
}

function doing({ story, script, now }: Shown, action: ActionState, columns: number): string {
  const { id } = action.action;
  const since = sinceOf(story, id);
  const general = story.actions.get(id)?.progress.get('');
  const name = action.is === 'undoing' ? `undo of ${script.nameOf(id)}` : script.nameOf(id);
  return within(columns, name, [
    ...(general ? [progressText(general)] : []),
    ...(since === null ? [] : [elapsedText(now - since)]),
  ]);
}

/** Nothing is being changed: it looks at what comes next (a gate, a check), or waits for the other hosts of its wave. */
function lookingAt({ story, script, now }: Shown, state: HostState, columns: number): string {
  const { host, next, word, lastAt } = state;
  if (next === null || word !== 'running') return word;
  const id = actionId(next, null, { is: 'host', host });
  const told = story.actions.get(id)?.progress.get('');
  const name = script.nameOf(id);
  return within(columns, told === undefined ? `next: ${name}` : name, [
    ...(told === undefined ? [] : [progressText(told)]),
    ...(lastAt === null ? [] : [elapsedText(now - lastAt)]),
  ]);
}

function hostRows(shown: Shown, state: HostState): readonly Row[] {
  const { story, columns, nameWidth } = shown;
  const name = padded(clipped(state.host, nameWidth), nameWidth);
  const actions = underWay(story, state.host);
  const steps = state.total === 0 ? '' : `${state.behind}/${state.total}  `;
  const room = columns - nameWidth - 2 - steps.length;
  const each = actions.length === 1 ? room : columns;
  const what = isBad(state.word)
    ? [state.word, state.why].filter(text => text !== '').join(': ')
    : `${steps}${actions.map(action => doing(shown, action, each)).join(', ') || lookingAt(shown, state, room)}`;
  const zones = actions.flatMap(action => [...(story.actions.get(action.action.id)?.progress.values() ?? [])]);
  return [
    { kind: 'host', mood: isBad(state.word) ? 'bad' : 'running', text: clipped(`${name}  ${what}`, columns) },
    ...zones.flatMap((progress): readonly Row[] =>
      progress.zone === null
        ? []
        : [{ kind: 'zone', mood: 'running', text: clipped(`  ${progress.zone}  ${progressText(progress)}`, columns) }],
    ),
  ];
}

function waveRow(states: ReadonlyMap<HostName, HostState>, hosts: readonly HostName[], title: string): Row {
  const own = hosts.flatMap(host => states.get(host) ?? []);
  const bad = own.some(state => isBad(state.word));
  const over = own.every(state => isBad(state.word) || ['done', 'unchanged'].includes(state.word));
  const idle = own.every(state => state.word === 'waiting');
  const mood = bad ? 'bad' : over ? 'good' : idle ? 'waiting' : 'running';
  const what = own.length > FEW_HOSTS ? countsText(own) : own.map(wordAndTime).join(', ');
  return { kind: 'wave', mood, text: `${title}: ${what}` };
}

function wordAndTime({ host, word, firstAt, lastAt }: HostState): string {
  const isOver = word === 'done' && firstAt !== null && lastAt !== null;
  return `${host} ${word}${isOver ? ` in ${durationText(lastAt - firstAt)}` : ''}`;
}

/** Of many waves only those matter that are under way or went wrong; the others are one line. */
function waveRows(script: Script, states: ReadonlyMap<HostName, HostState>, most: number): readonly Row[] {
  const all = script.waves.map(wave => waveRow(states, wave.hosts, wave.title));
  if (all.length <= most) return all;
  const busy = all.filter(row => row.mood === 'running' || row.mood === 'bad').slice(0, most - 1);
  const [good, waiting] = [
    all.filter(row => row.mood === 'good').length,
    all.filter(row => row.mood === 'waiting').length,
  ];
  return [...busy, { kind: 'more', mood: 'waiting', text: `${all.length} waves: ${good} done, ${waiting} waiting` }];
}

function fitted(blocks: readonly (readonly Row[])[], lines: number): readonly Row[] {
  const rows: Row[] = [];
  for (const [at, block] of blocks.entries()) {
    const left = blocks.length - at;
    // The last line is kept for the count of those that don't fit.
    const room = lines - rows.length - (left > 1 ? 1 : 0);
    if (room < 1) return [...rows, { kind: 'more', mood: 'waiting', text: `and ${left} more hosts` }];
    rows.push(...block.slice(0, room));
  }
  return rows;
}

/** Words of what is over say nothing about now. */
function wordsOf({ state, lastWords }: Story, columns: number): string {
  if (lastWords === null) return '';
  const is = state.actions.get(lastWords.action)?.is;
  return is === 'started' || is === 'undoing' ? clipped(`${lastWords.on} | ${lastWords.text}`, columns) : '';
}

/** A view hides what is written beside it, so that a Ctrl-C was heard, and what the next one does, stands in it. */
const HEARD = {
  stop: 'stopping: what runs comes to its end. Ctrl-C again rolls back',
  rollback: 'rolling back what is on its way. Ctrl-C again stops at once',
  rollback_all: 'rolling back every host of the run. Ctrl-C stops at once',
  now: 'stopping at once. Nothing on the hosts is killed',
} as const;

function heardRows({ state }: Story, columns: number): readonly Row[] {
  if (state.operator === null) return [];
  return wrapped(HEARD[state.operator], columns).map(text => ({ kind: 'more', mood: 'bad', text }));
}

/** @param now epoch milliseconds, for the time that passed. */
export function rowsOf(story: Story, script: Script, screen: Screen, now: number): Rows {
  const columns = Math.max(20, screen.columns - COLUMNS_TAKEN);
  const heard = heardRows(story, columns);
  const lines = Math.max(3, screen.lines - LINES_TAKEN - heard.length);
  const states = hostStates(story, script);
  const byHost = new Map(states.map(state => [state.host, state]));
  const showing = states
    .filter(state => ORDER.includes(state.word))
    .sort((a, b) => ORDER.indexOf(a.word) - ORDER.indexOf(b.word));
  const nameWidth = Math.min(NAME_MOST, Math.max(0, ...showing.slice(0, lines).map(state => widthOf(state.host))));
  const shown: Shown = { story, script, now, columns, nameWidth };
  // Rows are made only for hosts that can fit: a big fleet must cost no more than the screen.
  const blocks = showing.slice(0, lines).map(state => hostRows(shown, state));
  const needed = blocks.reduce((sum, block) => sum + block.length, 0);
  const waves = waveRows(script, byHost, Math.max(2, Math.floor(lines / 3), lines - needed - SPARE));
  const missing = showing.length - blocks.length;
  const hidden = Array.from({ length: missing }, (): readonly Row[] => []);
  const elapsed = story.startedAt === null ? [] : [elapsedText((story.endedAt ?? now) - story.startedAt)];
  return {
    title: within(columns, `run ${story.state.run ?? 'begins'}  ${countsText(states)}`, elapsed),
    rows: [
      ...[...heard, ...waves].map(row => ({ ...row, text: clipped(row.text, columns) })),
      ...fitted([...blocks, ...hidden], lines - waves.length),
    ],
    words: wordsOf(story, columns),
  };
}
