// Host clocks. A scaled one runs by itself, a manual one moves only when told, a jumping one moves ahead as soon as
// everything waits. All can withdraw a timer: a killed process leaves none behind.
import { isSomebodyBusy, settle } from './breath.ts';
import type { Clock } from './program.ts';

export interface TimerClock extends Clock {
  /** Calls `fire` after `ms` of host time; the result withdraws it. */
  after(ms: number, fire: () => void): () => void;
}

export interface ManualClock extends TimerClock {
  /** Moves time by so much; timers fire in order, and what they wake runs before the next one. */
  advance(ms: number): Promise<void>;
  /** Moves time on until no timer is left, at most by `limitMs`. */
  runUntilIdle(limitMs?: number): Promise<void>;
  /** Sets the time without firing anything: a jump of the host's clock. */
  set(now: number): void;
}

const LONGEST_REAL_TIMER_MS = 2_000_000_000;

function withSleep(clock: Omit<TimerClock, 'sleep'>): TimerClock {
  const { now, after } = clock;
  const sleep = (ms: number): Promise<void> =>
    new Promise(resolve => {
      after(ms, resolve);
    });
  return { now, after, sleep };
}

/** Host time runs `speed` times as fast as real time, beginning at `start` (or now). */
export function scaledClock(speed: number, start: number = Date.now()): TimerClock {
  const zero = performance.now();
  return withSleep({
    now: () => start + (performance.now() - zero) * speed,
    after(ms, fire) {
      const timer = setTimeout(fire, Math.min(LONGEST_REAL_TIMER_MS, Math.max(0, ms / speed)));
      return () => clearTimeout(timer);
    },
  });
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Timers by time, then by the order they were set in. */
class Agenda {
  private readonly timers = new Set<Timer>();
  private order = 0;

  add(at: number, fire: () => void): () => void {
    const timer: Timer = { at, order: this.order++, fire };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  next(): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.timers) {
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }

  fire(timer: Timer): void {
    this.timers.delete(timer);
    timer.fire();
  }
}

export function manualClock(start: number): ManualClock {
  const agenda = new Agenda();
  let elapsed = 0;
  let offset = start;
  const until = async (end: number, stopWhenIdle: boolean): Promise<void> => {
    await settle();
    for (let timer = agenda.next(); timer !== null && timer.at <= end; timer = agenda.next()) {
      elapsed = Math.max(elapsed, timer.at);
      agenda.fire(timer);
      await settle();
    }
    if (!stopWhenIdle) elapsed = Math.max(elapsed, end);
  };
  return {
    ...withSleep({
      now: () => offset + elapsed,
      after: (ms, fire) => agenda.add(elapsed + Math.max(0, ms), fire),
    }),
    advance: ms => until(elapsed + ms, false),
    runUntilIdle: (limitMs = 7 * 24 * 3_600_000) => until(elapsed + limitMs, true),
    set(now) {
      offset = now - elapsed;
    },
  };
}

/** Time stands still while anything runs and jumps to the next timer when all wait: sleeps cost nothing. For tests in one process. */
export function jumpingClock(start: number): TimerClock {
  const agenda = new Agenda();
  let now = start;
  let isWatching = false;
  const watch = async (): Promise<void> => {
    for (let timer = agenda.next(); timer !== null; timer = agenda.next()) {
      await settle();
      if (isSomebodyBusy()) continue;
      const due = agenda.next();
      if (due === null) break;
      now = Math.max(now, due.at);
      agenda.fire(due);
    }
    isWatching = false;
  };
  return withSleep({
    now: () => now,
    after(ms, fire) {
      const withdraw = agenda.add(now + Math.max(0, ms), fire);
      if (!isWatching) {
        isWatching = true;
        void watch();
      }
      return withdraw;
    },
  });
}

/** The same clock as a host with a wrong date sees it; sleeps are as long as before. */
export function skewedClock(clock: Clock, skewMs: () => number): TimerClock {
  return {
    now: () => clock.now() + skewMs(),
    sleep: ms => clock.sleep(ms),
    after: (ms, fire) => after(clock, ms, fire),
  };
}

function isTimerClock(clock: Clock): clock is TimerClock {
  return 'after' in clock && typeof clock.after === 'function';
}

/** A timer on any clock. One that can't withdraw a timer lets it run out unheard. */
export function after(clock: Clock, ms: number, fire: () => void): () => void {
  if (isTimerClock(clock)) return clock.after(ms, fire);
  let isWanted = true;
  void clock.sleep(ms).then(() => {
    if (isWanted) fire();
  });
  return () => {
    isWanted = false;
  };
}
