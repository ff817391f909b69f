// How much of a host is given away and how much is left, for placing zones. Memory counts in bytes; a kernel zone's
// is taken whole at boot, so it is never lent twice. Numbers that weren't observed are `unknown`, never 0.
import { type Facts, type Known, known, unknown, type ZoneFacts } from './facts.ts';
import { never } from '../text/never.ts';

const GiB = 1024 ** 3;

/** What the host keeps for itself, unless its inventory says otherwise: 2 GiB or a twentieth, whichever is more. Ours, not measured. */
function reserveOf(totalBytes: number, said: number | null): number {
  return said ?? Math.max(2 * GiB, Math.floor(totalBytes / 20));
}

/** A kernel zone's memory with what the hypervisor adds: 5 % and 256 MiB (solaris.md 4.2, inferred). 0 for a zone that reserves none. */
export function memoryOf(zone: ZoneFacts): Known<number> {
  if (zone.configuration.is === 'unknown')
    return unknown(`the configuration of ${zone.name} isn't known: ${zone.configuration.why}`);
  const { ram } = zone.configuration.value;
  switch (ram.is) {
    case 'reserved':
      return known(Math.ceil(ram.bytes * 1.05) + GiB / 4);
    case 'capped':
    case 'none':
      return zone.brand === 'solaris-kz' ? unknown(`${zone.name} says no memory`) : known(0);
    case 'unknown':
      return unknown(`the memory of ${zone.name} isn't known: ${ram.why}`);
    default:
      return never(ram);
  }
}

export function cpusOf(zone: ZoneFacts): number {
  if (zone.configuration.is === 'unknown') return 0;
  const { vcpus } = zone.configuration.value;
  return vcpus.is === 'virtual' || vcpus.is === 'dedicated' || vcpus.is === 'capped' ? vcpus.count : 0;
}

/** A zone that holds memory now, or will at the host's next start. */
export function takesMemory(zone: ZoneFacts): boolean {
  if (zone.brand !== 'solaris-kz') return false;
  if (['running', 'ready', 'shutting_down'].includes(zone.state)) return true;
  return zone.state === 'installed' && zone.configuration.is === 'known' && zone.configuration.value.autoboot;
}

export interface Room {
  readonly totalBytes: number;
  /** What zones and the reserve have taken. */
  readonly takenBytes: number;
  readonly freeBytes: number;
  readonly cpus: number;
  readonly takenCpus: number;
}

/** Room for more zones by what is promised: physical memory less the reserve and what its kernel zones take. */
export function roomOf(facts: Facts, reserveBytes: number | null): Known<Room> {
  if (facts.memory.totalBytes.is === 'unknown') return unknown(`memory isn't known: ${facts.memory.totalBytes.why}`);
  if (facts.zones.is === 'unknown') return unknown(`zones aren't known: ${facts.zones.why}`);
  if (facts.cpus.is === 'unknown') return unknown(`processors aren't known: ${facts.cpus.why}`);
  const totalBytes = facts.memory.totalBytes.value;
  let takenBytes = reserveOf(totalBytes, reserveBytes);
  let takenCpus = 0;
  for (const zone of facts.zones.value.filter(takesMemory)) {
    const memory = memoryOf(zone);
    if (memory.is === 'unknown') return memory;
    takenBytes += memory.value;
    takenCpus += cpusOf(zone);
  }
  return known({ totalBytes, takenBytes, freeBytes: totalBytes - takenBytes, cpus: facts.cpus.value, takenCpus });
}
