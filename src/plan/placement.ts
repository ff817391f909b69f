// Where each zone goes, so that the host used most is used least. Pure and deterministic: the same zones and hosts give
// the same answer in whatever order they come. The search is packing/; here are its question and its answer in the
// words of zones and hosts.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import { type HostName, hostName, zoneName } from '../model/ids.ts';
import type { ZoneRule } from '../model/inventory.ts';
import type { Migration, Shortfall } from '../model/plan.ts';
import { bytesText } from '../text/size.ts';
import { type Candidate, obstacles } from './fit.ts';
import { roomOf } from '../model/room.ts';
import { instanceOf, sizeOf } from './packing-question.ts';
import { pack } from './packing/pack.ts';
import { withZone } from './world.ts';

export interface Request {
  readonly zone: ZoneFacts;
  readonly source: Facts;
  readonly rule: ZoneRule | null;
  /** Where it may go: wherever the planner likes, or only where the operator's `evacuation/target` says. */
  readonly target: { readonly is: 'any' } | { readonly is: 'only'; readonly host: HostName } | { readonly is: 'none' };
}

export type Placement =
  | { readonly is: 'placed'; readonly migrations: readonly Migration[] }
  | { readonly is: 'short'; readonly reasons: Shortfall['reasons'] };

interface Option {
  readonly host: string;
  readonly use: number;
}

/** Law: no host is given more than it has room for, and each zone gets exactly one destination or a reason for every host. */
export function place(requests: readonly Request[], candidates: readonly Candidate[]): Placement {
  const zones = [...requests].sort((a, b) => compareText(a.zone.name, b.zone.name));
  const hosts = [...candidates].sort((a, b) => compareText(a.facts.host, b.facts.host));
  const packed = pack(instanceOf(zones, hosts, obstaclesOf), 'spread');
  const world = filled(zones, hosts, packed.bins);
  if (packed.is === 'stuck') {
    const stuck = zones.filter((_, index) => packed.items.includes(index));
    return { is: 'short', reasons: reasonsOf(stuck, world) };
  }
  const migrations = zones.flatMap((request, index) => {
    const to = world[packed.bins[index] ?? -1];
    return to === undefined ? [] : [{ ...migrationOf(request, to), others: othersFor(request, to, world) }];
  });
  return { is: 'placed', migrations };
}

/** The hosts once every zone that has a place has come. */
function filled(zones: readonly Request[], hosts: readonly Candidate[], bins: readonly number[]): readonly Candidate[] {
  return hosts.map((host, index) => {
    const coming = zones.filter((_, zone) => bins[zone] === index);
    return { ...host, facts: coming.reduce((facts, { zone }) => withZone(facts, zone), host.facts) };
  });
}

/** Hosts that can take the zone, the one that is then used least first. */
function optionsFor(request: Request, hosts: readonly Candidate[]): readonly Option[] {
  return hosts
    .filter(host => obstaclesOf(request, host).length === 0)
    .map(host => ({ host: host.facts.host, use: useOf({ ...host, facts: withZone(host.facts, request.zone) }) }))
    .sort((a, b) => a.use - b.use || compareText(a.host, b.host));
}

const OTHERS = 3;

/** In the world as it will be when every zone has come: taking one of these takes nobody else's room. */
function othersFor(request: Request, to: Candidate, world: readonly Candidate[]): readonly HostName[] {
  return optionsFor(
    request,
    world.filter(host => host !== to),
  )
    .map(option => hostName(option.host))
    .slice(0, OTHERS);
}

function obstaclesOf(request: Request, host: Candidate): readonly string[] {
  const { target } = request;
  if (target.is === 'none') return ['the zone has no evacuation/target: set one, or say placement: spread'];
  if (target.is === 'only' && target.host !== host.facts.host)
    return [`the zone's evacuation/target says ${target.host}`];
  return obstacles(request.zone, request.source, host, request.rule);
}

/** The greater of memory and processors used, as a share. More than any other where nobody knows. */
function useOf(host: Candidate): number {
  const room = roomOf(host.facts, host.reserveBytes);
  if (room.is === 'unknown') return Number.POSITIVE_INFINITY;
  const { totalBytes, takenBytes, cpus, takenCpus } = room.value;
  return Math.max(takenBytes / totalBytes, takenCpus / cpus);
}

function migrationOf({ zone, source, target }: Request, to: Candidate): Omit<Migration, 'others'> {
  return {
    zone: zoneName(zone.name),
    from: hostName(source.host),
    to: hostName(to.facts.host),
    bytes: sizeOf(zone),
    why: target.is === 'any' ? useText(useOf(to)) : 'as evacuation/target says',
  };
}

function useText(use: number): string {
  return Number.isFinite(use)
    ? `${Math.round(use * 100)} % used then`
    : 'nobody knows what room it has, and it needs none';
}

/** For each zone that has nowhere to go, every host and what stands in the way there. */
function reasonsOf(requests: readonly Request[], hosts: readonly Candidate[]): Shortfall['reasons'] {
  return requests
    .flatMap(request =>
      hosts.map(host => ({
        zone: zoneName(request.zone.name),
        host: hostName(host.facts.host),
        why: obstaclesOf(request, host).join('; '),
      })),
    )
    .sort((a, b) => compareText(a.zone, b.zone) || compareText(a.host, b.host));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What all of them would take, for messages. */
export function totalText(requests: readonly Request[]): string {
  return bytesText(requests.reduce((sum, request) => sum + sizeOf(request.zone), 0));
}
