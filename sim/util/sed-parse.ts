// Reading a sed script. Addresses, { }, ! and the functions of POSIX but for `l` and line numbers in `w`.
import { UsageError } from './options.ts';
import { type Flavour, regex } from './regex.ts';

export type Address =
  | { readonly is: 'line'; readonly number: number }
  | { readonly is: 'last' }
  | { readonly is: 'match'; readonly test: RegExp | null };

export interface Substitution {
  /** Null: the last one used. */
  readonly test: RegExp | null;
  readonly to: string;
  readonly isGlobal: boolean;
  readonly nth: number;
  readonly isPrinted: boolean;
  readonly file: string | null;
}

export interface SedCommand {
  readonly first: Address | null;
  readonly second: Address | null;
  readonly isNegated: boolean;
  readonly name: string;
  /** Text of a, i, c; label of b, t, :; file of r, w. */
  readonly text: string;
  readonly substitution: Substitution | null;
  readonly map: ReadonlyMap<string, string> | null;
  /** Where a `{` ends, as an index into the list. */
  end: number;
}

export class SedReader {
  private readonly text: string;
  private readonly flavour: Flavour;
  private at = 0;
  private readonly commands: SedCommand[] = [];
  private readonly open: number[] = [];

  constructor(text: string, flavour: Flavour) {
    this.text = text;
    this.flavour = flavour;
  }

  read(): readonly SedCommand[] {
    for (this.skip(/[\s;]/); this.at < this.text.length; this.skip(/[\s;]/)) {
      if (this.text[this.at] === '#') this.toLineEnd();
      else this.command();
    }
    if (this.open.length > 0) throw new UsageError("Too many {'s");
    return this.commands;
  }

  private skip(what: RegExp): void {
    while (this.at < this.text.length && what.test(this.text[this.at] ?? '')) this.at++;
  }

  private toLineEnd(): string {
    const newline = this.text.indexOf('\n', this.at);
    const end = newline < 0 ? this.text.length : newline;
    const line = this.text.slice(this.at, end);
    this.at = end;
    return line;
  }

  private fail(): never {
    throw new UsageError(`command garbled: ${this.text}`);
  }

  private command(): void {
    const first = this.address();
    let second: Address | null = null;
    this.skip(/[ \t]/);
    if (first !== null && this.text[this.at] === ',') {
      this.at++;
      this.skip(/[ \t]/);
      second = this.address() ?? this.fail();
    }
    this.skip(/[ \t]/);
    let isNegated = false;
    for (; this.text[this.at] === '!'; this.skip(/[ \t]/)) {
      isNegated = true;
      this.at++;
    }
    const name = this.text[this.at++] ?? this.fail();
    const rest = this.arguments(name);
    this.commands.push({ first, second, isNegated, name, text: '', substitution: null, map: null, end: 0, ...rest });
    if (name === '{') this.open.push(this.commands.length - 1);
    if (name === '}') this.close();
  }

  private close(): void {
    const start = this.commands[this.open.pop() ?? -1];
    if (start === undefined) throw new UsageError("Too many }'s");
    start.end = this.commands.length - 1;
  }

