// What of a stream has to wait since it may be the beginning of a secret: a secret is taken out of each piece that is
// told, so no piece may end within one. Where one may begin is known elsewhere.
import type { OpenSecret } from '../text/open-secret.ts';

export class HeldBack {
  readonly #openSecret: OpenSecret;
  #rest = '';

  constructor(openSecret: OpenSecret) {
    this.#openSecret = openSecret;
  }

  /** What waits, as the bytes it was: their number must be known to who tells how far a stream was told. */
  get restBytes(): number {
    return Buffer.byteLength(this.#rest);
  }

  /** @returns what of it, and of what waited, may be told. */
  take(piece: string): string {
    const text = this.#rest + piece;
    const cut = text.length - this.#openSecret(text);
    // Of what is no text nobody knows how many bytes it was: it waits together with all that comes before it.
    const at = isText(text.slice(cut)) ? cut : 0;
    this.#rest = text.slice(at);
    return text.slice(0, at);
  }

  /** Nothing comes behind it: it is no secret. */
  end(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}

const isText = (rest: string): boolean => rest === '' || (!rest.includes('\uFFFD') && !/^[\uDC00-\uDFFF]/.test(rest));
