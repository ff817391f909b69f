// What happens to one zone on one host: booting, halting, attaching, detaching, being configured. Each function looks
// first and refuses what a host refuses; time is spent by the programs, not here.
import { MIB, globalOf, isKernelZone, sizeText, storageOf } from './config.ts';
import type { ZoneConfig } from './config.ts';
import { activeBe, hostNow, zoneOn } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { memoryFree, memoryTaken } from './memory.ts';
import { addZoneInstance, removeZoneInstance } from './smf.ts';
import { ok, refused } from './state.ts';
import type { Aux, Holder, Host, IndexedZone, LiveZone, Outcome } from './state.ts';
import { bootPrevented, noMemory, poolInUse, storageMissing } from './texts.ts';

export const ATTACH_PREVENTED = 'attach prevented due to system maintenance: see sysadm(8)';

/** Who else holds this zone's storage, or null. */
export function otherHolder(fleet: Fleet, host: Host, config: ZoneConfig): Holder | null {
  for (const uri of storageOf(config)) {
    const holder = fleet.holders.get(uri);
    if (holder !== undefined && holder.host !== host.name) return holder;
  }
  return null;
}

export function holds(fleet: Fleet, host: Host, config: ZoneConfig): boolean {
  return storageOf(config).some(uri => fleet.holders.get(uri)?.host === host.name);
}

/** Writes host data: from now on this host has the zone. */
export function takeStorage(fleet: Fleet, host: Host, config: ZoneConfig): void {
  const be = activeBe(host);
  const holder = { host: host.name, zone: config.name, be: be.name, beUuid: be.uuid, at: hostNow(fleet, host) };
  for (const uri of storageOf(config)) fleet.holders.set(uri, holder);
}

export function releaseStorage(fleet: Fleet, host: Host, config: ZoneConfig): void {
  for (const uri of storageOf(config)) if (fleet.holders.get(uri)?.host === host.name) fleet.holders.delete(uri);
}

export function unseenStorage(host: Host, config: ZoneConfig): string | null {
  return storageOf(config).find(uri => host.missingStorage.has(uri)) ?? null;
}

export function memoryRefusal(host: Host, config: ZoneConfig): Outcome {
  const needed = memoryTaken(config);
  const present = memoryFree(host);
  if (needed <= present) return ok;
  const mib = (bytes: number): string => sizeText(Math.max(0, Math.floor(bytes / MIB)) * MIB);
  return refused(noMemory(mib(needed), mib(present)));
}

/** Marks the zone unavailable when its storage is in use elsewhere; the text is the one of the guide. */
function elsewhere(fleet: Fleet, host: Host, zone: IndexedZone): Outcome {
  const holder = otherHolder(fleet, host, zone.config);
  if (holder === null) return ok;
  if (!isKernelZone(zone.config)) return refused(poolInUse);
  fleet.change({ what: 'zone-unavailable', host: host.name, zone: zone.name }, () => {
    if (zone.state === 'installed') zone.state = 'unavailable';
  });
  return refused(hostDataText(fleet, zone.name, holder));
}

export function hostDataText(fleet: Fleet, zone: string, holder: Holder): string {
  const other = fleet.host(holder.host);
  const lead = `zone '${zone}': error:`;
  return [
    `${lead} ERROR: zone ${zone} is in use by host with  hostid ${other.hardware.hostid}`,
    `${lead}       last known state: ${other.live.has(zone) ? 'running' : 'installed'}`,
    `${lead}               hostname: ${other.name}`,
    `${lead}  boot environment name: ${holder.be}`,
    `${lead}  boot environment uuid: ${holder.beUuid}`,
    `${lead}       last update time: ${longDate(holder.at)}`,
    `${lead} To fix, detach the zone from the other host then attach it to this host`,
    `${lead} If the zone is not active on another host, attach it with`,
    `${lead}    zoneadm -z ${zone} attach -x force-takeover`,
  ].join('\n');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun Apr 13 20:08:13 2014`; the hosts' time zone is UTC. */
export function longDate(at: number): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = String(d.getUTCDate()).padStart(2);
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${day} ${time} ${d.getUTCFullYear()}`;
}

