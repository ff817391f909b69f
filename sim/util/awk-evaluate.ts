// Variables and expressions of awk. Expressions may wait (getline, system), so all of it is asynchronous.
import type { AwkProgram, Expr, Place, Statement } from './awk-ast.ts';
import { callBuiltin } from './awk-functions.ts';
import { Fields } from './awk-record.ts';
import type { Streams } from './awk-streams.ts';
import {
  type AwkArray,
  compare,
  EMPTY,
  fromInput,
  isTrue,
  numeric,
  textual,
  toNumber,
  toText,
  type Value,
} from './awk-values.ts';
import { format } from './printf.ts';
import { regex } from './regex.ts';
import { UsageError } from './options.ts';

export type Flow = null | 'break' | 'continue' | 'next' | 'exit' | 'return';
type Cell = Value | AwkArray;
type Scope = Map<string, Cell>;

export interface MainInput {
  /** The next record, or null. */
  next(): Promise<string | null>;
}

export abstract class AwkEvaluator {
  readonly streams: Streams;
  readonly globals: Scope = new Map();
  readonly fields = new Fields();
  protected readonly program: AwkProgram;
  protected readonly input: MainInput;
  protected readonly scopes: Scope[] = [];
  protected flow: Flow = null;
  protected returned: Value = EMPTY;
  status = 0;

  constructor(program: AwkProgram, streams: Streams, input: MainInput) {
    this.program = program;
    this.streams = streams;
    this.input = input;
    for (const [name, text] of Object.entries({
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      SUBSEP: '\x1c',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
    })) {
      this.globals.set(name, textual(text));
    }
    this.globals.set('NR', numeric(0));
    this.globals.set('FNR', numeric(0));
    this.globals.set('RSTART', numeric(0));
    this.globals.set('RLENGTH', numeric(-1));
  }

  protected abstract perform(statement: Statement): Promise<void>;

  // ---- variables

  private scopeOf(name: string): Scope {
    const local = this.scopes[this.scopes.length - 1];
    return local?.has(name) === true ? local : this.globals;
  }

  scalar(name: string): Value {
    if (name === 'NF') return numeric(this.fields.count(this.text('FS')));
    const cell = this.scopeOf(name).get(name);
    if (cell instanceof Map) throw new UsageError(`can't use array ${name} in scalar context`);
    return cell ?? EMPTY;
  }

  text(name: string): string {
    return toText(this.scalar(name));
  }

  protected number(name: string): number {
    return toNumber(this.scalar(name));
  }

  setScalar(name: string, value: Value): void {
    if (name === 'NF') this.fields.resize(toNumber(value), this.text('FS'));
    else {
      // a record read under the old separator keeps it
      if (name === 'FS') this.fields.count(this.text('FS'));
      this.scopeOf(name).set(name, value);
    }
  }

  array(name: string): AwkArray {
    const scope = this.scopeOf(name);
    const cell = scope.get(name);
    if (cell instanceof Map) return cell;
    const made: AwkArray = new Map();
    scope.set(name, made);
    return made;
  }

  async key(keys: readonly Expr[]): Promise<string> {
    const texts: string[] = [];
    for (const key of keys) texts.push(toText(await this.value(key), this.text('CONVFMT')));
    return texts.join(this.text('SUBSEP'));
  }

  async read(place: Place): Promise<Value> {
    return this.value(place);
  }

  async store(place: Place, value: Value): Promise<Value> {
    switch (place.is) {
      case 'variable':
        this.setScalar(place.name, value);
        break;
      case 'element':
        this.array(place.name).set(await this.key(place.keys), value);
        break;
      case 'field': {
        const index = toNumber(await this.value(place.index));
        const text = toText(value, this.text('CONVFMT'));
        if (index === 0) this.fields.setRecord(text);
        else this.fields.set(index, text, this.text('FS'));
      }
    }
    return value;
  }

  // ---- expressions

  async string(expr: Expr): Promise<string> {
    return toText(await this.value(expr), this.text('CONVFMT'));
  }

  async value(expr: Expr): Promise<Value> {
    switch (expr.is) {
      case 'number':
        return numeric(expr.value);
      case 'string':
        return textual(expr.value);
      case 'regex':
        return numeric(this.pattern(expr.source).test(this.record()) ? 1 : 0);
      case 'variable':
        return this.scalar(expr.name);
      case 'element':
        return this.element(expr.name, await this.key(expr.keys));
      case 'field':
        return this.field(toNumber(await this.value(expr.index)));
      case 'assign':
        return this.assign(expr);
      case 'step': {
        const before = toNumber(await this.value(expr.target));
        await this.store(expr.target, numeric(before + expr.by));
        return numeric(expr.isPrefix ? before + expr.by : before);
      }
      case 'binary':
        return this.binary(expr);
      case 'unary': {
        const value = await this.value(expr.value);
        if (expr.op === '!') return numeric(isTrue(value) ? 0 : 1);
        return numeric(expr.op === '-' ? -toNumber(value) : toNumber(value));
      }
      case 'choice':
        return this.value(isTrue(await this.value(expr.test)) ? expr.yes : expr.no);
      case 'in':
        return numeric(this.array(expr.name).has(await this.key(expr.keys)) ? 1 : 0);
      case 'group':
        return expr.items.length === 1 && expr.items[0] !== undefined
          ? this.value(expr.items[0])
          : textual(await this.key(expr.items));
      case 'call':
        return this.call(expr.name, expr.args);
      case 'getline':
        return this.getline(expr);
    }
  }

