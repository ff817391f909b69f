// What comes next, from the plan and what the journal knows. Pure: no clock, no chance, no host; it is asked again
// after every event, and the same state always gets the same answer. What it remembers between calls only saves work.
import { type Verdict, worst } from '../model/action.ts';
import type { Law } from '../model/event.ts';
import { type HostName, laneName } from '../model/ids.ts';
import { playOf } from '../model/plan.ts';
import type { Ground } from '../model/scope.ts';
import { isSeenAfresh, presentWave, type LaneState, type RunState, type WaveState } from '../model/state.ts';
import { laneVerdict, runVerdict } from '../model/verdict.ts';
import { never } from '../text/never.ts';
import { approvalFor } from './approval.ts';
import { goBack, type Steps } from './back.ts';
import { examine } from './examine.ts';
import { type Present, type Reins, reins, takesAll, turns } from './failure.ts';
import { type Charge, type InFlight, type Move, type Next, throttled } from './next.ts';
import { isNoTo, type Question, unanswered } from './question.ts';
import { planned } from './replan.ts';
import { walk } from './walk.ts';
import type { Walked, Way } from './walked.ts';
import { hostsOf, nextWave, observing, wavesWith } from './waves.ts';

export type Decide = (state: RunState, inFlight: InFlight) => Next;

/** Without memory. */
export function decide(charge: Charge, state: RunState, inFlight: InFlight): Next {
  return decider(charge)(state, inFlight);
}

/** The same answers; lanes that no event touched since the last question aren't walked again. */
export function decider(charge: Charge): Decide {
  const walks = walker(charge);
  return (state, inFlight) => {
    if (state.run === null) throw new Error('a run decides nothing before it has started');
    if (state.ended !== null) return { is: 'end', ...state.ended };
    if (state.operator === 'now') return ending(charge, state, null, 'stopped');
    const wave = presentWave(state);
    if (wave === null) return goOn(charge, state, inFlight, null);
    if (wave.plan === null && !isSeenAfresh(wave, state)) return lookAgain(charge, state, wave, inFlight);
    if (wave.plan === null) return planWave(charge, state, wave, inFlight);
    return inWave(charge, walks, presentOf(charge, walks, state, wave), inFlight);
  };
}

function presentOf(charge: Charge, walks: Walks, state: RunState, wave: WaveState): Present {
  const play = playOf(charge.plan, wave.wave);
  const hosts = hostsOf(state, wave).filter(host => wave.silent[host] === undefined);
  return { state, wave, play, walked: new Map(hosts.map(host => [host, walks.of(state, wave, host)])) };
}

function inWave(charge: Charge, walks: Walks, now: Present, inFlight: InFlight): Next {
  const { state } = now;
  const turned = turns(now);
  if (turned.length > 0) return { is: 'record', events: turned };
  const wayOf = (host: HostName): Way => walks.way(state, host);
  const back = goBack({ charge, state, inFlight, all: takesAll(now), wayOf });
  const held = reins(now);
  const forth = held === 'nothing' ? { events: [], moves: [] } : forward(charge, walks, now, { held, inFlight });
  const events = [...back.events, ...forth.events];
  if (events.length > 0) return { is: 'record', events };
  const moves = [...back.moves, ...forth.moves];
  if (moves.length > 0 || inFlight.size > 0) return { is: 'moves', moves };
  return held === 'all' ? goOn(charge, state, inFlight, now) : ending(charge, state, now, null);
}

interface Bounds {
  readonly held: Reins;
  readonly inFlight: InFlight;
}

interface Waiting {
  readonly host: HostName;
  readonly at: Extract<Walked, { readonly is: 'at' }>;
}

/** Hosts in step: each at the task that the slowest has come to. Hosts that go freely wait for nobody. */
function forward(charge: Charge, walks: Walks, now: Present, { held, inFlight }: Bounds): Steps {
  const { state, wave, play } = now;
  const waiting = waitingOf(now, held, inFlight);
  const slowest = Math.min(...waiting.map(one => one.at.position));
  const events: Law[] = [];
  const moves = new Map<string, Move>();
  const taken = new Set<string>();
  for (const { host, at } of waiting) {
    const { stop } = at;
    const gate = stop.is === 'task' || stop.is === 'begun' ? stop.task.gate : undefined;
    // Hosts that go freely wait for one another before the end of their wave.
    if ((play.strategy === 'linear' || gate !== undefined) && at.position > slowest) continue;
    // No wave follows while others are held back: the soak is for when somebody has the run go on.
    if (gate === 'soak' && held !== 'all') continue;
    const lane = laneName(stop.is === 'block' || stop.is === 'rounds' ? { is: 'host', host } : stop.lane);
    if (inFlight.has(lane) || inFlight.has(host) || taken.has(lane)) continue;
    if (stop.is === 'task' && throttled(stop.task, inFlight, moves)) continue;
    taken.add(lane);
    const examined = examine({ charge, ground: walks.ground(state), state, wave, walked: at, host }, stop);
    if (examined.is === 'record') events.push(examined.event);
    else moves.set(lane, examined.move);
  }
  return { events, moves: [...moves.values()] };
}

