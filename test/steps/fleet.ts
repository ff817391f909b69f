// A few hosts in memory that answer the commands the steps send: enough of sysadm, zoneadm, SMF, beadm and pkg to hold
// a world and to refuse what a host refuses. Time passes only when a step sleeps. Not the simulator: no shell, no SSH.
import type { Command, Ended } from '../../src/model/command.ts';
import type { ZoneState } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';

export interface MemoryZone {
  state: ZoneState;
  aux: string;
  brand: string;
  id: number | null;
  /** As set; counts once refreshed. */
  target: string | null;
  refreshed: string | null;
  ramGiB: number;
  storage: string;
  autoboot: boolean;
  /** Of its SMF instance. */
  failedBoot: boolean;
}

export interface MemoryBe {
  uuid: string;
  flags: string;
  mountpoint: string;
  policy: string;
  created: number;
  entire: string;
}

export interface Row {
  zone: string;
  state: 'EVACUATED' | 'SKIPPED' | 'FAILED';
  destination: string;
  error: string;
}

export interface Fault {
  readonly host: string;
  readonly when: RegExp;
  readonly how:
    | 'lost before'
    | 'lost after'
    | 'not sent'
    | { readonly code: number; readonly out?: string; readonly err?: string };
  times: number;
}

export const GIB = 2 ** 30;

/** What the next boot does; `also`: the one after it. */
export interface NextBoot {
  be?: string;
  milliseconds?: number;
  never?: true;
  multiUser?: string;
  also?: NextBoot;
}

export class MemoryHost {
  readonly name: string;
  readonly zones = new Map<string, MemoryZone>();
  readonly bes = new Map<string, MemoryBe>();
  maintenance: { user: string; date: string; message: string } | null = null;
  record: Row[] | null = null;
  inProgress = false;
  rad = 'online';
  defaultTarget: string | null = null;
  bootTime = 1_500_000_000;
  up = true;
  multiUser = 'online';
  services: [state: string, fmri: string][] = [['online', 'svc:/network/ssh:default']];
  pool = 'ONLINE';
  memoryGiB = 256;
  freeGiB = 128;
  /** Every changing command, as typed. */
  readonly did: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  atWork: string[] = [];
  /** What `pkg update` finds: exit statuses of the next calls, then 0. */
  readonly pkgStatuses: number[] = [];
  /** Of pkg: how an update ended, and the boot environment it made. */
  readonly history: [outcome: string, be: string][] = [];
  pkgOffers = '11.4-11.4.81.0.1.193.1';
  /** What the next boot does. */
  nextBoot: NextBoot = {};
  arch = 'i386';
  release = '11.4.80.0.1.189.2';
  root = true;
  profiles = ['All'];
  /** Hosts that this one's ssh doesn't know. */
  strangers: string[] = [];

  constructor(name: string) {
    this.name = name;
    this.bes.set('s11.4.80', {
      uuid: 'be-80',
      flags: 'NR',
      mountpoint: '/',
      policy: 'static',
      created: 1_400_000_000,
      entire: '11.4-11.4.80.0.1.189.2',
    });
  }

  get active(): string {
    return [...this.bes].find(([, be]) => be.flags.includes('N'))?.[0] ?? '';
  }

  get next(): string {
    return [...this.bes].find(([, be]) => be.flags.includes('R'))?.[0] ?? '';
  }

  zone(name: string, zone: Partial<MemoryZone> = {}): this {
    const state = zone.state ?? 'running';
    this.zones.set(name, {
      state,
      aux: '',
      brand: 'solaris-kz',
      id: state === 'running' ? 10 + this.zones.size : null,
      target: null,
      refreshed: zone.target ?? null,
      ramGiB: 4,
      storage: `iscsi://saison/luname.naa.600144f0dbf8af190000${name.length}${name.charCodeAt(name.length - 1)}`,
      autoboot: false,
      failedBoot: false,
      ...zone,
    });
    return this;
  }

  states(): Record<string, string> {
    return Object.fromEntries([...this.zones].map(([name, { state, aux }]) => [name, aux ? `${state}/${aux}` : state]));
  }
}

export class Fleet {
  readonly hosts = new Map<string, MemoryHost>();
  readonly faults: Fault[] = [];
  /** Fails a zone's migration to a host this many times: `evac2>bjork`. */
  readonly failing = new Map<string, number>();
  private later: { at: number; act: () => void }[] = [];
  /** Epoch milliseconds. */
  time = 1_600_000_000_000;

  add(name: string): MemoryHost {
    const host = new MemoryHost(name);
    this.hosts.set(name, host);
    return host;
  }

  host(name: string): MemoryHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name} in this fleet`);
    return host;
  }

  get names() {
    return [...this.hosts.keys()].map(hostName);
  }

  fault(host: string, when: RegExp, how: Fault['how'], times = 1): void {
    this.faults.push({ host, when, how, times });
  }

  after(ms: number, act: () => void): void {
    this.later.push({ at: this.time + ms, act });
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.later.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.later = this.later.filter(one => one !== next);
      this.time = Math.max(this.time, next.at);
      next.act();
    }
    this.time = end;
  }

  run(name: string, command: Command<unknown>, answer: (host: MemoryHost, argv: readonly string[]) => Ended): Ended {
    const host = this.host(name);
    const line = command.argv.join(' ');
    const fault = this.faults.find(one => one.times > 0 && one.host === name && one.when.test(line));
    if (fault !== undefined) fault.times -= 1;
    if (!host.up || fault?.how === 'not sent') return { is: 'not-sent', why: `no connection to ${name}` };
    if (fault?.how === 'lost before') return { is: 'lost', out: '', err: '' };
    if (fault !== undefined && typeof fault.how === 'object') {
      return { is: 'exited', code: fault.how.code, out: fault.how.out ?? '', err: fault.how.err ?? '' };
    }
    if (command.changes) host.did.push(line.replaceAll(/\/usr\/s?bin\//g, ''));
    const ended = answer(host, command.argv);
    return fault?.how === 'lost after' ? { is: 'lost', out: '', err: '' } : ended;
  }
}
