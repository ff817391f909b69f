// The service management facility: properties (kept in the boot environment, effective only after a refresh) and the
// states of services (lost at each boot). It knows no dependency graph: services come online in the order given.

export interface Property {
  readonly type: string;
  readonly values: readonly string[];
}
interface PropertyGroup {
  readonly type: string;
  readonly properties: ReadonlyMap<string, Property>;
}
export type Groups = ReadonlyMap<string, PropertyGroup>;

/** Keyed by FMRI: `svc:/system/zones/zone` for a service, `svc:/system/zones/zone:evac1` for an instance. */
export interface SmfRepository {
  readonly current: Map<string, Groups>;
  /** The running snapshots of instances: what `svcprop` and sysadm read. */
  readonly snapshots: Map<string, Groups>;
  readonly disabled: Set<string>;
}

export type ServiceState =
  | 'legacy_run'
  | 'uninitialized'
  | 'offline'
  | 'online'
  | 'degraded'
  | 'maintenance'
  | 'disabled';
export interface Service {
  readonly fmri: string;
  readonly title: string;
  state: ServiceState;
  since: number;
  /** How long after the start of the boot it is online. */
  readonly onlineAfterMs: number;
  readonly reason: string;
  /** Manual page that `svcs -x` names, as `5 resolv.conf`; empty for none. */
  readonly man: string;
}

export const ZONES_SERVICE = 'svc:/system/zones/zone';
export const zoneFmri = (zone: string): string => `${ZONES_SERVICE}:${zone}`;
export const serviceOf = (fmri: string): string => fmri.replace(/^(svc:\/[^:]*):.*$/, '$1');
export const isInstance = (fmri: string): boolean => /^svc:\/[^:]*:/.test(fmri);

/** The services of every host, in the order in which they come online. */
export const SERVICES: readonly (readonly [fmri: string, title: string, onlineAfterMs: number])[] = [
  ['svc:/system/boot-archive:default', 'check boot archive content', 0],
  ['svc:/network/physical:default', 'physical network interfaces', 500],
  ['svc:/milestone/network:default', 'Network milestone', 1000],
  ['svc:/system/filesystem/local:default', 'local file system mounts', 1500],
  ['svc:/network/iscsi/initiator:default', 'iSCSI initiator daemon', 2000],
  ['svc:/network/ssh:default', 'SSH server', 3000],
  ['svc:/network/ntp:default', 'Network Time Protocol (NTP) version 4', 4000],
  ['svc:/system/cron:default', 'clock daemon (cron)', 4000],
  ['svc:/system/fmd:default', 'Solaris Fault Manager', 5000],
  ['svc:/milestone/multi-user:default', 'multi-user milestone', 6000],
  ['svc:/system/rad:local', 'Remote Administration Daemon', 7000],
  ['svc:/system/rad:remote', 'Remote Administration Daemon', 7000],
  ['svc:/network/kz-migr:stream', 'kernel zone migration stream', 7500],
  ['svc:/system/zones:default', 'Zones autoboot and graceful shutdown', 9000],
  ['svc:/milestone/multi-user-server:default', 'multi-user plus exports milestone', 12000],
  ['svc:/milestone/goals:default', 'milestone goals', 12500],
];

function emptyRepository(): SmfRepository {
  return { current: new Map(), snapshots: new Map(), disabled: new Set() };
}

export function cloneRepository(from: SmfRepository): SmfRepository {
  return { current: new Map(from.current), snapshots: new Map(from.snapshots), disabled: new Set(from.disabled) };
}

function compose(service: Groups, instance: Groups): Groups {
  const names = new Set([...service.keys(), ...instance.keys()]);
  return new Map(
    [...names].map(name => {
      const below = service.get(name);
      const above = instance.get(name);
      const properties = new Map([...(below?.properties ?? []), ...(above?.properties ?? [])]);
      return [name, { type: (above ?? below)?.type ?? 'application', properties }];
    }),
  );
}

const nothing: Groups = new Map();

/** The values as stored, instance over service. */
export function composed(smf: SmfRepository, fmri: string): Groups {
  const service = smf.current.get(serviceOf(fmri)) ?? nothing;
  return isInstance(fmri) ? compose(service, smf.current.get(fmri) ?? nothing) : service;
}

/** What refresh does: the stored values become the effective ones. */
export function refresh(smf: SmfRepository, fmri: string): void {
  const instances = isInstance(fmri)
    ? [fmri]
    : [...smf.current.keys()].filter(f => isInstance(f) && serviceOf(f) === fmri);
  for (const instance of instances) smf.snapshots.set(instance, composed(smf, instance));
}

function effective(smf: SmfRepository, fmri: string, group: string, name: string): Property | null {
  return smf.snapshots.get(fmri)?.get(group)?.properties.get(name) ?? null;
}

export function setProperty(smf: SmfRepository, fmri: string, group: string, named: readonly [string, Property]): void {
  const groups = new Map(smf.current.get(fmri) ?? []);
  const old = groups.get(group);
  const properties = new Map([...(old?.properties ?? []), named]);
  groups.set(group, { type: old?.type ?? 'application', properties });
  smf.current.set(fmri, groups);
}

export function deleteProperty(smf: SmfRepository, fmri: string, group: string, name: string): boolean {
  const groups = new Map(smf.current.get(fmri) ?? []);
  const old = groups.get(group);
  if (old === undefined || !old.properties.has(name)) return false;
  const properties = new Map(old.properties);
  properties.delete(name);
  groups.set(group, { type: old.type, properties });
  smf.current.set(fmri, groups);
  return true;
}

/** The instance of a zone as the zones framework makes it when the zone is configured. */
export function addZoneInstance(smf: SmfRepository, zone: string): void {
  const fmri = zoneFmri(zone);
  if (smf.current.has(fmri)) return;
  smf.current.set(fmri, new Map([['general', { type: 'framework', properties: new Map() }]]));
  refresh(smf, fmri);
}

export function removeZoneInstance(smf: SmfRepository, zone: string): void {
  smf.current.delete(zoneFmri(zone));
  smf.snapshots.delete(zoneFmri(zone));
}

/** The effective evacuation target of a zone, or null. */
export function targetOf(smf: SmfRepository, zone: string): string | null {
  const value = effective(smf, zoneFmri(zone), 'evacuation', 'target')?.values[0] ?? '';
  return value === '' ? null : value;
}

/** A repository with the services of SERVICES and the service of zones. */
export function firstRepository(): SmfRepository {
  const smf = emptyRepository();
  for (const [fmri] of SERVICES) {
    smf.current.set(serviceOf(fmri), new Map());
    smf.current.set(fmri, new Map());
    refresh(smf, fmri);
  }
  smf.current.set(ZONES_SERVICE, new Map([['evacuation', { type: 'application', properties: new Map() }]]));
  return smf;
}
