// One wave, planned from facts: which zones leave its hosts, where each goes, and what stands in the way. The forecast
// uses it with foreseen facts, the run with fresh ones; both get the same answer for the same facts.
import { NO_LIMITS } from '../../model/move-limits.ts';
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import type { ExactSolver } from '../../model/exact-solver.ts';
import type { HostSettings } from '../../model/host-variable.ts';
import { type HostName, hostName, zoneName } from '../../model/ids.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import { byRule } from '../../model/obstacle.ts';
import type { Migration, Planned, Shortfall, Wave, WavePlan } from '../../model/plan.ts';
import { waveName } from '../../model/plan.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { listed } from '../../text/listed.ts';
import { companyIn } from '../place/company.ts';
import { type Departures, departures, type Evacuation, type Said } from '../place/departures.ts';
import type { Candidate } from '../place/fit.ts';
import { isParted, keptOf } from '../place/kept.ts';
import { sharedStorageOf } from '../place/host-view.ts';
import type { Preference } from '../place/preference.ts';
import { place, type Placement, type Request, totalText, type Wish } from '../place/placement.ts';
import { placeInTiers, withArrivals } from '../place/tiers.ts';
import { freeBytesOf, inMoveOrder, stagesOf } from '../order/wave-order.ts';
import { Whereabouts } from '../place/whereabouts.ts';
import { withClass } from '../place/world.ts';

export interface WaveQuestion {
  readonly wave: Wave;
  readonly hosts: readonly HostName[];
  /** Of every host that answered. */
  readonly facts: Readonly<Record<HostName, Facts>>;
  /** What the play asks of a host's zones; null when it doesn't empty it. */
  readonly evacuation: (host: HostName) => Evacuation | null;
  readonly rules: readonly SaidOfZones[];
  readonly settings: (host: HostName) => HostSettings;
  /** Tried in this order before every host is. */
  readonly preferences: readonly Preference[];
  /** Absent: only the quick search. */
  readonly exact?: ExactSolver;
  /** What a person said yes to for this wave; absent: nothing yet. */
  readonly approved?: readonly Migration[];
  /** Absent: every zone comes back. */
  readonly forGood?: ForGood;
  /** Kept from one wave to the next; absent: looked for anew. */
  readonly where?: Whereabouts;
}

/** Zones that don't come back. */
export interface ForGood {
  readonly stays: (zone: string) => boolean;
  /** Into the first of these that has room for them, each wider than the one before; else anywhere. */
  readonly tiers: () => readonly ReadonlySet<string>[];
  /** Hosts that left their way: a zone that was approved to stay on one of them finds a better place first. */
  readonly turned: ReadonlySet<string>;
}

const NOBODY: ForGood = { stays: () => false, tiers: () => [], turned: new Set() };

/** Hosts of the wave that gave no answer take no part: the run itself says what becomes of them. */
export function planWaveFrom(asked: WaveQuestion): Planned {
  const question = { ...asked, facts: named(asked) };
  const said = saidIn(question);
  const leaving = question.hosts.flatMap(host => departuresOf(question, host, said));
  const bound = leaving.flatMap(({ departures: d }) => d.bound);
  if (bound.length > 0) return boundShortfall(question.wave, bound);
  const requests = requestsFrom(question, leaving, said);
  const policy = leaving.some(({ evacuation }) => evacuation.placement === 'pack') ? 'pack' : 'spread';
  const placement = placeAgain(question, requests, {
    policy,
    preferences: question.preferences,
    exact: question.exact ?? null,
    ...(question.where && { where: question.where }),
  });
  if (placement.is === 'short') return roomShortfall(question.wave, requests, placement);
  const plan: WavePlan = {
    wave: question.wave,
    hosts: question.hosts,
    migrations: ordered(
      question,
      placement.migrations.map(one => ({ ...one, stays: (question.forGood ?? NOBODY).stays(one.zone) })),
    ),
    staying: leaving.flatMap(({ departures: d }) => d.staying),
    ...(placement.told === undefined ? {} : { exact: placement.told }),
  };
  return { is: 'planned', plan };
}

