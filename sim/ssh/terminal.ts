// A terminal in its simplest line mode, between an SSH channel and the shell: what is typed is echoed, edited with
// backspace, ^U and ^W, and goes in as whole lines; what the shell writes gets carriage returns. No raw mode.

export interface TerminalSide {
  /** To the person's screen. */
  readonly show: (bytes: Uint8Array) => void;
  /** A whole line, with its newline; null for the end of input. */
  readonly line: (bytes: Uint8Array | null) => void;
  readonly signal: (name: string) => void;
}

const CODES = { intr: 3, eof: 4, backspace: 8, newline: 10, enter: 13, kill: 21, word: 23, quit: 28, delete: 127 };
const NEWLINE = Buffer.from('\r\n');

export class Terminal {
  readonly #side: TerminalSide;
  #typed: number[] = [];

  constructor(side: TerminalSide) {
    this.#side = side;
  }

  type(bytes: Uint8Array): void {
    for (const code of bytes) this.#key(code);
  }

  #key(code: number): void {
    switch (code) {
      case CODES.intr:
        return this.#interrupt('^C', 'INT');
      case CODES.quit:
        return this.#interrupt('^\\', 'QUIT');
      case CODES.eof:
        return this.#typed.length === 0 ? this.#side.line(null) : undefined;
      case CODES.enter:
      case CODES.newline:
        return this.#enter();
      case CODES.backspace:
      case CODES.delete:
        return this.#erase(1);
      case CODES.kill:
        return this.#erase(this.#typed.length);
      case CODES.word:
        return this.#erase(lastWord(this.#typed));
      default:
        if (code < 32 && code !== 9) return;
        this.#typed.push(code);
        this.#side.show(Uint8Array.of(code));
    }
  }

  #enter(): void {
    const line = Uint8Array.from([...this.#typed, CODES.newline]);
    this.#typed = [];
    this.#side.show(NEWLINE);
    this.#side.line(line);
  }

  #interrupt(shown: string, signal: string): void {
    this.#typed = [];
    this.#side.show(Buffer.from(`${shown}\r\n`));
    this.#side.signal(signal);
  }

  #erase(count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#typed.length === 0) return;
      // a character of several bytes goes at once
      let code = this.#typed.pop() ?? 0;
      while ((code & 0xc0) === 0x80) code = this.#typed.pop() ?? 0;
      this.#side.show(Buffer.from('\b \b'));
    }
  }
}

function lastWord(typed: readonly number[]): number {
  let at = typed.length;
  while (at > 0 && typed[at - 1] === 32) at--;
  while (at > 0 && typed[at - 1] !== 32) at--;
  return typed.length - at;
}

/** Output as a terminal gets it: each newline with a carriage return before it. */
export function withReturns(bytes: Uint8Array): Uint8Array {
  const extra = bytes.reduce((n, code) => n + (code === CODES.newline ? 1 : 0), 0);
  if (extra === 0) return bytes;
  const result = new Uint8Array(bytes.length + extra);
  let at = 0;
  for (const code of bytes) {
    if (code === CODES.newline) result[at++] = CODES.enter;
    result[at++] = code;
  }
  return result;
}
