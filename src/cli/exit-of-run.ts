// With which status a run ends: by its verdict, and by whether anything was touched at all. What each status means stands in
// exit.ts.
import type { Verdict } from '../model/action.ts';
import { presentWave, type RunState } from '../model/state.ts';
import { EXIT, type Exit, exitOf } from './exit.ts';

/** Stopped before the first effect has statuses of its own: a refusal of the hosts, or the operator's wish. */
export function exitOfRun(state: RunState, verdict: Verdict): Exit {
  const untouched = !state.actions
    .values()
    .some(action => action.is !== 'ended' || action.ended.outcome === 'changed' || action.undo.is !== 'nothing');
  if (!untouched) return exitOf(verdict);
  if (verdict !== 'stopped') return onlySilent(state) ? EXIT.refused : exitOf(verdict);
  if (state.operator !== null) return EXIT.interrupted;
  return isBetweenWaves(state) ? EXIT.stopped : EXIT.refused;
}

/** Nobody was refused, the wave was carried out and had nothing to do, and the next one waits for a person's yes. */
const isBetweenWaves = (state: RunState): boolean =>
  (presentWave(state)?.plan ?? null) !== null && state.turned.length === 0;

/** Nobody found a fault: what failed is that a host gave no answer, its own or one that it needs. */
function onlySilent(state: RunState): boolean {
  const lanes = state.lanes.values().filter(({ turned }) => turned !== null);
  const failed = state.actions.values().filter(({ ended }) => ended?.outcome === 'failed');
  const silent = Object.values(state.waves).some(wave => Object.keys(wave.silent).length > 0);
  return (
    state.operator === null &&
    lanes.every(({ turned }) => turned?.towards !== 'stuck') &&
    failed.every(({ ended }) => ended?.result.unreachable === true || ended?.result.refused === true) &&
    (silent || failed.length > 0)
  );
}

/** Under `--check`. */
export function wouldChange(state: RunState): boolean {
  return state.actions.values().some(action => action.ended?.outcome === 'would-change');
}
