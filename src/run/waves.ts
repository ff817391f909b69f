// Which wave is at work, which comes next, and what has to be looked at before it: pure questions to the state.
import type { Law } from '../model/event.ts';
import { type HostName, laneName } from '../model/ids.ts';
import { type Chosen, noteOn, type Plan, playOf, type Wave, waveDue, waveName, type WavePlan } from '../model/plan.ts';
import type { Play } from '../model/program.ts';
import { tasksIn } from '../model/scope.ts';
import { presentWave, type RunState, type WaveState } from '../model/state.ts';
import type { Value } from '../model/value.ts';
import { tooFar } from './drift.ts';
import type { Charge, ObserveMove } from './next.ts';
import { isYesTo, type Question } from './question.ts';

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

export type WavePlanned =
  | { readonly is: 'record'; readonly event: Law }
  | { readonly is: 'short'; readonly why: string }
  | { readonly is: 'ask'; readonly question: Question };

export function planned(charge: Charge, state: RunState, wave: WaveState): WavePlanned {
  const answer = charge.planWave(charge.plan, state, wave.wave, wave.facts);
  if (answer.is === 'shortfall') return { is: 'short', why: [answer.message, ...answer.help].join('; ') };
  const { plan } = answer;
  const play = playOf(charge.plan, wave.wave);
  if (!plan.hosts.some(host => hostsLeft(state, play).includes(host)))
    throw new Error(`wave ${waveName(wave.wave)} was planned without any host that is left`);
  const approved = approvedFor(charge.plan, plan);
  const differs = differences(charge.plan, approved, answer);
  const far = approved ? tooFar(approved, plan, play.replan) : null;
  if (approved && far !== null && !saidYes(charge, state, wave, { approved, now: plan }))
    return { is: 'ask', question: questionOf(wave.wave, far, differs) };
  return { is: 'record', event: { type: 'wave-planned', wave: wave.wave, plan, differs } };
}

type PlannedWave = Extract<Chosen, { readonly is: 'planned' }>;

interface Drifted {
  readonly approved: WavePlan;
  readonly now: WavePlan;
}

/** Whoever said yes was asked about a wave; that is approved since, and nothing else is. */
function saidYes(charge: Charge, state: RunState, waveState: WaveState, { approved, now }: Drifted): boolean {
  const { wave, asked } = waveState;
  if (asked === null) return false;
  const answer = charge.planWave(charge.plan, state, wave, asked.facts);
  if (answer.is === 'shortfall') return false;
  const { replan } = playOf(charge.plan, wave);
  const far = tooFar(approved, answer.plan, replan);
  const differs = differences(charge.plan, approved, answer);
  if (far === null || !isYesTo(questionOf(wave, far, differs), waveState)) return false;
  return tooFar(answer.plan, now, replan) === null;
}

/** Where others were left over, waves have other numbers than were planned: what was approved of these hosts counts. null: nothing was. */
function approvedFor({ waves }: Plan, now: WavePlan): WavePlan | null {
  const ofPlay = waves.flatMap(({ plan }) => (plan.wave.play === now.wave.play ? [plan] : []));
  if (ofPlay.length === 0) return null;
  const theirs = ofPlay.filter(one => one.hosts.some(host => now.hosts.includes(host)));
  const own = ofPlay.find(one => one.wave.n === now.wave.n);
  if (own !== undefined && (theirs.length === 0 || theirs.includes(own))) return own;
  const migrations = ofPlay.flatMap(one => one.migrations).filter(({ from }) => now.hosts.includes(from));
  const staying = ofPlay.flatMap(one => one.staying).filter(({ host }) => now.hosts.includes(host));
  return { ...now, migrations, staying };
}

const TOLD = 10;

function questionOf(wave: Wave, far: string, differs: readonly string[]): Question {
  const more = differs.length > TOLD ? [`and ${differs.length - TOLD} more`] : [];
  return {
    about: `wave ${waveName(wave)} would not be as it was approved: ${far}`,
    changes: [...differs.slice(0, TOLD), ...more],
    later: 'if that is right, resume the run and it goes on so',
  };
}

/** What a person would want to hear when the plan they approved isn't the one that is carried out. */
function differences({ notes: told }: Plan, approved: WavePlan | null, now: PlannedWave): readonly string[] {
  const news = now.notes.filter(note => !told.includes(noteOn(now.plan.wave, note)));
  const [before, after] = [new Set(approved ? wordsOf(approved) : []), new Set(approved ? wordsOf(now.plan) : [])];
  return [
    ...[...before].filter(word => !after.has(word)).map(word => `no longer: ${word}`),
    ...[...after].filter(word => !before.has(word)).map(word => `new: ${word}`),
    ...news.map(note => `new: ${note}`),
  ];
}

const wordsOf = (plan: WavePlan): readonly string[] => [
  ...plan.hosts.map(host => `${host} is in the wave`),
  ...plan.migrations.map(one => `${one.zone} goes from ${one.from} to ${one.to}`),
  ...plan.staying.map(one => `${one.zone} stays on ${one.host}`),
];
