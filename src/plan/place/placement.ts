// Where each zone goes, so that the host used most is used least. Pure and deterministic: the same zones and hosts give
// the same answer in whatever order they come. The search is packing/; here are its question and its answer in the
// words of zones and hosts.
import { type HostName, hostName, zoneName } from '../../model/ids.ts';
import type { ExactSolver } from '../../model/exact-solver.ts';
import { byRule, type Obstacle } from '../../model/obstacle.ts';
import type { Migration, Shortfall } from '../../model/plan.ts';
import { bytesText } from '../../text/size.ts';
import { certificateOf } from '../shortfall/certificate.ts';
import { Elsewhere } from './elsewhere.ts';
import { type Candidate, type Leaver, obstacles } from './fit.ts';
import { roomIn } from './host-view.ts';
import { HostsFor } from './hosts-for.ts';
import type { Policy } from './packing/instance.ts';
import { packExactly } from './packing/exact.ts';
import { packLiked } from './packing/liked.ts';
import { type Effort, pack } from './packing/pack.ts';
import { NOWHERE } from './packing/packing.ts';
import { questionOf, sizeOf } from './packing-question.ts';
import type { Preference } from './preference.ts';
import { Whereabouts } from './whereabouts.ts';
import { withZone } from './world.ts';

export interface Request extends Leaver {
  /** Where it may go: wherever the planner likes, or only where the operator's `evacuation/target` says. */
  readonly target: { readonly is: 'any' } | { readonly is: 'only'; readonly host: HostName } | { readonly is: 'none' };
}

/** Whether it comes back is not for the placement to say. */
export type Placed = Omit<Migration, 'stays'>;

export type Placement =
  | {
      readonly is: 'placed';
      readonly migrations: readonly Placed[];
      /** What the exact pass says; absent: nobody asked it. */
      readonly told?: string;
    }
  | {
      readonly is: 'short';
      readonly reasons: Shortfall['reasons'];
      /** By counting; null: nothing proves it. */
      readonly proof: string | null;
    };

/** What is wanted of a placement, beyond what must be. */
export interface Wish {
  readonly policy: Policy;
  /** Tried in this order before every host is. */
  readonly preferences: readonly Preference[];
  /** `any`: it is only asked whether there is one; if not, no reasons are told. */
  readonly effort: Effort;
  /** The exact pass; null: nobody asked for it. */
  readonly exact: ExactSolver | null;
  /** Kept from one wave to the next; absent: looked for anew. */
  readonly where?: Whereabouts;
}

const BEST: Wish = { policy: 'spread', preferences: [], effort: 'best', exact: null };

/** Law: no host is given more than it has room for, and each zone gets exactly one destination or a reason for every host. */
export function place(
  requests: readonly Request[],
  candidates: readonly Candidate[],
  wish: Partial<Wish> = {},
): Placement {
  const { policy, preferences, effort, exact } = { ...BEST, ...wish };
  const where = wish.where ?? new Whereabouts();
  const zones = [...requests].sort(
    (a, b) => compareText(a.zone.name, b.zone.name) || compareText(a.source.host, b.source.host),
  );
  const hosts = [...candidates].sort((a, b) => compareText(a.facts.host, b.facts.host));
  const { instance, members } = questionOf(zones, hosts, new HostsFor(hosts, obstaclesOf, where));
  const parties = members.map(party => party.flatMap(index => zones[index] ?? []));
  const likings = preferences.map(({ likes, upTo }) => ({
    likes: (item: number, bin: number) => {
      const to = hosts[bin];
      return to !== undefined && (parties[item] ?? []).every(one => likes(one, to));
    },
    upTo,
  }));
  const quick = effort === 'any' ? pack(instance, policy, effort) : packLiked(instance, policy, likings);
  // Who only asks whether there is one reads no reasons; they take longer than the search.
  if (effort === 'any' && quick.is === 'stuck') return { is: 'short', reasons: [], proof: null };
  const exactly = exact === null || policy === 'pack' ? null : packExactly(instance, quick, exact);
  const packed = exactly?.packed ?? quick;
  const bins = binsOf(members, packed.bins);
  const found: Found = { zones, parties, bins, world: filled(zones, hosts, bins) };
  const told = exactly?.told ?? null;
  if (packed.is === 'stuck') {
    const proof = certificateOf({ instance, parties, hosts, obstacles: obstaclesOf }) ?? told;
    return { is: 'short', reasons: reasonsFor(packed.items, found), proof };
  }
  return { is: 'placed', migrations: migrationsIn(found, where), ...(told === null ? {} : { told }) };
}

interface Found {
  readonly zones: readonly Request[];
  readonly parties: readonly (readonly Request[])[];
  /** For each zone the index of its host, or NOWHERE. */
  readonly bins: readonly number[];
  /** The hosts with what came to them. */
  readonly world: readonly Candidate[];
}

