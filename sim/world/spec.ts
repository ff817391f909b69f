// What a fleet file says, with every default filled in. See clusters/ for examples; `readFleet` reads them.

export interface ZoneSpec {
  readonly name: string;
  readonly brand: 'solaris' | 'solaris-kz' | 'solaris10';
  readonly state: 'running' | 'installed' | 'configured';
  /** Zone id of a running zone; null takes the host's next. */
  readonly id: number | null;
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly storage: readonly string[];
  readonly autoboot: boolean;
  readonly autoshutdown: 'shutdown' | 'halt' | 'suspend';
  /** `evacuation/target`, already refreshed. */
  readonly target: string | null;
  /** Bytes a second that the zone writes to its memory. */
  readonly dirtyBytesPerSecond: number;
  readonly cpuArch: string;
  /** Further global properties of the configuration (hostid, bootargs, tenant, ...). */
  readonly properties: Readonly<Record<string, string>>;
}

export interface UserSpec {
  readonly name: string;
  readonly uid: number;
  readonly profiles: readonly string[];
}

export interface HostSpec {
  readonly name: string;
  readonly domain: string;
  readonly platform: 'i86pc' | 'sun4v';
  readonly memoryBytes: number;
  readonly reserveBytes: number;
  readonly cpus: number;
  readonly cpuClass: string;
  readonly linkBytesPerSecond: number;
  readonly bootMs: number;
  readonly poolBytes: number;
  readonly poolFreeBytes: number;
  readonly be: string;
  readonly entire: string;
  readonly nextZoneId: number;
  readonly users: readonly UserSpec[];
  /** Storage URIs that this host can't see. */
  readonly missing: readonly string[];
  /** Zones in the order of the zone index. */
  readonly zones: readonly ZoneSpec[];
}

/** What no manual says of sysadm, each with the ways it could be. The first of each is the simulator's own guess. */
export interface SysadmWays {
  /** Where its words go; `split` = errors to stderr, the rest to stdout. */
  readonly streams: 'split' | 'stdout' | 'stderr';
  /** What becomes of an evacuation whose sysadm is killed. */
  readonly killed: 'cancels' | 'goes-on';
  /** How `-p` divides fields: a colon, escaped or not inside a value, or a blank. */
  readonly machine: 'escaped' | 'plain' | 'blank';
  /** What `maintain -l` prints on an open host. */
  readonly open: 'nothing' | 'header' | 'words';
}

export const SYSADM_GUESS: SysadmWays = { streams: 'split', killed: 'cancels', machine: 'escaped', open: 'nothing' };

export interface FleetSpec {
  readonly name: string;
  readonly seed: number;
  /** Versions of `entire` that the repository offers, oldest first. */
  readonly offered: readonly string[];
  /** `all`: root of every host may log in to every other without a question. */
  readonly trust: 'all' | 'none';
  readonly sysadm: SysadmWays;
  readonly hosts: readonly HostSpec[];
}

export const INSTALLED = '11.4-11.4.80.0.1.189.2';
export const OFFERED = '11.4-11.4.81.0.1.193.2';
