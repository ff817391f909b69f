// What a process writes, on its way into an SSH channel: one piece at a time, both streams in one row, each piece
// taken only when the client's window has room. After the client has gone everything is dropped at once.
import type { ServerChannel } from 'ssh2';

export type Stream = 'out' | 'err';

/** ssh2 1.17 keeps the piece that had to wait for the window, and would send it again with the next one that waits. */
const LEFTOVERS = ['_chunk', '_chunkcb', '_chunkErr', '_chunkcbErr'];

export class Outlet {
  readonly #channel: ServerChannel;
  #tail: Promise<void> = Promise.resolve();
  #release: () => void = () => {};
  #isOpen = true;

  constructor(channel: ServerChannel) {
    this.#channel = channel;
  }

  /** Resolves when the piece is sent, or will never be. */
  write(stream: Stream, bytes: Uint8Array): Promise<void> {
    this.#tail = this.#tail.then(() => this.#send(stream, bytes));
    return this.#tail;
  }

  /** Resolves after everything that was written before. */
  drained(): Promise<void> {
    return this.#tail;
  }

  /** Nobody reads any more. */
  drop(): void {
    this.#isOpen = false;
    this.#release();
  }

  #send(stream: Stream, bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen || bytes.length === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.#release = resolve;
      for (const name of LEFTOVERS) Reflect.set(this.#channel, name, undefined);
      const target = stream === 'out' ? this.#channel : this.#channel.stderr;
      target.write(bytes, () => resolve());
    });
  }
}
