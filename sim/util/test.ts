// test(1) and [ ]: POSIX by the number of arguments, then -a, -o, ! and parentheses.
import { FileError } from '../os/file-error.ts';
import type { Process } from '../os/process.ts';
import type { Stat } from '../os/view.ts';

export interface Problem {
  readonly problem: string;
}

class TestError extends Error {}

const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);
const UNARY = /^-[abcdefghkLnoprstuwxzSGO]$/;

/** The answer to `test words`; `argv[0]` is `test` or `[`. */
export function checkTest(proc: Process, argv: readonly string[]): boolean | Problem {
  let words = argv.slice(1);
  if (argv[0] === '[') {
    if (words[words.length - 1] !== ']') return { problem: 'missing ]' };
    words = words.slice(0, -1);
  }
  try {
    return new Asker(proc, words).answer();
  } catch (error) {
    if (error instanceof TestError) return { problem: error.message };
    throw error;
  }
}

class Asker {
  private readonly proc: Process;
  private readonly words: readonly string[];
  private at = 0;

  constructor(proc: Process, words: readonly string[]) {
    this.proc = proc;
    this.words = words;
  }

  answer(): boolean {
    const { words } = this;
    const [a = '', b = '', c = '', d = ''] = words;
    switch (words.length) {
      case 0:
        return false;
      case 1:
        return a !== '';
      case 2:
        if (a === '!') return b === '';
        if (UNARY.test(a)) return this.unary(a, b);
        break;
      case 3:
        if (BINARY.has(b)) return this.binary(a, b, c);
        if (a === '!') return !new Asker(this.proc, [b, c]).answer();
        if (a === '(' && c === ')') return b !== '';
        break;
      case 4:
        if (a === '!') return !new Asker(this.proc, [b, c, d]).answer();
        break;
      default:
    }
    const value = this.either();
    if (this.at < words.length) throw new TestError(`${words[this.at] ?? ''}: unknown operator`);
    return value;
  }

  private accept(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private either(): boolean {
    let value = this.both();
    while (this.accept('-o')) value = this.both() || value;
    return value;
  }

  private both(): boolean {
    let value = this.not();
    while (this.accept('-a')) value = this.not() && value;
    return value;
  }

  private not(): boolean {
    if (this.words[this.at] === '!' && this.at + 1 < this.words.length) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const word = this.words[this.at++];
    if (word === undefined) throw new TestError('argument expected');
    const [op, right] = [this.words[this.at], this.words[this.at + 1]];
    if (op !== undefined && BINARY.has(op) && right !== undefined) {
      this.at += 2;
      return this.binary(word, op, right);
    }
    if (word === '(') {
      const value = this.either();
      if (!this.accept(')')) throw new TestError("')' missing");
      return value;
    }
    if (UNARY.test(word) && op !== undefined) {
      this.at++;
      return this.unary(word, op);
    }
    return word !== '';
  }

  private binary(left: string, op: string, right: string): boolean {
    switch (op) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-nt':
      case '-ot': {
        const [a, b] = [this.stat(left), this.stat(right)];
        if (a === null || b === null) return op === '-nt' ? a !== null : b !== null;
        return op === '-nt' ? a.mtime > b.mtime : a.mtime < b.mtime;
      }
      case '-ef': {
        const a = this.stat(left);
        return a !== null && a.ino === this.stat(right)?.ino;
      }
      default:
        return compare(number(left), op, number(right));
    }
  }

  private stat(path: string, follow = true): Stat | null {
    try {
      return follow ? this.proc.files.stat(path) : this.proc.files.lstat(path);
    } catch (error) {
      if (error instanceof FileError) return null;
      throw error;
    }
  }

  private unary(op: string, word: string): boolean {
    const { files } = this.proc;
    switch (op) {
      case '-n':
        return word !== '';
      case '-z':
        return word === '';
      case '-t':
        return this.proc.fds.get(Number(word))?.isTerminal ?? false;
      case '-a':
      case '-e':
        return this.stat(word) !== null;
      case '-f':
        return this.stat(word)?.kind === 'file';
      case '-d':
        return this.stat(word)?.kind === 'dir';
      case '-c':
        return this.stat(word)?.kind === 'device';
      case '-h':
      case '-L':
        return this.stat(word, false)?.kind === 'link';
      case '-s':
        return (this.stat(word)?.size ?? 0) > 0;
      case '-r':
      case '-w':
      case '-x':
        return files.may(word, op === '-r' ? 'r' : op === '-w' ? 'w' : 'x');
      case '-O':
        return this.stat(word)?.uid === this.proc.uid;
      case '-u':
      case '-g':
      case '-k':
        return ((this.stat(word)?.mode ?? 0) & (op === '-u' ? 0o4000 : op === '-g' ? 0o2000 : 0o1000)) !== 0;
      default:
        return false;
    }
  }
}

function number(word: string): bigint {
  const text = word.trim();
  if (!/^[-+]?\d+$/.test(text)) throw new TestError(`${word}: integer expression expected`);
  return BigInt(text.replace(/^\+/, ''));
}

function compare(a: bigint, op: string, b: bigint): boolean {
  switch (op) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}
