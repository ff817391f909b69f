// What sudo says on a stream before the command that it lets begin: taken out of what the command says, and told when
// that command never began. The words are those of src/text/shell.ts; the password is given elsewhere.
import { denialIn } from '../../model/sudo.ts';
import { SUDO_READY } from '../../text/shell.ts';

const READY = `${SUDO_READY}\n`;

export class SudoSays {
  #before = '';
  #began: boolean;

  /** @param began it is heard from behind sudo's part. */
  constructor(began: boolean) {
    this.#began = began;
  }

  /** The next piece of the stream, without sudo's part. */
  without(text: string): string {
    if (this.#began) return text;
    this.#before += text;
    const ready = this.#before.indexOf(READY);
    if (ready < 0) return '';
    this.#began = true;
    return this.#before.slice(ready + READY.length);
  }

  /** Why the command never began, or null when it did. */
  denial(): string | null {
    if (this.#began) return null;
    return denialIn(this.#before);
  }
}
