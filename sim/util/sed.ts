// sed: runs what sed-parse.ts read, a line at a time, so that it works in the middle of a stream.
import { breathe } from '../os/breath.ts';
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Ofd } from '../os/ofd.ts';
import { type Process, toBytes, toText } from '../os/process.ts';
import { Input, type Line } from './input.ts';
import { Options } from './options.ts';
import { type Address, type SedCommand, SedReader, type Substitution } from './sed-parse.ts';

type After = 'next' | 'restart' | 'quit';

class Sed {
  private readonly proc: Process;
  private readonly commands: readonly SedCommand[];
  private readonly isQuiet: boolean;
  private readonly source: AsyncIterator<Line>;
  private readonly active = new Set<SedCommand>();
  private readonly files = new Map<string, Ofd>();
  private ahead: Line | null = null;
  private space = '';
  private hold = '';
  private number = 0;
  private isEnded = true;
  private hasReplaced = false;
  private lastTest: RegExp = /(?:)/;
  private readonly appended: string[] = [];

  constructor(proc: Process, commands: readonly SedCommand[], isQuiet: boolean, source: AsyncIterator<Line>) {
    this.proc = proc;
    this.commands = commands;
    this.isQuiet = isQuiet;
    this.source = source;
  }

  async run(): Promise<void> {
    this.ahead = await this.fetch();
    let after: After = 'next';
    while (after !== 'quit' && (after === 'restart' || (await this.next()))) {
      after = await this.cycle();
      if (after !== 'restart' && !this.isQuiet && !this.isDeleted) await this.print(this.space);
      this.isDeleted = false;
      await this.flush();
    }
  }

  private isDeleted = false;

  private async fetch(): Promise<Line | null> {
    const { value, done } = await this.source.next();
    return done === true ? null : value;
  }

  /** Takes the next line into the pattern space. False at the end of the input. */
  private async next(isAppended = false): Promise<boolean> {
    if (this.ahead === null) return false;
    this.space = isAppended ? `${this.space}\n${this.ahead.text}` : this.ahead.text;
    this.isEnded = this.ahead.isEnded;
    this.number++;
    this.ahead = await this.fetch();
    return true;
  }

  private async print(text: string): Promise<void> {
    await this.proc.out(this.isEnded || this.ahead !== null ? `${text}\n` : text);
  }

  private async flush(): Promise<void> {
    for (const text of this.appended.splice(0)) await this.proc.out(text);
  }

  private tests(test: RegExp | null): boolean {
    if (test !== null) this.lastTest = test;
    return this.lastTest.test(this.space);
  }

  private matches(address: Address): boolean {
    switch (address.is) {
      case 'line':
        return this.number === address.number;
      case 'last':
        return this.ahead === null;
      case 'match':
        return this.tests(address.test);
    }
  }

  private selects(command: SedCommand): boolean {
    const { first, second } = command;
    if (first === null) return true;
    if (second === null) return this.matches(first);
    if (this.active.has(command)) {
      const isPast = second.is === 'line' && this.number > second.number;
      if (isPast || this.matches(second)) this.active.delete(command);
      return !isPast || this.matches(first);
    }
    if (!this.matches(first)) return false;
    if (second.is !== 'line' || second.number > this.number) this.active.add(command);
    return true;
  }

  private async cycle(): Promise<After> {
    this.hasReplaced = false;
    for (let i = 0; i < this.commands.length; i++) {
      const command = this.commands[i];
      if (command === undefined) break;
      if (this.selects(command) === command.isNegated) {
        if (command.name === '{') i = command.end;
        continue;
      }
      const jump = await this.perform(command);
      if (typeof jump === 'string') return jump;
      if (jump === null) continue;
      if (jump < i && this.proc.kernel.isTimeToBreathe()) await breathe();
      if (this.proc.ending !== null) await new Promise<never>(() => {});
      i = jump;
    }
    return 'next';
  }

  /** What the cycle does next: null goes on, a number jumps. */
  private async perform(command: SedCommand): Promise<After | number | null> {
    switch (command.name) {
      case 's':
        if (command.substitution !== null) await this.substitute(command.substitution);
        return null;
      case 'd':
        this.isDeleted = true;
        return 'next';
      case 'D':
        return this.deleteLine();
      case 'q':
        return 'quit';
      case 'Q':
        this.isDeleted = true;
        return 'quit';
      case 'n':
        if (this.ahead === null) return 'quit';
        if (!this.isQuiet) await this.print(this.space);
        await this.flush();
        await this.next();
        return null;
      case 'N':
        return (await this.next(true)) ? null : 'quit';
      case 'b':
        return this.label(command.text);
      case 't':
        if (!this.hasReplaced) return null;
        this.hasReplaced = false;
        return this.label(command.text);
      case 'c':
        this.isDeleted = true;
        if (!this.active.has(command)) await this.proc.out(`${command.text}\n`);
        return 'next';
      default:
        return this.simple(command);
    }
  }

