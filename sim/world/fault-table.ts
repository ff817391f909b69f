// The table of faults. Those at a call exist for every program of PROGRAMS by rule; the others are written out. Each
// row of the second kind is made true by the code that asks `strikes` for its name, or here, when it happens at once.
import { sizeBytes, withMemory, memoryOf } from './config.ts';
import { activeBe, zoneOn } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { FaultKind } from './faults.ts';
import { memoryFree } from './memory.ts';
import { powerCut } from './power.ts';
import { ZONES_SERVICE, refresh, setProperty } from './smf.ts';
import type { Host, IndexedZone } from './state.ts';
import { boot, configure, unconfigure } from './zones.ts';

/** Programs and their subcommands that a fault can strike; `any-command` is every one of them. */
const PROGRAMS: readonly string[] = [
  'any-command',
  ...['sysadm', 'sysadm-maintain', 'sysadm-evacuate', 'sysadm-return'],
  ...['zoneadm', 'zoneadm-list', 'zoneadm-boot', 'zoneadm-shutdown', 'zoneadm-halt', 'zoneadm-attach'],
  ...['zoneadm-detach', 'zoneadm-migrate', 'zonecfg', 'pkg', 'pkg-update', 'pkg-list', 'pkg-publisher'],
  ...['beadm', 'beadm-list', 'beadm-create', 'beadm-activate', 'beadm-destroy', 'beadm-set-policy', 'beadm-mount'],
  ...['beadm-unmount', 'svccfg', 'svccfg-setprop', 'svccfg-delprop', 'svcadm', 'svcadm-refresh', 'svcadm-clear'],
  ...['svcadm-enable', 'svcadm-disable', 'svcprop', 'svcs', 'kstat', 'uname', 'zpool', 'zfs', 'fmadm', 'ssh'],
  ...['shutdown', 'reboot', 'init'],
];

function generic(program: string): readonly FaultKind[] {
  const call = (
    name: string,
    effect: Extract<FaultKind['place'], { is: 'call' }>['effect'],
    doc: string,
  ): FaultKind => {
    return { name: `${program}-${name}`, place: { is: 'call', program, effect }, stays: false, doc };
  };
  return [
    call('refuses', { is: 'refuse' }, `${program} does nothing and exits 1`),
    call('lost-before', { is: 'cut', when: 'before' }, `the connection is cut before ${program} has any effect`),
    call(
      'lost-during',
      { is: 'cut-during', afterMs: 500 },
      `the connection is cut while ${program} works; it works on`,
    ),
    call(
      'lost-after',
      { is: 'cut', when: 'after' },
      `the connection is cut after the effect of ${program}, unanswered`,
    ),
    call('slow', { is: 'slow' }, `${program} takes a minute more`),
  ];
}

const PKG_WORDS: Readonly<Record<number, string>> = {
  1: "pkg: 0/1 catalogs successfully updated:\n\n1/1 repositories for publisher 'solaris' could not be reached for catalog refresh.",
  3: 'pkg update: only some of the operations succeeded',
  4: 'No updates available for this image.',
  6: '\nThe following packages require their licenses to be accepted before they can be installed or updated: entire',
  7: 'pkg: The image cannot be modified as it is currently in use by another package client: pkg on another, pid 4711.',
  9: 'pkg update: No solution was found to satisfy constraints',
  10: "WARNING: pkg(7) appears to be out of date, and should be updated before\nrunning update.  Please update pkg(7) by executing 'pkg install\npkg:/package/pkg' as a privileged user and then retry the update.",
  99: 'pkg: This is an internal error in pkg(7).',
};

const CONSTRAINED =
  'No solution found to update to latest available versions.\nThis may indicate an overly constrained set of packages are installed.';
const TRANSPORT =
  'Errors were encountered while attempting to retrieve package or file data for\nthe requested operation.\nDetails follow:\n\nFramework error: code: E_COULDNT_CONNECT (7)';

