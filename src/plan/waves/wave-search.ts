// Filling one wave of `waves: auto`: hosts are added after a quick look at what the operator forbids, at room, and at whether
// one more host could be lost; then the whole placement is asked, and the wave becomes smaller until that agrees. In which
// order hosts are tried, and where their zones may go, is said by whoever asks.
import { type Facts, known } from '../../model/facts.ts';
import { type HostName, hostName } from '../../model/ids.ts';
import type { ZoneRule } from '../../model/inventory.ts';
import { type Chosen, type Shortfall, waveName, type WavePlan } from '../../model/plan.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { type Guest, guestsOn } from '../campaign/guests.ts';
import { withWaysOut } from '../shortfall/ways-out.ts';
import type { Domains } from './domains.ts';
import { maxOutText, openText, unsafeText } from './out-text.ts';
import { SpareRoom } from './spare-room.ts';
import { leavingOf, planWaveFrom, type WaveQuestion } from './wave-plan.ts';

export interface AutoQuestion extends Omit<WaveQuestion, 'hosts'> {
  /** All that haven't had their wave. */
  readonly left: readonly HostName[];
  /** Those of them that may be in this one, in the order in which they take their turn. */
  readonly among: readonly HostName[];
  /** It is closed or goes down by its own tasks. */
  readonly closes: (host: HostName) => boolean;
  readonly guests: readonly Guest[];
  readonly domains: Domains;
  /** A canary; null: as many as fit. */
  readonly most: number | null;
  readonly maxOut: number | null;
  /** Out already, against all plans: one host goes alone where no wave is safe, but not beside them. */
  readonly lost: readonly HostName[];
  /** Hosts of the play that were found closed when the run was planned, and are: out already, whoever goes beside them. */
  readonly found: readonly HostName[];
  /** As they were before: the others had the room of these to count on. */
  readonly formerly: Readonly<Record<HostName, Facts>>;
  /** Hosts of the play that it doesn't close any more. */
  readonly settled: ReadonlySet<HostName>;
  readonly returns: 'home' | 'stay';
}

/** One way to fill a wave; the first that gives anybody a turn is taken. */
export interface Attempt {
  readonly order: readonly HostName[];
  /** Where zones may go while hosts are chosen; null: anywhere. */
  readonly into: ReadonlySet<HostName> | null;
  readonly most: number;
  /** Only as long as one more host could be lost. Otherwise one host goes alone, and that is told. */
  readonly safe: boolean;
  /** What goes to hosts still to come may go to any of them. */
  readonly anyhow: boolean;
  /** When the quick look finds room for nobody, the search is asked. */
  readonly last: boolean;
}

/** So many hosts in a row that make the wave unsafe: those behind them would, too. */
const MISSES = 32;
/** Work for choosing another host where one makes a wave fail: zones times hosts, counted for each try. */
const WORK = 1_000_000;
/** So many single hosts are tried with the whole placement when the quick look finds room for none. */
const SINGLES = 16;

/** Who is to be left out of the next try. */
interface Untried {
  readonly is: 'not';
  readonly out: readonly HostName[];
}

export class WaveSearch {
  readonly #question: AutoQuestion;
  readonly #spare: SpareRoom;
  /** Lost already if they fail with nobody out: no wave changes that. */
  readonly #hopeless: ReadonlySet<HostName>;
  readonly #closed: readonly HostName[];
  readonly #leaving: (host: HostName) => ReadonlySet<string>;
  readonly #why = new Map<HostName, string>();
  /** Hosts that can't go even alone, in the order in which that was found. */
  readonly #short = new Map<HostName, Shortfall>();
  readonly able: readonly HostName[];
  /** So often another host may take the place of one that makes a wave fail; then waves only become smaller. */
  readonly #mostTries: number;
  #chosen: HostName[] = [];
  #misses = 0;

