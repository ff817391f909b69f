// The places of migrations that may go on at once: into each host, out of it, and in all. A lane takes as many of its
// own as there are free places for, never holds one while it waits for another, and gives them back together.
import { fitting, type MoveLimits, type Trip } from '../model/move-limits.ts';
import type { Berthed } from '../model/step.ts';

/** `whole`: all together or none yet. */
export interface Wanted<T extends Trip> {
  readonly trips: readonly T[];
  readonly whole: boolean;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly trips: readonly Trip[];
  readonly whole: boolean;
  readonly grant: (going: readonly Trip[]) => void;
}

export class Berths {
  readonly #limits: MoveLimits;
  #underWay: readonly Trip[] = [];
  readonly #queue = new Set<Waiting>();
  /** Actions of an earlier process whose migrations may go on still: until each was looked at, nobody else begins. */
  readonly #unseen = new Set<string>();

  constructor(limits: MoveLimits, unseen: Iterable<string>) {
    this.#limits = limits;
    for (const action of unseen) this.#unseen.add(action);
  }

  /** What the action had begun before a crash is over, or is its own to wait for. */
  seen(action: string): void {
    if (this.#unseen.delete(action)) this.#next();
  }

  /** Whether they may all go on together when nobody else does. */
  fit(trips: readonly Trip[]): boolean {
    return fitting(trips, this.#limits, []).length === trips.length;
  }

  /** The first of them that find a place, as soon as one does. Broken off: none. */
  take<T extends Trip>({ trips, whole, signal }: Wanted<T>): Promise<Berthed<T>> {
    return new Promise(resolve => {
      const over = (): void => {
        this.#queue.delete(waiting);
        resolve({ going: [], leave: () => undefined });
      };
      const waiting: Waiting = {
        ...{ trips, whole },
        grant: going => {
          signal.removeEventListener('abort', over);
          resolve({ going: trips.filter(one => going.includes(one)), leave: this.#leaving(going) });
        },
      };
      if (signal.aborted) return over();
      signal.addEventListener('abort', over, { once: true });
      this.#queue.add(waiting);
      this.#next();
    });
  }

  #next(): void {
    if (this.#unseen.size > 0) return;
    for (const waiting of this.#queue) {
      const { trips, whole } = waiting;
      const going = fitting(trips, this.#limits, this.#underWay);
      if (going.length < (whole ? trips.length : Math.min(1, trips.length))) continue;
      this.#queue.delete(waiting);
      this.#underWay = [...this.#underWay, ...going];
      waiting.grant(going);
    }
  }

  #leaving(going: readonly Trip[]): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#underWay = this.#underWay.filter(one => !going.includes(one));
      this.#next();
    };
  }
}