function pkgExits(): readonly FaultKind[] {
  const kind = (status: number, err: string): FaultKind => ({
    name: `pkg-exit-${status}`,
    place: { is: 'call', program: 'pkg-update', effect: { is: 'answer', status, err: `${err}\n` } },
    stays: false,
    doc: `pkg update exits ${status} with the words that belong to it, and nothing changes`,
  });
  const space =
    'pkg: Insufficient disk space available for root filesystem. Available space: 1.20 GB. Estimated required: 3.40 GB.';
  const answers = Object.entries(PKG_WORDS).map(([status, err]) => kind(Number(status), err));
  const said = (name: string, status: number, err: string): FaultKind => ({ ...kind(status, err), name });
  return [
    ...answers,
    said('pkg-constrained', 9, CONSTRAINED),
    said('clone-fails', 1, 'pkg update: Unable to clone the current boot environment.'),
    said('pkg-transport', 1, TRANSPORT),
    { ...kind(1, space), name: 'no-space', doc: 'pkg update says that the root pool is full' },
    {
      ...kind(1, 'pkg update: The boot environment already exists.'),
      name: 'be-exists',
      doc: 'pkg update says that the name of the boot environment is taken',
    },
    {
      ...kind(7, PKG_WORDS[7] ?? ''),
      name: 'pkg-locked',
      stays: true,
      doc: 'another package client holds the image from now on',
    },
  ];
}

const moment = (name: string, doc: string, stays = false): FaultKind => ({ name, place: { is: 'moment' }, stays, doc });

const MOMENTS: readonly FaultKind[] = [
  moment('target-unreachable', 'connections to this host from other hosts time out', true),
  moment('auth-failure', 'this host refuses the keys of other hosts', true),
  moment('migration-stalls', 'a live migration from this host dies half way (of one zone, if named)'),
  moment('evacuate-fails-once', 'sysadm evacuate fails for one zone, once'),
  moment('evacuate-fails-always', 'sysadm evacuate fails for one zone, every time', true),
  moment('return-fails-once', 'sysadm evacuate -r fails for one zone, once'),
  moment('return-fails-always', 'sysadm evacuate -r fails for one zone, every time', true),
  moment('zone-panics-on-resume', 'a live zone that arrives on this host panics (one zone, if named)'),
  moment('dry-run-leaves-debris', 'a live dry run towards this host is broken off and leaves the zone migrating-in'),
  moment('evacuate-killed', 'sysadm is killed while its zones are moving'),
  moment('power-cut-while-evacuating', 'this host loses power while its zones are moving'),
  moment('pkg-fails-half-way', 'pkg update fails in its clone, which stays behind, mounted'),
  moment('pkg-not-activated', 'pkg update exits 0 and says so, but its boot environment is not active on reboot'),
  moment('power-cut-after-build', 'this host loses power as soon as pkg update is done'),
  moment('host-stays-down', 'this host does not come back from its next boot'),
  moment('boots-old-be', 'the next boot comes up in the boot environment that ran before'),
  moment('boots-twice', 'this host boots once more right after its next boot'),
  moment('shutdown-ignored', 'the next shutdown takes effect only after ten minutes'),
  moment('wrong-boot-time', 'after the next boot the old boot time is still reported'),
  moment('host-key-changed', 'the next boot brings up another SSH host key'),
  moment('known-hosts-lost', 'a new boot environment comes up without known_hosts'),
  moment('stale-zone-index', 'a new boot environment comes up with its zone index as it was cloned'),
  moment('service-in-maintenance', 'after the next boot svc:/network/ntp:default is in maintenance'),
  moment('multi-user-server-offline', 'after the next boot milestone/multi-user-server stays offline'),
  moment('rad-down-after-boot', 'after the next boot svc:/system/rad:local is in maintenance'),
];

type Act = (fleet: Fleet, host: Host, zone: string | null) => void;

const now = (name: string, doc: string, act: Act): FaultKind => ({
  name,
  place: {
    is: 'now',
    act: (fleet, hostName, zone) => {
      const host = fleet.host(hostName);
      fleet.change({ what: `fault-${name}`, host: host.name }, () => act(fleet, host, zone));
    },
  },
  stays: false,
  doc,
});

function needed(host: Host, zone: string | null): IndexedZone {
  const found = zone === null ? null : zoneOn(host, zone);
  if (found === null) throw new Error(`this fault needs a zone of ${host.name}; it has no ${zone ?? 'name given'}`);
  return found;
}

function otherHost(fleet: Fleet, host: Host): Host {
  return [...fleet.hosts.values()].find(h => h !== host) ?? host;
}

