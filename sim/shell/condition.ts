// Reading what stands between [[ and ]]: the small set that scripts use (strings, patterns, =~, files, numbers).
import type { Condition } from './ast.ts';
import { WordReader, wordOf } from './words.ts';

const BINARY = new Set([
  '=',
  '==',
  '!=',
  '=~',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

export abstract class ConditionReader extends WordReader {
  protected abstract fail(): never;

  protected skipBlanks(): void {
    for (;;) {
      const char = this.peek();
      if (char === ' ' || char === '\t') this.next();
      else if (char === '#') {
        while (this.pos < this.text.length && this.text[this.pos] !== '\n') this.pos++;
      } else return;
    }
  }

  private skipSpace(): void {
    for (this.skipBlanks(); this.peek() === '\n'; this.skipBlanks()) this.next();
  }

  /** Up to and with the closing brackets. */
  protected condition(): Condition {
    const test = this.either();
    this.skipSpace();
    if (!this.accept(']]')) this.fail();
    return test;
  }

  private either(): Condition {
    let left = this.both();
    for (this.skipSpace(); this.accept('||'); this.skipSpace()) left = { is: 'either', left, right: this.both() };
    return left;
  }

  private both(): Condition {
    let left = this.primary();
    for (this.skipSpace(); this.accept('&&'); this.skipSpace()) left = { is: 'both', left, right: this.primary() };
    return left;
  }

  private primary(): Condition {
    this.skipSpace();
    if (this.peek() === '(') {
      this.next();
      const test = this.either();
      this.skipSpace();
      if (!this.accept(')')) this.fail();
      return test;
    }
    if (/^![ \t]/.test(this.text.slice(this.pos, this.pos + 2))) {
      this.next();
      return { is: 'not', test: this.primary() };
    }
    const first = this.word();
    if (first.parts.length === 0) this.fail();
    this.skipSpace();
    if (first.plain !== null && /^-[a-zA-Z]$/.test(first.plain) && !this.text.startsWith(']]', this.pos)) {
      return { is: 'unary', op: first.plain, word: this.word() };
    }
    return this.binary(first);
  }

  private binary(left: ReturnType<WordReader['word']>): Condition {
    const op = this.conditionOperator();
    if (op === null) return { is: 'unary', op: '-n', word: left };
    this.skipSpace();
    return { is: 'binary', op, left, right: op === '=~' ? this.regexWord() : this.word() };
  }

  private conditionOperator(): string | null {
    if (this.peek() === '<' || this.peek() === '>') return this.next();
    const start = this.pos;
    const word = this.text.startsWith(']]', start) || '&|)'.includes(this.peek()) ? '' : this.literal();
    if (BINARY.has(word)) return word;
    this.pos = start;
    return null;
  }

  private literal(): string {
    const { parts } = this.word();
    return parts.map(part => (part.is === 'lit' ? part.text : '?')).join('');
  }

  /** A regular expression may hold parentheses and bars unquoted. */
  private regexWord(): ReturnType<WordReader['word']> {
    const parts = [];
    for (;;) {
      parts.push(...this.word().parts);
      const char = this.peek();
      if (!'()|<>;&'.includes(char) || char === '') return wordOf(parts);
      parts.push({ is: 'lit' as const, text: this.next() });
    }
  }
}
