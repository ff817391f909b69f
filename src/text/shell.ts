// The one place where an argument list becomes a line for a shell. Any POSIX shell reads the line the same way.
// It doesn't run anything, and it knows no command by name except those that lend rights.
import { never } from './never.ts';

/** Who a command runs as. `pfexec` uses the login's own rights profiles, so it has no use for `user`. */
export interface Becoming {
  readonly method: 'none' | 'pfexec' | 'sudo' | 'su';
  readonly user: string;
}

export type Environment = Readonly<Record<string, string>>;

// '=' is not here: as the first word of a command it would be an assignment. '~', '#', '!' and the like mean something somewhere.
const PLAIN = /^[A-Za-z0-9_/.,:@%+-]+$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One word that every POSIX shell reads back as exactly `word`. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error('a word for a shell cannot hold a NUL');
  if (PLAIN.test(word)) return word;
  return quoteAlways(word);
}

/** The same in quotes even where none are needed: behind it may stand what changes a bare word's meaning, as `>` does a digit's. */
export function quoteAlways(word: string): string {
  if (word.includes('\0')) throw new Error('a word for a shell cannot hold a NUL');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** What sudo asks for a password with, in place of its own words: on standard error, and without a line of its own. */
export const SUDO_ASKS = '[zoneferry: password for sudo]';
/** A line on standard error: sudo has let the command begin. */
export const SUDO_READY = '[zoneferry: begins]';
/** A line on standard input: what comes behind it is the command's own. */
export const SUDO_GO = '[zoneferry: input]';

/** From standard input, since a terminal there is none. */
const SUDO = `LC_ALL=C /usr/bin/sudo -S -p ${quoteWord(SUDO_ASKS)}`;

/** A password that sudo didn't want is left on standard input: it is read away before the command reads any. */
const SUDO_BEGIN = quoteArgv([
  ...['/bin/sh', '-c'],
  `printf '%s\\n' '${SUDO_READY}' >&2; while IFS= read -r l && [ "$l" != '${SUDO_GO}' ]; do :; done; exec "$@"`,
  'sh',
]);

/** The line is for sudo, made here: it wants the talk of `SUDO_ASKS`, `SUDO_READY` and `SUDO_GO`. */
export const isForSudo = (line: string): boolean => line.startsWith(`${SUDO} `);

/**
 * The line to send for one argument list. The locale stands in front of everything, since decimal points and dates
 * depend on it. sudo lets LC_* through and drops the rest, and su may start afresh: there the variables stand inside.
 */
export function commandLine(argv: readonly string[], become: Becoming, environment: Environment = {}): string {
  if (argv.length === 0) throw new Error('a command needs at least a program');
  const words = quoteArgv(argv);
  const vars = assignments(environment);
  switch (become.method) {
    case 'none':
      return `LC_ALL=C ${vars}${words}`;
    case 'pfexec':
      return `LC_ALL=C ${vars}/usr/bin/pfexec ${words}`;
    case 'sudo':
      return `${SUDO} -u ${quoteWord(become.user)} ${SUDO_BEGIN} ${vars && `/usr/bin/env ${vars}`}${words}`;
    case 'su':
      return `LC_ALL=C /usr/bin/su ${quoteWord(become.user)} -c ${quoteWord(`LC_ALL=C ${vars}${words}`)}`;
    default:
      return never(become.method);
  }
}

function assignments(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a variable`);
      return `${name}=${quoteWord(value)} `;
    })
    .join('');
}