/** Whether an installed zone could boot here now. */
export function mayBoot(fleet: Fleet, host: Host, zone: IndexedZone): Outcome {
  if (host.maintenance !== null) return refused(bootPrevented);
  const unseen = unseenStorage(host, zone.config);
  if (unseen !== null) return refused(storageMissing(unseen));
  const held = elsewhere(fleet, host, zone);
  if (held.is === 'refused') return held;
  return memoryRefusal(host, zone.config);
}

/** Brings a zone up in memory: its own memory is taken from here on. */
export function putUp(host: Host, zone: IndexedZone, aux: Aux): LiveZone {
  const live: LiveZone = { id: host.nextZoneId++, state: 'running', aux, mode: '-', running: zone.config };
  host.live.set(zone.name, live);
  return live;
}

export function boot(fleet: Fleet, host: Host, zone: IndexedZone): Outcome {
  const may = mayBoot(fleet, host, zone);
  if (may.is === 'refused') return may;
  fleet.change({ what: 'zone-booted', host: host.name, zone: zone.name }, () => {
    putUp(host, zone, 'none');
    zone.suspended = false;
    fleet.shouldRun.add(zone.name);
  });
  return ok;
}

/** Takes a zone down because somebody said so. */
export function halt(fleet: Fleet, host: Host, zone: string): void {
  fleet.change({ what: 'zone-halted', host: host.name, zone }, () => {
    // What is only arriving here still runs where it comes from.
    if (host.live.get(zone)?.aux !== 'migrating-in') fleet.shouldRun.delete(zone);
    host.live.delete(zone);
  });
}

export function attach(fleet: Fleet, host: Host, zone: IndexedZone, force: boolean): Outcome {
  if (host.maintenance !== null) return refused(ATTACH_PREVENTED);
  const unseen = unseenStorage(host, zone.config);
  if (unseen !== null) return refused(storageMissing(unseen));
  const holder = otherHolder(fleet, host, zone.config);
  if (holder !== null && !force) {
    if (isKernelZone(zone.config)) return refused(hostDataText(fleet, zone.name, holder));
    return refused(poolInUse);
  }
  if (holder !== null) fleet.incidents.push(`forced takeover of ${zone.name} from ${holder.host} by ${host.name}`);
  fleet.change({ what: 'zone-attached', host: host.name, zone: zone.name }, () => {
    zone.state = 'installed';
    zone.stale = false;
    takeStorage(fleet, host, zone.config);
  });
  return ok;
}

export function detach(fleet: Fleet, host: Host, zone: IndexedZone): void {
  fleet.change({ what: 'zone-detached', host: host.name, zone: zone.name }, () => {
    zone.state = 'configured';
    zone.stale = false;
    releaseStorage(fleet, host, zone.config);
  });
}

export function configure(fleet: Fleet, host: Host, config: ZoneConfig): IndexedZone {
  const old = zoneOn(host, config.name);
  if (old !== null) {
    fleet.change({ what: 'zone-reconfigured', host: host.name, zone: config.name }, () => {
      old.config = config;
    });
    return old;
  }
  const zone: IndexedZone = {
    name: config.name,
    config,
    state: 'configured',
    uuid: '',
    suspended: false,
    stale: false,
  };
  fleet.change({ what: 'zone-configured', host: host.name, zone: config.name }, () => {
    activeBe(host).index.set(config.name, zone);
    addZoneInstance(activeBe(host).smf, config.name);
  });
  return zone;
}

export function unconfigure(fleet: Fleet, host: Host, zone: string): void {
  fleet.change({ what: 'zone-unconfigured', host: host.name, zone }, () => {
    activeBe(host).index.delete(zone);
    removeZoneInstance(activeBe(host).smf, zone);
  });
}

/** The state that `zoneadm list` shows. */
export function stateOf(host: Host, zone: IndexedZone): string {
  return host.live.get(zone.name)?.state ?? zone.state;
}

export const autoboots = (config: ZoneConfig): boolean => globalOf(config, 'autoboot') === 'true';
