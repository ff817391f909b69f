// The hard rules for one zone on one host: every rule that says no, in words, and what room lacks, in numbers. It knows
// nothing of what else is being placed; memory and keeping apart are asked of the world as it would then be.
import type { Facts, ZoneConfiguration, ZoneFacts } from '../../model/facts.ts';
import type { HostSettings } from '../../model/host-variable.ts';
import type { ZoneRule } from '../../model/inventory.ts';
import { byRule, type Obstacle } from '../../model/obstacle.ts';
import { never } from '../../text/never.ts';
import { compareReleases } from '../../text/release.ts';
import { cpusOf, memoryOf } from '../../model/room.ts';
import type { Company } from './company.ts';
import { holdersOn, roomIn, viewOf } from './host-view.ts';

/** A host that zones may go to. */
export interface Candidate extends HostSettings {
  readonly facts: Facts;
}

/** A zone that is to go somewhere. */
export interface Leaver {
  readonly zone: ZoneFacts;
  readonly source: Facts;
  readonly rule: ZoneRule | null;
  readonly company: Company;
}

/** Why this zone can't go to `to`; empty when it can. Order is by what an operator would look at first. */
export function obstacles(leaver: Leaver, to: Candidate): readonly Obstacle[] {
  const { zone, company } = leaver;
  return [
    ...settledObstacles(leaver, to).map(byRule),
    ...roomObstacles(zone, to),
    ...poolObstacle(zone, to).map(byRule),
    ...companyObstacles(zone, to.facts, company).map(byRule),
  ];
}

/**
 * The same without room, and without company that may go elsewhere: what stands in the way wherever the zones of the
 * hosts are.
 */
export function rulesAgainst(leaver: Leaver, to: Candidate, goes: Goes): readonly string[] {
  const { zone, company } = leaver;
  const staying = new Set([...company.rivals].filter(name => !goes(name, to.facts.host)));
  const { cpus } = to.facts;
  return [
    ...settledObstacles(leaver, to),
    ...poolObstacle(zone, to),
    ...(cpus.is === 'known' && cpusOf(zone) > cpus.value ? ['has too few processors'] : []),
    ...companyObstacles(zone, to.facts, { ...company, rivals: staying }),
  ];
}

/** What neither room nor company changes. */
function settledObstacles({ zone, source, rule }: Leaver, to: Candidate): readonly string[] {
  return [
    ...acceptObstacle(to),
    ...allowedObstacle(to.facts.host, rule),
    ...openObstacle(to.facts),
    ...systemObstacles(zone, source, to.facts),
    ...sameNameObstacle(zone, to.facts),
    ...storageObstacle(zone, to.facts),
  ];
}

/** What depends only on which kind of zone it is, on which kind of host it runs, and which kind of host is asked. */
export function obstaclesOfKind(zone: ZoneFacts, source: Facts, to: Candidate): readonly string[] {
  return [
    ...acceptObstacle(to),
    ...openObstacle(to.facts),
    ...systemObstacles(zone, source, to.facts),
    ...sameNameObstacle({ ...zone, name: '' }, to.facts),
    ...poolObstacle(zone, to),
  ];
}

/** Whether a zone of this host may be moved away. */
export type Goes = (zone: string, host: string) => boolean;

const acceptObstacle = ({ accepts }: Candidate): readonly string[] => (accepts ? [] : ['takes no zones (inventory)']);

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
  if (arch === '' || arch === 'generic') return ['other processors, and the zone has no migration class (cpu-arch)'];
  // solaris.md 3.5: there are no migration classes on AMD.
  const amd = [source, to].some(({ cpuClass }) => cpuClass.is === 'known' && cpuClass.value.includes('AMD'));
  return amd ? ['other processors, and AMD ones have no migration classes'] : [];
}

/** The properties that must be equal on both ends when the zone is configured there already (solaris.md 3.5). */
function sameNameObstacle(zone: ZoneFacts, to: Facts): readonly string[] {
  if (to.zones.is === 'unknown') return [`its zones aren't known: ${to.zones.why}`];
  const there = viewOf(to).byName.get(zone.name);
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
    ...(propertiesOf(here, PAGES) === propertiesOf(other, PAGES) ? [] : ['page sizes']),
    ...(disksOf(here) === disksOf(other) ? [] : ['ids of devices']),
  ];
  return differs.length === 0 ? [] : [`has another configuration of this name: ${differs.join(', ')}`];
}

const PAGES = ['capped-memory pagesize-policy', 'capped-memory pagesize', 'capped-memory memory-reserve'];

function propertiesOf({ properties }: ZoneConfiguration, names: readonly string[]): string {
  const said = properties.filter(({ resource, name }) => names.includes(`${resource} ${name}`));
  return said
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
    .join(' ');
}

