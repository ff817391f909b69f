// From a FleetSpec to a living fleet: every host up for a day, services online, zones where the file puts them.
import type { Clock } from '../os/program.ts';
import { chance, hex, uuid } from './chance.ts';
import { sizeText, withGlobal } from './config.ts';
import type { Resource, ZoneConfig } from './config.ts';
import { Fleet, activeBe } from './fleet.ts';
import { settledServices } from './power.ts';
import { addZoneInstance, firstRepository, refresh, setProperty, zoneFmri } from './smf.ts';
import type { FleetSpec, HostSpec, ZoneSpec } from './spec.ts';
import type { BootEnvironment, Host, User } from './state.ts';
import { trustEachOther } from './trust.ts';
import { version } from './versions.ts';
import { putUp, takeStorage } from './zones.ts';

const UPTIME_MS = 86_400_000 * 20;

/** The configuration that `zonecfg create` and a few `set`s would have made of it. */
function zoneConfig(spec: ZoneSpec): ZoneConfig {
  const kernel = spec.brand === 'solaris-kz';
  const globals: readonly (readonly [string, string])[] = [
    ['zonepath', kernel ? '' : `/system/zones/${spec.name}`],
    ['brand', spec.brand],
    ['autoboot', String(spec.autoboot)],
    ['autoshutdown', spec.autoshutdown],
    ['ip-type', 'exclusive'],
    ...(kernel ? [['cpu-arch', spec.cpuArch] as const] : []),
  ];
  const disks: readonly Resource[] = spec.storage.map((storage, at) =>
    kernel
      ? { type: 'device', properties: [['storage', storage], ['id', String(at + 1)], ...(at === 0 ? [BOOT] : [])] }
      : { type: at === 0 ? 'rootzpool' : 'zpool', properties: [['storage', storage], ...(at === 0 ? [] : [POOL])] },
  );
  const anet: Resource = {
    type: 'anet',
    properties: kernel
      ? [
          ['lower-link', 'auto'],
          ['mac-address', 'auto'],
          ['id', '0'],
        ]
      : [
          ['linkname', 'net0'],
          ['lower-link', 'auto'],
          ['mac-address', 'auto'],
        ],
  };
  const resources = [anet, ...disks];
  if (spec.vcpus > 0) resources.push({ type: 'virtual-cpu', properties: [['ncpus', String(spec.vcpus)]] });
  if (spec.memoryBytes > 0)
    resources.push({ type: 'capped-memory', properties: [['physical', sizeText(spec.memoryBytes)]] });
  const config = { name: spec.name, globals: globals.filter(([, value]) => value !== ''), resources };
  return Object.entries(spec.properties).reduce<ZoneConfig>(
    (made, [name, value]) => withGlobal(made, name, value),
    config,
  );
}

const BOOT = ['bootpri', '0'] as const;
const POOL = ['name', 'data'] as const;

function firstBe(spec: HostSpec, seed: number, created: number): BootEnvironment {
  return {
    name: spec.be,
    uuid: uuid(chance(seed, spec.name, 'be')),
    created,
    policy: 'static',
    spaceBytes: 5_204_254_720,
    mountpoint: '/',
    entire: version(spec.entire).text,
    packages: new Map([['pkg:/package/pkg', version(spec.entire).text]]),
    publishers: new Map([['solaris', 'http://pkg.oracle.com/solaris/release/']]),
    index: new Map(),
    smf: firstRepository(),
    hostKey: `${spec.name}-1`,
    knownHosts: new Set(),
    authorized: new Set(),
    everActive: true,
  };
}

function usersOf(spec: HostSpec): readonly User[] {
  const root: User = { name: 'root', uid: 0, home: '/root', shell: '/usr/bin/bash', profiles: ['All Rights'] };
  const others = spec.users.map(user => {
    return { ...user, home: `/export/home/${user.name}`, shell: '/usr/bin/bash' };
  });
  return [root, ...others];
}

function hardwareOf(spec: HostSpec, seed: number): Host['hardware'] {
  const intel = 'Intel(r) Xeon(r) CPU E5-2699 v3 @ 2.30GHz';
  return {
    platform: spec.platform,
    cpus: spec.cpus,
    cpuModel: spec.platform === 'i86pc' ? intel : 'SPARC-M7',
    cpuClass: spec.cpuClass,
    memoryBytes: spec.memoryBytes,
    hostid: hex(chance(seed, spec.name, 'hostid'), 8),
    linkBytesPerSecond: spec.linkBytesPerSecond,
    bootMs: spec.bootMs,
  };
}

