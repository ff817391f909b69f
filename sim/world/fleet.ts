// A fleet: hosts, the storage they share, the clock they live by, the faults that wait for them. Every transition of
// the world goes through `change`, so that a test can look at the whole of it after each one.
import type { Clock, Machine } from '../os/program.ts';
import { skewedClock } from '../os/clock.ts';
import { faultKinds } from './fault-table.ts';
import type { ArmedFault, FaultOptions } from './faults.ts';
import { SYSADM_GUESS } from './spec.ts';
import type { SysadmWays } from './spec.ts';
import type { BootEnvironment, Holder, Host, IndexedZone } from './state.ts';

export interface Transition {
  /** Kebab case: `zone-booted`, `host-down`, ... */
  readonly what: string;
  readonly host: string;
  readonly zone?: string;
}

export type Watcher = (fleet: Fleet, transition: Transition) => void;

/** Packages, files and actions of one update. */
export interface UpdateSize {
  readonly remove: number;
  readonly install: number;
  readonly update: number;
  readonly files: number;
  readonly megabytes: number;
  readonly removing: number;
  readonly installing: number;
  readonly updating: number;
}

export class Fleet {
  readonly name: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly hosts = new Map<string, Host>();
  /** Host data, by lower-cased storage URI. */
  readonly holders = new Map<string, Holder>();
  /** Zones that somebody started and nobody stopped since: each must run, on one host. */
  readonly shouldRun = new Set<string>();
  /** Zones that ran when the fleet was made. */
  readonly ranAtStart = new Set<string>();
  /** Things that may never happen and did: forced takeovers. */
  readonly incidents: string[] = [];
  readonly armed: ArmedFault[] = [];
  /** How fast a zone writes to its memory, in bytes a second: live migration has to send that again. */
  readonly dirtyRates = new Map<string, number>();
  /** When a version of `entire` was published, where the fleet file says so. */
  readonly stamps = new Map<string, string>();
  sysadm: SysadmWays = SYSADM_GUESS;
  /** One page of the guide shows a blank after the first `...` of an evacuation, others don't. */
  sysadmTrailingBlank = false;
  /** What an update from the repository weighs. */
  update: UpdateSize = {
    ...{ remove: 2, install: 5, update: 612, files: 9800, megabytes: 345.6 },
    ...{ removing: 1209, installing: 1701, updating: 2090 },
  };
  readonly #watchers: Watcher[] = [];
  readonly #cutters: ((host: string) => void)[] = [];

  constructor(name: string, seed: number, clock: Clock) {
    this.name = name;
    this.seed = seed;
    this.clock = clock;
  }

  /** The host of that short or full name; throws when there is none, for that is our mistake. */
  host(name: string): Host {
    const host = this.find(name);
    if (host === null) throw new Error(`no host ${name} in fleet ${this.name}`);
    return host;
  }

  find(name: string): Host | null {
    return this.hosts.get(name) ?? [...this.hosts.values()].find(h => h.fullName === name) ?? null;
  }

  /** The one place where the world changes. */
  change(transition: Transition, mutate: () => void): void {
    mutate();
    for (const watcher of this.#watchers) watcher(this, transition);
  }

  /** Calls `watcher` after every transition until the returned function is called. */
  onChange(watcher: Watcher): () => void {
    this.#watchers.push(watcher);
    return () => {
      const at = this.#watchers.indexOf(watcher);
      if (at >= 0) this.#watchers.splice(at, 1);
    };
  }

  /** Registers who can cut the connections to a host (the SSH server in front of it). */
  onCut(cutter: (host: string) => void): void {
    this.#cutters.push(cutter);
  }

  /** Cuts all connections to a host; its processes live on. */
  cut(host: string): void {
    for (const cutter of this.#cutters) cutter(host);
  }

  attach(host: string, machine: Machine): void {
    this.host(host).machine = machine;
  }

  /** Arms a fault by its name; throws for a name or host that doesn't exist. */
  fault(host: string, name: string, options: FaultOptions = {}): void {
    const kind = faultKinds().get(name);
    if (kind === undefined) throw new Error(`no fault ${name}; \`lab faults\` lists them`);
    const on = this.host(host).name;
    const zone = options.zone ?? null;
    if (kind.place.is === 'now') kind.place.act(this, on, zone);
    else
      this.armed.push({
        kind,
        host: on,
        nth: options.nth ?? 1,
        zone,
        afterMs: options.afterMs ?? null,
        seen: 0,
        spent: false,
      });
  }

  /** Disarms every fault of a host. */
  clearFaults(host: string): void {
    for (const fault of this.armed) if (fault.host === host) fault.spent = true;
  }
}

export function activeBe(host: Host): BootEnvironment {
  const be = host.bes.get(host.active);
  if (be === undefined) throw new Error(`${host.name} runs in ${host.active}, which doesn't exist`);
  return be;
}

export function zoneOn(host: Host, zone: string): IndexedZone | null {
  return activeBe(host).index.get(zone) ?? null;
}

export function hostNow(fleet: Fleet, host: Host): number {
  return fleet.clock.now() + host.clockSkewMs;
}

/** The clock of one host: the fleet's, off by its skew. For `makeMachine`. */
export function hostClock(fleet: Fleet, name: string): Clock {
  const host = fleet.host(name);
  return skewedClock(fleet.clock, () => host.clockSkewMs);
}
