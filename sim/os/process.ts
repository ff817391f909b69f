// One process: what it owns (descriptors, signals, working directory) and the calls that may wait. Its end is
// immediate and complete: whatever its program was waiting for never comes, so nothing has to cooperate.
import { breathe } from './breath.ts';
import { bytesOf } from './bytes.ts';
import { after } from './clock.ts';
import { FileError } from './file-error.ts';
import type { Kernel, Main } from './kernel.ts';
import { NO_BYTES } from './nodes.ts';
import { BROKEN, DeviceOfd, FileOfd, type Ofd, WaitList, WOULD_BLOCK } from './ofd.ts';
import type { Account, Clock, Ending, Proc } from './program.ts';
import { isDeadly, signalNumber } from './signals.ts';
import { FileView, type OpenFlags } from './view.ts';

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const DONE = Promise.resolve();

/** Thrown into a program that goes on after its process has ended; nobody hears it. */
class ProcessGone extends Error {}

export function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? bytesOf(text) : text;
}

export function toText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

export interface Birth {
  readonly parent: Process | null;
  readonly account: Account;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly argv: readonly string[];
}

export class Process implements Proc {
  readonly kernel: Kernel;
  readonly pid: number;
  readonly account: Account;
  readonly clock: Clock;
  /** Host time of its birth, as the host's clock showed it. */
  readonly startedAt: number;
  ppid: number;
  pgid: number;
  sid: number;
  env: ReadonlyMap<string, string>;
  cwd: string;
  umask = 0o022;
  argv: readonly string[];
  /** Set once, at the end. */
  ending: Ending | null = null;
  readonly ended = new WaitList();
  readonly fds = new Map<number, Ofd>();
  /** Put aside by a shell while a redirection lasts: not inherited, dropped at the end. */
  readonly held: Ofd[] = [];
  readonly ignored: Set<string>;
  readonly caught = new Set<string>();
  readonly pending: string[] = [];
  /** Caught only to put things in order before dying of them: a shell doesn't let them wait for its child. */
  readonly urgent = new Set<string>();
  /** Woken when a caught signal has come. */
  readonly signalled = new WaitList();
  private readonly view: FileView;
  private readonly blocked = new Set<() => void>();

  constructor(kernel: Kernel, pid: number, birth: Birth) {
    const { parent } = birth;
    this.kernel = kernel;
    this.pid = pid;
    this.account = birth.account;
    this.env = birth.env;
    this.cwd = birth.cwd;
    this.argv = birth.argv;
    this.ppid = parent?.pid ?? 1;
    this.pgid = parent?.pgid ?? pid;
    this.sid = parent?.sid ?? pid;
    this.umask = parent?.umask ?? 0o022;
    this.ignored = new Set(parent?.ignored);
    if (parent !== null) for (const [fd, ofd] of parent.fds) this.fds.set(fd, ofd.retain());
    this.startedAt = kernel.clock.now();
    this.view = new FileView(kernel.vfs, this);
    this.clock = { now: () => kernel.clock.now(), sleep: ms => this.sleep(ms) };
  }

  get user(): string {
    return this.account.name;
  }

  get uid(): number {
    return this.account.uid;
  }

  get tty(): boolean {
    return this.fds.get(1)?.isTerminal ?? false;
  }

  get files(): FileView {
    if (this.ending !== null) throw new ProcessGone();
    return this.view;
  }

  get command(): string {
    return this.argv.join(' ');
  }

  // ---- waiting

  /** The only way to wait. `subscribe` gets what wakes the process, and gives back how to withdraw. */
  pause(subscribe: (wake: () => void) => () => void): Promise<void> {
    return new Promise(resolve => {
      if (this.ending !== null) return;
      const withdraw = subscribe(() => {
        this.blocked.delete(withdraw);
        resolve();
      });
      this.blocked.add(withdraw);
    });
  }

  private on(list: WaitList): Promise<void> {
    return this.pause(wake => {
      list.add(wake);
      return () => list.delete(wake);
    });
  }

  sleep(ms: number): Promise<void> {
    return this.pause(wake => after(this.kernel.clock, ms, wake));
  }

  async endOf(child: Process): Promise<Ending> {
    while (child.ending === null) await this.on(child.ended);
    return child.ending;
  }

