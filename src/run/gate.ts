// Whether a move may still begin: asked once more when its turn comes and right before its first change, since others
// failed or an operator spoke in between.
import { isAfterRollback, laneName } from '../model/ids.ts';
import { playOf } from '../model/plan.ts';
import { presentWave, type RunState } from '../model/state.ts';
import { reins } from './failure.ts';
import type { Charge, Move } from './next.ts';

export function mayStart(charge: Pick<Charge, 'plan'>, state: RunState, move: Move): boolean {
  if (state.ended !== null || state.operator === 'now') return false;
  if (move.is === 'observe' || move.is === 'ask') return state.operator === null;
  const lane = state.lanes.get(laneName(move.lane));
  const back = lane?.turned?.towards === 'rollback';
  if (move.is === 'undo' || isAfterRollback(move.action.task)) return back;
  // What runs once for all is looked at for hosts that go back, though its own lane doesn't.
  if (move.lookOnly) return back || (move.lane.is !== 'host' && lane?.turned === null);
  if (lane?.turned) return false;
  // It had begun before a crash: what became of it must be seen, whatever else happened.
  if (move.resumed) return true;
  const wave = presentWave(state);
  if (!wave) return false;
  const held = reins({ state, wave, play: playOf(charge.plan, wave.wave), walked: new Map() });
  return held === 'all' || (held === 'begun' && (lane !== undefined || move.lane.is !== 'host'));
}
