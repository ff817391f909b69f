// A command line for whatever shell a user logs in with. Ours are written for a POSIX shell; csh and tcsh, which users of
// old systems still have, read neither its assignments nor its redirections, but they read these words alike.

/** One word to either: csh takes `!` even between quotes for a command of its history, so that stands outside. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`).replaceAll('!', `'\\!'`)}'`;

/** Line breaks can't be quoted for csh at all: they are written as printf reads them. */
const UNFOLD = 'eval "$(printf %b "$1")"';

export function forAnyShell(line: string): string {
  if (!/[\n\r]/.test(line)) return `exec /bin/sh -c ${quoted(line)}`;
  const folded = line.replaceAll('\\', '\\\\').replaceAll('\n', '\\0012').replaceAll('\r', '\\0015');
  return `exec /bin/sh -c ${quoted(UNFOLD)} sh ${quoted(folded)}`;
}
