// What the grammar is made of: operators, reserved words, redirections, here-documents, ends of lines.
import type { Part, Redirect, Word } from './ast.ts';
import { ConditionReader } from './condition.ts';
import { Incomplete, ShellSyntaxError } from './source.ts';
import { wordOf } from './words.ts';

const RESERVED = new Set([
  '!',
  '{',
  '}',
  'case',
  'do',
  'done',
  'elif',
  'else',
  'esac',
  'fi',
  'for',
  'function',
  'if',
  'in',
  'then',
  'until',
  'while',
  '[[',
]);
const OPERATORS = ['&&', '||', ';;&', ';;', ';&', '&>>', '&>', '|&', '|', '&', ';', '(', ')'];
const REDIRECTS = ['<<-', '<<<', '<<', '<&', '<>', '<', '>>', '>&', '>|', '>'];
interface HereDoc {
  readonly isStripped: boolean;
  readonly isQuoted: boolean;
  readonly end: string;
  readonly parts: Part[];
}

export abstract class TokenReader extends ConditionReader {
  protected hereDocs: HereDoc[] = [];

  /** Nothing but blank lines is left. */
  get isAtEnd(): boolean {
    return this.text.slice(this.pos).trim() === '';
  }

  protected atLineEnd(): boolean {
    this.skipBlanks();
    const char = this.peek();
    return char === '\n' || char === '';
  }

  protected endLine(): void {
    if (this.peek() === '\n') {
      this.next();
      this.readHereDocs();
    } else if (this.hereDocs.length > 0) throw new Incomplete();
  }

  protected skipLines(): void {
    for (;;) {
      this.skipBlanks();
      if (this.peek() !== '\n') return;
      this.endLine();
    }
  }

  // ---- tokens

  protected operator(): string | null {
    const start = this.offset;
    for (const op of OPERATORS) {
      if (this.accept(op)) {
        this.pos = start;
        return op;
      }
    }
    return null;
  }

  /** The reserved word that comes next, left where it is. */
  protected reserved(): string | null {
    this.skipBlanks();
    const start = this.pos;
    let text = '';
    for (let char = this.peek(); /[A-Za-z0-9_!{}[\]]/.test(char); char = this.peek()) text += this.next();
    const after = this.peek();
    this.pos = start;
    const ends = after === '' || ' \t\n;|&<>()'.includes(after);
    return ends && RESERVED.has(text) ? text : null;
  }

  protected take(word: string): boolean {
    if (this.reserved() !== word) return false;
    this.accept(word);
    return true;
  }

  protected expect(word: string): void {
    this.skipLines();
    if (!this.take(word)) this.fail();
  }

  /** Stumbles over what comes next. */
  protected fail(): never {
    this.skipBlanks();
    const { line } = this;
    const char = this.peek();
    if (char === '') throw new Incomplete();
    if (char === '\n') throw new ShellSyntaxError(line, 'newline');
    const op = this.operator() ?? REDIRECTS.find(one => this.text.startsWith(one, this.pos));
    if (op !== undefined) throw new ShellSyntaxError(line, op);
    const start = this.pos;
    this.word();
    throw new ShellSyntaxError(line, this.text.slice(start, this.pos));
  }

  // ---- redirections

  protected redirect(): Redirect | null {
    this.skipBlanks();
    const start = this.pos;
    if (this.accept('&>>')) return { is: 'both', isAppend: true, word: this.target() };
    if (this.accept('&>')) return { is: 'both', isAppend: false, word: this.target() };
    let digits = '';
    while (/[0-9]/.test(this.peek())) digits += this.next();
    const op = REDIRECTS.find(one => this.accept(one));
    if (op === undefined) {
      this.pos = start;
      return null;
    }
    const fd = digits === '' ? (op.startsWith('<') ? 0 : 1) : Number(digits);
    switch (op) {
      case '<<':
      case '<<-':
        return this.hereDoc(fd, op === '<<-');
      case '<<<': {
        const word = this.target();
        return {
          is: 'text',
          fd,
          word: wordOf([
            { is: 'double', parts: word.parts },
            { is: 'quoted', text: '\n' },
          ]),
        };
      }
      case '<&':
      case '>&':
        return { is: 'dup', fd, word: this.target() };
      case '<':
      case '>':
      case '>>':
      case '>|':
      case '<>':
        return { is: 'file', fd, op, word: this.target() };
      default:
        return this.fail();
    }
  }

  protected target(): Word {
    this.skipBlanks();
    if (this.operator() !== null || this.atLineEnd()) this.fail();
    return this.word();
  }

  protected hereDoc(fd: number, isStripped: boolean): Redirect {
    const word = this.target();
    const end = word.parts.map(plainText).join('');
    const isQuoted = word.parts.some(part => part.is !== 'lit');
    const parts: Part[] = [];
    this.hereDocs.push({ isStripped, isQuoted, end, parts });
    // the parts are filled in when the line ends, so the word keeps no `plain`
    return { is: 'text', fd, word: { parts, plain: null } };
  }

  protected readHereDocs(): void {
    const waiting = this.hereDocs;
    this.hereDocs = [];
    for (const doc of waiting) {
      const lines: string[] = [];
      for (;;) {
        const start = this.pos;
        if (start >= this.text.length) throw new Incomplete();
        const newline = this.text.indexOf('\n', start);
        const raw = this.text.slice(start, newline < 0 ? undefined : newline);
        this.pos = newline < 0 ? this.text.length : newline + 1;
        const line = doc.isStripped ? raw.replace(/^\t+/, '') : raw;
        if (line === doc.end) break;
        lines.push(`${line}\n`);
      }
      const body = lines.join('');
      if (doc.isQuoted) doc.parts.push({ is: 'quoted', text: body });
      else doc.parts.push({ is: 'double', parts: this.again(body) });
    }
  }
}

function plainText(part: Part): string {
  if (part.is === 'lit' || part.is === 'quoted') return part.text;
  return part.is === 'double' ? part.parts.map(plainText).join('') : '';
}
