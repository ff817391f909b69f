// Open file descriptions, shared by descriptors and counted. Nothing here waits: a call says "would block" and the
// process sleeps on one of the two lists (see process.ts), so that a killed process simply is taken off the list.
import type { FileNode, FsNode } from './nodes.ts';
import { NO_BYTES, writeAt } from './nodes.ts';
import type { OpenFlags } from './view.ts';

/** Those who wait for something to change; they look again when woken. */
export class WaitList {
  private waiting = new Set<() => void>();

  add(wake: () => void): void {
    this.waiting.add(wake);
  }

  delete(wake: () => void): void {
    this.waiting.delete(wake);
  }

  wake(): void {
    if (this.waiting.size === 0) return;
    const woken = this.waiting;
    this.waiting = new Set();
    for (const wake of woken) wake();
  }
}

export const WOULD_BLOCK = null;
/** From `put`: nobody will ever read this. */
export const BROKEN = -1;

export abstract class Ofd {
  private refs = 0;
  readonly readable = new WaitList();
  readonly writable = new WaitList();
  readonly isTerminal: boolean = false;

  retain(): this {
    this.refs++;
    return this;
  }

  release(): void {
    if (--this.refs === 0) this.closed();
  }

  get isOpen(): boolean {
    return this.refs > 0;
  }

  /** Called when the last descriptor is closed. */
  protected closed(): void {}

  /** Up to `max` bytes, with `line` no further than the first newline; none at the end; null would block. */
  abstract take(max: number, line: boolean): Uint8Array | null;

  /** How many bytes from `at` on were taken; 0 would block; BROKEN when nobody reads. */
  abstract put(bytes: Uint8Array, at: number): number;

  /** True while the outside still chews on what was put: a writer waits for that too. */
  get isBusy(): boolean {
    return false;
  }

  get canRead(): boolean {
    return true;
  }

  get canWrite(): boolean {
    return true;
  }

  /** The file behind it, if there is one. */
  get node(): FsNode | null {
    return null;
  }
}

export class FileOfd extends Ofd {
  private readonly file: FileNode;
  private readonly flags: OpenFlags;
  private readonly now: () => number;
  offset = 0;

  constructor(file: FileNode, flags: OpenFlags, now: () => number) {
    super();
    this.file = file;
    this.flags = flags;
    this.now = now;
  }

  take(max: number, line: boolean): Uint8Array {
    let end = Math.min(this.file.size, this.offset + max);
    if (line) {
      const newline = this.file.bytes.indexOf(10, this.offset);
      if (newline >= 0 && newline < end) end = newline + 1;
    }
    // a copy: the file may change in place afterwards
    const bytes = this.file.bytes.slice(this.offset, Math.max(end, this.offset));
    this.offset += bytes.length;
    return bytes;
  }

  put(bytes: Uint8Array, at: number): number {
    const rest = at === 0 ? bytes : bytes.subarray(at);
    if (this.flags.append === true) this.offset = this.file.size;
    writeAt(this.file, this.offset, rest);
    this.file.mtime = this.now();
    this.offset += rest.length;
    return rest.length;
  }

  override get canRead(): boolean {
    return this.flags.read === true;
  }

  override get canWrite(): boolean {
    return this.flags.write === true;
  }

  override get node(): FsNode {
    return this.file;
  }
}

/** /dev/null, /dev/zero, and a directory opened for reading (which gives nothing). */
export class DeviceOfd extends Ofd {
  private readonly behind: FsNode;

  constructor(behind: FsNode) {
    super();
    this.behind = behind;
  }

  take(max: number): Uint8Array {
    const isZero = this.behind.kind === 'device' && this.behind.device === 'zero';
    return isZero ? new Uint8Array(Math.min(max, 65536)) : NO_BYTES;
  }

  put(bytes: Uint8Array, at: number): number {
    return bytes.length - at;
  }

  override get node(): FsNode {
    return this.behind;
  }
}
