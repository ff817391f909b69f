// The process table of one running host, from its boot to its halt, and finding the program behind a path.
// Process numbers begin low again after each boot, so that a stale number may meet a stranger.
import type { TimerClock } from './clock.ts';
import { FileError } from './file-error.ts';
import { bytesOf } from './nodes.ts';
import type { EndCount } from './pipe.ts';
import { Process, toText } from './process.ts';
import type { Account, Clock, Connects, Program } from './program.ts';
import type { Vfs } from './vfs.ts';

/** What runs in a process. Programs of the world are such too; tools know more than the seam tells. */
export type Main = (proc: Process, argv: readonly string[]) => Promise<number> | number;

export interface KernelParts {
  readonly vfs: Vfs;
  readonly clock: Clock | TimerClock;
  readonly accounts: readonly Account[];
  readonly programs: ReadonlyMap<string, Program>;
  readonly tools: ReadonlyMap<string, Main>;
  readonly count: EndCount;
  readonly hostName: string;
  readonly connects: Connects;
}

const FIRST_PID = 100;
const LAST_PID = 29_999;
const CALLS_A_BREATH = 1024;
const MOST_INTERPRETERS = 4;

export class Kernel {
  readonly vfs: Vfs;
  readonly clock: Clock;
  readonly accounts: readonly Account[];
  readonly count: EndCount;
  readonly hostName: string;
  readonly connects: Connects;
  private readonly programs: ReadonlyMap<string, Program>;
  private readonly tools: ReadonlyMap<string, Main>;
  private readonly table = new Map<number, Process>();
  private lastPid = FIRST_PID;
  private calls = 0;

  constructor(parts: KernelParts) {
    this.vfs = parts.vfs;
    this.clock = parts.clock;
    this.accounts = parts.accounts;
    this.programs = parts.programs;
    this.tools = parts.tools;
    this.count = parts.count;
    this.hostName = parts.hostName;
    this.connects = parts.connects;
  }

  processes(): readonly Process[] {
    return [...this.table.values()].sort((a, b) => a.pid - b.pid);
  }

  process(pid: number): Process | null {
    return this.table.get(pid) ?? null;
  }

  /** A child of `parent`, not yet running. */
  spawn(parent: Process, argv: readonly string[] = parent.argv): Process {
    return this.add({ parent, account: parent.account, env: parent.env, cwd: parent.cwd, argv });
  }

  /** A process without a parent, leader of its own session. */
  spawnLeader(account: Account, env: ReadonlyMap<string, string>, argv: readonly string[]): Process {
    const cwd = this.isDir(account.home) ? account.home : '/';
    return this.add({ parent: null, account, env, cwd, argv });
  }

  private isDir(path: string): boolean {
    try {
      return this.vfs.walk(path, { who: { uid: 0 }, follow: true }).node?.kind === 'dir';
    } catch {
      return false;
    }
  }

  private add(birth: ConstructorParameters<typeof Process>[2]): Process {
    do this.lastPid = this.lastPid >= LAST_PID ? FIRST_PID : this.lastPid + 1;
    while (this.table.has(this.lastPid));
    const process = new Process(this, this.lastPid, birth);
    this.table.set(process.pid, process);
    return process;
  }

  /** An ended process leaves the table at once; its children belong to init. */
  buried(process: Process): void {
    this.table.delete(process.pid);
    for (const other of this.table.values()) if (other.ppid === process.pid) other.ppid = 1;
  }

  /** A signal to a process (pid > 0) or to a group (-pgid). False when nobody is there. */
  kill(pid: number, signal: string): boolean {
    if (pid > 0) return this.table.get(pid)?.deliver(signal) ?? false;
    const group = this.processes().filter(process => process.pgid === -pid);
    for (const process of group) process.deliver(signal);
    return group.length > 0;
  }

  /** Power off: nobody gets to do anything more. */
  halt(): void {
    for (const process of this.processes()) process.end({ is: 'gone' });
  }

  isTimeToBreathe(): boolean {
    return ++this.calls % CALLS_A_BREATH === 0;
  }

  isProgram(path: string): boolean {
    return this.programs.has(path) || this.tools.has(path);
  }

  /** What runs when this path is executed. Throws FileError: ENOENT, EACCES, ENOEXEC (a text without `#!`). */
  findProgram(proc: Process, path: string, depth = 0): Main {
    const known = this.programs.get(path) ?? this.tools.get(path);
    if (known !== undefined) return known;
    const { node, path: real } = proc.files.place(path, true);
    const behind = this.programs.get(real) ?? this.tools.get(real);
    if (behind !== undefined) return behind;
    if (node === null) throw new FileError('ENOENT', path);
    if (node.kind !== 'file' || !proc.files.may(path, 'x')) throw new FileError('EACCES', path);
    const first = /^#![ \t]*(\S+)(?:[ \t]+(.*\S))?[ \t]*\n/.exec(toText(bytesOf(node).subarray(0, 256)));
    if (first === null || depth >= MOST_INTERPRETERS) throw new FileError('ENOEXEC', path);
    const interpreter = this.findProgram(proc, first[1] ?? '', depth + 1);
    const before = first[2] === undefined ? [first[1] ?? ''] : [first[1] ?? '', first[2]];
    return (child, argv) => child.exec(interpreter, [...before, path, ...argv.slice(1)]);
  }
}
