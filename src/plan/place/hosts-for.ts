// Which hosts may take a zone, for many zones and hosts at once: what the rules in fit.ts say, asked once for zones and
// hosts that are alike instead of once for each pair. It has no rule of its own: whatever is special is asked there.
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { cpusOf, memoryOf } from '../../model/room.ts';
import { type Candidate, obstaclesOfKind, poolOf, sparedBytes } from './fit.ts';
import { roomIn, sharedStorageOf } from './host-view.ts';
import type { Request } from './placement.ts';
import { type Seen, Whereabouts } from './whereabouts.ts';

export type Obstacles = (request: Request, host: Candidate) => readonly Obstacle[];

interface Spot {
  readonly host: Candidate;
  /** Hosts of one kind are equal by every rule that concerns no zone of theirs and no room. */
  readonly kind: string;
  /** null: nobody knows its room, or no zone may come for another reason that must be asked. */
  readonly room: {
    readonly bytes: number;
    readonly cpus: number;
    readonly takenCpus: number;
    readonly mostCpus: number;
  } | null;
}

/** Law: the same hosts as by asking for each pair. Zones that are alike get the same list. Only the newest one of the same whereabouts may be asked. */
export class HostsFor {
  readonly #spots: readonly Spot[];
  readonly #obstacles: Obstacles;
  readonly #seen: Seen;
  readonly #index: ReadonlyMap<string, number>;
  readonly #ofKinds = new Map<string, Map<string, boolean>>();
  readonly #lists = new Map<string, readonly number[]>();

  constructor(hosts: readonly Candidate[], obstacles: Obstacles, where: Whereabouts = new Whereabouts()) {
    this.#spots = hosts.map(spotOf);
    this.#obstacles = obstacles;
    this.#index = new Map(hosts.map(({ facts }, index) => [facts.host, index]));
    this.#seen = where.look(hosts.map(({ facts }) => facts));
  }

  /** As indexes, ascending. */
  for(request: Request): readonly number[] {
    const { zone, target } = request;
    const memory = memoryOf(zone);
    if (target.is !== 'any' || memory.is === 'unknown')
      return this.#spots.flatMap((spot, index) => (this.#isFree(request, spot) ? [index] : []));
    const list = this.#among(namesFor(request), this.#listFor(request, memory.value));
    const refusing = new Set(this.#special(request).filter(index => !this.#isFreeAt(request, index)));
    return refusing.size === 0 ? list : list.filter(index => !refusing.has(index));
  }

  #among(said: readonly ReadonlySet<string>[], list: readonly number[]): readonly number[] {
    if (said.length === 0) return list;
    return list.filter(index => said.every(names => names.has(this.#spots[index]?.host.facts.host ?? '')));
  }

  /** Hosts that have something of its own, or somebody whom it may not meet. */
  #special({ zone, company }: Request): readonly number[] {
    const names = [zone.name, ...company.rivals].map(name => this.#seen.ofName(name));
    const marks = sharedStorageOf(zone).map(mark => this.#seen.ofMark(mark));
    return [...names, ...marks].flatMap(hosts => [...hosts].flatMap(host => this.#index.get(host) ?? []));
  }

  #isFreeAt(request: Request, index: number): boolean {
    const spot = this.#spots[index];
    return spot !== undefined && this.#isFree(request, spot);
  }

  #isFree(request: Request, { host }: Spot): boolean {
    return this.#obstacles(request, host).length === 0;
  }

  /** For a zone of this kind and size of which no host has anything yet. */
  #listFor(request: Request, bytes: number): readonly number[] {
    const { zone, source } = request;
    const needs = zone.state === 'running' && bytes > 0 ? { bytes, cpus: cpusOf(zone) } : null;
    const kind = kindOfZone(zone, source);
    const key = `${kind} ${needs === null ? 'none' : `${needs.bytes} ${needs.cpus}`}`;
    const before = this.#lists.get(key);
    if (before) return before;
    const suiting = this.#suiting(kind);
    const list = this.#spots.flatMap((spot, index) => {
      const { room } = spot;
      if (needs !== null && room === null) return [];
      const hasRoom =
        needs === null ||
        room === null ||
        (needs.bytes <= room.bytes &&
          needs.cpus <= room.cpus &&
          (needs.cpus === 0 || room.takenCpus + needs.cpus <= room.mostCpus));
      return hasRoom && suits(request, spot, suiting) ? [index] : [];
    });
    this.#lists.set(key, list);
    return list;
  }

  /** By kind of host; filled as it is asked. */
  #suiting(kind: string): Map<string, boolean> {
    const before = this.#ofKinds.get(kind);
    if (before) return before;
    const made = new Map<string, boolean>();
    this.#ofKinds.set(kind, made);
    return made;
  }
}

/** Where alone the zone may be by what is said of it, and where its company is: in each of these. */
function namesFor({ zone, rule, company: { anchors } }: Request): readonly ReadonlySet<string>[] {
  const together = zone.state === 'running' && anchors.length > 0 ? anchors.map(({ host }) => host) : null;
  return [rule?.pin ? [rule.pin] : null, rule?.allowed ?? null, together].flatMap(names =>
    names === null ? [] : [new Set<string>(names)],
  );
}

function suits({ zone, source }: Request, spot: Spot, known: Map<string, boolean>): boolean {
  const before = known.get(spot.kind);
  if (before !== undefined) return before;
  const found = obstaclesOfKind(zone, source, spot.host).length === 0;
  known.set(spot.kind, found);
  return found;
}

const spots = new WeakMap<Candidate, Spot>();

function spotOf(host: Candidate): Spot {
  const made = spots.get(host) ?? spotMadeOf(host);
  spots.set(host, made);
  return made;
}

function spotMadeOf(host: Candidate): Spot {
  const { facts, accepts, pools } = host;
  const { os, cpuClass, maintenance, zones } = facts;
  const kind = JSON.stringify([...systemOf(os, cpuClass), accepts, pools, maintenance.is, zones.is]);
  const room = roomIn(facts, host.reserveBytes);
  if (room.is === 'unknown') return { host, kind, room: null };
  const { cpus, takenCpus } = room.value;
  const mostCpus = host.cpuOvercommit === null ? Number.POSITIVE_INFINITY : cpus * host.cpuOvercommit;
  const bytes = sparedBytes(facts, host.reserveBytes) ?? 0;
  return { host, kind, room: { bytes, cpus, takenCpus, mostCpus } };
}

function kindOfZone(zone: ZoneFacts, { os, cpuClass }: Facts): string {
  const arch = zone.configuration.is === 'known' ? zone.configuration.value.cpuArch : '';
  return JSON.stringify([...systemOf(os, cpuClass), zone.brand, zone.state, arch, poolOf(zone)]);
}

function systemOf(os: Facts['os'], cpuClass: Facts['cpuClass']): readonly (string | null)[] {
  return [
    ...(os.is === 'known' ? [os.value.arch, os.value.version] : [null, null]),
    cpuClass.is === 'known' ? cpuClass.value : null,
  ];
}
