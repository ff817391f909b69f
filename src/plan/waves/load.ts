// How much a host has to move when it is emptied: the memory of its running kernel zones.
import type { Facts } from '../../model/facts.ts';
import { memoryOf } from '../../model/room.ts';

/** Infinite for a host of which nobody knows it. */
export function loadOf(facts: Facts | undefined): number {
  if (facts === undefined || facts.zones.is === 'unknown') return Number.POSITIVE_INFINITY;
  return facts.zones.value
    .filter(zone => zone.brand === 'solaris-kz' && zone.state === 'running')
    .map(memoryOf)
    .reduce((sum, memory) => sum + (memory.is === 'known' ? memory.value : Number.POSITIVE_INFINITY), 0);
}
