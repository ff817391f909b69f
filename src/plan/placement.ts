// Where each zone goes: most constrained first, to the host that is then used least. Pure and deterministic: the same
// zones and hosts give the same answer in whatever order they come. Greedy: it may miss a placement that exists.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import { type HostName, hostName, zoneName } from '../model/ids.ts';
import type { ZoneRule } from '../model/inventory.ts';
import type { Migration, Shortfall } from '../model/plan.ts';
import { bytesText } from '../text/size.ts';
import { type Candidate, obstacles } from './fit.ts';
import { cpusOf, memoryOf, roomOf } from '../model/room.ts';
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
  const world = new Map(candidates.map(candidate => [candidate.facts.host, candidate]));
  const waiting = new Map(requests.map(request => [request.zone.name, request]));
  const migrations: Migration[] = [];
  while (waiting.size > 0) {
    const next = mostConstrained([...waiting.values()], [...world.values()]);
    const best = next.options[0];
    if (best === undefined) return { is: 'short', reasons: reasonsOf([...waiting.values()], [...world.values()]) };
    waiting.delete(next.request.zone.name);
    const host = world.get(best.host);
    if (host) world.set(best.host, { ...host, facts: withZone(host.facts, next.request.zone) });
    migrations.push(migrationOf(next.request, best));
  }
  const placed = migrations.map(migration => ({
    ...migration,
    others: othersFor(migration, requests, [...world.values()]),
  }));
  return { is: 'placed', migrations: placed.sort((a, b) => compareText(a.zone, b.zone)) };
}

function mostConstrained(
  requests: readonly Request[],
  hosts: readonly Candidate[],
): { request: Request; options: readonly Option[] } {
  const ranked = requests
    .map(request => ({ request, options: optionsFor(request, hosts) }))
    .sort(
      (a, b) =>
        a.options.length - b.options.length ||
        sizeOf(b.request.zone) - sizeOf(a.request.zone) ||
        compareText(a.request.zone.name, b.request.zone.name),
    );
  const first = ranked[0];
  if (first === undefined) throw new Error('nothing is waiting to be placed');
  return first;
}

/** Hosts that can take the zone, the one that is then used least first. */
function optionsFor(request: Request, hosts: readonly Candidate[]): readonly Option[] {
  return hosts
    .filter(host => obstaclesOf(request, host).length === 0)
    .map(host => ({ host: host.facts.host, use: useWith(host, request.zone) }))
    .sort((a, b) => a.use - b.use || compareText(a.host, b.host));
}

const OTHERS = 3;

/** In the world as it will be when every zone has come: taking one of these takes nobody else's room. */
function othersFor(
  migration: Migration,
  requests: readonly Request[],
  hosts: readonly Candidate[],
): readonly HostName[] {
  const request = requests.find(one => one.zone.name === migration.zone);
  if (request === undefined) return [];
  return optionsFor(request, hosts)
    .map(option => hostName(option.host))
    .filter(host => host !== migration.to)
    .slice(0, OTHERS);
}

function obstaclesOf(request: Request, host: Candidate): readonly string[] {
  const { target } = request;
  if (target.is === 'none') return ['the zone has no evacuation/target: set one, or say placement: spread'];
  if (target.is === 'only' && target.host !== host.facts.host)
    return [`the zone's evacuation/target says ${target.host}`];
  return obstacles(request.zone, request.source, host, request.rule);
}

/** The greater of memory and processors used, as a share, once the zone runs there. More than any other where nobody knows. */
function useWith(host: Candidate, zone: ZoneFacts): number {
  const room = roomOf(host.facts, host.reserveBytes);
  if (room.is === 'unknown') return Number.POSITIVE_INFINITY;
  const { totalBytes, takenBytes, cpus, takenCpus } = room.value;
  return Math.max((takenBytes + sizeOf(zone)) / totalBytes, (takenCpus + cpusOf(zone)) / cpus);
}

function sizeOf(zone: ZoneFacts): number {
  const memory = memoryOf(zone);
  return memory.is === 'known' && zone.state === 'running' ? memory.value : 0;
}

function migrationOf(request: Request, option: Option): Migration {
  return {
    zone: zoneName(request.zone.name),
    from: hostName(request.source.host),
    to: hostName(option.host),
    bytes: sizeOf(request.zone),
    why: request.target.is === 'any' ? useText(option.use) : 'as evacuation/target says',
    others: [],
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
    .filter(request => optionsFor(request, hosts).length === 0)
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
