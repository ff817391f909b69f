// In which order zones move: stages, each begun when the one before is over, so that no host is over its memory at any
// instant. A zone that moves holds its memory at both ends; what it left is free only when its stage is over. Two that
// wait for each other are freed by parking one on a third host. Numbers only: which zone may be where is for others.
import { type HostName, hostName, type ZoneName } from '../../model/ids.ts';
import type { MoveLimits } from '../../model/move-limits.ts';

/** A zone's way, as it is wanted. */
export interface Trip {
  readonly zone: ZoneName;
  readonly from: HostName;
  readonly to: HostName;
  /** Memory that it holds where it is, and takes where it goes. */
  readonly bytes: number;
  /** Hosts where it may wait when nothing else helps. */
  readonly parks: readonly HostName[];
  /** Zones that may not be on a host with it, not even on the way. */
  readonly apart: readonly ZoneName[];
}

export interface OrderQuestion {
  readonly trips: readonly Trip[];
  /** What each host may still take before the first zone moves; a host that isn't here takes anything. */
  readonly freeBytes: Readonly<Record<HostName, number>>;
  readonly limits: MoveLimits;
}

/** One migration in its stage. A parked zone has two. */
export interface Leg {
  readonly zone: ZoneName;
  readonly from: HostName;
  readonly to: HostName;
  readonly bytes: number;
  /** It goes on from there later. */
  readonly parks: boolean;
  /** Zones that have to be gone from there first. */
  readonly after: readonly ZoneName[];
}

export type MoveOrder =
  | { readonly is: 'ordered'; readonly stages: readonly (readonly Leg[])[] }
  /** These zones wait for each other, and no host has room to park one of them. */
  | { readonly is: 'blocked'; readonly stages: readonly (readonly Leg[])[]; readonly waiting: readonly ZoneName[] };

/** A trip that isn't over. Two hosts may have zones of one name: it is known by the object it began as. */
interface Waiting extends Trip {
  readonly asked: Trip;
}

interface Step {
  readonly leg: Leg;
  readonly of: Trip;
}

type Rank = (a: Trip, b: Trip) => number;

const byName: Rank = (a, b) => compareText(a.zone, b.zone) || compareText(a.from, b.from);
const largestFirst: Rank = (a, b) => b.bytes - a.bytes || byName(a, b);
const smallestFirst: Rank = (a, b) => a.bytes - b.bytes || byName(a, b);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Law: every zone arrives where it was to go, or the order is blocked; no host takes more than it has free at that time. */
export function moveOrder(question: OrderQuestion): MoveOrder {
  const first = attempt(question, largestFirst);
  if (first.order.is === 'ordered' && first.parked === 0) return first.order;
  const second = attempt(question, smallestFirst);
  if (second.order.is === 'blocked') return first.order;
  return first.order.is === 'blocked' || second.parked < first.parked ? second.order : first.order;
}

function attempt(question: OrderQuestion, rank: Rank): { readonly order: MoveOrder; readonly parked: number } {
  const yard = new Yard(question);
  const stages: (readonly Leg[])[] = [];
  const blocked = (): MoveOrder => ({ is: 'blocked', stages, waiting: yard.waiting.map(trip => trip.zone).sort() });
  while (yard.waiting.length > 0) {
    const stage = yard.stage(rank);
    const moved = stage.length > 0 ? stage : yard.park();
    if (moved.length === 0) return { order: blocked(), parked: yard.parked.size };
    yard.settle(moved);
    stages.push(moved.map(({ leg }) => leg));
  }
  return { order: { is: 'ordered', stages }, parked: yard.parked.size };
}

/** Where everything is while the stages are worked out. */
class Yard {
  waiting: readonly Waiting[];
  readonly parked = new Set<Trip>();
  readonly #limits: MoveLimits;
  readonly #free: Map<HostName, number>;
  /** The zones of the question that are on a host, or on their way to it. */
  readonly #present = new Map<HostName, Set<ZoneName>>();
  /** Of a zone that found no room: who left its destination since. */
  readonly #left = new Map<Trip, ZoneName[]>();

  constructor({ trips, freeBytes, limits }: OrderQuestion) {
    this.waiting = trips.map(trip => ({ ...trip, asked: trip })).sort(byName);
    this.#limits = limits;
    this.#free = new Map(Object.entries(freeBytes).map(([host, bytes]) => [hostName(host), bytes]));
    for (const { zone, from } of trips) this.#on(from).add(zone);
  }

