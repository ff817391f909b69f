// What is heard in one turn of the loop. Hundreds of hosts may answer in one instant, and Node would read them all before
// anybody else had a turn: what goes beyond a share waits for the next one, in the order in which it came.
import type { Socket } from 'node:net';
import type { Clock } from '../../model/ports.ts';
import { patch } from './patch.ts';

/** What follows from a packet takes about as long again. */
const SHARE_MS = 10;

interface Waiting {
  readonly of: Socket;
  readonly hear: () => unknown;
}

export class Turns {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #shareMs: number;
  #begunMs: number | null = null;
  #waiting: Waiting[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>, shareMs = SHARE_MS) {
    this.#clock = clock;
    this.#shareMs = shareMs;
  }

  /** To be called before anybody listens to it. */
  share(socket: Socket): void {
    patch(socket, 'push', (push, args) => {
      if (this.#mayHear()) return push(...args);
      this.#waiting.push({ of: socket, hear: () => push(...args) });
      return true;
    });
    patch(socket, 'destroy', (destroy, args) => {
      const waits = this.#waiting.some(one => one.of === socket);
      // The line broke behind what was said on it. Who cuts it by himself, without an error, wants to hear no more.
      if (waits && args[0] instanceof Error) this.#waiting.push({ of: socket, hear: () => destroy(...args) });
      else {
        if (waits) this.#waiting = this.#waiting.filter(one => one.of !== socket);
        destroy(...args);
      }
      return socket;
    });
  }

  #mayHear(): boolean {
    if (this.#waiting.length > 0) return false;
    if (this.#begunMs !== null) return !this.#isOver(this.#begunMs);
    this.#begunMs = this.#clock.monotonicMs();
    setImmediate(() => this.#next());
    return true;
  }

  #isOver(begunMs: number): boolean {
    return this.#clock.monotonicMs() - begunMs >= this.#shareMs;
  }

  #next(): void {
    // Mostly nobody waits, and then the time isn't asked for.
    if (this.#waiting.length > 0) {
      const begunMs = this.#clock.monotonicMs();
      this.#begunMs = begunMs;
      do this.#waiting.shift()?.hear();
      while (this.#waiting.length > 0 && !this.#isOver(begunMs));
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
    else this.#begunMs = null;
  }
}
