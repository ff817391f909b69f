// Which wave is at work, which comes next, and what has to be looked at before it: pure questions to the state.
import { type HostName, laneName } from '../model/ids.ts';
import { type Plan, playOf, type Wave, waveDue, waveName } from '../model/plan.ts';
import type { Play } from '../model/program.ts';
import { tasksIn } from '../model/scope.ts';
import { presentWave, type RunState, type WaveState } from '../model/state.ts';
import type { Value } from '../model/value.ts';
import type { Charge, ObserveMove } from './next.ts';

export function wavesWith(state: RunState, host: HostName): readonly WaveState[] {
  return Object.values(state.waves).filter(wave => wave.plan?.hosts.includes(host));
}

/** Hosts of the wave that hadn't left the way forward when it began. */
export function hostsOf(state: RunState, wave: WaveState): readonly HostName[] {
  return (wave.plan?.hosts ?? []).filter(host => {
    const turned = state.lanes.get(host)?.turned ?? null;
    return turned === null || turned.seq > wave.seq;
  });
}

/** The next wave and whom to observe for it, or null when every play has had all its hosts. */
export function nextWave(charge: Charge, state: RunState): ObserveMove | null {
  const now = presentWave(state)?.wave ?? { play: 0, n: 0 };
  if (isShut(charge.plan, state)) return null;
  for (const play of charge.plan.program.plays) {
    const left = play.number < now.play ? [] : hostsLeft(state, play);
    if (left.length === 0) continue;
    const wave = { play: play.number, n: play.number === now.play ? now.n + 1 : 1 };
    return observing(charge, state, wave);
  }
  return null;
}

export function observing(charge: Charge, state: RunState, wave: Wave): ObserveMove {
  const play = playOf(charge.plan, wave);
  return { is: 'observe', wave, hosts: toObserve(charge, play, wave, hostsLeft(state, play)) };
}

/** So many hosts are logged in to before their turn: of the next two waves, since one may be over sooner than a login. */
const AHEAD_WAVES = 2;
/** Where waves are over in a moment, several are over before a login is. */
const AHEAD_QUICK_WAVES = 8;
const AHEAD_HOSTS = 50;

export type Pace = 'usual' | 'quick';

/** Nobody knows yet how long a wave takes: as where they are over in a moment. */
export const WAVES_AT_FIRST = 1 + AHEAD_QUICK_WAVES;

/** Who begins, and whom the plan has next: together as many as may be at work at once. */
export interface InTurn {
  readonly now: readonly HostName[];
  readonly next: readonly HostName[];
}

export function hostsAtFirst({ waves, options: { forks } }: Plan): InTurn {
  const [first, ...later] = waves.slice(0, WAVES_AT_FIRST).map(one => one.plan.hosts);
  return inTurn(first ?? [], later.flat(), forks);
}

/** @param next may name some of `now`, and some twice. */
export function inTurn(now: readonly HostName[], next: readonly HostName[], most: number): InTurn {
  const all = [...new Set([...now, ...next])].slice(0, most);
  return { now: all.slice(0, now.length), next: all.slice(now.length) };
}

/** Whom the plan has next, as far as they are still on their way. */
export function hostsAhead(
  { plan }: Charge,
  state: RunState,
  { wave, plan: present }: WaveState,
  pace: Pace,
): readonly HostName[] {
  const waves = pace === 'quick' ? AHEAD_QUICK_WAVES : AHEAD_WAVES;
  const at = plan.waves.findIndex(one => waveName(one.plan.wave) === waveName(wave));
  const next = at < 0 ? [] : plan.waves.slice(at + 1, at + 1 + waves).flatMap(one => one.plan.hosts);
  const isNew = (host: HostName): boolean => !present?.hosts.includes(host) && !state.lanes.get(host)?.turned;
  return [...new Set(next.filter(isNew))].slice(0, AHEAD_HOSTS);
}

/** A gate before the first wave of a play didn't hold: nothing of the run begins any more. */
const isShut = ({ program }: Plan, state: RunState): boolean =>
  program.plays.some(
    ({ number: play }) => state.lanes.get(laneName({ is: 'play', play }))?.turned?.towards === 'refused',
  );

/** `meta: end_play`: nothing else is ever entered in the lane of a play. */
function isOver(state: RunState, play: Play): boolean {
  return (state.lanes.get(laneName({ is: 'play', play: play.number }))?.entered.length ?? 0) > 0;
}

export function hostsLeft(state: RunState, play: Play): readonly HostName[] {
  if (isOver(state, play)) return [];
  const had = Object.values(state.waves).filter(wave => wave.wave.play === play.number);
  const taken = new Set(had.flatMap(wave => wave.plan?.hosts ?? []));
  return play.hosts.filter(host => !taken.has(host) && (state.lanes.get(host)?.turned ?? null) === null);
}

/** Everybody when steps plan with facts (any host may be a destination); the wave when only conditions read them; else nobody. */
function toObserve(charge: Charge, play: Play, wave: Wave, left: readonly HostName[]): readonly HostName[] {
  const tasks = [...play.sections.flatMap(section => section.entries.flatMap(tasksIn)), ...play.handlers];
  if (tasks.some(task => charge.catalogue.get(task.step)?.needsFacts))
    return Object.values(charge.plan.hosts).map(host => host.name);
  // A window is held against the time of the look.
  if (!(play.window !== null || (play.gatherFacts ?? speaksOfFacts(play)))) return [];
  return waveDue(charge.plan, wave, left)?.plan.hosts ?? left;
}

const speaking = new WeakMap<Play, boolean>();

function speaksOfFacts(play: Play): boolean {
  const known = speaking.get(play);
  if (known !== undefined) return known;
  const speaks = valuesIn(play).some(
    value => value.is === 'expression' && /\bfacts\b/.test(JSON.stringify(value.source)),
  );
  speaking.set(play, speaks);
  return speaks;
}

function valuesIn(thing: unknown): readonly Value[] {
  if (Array.isArray(thing)) return thing.flatMap(valuesIn);
  if (typeof thing !== 'object' || thing === null) return [];
  if (isExpression(thing)) return [thing];
  return Object.values(thing).flatMap(valuesIn);
}

const isExpression = (thing: object): thing is Value => 'is' in thing && thing.is === 'expression' && 'source' in thing;
