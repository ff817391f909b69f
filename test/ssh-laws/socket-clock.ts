// One clock for both ends of real sockets in this process: it jumps to the next timer when nothing is on any wire and
// nobody is at work. An hour of maintenance then costs only what the commands cost, and a loaded machine makes no gate
// run out of time. Sockets that another process holds the end of are beyond it.
import { isSomebodyBusy } from '../../sim/os/breath.ts';
import type { TimerClock } from '../../sim/os/clock.ts';
import type { AlarmClock } from '../../src/edge/clock.ts';
import { portClock } from '../fleet/simulated.ts';
import { watchForStall } from './stall.ts';
import { isOnTheWire, traffic, wireReport } from './wire.ts';

/** Turns of the event loop without a byte: each hop over loopback is seen within one. */
const QUIET_TURNS = 6;

/** Files, names and keys are worked on in threads: no byte shows that. */
function isAtWork(): boolean {
  return isSomebodyBusy() || process.getActiveResourcesInfo().some(name => /req|connect|write|shutdown/i.test(name));
}

async function quiet(): Promise<void> {
  let before = traffic();
  for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
    await new Promise<void>(resolve => setImmediate(resolve));
    const now = traffic();
    if (now !== before || isSomebodyBusy()) turns = -1;
    else if (turns === QUIET_TURNS - 1 && (isOnTheWire() || isAtWork())) {
      // A thread or the kernel has something: leave the processor to them.
      await new Promise(resolve => setTimeout(resolve, 1));
      turns = -1;
    }
    before = now;
  }
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock for hosts and runner. `drop` forgets all timers: the world is closed. */
export interface SocketClock extends TimerClock {
  readonly port: AlarmClock;
  drop(): void;
}

/** @param about what the runner is at, told when the clock stands still. */
export function socketClock(start: number, about: () => readonly string[] = () => []): SocketClock {
  const timers = new Set<Timer>();
  let now = start;
  let order = 0;
  let fired = 0;
  let isWatching = false;
  const first = (): Timer | null =>
    timers.size === 0
      ? null
      : [...timers].reduce((a, b) => (b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a));
  const watch = async (): Promise<void> => {
    isWatching = true;
    while (timers.size > 0) {
      await quiet();
      const due = first();
      if (due === null) break;
      now = Math.max(now, due.at);
      timers.delete(due);
      fired += 1;
      due.fire();
    }
    isWatching = false;
  };
  const after = (ms: number, fire: () => void): (() => void) => {
    const timer = { at: now + Math.max(0, ms), order: (order += 1), fire };
    timers.add(timer);
    if (!isWatching) void watch();
    return () => timers.delete(timer);
  };
  const sleep = (ms: number): Promise<void> => new Promise(resolve => after(ms, resolve));
  const unwatch = watchForStall({
    moves: () => order + fired,
    report: () => [
      ...about(),
      `timers, in ms from now: ${[...timers].map(({ at }) => at - now).join(', ') || 'none'}`,
      `of hosts busy: ${isSomebodyBusy()}; with the system: ${process.getActiveResourcesInfo().join(', ')}`,
      ...wireReport(),
    ],
  });
  const drop = (): void => {
    timers.clear();
    unwatch();
  };
  return { now: () => now, after, sleep, port: portClock({ now: () => now, after }), drop };
}
