// Arithmetic of $(( )): whole numbers of 64 bit, C's operators and precedence, assignments to shell variables.

export interface Names {
  get(name: string): string;
  set(name: string, value: string): void;
}

export class ArithError extends Error {}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const ASSIGN = ['<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '^=', '|=', '='];
const TOKEN =
  /\s*(\d+#[0-9a-zA-Z]+|0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%&^|<>=!]=|[-+*/%&^|<>=!~?:(),])/y;

type Value = bigint;

function flag(test: boolean): Value {
  return test ? 1n : 0n;
}

function apply(op: string, a: Value, b: Value): Value {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw new ArithError('divide by zero');
      return op === '/' ? a / b : a % b;
    case '<<':
      return a << (b & 63n);
    case '>>':
      return a >> (b & 63n);
    case '<':
      return flag(a < b);
    case '>':
      return flag(a > b);
    case '<=':
      return flag(a <= b);
    case '>=':
      return flag(a >= b);
    case '==':
      return flag(a === b);
    case '!=':
      return flag(a !== b);
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '|':
      return a | b;
    default:
      throw new ArithError(`unexpected ${op}`);
  }
}

class Reader {
  private readonly tokens: string[] = [];
  private at = 0;
  private readonly names: Names;
  private readonly depth: number;
  /** Above zero in the branch that isn't taken: nothing is assigned there, nothing divides by zero. */
  private idle = 0;

  constructor(text: string, names: Names, depth: number) {
    this.names = names;
    this.depth = depth;
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      this.tokens.push(match[1] ?? '');
      end = TOKEN.lastIndex;
    }
    if (text.slice(end).trim() !== '') throw new ArithError(`${text}: arithmetic syntax error`);
  }

  value(): Value {
    if (this.tokens.length === 0) return 0n;
    const value = this.comma();
    if (this.at < this.tokens.length) throw new ArithError(`${this.tokens.join(' ')}: arithmetic syntax error`);
    return value;
  }

  private accept(...wanted: readonly string[]): string | null {
    const token = this.tokens[this.at];
    if (token === undefined || !wanted.includes(token)) return null;
    this.at++;
    return token;
  }

  private comma(): Value {
    let value = this.assignment();
    while (this.accept(',') !== null) value = this.assignment();
    return value;
  }

  private assignment(): Value {
    const name = this.tokens[this.at];
    const op = this.tokens[this.at + 1];
    if (name === undefined || op === undefined || !/^[A-Za-z_]/.test(name) || !ASSIGN.includes(op))
      return this.choice();
    this.at += 2;
    const right = this.assignment();
    const value = op === '=' ? right : this.idle > 0 ? 0n : apply(op.slice(0, -1), this.lookup(name), right);
    return this.store(name, value);
  }

  private store(name: string, value: Value): Value {
    const wrapped = BigInt.asIntN(64, value);
    if (this.idle === 0) this.names.set(name, String(wrapped));
    return wrapped;
  }

  private idly<T>(isIdle: boolean, read: () => T): T {
    if (isIdle) this.idle++;
    const value = read();
    if (isIdle) this.idle--;
    return value;
  }

  private choice(): Value {
    const test = this.binary(0);
    if (this.accept('?') === null) return test;
    const yes = this.idly(test === 0n, () => this.assignment());
    if (this.accept(':') === null) throw new ArithError("`:' expected");
    const no = this.idly(test !== 0n, () => this.assignment());
    return test !== 0n ? yes : no;
  }

  private binary(level: number): Value {
    const ops = LEVELS[level];
    if (ops === undefined) return this.power();
    let left = this.binary(level + 1);
    for (let op = this.accept(...ops); op !== null; op = this.accept(...ops)) {
      if (op === '||' || op === '&&') {
        const isDecided = op === '||' ? left !== 0n : left === 0n;
        const right = this.idly(isDecided, () => this.binary(level + 1));
        left = flag(isDecided ? op === '||' : right !== 0n);
      } else {
        const right = this.binary(level + 1);
        left = this.idle > 0 ? 0n : BigInt.asIntN(64, apply(op, left, right));
      }
    }
    return left;
  }

  private power(): Value {
    const base = this.unary();
    if (this.accept('**') === null) return base;
    const exponent = this.power();
    if (exponent < 0n) throw new ArithError('exponent less than 0');
    return BigInt.asIntN(64, base ** exponent);
  }

  private unary(): Value {
    const op = this.accept('+', '-', '!', '~', '++', '--');
    switch (op) {
      case null:
        return this.postfix();
      case '-':
        return BigInt.asIntN(64, -this.unary());
      case '!':
        return flag(this.unary() === 0n);
      case '~':
        return ~this.unary();
      case '++':
      case '--': {
        const name = this.tokens[this.at] ?? '';
        if (!/^[A-Za-z_]/.test(name)) return this.unary();
        this.at++;
        return this.store(name, this.lookup(name) + (op === '++' ? 1n : -1n));
      }
      default:
        return this.unary();
    }
  }

  private postfix(): Value {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new ArithError('arithmetic syntax error');
    if (token === '(') {
      const value = this.comma();
      if (this.accept(')') === null) throw new ArithError("`)' expected");
      return value;
    }
    if (/^\d/.test(token)) return number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new ArithError(`arithmetic syntax error at ${token}`);
    const value = this.lookup(token);
    const step = this.accept('++', '--');
    if (step !== null) this.store(token, value + (step === '++' ? 1n : -1n));
    return value;
  }

  private lookup(name: string): Value {
    const text = this.names.get(name).trim();
    if (/^[-+]?\d+$/.test(text) && !/^[-+]?0\d/.test(text)) return BigInt.asIntN(64, BigInt(text.replace(/^\+/, '')));
    if (text === '') return 0n;
    if (this.depth > 20) throw new ArithError(`${name}: recursion`);
    return new Reader(text, this.names, this.depth + 1).value();
  }
}

function number(token: string): Value {
  const based = /^(\d+)#(\w+)$/.exec(token);
  if (based !== null) {
    let value = 0n;
    for (const digit of based[2] ?? '') value = value * BigInt(based[1] ?? '10') + BigInt(Number.parseInt(digit, 36));
    return value;
  }
  if (/^0\d/.test(token)) {
    if (/[89]/.test(token)) throw new ArithError(`${token}: bad number`);
    return BigInt(`0o${token.slice(1)}`);
  }
  return BigInt.asIntN(64, BigInt(token));
}

export function evaluate(text: string, names: Names): bigint {
  return new Reader(text, names, 0).value();
}
