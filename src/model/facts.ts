// What was observed on one host, and when. Readonly data; a fact that couldn't be had is `unknown` with the reason,
// never 0, "" or an empty list. Nothing here asks a host, and nothing here knows what is wanted.

export type Known<T> = { readonly is: 'known'; readonly value: T } | { readonly is: 'unknown'; readonly why: string };

export interface Facts {
  readonly host: string;
  /** When the controller asked, ISO 8601 in UTC. */
  readonly at: string;
  /** The host's own clock, epoch seconds. */
  readonly clock: Known<number>;
  readonly os: Known<Os>;
  readonly boot: Known<{ readonly time: number }>;
  readonly be: Known<BootEnvironments>;
  readonly entire: Known<Entire>;
  readonly maintenance: Maintenance;
  readonly record: EvacuationRecord;
  readonly rad: Rad;
  readonly memory: Memory;
  /** Virtual processors of the global zone. */
  readonly cpus: Known<number>;
  /** The processor models as the host names them, one text. Two hosts with equal texts have equal processors. */
  readonly cpuClass: Known<string>;
  readonly pools: Known<readonly Pool[]>;
  readonly services: Known<Services>;
  readonly publishers: Known<readonly Publisher[]>;
  /** Without the global zone. */
  readonly zones: Known<readonly ZoneFacts[]>;
  /** The target of every zone that has none of its own. */
  readonly defaultTarget: Known<EvacuationTarget>;
  readonly rights: Rights;
  /** Command lines of programs at work that a maintenance must not meet (pkg, beadm, zoneadm, sysadm, ldm). */
  readonly atWork: Known<readonly string[]>;
  /** Every line that no reader understood. Never dropped: the operator sees them. */
  readonly unreadable: readonly UnreadableLine[];
}

export interface UnreadableLine {
  /** Which part of the observation. */
  readonly part: string;
  readonly line: string;
  readonly why: string;
}

export interface Os {
  /** `5.11` on every 11.x. */
  readonly release: string;
  /** `uname -v`, e.g. 11.4.81.193.1: shorter than the branch of `entire`, and changing with the boot environment. */
  readonly version: string;
  /** `uname -p`: i386 or sparc. */
  readonly arch: string;
  /** `uname -m`: i86pc or sun4v. */
  readonly platform: string;
  readonly nodename: string;
}

export interface BootEnvironments {
  /** The one that runs now. */
  readonly active: string;
  /** The one that the next boot takes. */
  readonly next: string;
  readonly names: readonly BootEnvironment[];
}

export interface BootEnvironment {
  readonly name: string;
  readonly uuid: string;
  /** N runs now, R boots next, ! cannot boot; others are kept as they came. */
  readonly flags: string;
  /** Empty when not mounted. */
  readonly mountpoint: string;
  readonly spaceBytes: number;
  readonly policy: readonly string[];
  /** Epoch seconds. */
  readonly created: number;
  /** Of one that is only foreseen: the branch of `entire` that will run in it. No host is asked for it. */
  readonly level?: string;
}

export interface Entire {
  readonly fmri: string;
  /** The part that orders releases, e.g. 11.4.81.0.1.193.1. */
  readonly branch: string;
  /** The installed set as an operand for pkg: 11.4-11.4.81.0.1.193.1. */
  readonly version: string;
}

/** Law: `open` only when sysadm was seen alive in the same exec. `unknown` is never followed by a change. */
export type Maintenance =
  | { readonly is: 'open' }
  | { readonly is: 'closed'; readonly user: string; readonly date: string; readonly message: string }
  | { readonly is: 'unknown'; readonly why: string };

/** Law: `none` only on the literal answer; silence is `unknown`. */
export type EvacuationRecord =
  | { readonly is: 'none' }
  | { readonly is: 'in-progress' }
  | { readonly is: 'rows'; readonly rows: readonly EvacuationRow[] }
  | { readonly is: 'unknown'; readonly why: string };