function requestsFrom(question: WaveQuestion, leaving: readonly Leaving[], said: Said): readonly Request[] {
  const goes = new Set(
    leaving.flatMap(({ facts, departures: d }) => d.leaving.map(zone => `${zone.name} ${facts.host}`)),
  );
  const company = companyIn(question.rules, Object.values(question.facts), (zone, host) =>
    goes.has(`${zone.name} ${host}`),
  );
  return leaving.flatMap(({ facts, evacuation, departures: d }) =>
    d.leaving.map(zone =>
      requestOf(zone, facts, evacuation, { rule: said.rule(zone.name), company: company(zone.name) }),
    ),
  );
}

/** Whether there is a plan at all; much quicker than the best one. */
export function fitsIn(asked: WaveQuestion): boolean {
  const question = { ...asked, facts: named(asked) };
  const said = saidIn(question);
  const leaving = question.hosts.flatMap(host => departuresOf(question, host, said));
  if (leaving.some(({ departures: d }) => d.bound.length > 0)) return false;
  return (
    place(requestsFrom(question, leaving, said), candidatesOf(question), {
      effort: 'any',
      ...(question.where && { where: question.where }),
    }).is === 'placed'
  );
}

/** Of all zones that would leave, whoever is bound to stay; for what-if questions. */
export function requestsOf(question: WaveQuestion): readonly Request[] {
  const said = saidIn(question);
  const leaving = question.hosts.flatMap(host => departuresOf(question, host, said));
  return requestsFrom(question, leaving, said);
}

/** The facts, with processors called as the inventory calls them. */
function named({ facts, settings }: WaveQuestion): WaveQuestion['facts'] {
  if (Object.values(facts).every(({ host }) => settings(hostName(host)).cpuClass === null)) return facts;
  return Object.fromEntries(
    Object.values(facts).map(
      one => [hostName(one.host), withClass(one, settings(hostName(one.host)).cpuClass)] as const,
    ),
  );
}

/** Around what was approved, as far as that still can be. */
function placeAgain(question: WaveQuestion, requests: readonly Request[], wish: Partial<Wish>): Placement {
  const candidates = candidatesOf(question);
  const { stays, turned } = question.forGood ?? NOBODY;
  const approved = (question.approved ?? []).filter(({ zone, to }) => !(stays(zone) && turned.has(to)));
  const kept = keptOf(approved, requests, candidates);
  if (kept.migrations.length > 0 && !isParted(kept)) {
    const rest = placeAll(question, { requests: kept.rest, candidates: kept.candidates }, wish);
    if (rest.is === 'placed') return { is: 'placed', migrations: [...kept.migrations, ...rest.migrations] };
  }
  return placeAll(question, { requests, candidates }, wish);
}

interface Travellers {
  readonly requests: readonly Request[];
  readonly candidates: readonly Candidate[];
}

/** What doesn't come back chooses first: what does leaves its place again. */
function placeAll(question: WaveQuestion, { requests, candidates }: Travellers, wish: Partial<Wish>): Placement {
  const { stays, tiers } = question.forGood ?? NOBODY;
  const staying = requests.filter(({ zone }) => stays(zone.name));
  const returning = requests.filter(({ zone }) => !stays(zone.name));
  if (staying.length === 0) return place(requests, candidates, wish);
  const first = placeInTiers(staying, candidates, tiers(), wish);
  if (first.is === 'short' || returning.length === 0) return first;
  const second = place(returning, withArrivals(candidates, staying, first.migrations), wish);
  if (second.is === 'short') return place(requests, candidates, wish);
  return { is: 'placed', migrations: [...first.migrations, ...second.migrations] };
}

/** As they will begin: the largest first. */
function ordered(question: WaveQuestion, migrations: WavePlan['migrations']): WavePlan['migrations'] {
  const free = freeBytesOf(question.facts, host => question.settings(host).reserveBytes);
  return inMoveOrder(migrations, stagesOf(migrations, free, NO_LIMITS));
}

interface Leaving {
  readonly facts: Facts;
  readonly evacuation: Evacuation;
  readonly departures: Departures;
}

/** What the inventory says of each zone, and which zones of the wave's hosts are up elsewhere, too. */
function saidIn({ rules, facts, where = new Whereabouts() }: Omit<WaveQuestion, 'hosts'>): Said {
  const seen = where.look(Object.values(facts));
  return {
    rule: zone => ruleFor(rules, zone),
    alsoUp: (zone, host) => {
      const others = sharedStorageOf(zone).flatMap(mark => [...seen.ofMark(mark)]);
      const elsewhere = others.filter(name => name !== host && orderIn(facts).has(name));
      return elsewhere.sort((a, b) => (orderIn(facts).get(a) ?? 0) - (orderIn(facts).get(b) ?? 0))[0] ?? null;
    },
  };
}