const NOW: readonly FaultKind[] = [
  now('power-cut', 'this host loses power now, and comes back after the time of a boot', powerCut),
  now('rad-down', 'svc:/system/rad:local goes to maintenance now', (fleet, host) => {
    const rad = host.services.get('svc:/system/rad:local');
    if (rad !== undefined) host.services.set(rad.fmri, { ...rad, state: 'maintenance', since: fleet.clock.now() });
  }),
  now('target-in-maintenance', 'somebody closes this host now', (fleet, host) => {
    host.maintenance = { user: 'jdoe', at: fleet.clock.now(), message: 'replacing a disk' };
  }),
  now('privileges-missing', 'nobody has any right on this host from now on', (_fleet, host) => {
    host.rightsLost = true;
  }),
  now('out-of-memory', 'the global zone takes all memory that is free', (_fleet, host) => {
    host.reserveBytes += Math.max(0, memoryFree(host));
  }),
  now('config-mismatch', 'the zone is configured on this host with another memory size', (fleet, host, zone) => {
    const source =
      zone === null ? undefined : [...fleet.hosts.values()].map(h => zoneOn(h, zone)).find(z => z !== null);
    if (source === undefined || source === null) throw new Error(`no host knows the zone ${zone ?? ''}`);
    configure(fleet, host, withMemory(source.config, memoryOf(source.config) + (sizeBytes('1G') ?? 0)));
  }),
  now('storage-missing', 'this host cannot see the storage of the zone', (fleet, host, zone) => {
    for (const [uri, holder] of fleet.holders) if (holder.zone === zone) host.missingStorage.add(uri);
  }),
  now('zone-vanishes', 'the zone is gone from this host without a trace', (fleet, host, zone) => {
    const found = needed(host, zone);
    host.live.delete(found.name);
    for (const [uri, holder] of fleet.holders) if (holder.zone === found.name) fleet.holders.delete(uri);
    fleet.shouldRun.delete(found.name);
    unconfigure(fleet, host, found.name);
  }),
  now('zone-unavailable', 'the zone is unavailable here: host data names another host', (fleet, host, zone) => {
    const found = needed(host, zone);
    const other = otherHost(fleet, host);
    const be = activeBe(other);
    found.state = 'unavailable';
    for (const [uri, holder] of fleet.holders) {
      const theirs = { ...holder, host: other.name, be: be.name, beUuid: be.uuid };
      if (holder.zone === found.name) fleet.holders.set(uri, theirs);
    }
  }),
  now('zone-booted-elsewhere', 'somebody boots the installed zone on this host', (fleet, host, zone) => {
    boot(fleet, host, needed(host, zone));
  }),
  now('service-wide-target', 'the service has an evacuation target for all zones', (fleet, host) => {
    const target = { type: 'astring', values: [`ssh://root@${otherHost(fleet, host).name}`] };
    setProperty(activeBe(host).smf, ZONES_SERVICE, 'evacuation', ['target', target]);
    refresh(activeBe(host).smf, ZONES_SERVICE);
  }),
  now('old-evacuation-rows', 'sysadm still lists a zone of an older campaign', (fleet, host, zone) => {
    const dest = `ssh://root@${otherHost(fleet, host).name}`;
    host.evacuation = [{ zone: zone ?? 'old1', state: 'EVACUATED', dest, error: '-' }];
  }),
  now('clock-skew', 'the clock of this host is 94 seconds behind', (_fleet, host) => {
    host.clockSkewMs = -94_000;
  }),
  now('newer-host', 'this host runs a newer release than the repository offers', (_fleet, host) => {
    activeBe(host).entire = '11.4-11.4.84.0.1.201.2';
  }),
  now('pool-degraded', 'the root pool is DEGRADED', (_fleet, host) => {
    for (const pool of host.pools) pool.health = 'DEGRADED';
  }),
  now('guest-domains', 'this host is a control domain with two guests', (_fleet, host) => {
    host.guestDomains = ['g1', 'g2'];
  }),
  now('one-path-missing', 'one of two paths to each disk is gone', (_fleet, host) => {
    host.onePathMissing = true;
  }),
  now('varshare-full', '/var/share has no room left: maintenance cannot begin', (_fleet, host) => {
    host.varshareFull = true;
  }),
];

let table: ReadonlyMap<string, FaultKind> | null = null;

/** Every fault, by name. */
export function faultKinds(): ReadonlyMap<string, FaultKind> {
  table ??= new Map(
    [...PROGRAMS.flatMap(generic), ...pkgExits(), ...MOMENTS, ...NOW].map(kind => [kind.name, kind] as const),
  );
  return table;
}
