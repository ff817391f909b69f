// Pipes with back pressure, and the two ways to the outside: standard input fed by it, standard output drained to it.
import { BROKEN, Ofd, WOULD_BLOCK } from './ofd.ts';
import { NO_BYTES } from './nodes.ts';

const CAPACITY = 65_536;
/** A write up to this size goes in whole or not yet (PIPE_BUF of Solaris). */
const ATOMIC = 5_120;

/** Counts the ends that are open, so that a leak can be shown. */
export interface EndCount {
  ends: number;
}

export class Pipe {
  private readonly chunks: Uint8Array[] = [];
  private head = 0;
  private size = 0;
  readonly reader: PipeEnd;
  readonly writer: PipeEnd;

  constructor(count: EndCount) {
    this.reader = new PipeEnd(this, 'read', count);
    this.writer = new PipeEnd(this, 'write', count);
  }

  take(max: number, line: boolean): Uint8Array | null {
    const first = this.chunks[this.head];
    if (first === undefined) return this.writer.isOpen ? WOULD_BLOCK : NO_BYTES;
    const taken =
      line || first.length >= max || this.size === first.length ? this.some(first, max, line) : this.many(max);
    this.size -= taken.length;
    this.writer.writable.wake();
    return taken;
  }

  /** A piece of the first chunk. */
  private some(chunk: Uint8Array, max: number, line: boolean): Uint8Array {
    const newline = line ? chunk.indexOf(10) : -1;
    const end = Math.min(chunk.length, max, newline < 0 ? chunk.length : newline + 1);
    if (end === chunk.length) this.drop();
    else this.chunks[this.head] = chunk.subarray(end);
    return chunk.subarray(0, end);
  }

  /** Whole chunks, as many as fit: small writes are read together. */
  private many(max: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(max, this.size));
    let at = 0;
    for (
      let chunk = this.chunks[this.head];
      chunk !== undefined && at + chunk.length <= bytes.length;
      chunk = this.chunks[this.head]
    ) {
      bytes.set(chunk, at);
      at += chunk.length;
      this.drop();
    }
    return bytes.subarray(0, at);
  }

  /** Moves on by one chunk; shifting a long array each time would cost its length. */
  private drop(): void {
    this.head++;
    if (this.head < 256 && this.head < this.chunks.length) return;
    this.chunks.splice(0, this.head);
    this.head = 0;
  }

  put(bytes: Uint8Array, at: number): number {
    if (!this.reader.isOpen) return BROKEN;
    const room = CAPACITY - this.size;
    const wanted = bytes.length - at;
    if (room <= 0 || (wanted <= ATOMIC && wanted > room)) return 0;
    const taken = Math.min(room, wanted);
    if (taken > 0) this.chunks.push(bytes.slice(at, at + taken));
    this.size += taken;
    this.reader.readable.wake();
    return taken;
  }

  /** Resolves when there is room, or nobody reads any more. */
  room(): Promise<void> {
    if (this.size < CAPACITY || !this.reader.isOpen) return Promise.resolve();
    return new Promise<void>(resolve => this.writer.writable.add(resolve)).then(() => this.room());
  }

  /** Bytes from outside: no limit, whoever sends them asks for room. */
  feed(bytes: Uint8Array): void {
    if (bytes.length === 0 || !this.reader.isOpen) return;
    this.chunks.push(bytes);
    this.size += bytes.length;
    this.reader.readable.wake();
  }

  ended(end: PipeEnd): void {
    if (end === this.writer) this.reader.readable.wake();
    else {
      this.chunks.length = 0;
      this.head = 0;
      this.size = 0;
      this.writer.writable.wake();
    }
  }
}

class PipeEnd extends Ofd {
  private readonly pipe: Pipe;
  private readonly side: 'read' | 'write';
  private readonly count: EndCount;

  constructor(pipe: Pipe, side: 'read' | 'write', count: EndCount) {
    super();
    this.pipe = pipe;
    this.side = side;
    this.count = count;
    count.ends++;
  }

  take(max: number, line: boolean): Uint8Array | null {
    return this.pipe.take(max, line);
  }

  put(bytes: Uint8Array, at: number): number {
    return this.pipe.put(bytes, at);
  }

  protected override closed(): void {
    this.count.ends--;
    this.pipe.ended(this);
  }

  override get canRead(): boolean {
    return this.side === 'read';
  }

  override get canWrite(): boolean {
    return this.side === 'write';
  }
}

/** Bytes to the outside, in order. A slow outside makes the writers wait; one that is gone breaks them. */
export class Outlet extends Ofd {
  private readonly send: (bytes: Uint8Array) => void | Promise<void>;
  private readonly onClosed: () => void;
  private isSending = false;
  private isGone = false;
  override readonly isTerminal: boolean;

  constructor(send: (bytes: Uint8Array) => void | Promise<void>, isTerminal: boolean, onClosed: () => void) {
    super();
    this.send = send;
    this.isTerminal = isTerminal;
    this.onClosed = onClosed;
  }

  take(): Uint8Array {
    return NO_BYTES;
  }

  put(bytes: Uint8Array, at: number): number {
    if (this.isGone) return BROKEN;
    if (this.isSending) return 0;
    const answer = this.send(at === 0 ? bytes : bytes.subarray(at));
    if (answer !== undefined) {
      this.isSending = true;
      // an outside that fails is an outside that is gone
      answer.then(
        () => this.sent(),
        () => this.leave(),
      );
    }
    return bytes.length - at;
  }

  /** The outside is gone. */
  leave(): void {
    this.isGone = true;
    this.sent();
  }

  /** All that was put has reached the outside, and no process can put more. */
  get isDone(): boolean {
    return this.isGone || (!this.isOpen && !this.isSending);
  }

  override get isBusy(): boolean {
    return this.isSending;
  }

  override get canRead(): boolean {
    return false;
  }

  private sent(): void {
    this.isSending = false;
    this.writable.wake();
    if (this.isDone) this.onClosed();
  }

  protected override closed(): void {
    if (this.isDone) this.onClosed();
  }
}
