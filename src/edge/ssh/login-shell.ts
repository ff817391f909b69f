// A command line for whatever shell a user logs in with. Ours are written for a POSIX shell; csh and tcsh, which users of
// old systems still have, read neither its assignments nor its redirections, and fish not all of its quotes; but they
// all read these words alike.

/** One word to each: csh takes `!` even between quotes for a command of its history, fish a backslash there for an escape. */
const quoted = (text: string): string => `'${text.replaceAll(/['!\\]/g, "'\\$&'")}'`;

/** Line breaks can't be quoted for csh at all: they are written as printf reads them. */
const UNFOLD = 'eval "$(printf %b "$1")"';

export function forAnyShell(line: string): string {
  const own = byThisShell(line) ?? line;
  if (!/[\n\r]/.test(own)) return `exec /bin/sh -c ${quoted(own)}`;
  const folded = own.replaceAll('\\', '\\\\').replaceAll('\n', '\\0012').replaceAll('\r', '\\0015');
  return `exec /bin/sh -c ${quoted(UNFOLD)} sh ${quoted(folded)}`;
}

/** As `quoteWord` writes it. What else a shell could read there is none. */
const WORD = `(?:'[^']*'|\\\\'|[A-Za-z0-9_/.,:@%+-])+`;
const SCRIPT = new RegExp(`^LC_ALL=C /bin/sh -c (${WORD})(?: ${WORD})?((?: ${WORD})*)$`);

/**
 * A line that has /bin/sh read a text does the same in a /bin/sh that reads the line, and saves the host a program's start:
 * most of what a short command costs there. Only in a shell that ends with it. null: it is no such line.
 */
export function byThisShell(line: string): string | null {
  const [, text, words] = SCRIPT.exec(line) ?? [];
  if (text === undefined) return null;
  return `LC_ALL=C; export LC_ALL; set --${words ?? ''}; eval ${text}`;
}