  /** As many as fit now: first those that others wait for, then by rank. Room is taken, and nothing is freed yet. */
  stage(rank: Rank): readonly Step[] {
    const shut = this.waiting.filter(trip => !this.#fits(trip, trip.to));
    const awaited = new Set(shut.map(trip => trip.to));
    for (const trip of shut) if (!this.#left.has(trip.asked)) this.#left.set(trip.asked, []);
    const order = [...this.waiting].sort(
      (a, b) => Number(awaited.has(b.from)) - Number(awaited.has(a.from)) || rank(a, b),
    );
    const counts = new Counts(this.#limits);
    const stage: Step[] = [];
    for (const trip of order) {
      if (counts.isFull()) break;
      if (!counts.allow(trip) || !this.#fits(trip, trip.to)) continue;
      counts.add(trip);
      stage.push(this.#takes(trip, trip.to));
    }
    return stage;
  }

  /** One zone steps aside, at most once: the smallest whose leaving lets another in, else the largest that has a place to wait. */
  park(): readonly Step[] {
    const able = this.waiting.flatMap(trip => {
      const host = this.parked.has(trip.asked) ? undefined : this.#parkFor(trip);
      return host === undefined ? [] : [{ trip, host, helps: this.waiting.some(other => this.#frees(trip, other)) }];
    });
    const [best] = able.sort(
      (a, b) => Number(b.helps) - Number(a.helps) || (a.helps ? smallestFirst : largestFirst)(a.trip, b.trip),
    );
    if (best === undefined) return [];
    this.parked.add(best.trip.asked);
    const { leg, of } = this.#takes(best.trip, best.host);
    return [{ of, leg: { ...leg, parks: true } }];
  }

  /** The stage is over: what left is free, who arrived waits no more. */
  settle(stage: readonly Step[]): void {
    const done = new Map(stage.map(({ leg, of }) => [of, leg]));
    const coming = new Map<HostName, Waiting[]>();
    for (const trip of this.waiting) coming.set(trip.to, [...(coming.get(trip.to) ?? []), trip]);
    for (const { leg } of stage) {
      const { zone, from, bytes } = leg;
      this.#on(from).delete(zone);
      const free = this.#free.get(from);
      if (free !== undefined) this.#free.set(from, free + bytes);
      for (const trip of coming.get(from) ?? []) this.#left.get(trip.asked)?.push(zone);
    }
    this.waiting = this.waiting.flatMap(trip => {
      const leg = done.get(trip.asked);
      if (leg === undefined) return [trip];
      return leg.parks ? [{ ...trip, from: leg.to }] : [];
    });
  }

  #parkFor(trip: Trip): HostName | undefined {
    const awaited = new Set(this.waiting.map(other => other.to));
    return trip.parks
      .filter(host => host !== trip.from && host !== trip.to && this.#fits(trip, host))
      .sort(
        (a, b) =>
          Number(awaited.has(a)) - Number(awaited.has(b)) || this.#freeOn(b) - this.#freeOn(a) || (a < b ? -1 : 1),
      )[0];
  }

  /** Whether the other could go if this one were gone. */
  #frees(trip: Waiting, other: Waiting): boolean {
    if (other === trip || other.to !== trip.from) return false;
    return this.#freeOn(other.to) + trip.bytes >= other.bytes && this.#rivals(other, other.to, trip.zone) === 0;
  }

  #takes(trip: Waiting, to: HostName): Step {
    const free = this.#free.get(to);
    if (free !== undefined) this.#free.set(to, free - trip.bytes);
    this.#on(to).add(trip.zone);
    const { zone, from, bytes } = trip;
    const after = to === trip.to ? (this.#left.get(trip.asked) ?? []) : [];
    return { of: trip.asked, leg: { zone, from, to, bytes, parks: false, after } };
  }

  #fits(trip: Trip, host: HostName): boolean {
    return this.#freeOn(host) >= trip.bytes && this.#rivals(trip, host, null) === 0;
  }

  #rivals(trip: Trip, host: HostName, without: ZoneName | null): number {
    if (trip.apart.length === 0) return 0;
    const there = this.#present.get(host);
    return trip.apart.filter(zone => zone !== without && there?.has(zone)).length;
  }

  #freeOn(host: HostName): number {
    return this.#free.get(host) ?? Number.POSITIVE_INFINITY;
  }

  #on(host: HostName): Set<ZoneName> {
    const there = this.#present.get(host) ?? new Set<ZoneName>();
    this.#present.set(host, there);
    return there;
  }
}

/** How many of a stage leave and come to each host. */
class Counts {
  readonly #limits: MoveLimits;
  readonly #out = new Map<HostName, number>();
  readonly #in = new Map<HostName, number>();
  #all = 0;

  constructor(limits: MoveLimits) {
    this.#limits = limits;
  }

  isFull(): boolean {
    return this.#limits.inAll !== null && this.#all >= this.#limits.inAll;
  }

  allow({ from, to }: Trip): boolean {
    const most = (limit: number | null): number => limit ?? Number.POSITIVE_INFINITY;
    return (
      (this.#out.get(from) ?? 0) < most(this.#limits.fromHost(from)) &&
      (this.#in.get(to) ?? 0) < most(this.#limits.toHost(to))
    );
  }

  add({ from, to }: Trip): void {
    this.#out.set(from, (this.#out.get(from) ?? 0) + 1);
    this.#in.set(to, (this.#in.get(to) ?? 0) + 1);
    this.#all += 1;
  }
}
