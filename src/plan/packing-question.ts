// The question of placement as numbers: which zone may go to which host by every rule that doesn't depend on what else
// is placed, what it takes there, and how much each host may still take of memory.
import type { ZoneFacts } from '../model/facts.ts';
import { cpusOf, memoryOf, roomOf } from '../model/room.ts';
import { meansZone } from '../model/zone-rule.ts';
import { type Candidate, freeNow } from './fit.ts';
import type { Bin, Instance } from './packing/instance.ts';
import type { Request } from './placement.ts';

/** Memory that the zone will hold at its destination; 0 for one that isn't running. */
export function sizeOf(zone: ZoneFacts): number {
  const memory = memoryOf(zone);
  return memory.is === 'known' && zone.state === 'running' ? memory.value : 0;
}

const FULL = Number.POSITIVE_INFINITY;

type Obstacles = (request: Request, host: Candidate) => readonly string[];

/** Items and bins are in the order of `requests` and `hosts`. */
export function instanceOf(requests: readonly Request[], hosts: readonly Candidate[], obstacles: Obstacles): Instance {
  return {
    bins: hosts.map(binOf),
    items: requests.map(request => ({
      name: request.zone.name,
      needs: [sizeOf(request.zone), sizeOf(request.zone) > 0 ? cpusOf(request.zone) : 0],
      bins: hosts.flatMap((host, index) => (obstacles(request, host).length === 0 ? [index] : [])),
      at: null,
      cost: sizeOf(request.zone),
    })),
    apart: apartPairs(requests),
  };
}

/** Memory is promised once; processors may be promised more than once, so only their use is counted. */
function binOf({ facts, reserveBytes }: Candidate): Bin {
  const room = roomOf(facts, reserveBytes);
  // Only what needs no room may go there at all: last of all.
  if (room.is === 'unknown') return { name: facts.host, held: [FULL, FULL], limit: [FULL, FULL], whole: [1, 1] };
  const { totalBytes, takenBytes, cpus, takenCpus } = room.value;
  return {
    name: facts.host,
    held: [takenBytes, takenCpus],
    limit: [Math.min(totalBytes, takenBytes + (freeNow(facts) ?? totalBytes)), Number.POSITIVE_INFINITY],
    whole: [totalBytes, cpus],
  };
}

/** Two that leave together and must not meet again; what runs on a host already is an obstacle there. */
function apartPairs(requests: readonly Request[]): readonly (readonly number[])[] {
  const running = requests.flatMap(({ zone, rule }, index) =>
    zone.state === 'running' ? [{ zone, rule, index }] : [],
  );
  return running.flatMap((one, n) =>
    running
      .slice(n + 1)
      .filter(other => areApart(one, other) || areApart(other, one))
      .map(other => [one.index, other.index]),
  );
}

function areApart(one: Pick<Request, 'rule'>, other: Pick<Request, 'zone'>): boolean {
  return one.rule?.keepApart.some(name => meansZone(name, other.zone.name)) ?? false;
}
