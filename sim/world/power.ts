// Going down and coming up. A shutdown takes its time and sshd answers during its first seconds; a boot brings up the
// environment marked for it, with services coming online one by one, sshd long before the host is ready.
import { globalOf, isKernelZone } from './config.ts';
import { strikes } from './faults.ts';
import { activeBe } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { SERVICES, zoneFmri } from './smf.ts';
import type { Service, ServiceState } from './smf.ts';
import type { BootEnvironment, Host, IndexedZone } from './state.ts';
import { autoboots, boot, holds, otherHolder } from './zones.ts';

export interface Shutdown {
  /** True: services end in order (shutdown, init). False: reboot(8), which doesn't run them. */
  readonly graceful: boolean;
  readonly to: 'reboot' | 'off';
}

const GRACEFUL_MS = 12_000;
const QUICK_MS = 2_000;
const IGNORED_MS = 600_000;

/** Begins a shutdown and returns at once, as the commands do. A second one while it runs changes nothing. */
export function shutDown(fleet: Fleet, host: Host, how: Shutdown): void {
  if (host.power !== 'up') return;
  const generation = host.generation;
  const ignored = strikes(fleet, host.name, 'shutdown-ignored');
  void (async () => {
    if (ignored) await fleet.clock.sleep(IGNORED_MS);
    if (host.generation !== generation || host.power !== 'up') return;
    fleet.change({ what: 'host-stopping', host: host.name }, () => {
      host.power = 'stopping';
      setService(fleet, host, 'svc:/milestone/multi-user-server:default', 'offline');
    });
    await fleet.clock.sleep(how.graceful ? GRACEFUL_MS : QUICK_MS);
    if (host.generation !== generation) return;
    await fall(fleet, host, how.to);
  })();
}

/** Power lost at once, without a word; it is back after the time of a boot. */
export function powerCut(fleet: Fleet, host: Host): void {
  if (host.power === 'off' || host.power === 'booting') return;
  void fall(fleet, host, 'reboot');
}

/** What a person at the console does with a host that is off. */
export function powerOn(fleet: Fleet, host: Host): void {
  if (host.power === 'off') void rise(fleet, host);
}

async function fall(fleet: Fleet, host: Host, to: 'reboot' | 'off'): Promise<void> {
  fleet.change({ what: 'host-down', host: host.name }, () => {
    host.power = 'off';
    host.port = 'closed';
    host.generation++;
    suspendZones(fleet, host);
    host.live.clear();
    host.services.clear();
    host.evacuating = false;
    host.pkgLock = null;
    for (const be of host.bes.values()) if (be.name !== host.active) be.mountpoint = null;
    host.machine?.halt();
  });
  if (to === 'off' || strikes(fleet, host.name, 'host-stays-down')) return;
  await rise(fleet, host);
}

/** Zones go down with their host; autoshutdown=suspend keeps the image of a kernel zone. */
function suspendZones(fleet: Fleet, host: Host): void {
  for (const [name, live] of host.live) {
    if (live.aux === 'migrating-in') continue;
    fleet.shouldRun.delete(name);
    const zone = activeBe(host).index.get(name);
    if (zone === undefined || host.power !== 'stopping') continue;
    if (isKernelZone(zone.config) && globalOf(zone.config, 'autoshutdown') === 'suspend') zone.suspended = true;
  }
}

async function rise(fleet: Fleet, host: Host): Promise<void> {
  fleet.change({ what: 'host-booting', host: host.name }, () => {
    host.power = 'booting';
    host.generation++;
  });
  const generation = host.generation;
  await fleet.clock.sleep(host.hardware.bootMs);
  if (host.generation !== generation) return;
  enter(fleet, host);
  await startServices(fleet, host);
}

/** The kernel is up in the environment that was marked for this boot. */
function enter(fleet: Fleet, host: Host): void {
  const before = activeBe(host);
  const keepsOld = strikes(fleet, host.name, 'boots-old-be');
  const wrongTime = strikes(fleet, host.name, 'wrong-boot-time');
  const newKey = strikes(fleet, host.name, 'host-key-changed');
  fleet.change({ what: 'host-booted', host: host.name }, () => {
    const to = host.bes.get(host.bootOnce ?? host.next);
    host.bootOnce = null;
    if (!keepsOld && to !== undefined) host.active = to.name;
    const be = activeBe(host);
    before.mountpoint = null;
    be.mountpoint = '/';
    be.everActive = true;
    if (newKey) be.hostKey = `${host.name}-boot-${host.boots + 1}`;
    if (be !== before) arrive(fleet, host, before);
    host.power = 'up';
    host.boots++;
    host.bootedAt = fleet.clock.now();
    if (!wrongTime) host.reportedBoot = host.bootedAt;
    for (const [fmri, title, onlineAfterMs] of SERVICES)
      host.services.set(fmri, { ...asleep(fmri, title, onlineAfterMs), since: host.bootedAt });
    host.machine?.boot(be.name);
  });
}

