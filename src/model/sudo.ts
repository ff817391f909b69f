// Why sudo didn't let a command begin, out of what it said on standard error. The line that it was is made in
// text/shell.ts.
import { SUDO_ASKS } from '../text/shell.ts';

export const WRONG_PASSWORD = 'wrong become password';
const NO_PASSWORD =
  'sudo asks for a password, and none is known: -K asks for one, the inventory can say become_password';

export const timesAsked = (heard: string): number => heard.split(SUDO_ASKS).length - 1;

/** @param heard all that was said before the command would have begun */
export function denialIn(heard: string): string {
  const words = heard.replaceAll(SUDO_ASKS, '');
  const asked = timesAsked(heard);
  // One answer is all that it gets: whoever asks again didn't like the first.
  if (asked > 1) return WRONG_PASSWORD;
  if (words.includes('no password was provided')) return NO_PASSWORD;
  if (asked === 1 && words.includes('incorrect password')) return WRONG_PASSWORD;
  return words.trim().split('\n').at(-1)?.trim() || 'sudo ended without a word';
}
