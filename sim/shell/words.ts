// Reading words: quotes, parameters, substitutions. What a word becomes is decided later (expand.ts).
import type { Command, ParamOp, Part, Word } from './ast.ts';
import { dollarQuoted } from './escapes.ts';
import { Incomplete, ShellSyntaxError, Source } from './source.ts';

const META = new Set([' ', '\t', '\n', '|', '&', ';', '<', '>', '(', ')', '']);
const SPECIAL = new Set(['@', '*', '#', '?', '-', '$', '!', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
const NAME_START = /[A-Za-z_]/;
const NAME_REST = /[A-Za-z_0-9]/;
/** Characters that a later expansion could act upon. */
const EXPANDABLE = /[*?[~{}]/;

export function wordOf(parts: readonly Part[]): Word {
  // the command [ is no pattern
  if (parts.length === 1 && parts[0]?.is === 'lit' && parts[0].text === '[') return { parts, plain: '[' };
  let plain = '';
  for (const part of parts) {
    if (part.is === 'lit' && !EXPANDABLE.test(part.text)) plain += part.text;
    else if (part.is === 'quoted') plain += part.text;
    else return { parts, plain: null };
  }
  return { parts, plain };
}

/** Where a run of parts ends, and what is special in it. */
interface Style {
  readonly isEnd: (char: string) => boolean;
  readonly isQuoted: boolean;
}

const UNQUOTED: Style = { isEnd: char => META.has(char), isQuoted: false };
const IN_DOUBLE: Style = { isEnd: char => char === '"', isQuoted: true };

export abstract class WordReader extends Source {
  protected abstract commandsUntil(end: string): Command | null;
  protected abstract nested(text: string): Command | null;

  protected word(): Word {
    return wordOf(this.parts(UNQUOTED));
  }

  /** The body of a here-document, or of $(( )), read again as if between double quotes. */
  protected quotedText(): readonly Part[] {
    return this.parts({ isEnd: char => char === '', isQuoted: true });
  }

  private parts(style: Style): readonly Part[] {
    const parts: Part[] = [];
    let literal = '';
    for (;;) {
      const char = this.peek();
      const isEnd = style.isEnd(char);
      if (!isEnd && char === '') throw new Incomplete();
      const special = isEnd ? null : this.special(char, style);
      if (special === null && !isEnd) {
        literal += this.next();
        continue;
      }
      if (literal !== '') parts.push({ is: style.isQuoted ? 'quoted' : 'lit', text: literal });
      literal = '';
      if (special === null) return parts;
      parts.push(special);
    }
  }

  private special(char: string, style: Style): Part | null {
    switch (char) {
      case '$':
        return this.dollar(style);
      case '`':
        this.next();
        return this.backquoted(style.isQuoted);
      case '\\':
        return this.backslash(style);
      case "'":
        if (style.isQuoted) return null;
        this.next();
        return { is: 'quoted', text: this.rawUntil("'") };
      case '"': {
        if (style.isQuoted) return null;
        this.next();
        const parts = this.parts(IN_DOUBLE);
        this.next();
        return { is: 'double', parts };
      }
      default:
        return null;
    }
  }

  private backslash(style: Style): Part | null {
    const after = this.text[this.pos + 1] ?? '';
    if (after === '') {
      if (style.isQuoted) throw new Incomplete();
      return null;
    }
    // inside double quotes only some characters can be escaped; in a here-document the quote can't
    if (style.isQuoted && !'$`\\'.includes(after) && !(after === '"' && style.isEnd('"')) && after !== '}') return null;
    if (style.isQuoted && after === '}' && !style.isEnd('}')) return null;
    this.pos += 2;
    return { is: 'quoted', text: after };
  }

  private dollar(style: Style): Part | null {
    const start = this.pos;
    this.next();
    const char = this.peek();
    if (char === '(') {
      this.next();
      if (this.peek() === '(') {
        const arith = this.arithmetic();
        if (arith !== null) return arith;
      }
      const body = this.commandsUntil(')');
      return { is: 'command', body };
    }
    if (char === '{') {
      this.next();
      return this.braced(style);
    }
    if (char === "'" && !style.isQuoted) {
      this.next();
      return { is: 'quoted', text: this.dollarQuote() };
    }
    if (char === '"' && !style.isQuoted) return this.special('"', style);
    if (NAME_START.test(char)) return { is: 'param', name: this.name(), op: { is: 'plain' } };
    if (SPECIAL.has(char)) return { is: 'param', name: this.next(), op: { is: 'plain' } };
    this.pos = start;
    return null;
  }

  private dollarQuote(): string {
    let raw = '';
    for (;;) {
      const char = this.text[this.pos++];
      if (char === undefined) throw new Incomplete();
      if (char === "'") return dollarQuoted(raw);
      raw += char;
      if (char === '\\') raw += this.text[this.pos++] ?? '';
    }
  }

  protected name(): string {
    let name = '';
    while (NAME_REST.test(this.peek())) name += this.next();
    return name;
  }

  /** $(( ... )): null when it turns out to be a command substitution that begins with a subshell. */
  private arithmetic(): Part | null {
    const start = this.pos;
    this.next();
    const text = this.balanced();
    if (text === null || this.text[this.pos] !== ')') {
      this.pos = start;
      return null;
    }
    this.pos++;
    return { is: 'arith', parts: this.again(text) };
  }

  /** The text up to the parenthesis that closes, which is passed over. */
  protected balanced(): string | null {
    const start = this.pos;
    for (let depth = 1; this.pos < this.text.length; this.pos++) {
      const char = this.text[this.pos];
      if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return this.text.slice(start, this.pos++);
    }
    return null;
  }

  /** Parts of a text as if it stood between double quotes. */
  protected abstract again(text: string): readonly Part[];

  private backquoted(isQuoted: boolean): Part {
    let text = '';
    for (;;) {
      const char = this.text[this.pos++];
      if (char === undefined) throw new Incomplete();
      if (char === '`') return { is: 'command', body: this.nested(text) };
      const after = this.text[this.pos] ?? '';
      if (char === '\\' && ('$`\\'.includes(after) || (isQuoted && after === '"'))) {
        text += after;
        this.pos++;
      } else text += char;
    }
  }

  private braced(style: Style): Part {
    const line = this.line;
    if (this.peek() === '#' && this.text[this.pos + 1] !== '}') {
      const start = this.pos;
      this.next();
      const name = this.paramName();
      if (name !== '' && this.accept('}')) return { is: 'param', name, op: { is: 'length' } };
      this.pos = start;
    }
    const name = this.paramName();
    if (this.peek() === '') throw new Incomplete();
    if (name === '') throw new ShellSyntaxError(line, '${');
    const op = this.operation(style, line);
    return { is: 'param', name, op };
  }

  private paramName(): string {
    const char = this.peek();
    if (NAME_START.test(char)) return this.name();
    if (/[0-9]/.test(char)) {
      let digits = '';
      while (/[0-9]/.test(this.peek())) digits += this.next();
      return digits;
    }
    return SPECIAL.has(char) ? this.next() : '';
  }

  private operation(style: Style, line: number): ParamOp {
    const char = this.next();
    if (char === '}') return { is: 'plain' };
    const isColon = char === ':';
    const op = isColon ? this.peek() : char;
    if (op === '-' || op === '=' || op === '?' || op === '+') {
      if (isColon) this.next();
      return { is: 'default', op, colon: isColon, word: this.until('}', style.isQuoted) };
    }
    if (isColon) return this.slice();
    if (char === '#' || char === '%') {
      const double = this.accept(char);
      const trim = char === '#' ? (double ? '##' : '#') : double ? '%%' : '%';
      return { is: 'trim', op: trim, word: this.until('}', false) };
    }
    if (char === '/') return this.replacement();
    if (char === '') throw new Incomplete();
    throw new ShellSyntaxError(line, char);
  }

  private slice(): ParamOp {
    const start = this.upTo(':}');
    const length = this.accept(':') ? this.upTo('}') : null;
    this.next();
    return { is: 'slice', start, length };
  }

  private replacement(): ParamOp {
    const where = this.accept('/') ? 'all' : this.accept('#') ? 'start' : this.accept('%') ? 'end' : 'first';
    const from = this.upTo('/}');
    const to = this.accept('/') ? this.upTo('}') : wordOf([]);
    this.next();
    return { is: 'replace', where, from, to };
  }

  private upTo(ends: string): Word {
    return wordOf(this.parts({ isEnd: char => char !== '' && ends.includes(char), isQuoted: false }));
  }

  /** The word of ${x-word}. Inside double quotes it is double-quoted text, where a quote may still open and close. */
  private until(end: string, isQuoted: boolean): Word {
    const parts = isQuoted ? this.looselyQuoted(end) : this.parts({ isEnd: char => char === end, isQuoted: false });
    this.next();
    return wordOf(parts);
  }

  private looselyQuoted(end: string): readonly Part[] {
    const parts: Part[] = [];
    for (;;) {
      parts.push(...this.parts({ isEnd: char => char === end || char === '"', isQuoted: true }));
      if (this.peek() === end) return parts;
      this.next();
      parts.push(...this.parts(IN_DOUBLE));
      this.next();
    }
  }
}
