// A test that stands still says so within a minute or two, with what everybody waits for, instead of at mocha's limit.
// It looks in steps: a machine that was asleep or overloaded in between makes one step of it, not a stall.

export interface Watched {
  /** Grows with everything that gets on. */
  readonly moves: () => number;
  readonly report: () => readonly string[];
  readonly stepMs?: number;
  readonly tell?: (error: Error) => void;
}

const STEP_MS = 5000;
/** Nothing in a minute, while the longest work between two timers takes a few seconds. */
const STEPS = 12;

/** Thrown from a timer, it fails the test that runs. */
function thrown(error: Error): void {
  throw error;
}

/** @returns what ends the watch. */
export function watchForStall({ moves, report, stepMs = STEP_MS, tell = thrown }: Watched): () => void {
  let before = moves();
  let steps = 0;
  const timer = setInterval(() => {
    const now = moves();
    steps = now === before ? steps + 1 : 0;
    before = now;
    if (steps < STEPS) return;
    clearInterval(timer);
    tell(new Error(['nothing got on for a minute', ...report()].join('\n  ')));
  }, stepMs).unref();
  return () => clearInterval(timer);
}