export interface EvacuationRow {
  readonly zone: string;
  readonly state: 'EVACUATED' | 'SKIPPED' | 'FAILED';
  /** The RAD URI as sysadm prints it; empty when there is none. */
  readonly destination: string;
  /** Empty when there is none. Only for people. */
  readonly error: string;
}

/** States of the RAD services. The remote one matters only for rads: and radg: targets. */
export interface Rad {
  readonly local: Known<string>;
  readonly remote: Known<string>;
}

export interface Memory {
  readonly totalBytes: Known<number>;
  readonly freeBytes: Known<number>;
  /** Held by the ZFS cache; shrinks under pressure, but not always in time. */
  readonly arcBytes: Known<number>;
}

export interface Pool {
  readonly name: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly capacityPercent: number;
  readonly health: string;
}

/** FMRIs by what is wrong with them. */
export interface Services {
  readonly maintenance: readonly string[];
  readonly degraded: readonly string[];
  readonly offline: readonly string[];
  /** On their way to another state. */
  readonly inTransition: readonly string[];
}

export interface Publisher {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly uri: string;
}

export interface Rights {
  readonly user: Known<{ readonly name: string; readonly uid: number }>;
  readonly profiles: Known<readonly string[]>;
  readonly auths: Known<readonly string[]>;
}

export type ZoneState =
  | 'configured'
  | 'incomplete'
  | 'unavailable'
  | 'installed'
  | 'ready'
  | 'running'
  | 'shutting_down'
  | 'down';

export interface ZoneFacts {
  readonly name: string;
  /** Null when the zone isn't running. Changes with every boot and migration: never an identity. */
  readonly id: number | null;
  readonly brand: string;
  readonly state: ZoneState;
  /** Auxiliary state, e.g. migrating-out or suspended; empty when there is none. */
  readonly aux: Known<string>;
  readonly path: string;
  /** Empty for a configured zone. */
  readonly uuid: string;
  readonly configuration: Known<ZoneConfiguration>;
  /** What sysadm would use: the zone's own target or the service's. */
  readonly target: Known<EvacuationTarget>;
  /** The target set on the zone's own instance. */
  readonly instanceTarget: Known<EvacuationTarget>;
}

export type EvacuationTarget = { readonly is: 'none' } | { readonly is: 'set'; readonly uri: string };

export interface ZoneConfiguration {
  readonly autoboot: boolean;
  readonly ram: Ram;
  readonly vcpus: Vcpus;
  /** Every storage URI of the zone, as configured. */
  readonly storage: readonly string[];
  /** Empty when not set. */
  readonly cpuArch: string;
  readonly hostCompatible: string;
  readonly autoshutdown: string;
  readonly movable: Movable;
  /** Every property and resource as read, in order: what two hosts' configurations are compared by. */
  readonly properties: readonly ZoneProperty[];
}

/** One property: `resource` is empty for a global one, otherwise e.g. `device`, with its number among its kind. */
export interface ZoneProperty {
  readonly resource: string;
  readonly index: number;
  readonly name: string;
  readonly value: string;
}

export type Ram =
  /** A kernel zone's: taken whole at boot. */
  | { readonly is: 'reserved'; readonly bytes: number }
  /** A cap of a zone that shares the kernel: nothing is reserved. */
  | { readonly is: 'capped'; readonly bytes: number }
  | { readonly is: 'none' }
  | { readonly is: 'unknown'; readonly why: string };

export type Vcpus =
  | { readonly is: 'virtual' | 'dedicated' | 'capped'; readonly count: number }
  | { readonly is: 'none' }
  | { readonly is: 'unknown'; readonly why: string };

/** Whether the configuration lets the zone move at all; where to is another question. */
export type Movable =
  | { readonly is: 'movable' }
  | { readonly is: 'bound'; readonly reasons: readonly string[] }
  | { readonly is: 'unknown'; readonly why: string };

export function known<T>(value: T): Known<T> {
  return { is: 'known', value };
}

export function unknown(why: string): { readonly is: 'unknown'; readonly why: string } {
  return { is: 'unknown', why };
}
