// The proof that a wave has no plan, in words and numbers: so that nobody looks for a better planner.
import { isOfRoom } from '../../model/obstacle.ts';
import { never } from '../../text/never.ts';
import { listed } from '../../text/listed.ts';
import { bytesText } from '../../text/size.ts';
import type { Candidate } from '../place/fit.ts';
import { roomIn } from '../place/host-view.ts';
import type { Instance } from '../place/packing/instance.ts';
import { type Proof, proofOf } from '../place/packing/proof.ts';
import type { Obstacles } from '../place/hosts-for.ts';
import type { Request } from '../place/placement.ts';
import { sizeOf } from '../place/packing-question.ts';

export interface Short {
  readonly instance: Instance;
  /** For each item, the zones that it is. */
  readonly parties: readonly (readonly Request[])[];
  readonly hosts: readonly Candidate[];
  readonly obstacles: Obstacles;
}

/** null when counting alone proves nothing. */
export function certificateOf(short: Short): string | null {
  const proof = proofOf(short.instance);
  return proof === null ? null : inWords(proof, short);
}

function inWords(proof: Proof, { parties, hosts, obstacles }: Short): string {
  const zones = (items: readonly number[]): string => namesOf(items.flatMap(item => parties[item] ?? []));
  const namesIn = (bins: readonly number[]): string => listed(bins.flatMap(bin => hosts[bin]?.facts.host ?? []));
  switch (proof.is) {
    case 'nowhere':
      return nowhere(parties[proof.item] ?? [], hosts, obstacles);
    case 'too-many':
      return `${zones(proof.items)} must be kept apart, and only ${countOf(proof.bins.length)} may take any of them: ${namesIn(proof.bins)}`;
    case 'too-much': {
      const { needed, free } = proof;
      const said = proof.resource === 0 ? bytesText : processorsText;
      return `${zones(proof.items)} ${proof.items.length === 1 ? 'needs' : 'need'} ${said(needed)}; all that may take them (${namesIn(proof.bins)}) can give ${said(free)}: ${said(needed - free)} are missing`;
    }
    default:
      return never(proof);
  }
}

/** Memory alone may be in the way: then the greatest room is what to tell. */
function nowhere(party: readonly Request[], hosts: readonly Candidate[], obstacles: Obstacles): string {
  const names = namesOf(party);
  const needed = party.reduce((sum, { zone }) => sum + sizeOf(zone), 0);
  const rooms = hosts.flatMap(host => {
    const room = roomIn(host.facts, host.reserveBytes);
    const onlyRoom = party.every(one => obstacles(one, host).every(isOfRoom));
    return onlyRoom && room.is === 'known' ? [{ host: host.facts.host, free: Math.max(0, room.value.freeBytes) }] : [];
  });
  const [most] = rooms.sort((a, b) => b.free - a.free || (a.host < b.host ? -1 : 1));
  if (most === undefined) return `no host may take ${names}, whatever is free`;
  if (most.free >= needed) return `no single host that may take ${names} has room for it now`;
  return `${names} ${party.length === 1 ? 'needs' : 'need'} ${bytesText(needed)}, and no host that may take ${party.length === 1 ? 'it' : 'them together'} can give more than ${bytesText(most.free)} (${most.host})`;
}

const namesOf = (zones: readonly Request[]): string => listed([...new Set(zones.map(({ zone }) => zone.name))].sort());

const countOf = (hosts: number): string => (hosts === 1 ? '1 host' : `${hosts} hosts`);
const processorsText = (count: number): string => `${Math.round(count * 10) / 10} processors`;
