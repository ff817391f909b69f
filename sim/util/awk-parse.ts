// The grammar of awk (POSIX, without `getline` in odd places): expressions here, statements in awk-statements.ts.
import type { Expr, Place } from './awk-ast.ts';
import { type Token, tokens } from './awk-lex.ts';
import { UsageError } from './options.ts';

const ASSIGN = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='];
const COMPARE = ['<', '<=', '==', '!=', '>', '>='];

export class AwkReader {
  private readonly tokens: readonly Token[];
  private at = 0;
  /** In `print a > b` the sign is a redirection, in `for (x in a)` the word isn't an operator. */
  protected isPrint = false;
  protected isIn = true;

  constructor(text: string) {
    this.tokens = tokens(text);
  }

  protected get token(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  protected peek(offset: number): Token {
    return this.tokens[this.at + offset] ?? { kind: 'end', text: '' };
  }

  protected mark(): number {
    return this.at;
  }

  protected reset(at: number): void {
    this.at = at;
  }

  protected next(): Token {
    const { token } = this;
    this.at++;
    return token;
  }

  protected isOp(...texts: readonly string[]): boolean {
    return this.token.kind === 'op' && texts.includes(this.token.text);
  }

  protected accept(...texts: readonly string[]): boolean {
    const { kind, text } = this.token;
    if ((kind !== 'op' && kind !== 'keyword') || !texts.includes(text)) return false;
    this.at++;
    return true;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  protected fail(): never {
    throw new UsageError(`syntax error near ${this.token.text === '' ? 'the end' : JSON.stringify(this.token.text)}`);
  }

  protected skipNewlines(): void {
    while (this.token.kind === 'newline') this.at++;
  }

  protected expression(): Expr {
    const left = this.choice();
    if (!this.isOp(...ASSIGN)) return left;
    const target = place(left);
    if (target === null) this.fail();
    const op = this.next().text;
    return { is: 'assign', target, op: op.slice(0, -1), value: this.expression() };
  }

  private choice(): Expr {
    const test = this.or();
    if (!this.accept('?')) return test;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(':');
    this.skipNewlines();
    return { is: 'choice', test, yes, no: this.expression() };
  }

  private or(): Expr {
    let left = this.and();
    while (this.accept('||')) {
      this.skipNewlines();
      left = { is: 'binary', op: '||', left, right: this.and() };
    }
    return left;
  }

  private and(): Expr {
    let left = this.membership();
    while (this.accept('&&')) {
      this.skipNewlines();
      left = { is: 'binary', op: '&&', left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expr {
    let left = this.match();
    while (this.isIn && this.token.kind === 'keyword' && this.token.text === 'in') {
      this.at++;
      const name = this.next().text;
      left = { is: 'in', keys: left.is === 'group' ? left.items : [left], name };
    }
    return left;
  }

  private match(): Expr {
    let left = this.comparison();
    while (this.isOp('~', '!~')) {
      const op = this.next().text;
      left = { is: 'binary', op, left, right: this.comparison() };
    }
    return left;
  }

  private comparison(): Expr {
    const left = this.concatenation();
    if (!this.isOp(...COMPARE) || (this.isPrint && this.isOp('>'))) return this.piped(left);
    const op = this.next().text;
    return { is: 'binary', op, left, right: this.concatenation() };
  }

  /** command | getline */
  private piped(left: Expr): Expr {
    let value = left;
    while (this.isOp('|') && this.peek(1).text === 'getline') {
      this.at += 2;
      value = { is: 'getline', from: 'command', source: value, target: this.getlineTarget() };
    }
    return value;
  }

  private getlineTarget(): Place | null {
    if (this.token.kind !== 'name' && !this.isOp('$')) return null;
    return place(this.postfix());
  }

  private concatenation(): Expr {
    let left = this.sum();
    while (this.startsValue()) left = { is: 'binary', op: ' ', left, right: this.sum() };
    return left;
  }

  private startsValue(): boolean {
    const { kind, text } = this.token;
    if (kind === 'op') return ['(', '$', '!', '-', '+', '++', '--'].includes(text);
    return ['number', 'string', 'regex', 'name', 'call', 'builtin'].includes(kind);
  }

  private sum(): Expr {
    let left = this.product();
    while (this.isOp('+', '-')) left = { is: 'binary', op: this.next().text, left, right: this.product() };
    return left;
  }

  private product(): Expr {
    let left = this.unary();
    while (this.isOp('*', '/', '%')) left = { is: 'binary', op: this.next().text, left, right: this.unary() };
    return left;
  }

  private unary(): Expr {
    if (this.isOp('!', '-', '+')) return { is: 'unary', op: this.next().text, value: this.unary() };
    return this.power();
  }

  private power(): Expr {
    const base = this.postfix();
    if (!this.accept('^', '**')) return base;
    return { is: 'binary', op: '^', left: base, right: this.unary() };
  }

  private postfix(): Expr {
    if (this.isOp('++', '--')) {
      const by = this.next().text === '++' ? 1 : -1;
      const target = place(this.postfix());
      if (target === null) this.fail();
      return { is: 'step', target, by, isPrefix: true };
    }
    const value = this.primary();
    const target = place(value);
    if (target === null || !this.isOp('++', '--')) return value;
    return { is: 'step', target, by: this.next().text === '++' ? 1 : -1, isPrefix: false };
  }

  private primary(): Expr {
    const token = this.next();
    switch (token.kind) {
      case 'number':
        return { is: 'number', value: Number(token.text) };
      case 'string':
        return { is: 'string', value: token.text };
      case 'regex':
        return { is: 'regex', source: token.text };
      case 'builtin':
        return { is: 'call', name: token.text, args: this.isOp('(') ? this.arguments() : [] };
      case 'call':
        return { is: 'call', name: token.text, args: this.arguments() };
      case 'name':
        if (!this.accept('[')) return { is: 'variable', name: token.text };
        return { is: 'element', name: token.text, keys: this.listUntil(']') };
      case 'keyword':
        if (token.text === 'getline') return this.getline();
        break;
      case 'op':
        if (token.text === '$')
          return { is: 'field', index: this.isOp('++', '--', '-') ? this.unary() : this.primary() };
        if (token.text === '(') return this.parenthesis();
        break;
      default:
    }
    this.at--;
    return this.fail();
  }

  private getline(): Expr {
    const target = this.getlineTarget();
    if (!this.accept('<')) return { is: 'getline', from: 'input', source: null, target };
    return { is: 'getline', from: 'file', source: this.postfix(), target };
  }

  private parenthesis(): Expr {
    const items = this.unrestricted(() => this.listUntil(')'));
    const [only] = items;
    if (items.length === 1 && only !== undefined) return only.is === 'group' ? only : { is: 'group', items };
    return { is: 'group', items };
  }

  /** Inside parentheses `>` and `in` are operators again. */
  protected unrestricted<T>(read: () => T): T {
    const { isPrint, isIn } = this;
    this.isPrint = false;
    this.isIn = true;
    const value = read();
    this.isPrint = isPrint;
    this.isIn = isIn;
    return value;
  }

  private arguments(): readonly Expr[] {
    this.expect('(');
    return this.unrestricted(() => this.listUntil(')'));
  }

  protected listUntil(end: string): readonly Expr[] {
    const items: Expr[] = [];
    this.skipNewlines();
    while (!this.accept(end)) {
      if (items.length > 0) this.expect(',');
      this.skipNewlines();
      items.push(this.unrestricted(() => this.expression()));
      this.skipNewlines();
    }
    return items;
  }
}

function place(value: Expr): Place | null {
  return value.is === 'variable' || value.is === 'element' || value.is === 'field' ? value : null;
}
