// The talk with sudo on one host: its password goes to standard input and nowhere else, is tried by one command alone,
// and never again once it was wrong. A command's own input follows only when sudo has let it begin. The line that all
// this is for is made in src/text/shell.ts.
import { denialIn, timesAsked, WRONG_PASSWORD } from '../../model/sudo.ts';
import type { Secret } from '../../text/secret.ts';
import { SUDO_GO, SUDO_READY } from '../../text/shell.ts';
import type { Input, Sink } from './exec.ts';

/** More than sudo says before it lets a command begin, its lecture with it. */
const HEARD_BYTES = 64 * 1024;

/** Of one host, for all its commands. */
export class SudoRights {
  readonly password: Secret | null;
  #found: 'untried' | 'right' | 'wrong' = 'untried';
  #trying: Promise<void> | null = null;

  constructor(password: Secret | null) {
    this.password = password;
  }

  /** Commands wait for the one that tries the password first. @returns why there is no turn any more, or the turn */
  async turn(): Promise<Turn | string> {
    while (this.#found === 'untried' && this.#trying !== null) await this.#trying;
    if (this.#found === 'wrong') return WRONG_PASSWORD;
    if (this.password === null || this.#found === 'right') return { password: this.password, over: () => undefined };
    let done: () => void = () => undefined;
    this.#trying = new Promise(resolve => (done = resolve));
    return {
      password: this.password,
      over: found => {
        this.#found = found;
        this.#trying = null;
        done();
      },
    };
  }
}

export interface Turn {
  readonly password: Secret | null;
  /** What was learnt of the password. */
  over(found: 'untried' | 'right' | 'wrong'): void;
}

/** What one command says on standard error, without the talk; and what it is given on standard input. */
export class SudoTalk implements Sink {
  readonly #turn: Turn;
  readonly #stdin: Uint8Array;
  readonly #err: Sink;
  #input: Input | null = null;
  #began = false;
  /** What came before it began. */
  #heard = '';

  constructor(turn: Turn, stdin: Uint8Array, err: Sink) {
    this.#turn = turn;
    this.#stdin = stdin;
    this.#err = err;
  }

  /** The password comes first, unasked: whoever doesn't want it reads it away. Without input there is nothing to wait for. */
  feed(input: Input): void {
    this.#input = input;
    const { password } = this.#turn;
    if (password !== null) input.write(Buffer.from(`${password.reveal()}\n`));
    if (this.#stdin.length === 0) this.#close();
  }

  take(chunk: Uint8Array): Promise<void> | null {
    if (this.#began) return this.#err.take(chunk);
    this.#heard = (this.#heard + Buffer.from(chunk).toString('latin1')).slice(-HEARD_BYTES);
    const ready = this.#heard.indexOf(`${SUDO_READY}\n`);
    if (ready >= 0) return this.#begin(ready + SUDO_READY.length + 1);
    // Asked again, or without an answer: the end of the input is one that it takes at once.
    if (timesAsked(this.#heard) > (this.#turn.password === null ? 0 : 1)) this.#close();
    return null;
  }

  /** The channel is closed: why the command was never begun, or null when it was. */
  denial(): string | null {
    if (this.#began) return null;
    const why = denialIn(Buffer.from(this.#heard, 'latin1').toString());
    this.#turn.over(why === WRONG_PASSWORD ? 'wrong' : 'untried');
    return why;
  }

  #begin(at: number): Promise<void> | null {
    this.#began = true;
    this.#turn.over(timesAsked(this.#heard) > 0 ? 'right' : 'untried');
    // It is closed already where there is nothing to give.
    this.#input?.write(Buffer.concat([Buffer.from(`${SUDO_GO}\n`), this.#stdin]));
    this.#close();
    const rest = Buffer.from(this.#heard.slice(at), 'latin1');
    this.#heard = '';
    return rest.length > 0 ? this.#err.take(rest) : null;
  }

  #close(): void {
    this.#input?.end();
    this.#input = null;
  }
}
