// The ways out of a wave that has no plan, best first. Each is tried by the planner itself, in the world as it would
// then be, before it is offered; what wasn't tried with success isn't offered. How much is tried is bounded by counts,
// never by a clock.
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import { type HostName, zoneName } from '../../model/ids.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import type { Shortfall, Stoppable, WayOut } from '../../model/plan.ts';
import { isOfMemory } from '../../model/obstacle.ts';
import { noRule, ruleFor } from '../../model/zone-rule.ts';
import { roomIn } from '../place/host-view.ts';
import { sizeOf } from '../place/packing-question.ts';
import { roomMade } from './room-made.ts';
import { fitsIn, type WaveQuestion } from '../waves/wave-plan.ts';
import { wayOutText } from './way-out-text.ts';
import { Whereabouts } from '../place/whereabouts.ts';
import { withMemory, withStopped } from '../place/world.ts';

/** Times that the planner is asked for one kind of way out, at most. */
const TRIES = 120;
/** Work for all tries of a kind: zones times hosts, counted for each. */
const WORK = 3_000_000;

/** The same shortfall with its ways out. */
export function withWaysOut(question: WaveQuestion, shortfall: Shortfall): Shortfall {
  const trial = new Trial(question);
  const all: readonly WayOut[] = [
    ...roomMade(question, trial.fits),
    ...trial.smallerWaves(),
    ...trial.chosen(),
    ...trial.stops(),
    ...trial.memory(shortfall),
  ];
  return { ...shortfall, ways: all, help: all.map(wayOutText) };
}

interface Missing {
  readonly bytes: number | null;
  readonly tries: number;
}

interface Ranked {
  readonly said: Stoppable;
  readonly priority: number;
}

class Trial {
  readonly #question: WaveQuestion;
  readonly #most: number;

  constructor(question: WaveQuestion) {
    // What differs from one try to the next are the facts of a few hosts: the others are looked at once.
    this.#question = { ...question, where: question.where ?? new Whereabouts() };
    const zones = question.hosts.reduce((sum, host) => sum + zonesOn(question.facts[host]).length, 0);
    const each = Math.max(1, zones * Object.keys(question.facts).length);
    this.#most = Math.max(8, Math.min(TRIES, Math.floor(WORK / each)));
  }

