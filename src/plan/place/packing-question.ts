// The question of placement as numbers: which zone may go to which host by every rule that doesn't depend on what else
// is placed, what it takes there, and how much each host may still take of memory. Zones that must be together are one
// item.
import type { ZoneFacts } from '../../model/facts.ts';
import { cpusOf, memoryOf } from '../../model/room.ts';
import { type Candidate, freeNow } from './fit.ts';
import { roomIn } from './host-view.ts';
import type { HostsFor } from './hosts-for.ts';
import type { Bin, Instance, Vector } from './packing/instance.ts';
import type { Request } from './placement.ts';

/** Memory that the zone will hold at its destination; 0 for one that isn't running. */
export function sizeOf(zone: ZoneFacts): number {
  const memory = memoryOf(zone);
  return memory.is === 'known' && zone.state === 'running' ? memory.value : 0;
}

const FULL = Number.POSITIVE_INFINITY;

export interface Question {
  readonly instance: Instance;
  /** For each item the requests that it is, as indexes. */
  readonly members: readonly (readonly number[])[];
}

/** Bins are in the order of `hosts`. */
export function questionOf(requests: readonly Request[], hosts: readonly Candidate[], free: HostsFor): Question {
  const members = partiesOf(requests);
  const items = members.map(party => {
    const zones = party.flatMap(index => requests[index] ?? []);
    const needs = zones.map(({ zone }) => needsOf(zone)).reduce(sum, [0, 0]);
    return {
      name: zones[0]?.zone.name ?? '',
      needs,
      bins: inAll(zones.map(one => free.for(one))),
      at: null,
      cost: needs[0] ?? 0,
    };
  });
  return { instance: { bins: hosts.map(binOf), items, apart: apartGroups(requests, members) }, members };
}

function inAll([first = [], ...others]: readonly (readonly number[])[]): readonly number[] {
  return others.length === 0 ? first : first.filter(bin => others.every(one => one.includes(bin)));
}

export function needsOf(zone: ZoneFacts): Vector {
  const memory = sizeOf(zone);
  return [memory, memory > 0 ? cpusOf(zone) : 0];
}

const sum = (a: Vector, b: Vector): Vector => a.map((one, r) => one + (b[r] ?? 0));

/** Running zones that must be together, each party once; every other zone alone. */
function partiesOf(requests: readonly Request[]): readonly (readonly number[])[] {
  const taken = new Set<number>();
  return requests.flatMap(({ zone, company }, index) => {
    if (taken.has(index)) return [];
    const mates = company.mates.size === 0 ? [] : requests;
    const others = mates.flatMap((other, n) =>
      n !== index && bothRun(zone, other.zone) && company.mates.has(other.zone.name) ? [n] : [],
    );
    const party = [index, ...others];
    for (const one of party) taken.add(one);
    return [party];
  });
}

const bothRun = (one: ZoneFacts, other: ZoneFacts): boolean => one.state === 'running' && other.state === 'running';

const bins = new WeakMap<Candidate, Bin>();

/** Memory is promised once; processors as often as the operator allows. */
export function binOf(candidate: Candidate): Bin {
  const made = bins.get(candidate) ?? binMadeOf(candidate);
  bins.set(candidate, made);
  return made;
}

function binMadeOf({ facts, reserveBytes, weight, cpuOvercommit }: Candidate): Bin {
  const room = roomIn(facts, reserveBytes);
  // Only what needs no room may go there at all: last of all.
  if (room.is === 'unknown') return { name: facts.host, held: [FULL, FULL], limit: [FULL, FULL], whole: [1, 1] };
  const { totalBytes, takenBytes, cpus, takenCpus } = room.value;
  return {
    name: facts.host,
    held: [takenBytes, takenCpus],
    limit: [
      Math.min(totalBytes, takenBytes + (freeNow(facts) ?? totalBytes)),
      cpuOvercommit === null ? FULL : cpus * cpuOvercommit,
    ],
    whole: [totalBytes * weight, cpus * weight],
  };
}

/**
 * Those that leave together and must not meet again, as groups of items of which each two must not; what runs on a host
 * already is an obstacle there. Two zones of one name can't be on one host, whatever they are.
 */
export function apartGroups(
  requests: readonly Request[],
  members: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const itemOf = new Map(members.flatMap((party, item) => party.map(index => [index, item] as const)));
  const apart = members.map(() => new Set<number>());
  const byName = new Map<string, number[]>();
  requests.forEach(({ zone }, index) => {
    const fellows = byName.get(zone.name);
    if (fellows === undefined) byName.set(zone.name, [index]);
    else fellows.push(index);
  });
  requests.forEach((one, i) => {
    for (const name of [one.zone.name, ...one.company.rivals]) {
      for (const j of byName.get(name) ?? []) {
        const other = requests[j];
        const [a, b] = [itemOf.get(i) ?? -1, itemOf.get(j) ?? -1];
        if (i !== j && a !== b && other !== undefined && areApart(one, other)) apart[a]?.add(b);
      }
    }
  });
  return cliques(apart);
}

function areApart({ zone, company }: Request, other: Request): boolean {
  if (zone.name === other.zone.name) return true;
  return bothRun(zone, other.zone) && company.rivals.has(other.zone.name);
}

/** Every two that are apart are in a group together; a crowd that is all apart is one group, not a pair for each two. */
function cliques(apart: readonly ReadonlySet<number>[]): readonly (readonly number[])[] {
  const covered = new Set<string>();
  const groups: number[][] = [];
  apart.forEach((rivals, item) => {
    for (const rival of [...rivals].sort((a, b) => a - b)) {
      if (rival < item || covered.has(`${item} ${rival}`)) continue;
      const group = [item, rival];
      for (const more of [...rivals].sort((a, b) => a - b))
        if (more > item && !group.includes(more) && group.every(one => apart[one]?.has(more))) group.push(more);
      for (const a of group) for (const b of group) covered.add(`${a} ${b}`);
      groups.push(group);
    }
  });
  return groups;
}
