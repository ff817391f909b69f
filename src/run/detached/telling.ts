// What a long command says, as it is told: each word once, and none that ends within a secret. What it still holds back when
// nobody listens any more isn't told: whoever takes the command up hears it again from there, as with half a character.
import type { OpenSecret } from '../../text/open-secret.ts';
import { HeldBack } from '../held-back.ts';
import type { Said, Supervised } from './job.ts';

export class Telling {
  readonly #tell: (said: Said) => void;
  readonly #held: { readonly out: HeldBack; readonly err: HeldBack };
  /** Of each stream. */
  readonly #newest = new Map<Said['stream'], Said>();

  constructor(openSecret: OpenSecret, tell: (said: Said) => void) {
    this.#tell = tell;
    this.#held = { out: new HeldBack(openSecret), err: new HeldBack(openSecret) };
  }

  heard(said: Said): void {
    if (said.again) return;
    this.#newest.set(said.stream, said);
    this.#say(said, this.#held[said.stream].take(said.text));
  }

  /** Only a stream that is over can't go on with a secret. */
  ended(outcome: Supervised): void {
    if (outcome.is !== 'ended' || (outcome.ended.is !== 'exited' && outcome.ended.is !== 'signalled')) return;
    for (const said of this.#newest.values()) this.#say(said, this.#held[said.stream].end());
  }

  #say(said: Said, text: string): void {
    if (text !== '') this.#tell({ ...said, text, upTo: said.upTo - this.#held[said.stream].restBytes });
  }
}