function makeHost(spec: HostSpec, fleet: FleetSpec, now: number): Host {
  const bootedAt = now - UPTIME_MS;
  return {
    name: spec.name,
    fullName: `${spec.name}.${spec.domain}`,
    hardware: hardwareOf(spec, fleet.seed),
    reserveBytes: spec.reserveBytes,
    users: usersOf(spec),
    machine: null,
    power: 'up',
    port: 'open',
    bootedAt,
    reportedBoot: bootedAt,
    boots: 0,
    generation: 0,
    clockSkewMs: 0,
    active: spec.be,
    next: spec.be,
    bootOnce: null,
    snapshots: new Map(),
    bes: new Map([[spec.be, firstBe(spec, fleet.seed, bootedAt)]]),
    live: new Map(),
    nextZoneId: spec.nextZoneId,
    services: new Map(settledServices(bootedAt)),
    maintenance: null,
    evacuation: null,
    evacuating: false,
    rounds: 0,
    pkgLock: null,
    pkgHistory: [],
    pools: [{ name: 'rpool', sizeBytes: spec.poolBytes, freeBytes: spec.poolFreeBytes, health: 'ONLINE' }],
    missingStorage: new Set(spec.missing.map(uri => uri.toLowerCase())),
    catalogue: new Map([['entire', fleet.offered.map(o => version(o).text)]]),
    rightsLost: false,
    onePathMissing: false,
    guestDomains: [],
    varshareFull: false,
    streams: 0,
    zoneListFields: 11,
  };
}

function placeZone(fleet: Fleet, host: Host, spec: ZoneSpec): void {
  const be = activeBe(host);
  const config = zoneConfig(spec);
  const installed = spec.state !== 'configured';
  const id = installed ? uuid(chance(fleet.seed, spec.name, 'uuid')) : '';
  be.index.set(spec.name, {
    name: spec.name,
    config,
    state: installed ? 'installed' : 'configured',
    uuid: id,
    suspended: false,
    stale: false,
  });
  addZoneInstance(be.smf, spec.name);
  fleet.dirtyRates.set(spec.name, spec.dirtyBytesPerSecond);
  if (spec.target !== null) {
    const fmri = zoneFmri(spec.name);
    setProperty(be.smf, fmri, 'evacuation', ['target', { type: 'astring', values: [spec.target] }]);
    refresh(be.smf, fmri);
  }
  if (installed) takeStorage(fleet, host, config);
}

/** Starts the zones that run: those with a given id keep it, the others take the next ones. */
function startZones(fleet: Fleet, host: Host, specs: readonly ZoneSpec[]): void {
  const running = specs.filter(z => z.state === 'running');
  for (const spec of running) {
    const zone = activeBe(host).index.get(spec.name);
    if (zone === undefined) continue;
    const next = host.nextZoneId;
    const live = putUp(host, zone, 'none');
    if (spec.id !== null) {
      live.id = spec.id;
      host.nextZoneId = next;
    }
    fleet.shouldRun.add(spec.name);
    fleet.ranAtStart.add(spec.name);
  }
  const highest = Math.max(0, ...[...host.live.values()].map(l => l.id));
  host.nextZoneId = Math.max(host.nextZoneId, highest + 1);
}

/** A fleet in the state that the file describes. Nothing moves until something is asked of it. */
export function makeFleet(spec: FleetSpec, clock: Clock, seed: number = spec.seed): Fleet {
  const fleet = new Fleet(spec.name, seed, clock);
  fleet.sysadm = spec.sysadm;
  for (const text of [...spec.offered, ...spec.hosts.map(h => h.entire)]) {
    const stamp = text.split(':')[1];
    if (stamp !== undefined) fleet.stamps.set(version(text).text, stamp);
  }
  for (const hostSpec of spec.hosts) {
    const host = makeHost(hostSpec, { ...spec, seed }, clock.now());
    fleet.hosts.set(host.name, host);
    for (const zone of hostSpec.zones) placeZone(fleet, host, zone);
    startZones(fleet, host, hostSpec.zones);
  }
  if (spec.trust === 'all') trustEachOther([...fleet.hosts.values()]);
  return fleet;
}
