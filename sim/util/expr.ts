// expr(1): whole numbers, comparisons, `string : pattern`, and length, substr, index.
import { UsageError } from './options.ts';
import { regex } from './regex.ts';

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['=', '==', '>', '>=', '<', '<=', '!='],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

function isNumber(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function isNull(text: string): boolean {
  return text === '' || /^-?0+$/.test(text);
}

class Reader {
  private readonly words: readonly string[];
  private at = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  whole(): string {
    const value = this.level(0);
    if (this.at < this.words.length) throw new UsageError('syntax error');
    return value;
  }

  private next(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new UsageError('syntax error');
    return word;
  }

  private level(n: number): string {
    const ops = LEVELS[n];
    if (ops === undefined) return this.primary();
    let left = this.level(n + 1);
    for (let op = this.words[this.at]; op !== undefined && ops.includes(op); op = this.words[this.at]) {
      this.at++;
      left = apply(left, op, this.level(n + 1));
    }
    return left;
  }

  private primary(): string {
    const word = this.next();
    const isOperand = this.at < this.words.length;
    if (word === '(') {
      const value = this.level(0);
      if (this.next() !== ')') throw new UsageError('syntax error');
      return value;
    }
    if (word === 'length' && isOperand) return String([...this.primary()].length);
    if (word === 'match' && isOperand) return apply(this.primary(), ':', this.primary());
    if (word === 'index' && isOperand) {
      const text = this.primary();
      const set = this.primary();
      return String([...text].findIndex(char => set.includes(char)) + 1);
    }
    if (word === 'substr' && this.at + 2 < this.words.length) {
      const text = this.primary();
      const from = Number(this.primary());
      return text.slice(Math.max(0, from - 1), from - 1 + Number(this.primary()));
    }
    return word;
  }
}

function apply(left: string, op: string, right: string): string {
  switch (op) {
    case '|':
      return isNull(left) ? (isNull(right) ? '0' : right) : left;
    case '&':
      return isNull(left) || isNull(right) ? '0' : left;
    case ':': {
      const pattern = regex(right.replace(/^\^/, ''), { flavour: 'basic' });
      const match = new RegExp(`^(?:${pattern.source})`).exec(left);
      if (/\\\(/.test(right)) return match?.[1] ?? '';
      return String(match?.[0].length ?? 0);
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(left, op, right);
    default:
      return compared(left, op, right) ? '1' : '0';
  }
}

function arithmetic(left: string, op: string, right: string): string {
  if (!isNumber(left) || !isNumber(right)) throw new UsageError('non-numeric argument');
  const [a, b] = [BigInt(left), BigInt(right)];
  if ((op === '/' || op === '%') && b === 0n) throw new UsageError('division by zero');
  return String(op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : a % b);
}

function compared(left: string, op: string, right: string): boolean {
  const order =
    isNumber(left) && isNumber(right)
      ? Math.sign(Number(BigInt(left) - BigInt(right)))
      : left < right
        ? -1
        : left > right
          ? 1
          : 0;
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}

export function expressed(words: readonly string[]): string {
  return new Reader(words).whole();
}