  /** Waits until one of the children has ended or a caught signal comes. Look for pending ones first. */
  async nextEvent(children: readonly Process[], hearsSignals = true): Promise<void> {
    if (children.some(child => child.ending !== null)) return;
    const lists = children.map(child => child.ended);
    if (hearsSignals) lists.push(this.signalled);
    await this.pause(wake => {
      const once = (): void => {
        for (const list of lists) list.delete(once);
        wake();
      };
      for (const list of lists) list.add(once);
      return () => {
        for (const list of lists) list.delete(once);
      };
    });
  }

  /** Waits for the child, or for a signal that mustn't wait for it (see `urgent`). */
  async nextFatal(child: Process): Promise<void> {
    while (child.ending === null && !this.pending.some(signal => this.urgent.has(signal))) {
      await this.nextEvent([child], this.urgent.size > 0);
    }
  }

  private never(): Promise<never> {
    return new Promise(() => {});
  }

  // ---- descriptors

  fd(fd: number): Ofd {
    const ofd = this.fds.get(fd);
    if (ofd === undefined) throw new FileError('EBADF', String(fd));
    return ofd;
  }

  /** Puts an open file at a descriptor, closing what was there. */
  install(fd: number, ofd: Ofd): void {
    ofd.retain();
    this.fds.get(fd)?.release();
    this.fds.set(fd, ofd);
  }

  close(fd: number): void {
    const ofd = this.fds.get(fd);
    this.fds.delete(fd);
    ofd?.release();
  }

  /** Opens without giving it a descriptor yet. */
  openFile(path: string, flags: OpenFlags, mode = 0o666): Ofd {
    const same = /^\/dev\/(?:fd\/(\d+)|(stdin)|(stdout)|stderr)$/.exec(path);
    if (same !== null) return this.fd(same[1] !== undefined ? Number(same[1]) : same[2] ? 0 : same[3] ? 1 : 2);
    const node = this.files.open(path, flags, mode);
    return node.kind === 'file' ? new FileOfd(node, flags, () => this.kernel.clock.now()) : new DeviceOfd(node);
  }

  async readFrom(ofd: Ofd, max: number, line: boolean): Promise<Uint8Array> {
    if (!ofd.canRead) throw new FileError('EBADF', '');
    if (this.kernel.isTimeToBreathe()) await breathe();
    for (;;) {
      if (this.ending !== null) return this.never();
      const bytes = ofd.take(max, line);
      if (bytes !== WOULD_BLOCK) return bytes;
      await this.on(ofd.readable);
    }
  }

  read(fd: number, max = 65_536): Promise<Uint8Array> {
    return this.readFrom(this.fd(fd), max, false);
  }

  /** The next line of a descriptor with its newline, if it has one; empty at the end. */
  async readLineOf(fd: number): Promise<Uint8Array> {
    const ofd = this.fd(fd);
    let line: Uint8Array = NO_BYTES;
    for (;;) {
      const bytes = await this.readFrom(ofd, 65_536, true);
      if (bytes.length === 0 || bytes[bytes.length - 1] === 10) return line.length === 0 ? bytes : join([line, bytes]);
      line = join([line, bytes]);
    }
  }

  write(fd: number, text: string | Uint8Array): Promise<void> {
    const bytes = toBytes(text);
    const ofd = this.fds.get(fd);
    if (this.ending !== null) return this.never();
    if (ofd === undefined || !ofd.canWrite) return Promise.reject(new FileError('EBADF', ''));
    if (!this.kernel.isTimeToBreathe() && bytes.length > 0) {
      const taken = ofd.put(bytes, 0);
      if (taken === bytes.length && !ofd.isBusy) return DONE;
      return this.writeRest(ofd, bytes, taken);
    }
    return bytes.length === 0 ? DONE : breathe().then(() => this.writeRest(ofd, bytes, 0));
  }

