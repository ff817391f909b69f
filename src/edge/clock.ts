// The clock of this machine. Steps never see it: they get host time through their looker, which divides by the
// host's time scale; here that is one number handed in with each wait.
import type { Clock } from '../model/ports.ts';

// setTimeout takes a signed 32-bit number of milliseconds; a longer wait is made of several.
const LONGEST_MS = 2 ** 31 - 1;

/** So many waits may end at once before whoever else waits for this process gets a turn. */
const WOKEN_AT_ONCE = 20;
let woken = 0;
const late: (() => void)[] = [];

/** A thousand hosts that pause begin together, and would go on together. */
function wake(resolve: () => void): void {
  if (woken === 0) setImmediate(wakeMore);
  woken += 1;
  if (woken <= WOKEN_AT_ONCE) resolve();
  else late.push(resolve);
}

function wakeMore(): void {
  woken = 0;
  for (const resolve of late.splice(0, WOKEN_AT_ONCE)) resolve();
  woken = late.length === 0 ? 0 : WOKEN_AT_ONCE;
  if (late.length > 0) setImmediate(wakeMore);
}

function pause(ms: number, abort: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      abort?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(() => wake(end), Math.min(ms, LONGEST_MS));
    abort?.addEventListener('abort', end, { once: true });
  });
}

/** A timer of Node's takes a millisecond at least. */
const othersTurn = (): Promise<void> => new Promise(resolve => void setImmediate(resolve));

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-21 02:46` on this machine's clock. `Intl` says the same, and takes 20 ms before it says anything. */
export function localDate(ms: number): string {
  const at = new Date(ms);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** As `performance.now()`, for which Node reads 3 ms of its own modules first. */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** What also calls out: for a limit to what may never come to its end. */
export interface AlarmClock extends Clock {
  /** In milliseconds of this machine. @returns turns it off: from then on it doesn't ring. */
  alarm(ms: number, ring: () => void): () => void;
}

function alarm(ms: number, ring: () => void): () => void {
  const due = monotonicMs() + ms;
  const set = (left: number): NodeJS.Timeout => setTimeout(look, Math.min(Math.ceil(left), LONGEST_MS));
  const look = (): void => {
    const left = due - monotonicMs();
    if (left > 0) timer = set(left);
    else ring();
  };
  let timer = set(ms);
  return () => clearTimeout(timer);
}

/** The answer, unless it takes longer than that. Who is late goes on unheard. */
export function orLate<T>(answer: Promise<T>, clock: AlarmClock, ms: number): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const turnOff = clock.alarm(ms, () => resolve('late'));
    answer.finally(turnOff).then(resolve, reject);
  });
}

export function systemClock(): AlarmClock {
  return {
    alarm,
    now: () => Date.now(),
    monotonicMs,
    async sleep(ms, scale, abort) {
      if (!(scale > 0)) throw new Error(`a time scale is above zero, not ${scale}`);
      if (!(ms > 0)) return othersTurn();
      const until = monotonicMs() + ms / scale;
      for (let left = ms / scale; left > 0 && !abort?.aborted; left = until - monotonicMs())
        await pause(Math.ceil(left), abort);
    },
  };
}
