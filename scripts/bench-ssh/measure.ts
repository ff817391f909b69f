// One run of one runner: how long it took, what it cost on both sides, how much it opened. Processor time is that of
// control groups, so that what puts itself into the background (ssh's masters) counts, too.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';

export interface Measured {
  readonly wallS: number;
  /** User and system, of everything that the runner started. */
  readonly cpuS: number;
  readonly serversCpuS: number;
  readonly connections: number;
  readonly channels: number;
  /** Of its largest process. */
  readonly rssMib: number;
  /** Of a watched runner. */
  readonly watch: Watch | null;
}

export interface Watch {
  /** The longest time its loop was held up while a connection was open. */
  readonly heldUpMs: number;
  /** The most of a processor that its main thread used within one turn of its loop. */
  readonly busiestMs: number;
  /** Of one processor, while it only shows. */
  readonly shareAtRest: number;
  /** Connections at the same time. */
  readonly open: number;
  /** Whether it was given a processor whenever it wanted one. */
  readonly preferred: boolean;
}

export type Outcome =
  | { readonly is: 'measured'; readonly of: Measured }
  | { readonly is: 'failed'; readonly said: string };

const PATIENCE_MS = 50;
/** Where hosts have processors of their own, none of theirs has to end before ours may go on. */
const PREFERRED = 'chrt -r 20';

export class Bench {
  readonly #fleet: Fleet;
  readonly #group: string;
  /** A container may forbid it. */
  readonly #mayBePreferred = spawnSync('sh', ['-c', `${PREFERRED} true`]).status === 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#group = join(dirname(fleet.servers), `zoneferry-bench-client-${process.pid}`);
    mkdirSync(this.#group);
  }

  async measure(line: string, watched: boolean): Promise<Outcome> {
    const { folder, servers } = this.#fleet;
    const log = join(folder, 'sshd.log');
    const before = { cpu: cpuOf(this.#group), servers: cpuOf(servers), log: statSync(log).size };
    rmSync(join(folder, 'watch'), { force: true });
    const begun = process.hrtime.bigint();
    const status = await this.run(line, watched && this.#mayBePreferred);
    const wallS = Number(process.hrtime.bigint() - begun) / 1e9;
    const opened = readFileSync(log).subarray(before.log).toString();
    if (status !== 0)
      return { is: 'failed', said: `exit status ${status}: ${readFileSync(join(folder, 'out'), 'utf8').slice(-600)}` };
    const of = {
      ...{ wallS, cpuS: cpuOf(this.#group) - before.cpu, serversCpuS: cpuOf(servers) - before.servers },
      ...{ connections: count(opened, /Accepted publickey/g), channels: count(opened, /Starting session/g) },
      rssMib: Number(readFileSync(join(folder, 'rss'), 'utf8').trim().split('\n').at(-1)) / 1024,
      watch: existsSync(join(folder, 'watch'))
        ? {
            ...(JSON.parse(readFileSync(join(folder, 'watch'), 'utf8')) as Omit<Watch, 'preferred'>),
            preferred: this.#mayBePreferred,
          }
        : null,
    };
    return { is: 'measured', of };
  }

  /** In the network of the fleet, with a home of its own. */
  run(line: string, preferred = false): Promise<number | null> {
    const { folder, client } = this.#fleet;
    const out = openSync(join(folder, 'out'), 'w');
    const enter = `echo $$ >${this.#group}/cgroup.procs && exec ${preferred ? PREFERRED : ''} /usr/bin/time -q -f %M -o ${folder}/rss nsenter -t ${client} -n bash -c "$LINE"`;
    const child = spawn('sh', ['-c', enter], {
      cwd: folder,
      stdio: ['ignore', out, out],
      env: {
        ...{ PATH: process.env['PATH'], HOME: join(folder, 'home'), LC_ALL: 'C.UTF-8', USER: 'root', LINE: line },
        ZONEFERRY_STATE: join(folder, 'state'),
        ZONEFERRY_PROBE: join(folder, 'watch'),
      },
    });
    return new Promise(resolve =>
      child.on('close', code => {
        closeSync(out);
        resolve(code);
      }),
    );
  }

  /** What a runner left behind is ended, and the servers' sessions are over. */
  async settle(): Promise<void> {
    const { folder, servers, sshds } = this.#fleet;
    for (let turn = 0; turn < 100 && processes(this.#group).length > 0; turn += 1) {
      for (const pid of processes(this.#group)) kill(pid, turn < 60 ? 'SIGTERM' : 'SIGKILL');
      await sleep(PATIENCE_MS);
    }
    for (const name of readdirSync(join(folder, 'cm'))) rmSync(join(folder, 'cm', name), { force: true });
    for (let turn = 0; turn < 200 && processes(servers).length > sshds; turn += 1) await sleep(PATIENCE_MS);
  }

  forget(): void {
    rmSync(join(this.#fleet.folder, 'work/dest'), { recursive: true, force: true });
    mkdirSync(join(this.#fleet.folder, 'work/dest'), { recursive: true });
  }

  async end(): Promise<void> {
    await this.settle();
    rmdirSync(this.#group);
  }
}

function cpuOf(group: string): number {
  const usage = /^usage_usec (\d+)/m.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'));
  return Number(usage?.[1]) / 1e6;
}

function processes(group: string): readonly number[] {
  return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
