// Exit statuses, once and for all: scripts and CI jobs rely on them.
import type { Verdict } from '../model/action.ts';
import { never } from '../text/never.ts';

export const EXIT = {
  /** Done, or nothing to do; also when later waves were planned otherwise than approved: the summary ends with what. */
  done: 0,
  /** A bug in zoneferry. */
  bug: 1,
  /** The command line or a file is wrong; nothing was touched. */
  wrong: 2,
  /** A host failed; every failed host was rolled back. */
  rolledBack: 3,
  /** A person is needed. */
  stuck: 4,
  /** Refused before the first effect on any host. */
  refused: 5,
  /** Every name exists but nobody is left. */
  nobody: 6,
  /** Stopped, or waiting for a yes between two waves: nothing more was started, nothing was undone. */
  stopped: 7,
  /** With --detailed-exitcode: there are changes. */
  changes: 8,
  /** No, said when asked to carry the plan out; or stopped before the first effect. */
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

export function exitOf(verdict: Verdict): Exit {
  switch (verdict) {
    case 'done':
      return EXIT.done;
    case 'rolled-back':
      return EXIT.rolledBack;
    case 'stopped':
      return EXIT.stopped;
    case 'stuck':
      return EXIT.stuck;
    default:
      return never(verdict);
  }
}