  record(): string {
    return this.fields.text(this.text('OFS'));
  }

  pattern(source: string): RegExp {
    return regex(source, { flavour: 'extended', isAwk: true });
  }

  private element(name: string, key: string): Value {
    const array = this.array(name);
    const value = array.get(key);
    if (value !== undefined) return value;
    array.set(key, EMPTY);
    return EMPTY;
  }

  private field(index: number): Value {
    if (index === 0) return fromInput(this.record());
    const text = this.fields.get(index, this.text('FS'));
    return text === null ? EMPTY : fromInput(text);
  }

  private async assign(expr: Extract<Expr, { is: 'assign' }>): Promise<Value> {
    const right = await this.value(expr.value);
    if (expr.op === '') return this.store(expr.target, right);
    const left = toNumber(await this.value(expr.target));
    return this.store(expr.target, numeric(calculate(expr.op, left, toNumber(right))));
  }

  private async binary({ op, left, right }: Extract<Expr, { is: 'binary' }>): Promise<Value> {
    if (op === '&&' || op === '||') {
      const first = isTrue(await this.value(left));
      if (first === (op === '||')) return numeric(first ? 1 : 0);
      return numeric(isTrue(await this.value(right)) ? 1 : 0);
    }
    if (op === '~' || op === '!~') {
      const text = await this.string(left);
      const source = right.is === 'regex' ? right.source : await this.string(right);
      return numeric(this.pattern(source).test(text) === (op === '~') ? 1 : 0);
    }
    if (op === ' ') {
      const first = await this.string(left);
      return textual(first + (await this.string(right)));
    }
    const [a, b] = [await this.value(left), await this.value(right)];
    const order = ['<', '<=', '==', '!=', '>', '>='].indexOf(op);
    if (order < 0) return numeric(calculate(op, toNumber(a), toNumber(b)));
    const by = compare(a, b);
    return numeric([by < 0, by <= 0, by === 0, by !== 0, by > 0, by >= 0][order] === true ? 1 : 0);
  }

  private async call(name: string, args: readonly Expr[]): Promise<Value> {
    const body = this.program.functions.get(name);
    if (body === undefined) return callBuiltin(this, name, args);
    if (this.scopes.length > 500) throw new UsageError(`function ${name}: nested too deep`);
    const scope: Scope = new Map();
    for (const [i, param] of body.params.entries()) {
      const arg = args[i];
      if (arg === undefined) scope.set(param, EMPTY);
      else scope.set(param, await this.argument(arg));
    }
    // an untouched parameter may turn out to be an array
    this.scopes.push(scope);
    await this.perform(body.body);
    this.scopes.pop();
    if (this.flow === 'return') this.flow = null;
    const value = this.returned;
    this.returned = EMPTY;
    return value;
  }

  /** Arrays go by reference: a name that holds one, or nothing yet and isn't used as a value. */
  private async argument(arg: Expr): Promise<Cell> {
    if (arg.is !== 'variable') return this.value(arg);
    const cell = this.scopeOf(arg.name).get(arg.name);
    if (cell instanceof Map) return cell;
    return this.scalar(arg.name);
  }

  private async getline({ from, source, target }: Extract<Expr, { is: 'getline' }>): Promise<Value> {
    const line =
      from === 'input' || source === null
        ? await this.input.next()
        : await this.streams.readLine(from, await this.string(source));
    if (line === undefined) return numeric(-1);
    if (line === null) return numeric(0);
    if (from === 'input' || from === 'command') this.globals.set('NR', numeric(this.number('NR') + 1));
    if (target === null) this.fields.setRecord(line);
    else await this.store(target, fromInput(line));
    return numeric(1);
  }

  async formatted(args: readonly Expr[]): Promise<string> {
    const words: string[] = [];
    for (const arg of args) words.push(await this.string(arg));
    // a missing argument is no second round: awk uses the format once
    const [pattern = '', ...rest] = words;
    const count =
      (pattern.replaceAll('%%', '').match(/%[-+ #0]*(\*|\d+)?(\.(\*|\d+)?)?[a-zA-Z]/g) ?? []).length +
      (pattern.match(/\*/g) ?? []).length;
    const values: string[] = [];
    for (const [i, word] of rest.slice(0, count).entries())
      values.push(this.isCharCode(pattern, i) && /^\d+$/.test(word) ? String.fromCodePoint(Number(word)) : word);
    return format([
      pattern.replaceAll('\\', '\\\\'),
      ...values.map(word => (/^['"]/.test(word) ? ` ${word}`.slice(1) : word)),
    ]).text;
  }

  private isCharCode(pattern: string, index: number): boolean {
    const specs = pattern.replaceAll('%%', '').match(/%[-+ #0]*\d*(?:\.\d*)?[a-zA-Z]/g) ?? [];
    return specs[index]?.endsWith('c') === true;
  }
}

function calculate(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0) throw new UsageError('division by zero');
      return op === '/' ? a / b : a % b;
    default:
      return a ** b;
  }
}