  private arguments(name: string): Partial<SedCommand> {
    switch (name) {
      case 's':
        return { substitution: this.substitution() };
      case 'y': {
        const delimiter = this.text[this.at++] ?? this.fail();
        const [from, to] = [[...plain(this.upTo(delimiter))], [...plain(this.upTo(delimiter))]];
        return { map: new Map(from.map((char, i) => [char, to[i] ?? ''])) };
      }
      case 'a':
      case 'i':
      case 'c':
        return { text: this.block() };
      case ':':
      case 'b':
      case 't': {
        this.skip(/[ \t]/);
        const match = /^[^\s;}]*/.exec(this.text.slice(this.at))?.[0] ?? '';
        this.at += match.length;
        return { text: match };
      }
      case 'r':
      case 'w':
        this.skip(/[ \t]/);
        return { text: this.toLineEnd() };
      default:
        if (!'{}=dDgGhHnNpPqQx'.includes(name)) this.fail();
        return {};
    }
  }

  /** a\ text, and the one-line form. */
  private block(): string {
    this.skip(/[ \t]/);
    if (this.text[this.at] === '\\') {
      this.at++;
      this.skip(/[ \t]/);
      if (this.text[this.at] === '\n') this.at++;
    }
    let text = '';
    for (; this.at < this.text.length && this.text[this.at] !== '\n'; this.at++) {
      if (this.text[this.at] === '\\' && this.at + 1 < this.text.length) this.at++;
      text += this.text[this.at] ?? '';
    }
    return text;
  }

  private address(): Address | null {
    const rest = this.text.slice(this.at);
    const digits = /^\d+/.exec(rest)?.[0];
    if (digits !== undefined) {
      this.at += digits.length;
      return { is: 'line', number: Number(digits) };
    }
    if (rest.startsWith('$')) {
      this.at++;
      return { is: 'last' };
    }
    if (!rest.startsWith('/') && !rest.startsWith('\\')) return null;
    if (rest.startsWith('\\')) this.at++;
    const pattern = this.upTo(this.text[this.at++] ?? '/');
    const isCaseless = this.text[this.at] === 'I';
    if (isCaseless) this.at++;
    return { is: 'match', test: this.compiled(pattern, isCaseless ? 'i' : '') };
  }

  private compiled(pattern: string, flags: string): RegExp | null {
    return pattern === '' ? null : regex(pattern, { flavour: this.flavour, flags });
  }

  /** Up to the delimiter, which may be escaped, and is plain inside brackets. */
  private upTo(delimiter: string): string {
    let text = '';
    let isInSet = false;
    for (;;) {
      const char = this.text[this.at++];
      if (char === undefined || (char === '\n' && delimiter !== '\n' && !text.endsWith('\\'))) {
        if (char === undefined) this.fail();
      }
      if (char === delimiter && !isInSet) return text;
      if (char === '\\' && !isInSet) {
        const next = this.text[this.at++] ?? this.fail();
        text += next === delimiter && !/[()|{}.*+?^$&\d]/.test(delimiter) ? next : `\\${next}`;
        continue;
      }
      if (char === '[' && !isInSet) isInSet = this.opensSet(delimiter);
      else if (char === ']' && isInSet && !/\[\^?$/.test(text)) isInSet = false;
      text += char ?? '';
    }
  }

  /** A bracket only protects the delimiter when it closes. */
  private opensSet(delimiter: string): boolean {
    const close = this.text.indexOf(']', this.at + 1);
    const end = this.text.indexOf(delimiter, this.at);
    return (
      close >= 0 &&
      end >= 0 &&
      end < close &&
      /^\^?[^\]]*\][^\n]*/.test(this.text.slice(this.at)) &&
      this.text.indexOf(delimiter, close) >= 0
    );
  }

  private substitution(): Substitution {
    const delimiter = this.text[this.at++] ?? this.fail();
    const pattern = this.upTo(delimiter);
    const to = this.replacement(delimiter);
    const flags = /^[gpIi\d]*/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += flags.length;
    let file: string | null = null;
    if (this.text[this.at] === 'w') {
      this.at++;
      this.skip(/[ \t]/);
      file = this.toLineEnd();
    }
    return {
      test: this.compiled(pattern, /[iI]/.test(flags) ? 'i' : ''),
      to,
      isGlobal: flags.includes('g'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? '1'),
      isPrinted: flags.includes('p'),
      file,
    };
  }

  private replacement(delimiter: string): string {
    let text = '';
    for (;;) {
      const char = this.text[this.at++] ?? this.fail();
      if (char === delimiter) return text;
      text += char;
      if (char !== '\\') continue;
      const next = this.text[this.at++] ?? this.fail();
      text = next === delimiter && next !== '&' ? text.slice(0, -1) + next : text + next;
    }
  }
}

function plain(text: string): string {
  return text.replaceAll('\\n', '\n').replace(/\\(.)/g, '$1');
}
