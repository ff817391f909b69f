// A host said no, said something we can't read, or went away. A value, never thrown: the five kinds lead to different
// moves, so whoever gets one must say which.
import { never } from '../text/never.ts';
import type { Ended, Reading } from './command.ts';

interface Said {
  /** The command line, as a person would type it. */
  readonly command: string;
  /** `exit 1`, `killed by TERM`, or why there is no status. */
  readonly status: string;
  readonly out: string;
  readonly err: string;
}

export type Refusal =
  /** The host answered and said no. */
  | (Said & { readonly is: 'refused'; readonly why: string })
  /** The host answered; we can't tell what it said. After a change this is as little known as `lost`. */
  | (Said & { readonly is: 'unreadable'; readonly line: string; readonly why: string })
  /** No status came. Nothing is known: look before you act. */
  | (Said & { readonly is: 'lost' })
  /** Our time limit passed; it may still be running there. */
  | (Said & { readonly is: 'timed-out' })
  /** Nothing happened on the host. */
  | { readonly is: 'not-sent'; readonly command: string; readonly why: string };

export type Answer<T> = { readonly is: 'ok'; readonly value: T } | { readonly is: 'no'; readonly refusal: Refusal };

/** No answer at all: nobody knows how the host is. A host that says what can't be read is there. */
export function isSilence(refusal: Refusal): boolean {
  return refusal.is !== 'refused' && refusal.is !== 'unreadable';
}

/** What a command came to: its value, or the one refusal that fits. Law: only an ending that was seen is read. */
export function answer<T>(
  command: string,
  ended: Ended,
  read: (ended: Ended & { is: 'exited' | 'signalled' }) => Reading<T>,
): Answer<T> {
  switch (ended.is) {
    case 'not-sent':
      return { is: 'no', refusal: { is: 'not-sent', command, why: ended.why } };
    case 'denied':
      return { is: 'no', refusal: { is: 'refused', command, why: ended.why, status: 'not begun', out: '', err: '' } };
    case 'lost':
      return { is: 'no', refusal: { is: 'lost', command, status: 'connection lost', out: ended.out, err: ended.err } };
    case 'timed-out':
      return { is: 'no', refusal: { is: 'timed-out', command, status: 'time limit', out: ended.out, err: ended.err } };
    case 'exited':
    case 'signalled': {
      const reading = read(ended);
      if (reading.is === 'ok') return reading;
      const status = ended.is === 'exited' ? `exit ${ended.code}` : `killed by ${ended.name}`;
      return { is: 'no', refusal: { ...reading, command, status, out: ended.out, err: ended.err } };
    }
    default:
      return never(ended);
  }
}

/** One line for a person: what was tried and what came of it. The host's own words stay in `out` and `err`. */
export function tellRefusal(refusal: Refusal): string {
  switch (refusal.is) {
    case 'not-sent':
      return `${refusal.command}: not sent: ${refusal.why}`;
    case 'lost':
      return `${refusal.command}: connection lost before a status came`;
    case 'timed-out':
      return `${refusal.command}: no end within the time limit`;
    case 'refused':
      return `${refusal.command}: ${refusal.why} (${refusal.status})`;
    case 'unreadable':
      // Without a line it is our own doubt about what was said, in words of ours.
      if (refusal.line === '') return `${refusal.command}: ${refusal.why} (${refusal.status})`;
      return `${refusal.command}: cannot read "${refusal.line}": ${refusal.why} (${refusal.status})`;
    default:
      return never(refusal);
  }
}
