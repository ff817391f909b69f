// The next wave of a play, from where its hosts stand: who goes, and where their zones go. The plan asks it with what is
// foreseen, the run with fresh facts; for the same facts both get the same answer.
import type { Facts } from '../../model/facts.ts';
import { type HostSettings, hostSettings } from '../../model/host-variable.ts';
import { type HostName, hostName, zoneName } from '../../model/ids.ts';
import { byRule } from '../../model/obstacle.ts';
import { type Chosen, type Migration, type Shortfall, type Wave, waveName } from '../../model/plan.ts';
import type { Play } from '../../model/program.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { listed } from '../../text/listed.ts';
import { lightestFirst, nextAutoWave } from './auto-waves.ts';
import { domainsOf } from './domains.ts';
import { type Guest, guestsOn } from '../campaign/guests.ts';
import { preferencesFor } from '../place/preference.ts';
import { maxOutText, openText } from './out-text.ts';
import { planWaveFrom, type WaveQuestion } from './wave-plan.ts';
import type { AutoQuestion } from './wave-search.ts';
import { sizesOf } from './waves.ts';
import type { Intents, Ways } from './ways.ts';
import { Whereabouts } from '../place/whereabouts.ts';
import { withWaysOut } from '../shortfall/ways-out.ts';

/** What is the same for all waves of a play. */
export interface Course {
  readonly ways: Ways;
  readonly play: Play;
  readonly intents: Intents;
}

export interface Standpoint {
  readonly wave: Wave;
  /** In the order of the play. */
  readonly left: readonly HostName[];
  /** Approved for this wave and still on their way; empty: nobody is, or nothing was approved yet. */
  readonly ready: readonly HostName[];
  /** Where zones were approved to go in this wave; absent: nothing was. */
  readonly approved?: readonly Migration[];
  /** Had their wave, and are through. */
  readonly done: readonly HostName[];
  /** Left the way forward, for whatever reason; absent: none. */
  readonly turned?: readonly HostName[];
  /** Those of them that are closed still or without an answer; absent: none. */
  readonly lost?: readonly HostName[];
  /** What was known of these while they were open; absent: nothing. */
  readonly formerly?: Readonly<Record<HostName, Facts>>;
  readonly facts: Readonly<Record<HostName, Facts>>;
  readonly guests: readonly Guest[];
}

/** With the hosts found closed, as a run that was stopped left them: what this run closed, or lost, is told otherwise. */
interface WithFound extends Standpoint {
  readonly found: readonly HostName[];
}

export function nextWave(course: Course, standpoint: Standpoint): Chosen {
  const at = withFound(course, standpoint);
  const { ready } = at;
  if (course.play.waves === 'auto') {
    const question = autoQuestion(course, at);
    const again = ready.length > 0 ? nextAutoWave({ ...question, among: ready, most: ready.length }) : null;
    return again?.is === 'planned' ? again : nextAutoWave(question);
  }
  const wanted = ready.length > 0 ? ready : queue(course, at).slice(0, sizeOf(course.play, at.wave));
  const hosts = besideLost(course, at, wanted);
  if (hosts.length === 0 && wanted.length > 0) return lostShortfall(course, at);
  const held = hosts.filter(host => closes(course, at, host)).flatMap(host => heldBy(at, host));
  if (held.length > 0) return heldShortfall(at.wave, held);
  const question = { ...questionFor(course, at), hosts };
  const planned = planWaveFrom(question);
  return planned.is === 'planned' ? { ...planned, notes: [] } : withWaysOut(question, planned);
}

/** Who would go next if nothing stood in the way. */
export function nextInTurn(course: Course, at: Standpoint): readonly HostName[] {
  const { play } = course;
  return queue(course, withFound(course, at)).slice(0, play.waves === 'auto' ? 1 : sizeOf(play, at.wave));
}

const sizeOf = (play: Play, { n }: Wave): number => sizesOf(play)[n - 1] ?? 1;

const closes = ({ intents }: Course, { wave, facts }: Standpoint, host: HostName): boolean =>
  intents({ wave, facts }, host).closes;

function inTurn({ play }: Course, { facts }: Standpoint, hosts: readonly HostName[]): readonly HostName[] {
  return play.order === 'least_loaded' ? lightestFirst(facts, hosts) : hosts;
}

type HostsAside = Omit<WaveQuestion, 'hosts'>;

/** What the placement is asked, but for who goes. */
export function questionFor(course: Course, at: Standpoint): HostsAside {
  const { ways, play, intents } = course;
  const { wave, facts } = at;
  const rules = ways.ground.plan.zoneRules;
  return {
    wave,
    facts,
    rules,
    evacuation: host => intents({ wave, facts }, host).evacuation,
    settings: host => settingsIn(course, host),
    where: whereaboutsIn(course),
    approved: at.approved ?? [],
    preferences: preferencesFor(play.returns),
    ...(ways.exact === undefined ? {} : { exact: ways.exact }),
    forGood: {
      stays: zone => (ruleFor(rules, zone)?.returns ?? play.returns) === 'stay',
      tiers: () => tiersIn(course, at),
      turned: new Set(at.turned ?? []),
    },
  };
}

