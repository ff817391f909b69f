// Somebody else is at work: on a host, or with this very run. Told with who it is, and since when.
import type { Holder } from '../edge/lock.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

interface HeldLock {
  readonly path: string;
  readonly by: Holder | null;
}

export function heldBy(speech: Speech, what: string, { path, by }: HeldLock): Exit {
  const who =
    by === null
      ? `somebody: ${path} can't be read; remove it once you know that no zoneferry is at work there`
      : `run ${by.run} of ${by.who} since ${new Date(by.since).toISOString()}`;
  speech.err(`${what} is held by ${who}; nothing was touched\n`);
  return EXIT.refused;
}

/** Two can't carry out one run: the other one is named by its process. */
export function goingOn(speech: Speech, { run, who, since, process: { pid } }: Holder): Exit {
  const when = new Date(since).toISOString();
  speech.err(
    `run ${run} is going on: ${who} has been carrying it out since ${when} (process ${pid}); nothing was touched\n`,
  );
  return EXIT.refused;
}