  private async writeRest(ofd: Ofd, bytes: Uint8Array, taken: number): Promise<void> {
    let at = taken;
    for (;;) {
      if (this.ending !== null) return this.never();
      if (at === BROKEN) {
        this.deliver('PIPE');
        if (this.ending !== null) return this.never();
        throw new FileError('EPIPE', '');
      }
      if (at >= bytes.length && !ofd.isBusy) return;
      if (at < bytes.length && !ofd.isBusy) {
        const more = ofd.put(bytes, at);
        at = more === BROKEN ? BROKEN : at + more;
        if (at === BROKEN || (at >= bytes.length && !ofd.isBusy)) continue;
      }
      await this.on(ofd.writable);
    }
  }

  // ---- Proc: what programs of the world use

  out(text: string | Uint8Array): Promise<void> {
    return this.write(1, text);
  }

  err(text: string | Uint8Array): Promise<void> {
    return this.write(2, text);
  }

  async readLine(): Promise<string | null> {
    const line = await this.readLineOf(0);
    if (line.length === 0) return null;
    return toText(line[line.length - 1] === 10 ? line.subarray(0, -1) : line);
  }

  async readAll(fd = 0): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const bytes = await this.read(fd);
      if (bytes.length === 0) return chunks.length === 1 ? (chunks[0] ?? NO_BYTES) : join(chunks);
      chunks.push(bytes);
    }
  }

  async run(command: string): Promise<number> {
    return statusOf(await this.call(['/usr/bin/sh', '-c', command]));
  }

  /** Runs a program as a child with this process's descriptors and environment, and waits for its end. */
  async call(argv: readonly string[], path = argv[0] ?? ''): Promise<Ending> {
    const found = this.kernel.findProgram(this, path);
    const child = this.kernel.spawn(this, argv);
    child.begin(found);
    return this.endOf(child);
  }

  // ---- life

  /** Starts the program of a new process. */
  begin(main: Main): void {
    void this.live(main);
  }

  /** Becomes another program in the same process, for good: this never resolves. */
  async exec(main: Main, argv: readonly string[], env: ReadonlyMap<string, string> = this.env): Promise<never> {
    this.argv = argv;
    this.env = env;
    this.caught.clear();
    this.urgent.clear();
    this.dropHeld();
    await this.conduct(main);
    return this.never();
  }

  private async live(main: Main): Promise<void> {
    // the parent goes on first: all ends of its pipes are in place before anybody writes
    await DONE;
    if (this.ending === null) await this.conduct(main);
  }

  private async conduct(main: Main): Promise<void> {
    try {
      const status = await main(this, this.argv);
      this.end({ is: 'exited', status: status & 255 });
    } catch (error) {
      if (this.ending !== null) return;
      const isQuiet = error instanceof FileError && error.code === 'EPIPE';
      const said = error instanceof FileError ? error.message : `internal error: ${describe(error)}`;
      const ofd = this.fds.get(2);
      if (!isQuiet) ofd?.put(toBytes(`${this.argv[0] ?? ''}: ${said}\n`), 0);
      this.end({ is: 'exited', status: error instanceof FileError ? 1 : 70 });
    }
  }

  /** Sends a signal. False when the process has ended already. */
  deliver(signal: string): boolean {
    if (this.ending !== null) return false;
    if (signal === 'KILL') this.end({ is: 'signalled', signal });
    else if (this.ignored.has(signal)) return true;
    else if (this.caught.has(signal)) {
      this.pending.push(signal);
      this.signalled.wake();
    } else if (isDeadly(signal)) this.end({ is: 'signalled', signal });
    return true;
  }

  end(ending: Ending): void {
    if (this.ending !== null) return;
    this.ending = ending;
    for (const withdraw of this.blocked) withdraw();
    this.blocked.clear();
    for (const ofd of this.fds.values()) ofd.release();
    this.fds.clear();
    this.dropHeld();
    this.kernel.buried(this);
    this.ended.wake();
  }

  /** No longer put aside. */
  unhold(ofd: Ofd): void {
    const at = this.held.lastIndexOf(ofd);
    if (at < 0) return;
    this.held.splice(at, 1);
    ofd.release();
  }

  private dropHeld(): void {
    for (const ofd of this.held.splice(0)) ofd.release();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** The status a caller sees, as `wait` of a plain shell counts it. */
export function statusOf(ending: Ending, signalBase = 128): number {
  switch (ending.is) {
    case 'exited':
      return ending.status;
    case 'signalled':
      return signalBase + signalNumber(ending.signal);
    case 'gone':
      return 255;
  }
}
