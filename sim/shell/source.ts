// The characters of a script, with backslash-newline taken out wherever they aren't taken raw.

/** More input could still make a command of it. */
export class Incomplete extends Error {}

export class ShellSyntaxError extends Error {
  readonly line: number;
  /** What the shell stumbled over; `newline` for the end of a line, null for the end of the script. */
  readonly token: string | null;

  constructor(line: number, token: string | null) {
    super(`line ${line}: ${token ?? 'end of file'} unexpected`);
    this.line = line;
    this.token = token;
  }
}

export class Source {
  protected readonly text: string;
  protected pos = 0;
  private linesBefore = 0;
  private counted = 0;
  private readonly firstLine: number;

  constructor(text: string, firstLine = 1) {
    this.text = text;
    this.firstLine = firstLine;
  }

  get line(): number {
    for (; this.counted < this.pos; this.counted++) if (this.text[this.counted] === '\n') this.linesBefore++;
    if (this.counted > this.pos) {
      this.counted = 0;
      this.linesBefore = 0;
      return this.line;
    }
    return this.firstLine + this.linesBefore;
  }

  get offset(): number {
    return this.pos;
  }

  /** The next character, or '' at the end. */
  protected peek(): string {
    while (this.text[this.pos] === '\\' && this.text[this.pos + 1] === '\n') {
      if (this.pos + 2 >= this.text.length) throw new Incomplete();
      this.pos += 2;
    }
    return this.text[this.pos] ?? '';
  }

  protected next(): string {
    const char = this.peek();
    this.pos += char.length;
    return char;
  }

  /** Takes the given text if it comes next (line continuations may lie in between). */
  protected accept(wanted: string): boolean {
    const start = this.pos;
    for (const char of wanted) {
      if (this.peek() !== char) {
        this.pos = start;
        return false;
      }
      this.pos++;
    }
    return true;
  }

  /** Everything up to the next `end`, which is passed over; nothing in it is special. */
  protected rawUntil(end: string): string {
    const at = this.text.indexOf(end, this.pos);
    if (at < 0) throw new Incomplete();
    const raw = this.text.slice(this.pos, at);
    this.pos = at + end.length;
    return raw;
  }
}
