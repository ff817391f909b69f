// Memory of a host: what kernel zones hold, what the ZFS cache borrows, what a further zone could get.
import { MIB, isKernelZone, memoryOf } from './config.ts';
import type { ZoneConfig } from './config.ts';
import type { Host } from './state.ts';

/** What the hypervisor needs beside a kernel zone's own memory. The runner plans with more. */
const OVERHEAD = 128 * MIB;

/** A kernel zone takes its whole memory when it boots; a native zone reserves none. */
export function memoryTaken(config: ZoneConfig): number {
  return isKernelZone(config) ? memoryOf(config) + OVERHEAD : 0;
}

export function memoryOfZones(host: Host): number {
  let sum = 0;
  for (const zone of host.live.values()) sum += memoryTaken(zone.running);
  return sum;
}

/** What a zone that boots now could get: the cache gives way. */
export function memoryFree(host: Host): number {
  return host.hardware.memoryBytes - host.reserveBytes - memoryOfZones(host);
}

/** The ZFS cache takes half of what nobody needs. */
export function arcBytes(host: Host): number {
  return Math.max(0, Math.floor(memoryFree(host) / 2));
}

export function freeBytes(host: Host): number {
  return Math.max(0, memoryFree(host) - arcBytes(host));
}
