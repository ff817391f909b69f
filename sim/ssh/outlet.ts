// What a process writes, on its way into an SSH channel: both streams in one row, taken when the client's window has
// room. As with the pipe under a real sshd, a writer goes on while its pieces wait, and small pieces that wait together
// leave together. After the client has gone everything is dropped at once.
import type { ServerChannel } from 'ssh2';

export type Stream = 'out' | 'err';

/** ssh2 1.17 keeps the piece that had to wait for the window, and would send it again with the next one that waits. */
const LEFTOVERS = ['_chunk', '_chunkcb', '_chunkErr', '_chunkcbErr'];

/** As much as a pipe holds: with more than that waiting, the writer waits too. */
const PIPE_BYTES = 16 * 1024;

interface Piece {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

export class Outlet {
  readonly #channel: ServerChannel;
  readonly #waiting: Piece[] = [];
  #bytesWaiting = 0;
  #pumping: Promise<void> | null = null;
  #release: () => void = () => {};
  #isOpen = true;

  constructor(channel: ServerChannel) {
    this.#channel = channel;
  }

  /** Resolves when the writer may go on. The bytes may be used for something else from now on. */
  async write(stream: Stream, bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen || bytes.length === 0) return;
    this.#waiting.push({ stream, bytes: bytes.slice() });
    this.#bytesWaiting += bytes.length;
    this.#pumping ??= this.#pump();
    if (this.#bytesWaiting > PIPE_BYTES) await this.#pumping;
  }

  /** Resolves after everything that was written before is sent, or will never be. */
  async drained(): Promise<void> {
    await this.#pumping;
  }

  /** Nobody reads any more. */
  drop(): void {
    this.#isOpen = false;
    this.#waiting.length = 0;
    this.#release();
  }

  async #pump(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    for (let piece = this.#next(); piece !== null; piece = this.#next()) await this.#send(piece);
    this.#pumping = null;
  }

  /** What waits first, with all of the same stream that waits right behind it. */
  #next(): Piece | null {
    const [first] = this.#waiting;
    if (first === undefined) return null;
    const end = this.#waiting.findIndex(({ stream }) => stream !== first.stream);
    const taken = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
    const bytes = taken.length === 1 ? first.bytes : Buffer.concat(taken.map(piece => piece.bytes));
    this.#bytesWaiting -= bytes.length;
    return { stream: first.stream, bytes };
  }

  #send({ stream, bytes }: Piece): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    return new Promise(resolve => {
      this.#release = resolve;
      for (const name of LEFTOVERS) Reflect.set(this.#channel, name, undefined);
      const target = stream === 'out' ? this.#channel : this.#channel.stderr;
      target.write(bytes, () => resolve());
    });
  }
}
