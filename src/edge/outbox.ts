// Letters on their way, beside a run that waits for none of them: for each address a queue with a bound, one letter at a
// time and in order, a few attempts each. Whatever doesn't arrive is told in words to whoever opened the box. It knows
// nothing of what the letters say.
import type { Clock, Letter, Post, Posted } from '../model/ports.ts';
import { counted } from '../text/fit.ts';
import { never } from '../text/never.ts';

/** Before the second attempt, the third, ...; a letter is tried once more than there are pauses. */
const PAUSES_MS = [1_000, 4_000];
const MOST_WAITING = 500;
/** So many losses of one address are told each; the rest is counted. */
const MOST_TOLD = 10;
/** An answer that says "not now". */
const LATER: readonly number[] = [408, 429, 500, 502, 503, 504];

export interface Parcel {
  readonly letter: Letter;
  /** What may be shown of where it goes. */
  readonly origin: string;
  /** What it tells, for who hears that it was lost. */
  readonly what: string;
}

export interface OutboxPorts {
  readonly post: Post;
  readonly clock: Pick<Clock, 'sleep'>;
  /** What didn't arrive, or of which nobody knows whether it did: in words that may be shown. */
  readonly lost: (text: string) => void;
}

interface Route {
  readonly origin: string;
  readonly waiting: Parcel[];
  /** null: nobody is on the way. */
  going: Promise<void> | null;
  /** The last letter didn't arrive: the next one gets one attempt. */
  isDown: boolean;
  told: number;
  untold: number;
}

/** A class, since it has a life: it is ended once, and takes nothing after that. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #routes = new Map<string, Route>();
  readonly #enough = new AbortController();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** Never waits, never fails. */
  send(parcel: Parcel): void {
    const route = this.#routeOf(parcel);
    if (this.#enough.signal.aborted || route.waiting.length >= MOST_WAITING)
      return this.#lose(route, parcel, 'too much is waiting for it');
    route.waiting.push(parcel);
    route.going ??= this.#work(route);
  }

  /** Waits for what is on its way, but no longer than that; the rest is told as lost. */
  async end(withinMs: number): Promise<void> {
    const over = new AbortController();
    const routes = [...this.#routes.values()];
    const late = this.#ports.clock.sleep(withinMs, 1, over.signal).then(() => this.#enough.abort());
    await Promise.race([Promise.all(routes.flatMap(route => route.going ?? [])), late]);
    this.#enough.abort();
    over.abort();
    for (const route of routes) {
      for (const parcel of route.waiting.splice(0)) this.#lose(route, parcel, 'the run was over, and it took too long');
      if (route.untold > 0) this.#ports.lost(`${counted(route.untold, 'more message')} did not reach ${route.origin}`);
    }
  }

  #routeOf({ letter: { url }, origin }: Parcel): Route {
    const there = this.#routes.get(url);
    if (there !== undefined) return there;
    const made: Route = { origin, waiting: [], going: null, isDown: false, told: 0, untold: 0 };
    this.#routes.set(url, made);
    return made;
  }

  async #work(route: Route): Promise<void> {
    for (let parcel = route.waiting[0]; parcel !== undefined; parcel = route.waiting[0]) {
      const why = await this.#carried(parcel, route.isDown ? [] : PAUSES_MS);
      // At the end of the run it was told as lost, whatever has come of it since.
      if (this.#enough.signal.aborted) return;
      route.waiting.shift();
      route.isDown = why !== null;
      if (why !== null) this.#lose(route, parcel, why);
    }
    route.going = null;
  }

  /** null: it arrived. */
  async #carried({ letter }: Parcel, pauses: readonly number[]): Promise<string | null> {
    for (let attempt = 0; ; attempt += 1) {
      const posted = await this.#ports.post(letter, this.#enough.signal);
      const why = whyNot(posted);
      const pause = pauses[attempt];
      if (why === null || !mayRepeat(posted) || pause === undefined || this.#enough.signal.aborted) return why;
      await this.#ports.clock.sleep(pause, 1, this.#enough.signal);
    }
  }

  #lose(route: Route, { origin, what }: Parcel, why: string): void {
    if (route.told >= MOST_TOLD) {
      route.untold += 1;
      return;
    }
    route.told += 1;
    this.#ports.lost(`${origin} was not told of ${what}: ${why}`);
  }
}

function whyNot(posted: Posted): string | null {
  switch (posted.is) {
    case 'taken':
      return null;
    case 'unanswered':
      return `${posted.why}; nobody knows whether it was read`;
    case 'declined':
    case 'not-sent':
      return posted.why;
    default:
      return never(posted);
  }
}

/** Nobody is told the same thing twice because an answer was lost. */
const mayRepeat = (posted: Posted): boolean =>
  posted.is === 'not-sent' || (posted.is === 'declined' && LATER.includes(posted.status));
