// Refusals that a step makes itself, when what the hosts said doesn't let it tell: neither done nor to do.
import type { HostName } from '../model/ids.ts';
import type { Answer, Refusal } from '../model/refusal.ts';
import type { Applied } from '../model/step.ts';

/** The host answered, and still nobody can tell. Never followed by a change. */
export function doubt(about: string, why: string): Refusal {
  return { is: 'unreadable', command: about, status: "can't tell", line: '', why, out: '', err: '' };
}

/** We say no, in place of the host, to what would do harm. */
export function objection(about: string, why: string): Applied {
  return { is: 'refused', refusal: { is: 'refused', command: about, status: 'gave up', why, out: '', err: '' } };
}

/**
 * The same answer, saying which host it came from: for peers, whose name nobody else adds.
 * @param asked what a script asked for, in words; null shows the command line itself.
 */
export function from<T>(host: HostName, answer: Answer<T>, asked: string | null = null): Answer<T> {
  if (answer.is === 'ok') return answer;
  return { is: 'no', refusal: { ...answer.refusal, command: `${host}: ${asked ?? answer.refusal.command}` } };
}

export function refusedWith(refusal: Refusal): Applied {
  return { is: 'refused', refusal };
}
