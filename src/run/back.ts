// The way back of the lanes that turned to rollback: the next undo of each, and at its end the handlers that are due
// because something was put back. Pure.
import type { Law } from '../model/event.ts';
import type { HostName } from '../model/ids.ts';
import { isAfterRollback, laneName } from '../model/ids.ts';
import type { TaskEntry } from '../model/program.ts';
import { presentWave, type LaneState, type RunState } from '../model/state.ts';
import { never } from '../text/never.ts';
import { examine } from './examine.ts';
import { turn, turnedLanes } from './failure.ts';
import { handlersOf } from './knowledge.ts';
import type { Charge, InFlight, Move } from './next.ts';
import { mapOf } from './program-map.ts';
import { chainOf, laneOrder } from './undo-order.ts';
import { walk, walkBack } from './walk.ts';
import type { Walked, Way } from './walked.ts';

export interface Steps {
  readonly events: readonly Law[];
  readonly moves: readonly Move[];
}

const NONE: Steps = { events: [], moves: [] };

export interface WayBack {
  readonly charge: Charge;
  readonly state: RunState;
  readonly inFlight: InFlight;
  /** The whole run goes back: one order over all lanes, and not before everything in flight has settled. */
  readonly all: boolean;
  readonly wayOf: (host: HostName) => Way;
}

export function goBack(back: WayBack): Steps {
  const { state, inFlight, all } = back;
  const lanes = turnedLanes(state)
    .filter(lane => lane.turned?.towards === 'rollback')
    .toSorted((a, b) => (laneName(a.lane) < laneName(b.lane) ? -1 : 1));
  if (all && [...inFlight.values()].some(move => move.is === 'apply' && !lanes.some(lane => isAfter(move, lane))))
    return NONE;
  if (lanes.length === 0) return NONE;
  const shared = cutForAll(back, lanes);
  if (shared !== null) return { events: [], moves: [shared] };
  // What is done once for all at this moment may go back with them, and then it is the newest.
  const open = state.lanes.values().some(lane => isCutForAll(state, lane) && inFlight.has(laneName(lane.lane)));
  if (open && state.operator === 'rollback') return NONE;
  const steps = laneOrder(state, lanes)
    .filter(lane => !inFlight.has(laneName(lane.lane)))
    .map(lane => stepBack(back, lane));
  return { events: steps.flatMap(step => step.events), moves: steps.flatMap(step => step.moves) };
}

/** A handler at the end of a rollback holds nobody up but its own lane. */
const isAfter = (move: Move, lane: LaneState): boolean =>
  move.is === 'apply' && isAfterRollback(move.action.task) && laneName(move.lane) === laneName(lane.lane);

function stepBack(back: WayBack, lane: LaneState): Steps {
  const cut = cutAction(back, lane);
  if (cut !== null) return { events: [], moves: [cut] };
  const chain = chainOf(back.state, lane);
  switch (chain.is) {
    case 'next': {
      const { action, undo, is } = chain.action;
      if (undo.is !== 'steps') throw new Error(`${action.id} has no undo`);
      const move: Move = { is: 'undo', lane: lane.lane, action, steps: undo.steps, resumed: is === 'undoing' };
      return { events: [], moves: [move] };
    }
    case 'barrier':
      return {
        events: [stuck(lane, `nothing before ${chain.action.action.id} may be undone: ${chain.why}`)],
        moves: [],
      };
    case 'stuck':
      return {
        events: [stuck(lane, `${chain.action.action.id} could not be undone: ${chain.why}`)],
        moves: [],
      };
    case 'clear':
      return lane.lane.is === 'host' ? handlersAfter(back, lane, lane.lane.host) : NONE;
    default:
      return never(chain);
  }
}

/** It began and has no end, since the run broke off: what became of it is looked at before anything is undone. */
function cutAction(back: WayBack, lane: LaneState): Move | null {
  const open = lane.actions.values().some(id => {
    const action = back.state.actions.get(id);
    return action?.is === 'started' && !isAfterRollback(action.action.task);
  });
  const wave = presentWave(back.state);
  if (!open || wave === null || lane.lane.is !== 'host') return null;
  const way = back.wayOf(lane.lane.host);
  const walked = walk(way);
  if (walked.is !== 'at' || walked.stop.is !== 'begun') return null;
  const turnOf = { charge: back.charge, ground: way.ground, state: back.state, wave, walked, host: lane.lane.host };
  const examined = examine(turnOf, walked.stop);
  return examined.is === 'move' ? { ...examined.move, lookOnly: true } : null;
}

/** The same of a task that runs once for all, whose lane doesn't go back: nobody goes on to its end any more. */
function cutForAll({ charge, state, inFlight, wayOf }: WayBack, lanes: readonly LaneState[]): Move | null {
  const wave = presentWave(state);
  if (wave === null || !state.lanes.values().some(lane => isCutForAll(state, lane))) return null;
  for (const { lane } of lanes) {
    if (lane.is !== 'host') continue;
    const way = wayOf(lane.host);
    const walked = walk(way);
    if (walked.is !== 'at' || walked.stop.is !== 'begun') continue;
    const at = state.lanes.get(laneName(walked.stop.lane));
    if (at === undefined || !isCutForAll(state, at) || inFlight.has(laneName(at.lane))) continue;
    const examined = examine({ charge, ground: way.ground, state, wave, walked, host: lane.host }, walked.stop);
    if (examined.is === 'move') return { ...examined.move, lookOnly: true };
  }
  return null;
}

const isCutForAll = (state: RunState, { lane, turned, actions }: LaneState): boolean =>
  lane.is !== 'host' && turned === null && actions.values().some(id => state.actions.get(id)?.is === 'started');

/** What sent it back is still what a person wants to hear first. */
const stuck = (lane: LaneState, why: string): Law =>
  turn(lane, 'stuck', lane.turned === null ? why : `${lane.turned.why}; ${why}`);

function handlersAfter(back: WayBack, lane: LaneState, host: HostName): Steps {
  const due = dueAfter(back, lane, host);
  const wave = presentWave(back.state);
  if (due.length === 0 || wave === null) return NONE;
  const way = back.wayOf(host);
  const walked = walkBack(way, due);
  switch (walked.is) {
    case 'through':
      return NONE;
    case 'at': {
      const turnOf = { charge: back.charge, ground: way.ground, state: back.state, wave, walked, host };
      const examined = examine(turnOf, walked.stop);
      return examined.is === 'move' ? { events: [], moves: [examined.move] } : { events: [examined.event], moves: [] };
    }
    case 'failed':
    case 'unknown':
      return { events: [turn(lane, 'stuck', `after the rollback: ${whyOf(walked)}`)], moves: [] };
    default:
      return never(walked);
  }
}

const whyOf = (walked: Extract<Walked, { readonly is: 'failed' | 'unknown' }>): string =>
  walked.is === 'failed' ? `${walked.failure.name}: ${walked.failure.why}` : walked.why;

function dueAfter({ charge, state }: WayBack, lane: LaneState, host: HostName): readonly TaskEntry[] {
  const map = mapOf(charge.plan.program);
  const due = new Set<TaskEntry>();
  for (const id of lane.actions.values()) {
    const action = state.actions.get(id);
    const mapped = action?.is === 'undone' && action.changed ? map.find(action.action.task) : null;
    if (mapped) for (const handler of handlersOf(mapped.play, mapped.task.notify, host)) due.add(handler);
  }
  return charge.plan.program.plays.flatMap(play => play.handlers).filter(handler => due.has(handler));
}
