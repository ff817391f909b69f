// How one shell carries many commands: the text that puts a command between two marks, and the reader that finds it
// there again in a stream, whatever bytes lie between. Nothing here sends or waits.
import { quoteAlways } from '../../text/shell.ts';
import { byThisShell } from './login-shell.ts';

/**
 * The command is a subshell of its own that finds its input empty; `eval` keeps what it can't read inside it. Both
 * streams say where it ended and with which status; the first of a shell also where it begins, since a login may say
 * something before. Law: one line, whole for any POSIX shell, if the mark is a plain word.
 */
export function framed(line: string, mark: string, which: 'first' | 'later'): string {
  const begin = which === 'first' ? `printf '%s\\n' ${mark}; printf '%s\\n' ${mark} >&2; ` : '';
  const end = `printf '\\n%s %s\\n' ${mark} "$z"`;
  return `${begin}(${byThisShell(line) ?? `eval ${quoteAlways(line)}`}) </dev/null; z=$?; ${end}; ${end} >&2\n`;
}

const NEWLINE = 0x0a;

/** One stream. Law: hands on exactly the bytes between the marks, in order, however they are cut into pieces. */
export class FrameReader {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #onBytes: (bytes: Uint8Array) => Promise<void> | null;
  #held: Buffer = Buffer.alloc(0);
  #within: boolean;
  #status: number | null = null;

  constructor(mark: string, which: 'first' | 'later', onBytes: (bytes: Uint8Array) => Promise<void> | null) {
    this.#within = which === 'later';
    this.#begin = Buffer.from(`${mark}\n`);
    this.#end = Buffer.from(`\n${mark} `);
    this.#onBytes = onBytes;
  }

  /** The first mark was read, or none is awaited. */
  get begun(): boolean {
    return this.#within;
  }

  /** Null until the second mark is read. */
  get status(): number | null {
    return this.#status;
  }

  /** @returns null, or a promise to wait for before more is read. */
  take(chunk: Uint8Array): Promise<void> | null {
    const all = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    this.#held = all;
    if (this.#status !== null) return null;
    if (!this.#within) {
      const begin = all.indexOf(this.#begin);
      if (begin < 0) return this.#keep(all, this.#begin.length);
      this.#within = true;
      this.#held = all.subarray(begin + this.#begin.length);
    }
    return this.#inside(this.#held);
  }

  /** It was cut off: what was held back as the beginning of a mark is what the command said. */
  cutOff(): void {
    if (this.#within && this.#status === null) void this.#hand(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #inside(all: Buffer): Promise<void> | null {
    const end = all.indexOf(this.#end);
    if (end < 0) {
      const wait = this.#hand(all.subarray(0, Math.max(0, all.length - this.#end.length + 1)));
      this.#keep(all, this.#end.length);
      return wait;
    }
    const wait = this.#hand(all.subarray(0, end));
    this.#held = all.subarray(end);
    const after = end + this.#end.length;
    const newline = all.indexOf(NEWLINE, after);
    if (newline >= 0) this.#status = statusIn(all.toString('latin1', after, newline));
    return wait;
  }

  #hand(bytes: Buffer): Promise<void> | null {
    return bytes.length === 0 ? null : this.#onBytes(bytes);
  }

  /** What could be the beginning of a mark. */
  #keep(all: Buffer, markLength: number): null {
    this.#held = all.subarray(Math.max(0, all.length - markLength + 1));
    return null;
  }
}

/** NaN for what no shell says: an empty word would be the number 0. */
const statusIn = (word: string): number => (/^\d{1,3}$/.test(word) ? Number(word) : Number.NaN);
