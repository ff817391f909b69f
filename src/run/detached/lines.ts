// Lines that start, watch and clear away a command under the supervisor, and the reader of what they answer. All of
// them may be sent again at any time. They begin with a program's path and hold no line end, so that a csh takes them.
import { type Finished, ok, type Reading, refused, unreadable } from '../../model/command.ts';
import type { RunId } from '../../model/ids.ts';
import { isForSudo, quoteArgv, SUDO_READY } from '../../text/shell.ts';
import { NO } from './folder.ts';
import { SCRIPTS } from './script.ts';

/** Which command it is: the same place, the same command, and it runs once. */
export interface DetachedPlace {
  readonly run: RunId;
  /** Letters, digits and `-`. */
  readonly key: string;
}

/** Where it is on the host. A folder is made once: what was cleared away is never made again under its name. */
export interface DetachedFolder {
  readonly run: RunId;
  readonly name: string;
}

/** How many bytes of each stream are known already; null: no more are wanted. */
export interface Offsets {
  readonly out: number | null;
  readonly err: number | null;
}

/** Each byte travels as three characters, so that no shell and no decoder in between can change it. */
const MOST_BYTES = 256 * 1024;

export const FROM_THE_START: Offsets = { out: 0, err: 0 };

/** Makes a folder, or finds the one there is, and starts nothing. @param line as any other for a login shell. */
export function prepareLine({ run, key }: DetachedPlace, line: string): string {
  return sh('prepare', [run, key, line, SCRIPTS.supervisor, ...offsetWords(FROM_THE_START)]);
}

/** @param line it gets the standard input that this line gets, and nothing of that is kept. */
export function beginLine({ run, name }: DetachedFolder, line: string): string {
  return sh('begin', [run, name, ...offsetWords(FROM_THE_START), isForSudo(line) ? SUDO_READY : '']);
}

/** @param waitSeconds so long it waits there for anything new. */
export function lookLine({ run, name }: DetachedFolder, offsets: Offsets, waitSeconds: number): string {
  return sh('look', [run, name, ...offsetWords(offsets), String(waitSeconds)]);
}

/** What was prepared and not begun never will be. @param beginning of the keys. */
export function inheritLine(run: RunId, beginning: string): string {
  return sh('inherit', [run, beginning]);
}

/** @param beginnings of the keys. Nothing of theirs that hasn't begun will. */
export function forgetLine(run: RunId, beginnings: readonly string[]): string {
  return sh('forget', [run, ...beginnings]);
}

function sh(script: keyof typeof SCRIPTS, words: readonly string[]): string {
  return quoteArgv(['/bin/sh', '-c', SCRIPTS[script], 'zoneferry', ...words]);
}

const offsetWords = ({ out, err }: Offsets): readonly string[] => [
  ...[out, err].map(offset => String(offset ?? -1)),
  String(MOST_BYTES),
];

export type DetachedState =
  /** There is no such folder, and never will be again. */
  | { readonly is: 'none' }
  /** Nobody has begun it; as long as nobody does, it won't run. */
  | { readonly is: 'prepared' }
  /** Nobody has begun it, and nobody will. */
  | { readonly is: 'shut' }
  | { readonly is: 'running' }
  /** It is over; its supervisor lives, and tries to write down the status. */
  | { readonly is: 'unwritten' }
  | { readonly is: 'exited'; readonly code: number }
  | { readonly is: 'signalled'; readonly name: string }
  /** Its supervisor is no more and left no status; by a reboot, or in the same boot, and then the command may run on alone. */
  | { readonly is: 'gone'; readonly by: 'reboot' | 'signal' };

/** What is new of a stream, and how long it is by now. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface DetachedReport {
  /** Of the folder. */
  readonly name: string;
  readonly state: DetachedState;
  readonly out: Piece;
  readonly err: Piece;
}

// detached 0f1e2d3c4b5a-5a4b3c2d1e0f.20260306200000-2345 running
// out 12
//  50 6c 61 6e 6e 69 6e 67 2e 2e 2e 0a
// err 0
// end
export function readReport(ended: Finished): Reading<DetachedReport> {
  // What a login's start files print may stand before it.
  const all = linesOf(ended.out);
  const lines = all.slice(all.findIndex(line => line.startsWith('detached ')));
  const [head = '', ...body] = lines;
  if (!head.startsWith('detached '))
    // Who was killed on the way may have started it before.
    return isNo(ended) ? refused(saidBy(ended)) : unreadable(head, 'no report');
  if (body.pop() !== 'end') return unreadable(head, 'half a report');
  const [, name = '', ...words] = head.split(' ');
  const state = readState(words);
  const second = body.findIndex(line => line.startsWith('err '));
  const out = readPiece('out', body.slice(0, second));
  const err = readPiece('err', body.slice(second));
  if (!/^[\w.-]+$/.test(name) || state === null || second < 0 || out === null || err === null)
    return unreadable(head, 'not a report of a supervisor');
  return ok({ name, state, out, err });
}

function readState([word, first = '', second = '']: readonly string[]): DetachedState | null {
  switch (word) {
    case 'none':
    case 'prepared':
    case 'shut':
    case 'running':
    case 'unwritten':
      return { is: word };
    case 'exited': {
      const code = count(first);
      return code === null ? null : { is: 'exited', code };
    }
    case 'signalled':
      return first === '' ? null : { is: 'signalled', name: first.replace(/^SIG/, '') };
    case 'gone':
      return { is: 'gone', by: isOtherBoot(first, second) ? 'reboot' : 'signal' };
    default:
      return null;
  }
}

/** NTP may shift what a host calls its boot time by a second or two. */
const SHIFT_SECONDS = 5;

/** Only where both are told, and in the same way: after a reboot a command may be begun anew. */
function isOtherBoot(then: string, now: string): boolean {
  const [before, after] = [count(then), count(now)];
  if (before !== null && after !== null) return Math.abs(after - before) > SHIFT_SECONDS;
  return before === null && after === null && then !== '' && now !== '' && then !== now;
}

function readPiece(stream: 'out' | 'err', [head = '', ...rows]: readonly string[]): Piece | null {
  const size = count(head.startsWith(`${stream} `) ? head.slice(stream.length + 1).trim() : undefined);
  const hex = rows.join('').replaceAll(/\s+/g, '');
  return size === null || !/^(?:[0-9a-f]{2})*$/.test(hex) ? null : { size, bytes: Buffer.from(hex, 'hex') };
}

// left 0f1e2d3c4b5a-5a4b3c2d1e0f.20260306200000-2345
// end
export function readLeft(ended: Finished): Reading<readonly string[]> {
  const lines = linesOf(ended.out);
  if (lines.at(-1) !== 'end')
    return isNo(ended) ? refused(saidBy(ended)) : unreadable(lines.at(-1) ?? '', saidBy(ended));
  return ok(lines.flatMap(line => (line.startsWith('left ') ? [line.slice('left '.length)] : [])));
}

function linesOf(text: string): readonly string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** It was one of our scripts that said no, before it touched anything. */
const isNo = (ended: Finished): boolean => ended.is === 'exited' && ended.code === NO;

/** The host's words in one line. */
function saidBy(ended: Finished): string {
  const words = ended.err.trim().replaceAll(/\s*\n\s*/g, '; ');
  return words !== '' ? words : ended.is === 'exited' ? `exit status ${ended.code}` : `killed by ${ended.name}`;
}
