// A stream of a long command as far as it was fetched from its host, as text: in pieces while it comes, whole at the end.
import { bytesText } from '../../text/size.ts';
import type { Piece } from './lines.ts';
import type { SudoSays } from './sudo-says.ts';

/** Beyond it output is counted and left where it is: no program that a step waits for says so much. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;

/** A stream as far as it was fetched. A character that is cut by the end of a piece waits for the next. */
export class Heard {
  readonly #say: (text: string) => void;
  readonly #sudo: SudoSays | null;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #parts: string[] = [];
  #bytes = 0;
  #size = 0;

  constructor(say: (text: string) => void, sudo: SudoSays | null = null) {
    this.#say = say;
    this.#sudo = sudo;
  }

  get wanted(): number | null {
    return this.#bytes < MOST_TEXT_BYTES ? this.#bytes : null;
  }

  get isBehind(): boolean {
    return this.wanted !== null && this.#bytes < this.#size;
  }

  /** @returns whether it brought anything. */
  take({ bytes, size }: Piece): boolean {
    this.#size = Math.max(size, this.#bytes + bytes.length);
    this.#bytes += bytes.length;
    this.#add(this.#decoder.decode(bytes, { stream: true }));
    return bytes.length > 0;
  }

  end(): string {
    this.#add(this.#decoder.decode());
    const over = this.#size - this.#bytes;
    return `${this.#parts.join('')}${over > 0 ? `\n[output limit: ${bytesText(over)} more were dropped]\n` : ''}`;
  }

  /** Why the command never began, or null. */
  denial(): string | null {
    return this.#sudo?.denial() ?? null;
  }

  #add(decoded: string): void {
    const text = this.#sudo === null ? decoded : this.#sudo.without(decoded);
    if (text === '') return;
    this.#parts.push(text);
    this.#say(text);
  }
}
