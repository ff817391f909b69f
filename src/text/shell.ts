// The one place where an argument list becomes a line for a shell. Any POSIX shell reads the line the same way.
// It doesn't run anything, and it knows no command by name except those that lend rights.

/** Who the command runs as: the login itself, through a rights profile, or through sudo or su without any prompt. */
export type Become = 'none' | 'pfexec' | 'sudo' | 'su';

// '=' is not here: as the first word of a command it would be an assignment. '~', '#', '!' and the like mean something somewhere.
const PLAIN = /^[A-Za-z0-9_/.,:@%+-]+$/;

/** One word that every POSIX shell reads back as exactly `word`. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error('a word for a shell cannot hold a NUL');
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/**
 * The line to send for one argument list. The locale is fixed in front of everything: sudo passes LC_* on, and su
 * gets it again inside, since it may start with a fresh environment.
 */
export function commandLine(argv: readonly string[], become: Become): string {
  if (argv.length === 0) throw new Error('a command needs at least a program');
  const words = quoteArgv(argv);
  switch (become) {
    case 'none':
      return `LC_ALL=C ${words}`;
    case 'pfexec':
      return `LC_ALL=C /usr/bin/pfexec ${words}`;
    case 'sudo':
      return `LC_ALL=C /usr/bin/sudo -n ${words}`;
    case 'su':
      return `LC_ALL=C /usr/bin/su root -c ${quoteWord(`LC_ALL=C ${words}`)}`;
    default:
      return never(become);
  }
}

function never(value: never): never {
  throw new Error(`not a way to become: ${String(value)}`);
}
