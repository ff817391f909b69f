// The order in which a lane goes back, from what the journal holds: newest start first, except that an action waits for
// those named in its undoAfter, and nothing behind the newest barrier is touched. Pure.
import { isAfterRollback, laneName } from '../model/ids.ts';
import type { ActionState, LaneState, RunState } from '../model/state.ts';

export type Chain =
  | { readonly is: 'next'; readonly action: ActionState }
  /** Everything above it is undone; what came before must not be. */
  | { readonly is: 'barrier'; readonly action: ActionState; readonly why: string }
  | { readonly is: 'stuck'; readonly action: ActionState; readonly why: string }
  | { readonly is: 'clear' };

function actionsOf(state: RunState, lane: LaneState): readonly ActionState[] {
  return lane.actions
    .values()
    .flatMap(id => state.actions.get(id) ?? [])
    .filter(action => !isAfterRollback(action.action.task))
    .toSorted((a, b) => b.seq - a.seq);
}

export function barrierOf(state: RunState, lane: LaneState): ActionState | null {
  return actionsOf(state, lane).find(action => action.undo.is === 'barrier') ?? null;
}

/** What would still have to be put back, newest first: down to the newest barrier. */
export function owed(state: RunState, lane: LaneState): readonly ActionState[] {
  const actions = actionsOf(state, lane);
  const barrier = actions.findIndex(action => action.undo.is === 'barrier');
  return (barrier < 0 ? actions : actions.slice(0, barrier)).filter(
    action => action.undo.is === 'steps' && action.is !== 'undone',
  );
}

export function chainOf(state: RunState, lane: LaneState): Chain {
  const left = owed(state, lane);
  const turnedAt = lane.turned?.seq ?? 0;
  for (const action of left)
    if (action.is === 'stuck' && action.since > turnedAt) return { is: 'stuck', action, why: action.why };
  const waiting = new Set(left.map(action => action.action.id));
  const next = left.find(action => !action.undoAfter.some(id => waiting.has(id)));
  if (next) return { is: 'next', action: next };
  if (left.length > 0) throw new Error(`the undos of ${laneName(lane.lane)} wait for one another`);
  const barrier = barrierOf(state, lane);
  if (barrier?.undo.is === 'barrier') return { is: 'barrier', action: barrier, why: barrier.undo.why };
  return { is: 'clear' };
}

/**
 * Which lanes may undo now: the waves one after another, newest first; and before and
 * after what was done once for all, no host's undo may slip past it. A lane counts by its newest action, so that the
 * newest lane is never held up.
 */
export function laneOrder(state: RunState, lanes: readonly LaneState[]): readonly LaneState[] {
  const waves = Object.values(state.waves);
  const heads = lanes.flatMap(lane => {
    const seq = Math.max(0, ...owed(state, lane).map(action => action.seq));
    if (seq === 0) return [];
    return [{ lane, seq, wave: waves.filter(wave => wave.seq < seq).length, alone: lane.lane.is !== 'host' }];
  });
  const newest = Math.max(0, ...heads.map(head => head.seq));
  const newestAlone = Math.max(0, ...heads.filter(head => head.alone).map(head => head.seq));
  const lastWave = Math.max(0, ...heads.map(head => head.wave));
  const free = heads.filter(
    head => head.seq === newest || (!head.alone && head.seq > newestAlone && head.wave === lastWave),
  );
  const idle = lanes.filter(lane => !heads.some(head => head.lane === lane));
  return [...free.map(head => head.lane), ...idle];
}
