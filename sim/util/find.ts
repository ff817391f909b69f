// find: walks trees and tests each entry. The common primaries; an unknown one is refused.
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import { statusOf } from '../os/process.ts';
import type { Stat } from '../os/view.ts';
import { matches } from '../shell/pattern.ts';
import { UsageError } from './options.ts';
import { commandPath } from './starting.ts';

interface Entry {
  readonly path: string;
  readonly stat: Stat;
  isPruned: boolean;
}

type Test = (entry: Entry) => Promise<boolean> | boolean;

/** +5, -5 or 5 against a number. */
function count(word: string, scale = 1): (value: number) => boolean {
  const wanted = Number(word.replace(/^[-+]/, '').replace(/c$/, '')) * scale;
  if (Number.isNaN(wanted)) throw new UsageError(`bad number: ${word}`);
  return value => (word.startsWith('+') ? value > wanted : word.startsWith('-') ? value < wanted : value === wanted);
}

class Expression {
  private readonly proc: Process;
  private readonly words: readonly string[];
  private at = 0;
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  isDepthFirst = false;
  hasAction = false;
  readonly atEnd: (() => Promise<void>)[] = [];

  constructor(proc: Process, words: readonly string[]) {
    this.proc = proc;
    this.words = words;
  }

  read(): Test {
    if (this.words.length === 0) return () => true;
    const test = this.either();
    if (this.at < this.words.length) throw new UsageError(`bad option ${this.words[this.at] ?? ''}`);
    return test;
  }

  private next(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new UsageError('incomplete statement');
    return word;
  }

  private accept(...wanted: readonly string[]): boolean {
    if (!wanted.includes(this.words[this.at] ?? '')) return false;
    this.at++;
    return true;
  }

  private either(): Test {
    const left = this.both();
    if (!this.accept('-o', '-or')) return left;
    const right = this.either();
    return async entry => (await left(entry)) || right(entry);
  }

  private both(): Test {
    const left = this.not();
    this.accept('-a', '-and');
    const word = this.words[this.at];
    if (word === undefined || ['-o', '-or', ')'].includes(word)) return left;
    const right = this.both();
    return async entry => (await left(entry)) && right(entry);
  }

  private not(): Test {
    if (this.accept('!', '-not')) {
      const test = this.not();
      return async entry => !(await test(entry));
    }
    if (this.accept('(')) {
      const test = this.either();
      if (!this.accept(')')) throw new UsageError('missing )');
      return test;
    }
    return this.primary(this.next());
  }

  private primary(name: string): Test {
    const { proc } = this;
    const now = proc.clock.now();
    switch (name) {
      case '-name':
      case '-path': {
        const pattern = this.next();
        return ({ path }) =>
          matches(name === '-path' ? path : (path.replace(/\/+$/, '').split('/').pop() ?? path), pattern);
      }
      case '-type': {
        const kind = { f: 'file', d: 'dir', l: 'link', c: 'device' }[this.next()];
        return ({ stat }) => stat.kind === kind;
      }
      case '-mtime':
      case '-mmin': {
        const unit = name === '-mtime' ? 86_400_000 : 60_000;
        const fits = count(this.next());
        return ({ stat }) => fits(Math.floor((now - stat.mtime) / unit));
      }
      case '-newer': {
        const than = proc.files.stat(this.next()).mtime;
        return ({ stat }) => stat.mtime > than;
      }
      case '-size': {
        const word = this.next();
        const fits = count(word);
        return ({ stat }) => fits(word.endsWith('c') ? stat.size : Math.ceil(stat.size / 512));
      }
      case '-user': {
        const user = this.next();
        const uid = proc.kernel.accounts.find(account => account.name === user)?.uid ?? Number(user);
        return ({ stat }) => stat.uid === uid;
      }
      case '-perm': {
        const word = this.next();
        const mode = Number.parseInt(word.replace('-', ''), 8);
        return ({ stat }) => (word.startsWith('-') ? (stat.mode & mode) === mode : stat.mode === mode);
      }
      case '-empty':
        return ({ path, stat }) => (stat.kind === 'dir' ? proc.files.list(path).length === 0 : stat.size === 0);
      default:
        return this.switchOrAction(name);
    }
  }

