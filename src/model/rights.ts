// The rights profile that a program of Solaris needs, named when the program says that its user has no such right. What a
// user has, and whether that is enough before a run, is for preflight to say.
import { quoteWord } from '../text/shell.ts';

const LACKING =
  /insufficient (?:privileges|permissions)|requires that this user has all privileges|as a privileged user/i;

/** @returns null where we don't know of one: better no advice than a wrong one. */
function profileFor([program = '', ...words]: readonly string[]): string | null {
  switch (program.slice(program.lastIndexOf('/') + 1)) {
    case 'sysadm':
      return 'Maintenance and Repair';
    case 'pkg':
    case 'beadm':
      return 'Software Installation';
    case 'zonecfg':
      return 'Zone Configuration';
    case 'zoneadm':
      return words.includes('migrate') ? 'Zone Migration' : null;
    default:
      return null;
  }
}

/** @param said all that the program said @returns what its user lacks and how to get it, or null */
export function lackingRights(argv: readonly string[], said: string, user: string): string | null {
  const profile = user !== 'root' && LACKING.test(said) ? profileFor(argv) : null;
  // usermod(8): + adds to the profiles that the user has.
  return profile === null
    ? null
    : `user ${user} lacks profile "${profile}"; usermod -P +"${profile}" ${quoteWord(user)}`;
}