  private deleteLine(): After {
    const newline = this.space.indexOf('\n');
    this.isDeleted = true;
    if (newline < 0) return 'next';
    this.space = this.space.slice(newline + 1);
    return 'restart';
  }

  private label(name: string): number {
    if (name === '') return this.commands.length;
    const at = this.commands.findIndex(command => command.name === ':' && command.text === name);
    return at < 0 ? this.commands.length : at;
  }

  private async simple({ name, text, map }: SedCommand): Promise<null> {
    switch (name) {
      case 'p':
        await this.print(this.space);
        break;
      case 'P':
        await this.proc.out(`${this.space.split('\n')[0] ?? ''}\n`);
        break;
      case '=':
        await this.proc.out(`${this.number}\n`);
        break;
      case 'a':
        this.appended.push(`${text}\n`);
        break;
      case 'i':
        await this.proc.out(`${text}\n`);
        break;
      case 'r':
        if (this.proc.files.exists(text)) this.appended.push(toText(this.proc.files.read(text)));
        break;
      case 'w':
        this.file(text).put(toBytes(`${this.space}\n`), 0);
        break;
      case 'y':
        this.space = [...this.space].map(char => map?.get(char) ?? char).join('');
        break;
      default:
        this.swap(name);
    }
    return null;
  }

  private swap(name: string): void {
    const { space, hold } = this;
    if (name === 'h') this.hold = space;
    else if (name === 'H') this.hold = `${hold}\n${space}`;
    else if (name === 'g') this.space = hold;
    else if (name === 'G') this.space = `${space}\n${hold}`;
    else if (name === 'x') [this.space, this.hold] = [hold, space];
  }

  private file(path: string): Ofd {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const ofd =
      path === '/dev/stdout'
        ? this.proc.fd(1)
        : this.proc.openFile(path, { write: true, create: true, truncate: true });
    this.proc.install(10 + this.files.size, ofd);
    this.files.set(path, ofd);
    return ofd;
  }

  private async substitute(how: Substitution): Promise<void> {
    if (how.test !== null) this.lastTest = how.test;
    const test = new RegExp(this.lastTest.source, `${this.lastTest.flags.replace('g', '')}g`);
    let count = 0;
    let isChanged = false;
    this.space = this.space.replace(test, (...groups: readonly unknown[]) => {
      const found = groups
        .filter((_, i) => i < groups.length - 2)
        .map(group => (typeof group === 'string' ? group : ''));
      count++;
      const isWanted = how.isGlobal ? count >= how.nth : count === how.nth;
      if (!isWanted) return found[0] ?? '';
      isChanged = true;
      return expanded(how.to, found);
    });
    if (!isChanged) return;
    this.hasReplaced = true;
    if (how.isPrinted) await this.print(this.space);
    if (how.file !== null) this.file(how.file).put(toBytes(`${this.space}\n`), 0);
  }
}

/** & and \1 and \n of a replacement. */
function expanded(to: string, groups: readonly string[]): string {
  return to.replace(/\\([\s\S])|&/g, (_, char?: string) => {
    if (char === undefined) return groups[0] ?? '';
    if (/\d/.test(char)) return groups[Number(char)] ?? '';
    return char === 'n' ? '\n' : char === 't' ? '\t' : char;
  });
}

const sed: Main = async (proc, argv) => {
  const options = new Options(argv, 'nEre:f:su');
  const scripts = [
    ...options.values('e'),
    ...options.values('f').map(path => toText(proc.files.read(path)).replace(/\n$/, '')),
  ];
  const [first = '', ...others] = options.operands;
  const hasScript = scripts.length > 0;
  const text = hasScript ? scripts.join('\n') : first;
  const flavour = options.has('E') || options.has('r') ? 'extended' : 'basic';
  const commands = new SedReader(text.replace(/^#n\n/, ''), flavour).read();
  const input = new Input(proc, 'sed', hasScript ? options.operands : others, 2);
  try {
    await new Sed(proc, commands, options.has('n') || text.startsWith('#n\n'), input.lines()).run();
  } catch (error) {
    if (!(error instanceof FileError) || error.code === 'EPIPE') throw error;
    await proc.err(`sed: ${error.message}\n`);
    return 2;
  }
  return input.status;
};

export const SED: Readonly<Record<string, Main>> = { sed };