/** Hosts that are done, those beside the play too, and those that come last too. */
function tiersIn(course: Course, at: Standpoint): readonly ReadonlySet<string>[] {
  const { facts, left } = at;
  const settled = settledIn(course, at);
  const turned = new Set<string>(at.turned ?? []);
  const toCome = new Set<string>(left.filter(host => !settled.has(host)));
  const beside = Object.values(facts).flatMap(({ host }) => (toCome.has(host) || turned.has(host) ? [] : [host]));
  const late = left.slice(Math.floor(left.length / 2));
  return [settled, new Set(beside), new Set([...beside, ...late])];
}

const whereabouts = new WeakMap<Course, Whereabouts>();

function whereaboutsIn(course: Course): Whereabouts {
  const made = whereabouts.get(course) ?? new Whereabouts();
  whereabouts.set(course, made);
  return made;
}

const settings = new WeakMap<Course, Map<HostName, HostSettings>>();

/** Read once: what the inventory says is the same in all waves. */
function settingsIn(course: Course, host: HostName): HostSettings {
  const known = settings.get(course) ?? new Map<HostName, HostSettings>();
  settings.set(course, known);
  const said = known.get(host) ?? hostSettings(course.ways.ground, course.play, host);
  known.set(host, said);
  return said;
}

/** Hosts that the play doesn't close any more, or has no need to. */
function settledIn(course: Course, at: Standpoint): ReadonlySet<HostName> {
  const { wave, facts, left, done } = at;
  const idle = left.filter(host => {
    const { evacuation, closes: goesOut } = course.intents({ wave, facts }, host);
    return facts[host] !== undefined && evacuation === null && !goesOut;
  });
  return new Set([...done, ...idle]);
}

function autoQuestion(course: Course, at: WithFound): AutoQuestion {
  const { ways, play } = course;
  const left = queue(course, at);
  const all = Object.keys(at.facts).map(hostName);
  return {
    ...questionFor(course, at),
    left,
    among: left,
    closes: host => closes(course, at, host),
    guests: at.guests,
    domains: domainsOf(ways.ground, play, [...new Set([...all, ...play.hosts])]),
    most: at.wave.n === 1 && play.canary > 0 ? play.canary : null,
    maxOut: play.maxOut,
    lost: at.lost ?? [],
    found: at.found,
    formerly: { ...asOpen(at), ...at.formerly },
    settled: settledIn(course, at),
    returns: play.returns,
  };
}

/**
 * The play's order. Where hosts that are out are counted, those that are out already go first: until they are open again,
 * nobody has their room.
 */
function queue(course: Course, at: WithFound): readonly HostName[] {
  const { maxOut, waves } = course.play;
  const found = new Set(maxOut === null && waves !== 'auto' ? [] : at.found);
  const inOrder = inTurn(course, at, at.left);
  return [...inOrder.filter(host => found.has(host)), ...inOrder.filter(host => !found.has(host))];
}

function withFound({ ways, play }: Course, at: Standpoint): WithFound {
  const { facts, lost = [] } = at;
  const before = ways.ground.plan.restsOn.facts;
  const isClosed = (one: Facts | undefined): boolean => one?.maintenance.is === 'closed';
  const found = play.hosts.filter(host => isClosed(before[host]) && isClosed(facts[host]) && !lost.includes(host));
  return { ...at, found };
}

function asOpen({ facts, found }: WithFound): Readonly<Record<HostName, Facts>> {
  const opened = found.flatMap(host => {
    const own = facts[host];
    return own === undefined ? [] : [[host, { ...own, maintenance: { is: 'open' as const } }] as const];
  });
  return Object.fromEntries(opened);
}

/** As many as may be out with those that are out already against all plans. */
function besideLost(course: Course, at: WithFound, hosts: readonly HostName[]): readonly HostName[] {
  const { maxOut } = course.play;
  const out = outAlready(at);
  if (maxOut === null || out.size === 0) return hosts;
  const closing = hosts.filter(host => !out.has(host) && closes(course, at, host));
  const tooMany = new Set(closing.slice(Math.max(0, maxOut - out.size)));
  return hosts.filter(host => !tooMany.has(host));
}

const outAlready = ({ lost = [], found }: WithFound): ReadonlySet<HostName> => new Set([...lost, ...found]);

function lostShortfall(course: Course, at: WithFound): Shortfall {
  const { wave } = at;
  const lost = [...outAlready(at)];
  return {
    is: 'shortfall',
    wave,
    message: `wave ${waveName(wave)}: no other host may go out (${maxOutText(course.play.maxOut ?? 0, lost)})`,
    ...{ reasons: [], proof: null, ways: [] },
    help: [openText(lost)],
  };
}

interface Held extends Guest {
  readonly why: string;
}

function heldBy({ guests }: Standpoint, host: HostName): readonly Held[] {
  return guests
    .filter(({ at }) => at === host)
    .flatMap(guest => guestsOn([guest], host).map(why => ({ ...guest, why })));
}

function heldShortfall(wave: Wave, held: readonly Held[]): Shortfall {
  const hosts = [...new Set(held.map(({ at }) => at))];
  const zones = listed(held.map(({ zone, home, at }) => `${zone} of ${home} on ${at}`));
  return {
    is: 'shortfall',
    wave,
    message: `wave ${waveName(wave)}: ${hosts.join(', ')} can't be closed while zones of other hosts are there (${zones})`,
    reasons: held.map(({ zone, at, why }) => ({ zone: zoneName(zone), host: at, why: [byRule(why)] })),
    ...{ proof: null, ways: [] },
    help: ['bring these zones home first (return.yml)', `leave ${hosts.join(', ')} out with -l`],
  };
}