/** Each disk with the id it has inside the zone. */
function disksOf({ properties }: ZoneConfiguration): string {
  const devices = properties.filter(({ resource }) => resource === 'device');
  const of = (index: number, wanted: string): string =>
    devices.find(one => one.index === index && one.name === wanted)?.value.toLowerCase() ?? '';
  return [...new Set(devices.map(({ index }) => index))]
    .map(index => `${of(index, 'storage')} ${of(index, 'id')}`)
    .sort()
    .join(', ');
}

/** Identifiers are hexadecimal and case means nothing in them. */
function storageOf(uris: readonly string[]): string {
  return [...uris]
    .map(uri => uri.toLowerCase())
    .sort()
    .join(' ');
}

function roomObstacles(zone: ZoneFacts, to: Candidate): readonly Obstacle[] {
  const need = memoryOf(zone);
  if (need.is === 'unknown') return [byRule(need.why)];
  if (zone.state !== 'running' || need.value === 0) return [];
  const room = roomIn(to.facts, to.reserveBytes);
  if (room.is === 'unknown') return [byRule(room.why)];
  const { freeBytes, cpus, takenCpus } = room.value;
  const lacks = (of: 'promised' | 'now', free: number): readonly Obstacle[] =>
    need.value > free ? [{ is: 'memory', needed: need.value, free: Math.max(0, free), of, with: [] }] : [];
  const short = lacks('promised', freeBytes);
  const full = lacks('now', freeNow(to.facts) ?? Number.POSITIVE_INFINITY);
  const needed = cpusOf(zone);
  const narrow: readonly Obstacle[] = needed > cpus ? [{ is: 'processors', needed, has: cpus }] : [];
  const most = to.cpuOvercommit === null ? Number.POSITIVE_INFINITY : cpus * to.cpuOvercommit;
  const promised: readonly Obstacle[] =
    needed > 0 && takenCpus + needed > most ? [{ is: 'overcommit', needed, taken: takenCpus, most }] : [];
  return [...short, ...(short.length === 0 ? full : []), ...(narrow.length === 0 ? promised : narrow)];
}

/** A pool that a zone takes its memory from must be there, too (solaris.md 3.5); no fact tells. */
function poolObstacle(zone: ZoneFacts, to: Candidate): readonly string[] {
  const pool = poolOf(zone);
  if (pool === '' || to.pools.includes(pool)) return [];
  return [
    `the zone takes its memory from the pool "${pool}", and nobody knows if it is there (say so: placement: { pools: [${pool}] })`,
  ];
}

/** The pool that the zone takes its memory from; empty: none. */
export function poolOf(zone: ZoneFacts): string {
  const properties = zone.configuration.is === 'known' ? zone.configuration.value.properties : [];
  const pool = properties.find(({ resource, name }) => resource === 'capped-memory' && name === 'memory-reserve');
  return pool?.value ?? '';
}

/** Admission: what is free this moment, with the cache that may shrink. null when it wasn't observed. */
export function freeNow(facts: Facts): number | null {
  const { freeBytes, arcBytes } = facts.memory;
  return freeBytes.is === 'known' && arcBytes.is === 'known' ? freeBytes.value + arcBytes.value : null;
}

/** What a host may still take: what is promised and what is free this moment, whichever is less. null: nobody knows. */
export function sparedBytes(facts: Facts, reserveBytes: number | null): number | null {
  const room = roomIn(facts, reserveBytes);
  return room.is === 'unknown' ? null : Math.min(room.value.freeBytes, freeNow(facts) ?? Number.POSITIVE_INFINITY);
}

/** Only running zones keep company. */
function companyObstacles(zone: ZoneFacts, to: Facts, { rivals, anchors }: Company): readonly string[] {
  if (to.zones.is === 'unknown') return [];
  const { byName } = viewOf(to);
  const there = [...rivals].filter(name => byName.get(name)?.state === 'running').sort();
  const apart = there.map(name => `must be kept apart from ${name}, beside which it would run`);
  const alone = zone.state !== 'running' || anchors.length === 0 || anchors.some(({ host }) => host === to.host);
  const away = alone ? [] : anchors.slice(0, 1);
  return [...apart, ...away.map(({ mate, host }) => `must run together with ${mate}, which runs on ${host}`)];
}

/** Another zone, by its name, that already holds storage of this one. */
function storageObstacle(zone: ZoneFacts, to: Facts): readonly string[] {
  return holdersOn(to, zone)
    .filter(other => other.name !== zone.name)
    .map(other => `its storage is held there by ${other.name}, ${other.state}`);
}
