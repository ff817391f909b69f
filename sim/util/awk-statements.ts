// Statements, rules and functions of awk.
import type { AwkFunction, AwkProgram, Expr, Redirection, Rule, Statement } from './awk-ast.ts';
import { AwkReader } from './awk-parse.ts';

export class AwkProgramReader extends AwkReader {
  private readonly functions = new Map<string, AwkFunction>();

  program(): AwkProgram {
    const rules: Rule[] = [];
    for (this.skipEnds(); this.token.kind !== 'end'; this.skipEnds()) {
      if (this.accept('function', 'func')) this.functionDefinition();
      else rules.push(this.rule());
    }
    return { rules, functions: this.functions };
  }

  private skipEnds(): void {
    while (this.token.kind === 'newline' || this.isOp(';')) this.next();
  }

  private functionDefinition(): void {
    const name = this.next().text;
    this.expect('(');
    const params: string[] = [];
    while (!this.accept(')')) {
      if (params.length > 0) this.expect(',');
      this.skipNewlines();
      params.push(this.next().text);
    }
    this.skipNewlines();
    this.functions.set(name, { params, body: this.block() });
  }

  private rule(): Rule {
    if (this.accept('BEGIN')) return { when: 'BEGIN', pattern: null, until: null, body: this.block() };
    if (this.accept('END')) return { when: 'END', pattern: null, until: null, body: this.block() };
    const pattern = this.isOp('{') ? null : this.expression();
    let until: Expr | null = null;
    if (this.accept(',')) {
      this.skipNewlines();
      until = this.expression();
    }
    return { when: 'line', pattern, until, body: this.isOp('{') ? this.block() : null };
  }

  private block(): Statement {
    this.skipNewlines();
    this.expect('{');
    const body: Statement[] = [];
    for (this.skipEnds(); !this.accept('}'); this.skipEnds()) body.push(this.statement());
    return { is: 'block', body };
  }

  private endOfSimple(): void {
    if (this.isOp(';') || this.token.kind === 'newline') this.next();
    else if (!this.isOp('}') && this.token.kind !== 'end') this.fail();
  }

  private statement(): Statement {
    if (this.isOp('{')) return this.block();
    if (this.accept(';')) return { is: 'block', body: [] };
    const { kind, text } = this.token;
    if (kind === 'keyword') {
      switch (text) {
        case 'if':
          return this.ifStatement();
        case 'while':
          return this.whileStatement();
        case 'do':
          return this.doStatement();
        case 'for':
          return this.forStatement();
        default:
      }
    }
    const statement = this.simple();
    this.endOfSimple();
    return statement;
  }

  private body(): Statement {
    this.skipNewlines();
    return this.statement();
  }

  private test(): Expr {
    this.expect('(');
    const test = this.unrestricted(() => this.expression());
    this.expect(')');
    return test;
  }

  private ifStatement(): Statement {
    this.expect('if');
    const test = this.test();
    const yes = this.body();
    const start = this.mark();
    this.skipEnds();
    if (this.accept('else')) return { is: 'if', test, yes, no: this.body() };
    this.reset(start);
    return { is: 'if', test, yes, no: null };
  }

  private whileStatement(): Statement {
    this.expect('while');
    const test = this.test();
    return { is: 'while', test, body: this.body(), isAfter: false };
  }

  private doStatement(): Statement {
    this.expect('do');
    const body = this.body();
    this.skipEnds();
    this.expect('while');
    const test = this.test();
    this.endOfSimple();
    return { is: 'while', test, body, isAfter: true };
  }

  private forStatement(): Statement {
    this.expect('for');
    this.expect('(');
    if (this.token.kind === 'name' && this.peek(1).text === 'in' && this.peek(3).text === ')') {
      const variable = this.next().text;
      this.expect('in');
      const array = this.next().text;
      this.expect(')');
      return { is: 'each', variable, array, body: this.body() };
    }
    const start = this.isOp(';') ? null : this.simple();
    this.expect(';');
    this.skipNewlines();
    const test = this.isOp(';') ? null : this.expression();
    this.expect(';');
    this.skipNewlines();
    const next = this.isOp(')') ? null : this.simple();
    this.expect(')');
    return { is: 'for', start, test, next, body: this.body() };
  }

  private simple(): Statement {
    const { kind, text } = this.token;
    if (kind !== 'keyword' || text === 'getline') return { is: 'expression', value: this.expression() };
    this.next();
    switch (text) {
      case 'print':
      case 'printf':
        return this.print(text);
      case 'delete':
        return this.deletion();
      case 'break':
      case 'continue':
      case 'next':
        return { is: text };
      case 'exit':
      case 'return':
        return { is: text, value: this.isSimpleEnd() ? null : this.expression() };
      default:
        return this.fail();
    }
  }

  private isSimpleEnd(): boolean {
    return this.isOp(';', '}') || this.token.kind === 'newline' || this.token.kind === 'end';
  }

  private deletion(): Statement {
    const name = this.next().text;
    return { is: 'delete', name, keys: this.accept('[') ? this.listUntil(']') : null };
  }

  private print(is: 'print' | 'printf'): Statement {
    this.isPrint = true;
    const args: Expr[] = [];
    while (!this.isSimpleEnd() && !this.isOp('>', '>>', '|')) {
      if (args.length > 0) this.expect(',');
      this.skipNewlines();
      args.push(this.expression());
    }
    let to: Redirection | null = null;
    if (this.isOp('>', '>>', '|')) {
      const op = this.next().text;
      to = { op: op === '>>' ? '>>' : op === '|' ? '|' : '>', target: this.expression() };
    }
    this.isPrint = false;
    const [only] = args;
    // print (a, b) prints two
    const isList = args.length === 1 && only?.is === 'group' && only.items.length > 1;
    return { is, args: isList ? only.items : args, to };
  }
}
