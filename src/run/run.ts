// A run from its start, from its journal after a crash, or back again after its end: three doors to the same loop.
import type { PastBarrier } from '../model/action.ts';
import type { Event } from '../model/event.ts';
import { promptsOf } from '../model/scope.ts';
import { empty, fold } from '../model/fold.ts';
import type { Journal } from '../model/ports.ts';
import type { RunState } from '../model/state.ts';
import { Loop, type Ran } from './loop.ts';
import type { RunPorts } from './ports.ts';
import { barrierOf, owed } from './undo-order.ts';

export async function runPlan(ports: RunPorts): Promise<Ran> {
  const { run, planDigest: plan, by, values } = ports;
  const { check } = ports.plan.options;
  const hidden = [...new Set(promptsOf(ports.plan).flatMap(one => (one.secret ? [one.name] : [])))];
  const started = await write(ports, empty, { type: 'run-started', run, plan, by, check, values, hidden });
  return new Loop(ports, started).run();
}

/**
 * Folds the journal and goes on where it breaks off. A run that is done or rolled back stays as it is; one whose
 * operator asked for the way back goes that way to its end, and begins no further host: only a new run does.
 */
export async function resumeRun(ports: RunPorts): Promise<Ran> {
  const state = await stateOf(ports);
  if (state.run === null) return runPlan(ports);
  if (state.ended?.verdict === 'done' || state.ended?.verdict === 'rolled-back') return { ...state.ended, state };
  const stopped = state.ended !== null || state.operator === 'stop' || state.operator === 'now';
  if (!stopped) return new Loop(ports, state).run();
  if (state.backAsked === null) return new Loop(ports, await say(ports, state, 'go-on')).run();
  const goingBack = await say(ports, state, 'go-back');
  return new Loop(ports, await write(ports, goingBack, { type: 'noted', level: 'note', text: ONLY_BACK })).run();
}

const ONLY_BACK = 'a rollback was asked: it is finished, and no further host begins; a new run does the rest';

export type WentBack =
  | (Ran & { readonly is: 'ran' })
  /** Not a chain of undos any more, but a plan of its own. */
  | { readonly is: 'past-barrier'; readonly barriers: readonly PastBarrier[] };

/** The chain of undos of a whole run, newest wave first. Nothing is touched when any host is past a barrier. */
export async function rollbackRun(ports: RunPorts): Promise<WentBack> {
  const state = await stateOf(ports);
  const barriers = state.lanes.values().flatMap(lane => {
    const barrier = barrierOf(state, lane);
    return barrier?.undo.is === 'barrier' ? [{ action: barrier.action, why: barrier.undo.why }] : [];
  });
  if (barriers.length > 0) return { is: 'past-barrier', barriers };
  const ended = state.ended
    ? state
    : await write(ports, state, { type: 'run-ended', verdict: 'stopped', why: 'it broke off' });
  const ran = await new Loop(ports, await say(ports, ended, 'rollback')).run();
  return { is: 'ran', ...ran };
}

/** What a rollback would undo, newest first: for showing before asking. */
export function owedBy(state: RunState) {
  return state.lanes
    .values()
    .flatMap(lane => owed(state, lane))
    .toSorted((a, b) => b.seq - a.seq);
}

async function readState(journal: Journal): Promise<RunState> {
  let state = empty;
  for await (const event of journal.read()) state = fold(state, event);
  return state;
}

async function stateOf(ports: RunPorts): Promise<RunState> {
  const state = await readState(ports.journal);
  if (state.planDigest !== null && state.planDigest !== ports.planDigest)
    throw new Error(`the journal of run ${ports.run} belongs to another plan`);
  return state;
}

function say(ports: RunPorts, state: RunState, word: 'go-on' | 'go-back' | 'rollback'): Promise<RunState> {
  return write(ports, state, { type: 'operator-said', word, who: ports.by, host: null });
}

async function write(ports: RunPorts, state: RunState, event: Event): Promise<RunState> {
  const next = fold(state, event);
  const stamped = await ports.journal.append(event);
  for (const subscriber of ports.subscribers) subscriber(stamped);
  return next;
}
