// What a host's state is called, for people: one word of a closed list, with the reason. Judged from the run's state
// alone, so that an old journal says the same as the live view did.
import type { HostName, TaskId } from '../model/ids.ts';
import { type ActionState, isChange, type LaneState, type RunState } from '../model/state.ts';
import { never } from '../text/never.ts';
import { visible } from '../text/visible.ts';
import { type Script, taskOf } from './script.ts';
import type { Story } from './story.ts';

export type HostWord =
  | 'waiting'
  | 'running'
  | 'going back'
  | 'done'
  | 'unchanged'
  | 'rolled-back'
  | 'failed'
  | 'refused'
  | 'unreachable'
  | 'held'
  | 'stuck'
  | 'stopped'
  | 'not started';

export interface HostState {
  readonly host: HostName;
  readonly word: HostWord;
  readonly why: string;
  /** Expected tasks that are behind it, of how many. */
  readonly behind: number;
  readonly total: number;
  /** The first expected task that isn't behind it, null when all are. */
  readonly next: TaskId | null;
  /** Its first and last event, null when it has none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

/** Words that a person must look at. */
const BAD: readonly HostWord[] = ['failed', 'refused', 'unreachable', 'held', 'stuck', 'rolled-back', 'stopped'];

export const isBad = (word: HostWord): boolean => BAD.includes(word);

export function actionsOf(state: RunState, lane: LaneState | undefined): readonly ActionState[] {
  return (lane?.actions.values() ?? []).flatMap(id => state.actions.get(id) ?? []);
}

/** A task lies behind when it was skipped, or a block around it was, or it began; the others are ahead. */
function ahead(lane: LaneState | undefined, tasks: readonly TaskId[]): readonly TaskId[] {
  if (lane === undefined) return tasks;
  const begun = new Set<string>(lane.actions.values().map(taskOf));
  const skipped = (task: string): boolean => {
    for (let id = task; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf('.'))))
      if (Object.hasOwn(lane.skipped, id)) return true;
    return false;
  };
  return tasks.filter(task => !begun.has(task) && !skipped(task));
}

const owesUndo = (action: ActionState): boolean =>
  action.undo.is === 'steps' &&
  (action.is === 'started' || (action.is === 'ended' && action.ended.outcome !== 'unchanged'));

interface Seen {
  readonly word: HostWord;
  readonly why: string;
}

function turnedWord(turned: NonNullable<LaneState['turned']>, actions: readonly ActionState[]): Seen {
  const { towards, why } = turned;
  switch (towards) {
    case 'rollback': {
      const stuck = actions.find(action => action.is === 'stuck');
      if (stuck?.is === 'stuck') return { word: 'stuck', why: stuck.why };
      const waiting = actions.some(action => action.is === 'undoing' || owesUndo(action));
      return { word: waiting ? 'going back' : 'rolled-back', why };
    }
    case 'hold':
      return { word: 'held', why };
    case 'stop':
    case 'continue':
      return { word: 'failed', why };
    case 'refused':
    case 'stuck':
      return { word: towards, why };
    default:
      return never(towards);
  }
}

function wordOf(state: RunState, host: HostName, counts: { readonly behind: number; readonly total: number }): Seen {
  const silent = Object.values(state.waves).flatMap(wave => wave.silent[host] ?? [])[0];
  const lane = state.lanes.get(host);
  const actions = actionsOf(state, lane);
  if (lane?.turned) return turnedWord(lane.turned, actions);
  if (silent !== undefined) return { word: 'unreachable', why: silent };
  const begun = lane !== undefined && lane.touched > 0;
  if (state.ended === null) {
    if (begun)
      return {
        word: counts.behind >= counts.total && !actions.some(one => one.is === 'started') ? 'done' : 'running',
        why: '',
      };
    return { word: 'waiting', why: '' };
  }
  const called = actions.some(({ ended }) => ended !== null && isChange(ended));
  if (!begun && !called) return { word: state.ended.verdict === 'done' ? 'unchanged' : 'not started', why: '' };
  if (state.ended.verdict !== 'done' && counts.behind < counts.total) return { word: 'stopped', why: state.ended.why };
  const changed = actions.some(action => action.ended !== null && action.ended.outcome !== 'unchanged');
  return { word: changed || called ? 'done' : 'unchanged', why: '' };
}

export function hostState(story: Story, script: Script, host: HostName): HostState {
  const tasks = script.tasksOf(host);
  const left = ahead(story.state.lanes.get(host), tasks);
  const counts = { behind: tasks.length - left.length, total: tasks.length };
  const { word, why } = wordOf(story.state, host, counts);
  const tale = story.lanes.get(host);
  const times = { firstAt: tale?.firstAt ?? null, lastAt: tale?.lastAt ?? null };
  return { host, word, why: visible(why), ...counts, next: left[0] ?? null, ...times };
}

/** All of them, in the order of the waves; hosts that the run met and the plan didn't name come last. */
export function hostStates(story: Story, script: Script): readonly HostState[] {
  return script.hosts.map(host => hostState(story, script, host));
}

/** `11 done, 1 stuck, 48 not started`, in the order of the list above. */
export function countsText(states: readonly HostState[]): string {
  const counts = new Map<HostWord, number>();
  for (const { word } of states) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
