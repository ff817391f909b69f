// The page for the person who is called at night: what and since when, who is hurt, where each zone is and when that
// was looked up, what was tried, what the host said, the commands that remain, and what not to do. At most 20 lines of
// 100 columns; in a narrower terminal it takes more lines. It says only what the journal knows; a sighting
// carries its time.
import { isDangerous } from '../model/danger.ts';
import { type HostName, laneName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { ActionState } from '../model/state.ts';
import { durationText } from '../text/duration.ts';
import { clipped, counted, padded, wrapped } from '../text/fit.ts';
import { clockText, momentText, secondsText } from '../text/moment.ts';
import { visible } from '../text/visible.ts';
import { widthOf } from '../text/width.ts';
import { actionsOf, countsText, hostStates } from './host-state.ts';
import { nextSteps } from './stuck-advice.ts';
import type { Script } from './script.ts';
import type { Story } from './story.ts';
import { isUp, placesOf, seenAt, type Trail } from './zone-trails.ts';

const WIDEST = 100;
const LINES = 20;
const LINES_NARROW = 40;
const LABEL = 7;
const SAID_LEAST = 2;
const WHY_LEAST = 2;
const MORE = ' (more: show)';

export interface Trouble {
  readonly story: Story;
  readonly script: Script;
  readonly plan: Plan;
  readonly host: HostName;
  readonly timeZone: string;
  /** At most `WIDEST`. */
  readonly columns: number;
  /** What it hangs at; null when no action of the host is known to be in doubt. */
  readonly action: ActionState | null;
}

/** What went wrong last and isn't settled; a failed one only when nothing is worse. */
function inDoubt(actions: readonly ActionState[]): ActionState | null {
  const newest = (wanted: (action: ActionState) => boolean): ActionState | undefined => actions.findLast(wanted);
  return (
    newest(one => one.is === 'stuck' || one.is === 'undoing') ??
    newest(one => one.is === 'started' || one.ended?.outcome === 'unknown') ??
    newest(one => one.ended?.outcome === 'failed') ??
    null
  );
}

function names(trails: readonly Trail[]): string {
  return trails.map(trail => trail.zone).join(' ');
}

/** Zones of this host by where they were last seen, with the time of the oldest of those looks. */
function usersLines({ story, host, timeZone }: Trouble): readonly string[] {
  const trails = story.zones.of(host).filter(trail => trail.before !== null && isUp(trail.before.state));
  if (trails.length === 0) return ['no zone of it was running before'];
  const groups = new Map<string, Trail[]>();
  for (const trail of trails) {
    const places = placesOf(trail);
    const key = places.map(place => `${isUp(place.state) ? 'running' : place.state} on ${place.host}`).join(' AND ');
    const group = groups.get(key) ?? [];
    group.push(trail);
    groups.set(key, group);
  }
  return [...groups].map(([place, group]) => {
    const looked = group.flatMap(trail => seenAt(trail) ?? []);
    const when = looked.length === 0 ? '' : ` (looked ${clockText(Math.min(...looked), timeZone)})`;
    const away = !place.endsWith(` on ${host}`);
    const doubt = away || place === '' ? '' : place.startsWith('running') ? ': down with it if it is down' : ': down';
    return place === '' ? `${names(group)}: not seen anywhere` : `${names(group)}: ${place}${when}${doubt}`;
  });
}

function triedLines({ story, script, action, timeZone }: Trouble): readonly string[] {
  if (action === null) return ['nothing on this host is under way'];
  const tale = story.actions.get(action.action.id);
  const started = tale?.undoStartedAt ?? tale?.startedAt ?? null;
  const what =
    action.is === 'undoing' || action.is === 'stuck'
      ? `undo of ${script.nameOf(action.action.id)}`
      : script.nameOf(action.action.id);
  const parts = [
    started === null ? `${what}: not begun, nothing was changed by it` : `${what} at ${secondsText(started, timeZone)}`,
    ...(action.attempts.length > 1 ? [`${action.attempts.length} attempts`] : []),
    ...(tale && tale.looks > 0 ? [`${counted(tale.looks, 'look')} since`] : []),
  ];
  return [parts.join('; ')];
}

function saidLines({ story, action, columns }: Trouble): {
  readonly title: readonly string[];
  readonly lines: readonly string[];
} {
  const words = action === null ? [] : (story.actions.get(action.action.id)?.words ?? []);
  const dangerous = words.some(isDangerous);
  const title = dangerous
    ? "Host said (its advice is WRONG here: it can destroy a zone that runs elsewhere. DON'T follow it):"
    : 'Host said (words of the host, as is):';
  return { title: wrapped(title, columns), lines: words.map(word => clipped(`  | ${word}`, columns)) };
}

function labelled(label: string, lines: readonly string[], columns: number): readonly string[] {
  return lines
    .flatMap(line => wrapped(visible(line), columns - LABEL))
    .map((line, at) => `${padded(at === 0 ? `${label}:` : '', LABEL)}${line}`);
}

function headline(trouble: Trouble): readonly string[] {
  const { story, script, host, action, timeZone, columns } = trouble;
  const place = action === null ? '' : script.placeOf(action.action.id);
  const at = action === null ? '' : `  ${action.action.step}${place === '' ? '' : ` (${place})`}`;
  const left = `STUCK  run ${story.state.run ?? ''}  host ${visible(host)}${at}`;
  const tale = action === null ? undefined : story.actions.get(action.action.id);
  const since = tale?.undoStartedAt ?? tale?.startedAt ?? null;
  const right = `${momentText(story.at, timeZone)}${since === null ? '' : `, for ${durationText(story.at - since)}`}`;
  const between = columns - widthOf(left) - widthOf(right);
  if (between < 2 && columns < WIDEST) return [left, right].flatMap(line => wrapped(line, columns));
  return [clipped(`${left}${' '.repeat(Math.max(2, between))}${right}`, columns)];
}

function whyOf({ story, action, host }: Trouble): string {
  const turned = story.state.lanes.get(host)?.turned?.why ?? '';
  const ended = action?.is === 'stuck' ? action.why : (action?.ended?.why ?? '');
  return [...new Set([ended, turned])].filter(text => text !== '').join('; ') || 'the journal says no more';
}

/** Steps that begin with blanks belong to the one before. On a whole page the end of a step is for the eye only. */
function numbered(steps: readonly string[], columns: number): readonly string[] {
  let n = 0;
  return steps.flatMap(step => {
    const head = step.startsWith(' ') ? '    ' : ` ${(n += 1)}  `;
    const text = visible(step.trimStart());
    if (columns === WIDEST) return [clipped(`${head}${text}`, columns)];
    return wrapped(text, columns - head.length).map((line, at) => `${at === 0 ? head : '    '}${line}`);
  });
}

/** One page, lines without their ends. The host's words give way first, then the reason, then the list of zones. */
function pageOf(trouble: Trouble): readonly string[] {
  const { story, script, columns } = trouble;
  const advice = nextSteps(trouble);
  const states = hostStates(story, script);
  const users = labelled('Users', usersLines(trouble), columns);
  const run = labelled(
    'Run',
    [`${countsText(states)}${story.state.ended === null ? '' : '; nothing new starts'}`],
    columns,
  );
  const why = labelled('Why', [whyOf(trouble)], columns);
  const tried = labelled('Tried', triedLines(trouble), columns);
  const next = ['Next', ...numbered(advice.next, columns)];
  const tail = [
    ...labelled("Don't", [advice.dont], columns),
    ...labelled('Log', [`${advice.log}     Hand over:  zoneferry show ${story.state.run ?? ''}`], columns),
  ];
  const said = saidLines(trouble);
  const head = headline(trouble);
  const most = (columns < WIDEST ? LINES_NARROW : LINES) - head.length;
  const room =
    most - users.length - run.length - why.length - tried.length - next.length - tail.length - said.title.length;
  const kept = said.lines.slice(-Math.max(SAID_LEAST, room));
  const words = kept.length === 0 ? [] : [...said.title, ...kept];
  const rest = [...run, ...tried, ...words, ...next, ...tail];
  const shortWhy = shortened(why, Math.max(WHY_LEAST, most - users.length - rest.length), columns);
  const shortUsers = shortened(users, Math.max(1, most - shortWhy.length - rest.length), columns);
  return [...head, ...shortUsers, ...run, ...shortWhy, ...tried, ...words, ...next, ...tail];
}

/** Long lists at the head are cut, never the commands. */
function shortened(lines: readonly string[], room: number, columns: number): readonly string[] {
  if (lines.length <= room) return lines;
  const last = lines[room - 1] ?? '';
  return [...lines.slice(0, room - 1), `${clipped(last, columns - MORE.length)}${MORE}`];
}

/** A page for each host that needs a person, in the order of the plan. Empty when nobody is needed. */
export function stuckPages(
  story: Story,
  plan: Plan,
  script: Script,
  look: { readonly columns: number; readonly timeZone: string },
): readonly string[] {
  // Only who turned can be stuck, and mostly nobody did.
  if (story.state.turned.length === 0) return [];
  const columns = Math.min(WIDEST, look.columns);
  const stuck = hostStates(story, script).filter(state => state.word === 'stuck' || state.word === 'held');
  return stuck.map(({ host }) => {
    const lane = story.state.lanes.get(laneName({ is: 'host', host }));
    const action = inDoubt(actionsOf(story.state, lane));
    return `${pageOf({ story, script, plan, host, timeZone: look.timeZone, columns, action }).join('\n')}\n`;
  });
}