  private switchOrAction(name: string): Test {
    switch (name) {
      case '-maxdepth':
        this.maxDepth = Number(this.next());
        return () => true;
      case '-mindepth':
        this.minDepth = Number(this.next());
        return () => true;
      case '-depth':
        this.isDepthFirst = true;
        return () => true;
      case '-xdev':
      case '-mount':
        return () => true;
      case '-prune':
        return entry => {
          entry.isPruned = true;
          return true;
        };
      default:
        this.hasAction = true;
        return this.action(name);
    }
  }

  private action(name: string): Test {
    const { proc } = this;
    switch (name) {
      case '-print':
        return async ({ path }) => {
          await proc.out(`${path}\n`);
          return true;
        };
      case '-print0':
        return async ({ path }) => {
          await proc.out(`${path}\0`);
          return true;
        };
      case '-delete':
        this.isDepthFirst = true;
        return ({ path, stat }) => {
          if (stat.kind === 'dir') proc.files.rmdir(path);
          else proc.files.unlink(path);
          return true;
        };
      case '-exec':
      case '-ok':
        return this.exec();
      default:
        throw new UsageError(`bad option ${name}`);
    }
  }

  private exec(): Test {
    const words: string[] = [];
    for (let word = this.next(); word !== ';'; word = this.next()) {
      if (word === '+' && words[words.length - 1] === '{}') return this.execMany(words.slice(0, -1));
      words.push(word);
    }
    return async ({ path }) => {
      const argv = words.map(word => word.replaceAll('{}', path));
      return statusOf(await this.proc.call(argv, commandPath(this.proc, argv[0] ?? ''))) === 0;
    };
  }

  private execMany(words: readonly string[]): Test {
    const paths: string[] = [];
    this.atEnd.push(async () => {
      if (paths.length > 0) await this.proc.call([...words, ...paths], commandPath(this.proc, words[0] ?? ''));
    });
    return ({ path }) => paths.push(path) > 0;
  }
}

const find: Main = async (proc, argv) => {
  const words = argv.slice(1).filter((word, i) => !(i === 0 && /^-[HLP]$/.test(word)));
  const split = words.findIndex(word => /^[-!(]/.test(word));
  const roots = split < 0 ? words : words.slice(0, split);
  const expression = new Expression(proc, split < 0 ? [] : words.slice(split));
  const read = expression.read();
  const test: Test = expression.hasAction
    ? read
    : async entry => (await read(entry)) && (await proc.out(`${entry.path}\n`), true);
  let status = 0;
  const visit = async (path: string, depth: number): Promise<void> => {
    try {
      const entry: Entry = { path, stat: proc.files.lstat(path), isPruned: false };
      const isIn = depth >= expression.minDepth;
      if (isIn && !expression.isDepthFirst) await test(entry);
      if (entry.stat.kind === 'dir' && !entry.isPruned && depth < expression.maxDepth) {
        for (const name of proc.files.list(path))
          await visit(path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1);
      }
      if (isIn && expression.isDepthFirst) await test(entry);
    } catch (error) {
      if (!(error instanceof FileError) || error.code === 'EPIPE') throw error;
      status = 1;
      await proc.err(
        `find: ${error.code === 'EACCES' ? 'cannot read dir' : 'stat() error'} ${error.path}: ${error.reason}\n`,
      );
    }
  };
  for (const root of roots.length === 0 ? ['.'] : roots) await visit(root, 0);
  for (const act of expression.atEnd) await act();
  return status;
};

export const FIND: Readonly<Record<string, Main>> = { find };
