// What a simulated fleet consists of. Mutable on purpose: it is the world, and it changes only inside `Fleet.change`,
// so that whoever watches sees every transition. What lives in a boot environment is kept apart from what is shared
// by all of them and from what is lost at each boot: that difference is where rolling maintenance goes wrong.
import type { Account, Machine } from '../os/program.ts';
import type { ZoneConfig } from './config.ts';
import type { SmfRepository, Service } from './smf.ts';

/** What /etc/zones/index can say; the other states exist only while a zone is up. */
type IndexState = 'configured' | 'incomplete' | 'unavailable' | 'installed';
/** `installed` with an id was seen in one capture: a zone whose boot has hardly begun. */
type LiveState = 'installed' | 'ready' | 'running' | 'shutting_down' | 'down';
export type Aux = 'none' | 'debugging' | 'migrating-in' | 'migrating-out' | 'panicked';

/** An entry of /etc/zones/index with its configuration: part of a boot environment. */
export interface IndexedZone {
  readonly name: string;
  config: ZoneConfig;
  state: IndexState;
  uuid: string;
  suspended: boolean;
  /** By a fault: this entry speaks of a time before the zone left. */
  stale: boolean;
}

/** A zone that is up: lost when the host goes down. */
export interface LiveZone {
  id: number;
  state: LiveState;
  aux: Aux;
  /** Booted read-only or read-write, when it has a file-mac-profile. */
  mode: '-' | 'R' | 'W';
  /** The configuration it was booted with; a later edit of the persistent one doesn't reach it. */
  running: ZoneConfig;
}

export interface BootEnvironment {
  name: string;
  readonly uuid: string;
  readonly created: number;
  policy: string;
  spaceBytes: number;
  mountpoint: string | null;
  /** Branch of `entire`, for example 11.4-11.4.80.0.1.189.2. */
  entire: string;
  readonly packages: Map<string, string>;
  /** Publisher name to its origin. */
  readonly publishers: Map<string, string>;
  readonly index: Map<string, IndexedZone>;
  readonly smf: SmfRepository;
  hostKey: string;
  /** `USER NAME KEY` for each accepted host key, `AS USER@HOST` for each key that may log in. Shared until changed. */
  knownHosts: ReadonlySet<string>;
  authorized: ReadonlySet<string>;
  everActive: boolean;
}

export interface Maintenance {
  readonly user: string;
  readonly at: number;
  readonly message: string;
}

type RowState = 'EVACUATED' | 'SKIPPED' | 'FAILED';
export interface EvacuationRow {
  readonly zone: string;
  readonly state: RowState;
  readonly dest: string;
  readonly error: string;
}

export interface User extends Account {
  readonly profiles: readonly string[];
}

export interface PkgHistory {
  readonly start: number;
  readonly finish: number;
  readonly operation: string;
  readonly outcome: string;
  readonly be: string;
  readonly newBe: string;
}

export interface Pool {
  readonly name: string;
  readonly sizeBytes: number;
  freeBytes: number;
  health: string;
}

interface HostHardware {
  readonly platform: 'i86pc' | 'sun4v';
  readonly cpus: number;
  readonly cpuModel: string;
  readonly cpuClass: string;
  readonly memoryBytes: number;
  readonly hostid: string;
  /** What one direction of its migration link carries. */
  readonly linkBytesPerSecond: number;
  /** From the end of the shutdown to the first service. */
  readonly bootMs: number;
}

/** off: waits for a person. stopping: services still end, sshd answers for a while. */
type Power = 'up' | 'stopping' | 'booting' | 'off';

export interface Host {
  readonly name: string;
  readonly fullName: string;
  readonly hardware: HostHardware;
  /** Memory that the global zone itself needs. */
  reserveBytes: number;
  users: readonly User[];
  machine: Machine | null;
  power: Power;
  /** Whether sshd accepts connections. */
  port: 'open' | 'closed';
  bootedAt: number;
  /** What kstat says about it; differs from bootedAt only by a fault. */
  reportedBoot: number;
  boots: number;
  /** Counts every going down and coming up: work begun before another value of it is void. */
  generation: number;
  clockSkewMs: number;
  active: string;
  next: string;
  /** `reboot -e`: the environment of the next boot only. */
  bootOnce: string | null;
  /** ZFS snapshots: name to time. */
  readonly snapshots: Map<string, number>;
  readonly bes: Map<string, BootEnvironment>;
  readonly live: Map<string, LiveZone>;
  nextZoneId: number;
  readonly services: Map<string, Service>;
  maintenance: Maintenance | null;
  evacuation: readonly EvacuationRow[] | null;
  evacuating: boolean;
  /** How many evacuations and returns there were: each has its own order of zones. */
  rounds: number;
  pkgLock: { readonly pid: number; readonly startedAt: number; readonly newBe: string } | null;
  readonly pkgHistory: PkgHistory[];
  readonly pools: Pool[];
  readonly missingStorage: Set<string>;
  readonly catalogue: Map<string, readonly string[]>;
  rightsLost: boolean;
  onePathMissing: boolean;
  guestDomains: readonly string[];
  varshareFull: boolean;
  /** Migration streams at this end, for sharing the link. */
  streams: number;
  /** Older 11.4 prints ten fields in `zoneadm list -p`, newer eleven. */
  zoneListFields: 10 | 11;
}

/** Host data: which host last had the zone that sits on a storage URI. */
export interface Holder {
  readonly host: string;
  readonly zone: string;
  readonly be: string;
  readonly beUuid: string;
  readonly at: number;
}

export type Outcome = { readonly is: 'ok' } | { readonly is: 'refused'; readonly text: string };
export const ok: Outcome = { is: 'ok' };
export const refused = (text: string): Outcome => ({ is: 'refused', text });