const asleep = (fmri: string, title: string, onlineAfterMs: number): Service => {
  return { fmri, title, state: 'offline', since: 0, onlineAfterMs, reason: '', man: '' };
};

function arrive(fleet: Fleet, host: Host, before: BootEnvironment): void {
  const be = activeBe(host);
  if (strikes(fleet, host.name, 'known-hosts-lost')) be.knownHosts = new Set();
  if (strikes(fleet, host.name, 'stale-zone-index')) refuseHeldZones(fleet, host, be);
  else reconcile(fleet, host, before, be);
}

/** A stale index: host data keeps kernel zones that are away from booting; nothing is said about native ones. */
function refuseHeldZones(fleet: Fleet, host: Host, be: BootEnvironment): void {
  for (const zone of be.index.values()) {
    if (zone.state !== 'installed' || otherHolder(fleet, host, zone.config) === null) continue;
    zone.stale = true;
    if (isKernelZone(zone.config)) zone.state = 'unavailable';
  }
}

/** Brings the zone index of the new environment in line with where the zones really are. */
function reconcile(fleet: Fleet, host: Host, before: BootEnvironment, be: BootEnvironment): void {
  for (const zone of be.index.values()) {
    if (zone.state === 'installed' && otherHolder(fleet, host, zone.config) !== null) zone.state = 'configured';
    if (zone.state === 'configured' && holds(fleet, host, zone.config)) zone.state = 'installed';
  }
  for (const zone of before.index.values()) {
    if (!be.index.has(zone.name) && holds(fleet, host, zone.config)) be.index.set(zone.name, { ...zone });
  }
}

function setService(fleet: Fleet, host: Host, fmri: string, state: ServiceState): void {
  const service = host.services.get(fmri);
  if (service === undefined) return;
  host.services.set(fmri, { ...service, state, since: fleet.clock.now() });
}

async function startServices(fleet: Fleet, host: Host): Promise<void> {
  const generation = host.generation;
  const stuck = stuckServices(fleet, host);
  const started = fleet.clock.now();
  for (const [fmri, , after] of SERVICES) {
    const wait = started + after - fleet.clock.now();
    if (wait > 0) await fleet.clock.sleep(wait);
    if (host.generation !== generation || host.power !== 'up') return;
    const disabled = activeBe(host).smf.disabled.has(fmri);
    fleet.change({ what: 'service-changed', host: host.name }, () => {
      setService(fleet, host, fmri, disabled ? 'disabled' : (stuck.get(fmri) ?? 'online'));
      if (fmri === 'svc:/network/ssh:default' && !disabled) host.port = 'open';
    });
    if (fmri === 'svc:/system/zones:default') autobootZones(fleet, host);
  }
  if (strikes(fleet, host.name, 'boots-twice')) shutDown(fleet, host, { graceful: true, to: 'reboot' });
}

function stuckServices(fleet: Fleet, host: Host): ReadonlyMap<string, ServiceState> {
  const stuck = new Map<string, ServiceState>();
  if (strikes(fleet, host.name, 'service-in-maintenance')) stuck.set('svc:/network/ntp:default', 'maintenance');
  if (strikes(fleet, host.name, 'rad-down-after-boot')) stuck.set('svc:/system/rad:local', 'maintenance');
  if (strikes(fleet, host.name, 'multi-user-server-offline')) {
    stuck.set('svc:/milestone/multi-user-server:default', 'offline');
    stuck.set('svc:/milestone/goals:default', 'offline');
  }
  return stuck;
}

/** Boots the zones that ask for it; a refused one has its service instance in maintenance, and nothing tries again. */
function autobootZones(fleet: Fleet, host: Host): void {
  for (const zone of activeBe(host).index.values()) {
    if (zone.state !== 'installed' || host.live.has(zone.name)) continue;
    if (autoboots(zone.config)) autobootZone(fleet, host, zone);
  }
}

function autobootZone(fleet: Fleet, host: Host, zone: IndexedZone): void {
  const outcome = boot(fleet, host, zone);
  if (outcome.is === 'ok') return;
  markZoneService(fleet, host, zone.name, 'maintenance');
}

/** The state of a zone's own service instance, where it isn't simply what the zone's state says. */
export function markZoneService(fleet: Fleet, host: Host, zone: string, state: ServiceState): void {
  const fmri = zoneFmri(zone);
  fleet.change({ what: 'service-changed', host: host.name, zone }, () => {
    const since = fleet.clock.now();
    const reason = state === 'maintenance' ? 'Zone failed to boot.' : '';
    host.services.set(fmri, { fmri, title: `Zone ${zone}`, state, since, onlineAfterMs: 0, reason, man: '8 zoneadm' });
  });
}

/** All services as they are on a host that has been up for long. */
export function settledServices(at: number): ReadonlyMap<string, Service> {
  return new Map(
    SERVICES.map(([fmri, title, onlineAfterMs]) => {
      const since = at + onlineAfterMs;
      return [fmri, { ...asleep(fmri, title, onlineAfterMs), state: 'online' as const, since }];
    }),
  );
}