/** For each zone the bin of its party. */
function binsOf(members: readonly (readonly number[])[], packed: readonly number[]): readonly number[] {
  const bins: number[] = [];
  members.forEach((party, item) => party.forEach(zone => (bins[zone] = packed[item] ?? NOWHERE)));
  return bins;
}

function migrationsIn({ zones, parties, bins, world }: Found, where: Whereabouts): readonly Placed[] {
  const together = new Set(parties.filter(party => party.length > 1).flat());
  const elsewhere = new Elsewhere(world, obstaclesOf, where);
  return zones.flatMap((request, index) => {
    const to = world[bins[index] ?? NOWHERE];
    if (to === undefined) return [];
    // Another destination for one of a party would part it.
    const others = together.has(request) ? [] : elsewhere.for(request, to);
    return [{ ...migrationOf(request, to), others }];
  });
}

/** The hosts once every zone that has a place has come. */
function filled(zones: readonly Request[], hosts: readonly Candidate[], bins: readonly number[]): readonly Candidate[] {
  const coming: Request[][] = hosts.map(() => []);
  zones.forEach((request, zone) => coming[bins[zone] ?? NOWHERE]?.push(request));
  return hosts.map((host, index) => {
    const own = coming[index] ?? [];
    return own.length === 0
      ? host
      : { ...host, facts: own.reduce((facts, { zone }) => withZone(facts, zone), host.facts) };
  });
}

/** By the rules, and by where the operator wants it. */
export function obstaclesOf(request: Request, host: Candidate): readonly Obstacle[] {
  const { target } = request;
  if (target.is === 'none') return [byRule('the zone has no evacuation/target: set one, or say placement: spread')];
  if (target.is === 'only' && target.host !== host.facts.host)
    return [byRule(`the zone's evacuation/target says ${target.host}`)];
  return obstacles(request, host);
}

function migrationOf({ zone, source, target }: Request, to: Candidate): Omit<Placed, 'others'> {
  return {
    zone: zoneName(zone.name),
    from: hostName(source.host),
    to: hostName(to.facts.host),
    bytes: sizeOf(zone),
    why: target.is === 'any' ? useText(to) : 'as evacuation/target says',
  };
}

/** As it is, whatever weight the host has. */
function useText({ facts, reserveBytes }: Candidate): string {
  const room = roomIn(facts, reserveBytes);
  if (room.is === 'unknown') return 'nobody knows what room it has, and it needs none';
  const { totalBytes, takenBytes, cpus, takenCpus } = room.value;
  const [memory, processors] = [takenBytes / totalBytes, takenCpus / cpus];
  return processors > memory
    ? `${takenCpus} of ${cpus} processors promised then`
    : `${Math.round(memory * 100)} % used then`;
}

/** @param items parties that found no place. */
function reasonsFor(items: readonly number[], { parties, world }: Found): Shortfall['reasons'] {
  const stuck = parties.filter((_, item) => items.includes(item));
  return stuck.flatMap(party => reasonsOf(party, world)).sort(byZoneAndHost);
}

/** For each zone of a party that has nowhere to go, every host and what stands in the way there. */
function reasonsOf(party: readonly Request[], hosts: readonly Candidate[]): Shortfall['reasons'] {
  return party.flatMap(request =>
    hosts.map(host => {
      const own = obstaclesOf(request, host);
      const why = own.length > 0 ? own : partyObstacles(request, party, host);
      return { zone: zoneName(request.zone.name), host: hostName(host.facts.host), why };
    }),
  );
}

/** It could go there alone: what its party lacks. */
function partyObstacles(request: Request, party: readonly Request[], host: Candidate): readonly Obstacle[] {
  const others = party.filter(one => one !== request);
  if (others.length === 0) return [{ is: 'taken' }];
  const names = others.map(({ zone }) => zoneName(zone.name));
  const refused = others.find(one => obstaclesOf(one, host).length > 0);
  if (refused !== undefined)
    return [byRule(`must run together with ${names.join(', ')}, and ${refused.zone.name} can't go there`)];
  const room = roomIn(host.facts, host.reserveBytes);
  const free = room.is === 'known' ? Math.max(0, room.value.freeBytes) : 0;
  const needed = party.reduce((sum, { zone }) => sum + sizeOf(zone), 0);
  return [{ is: 'memory', needed, free, of: 'promised', with: names }];
}

function byZoneAndHost(a: Shortfall['reasons'][number], b: Shortfall['reasons'][number]): number {
  return compareText(a.zone, b.zone) || compareText(a.host, b.host);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What all of them would take, for messages. */
export function totalText(requests: readonly Request[]): string {
  return bytesText(requests.reduce((sum, request) => sum + sizeOf(request.zone), 0));
}