  readonly fits = (change: Partial<WaveQuestion>): boolean => fitsIn({ ...this.#question, ...change });

  /** As few waves as a first fit makes, in the order of the play; none when a single host is the trouble alone. */
  smallerWaves(): readonly WayOut[] {
    const { hosts } = this.#question;
    if (hosts.length < 2 || (hosts.length * (hosts.length + 1)) / 2 > this.#most) return [];
    const alone = hosts.filter(host => this.fits({ hosts: [host] }));
    const leftOut = hosts.filter(host => !alone.includes(host));
    const waves: HostName[][] = [];
    for (const host of alone) {
      const wave = waves.find(one => this.fits({ hosts: [...one, host] }));
      if (wave === undefined) waves.push([host]);
      else wave.push(host);
    }
    return waves.length === 0 ? [] : [{ is: 'smaller-waves', waves, leftOut }];
  }

  /** The planner's own choice, where the operator's targets don't work. */
  chosen(): readonly WayOut[] {
    const { hosts, evacuation } = this.#question;
    if (!hosts.some(host => evacuation(host)?.placement === 'as_set')) return [];
    const free = (host: HostName) => {
      const asked = evacuation(host);
      return asked === null ? null : { ...asked, placement: 'spread' as const };
    };
    return this.fits({ evacuation: free }) ? [{ is: 'choose' }] : [];
  }

  /** Zones that needn't move: those that may stop first, then those of the lowest priority; of these the fewest, the smallest. */
  stops(): readonly WayOut[] {
    const all = this.#stoppable();
    const willing = all.filter(({ said }) => said.mayStop);
    const zones = this.#lowest(willing) ?? this.#lowest(all);
    return zones === null ? [] : [{ is: 'stop', zones }];
  }

  /** None of a higher priority than it takes. */
  #lowest(ranked: readonly Ranked[]): readonly Stoppable[] | null {
    for (const most of new Set(ranked.map(({ priority }) => priority).toSorted((a, b) => a - b))) {
      const zones = this.#fewest(ranked.flatMap(({ said, priority }) => (priority <= most ? [said] : [])));
      if (zones !== null) return zones;
    }
    return null;
  }

  #stoppable(): readonly Ranked[] {
    const { hosts, facts, rules } = this.#question;
    const found = hosts.flatMap(host =>
      zonesOn(facts[host]).flatMap(zone => {
        const rule = ruleFor(rules, zone.name);
        // Who is managed by others or stays already isn't ours to stop, or wins nothing.
        const isOurs = zone.state === 'running' && (rule?.managedBy ?? null) === null && rule?.stays !== true;
        const mayStop = rule?.mayStop ?? false;
        const said = { zone: zoneName(zone.name), host, bytes: sizeOf(zone), mayStop };
        return isOurs ? [{ said, priority: rule?.priority ?? 0 }] : [];
      }),
    );
    return found.sort(
      (a, b) =>
        Number(b.said.mayStop) - Number(a.said.mayStop) ||
        a.priority - b.priority ||
        a.said.bytes - b.said.bytes ||
        (a.said.zone < b.said.zone ? -1 : 1),
    );
  }

  /** One, else two, else as many as it takes from the front of the list, without those that turn out not to be needed. */
  #fewest(zones: readonly Stoppable[]): readonly Stoppable[] | null {
    if (zones.length === 0 || !this.#without(zones)) return null;
    let left = this.#most;
    for (const one of zones) {
      if (left-- <= 0) break;
      if (this.#without([one])) return [one];
    }
    for (const [n, one] of zones.entries()) {
      for (const other of zones.slice(n + 1)) {
        if (left-- <= 0) return this.#pruned(zones);
        if (this.#without([one, other])) return [one, other];
      }
    }
    return this.#pruned(zones);
  }

  #pruned(zones: readonly Stoppable[]): readonly Stoppable[] {
    let [few, many] = [0, zones.length];
    while (many - few > 1) {
      const half = Math.floor((few + many) / 2);
      if (this.#without(zones.slice(0, half))) many = half;
      else few = half;
    }
    let kept = zones.slice(0, many);
    // One by one from the last; of very many, some at a time.
    const size = Math.ceil(many / TRIES);
    for (let from = Math.floor((many - 1) / size) * size; from >= 0; from -= size) {
      const part = new Set(zones.slice(from, Math.min(many, from + size)));
      const rest = kept.filter(one => !part.has(one));
      if (rest.length > 0 && this.#without(rest)) kept = rest;
    }
    return kept;
  }

  #without(zones: readonly Stoppable[]): boolean {
    const stays: readonly SaidOfZones[] = zones.map(({ zone }) => ({ ...noRule(zone), stays: true }));
    const { rules, facts } = this.#question;
    const down = new Map(
      zones.map(({ host }) => [host, new Set(zones.filter(one => one.host === host).map(one => one.zone))]),
    );
    const stopped = [...down].flatMap(([host, names]) => {
      const own = facts[host];
      return own === undefined ? [] : [[host, withStopped(own, names)] as const];
    });
    return this.fits({ rules: [...rules, ...stays], facts: { ...facts, ...Object.fromEntries(stopped) } });
  }

  /** The host that needs the least more memory for all of it; those with the most room are asked first. */
  memory({ reasons }: Shortfall): readonly WayOut[] {
    const { hosts, facts, settings } = this.#question;
    const short = new Set(reasons.filter(({ why }) => why.some(isOfMemory)).map(({ host }) => host));
    const free = new Map(
      [...short].map(host => [host, facts[host] ? freeOf(facts[host], settings(host).reserveBytes) : 0] as const),
    );
    const asked = [...short]
      .filter(host => !hosts.includes(host))
      .sort((a, b) => (free.get(b) ?? 0) - (free.get(a) ?? 0) || (a < b ? -1 : 1));
    const wanted = hosts.reduce(
      (sum, host) => sum + zonesOn(facts[host]).reduce((all, one) => all + sizeOf(one), 0),
      0,
    );
    const step = Math.ceil(wanted / 2 ** HALVINGS);
    let least: { readonly host: HostName; readonly bytes: number } | null = null;
    let left = this.#most;
    for (const host of asked) {
      if (left <= 0) break;
      // Only for less than the best so far: one try for most hosts.
      const mosts: readonly number[] =
        least === null ? [wanted, Math.ceil(wanted * WITH_RESERVE)] : [least.bytes - step];
      const missing = this.#missing(host, mosts, step);
      left -= missing.tries;
      if (missing.bytes !== null) least = { host, bytes: missing.bytes };
    }
    return least === null ? [] : [{ is: 'memory', ...least }];
  }

  /** To a step, from the first of `mosts` that would do; null when none does. */
  #missing(host: HostName, mosts: readonly number[], step: number): Missing {
    const own = this.#question.facts[host];
    if (own === undefined) return { bytes: null, tries: 0 };
    const does = (bytes: number): boolean =>
      this.fits({ facts: { ...this.#question.facts, [host]: withMemory(own, bytes) } });
    const first = mosts.findIndex(bytes => bytes > 0 && does(bytes));
    const most = mosts[first];
    if (most === undefined) return { bytes: null, tries: mosts.length };
    let [few, many, tries] = [0, most, first + 1];
    while (many - few > step) {
      const half = Math.ceil((few + many) / 2);
      tries += 1;
      if (does(half)) many = half;
      else few = half;
    }
    return { bytes: many, tries };
  }
}

function freeOf(facts: Facts, reserveBytes: number | null): number {
  const room = roomIn(facts, reserveBytes);
  return room.is === 'known' ? room.value.freeBytes : 0;
}

/** A part of what a host gets more is its own reserve. */
const WITH_RESERVE = 1.25;
/** Of the search for a number of bytes: to a thousandth of all that leaves. */
const HALVINGS = 10;

function zonesOn(facts: Facts | undefined): readonly ZoneFacts[] {
  return facts?.zones.is === 'known' ? facts.zones.value : [];
}
