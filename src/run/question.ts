// A question that only a person can answer, between two waves: what it is about, and what counts as its answer. When there is
// one, approval.ts and replan.ts know; who is asked, and where, the caller. Pure.
import type { WaveState } from '../model/state.ts';

export interface Question {
  /** What it is about; it names whom the answer concerns. */
  readonly about: string;
  /** In what the next wave isn't as it was approved; none: that isn't what is asked. */
  readonly changes: readonly string[];
  /** How to say yes later, where nobody says it now. */
  readonly later: string;
}

/** As it stands in the journal: an answer counts for these very words. */
export const questionText = ({ about, changes }: Question): string =>
  changes.length === 0 ? about : `${about} (${changes.join('; ')})`;

/** The last words of a run that ends with it. */
export const unanswered = (question: Question): string => `${questionText(question)}; ${question.later}`;

export const isYesTo = (question: Question, { agreed }: WaveState): boolean =>
  agreed !== null && isAbout(question, agreed.why);

export const isNoTo = (question: Question, { declined }: WaveState): boolean =>
  declined !== null && isAbout(question, declined);

/** Said at the question, or to the last words of a run that ended with it. */
const isAbout = (question: Question, said: string): boolean =>
  said === questionText(question) || said === unanswered(question);
