// Fleets of any size by chance: zones spread evenly, and memory so that any one host can be emptied into the others,
// with room to spare for a careful planner.
import { chance } from './chance.ts';
import { GIB, MIB } from './config.ts';
import { INSTALLED, OFFERED, SYSADM_GUESS } from './spec.ts';
import type { FleetSpec, HostSpec, ZoneSpec } from './spec.ts';

export interface GenerateOptions {
  readonly hosts: number;
  /** Zones in all. */
  readonly zones: number;
  readonly seed: number;
  /** How many of the zones are installed, not running; none when not said. */
  readonly installed?: number;
}

const SIZES = [2, 2, 4, 4, 4, 8, 8, 16];
const RESERVE = 4 * GIB;

function hostName(at: number, hosts: number): string {
  return `zh${String(at + 1).padStart(Math.max(2, String(hosts).length), '0')}`;
}

function generateZone(at: number, options: GenerateOptions): ZoneSpec {
  const next = chance(options.seed, 'zone', at);
  const gib = SIZES[Math.floor(next() * SIZES.length)] ?? 4;
  const serial = (0x5582f1c90000 + at).toString(16).padStart(12, '0');
  const group = (0xaf19 + (options.seed % 1000)).toString(16);
  return {
    name: `z${String(at + 1).padStart(Math.max(3, String(options.zones).length), '0')}`,
    brand: 'solaris-kz',
    state: at < options.zones - (options.installed ?? 0) ? 'running' : 'installed',
    id: null,
    memoryBytes: gib * GIB,
    vcpus: Math.max(1, gib / 2),
    storage: [`iscsi://saison/luname.naa.600144f0dbf8${group}${serial}`],
    autoboot: true,
    autoshutdown: 'shutdown',
    target: null,
    dirtyBytesPerSecond: Math.round((5 + next() * 95) * MIB),
    cpuArch: 'generic',
    properties: {},
  };
}

/** What a careful planner counts for a zone. */
const planned = (zone: ZoneSpec): number => zone.memoryBytes * 1.05 + 256 * MIB;
const sum = (zones: readonly ZoneSpec[]): number => zones.reduce((total, z) => total + planned(z), 0);

/** Memory of each host: the fullest one's load, its share of a neighbour's, the largest zone; and a tenth more. */
function memoryEach(loads: readonly (readonly ZoneSpec[])[]): number {
  const fullest = Math.max(0, ...loads.map(sum));
  const largest = Math.max(0, ...loads.flat().map(planned));
  const share = loads.length > 1 ? fullest / (loads.length - 1) : 0;
  const needed = RESERVE + (fullest + share + 2 * largest) * 1.15;
  return Math.ceil(needed / (32 * GIB)) * 32 * GIB;
}

function generateHost(name: string, zones: readonly ZoneSpec[], memoryBytes: number): HostSpec {
  return {
    name,
    domain: 'example.com',
    platform: 'i86pc',
    memoryBytes,
    reserveBytes: RESERVE,
    cpus: 64,
    cpuClass: 'class1',
    linkBytesPerSecond: 1100 * MIB,
    bootMs: 90_000,
    poolBytes: 200 * GIB,
    poolFreeBytes: 120 * GIB,
    be: 's11.4.80',
    entire: INSTALLED,
    nextZoneId: 1,
    users: [],
    missing: [],
    zones,
  };
}

export function generateFleet(options: GenerateOptions): FleetSpec {
  const loads: ZoneSpec[][] = Array.from({ length: options.hosts }, () => []);
  const taken = loads.map(() => 0);
  for (let at = 0; at < options.zones; at++) {
    const zone = generateZone(at, options);
    const lightest = taken.indexOf(Math.min(...taken));
    loads[lightest]?.push(zone);
    taken[lightest] = (taken[lightest] ?? 0) + planned(zone);
  }
  const memoryBytes = memoryEach(loads);
  return {
    name: `lab-${options.hosts}x${options.zones}`,
    seed: options.seed,
    offered: [INSTALLED, OFFERED],
    trust: 'all',
    sysadm: SYSADM_GUESS,
    hosts: loads.map((zones, at) => generateHost(hostName(at, options.hosts), zones, memoryBytes)),
  };
}