function waitingOf({ state, walked }: Present, held: Reins, inFlight: InFlight): readonly Waiting[] {
  return [...walked].flatMap(([host, at]) => {
    const lane = state.lanes.get(host);
    const mayGo = held === 'all' || lane !== undefined || inFlight.has(host);
    return at.is === 'at' && mayGo && !lane?.turned ? [{ host, at }] : [];
  });
}

function goOn(charge: Charge, state: RunState, inFlight: InFlight, now: Present | null): Next {
  if (inFlight.size > 0) return { is: 'moves', moves: [] };
  const next = state.operator === null ? nextWave(charge, state) : null;
  if (next === null) return ending(charge, state, now, null);
  const question = approvalFor(charge, state, next.wave);
  if (question !== null) return asking(state, question);
  if (next.hosts.length > 0) return { is: 'moves', moves: [next] };
  return { is: 'record', events: [{ type: 'observed', wave: next.wave, facts: {}, silent: {} }] };
}

/** What a wave lacked when it couldn't be planned (room, its window) may be there by the time the run goes on. */
function lookAgain(charge: Charge, state: RunState, { wave }: WaveState, inFlight: InFlight): Next {
  if (inFlight.size > 0) return { is: 'moves', moves: [] };
  if (state.operator !== null) return ending(charge, state, null, null);
  const move = observing(charge, state, wave);
  if (move.hosts.length > 0) return { is: 'moves', moves: [move] };
  return { is: 'record', events: [{ type: 'observed', wave, facts: {}, silent: {} }] };
}

function planWave(charge: Charge, state: RunState, wave: WaveState, inFlight: InFlight): Next {
  if (inFlight.size > 0) return { is: 'moves', moves: [] };
  if (state.operator !== null) return ending(charge, state, null, null);
  const answer = planned(charge, state, wave);
  switch (answer.is) {
    case 'record':
      return { is: 'record', events: [answer.event] };
    case 'ask':
      return asking(state, answer.question);
    case 'short':
      return { is: 'end', verdict: stoppedAtBest(state), why: answer.why };
    default:
      return never(answer);
  }
}

/** Once: a no is a no until somebody has the run go on. */
function asking(state: RunState, question: Question): Next {
  const verdict = stoppedAtBest(state);
  const wave = presentWave(state);
  if (wave !== null && isNoTo(question, wave)) return { is: 'end', verdict, why: unanswered(question) };
  return { is: 'ask', move: { is: 'ask', question }, verdict };
}

const stoppedAtBest = (state: RunState): Verdict => worst([runVerdict(state), 'stopped']);

/** @param atLeast what the verdict isn't better than; null: as the hosts and what is left undone say. */
function ending(charge: Charge, state: RunState, now: Present | null, atLeast: Verdict | null): Next {
  // With nothing on its way a rollback has nothing to undo: it stopped the run, as `stop` does.
  const stopped = state.operator === 'stop' || (state.operator === 'rollback' && runVerdict(state) === 'done');
  const left = stopped && (nextWave(charge, state) !== null || isUnfinished(now));
  const verdict = worst([runVerdict(state), left ? 'stopped' : 'done', atLeast ?? 'done']);
  const lane = state.lanes.values().find(one => one.turned !== null && laneVerdict(one) === verdict);
  const why = lane?.turned
    ? `${laneName(lane.lane)}: ${lane.turned.why}`
    : state.operator === null
      ? ''
      : 'the operator asked for it';
  return { is: 'end', verdict, why };
}

const isUnfinished = (now: Present | null): boolean =>
  now !== null && [...now.walked].some(([host, at]) => at.is !== 'through' && !now.state.lanes.get(host)?.turned);

interface Walks {
  ground(state: RunState): Ground;
  way(state: RunState, host: HostName): Way;
  of(state: RunState, wave: WaveState, host: HostName): Walked;
}

interface Remembered {
  readonly lane: LaneState | undefined;
  readonly at: string;
  readonly walked: Walked;
}

/** Remembers how far each host had come, by the newest events of the lanes that it looks at. */
function walker({ plan, evaluate, catalogue }: Charge): Walks {
  const known = new Map<HostName, Remembered>();
  let asked: { readonly state: RunState; readonly at: string } | null = null;
  /** Where what all hosts of the wave share stands. */
  const sharedBy = (state: RunState, wave: WaveState): string => {
    if (asked?.state === state) return asked.at;
    const { play, n } = wave.wave;
    const lanes = [laneName({ is: 'play', play }), laneName({ is: 'wave', play, n })];
    asked = { state, at: [wave.seq, ...lanes.map(name => state.lanes.get(name)?.touched ?? 0)].join() };
    return asked.at;
  };
  let ground: Ground | null = null;
  const walks: Walks = {
    ground(state) {
      ground ??= { plan, evaluate, run: state.run, values: state.values };
      return ground;
    },
    way(state, host) {
      return { ground: walks.ground(state), catalogue, state, host, waves: wavesWith(state, host) };
    },
    of(state, wave, host) {
      const lane = state.lanes.get(host);
      const before = known.get(host);
      const at = sharedBy(state, wave);
      if (before && before.lane === lane && before.at === at) return before.walked;
      const walked = walk(walks.way(state, host));
      known.set(host, { lane, at, walked });
      return walked;
    },
  };
  return walks;
}
