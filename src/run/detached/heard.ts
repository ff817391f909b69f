// A stream of a long command as far as it was fetched from its host, as text: in pieces while it comes, whole at the end.
import { bytesText } from '../../text/size.ts';
import { openEnd } from '../../text/utf8.ts';
import type { Piece } from './lines.ts';
import type { SudoSays } from './sudo-says.ts';

/** Beyond it output is counted and left where it is: no program that a step waits for says so much. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;

/** A piece of a stream, of whole characters; only the end of the stream may cut one, and it is told as U+FFFD. */
export interface Words {
  readonly text: string;
  /** So many bytes of the stream end with them. */
  readonly upTo: number;
  /** They were told before. */
  readonly again: boolean;
}

/** A stream as far as it was fetched. A character that is cut by the end of a piece waits for the next. */
export class Heard {
  readonly #sudo: SudoSays | null;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #parts: string[] = [];
  /** The beginning of a character. */
  #open: Uint8Array = new Uint8Array();
  #bytes: number;
  #size = 0;

  /** @param from the byte it is heard from: what was said before isn't wanted. */
  constructor(from: number, sudo: SudoSays | null = null) {
    this.#bytes = from;
    this.#sudo = sudo;
  }

  get wanted(): number | null {
    return this.#bytes < MOST_TEXT_BYTES ? this.#bytes : null;
  }

  get isBehind(): boolean {
    return this.wanted !== null && this.#bytes < this.#size;
  }

  get text(): string {
    const over = this.#size - this.#bytes;
    return `${this.#parts.join('')}${over > 0 ? `\n[output limit: ${bytesText(over)} more were dropped]\n` : ''}`;
  }

  /** @param told so many bytes of the stream were told before. */
  take({ bytes, size }: Piece, told: number): readonly Words[] {
    this.#size = Math.max(size, this.#bytes + bytes.length);
    const before = Math.min(bytes.length, Math.max(0, told - this.#bytes));
    return [...this.#addTold(bytes.subarray(0, before), told), ...this.#add(bytes.subarray(before), false)];
  }

  /** It says no more: what is open of a character stays so. @param told as for `take`. */
  end(told: number): readonly Words[] {
    const open = this.#open;
    this.#open = new Uint8Array();
    return this.#said(open, told >= this.#bytes);
  }

  /** Why the command never began, or null. */
  denial(): string | null {
    return this.#sudo?.denial() ?? null;
  }

  /** What was told ends with a character by its law, whatever its bytes look like: what comes behind it belongs to none of them. */
  #addTold(bytes: Uint8Array, told: number): readonly Words[] {
    const again = this.#add(bytes, true);
    return bytes.length > 0 && this.#bytes === told ? [...again, ...this.end(told)] : again;
  }

  #add(bytes: Uint8Array, again: boolean): readonly Words[] {
    this.#bytes += bytes.length;
    const all = Buffer.concat([this.#open, bytes]);
    const whole = all.length - openEnd(all);
    this.#open = all.subarray(whole);
    return this.#said(all.subarray(0, whole), again);
  }

  #said(bytes: Uint8Array, again: boolean): readonly Words[] {
    const decoded = this.#decoder.decode(bytes);
    const text = this.#sudo === null ? decoded : this.#sudo.without(decoded);
    if (text === '') return [];
    this.#parts.push(text);
    return [{ text, upTo: this.#bytes - this.#open.length, again }];
  }
}
