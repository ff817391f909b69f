// A running lab: one SSH door for each host of a fleet, open and shut as the world says. It lives in this process;
// files, control socket and command line are others' business.
import type { ParsedKey } from 'ssh2';
import { machineFiles } from '../os/files.ts';
import type { Machine } from '../os/program.ts';
import { Door } from '../ssh/door.ts';
import { Keyring, knownHostLine } from '../ssh/keys.ts';
import { serveSftp } from '../ssh/sftp.ts';
import type { Fleet } from '../world/fleet.ts';
import { activeBe } from '../world/fleet.ts';
import type { Host } from '../world/state.ts';

export const ADDRESS = '127.0.0.1';

export interface LabOptions {
  /** With a machine under each host. */
  readonly fleet: Fleet;
  /** The public key of whoever may log in. */
  readonly key: ParsedKey;
  /** Ports of an earlier life, by host; taken again when they are free. */
  readonly remembered: ReadonlyMap<string, number>;
  /** Where to look for free ports first. */
  readonly firstPort: number;
  /** Says what an operator of the lab has to know: a port that was lost to another program. */
  readonly complain: (text: string) => void;
}

const PORTS = { from: 10_000, to: 32_000 };
const REOPEN_MS = 50;

export class Lab {
  readonly #options: LabOptions;
  readonly #keyring = new Keyring();
  readonly #doors = new Map<string, Door>();
  #nextPort: number;
  #isClosed = false;

  private constructor(options: LabOptions) {
    this.#options = options;
    this.#nextPort = options.firstPort;
  }

  /** Resolves when every port answers. */
  static async start(options: LabOptions): Promise<Lab> {
    const lab = new Lab(options);
    for (const host of options.fleet.hosts.values()) lab.#doors.set(host.name, await lab.#openDoor(host));
    options.fleet.onChange((_fleet, { host }) => lab.#follow(host));
    options.fleet.onCut(host => lab.#doors.get(host)?.cut());
    return lab;
  }

  get ports(): ReadonlyMap<string, number> {
    return new Map([...this.#doors].map(([host, door]) => [host, door.port]));
  }

  /** known_hosts with the keys that the hosts show now. */
  knownHosts(): string {
    const { fleet } = this.#options;
    return [...this.#doors]
      .map(([name, { port }]) => knownHostLine(ADDRESS, port, this.#hostKey(fleet.host(name))))
      .join('');
  }

  /** Every port is closed, every connection cut; nothing opens again. */
  close(): void {
    this.#isClosed = true;
    for (const door of this.#doors.values()) {
      door.shut();
      door.cut();
    }
  }

  #hostKey(host: Host): ReturnType<Keyring['get']> {
    return this.#keyring.get(host.name, activeBe(host).hostKey);
  }

  async #openDoor(host: Host): Promise<Door> {
    const remembered = this.#options.remembered.get(host.name);
    const tried = remembered === undefined ? [] : [remembered];
    for (let left = PORTS.to - PORTS.from; left > 0; left--) {
      const door = this.#makeDoor(host, tried.pop() ?? this.#anotherPort());
      try {
        await door.open();
        return door;
      } catch (error) {
        if (!isTaken(error)) throw error;
      }
    }
    throw new Error(`no free port between ${PORTS.from} and ${PORTS.to}`);
  }

  /** Below the range from which systems take ports for outgoing connections: those would take ours during a reboot. */
  #anotherPort(): number {
    const port = this.#nextPort;
    this.#nextPort = port + 1 < PORTS.to ? port + 1 : PORTS.from;
    return port;
  }

  #makeDoor(host: Host, port: number): Door {
    const machine = machineOf(host);
    return new Door(
      {
        machine,
        hasUser: user => host.users.some(one => one.name === user),
        hostKey: () => this.#hostKey(host),
        sftp: (user, channel) => serveSftp(machineFiles(machine, user), channel),
      },
      { address: ADDRESS, port, key: this.#options.key },
    );
  }

  /** After each change of the world: the port is as the world has it, and a host that is off has no connections. */
  #follow(name: string): void {
    const host = this.#options.fleet.host(name);
    const door = this.#doors.get(name);
    if (door === undefined || this.#isClosed) return;
    if (host.port === 'open') {
      if (!door.isOpen) this.#reopen(host, door);
      return;
    }
    door.shut();
    if (host.power === 'off') door.cut();
  }

  #reopen(host: Host, door: Door): void {
    door.open().catch((error: unknown) => {
      this.#options.complain(`port ${door.port} of ${host.name} is taken by another program: ${String(error)}`);
      setTimeout(() => this.#follow(host.name), REOPEN_MS);
    });
  }
}

function machineOf(host: Host): Machine {
  if (host.machine === null) throw new Error(`no machine under ${host.name}`);
  return host.machine;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

/** Where a lab in that folder begins to look, so that labs in different folders seldom meet. */
export function firstPortFor(dir: string): number {
  let sum = 7;
  for (const char of dir) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return PORTS.from + 100 * (sum % ((PORTS.to - PORTS.from) / 100));
}
