// `lab up` inside the process that is the lab: from the fleet file to open ports, files and control socket, and down
// again without leaving anything running.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join, resolve } from 'node:path';
import { scaledClock } from '../os/clock.ts';
import type { KeyPair } from '../ssh/keys.ts';
import { makeKeyPair, parseKey } from '../ssh/keys.ts';
import type { Fleet } from '../world/fleet.ts';
import { makeFleet } from '../world/make.ts';
import { fleetState } from '../world/report.ts';
import type { FleetSpec } from '../world/spec.ts';
import type { Answer } from './control.ts';
import { listen } from './control.ts';
import { FILES, inventoryText } from './inventory.ts';
import { ADDRESS, Lab, firstPortFor } from './lab.ts';
import { putMachines } from './machines.ts';
import { readRecord, removeFiles, socketPath, startOf, writeRecord } from './record.ts';
import type { UpWords } from './words.ts';

export interface RunningLab {
  /** The world behind the ports, for whoever runs a lab in a process of their own. */
  readonly fleet: Fleet;
  /** What to tell the operator, a line each. */
  readonly about: readonly string[];
  /** Resolves when the lab has stopped by itself: told to, or its folder is gone. */
  readonly stopped: Promise<void>;
  stop(): void;
}

const LOOK_MS = 2000;

export async function startLab(words: UpWords, spec: FleetSpec, complain: (text: string) => void): Promise<RunningLab> {
  const dir = resolve(words.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const remembered = new Map(Object.entries(readRecord(dir)?.ports ?? {}));
  const key = makeKeyPair('zoneferry-lab');
  const fleet = makeFleet(spec, scaledClock(words.speed ?? 1));
  putMachines(fleet);
  const firstPort = firstPortFor(dir);
  const lab = await Lab.start({ fleet, key: parseKey(key.publicText), remembered, firstPort, complain });
  writeFiles(dir, { lab, key, speed: words.speed });
  const life = new Life(dir, lab);
  await life.listen(fleet);
  const ports = [...lab.ports.values()];
  const zones = fleetState(fleet).hosts.reduce((sum, host) => sum + host.zones.length, 0);
  return {
    fleet,
    about: [
      `${ports.length} hosts with ${zones} zones on ${ADDRESS}, ports ${Math.min(...ports)} to ${Math.max(...ports)}`,
      `inventory: ${join(words.dir, FILES.inventory)}`,
    ],
    stopped: life.ended,
    stop: () => life.end(),
  };
}

function writeFiles(
  dir: string,
  { lab, key, speed }: { readonly lab: Lab; readonly key: KeyPair; readonly speed: number | null },
): void {
  const keyFile = join(dir, FILES.key);
  rmSync(keyFile, { force: true });
  writeFileSync(keyFile, key.privateText, { mode: 0o600 });
  chmodSync(keyFile, 0o600);
  writeFileSync(`${keyFile}.pub`, key.publicText);
  writeFileSync(join(dir, FILES.knownHosts), lab.knownHosts());
  const reach = [...lab.ports].map(([name, port]) => ({ name, address: ADDRESS, port }));
  writeFileSync(join(dir, FILES.inventory), inventoryText(reach, speed));
}

/** The lab's life after it is ready: its socket, its record, its end. */
class Life {
  readonly ended: Promise<void>;
  readonly #dir: string;
  readonly #lab: Lab;
  readonly #socket: string;
  #resolve: () => void = () => {};
  #server: Server | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(dir: string, lab: Lab) {
    this.#dir = dir;
    this.#lab = lab;
    this.#socket = socketPath(dir);
    this.ended = new Promise(resolve => {
      this.#resolve = resolve;
    });
  }

  async listen(fleet: Fleet): Promise<void> {
    const started = startOf(process.pid) ?? '';
    const ports = Object.fromEntries(this.#lab.ports);
    this.#server = await listen(
      this.#socket,
      request => answer(fleet, request),
      request => {
        if (wordOf(request) === 'down') this.#down();
      },
    );
    writeRecord(this.#dir, { v: 1, pid: process.pid, started, socket: this.#socket, ports });
    this.#timer = setInterval(() => {
      if (readRecord(this.#dir)?.pid !== process.pid) this.end();
    }, LOOK_MS);
  }

  /** Everything closes; the files stay, for whoever wants to look. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#lab.close();
    this.#server?.close();
    rmSync(this.#socket, { force: true });
    this.#resolve();
  }

  #down(): void {
    this.#lab.close();
    removeFiles(this.#dir, this.#socket);
    this.end();
  }
}

function wordOf(request: unknown): string {
  return typeof request === 'object' && request !== null && 'do' in request ? String(request.do) : '';
}

function answer(fleet: Fleet, request: unknown): Answer {
  switch (wordOf(request)) {
    case 'down':
      return { ok: true, data: process.pid };
    case 'world':
      return { ok: true, data: fleetState(fleet) };
    case 'fault':
      return armed(fleet, request);
    default:
      return { ok: false, error: 'the lab does not understand; is it of another version?' };
  }
}

function armed(fleet: Fleet, request: unknown): Answer {
  const text = (name: string): string | null => {
    const value: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, name) : null;
    return typeof value === 'string' ? value : null;
  };
  const [host, zone] = [fleet.find(text('host') ?? ''), text('zone')];
  if (host === null) return { ok: false, error: `no host ${text('host')} in this lab; there is ${names(fleet)}` };
  try {
    fleet.fault(host.name, text('fault') ?? '', { nth: Number(text('nth') ?? 1), ...(zone === null ? {} : { zone }) });
    return { ok: true, data: null };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

const names = (fleet: Fleet): string => [...fleet.hosts.keys()].join(', ');