const orders = new WeakMap<WaveQuestion['facts'], ReadonlyMap<string, number>>();

/** Which host stands where among the facts. */
function orderIn(facts: WaveQuestion['facts']): ReadonlyMap<string, number> {
  const made = orders.get(facts) ?? new Map(Object.values(facts).map((one, n) => [one.host, n] as const));
  orders.set(facts, made);
  return made;
}

/** Which zones of a host of the wave leave, asked one host at a time. */
export function leavingOf(question: WaveQuestion): (host: HostName) => Departures {
  // Asked as late as one likes: it shares what it has seen with nobody.
  const said = saidIn({ ...question, where: new Whereabouts() });
  const known = new Map<HostName, Departures>();
  return host => {
    const before = known.get(host);
    if (before) return before;
    const found = departuresOf(question, host, said)[0]?.departures ?? { leaving: [], staying: [], bound: [] };
    known.set(host, found);
    return found;
  };
}

function departuresOf(question: WaveQuestion, host: HostName, said: Said): readonly Leaving[] {
  const facts = question.facts[host];
  const evacuation = question.evacuation(host);
  return facts && evacuation ? [{ facts, evacuation, departures: departures(facts, evacuation, said) }] : [];
}

function requestOf(
  zone: ZoneFacts,
  source: Facts,
  evacuation: Evacuation,
  around: Pick<Request, 'rule' | 'company'>,
): Request {
  const request = { zone, source, ...around };
  if (evacuation.placement !== 'as_set') return { ...request, target: { is: 'any' } };
  const set = zone.target.is === 'known' && zone.target.value.is === 'set' ? zone.target.value.uri : null;
  const target = set === null ? ({ is: 'none' } as const) : ({ is: 'only', host: hostName(hostOfUri(set)) } as const);
  return { ...request, target };
}

/** The host in a RAD URI, `[scheme:]//[user@]host[:port]` (rad-uri(7)). */
function hostOfUri(uri: string): string {
  return /^(?:[a-z]+:)?\/\/(?:[^@/]*@)?([^:/]+)/.exec(uri)?.[1] ?? uri;
}

function candidatesOf(question: WaveQuestion): readonly Candidate[] {
  const closing = new Set<string>(question.hosts);
  return Object.values(question.facts)
    .filter(facts => !closing.has(facts.host))
    .map(facts => candidateOf(facts, question.settings(hostName(facts.host))));
}

const candidates = new WeakMap<Facts, { readonly settings: HostSettings; readonly candidate: Candidate }>();

/** The same one as long as nothing has changed: what is worked out of it once serves for many waves. */
function candidateOf(facts: Facts, settings: HostSettings): Candidate {
  const made = candidates.get(facts);
  if (made?.settings === settings) return made.candidate;
  const candidate = { facts, ...settings };
  candidates.set(facts, { settings, candidate });
  return candidate;
}

type Short = Extract<Placement, { is: 'short' }>;

function boundShortfall(wave: Wave, bound: Departures['bound']): Shortfall {
  const names = listed(bound.map(({ zone, host }) => `${zone} on ${host}`));
  return {
    is: 'shortfall',
    wave,
    message: `wave ${waveName(wave)}: ${names} can't leave`,
    reasons: bound.map(({ zone, host, why }) => ({ zone: zoneName(zone), host, why: [byRule(why)] })),
    ...{ proof: null, ways: [], help: [] },
  };
}

function roomShortfall(wave: Wave, requests: readonly Request[], short: Short): Shortfall {
  const { reasons, proof } = short;
  const zones = [...new Set(reasons.map(({ zone }) => zone))];
  const taken = zones.length === 0 ? 'any of them: no other host is there' : listed(zones);
  const others = zones.length === 0 ? 0 : requests.length - zones.length;
  // What a host can give is told as it would be then: not what it has now.
  const rest =
    others > 0 ? ` once the other ${others === 1 ? 'one has its place' : `${others} have their places`}` : '';
  return {
    is: 'shortfall',
    wave,
    message: `wave ${waveName(wave)}: no host can take ${taken}${rest} (${leave(requests.length)}, ${totalText(requests)} in all)`,
    reasons,
    ...{ proof, ways: [], help: [] },
  };
}

const leave = (zones: number): string => (zones === 1 ? '1 zone leaves' : `${zones} zones leave`);
