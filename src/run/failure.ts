// What a failure, an unknown end or an operator's word does to a lane and to everybody else: who turns, and what may
// still start. Pure; the turns it answers are written down before anything rests on them.
import type { Law, Towards } from '../model/event.ts';
import { untouched } from '../model/fold.ts';
import { type ActionId, type HostName, type Lane, laneName } from '../model/ids.ts';
import type { OnFailure, Play } from '../model/program.ts';
import type { LaneState, RunState, WaveState } from '../model/state.ts';
import { never } from '../text/never.ts';
import { barrierOf, owed } from './undo-order.ts';
import type { Walked } from './walked.ts';
import { hostsOf } from './waves.ts';

export type Turned = Extract<Law, { readonly type: 'turned' }>;

/** The wave at work, its play, and how far each of its hosts has come. */
export interface Present {
  readonly state: RunState;
  readonly wave: WaveState;
  readonly play: Play;
  readonly walked: ReadonlyMap<HostName, Walked>;
}

export function turns(now: Present): readonly Turned[] {
  const { state } = now;
  const said = state.operator;
  if (said === 'rollback_all') return wholeRun(state, state.saidAt);
  const own = hostsOf(state, now.wave).flatMap(host => ownTurn(now, host));
  const stuck = turnedLanes(state).flatMap(lane => unknownSinceTurn(state, lane));
  const due = unique([...own, ...sharedTurns(now), ...stuck]);
  if (due.length > 0) return due;
  // Who goes back at the operator's word hasn't failed, and who never began doesn't fail with them.
  const fatal = now.play.anyErrorsFatal && said !== 'rollback' ? alsoFailed(now) : [];
  if (fatal.length > 0) return fatal;
  if (said === 'rollback') {
    const going = onTheirWay(now, 'the operator asked for it');
    return [...going, ...doneForNobody(now, going)];
  }
  if (takesAll(now)) return unique([...onTheirWay(now, 'another host failed'), ...wholeAgain(now)]);
  return doneForNobody(now, []);
}

function ownTurn(now: Present, host: HostName): readonly Turned[] {
  const lane = laneOf(now.state, { is: 'host', host });
  if (lane.turned !== null) return [];
  const silent = now.wave.silent[host];
  const towards = towardsOf(now.play.onFailure);
  if (silent !== undefined) return [turn(lane, towards, `cannot be reached: ${silent}`)];
  const walked = now.walked.get(host);
  if (walked?.is === 'unknown') return [turn(lane, 'stuck', walked.why)];
  if (walked?.is !== 'failed') return [];
  const { name, why, refused, atGate } = walked.failure;
  const untouchedHost = !lane.actions.values().some(id => state(now, id)?.undo.is !== 'nothing');
  return [turn(lane, atGate || (refused && untouchedHost) ? 'refused' : towards, `${name}: ${why}`)];
}

const state = (now: Present, id: ActionId) => now.state.actions.get(id);

/** What was done once for all failed: its own lane goes where its hosts go, also when they turned before a crash. */
function sharedTurns(now: Present): readonly Turned[] {
  return [...now.walked.values()].flatMap(walked => {
    switch (walked.is) {
      case 'failed': {
        const { lane, name, why, atGate } = walked.failure;
        if (atGate) return sharedTurn(now, lane, 'refused', `${name}: ${why}`);
        return sharedTurn(now, lane, towardsOf(now.play.onFailure), why);
      }
      case 'unknown':
        return sharedTurn(now, walked.lane, 'stuck', walked.why);
      case 'at':
      case 'through':
        return [];
      default:
        return never(walked);
    }
  });
}

function sharedTurn({ state: run }: Present, at: Lane, towards: Towards, why: string): readonly Turned[] {
  const lane = laneOf(run, at);
  return at.is === 'host' || lane.turned !== null ? [] : [turn(lane, towards, why)];
}

/** `any_errors_fatal`: hosts of the wave that aren't through fail with the one that did. */
function alsoFailed(now: Present): readonly Turned[] {
  const hosts = hostsOf(now.state, now.wave);
  const failed = hosts.find(host => {
    const turned = now.state.lanes.get(host)?.turned ?? null;
    return turned !== null && turned.towards !== 'refused';
  });
  if (failed === undefined) return [];
  return hosts.flatMap(host => {
    const lane = laneOf(now.state, { is: 'host', host });
    if (lane.turned !== null || now.walked.get(host)?.is === 'through') return [];
    return [
      turn(lane, towardsOf(now.play.onFailure), `${failed} failed, which any_errors_fatal makes a failure of all`),
    ];
  });
}

/** It was on its way back when something of it ended unknown: nobody may undo that unseen. */
function unknownSinceTurn(run: RunState, lane: LaneState): readonly Turned[] {
  const { turned } = lane;
  if (turned === null || turned.towards === 'stuck') return [];
  const unknown = lane.actions
    .values()
    .map(id => run.actions.get(id))
    .find(action => action?.ended?.outcome === 'unknown' && action.ended.seq > turned.seq);
  return unknown?.ended ? [turn(lane, 'stuck', `${unknown.action.id}: ${unknown.ended.why}`)] : [];
}