  constructor(question: AutoQuestion) {
    this.#question = question;
    const { facts, settings, rules } = question;
    const rule = (zone: string) => ruleFor(rules, zone);
    this.#spare = new SpareRoom({ facts, settings, rule });
    this.#hopeless = this.#endangeredBefore(question.formerly, rule);
    this.#mostTries = Math.max(1, Math.floor(WORK / Math.max(1, sizeOf(facts))));
    this.#closed = hostsIn(facts).filter(host => isClosed(facts[host]));
    const departures = leavingOf({ ...question, hosts: question.among });
    const leaving = new Map<HostName, ReadonlySet<string>>();
    this.#leaving = host => {
      const names = leaving.get(host) ?? new Set(departures(host).leaving.map(zone => zone.name));
      leaving.set(host, names);
      return names;
    };
    this.able = question.among.filter(host => {
      const bound = departures(host).bound.map(({ zone, why }) => `${zone} can't leave: ${why}`);
      const held = question.closes(host) ? guestsOn(question.guests, host) : [];
      if (bound.length + held.length > 0) this.#why.set(host, [...held, ...bound].join('; '));
      return bound.length + held.length === 0;
    });
  }

  /** With the room of hosts that were lost since. What ran there isn't counted twice: it may run elsewhere now. */
  #endangeredBefore(
    formerly: AutoQuestion['formerly'],
    rule: (zone: string) => ZoneRule | null,
  ): ReadonlySet<HostName> {
    const before = Object.values(formerly);
    if (before.length === 0) return this.#spare.endangered();
    const { facts, settings } = this.#question;
    const emptied = before.map(one => [hostName(one.host), { ...one, zones: known([]) }] as const);
    return new SpareRoom({ facts: { ...facts, ...Object.fromEntries(emptied) }, settings, rule }).endangered();
  }

  filled(attempt: Attempt): Chosen | null {
    let pool = attempt.order;
    for (let tries = 1; pool.length > 0; tries += 1) {
      this.#reset();
      this.#grow(pool, attempt);
      const hosts = [...this.#chosen];
      if (hosts.length === 0) break;
      const tried = this.#tried(hosts, attempt);
      if (tried.is === 'planned') return tried;
      const fewer = tries < this.#mostTries ? null : this.#fewer(hosts, attempt);
      if (fewer !== null) return fewer;
      if (tries > this.#mostTries + MISSES) break;
      const out = tries < this.#mostTries ? tried.out : hosts.slice(0, 1);
      pool = pool.filter(host => !out.includes(host));
    }
    return attempt.last ? this.#single(attempt) : null;
  }

  /** With the whole placement. */
  #tried(hosts: readonly HostName[], attempt: Attempt): Extract<Chosen, { is: 'planned' }> | Untried {
    const tried = this.#planned(hosts, attempt, this.#question);
    if (tried.is === 'planned' || !attempt.anyhow || hosts.length > 1) return tried;
    // Beside hosts that come last there may be one where its zones leave the others safe: they move twice either way.
    const { forGood } = this.#question;
    if (forGood === undefined) return tried;
    const anywhere = { ...this.#question, forGood: { ...forGood, tiers: () => forGood.tiers().slice(0, -1) } };
    const again = this.#planned(hosts, attempt, anywhere);
    return again.is === 'planned' ? again : tried;
  }

  #planned(
    hosts: readonly HostName[],
    { safe }: Attempt,
    question: AutoQuestion,
  ): Extract<Chosen, { is: 'planned' }> | Untried {
    const planned = planWaveFrom({ ...question, hosts });
    if (planned.is === 'shortfall') return { is: 'not', out: this.#culprits(planned, hosts) };
    const lost = this.#lostIn(planned.plan);
    if (lost.length === 0 || !safe) return { ...planned, notes: notesOn(planned.plan, lost) };
    const out = hosts.slice(-1);
    for (const host of out) this.#why.set(host, unsafeText(lost));
    return { is: 'not', out };
  }

  /** As many of the first of them as the whole placement has room for: one less, two less, four less, and then between. */
  #fewer(hosts: readonly HostName[], attempt: Attempt): Chosen | null {
    let many = hosts.length;
    let few = 0;
    let found: Chosen | null = null;
    for (let less = 1; found === null && few < many - 1; less *= 2) {
      const count = Math.max(1, hosts.length - less);
      const tried = this.#tried(hosts.slice(0, count), attempt);
      if (tried.is === 'planned') [few, found] = [count, tried];
      else many = count;
    }
    while (found !== null && many - few > 1) {
      const count = Math.floor((few + many) / 2);
      const tried = this.#tried(hosts.slice(0, count), attempt);
      if (tried.is === 'planned') [few, found] = [count, tried];
      else many = count;
    }
    return found;
  }

  /** The quick look finds no room: the search, which is cleverer, may. */
  #single({ order, safe }: Attempt): Chosen | null {
    this.#reset();
    for (const host of order.slice(0, SINGLES)) {
      if (this.#question.closes(host) && this.#forbidden(host) !== null) continue;
      if (this.#short.has(host)) continue;
      const planned = planWaveFrom({ ...this.#question, hosts: [host] });
      if (planned.is === 'shortfall') {
        this.#short.set(host, planned);
        continue;
      }
      const lost = this.#lostIn(planned.plan);
      if (lost.length === 0 || !safe) return { ...planned, notes: notesOn(planned.plan, lost) };
      this.#why.set(host, unsafeText(lost));
    }
    return null;
  }

  nobody(): Shortfall {
    const { wave, among: left, lost: out } = this.#question;
    // None more is named: only of these it is known why.
    const named = left.slice(0, SINGLES).map(host => `${host} (${this.#why.get(host) ?? 'no room for its zones'})`);
    const more = left.length > SINGLES ? ` and ${left.length - SINGLES} more` : '';
    const seen = new Set<string>();
    const reasons = [...this.#short.values()]
      .flatMap(one => one.reasons)
      .filter(({ zone, host }) => {
        const key = `${zone} ${host}`;
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      });
    const [first] = this.#short;
    const tried = first === undefined ? null : withWaysOut({ ...this.#question, hosts: [first[0]] }, first[1]);
    const help = (tried?.help ?? []).map(text => `so that ${first?.[0] ?? ''} can go: ${text}`);
    return {
      is: 'shortfall',
      wave,
      message: `wave ${waveName(wave)}: no host that is left can go out: ${named.join(', ')}${more}`,
      reasons,
      ...{ proof: tried?.proof ?? null, ways: tried?.ways ?? [] },
      help: [...help, ...(out.length === 0 ? [] : [openText(out)]), 'leave these hosts out with -l'],
    };
  }

  #reset(): void {
    this.#spare.back(0);
    this.#chosen = [];
    this.#misses = 0;
  }

  /** All of them together if that is safe, otherwise the first half, then the second. */
  #grow(pool: readonly HostName[], attempt: Attempt): void {
    if (this.#misses > MISSES || this.#chosen.length >= attempt.most) return;
    const mark = this.#spare.mark();
    const before = this.#chosen.length;
    for (const host of pool) {
      if (this.#chosen.length >= attempt.most) break;
      this.#add(host, attempt);
    }
    if (this.#chosen.length === before) return;
    if (!attempt.safe || this.#isSafe()) {
      this.#misses = 0;
      return;
    }
    const [one] = pool;
    if (pool.length === 1 && one !== undefined) {
      this.#misses += 1;
      this.#why.set(one, unsafeText(this.#lost()));
    }
    this.#spare.back(mark);
    this.#chosen = this.#chosen.slice(0, before);
    if (pool.length === 1) return;
    const half = Math.ceil(pool.length / 2);
    this.#grow(pool.slice(0, half), attempt);
    this.#grow(pool.slice(half), attempt);
  }

  #add(host: HostName, { into }: Attempt): void {
    const forbidden = this.#question.closes(host) ? this.#forbidden(host) : null;
    if (forbidden !== null) {
      this.#why.set(host, forbidden);
      return;
    }
    if (this.#spare.takeOut(host, this.#leaving(host), into)) this.#chosen.push(host);
  }

  /** By what is said of how many may be out at once. */
  #forbidden(host: HostName): string | null {
    const { closes, facts, domains, maxOut, settled, found, lost } = this.#question;
    const own = domains.of(host);
    // One that is out already takes nobody else's place.
    if (found.includes(host) || (maxOut === null && own.length === 0)) return null;
    const out = this.#chosen.filter(closes);
    const stillOut = [...settled, ...found].filter(one => isClosed(facts[one]));
    if (maxOut !== null && new Set([...out, ...stillOut, ...lost]).size >= maxOut)
      return maxOutText(maxOut, [...new Set([...lost, ...found])]);
    const down = own.length === 0 ? [] : [...lost, ...this.#closed.filter(one => one !== host)];
    for (const domain of own) {
      const fellows = [...out, ...down].filter(one => domains.of(one).includes(domain));
      if (new Set(fellows).size >= domains.mostOut(domain))
        return `${domain} has ${[...new Set(fellows)].join(', ')} out (domain_max_out: ${domains.mostOut(domain)})`;
    }
    return null;
  }

  #isSafe(): boolean {
    return !this.#spare.isDangerous(this.#hopeless);
  }

  #lost(): readonly HostName[] {
    return [...this.#spare.endangered()].filter(host => !this.#hopeless.has(host));
  }

  /** The same question of the wave as it was planned. */
  #lostIn({ hosts, migrations }: WavePlan): readonly HostName[] {
    this.#spare.back(0);
    for (const host of hosts) this.#spare.close(host);
    for (const { zone, from, to } of migrations) this.#spare.put(zone, from, to);
    return this.#lost();
  }

  /** Whose zones find no place; the last one when nobody can say. */
  #culprits(short: Shortfall, hosts: readonly HostName[]): readonly HostName[] {
    const [alone] = hosts;
    if (hosts.length === 1 && alone !== undefined) this.#short.set(alone, short);
    const zones = new Set<string>(short.reasons.map(({ zone }) => zone));
    const theirs = hosts.filter(host => [...this.#leaving(host)].some(zone => zones.has(zone)));
    return theirs.length === 0 || theirs.length === hosts.length ? hosts.slice(Math.floor(hosts.length / 2)) : theirs;
  }
}

/** Zones times hosts. */
function sizeOf(facts: AutoQuestion['facts']): number {
  const hosts = Object.values(facts);
  return hosts.length * hosts.reduce((sum, { zones }) => sum + (zones.is === 'known' ? zones.value.length : 0), 0);
}

export const hostsIn = (facts: AutoQuestion['facts']): readonly HostName[] =>
  Object.values(facts).map(({ host }) => hostName(host));

const isClosed = (facts: Facts | undefined): boolean => facts?.maintenance.is === 'closed';

function notesOn({ hosts }: WavePlan, lost: readonly HostName[]): readonly string[] {
  if (lost.length === 0) return [];
  return [`while ${hosts.join(', ')} is out, ${unsafeText(lost)}`];
}
