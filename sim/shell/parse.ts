// The grammar of POSIX.1-2017 2.10 with what ksh93 and bash add and playbooks use: function, [[ ]], (( )), &>, |&.
// Throws Incomplete when more input could finish the command, ShellSyntaxError when nothing can. No aliases.
import type { Assign, CaseArm, Command, ListItem, Part, Redirect, Simple, Word } from './ast.ts';
import { TokenReader } from './tokens.ts';
import { wordOf } from './words.ts';

const ASSIGNMENT = /^([A-Za-z_][A-Za-z_0-9]*)(\+?)=/;

interface OpenHead {
  readonly assigns: Assign[];
  readonly words: Word[];
  readonly redirects: Redirect[];
}

export class Parser extends TokenReader {
  /** The next complete command (all of its lines), or null at the end of the script. */
  complete(): Command | null {
    this.skipLines();
    if (this.peek() === '') return null;
    const items: ListItem[] = [];
    while (!this.atLineEnd()) items.push(this.listItem());
    this.endLine();
    return listOf(items);
  }

  // ---- lists

  protected commandsUntil(end: string): Command | null {
    const outer = this.hereDocs;
    this.hereDocs = [];
    this.depth++;
    const body = this.compoundList();
    this.depth--;
    if (this.hereDocs.length > 0) this.readHereDocs();
    this.hereDocs = outer;
    this.skipLines();
    if (!this.accept(end)) this.fail();
    return body;
  }

  protected nested(text: string): Command | null {
    return new Parser(text, this.line).whole();
  }

  protected again(text: string): readonly Part[] {
    return new Parser(text, this.line).quotedText();
  }

  /** The whole text as one list. */
  whole(): Command | null {
    const items: ListItem[] = [];
    for (let command = this.complete(); command !== null; command = this.complete()) {
      items.push({ command, isBackground: false });
    }
    return items.length === 0 ? null : listOf(items);
  }

  /** Commands up to whatever can't begin one; null when there is none. */
  private compoundList(): Command | null {
    const items: ListItem[] = [];
    for (;;) {
      this.skipLines();
      if (this.isListEnd()) break;
      items.push(this.listItem());
    }
    return items.length === 0 ? null : listOf(items);
  }

  private body(): Command {
    return this.compoundList() ?? this.fail();
  }

  private isListEnd(): boolean {
    const char = this.peek();
    if (char === '' || char === ')') return true;
    if (char === ';' && /^;[;&]/.test(this.text.slice(this.pos))) return true;
    const word = this.reserved();
    return word !== null && ['}', 'do', 'done', 'elif', 'else', 'esac', 'fi', 'then'].includes(word);
  }

  private listItem(): ListItem {
    const command = this.andOr();
    this.skipBlanks();
    const op = this.operator();
    if (op === ';' || op === '&') this.accept(op);
    else if (op !== null && op !== ')' && !op.startsWith(';')) this.fail();
    else if (op === null && !this.atLineEnd() && !this.isListEnd()) this.fail();
    else if (op === ')' && this.depth === 0) this.fail();
    return { command, isBackground: op === '&' };
  }

  private andOr(): Command {
    let left = this.pipeline();
    for (;;) {
      this.skipBlanks();
      const op = this.operator();
      if (op !== '&&' && op !== '||') return left;
      this.accept(op);
      this.skipLines();
      left = { is: op === '&&' ? 'and' : 'or', left, right: this.pipeline() };
    }
  }

  private pipeline(): Command {
    let isNegated = false;
    while (this.take('!')) isNegated = !isNegated;
    const commands = [this.command()];
    for (;;) {
      this.skipBlanks();
      const op = this.operator();
      if (op !== '|' && op !== '|&') break;
      this.accept(op);
      const last = commands.pop();
      const both: Redirect = { is: 'dup', fd: 2, word: wordOf([{ is: 'lit', text: '1' }]) };
      if (last !== undefined) commands.push(op === '|' ? last : { is: 'redirected', command: last, redirects: [both] });
      this.skipLines();
      commands.push(this.command());
    }
    const [only] = commands;
    if (commands.length === 1 && !isNegated && only !== undefined) return only;
    return { is: 'pipe', commands, isNegated };
  }

  // ---- commands

  private depth = 0;

  private command(): Command {
    const compound = this.compound();
    if (compound === null) return this.simple();
    const redirects: Redirect[] = [];
    for (let redirect = this.redirect(); redirect !== null; redirect = this.redirect()) redirects.push(redirect);
    return redirects.length === 0 ? compound : { is: 'redirected', command: compound, redirects };
  }

  private compound(): Command | null {
    const word = this.reserved();
    if (this.peek() === '(') return this.parenthesis();
    if (word === null) return null;
    this.depth++;
    const command = this.compoundOf(word);
    this.depth--;
    return command;
  }

  private compoundOf(word: string): Command {
    switch (word) {
      case '{': {
        this.accept('{');
        const body = this.body();
        this.expect('}');
        return { is: 'group', body };
      }
      case 'if':
        this.accept('if');
        return this.ifRest();
      case 'while':
      case 'until': {
        this.accept(word);
        const condition = this.body();
        return { is: 'while', condition, body: this.doBody(), isUntil: word === 'until' };
      }
      case 'for':
        return this.forLoop();
      case 'case':
        return this.caseCommand();
      case 'function':
        return this.kshFunction();
      case '[[': {
        const { line } = this;
        this.accept('[[');
        return { is: 'condition', test: this.condition(), line };
      }
      default:
        return this.fail();
    }
  }

