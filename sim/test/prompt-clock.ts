// A clock for tests that never waits: when nothing else is left to do, it jumps to the next moment that somebody
// sleeps for. Hours of host time pass in milliseconds, in the same order every time.
import type { Clock } from '../os/program.ts';

interface Sleeper {
  readonly at: number;
  readonly serial: number;
  readonly wake: () => void;
}

/** Midnight-ish in the seed story: 2018-02-02 01:10 UTC. */
export const STORY_START = Date.UTC(2018, 1, 2, 1, 10, 0);

export interface PromptClock extends Clock {
  /** Resolves when `ms` of host time have passed and all that was due has run. */
  readonly pass: (ms: number) => Promise<void>;
}

export function promptClock(start: number = STORY_START): PromptClock {
  let now = start;
  let serial = 0;
  let pumping = false;
  const sleepers: Sleeper[] = [];

  const idle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
  async function pump(): Promise<void> {
    pumping = true;
    while (sleepers.length > 0) {
      await idle();
      sleepers.sort((a, b) => a.at - b.at || a.serial - b.serial);
      const next = sleepers.shift();
      if (next === undefined) break;
      now = Math.max(now, next.at);
      next.wake();
    }
    pumping = false;
  }
  const sleep = (ms: number): Promise<void> =>
    new Promise(resolve => {
      sleepers.push({ at: now + Math.max(0, ms), serial: serial++, wake: resolve });
      if (!pumping) void pump();
    });
  return { now: () => now, sleep, pass: sleep };
}
