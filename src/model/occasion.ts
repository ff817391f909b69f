// What a play can tell somebody of while it is carried out: a small closed set of words for people, and the journal's
// events in which each of them is seen. Who is told, and how, stands elsewhere.
import type { Event } from './event.ts';

interface Meaning {
  /** One line for the reference. */
  readonly says: string;
  /** It is told when one of these is on disk, and at no other time. */
  readonly seenIn: readonly Event['type'][];
}

/** As they are written in `on_event`, in the order in which they happen. */
export const OCCASIONS = {
  run_started: { says: 'the run begins', seenIn: ['run-started'] },
  wave_started: { says: 'a wave is planned and begins', seenIn: ['wave-planned'] },
  host_failed: {
    says: 'something failed on a host, it was refused, or it gave no answer; not when it goes back because of another',
    seenIn: ['turned', 'observed', 'run-ended'],
  },
  host_stuck: {
    says: 'nobody can tell how a host is, or what was done to it could not be put back',
    seenIn: ['turned', 'undo-ended'],
  },
  host_done: { says: 'the wave of a host is over, and it went well there', seenIn: ['observed', 'run-ended'] },
  wave_ended: { says: 'every host of a wave is through', seenIn: ['observed', 'run-ended'] },
  stopped: { says: 'the run ended stopped or stuck: it needs a person', seenIn: ['run-ended'] },
  run_ended: { says: 'the run ended, however it did', seenIn: ['run-ended'] },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Occasion = keyof typeof OCCASIONS;

const isOccasion = (word: string): word is Occasion => Object.hasOwn(OCCASIONS, word);

export const OCCASION_WORDS: readonly Occasion[] = Object.keys(OCCASIONS).filter(isOccasion);

/** null: no such word. */
export const occasionOf = (word: string): Occasion | null => (isOccasion(word) ? word : null);