  private parenthesis(): Command {
    this.next();
    if (this.peek() === '(') {
      const start = this.pos;
      this.next();
      const text = this.balanced();
      if (text !== null && this.text[this.pos] === ')') {
        this.pos++;
        return { is: 'arithmetic', expression: this.again(text) };
      }
      this.pos = start;
    }
    this.depth++;
    const body = this.body();
    this.depth--;
    this.skipLines();
    if (!this.accept(')')) this.fail();
    return { is: 'subshell', body };
  }

  private ifRest(): Command {
    const condition = this.body();
    this.expect('then');
    const yes = this.body();
    this.skipLines();
    if (this.take('elif')) return { is: 'if', condition, yes, no: this.ifRest() };
    const no = this.take('else') ? this.body() : null;
    this.expect('fi');
    return { is: 'if', condition, yes, no };
  }

  private doBody(): Command {
    this.expect('do');
    const body = this.body();
    this.expect('done');
    return body;
  }

  private forLoop(): Command {
    this.accept('for');
    this.skipBlanks();
    const name = this.name();
    if (name === '') this.fail();
    this.skipLines();
    let words: Word[] | null = null;
    if (this.take('in')) {
      words = [];
      for (this.skipBlanks(); !this.atLineEnd() && this.operator() === null; this.skipBlanks()) words.push(this.word());
    }
    if (this.operator() === ';') this.accept(';');
    return { is: 'for', name, words, body: this.doBody() };
  }

  private caseCommand(): Command {
    this.accept('case');
    this.skipBlanks();
    const word = this.word();
    this.expect('in');
    const arms: CaseArm[] = [];
    for (this.skipLines(); !this.take('esac'); this.skipLines()) arms.push(this.caseArm());
    return { is: 'case', word, arms };
  }

  private caseArm(): CaseArm {
    if (this.peek() === '(') this.next();
    const patterns: Word[] = [];
    do {
      this.skipBlanks();
      if (this.operator() !== null || this.atLineEnd()) this.fail();
      patterns.push(this.word());
      this.skipBlanks();
    } while (this.operator() === '|' && this.accept('|'));
    if (!this.accept(')')) this.fail();
    const body = this.compoundList();
    this.skipLines();
    const then = this.accept(';;&') ? 'test' : this.accept(';;') ? 'stop' : this.accept(';&') ? 'fall' : null;
    if (then === null && this.reserved() !== 'esac') this.fail();
    return { patterns, body, then: then ?? 'stop' };
  }

  private kshFunction(): Command {
    this.accept('function');
    this.skipBlanks();
    const name = this.functionName();
    this.skipBlanks();
    if (this.accept('(')) {
      this.skipBlanks();
      if (!this.accept(')')) this.fail();
    }
    return this.functionBody(name);
  }

  private functionName(): string {
    const start = this.pos;
    this.word();
    return this.text.slice(start, this.pos);
  }

  private functionBody(name: string): Command {
    this.skipLines();
    if (this.reserved() === null && this.peek() !== '(') this.fail();
    return { is: 'function', name, body: this.command() };
  }

  private simple(): Command {
    const { line } = this;
    const head: OpenHead = { assigns: [], words: [], redirects: [] };
    for (;;) {
      this.skipBlanks();
      const redirect = this.redirect();
      if (redirect !== null) {
        head.redirects.push(redirect);
        continue;
      }
      const isFunction = head.words.length === 1 && head.assigns.length === 0 && head.redirects.length === 0;
      if (isFunction && this.peek() === '(') return this.posixFunction(head);
      if (this.operator() !== null || this.atLineEnd()) break;
      if (head.words.length > 0 || !this.assignment(head)) head.words.push(this.word());
    }
    if (head.words.length + head.assigns.length + head.redirects.length === 0) this.fail();
    const simple: Simple = { is: 'simple', ...head, line };
    return simple;
  }

  private posixFunction(head: OpenHead): Command {
    const name = head.words[0]?.plain ?? null;
    this.next();
    this.skipBlanks();
    if (name === null || !this.accept(')')) this.fail();
    return this.functionBody(name);
  }

  private assignment(head: OpenHead): boolean {
    const start = this.pos;
    const word = this.word();
    const [first, ...rest] = word.parts;
    const match = first?.is === 'lit' ? ASSIGNMENT.exec(first.text) : null;
    if (match === null || first?.is !== 'lit') {
      this.pos = start;
      return false;
    }
    const text = first.text.slice(match[0].length);
    const value = wordOf(text === '' ? rest : [{ is: 'lit', text }, ...rest]);
    head.assigns.push({ name: match[1] ?? '', isAppend: match[2] === '+', value });
    return true;
  }
}

function listOf(items: readonly ListItem[]): Command {
  const [only] = items;
  return items.length === 1 && only !== undefined && !only.isBackground ? only.command : { is: 'list', items };
}
