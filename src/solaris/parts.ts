// Several commands in one exec: a script that frames each command's two streams and status with marker lines, and the
// reader that takes them apart again. The script holds for ksh93, bash and dash, and uses no temporary file.
import type { Finished } from '../model/command.ts';
import { quoteArgv } from '../text/shell.ts';

export interface Part {
  readonly name: string;
  readonly argv: readonly string[];
}

/** A marker that no output of ours holds: made of what the caller knows, not of chance. */
export function markFor(text: string): string {
  return `zf-${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-part`;
}

/**
 * The functions that frame, as statements. The marker goes to both streams, so that each part's output and errors stay
 * apart; a newline before the closing marker keeps output without one readable, and is taken off again. Standard input
 * is closed for each part: a command must not eat the script's or a loop's.
 */
export function prologue(mark: string): readonly string[] {
  return [
    `zf=${mark}`,
    'LC_ALL=C',
    'export LC_ALL',
    `begin() { printf '%s\\n' "$zf begin $1"; printf '%s\\n' "$zf begin $1" >&2; }`,
    `end() { printf '\\n%s\\n' "$zf end $2 $1"; printf '\\n%s\\n' "$zf end $2 $1" >&2; }`,
    'part() { name=$1; shift; begin "$name"; "$@" </dev/null; status=$?; end "$name" "$status"; return "$status"; }',
  ];
}

export function partLine({ name, argv }: Part): string {
  return `part ${quoteArgv([name, ...argv])}`;
}

export function scriptOf(mark: string, parts: readonly Part[]): string {
  return oneLine([...prologue(mark), ...parts.map(partLine), 'exit 0']);
}

/**
 * On one line, with the marker in its first words: a list of processes then shows which of them are ours, however
 * much of a command line it cuts off.
 */
export function oneLine(statements: readonly string[]): string {
  return statements.join('; ');
}

/** Each part as a finished command. A part that isn't whole on both streams isn't there. */
export function partsOf(mark: string, ended: Finished): ReadonlyMap<string, Finished> {
  const out = framed(mark, ended.out);
  const err = framed(mark, ended.err);
  const parts = new Map<string, Finished>();
  for (const [name, { text, status }] of out) {
    const errors = err.get(name);
    if (errors?.status === status) parts.set(name, finished(status, text, errors.text));
  }
  return parts;
}

// ksh93 gives 256 + n for a child killed by signal n; dash and bash give 128 + n, which an exit status can be too.
function finished(status: number, out: string, err: string): Finished {
  if (status > 256) return { is: 'signalled', name: String(status - 256), out, err };
  return { is: 'exited', code: status, out, err };
}

interface Frame {
  readonly text: string;
  readonly status: number;
}

function framed(mark: string, stream: string): ReadonlyMap<string, Frame> {
  const frames = new Map<string, Frame>();
  const begins = new RegExp(`^${mark} begin (.*)\\n`, 'gm');
  for (let found = begins.exec(stream); found !== null; found = begins.exec(stream)) {
    const name = found[1] ?? '';
    const start = begins.lastIndex;
    const close = closing(mark, name, stream, start);
    if (close === null) break;
    frames.set(name, { text: stream.slice(start, close.at), status: close.status });
    begins.lastIndex = close.after;
  }
  return frames;
}

function closing(
  mark: string,
  name: string,
  stream: string,
  from: number,
): { readonly at: number; readonly after: number; readonly status: number } | null {
  const ends = new RegExp(`\\n${mark} end (\\d+) (.*)(?:\\n|$)`, 'g');
  // The opening line's newline may be the one before the closing marker when nothing was printed.
  ends.lastIndex = from;
  for (let found = ends.exec(stream); found !== null; found = ends.exec(stream))
    if (found[2] === name) return { at: found.index, after: ends.lastIndex, status: Number(found[1]) };
  return null;
}