/** Hosts of this wave that are neither through nor turned, and have done something. */
function onTheirWay(now: Present, why: string): readonly Turned[] {
  return hostsOf(now.state, now.wave).flatMap(host => {
    const lane = now.state.lanes.get(host);
    if (lane === undefined || lane.turned !== null || now.walked.get(host)?.is === 'through') return [];
    return [turn(lane, 'rollback', why)];
  });
}

/**
 * What was done once for all is owed by the run: it goes back with the hosts it was done for, once none of them keeps
 * what it did. Not while one is past a barrier or needs a person, and not before its own end was seen.
 */
function doneForNobody(now: Present, going: readonly Turned[]): readonly Turned[] {
  const { state: run, wave, play } = now;
  const { n } = wave.wave;
  const shared: readonly (readonly [Lane, readonly HostName[]])[] = [
    [{ is: 'wave', play: play.number, n }, wave.plan?.hosts ?? []],
    [{ is: 'play', play: play.number }, play.hosts],
  ];
  return shared.flatMap(([at, hosts]) => {
    const lane = laneOf(run, at);
    const isOpen = lane.actions.values().some(id => run.actions.get(id)?.is === 'started');
    if (lane.turned !== null || isOpen || owed(run, lane).length === 0 || barrierOf(run, lane) !== null) return [];
    const sent = new Set(going.map(one => laneName(one.lane)));
    const goesBack = (host: HostName) => sent.has(host) || run.lanes.get(host)?.turned?.towards === 'rollback';
    const none = hosts.every(host => isUntouched(run, host) || (goesBack(host) && isWhole(run, host)));
    return none && hosts.some(goesBack) ? [turn(lane, 'rollback', 'every host it was done for went back')] : [];
  });
}

/** Refused, or never begun and now never to begin. */
function isUntouched(run: RunState, host: HostName): boolean {
  const lane = run.lanes.get(host);
  return lane === undefined ? run.operator === 'rollback' : lane.turned?.towards === 'refused';
}

const isWhole = (run: RunState, host: HostName): boolean => barrierOf(run, laneOf(run, { is: 'host', host })) === null;

/** `rollback_all`: also those that are done, unless a barrier says that they are whole as they are. */
function wholeAgain({ state: run }: Present): readonly Turned[] {
  return run.lanes
    .values()
    .filter(lane => lane.turned === null && owed(run, lane).length > 0 && barrierOf(run, lane) === null)
    .map(lane => turn(lane, 'rollback', 'another host failed'));
}

function wholeRun(run: RunState, since: number): readonly Turned[] {
  return run.lanes
    .values()
    .filter(lane => (lane.turned?.seq ?? 0) < since && (isFailed(lane) || owed(run, lane).length > 0))
    .map(lane => turn(lane, 'rollback', 'the operator asked for it'));
}

const isFailed = ({ turned }: LaneState): boolean => turned !== null && turned.towards !== 'refused';

/** A failure in this wave that takes the whole run back. */
export function takesAll({ state: run, wave, play }: Present): boolean {
  if (run.operator === 'rollback_all') return true;
  if (play.onFailure !== 'rollback_all') return false;
  return hostsOf(run, wave).some(host => {
    const turned = run.lanes.get(host)?.turned;
    return turned?.towards === 'rollback' || turned?.towards === 'stuck';
  });
}

/** `begun`: hosts on their way go on, no further one starts. */
export type Reins = 'all' | 'begun' | 'nothing';

export function reins(now: Present): Reins {
  const { state: run, play } = now;
  if (run.operator !== null || takesAll(now)) return 'nothing';
  const turned = turnedLanes(run)
    .filter(lane => lane.lane.is === 'host')
    .flatMap(lane => lane.turned ?? []);
  const since = turned.filter(({ seq }) => seq > run.wentOn).map(({ towards }) => towards);
  if (since.some(towards => towards === 'hold' || towards === 'stop')) return 'nothing';
  const failed = since.filter(towards => towards !== 'refused').length;
  // No go-on takes the next host down while one is lost, or held for a person.
  const person = turned.some(({ towards }) => towards === 'stuck' || towards === 'hold');
  return person || failed > play.maxFailures ? 'begun' : 'all';
}

function towardsOf(policy: OnFailure): Towards {
  switch (policy) {
    case 'rollback':
    case 'rollback_all':
      return 'rollback';
    case 'hold':
    case 'stop':
    case 'continue':
      return policy;
    default:
      return never(policy);
  }
}

export const turnedLanes = (run: RunState): readonly LaneState[] =>
  run.turned.flatMap(name => run.lanes.get(name) ?? []);

const laneOf = (run: RunState, lane: Lane): LaneState => run.lanes.get(laneName(lane)) ?? untouched(lane);

export const turn = ({ lane }: LaneState, towards: Towards, why: string): Turned => ({
  type: 'turned',
  lane,
  towards,
  why,
});

function unique(events: readonly Turned[]): readonly Turned[] {
  const seen = new Map<string, Turned>();
  for (const event of events) if (!seen.has(laneName(event.lane))) seen.set(laneName(event.lane), event);
  return [...seen.values()];
}
