// The hard rules for one zone on one host: every rule that says no, in words and numbers. It knows nothing of what
// else is being placed; memory and keeping apart are asked of the world as it would then be.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { ZoneRule } from '../model/inventory.ts';
import { meansZone } from '../model/zone-rule.ts';
import { never } from '../text/never.ts';
import { compareReleases } from '../text/release.ts';
import { bytesText } from '../text/size.ts';
import { cpusOf, memoryOf, roomOf } from '../model/room.ts';

export interface Candidate {
  readonly facts: Facts;
  readonly reserveBytes: number | null;
  /** Said in the inventory: takes no zones. */
  readonly accepts: boolean;
}

/** Why this zone of `source` can't go to `to`; empty when it can. Order is by what an operator would look at first. */
export function obstacles(zone: ZoneFacts, source: Facts, to: Candidate, rule: ZoneRule | null): readonly string[] {
  return [
    ...(to.accepts ? [] : ['takes no zones (inventory)']),
    ...allowedObstacle(to.facts.host, rule),
    ...openObstacle(to.facts),
    ...systemObstacles(zone, source, to.facts),
    ...sameNameObstacle(zone, to.facts),
    ...roomObstacles(zone, to),
    ...apartObstacle(to.facts, rule),
  ];
}

function allowedObstacle(host: string, rule: ZoneRule | null): readonly string[] {
  if (rule?.pin && rule.pin !== host) return [`the zone is pinned to ${rule.pin}`];
  if (rule?.allowed && !rule.allowed.some(name => name === host)) return ['not among the hosts allowed for the zone'];
  return [];
}

function openObstacle(facts: Facts): readonly string[] {
  switch (facts.maintenance.is) {
    case 'open':
      return [];
    case 'closed':
      return [`closed by ${facts.maintenance.user}: ${facts.maintenance.message}`];
    case 'unknown':
      return [`nobody can say if it is closed: ${facts.maintenance.why}`];
    default:
      return never(facts.maintenance);
  }
}

function systemObstacles(zone: ZoneFacts, source: Facts, to: Facts): readonly string[] {
  if (source.os.is === 'unknown') return [`the system of ${source.host} isn't known: ${source.os.why}`];
  if (to.os.is === 'unknown') return [`its system isn't known: ${to.os.why}`];
  if (source.os.value.arch !== to.os.value.arch)
    return [`architecture ${to.os.value.arch}, the zone runs on ${source.os.value.arch}`];
  const older = compareReleases(to.os.value.version, source.os.value.version) < 0;
  return [
    ...(older ? [`is older (${to.os.value.version}) than ${source.host} (${source.os.value.version})`] : []),
    ...cpuObstacle(zone, source, to),
  ];
}

/** A zone moves live between unlike processors only inside a migration class that it was booted with. */
function cpuObstacle(zone: ZoneFacts, source: Facts, to: Facts): readonly string[] {
  if (zone.brand !== 'solaris-kz' || zone.state !== 'running') return [];
  if (source.cpuClass.is === 'unknown')
    return [`the processors of ${source.host} aren't known: ${source.cpuClass.why}`];
  if (to.cpuClass.is === 'unknown') return [`its processors aren't known: ${to.cpuClass.why}`];
  if (source.cpuClass.value === to.cpuClass.value) return [];
  const arch = zone.configuration.is === 'known' ? zone.configuration.value.cpuArch : '';
  return arch === '' || arch === 'generic' ? ['other processors, and the zone has no migration class (cpu-arch)'] : [];
}

/** The properties that must be equal on both ends when the zone is configured there already (solaris.md 3.5). */
function sameNameObstacle(zone: ZoneFacts, to: Facts): readonly string[] {
  if (to.zones.is === 'unknown') return [`its zones aren't known: ${to.zones.why}`];
  const there = to.zones.value.find(other => other.name === zone.name);
  if (there === undefined) return [];
  if (there.state !== 'configured') return [`has a zone of this name, ${there.state}`];
  if (zone.configuration.is === 'unknown' || there.configuration.is === 'unknown')
    return ["has a configuration of this name that can't be compared"];
  const here = zone.configuration.value;
  const other = there.configuration.value;
  const differs = [
    ...(storageOf(here.storage) === storageOf(other.storage) ? [] : ['storage']),
    ...(JSON.stringify(here.ram) === JSON.stringify(other.ram) ? [] : ['memory']),
    ...(JSON.stringify(here.vcpus) === JSON.stringify(other.vcpus) ? [] : ['processors']),
  ];
  return differs.length === 0 ? [] : [`has another configuration of this name: ${differs.join(', ')}`];
}

/** Identifiers are hexadecimal and case means nothing in them. */
function storageOf(uris: readonly string[]): string {
  return [...uris]
    .map(uri => uri.toLowerCase())
    .sort()
    .join(' ');
}

function roomObstacles(zone: ZoneFacts, to: Candidate): readonly string[] {
  const need = memoryOf(zone);
  if (need.is === 'unknown') return [need.why];
  if (zone.state !== 'running' || need.value === 0) return [];
  const room = roomOf(to.facts, to.reserveBytes);
  if (room.is === 'unknown') return [room.why];
  const { freeBytes, cpus } = room.value;
  const short =
    need.value > freeBytes ? [`needs ${bytesText(need.value)}, can give ${bytesText(Math.max(0, freeBytes))}`] : [];
  const now = freeNow(to.facts);
  const full =
    now !== null && need.value > now ? [`needs ${bytesText(need.value)}, has ${bytesText(now)} free now`] : [];
  const narrow = cpusOf(zone) > cpus ? [`needs ${cpusOf(zone)} processors, has ${cpus}`] : [];
  return [...short, ...(short.length === 0 ? full : []), ...narrow];
}

/** Admission: what is free this moment, with the cache that may shrink. null when it wasn't observed. */
export function freeNow(facts: Facts): number | null {
  const { freeBytes, arcBytes } = facts.memory;
  return freeBytes.is === 'known' && arcBytes.is === 'known' ? freeBytes.value + arcBytes.value : null;
}

function apartObstacle(to: Facts, rule: ZoneRule | null): readonly string[] {
  if (rule === null || to.zones.is === 'unknown') return [];
  const there = to.zones.value.filter(
    zone => zone.state === 'running' && rule.keepApart.some(name => meansZone(name, zone.name)),
  );
  return there.map(zone => `must be kept apart from ${zone.name}, which runs there`);
}
