// The rights profile that a program of Solaris needs, named when the program says that its user has no such right. What a
// user has, and whether that is enough before a run, is for preflight to say.
import { quoteWord } from '../text/shell.ts';

const LACKING =
  /insufficient (?:privileges|permissions)|requires that this user has all privileges|as a privileged user/i;

/** Rights profiles, and what is started here that needs them: a program, with its subcommand if only that does. */
const PROGRAMS = {
  'Software Installation': ['pkg', 'beadm'],
  'Maintenance and Repair': ['sysadm'],
  'Zone Migration': ['zoneadm migrate'],
  'Zone Configuration': ['zonecfg'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Profile = keyof typeof PROGRAMS;

/** What its lack means, for people: `"Zone Migration" (zoneadm migrate)`. */
export const profileText = (profile: Profile): string => `"${profile}" (${PROGRAMS[profile].join(', ')})`;

/** usermod(8): + adds to the profiles that the user has. */
export const grantLine = (user: string, profiles: readonly string[]): string =>
  `usermod -P +"${profiles.join(',')}" ${quoteWord(user)}`;

/** @returns null where we don't know of one: better no advice than a wrong one. */
function profileFor([path = '', ...words]: readonly string[]): string | null {
  const program = path.slice(path.lastIndexOf('/') + 1);
  const found = Object.entries(PROGRAMS).find(([, programs]) =>
    programs.some(one => one === program || words.some(word => one === `${program} ${word}`)),
  );
  return found?.[0] ?? null;
}

/** @param said all that the program said @returns what its user lacks and how to get it, or null */
export function lackingRights(argv: readonly string[], said: string, user: string): string | null {
  const profile = user !== 'root' && LACKING.test(said) ? profileFor(argv) : null;
  return profile === null ? null : `user ${user} lacks profile "${profile}"; ${grantLine(user, [profile])}`;
}
