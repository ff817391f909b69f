// The shell as a program: sh -c, sh -s, a script file; which dialect a path speaks.
import type { Main } from '../os/kernel.ts';
import { FileError } from '../os/file-error.ts';
import { type Process, toText } from '../os/process.ts';
import type { Command } from './ast.ts';
import { lastOf } from './children.ts';
import { DIALECTS, type Dialect } from './dialect.ts';
import { Shell } from './interp.ts';
import { Parser } from './parse.ts';
import { Incomplete, ShellSyntaxError } from './source.ts';
import { OPTION_LETTERS } from './state.ts';

interface Invocation {
  readonly options: readonly string[];
  readonly mode: 'command' | 'stdin' | 'file';
  readonly operands: readonly string[];
}

/** Null: an option that this shell doesn't know. */
function invocation(args: readonly string[]): Invocation | null {
  const options: string[] = [];
  let mode: Invocation['mode'] | null = null;
  let i = 0;
  for (; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--' || word === '-') {
      i++;
      break;
    }
    if (word.startsWith('--')) continue;
    if (!/^[-+]./.test(word)) break;
    for (const letter of word.slice(1)) {
      const option = letter === 'o' ? args[++i] : OPTION_LETTERS[letter];
      if (letter === 'c') mode = 'command';
      else if (letter === 's') mode ??= 'stdin';
      else if (option !== undefined) options.push(option);
      else if (!'il'.includes(letter)) return null;
    }
  }
  const operands = args.slice(i);
  return { options, mode: mode ?? (operands.length > 0 ? 'file' : 'stdin'), operands };
}

function prepare(proc: Process, dialect: Dialect, name: string): Shell {
  const sh = new Shell(proc, dialect, null);
  sh.name = name;
  for (const [variable, value] of proc.env) {
    if (/^[A-Za-z_][A-Za-z_0-9]*$/.test(variable))
      sh.variables.set(variable, { value, isExported: true, isReadonly: false });
  }
  sh.variables.set('IFS', { value: ' \t\n', isExported: false, isReadonly: false });
  sh.variables.set('PPID', { value: String(proc.ppid), isExported: false, isReadonly: false });
  sh.variables.set('PS4', { value: '+ ', isExported: false, isReadonly: false });
  sh.variables.set('OPTIND', { value: '1', isExported: false, isReadonly: false });
  if (dialect.name === 'bash')
    sh.variables.set('BASH_VERSION', { value: '5.2.37(1)-release', isExported: false, isReadonly: false });
  const { cwd } = proc;
  sh.variables.set('PWD', { value: cwd, isExported: true, isReadonly: false });
  return sh;
}

function shellMain(dialect: Dialect): Main {
  return async (proc, argv) => {
    const called = argv[0] ?? 'sh';
    const how = invocation(argv.slice(1));
    const sh = prepare(proc, dialect, called);
    if (how === null) {
      await sh.say(`${called}: unknown option\n`);
      return 2;
    }
    for (const option of how.options) sh.options.add(option);
    const [first = '', ...rest] = how.operands;
    switch (how.mode) {
      case 'command':
        sh.name = rest[0] ?? called;
        sh.params = rest.slice(1);
        return sh.live(() => runCommand(sh, first));
      case 'stdin':
        sh.params = how.operands;
        return sh.live(() => runStdin(sh));
      case 'file':
        sh.name = first;
        sh.params = rest;
        return runFile(sh, first);
    }
  };
}

/** The text of -c. When its last command is simple, the shell becomes it. */
async function runCommand(sh: Shell, text: string): Promise<number> {
  const parser = new Parser(text);
  let status = 0;
  while (!sh.isAbrupt) {
    const command = sh.nextCommand(parser);
    if (command === null) break;
    if (parser.isAtEnd) sh.tail = lastOf(command);
    status = await sh.run(command);
  }
  return status;
}

async function runFile(sh: Shell, path: string): Promise<number> {
  let text: string;
  try {
    text = toText(sh.proc.files.read(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await sh.complain(sh.dialect.cannotOpen(path, error.reason));
    return error.code === 'ENOENT' ? 127 : 126;
  }
  return sh.live(() => sh.runText(text));
}

/** Reads no further than the command needs, so that a command can read the lines after it. */
async function runStdin(sh: Shell): Promise<number> {
  let status = 0;
  let line = 1;
  while (!sh.isAbrupt) {
    const read = await readCommand(sh, line);
    if (read === null) return status;
    for (const command of read.commands) {
      status = await sh.run(command);
      if (sh.isAbrupt) return status;
    }
    line += read.lines;
  }
  return status;
}

interface Read {
  readonly commands: readonly Command[];
  readonly lines: number;
}

async function readCommand(sh: Shell, firstLine: number): Promise<Read | null> {
  let text = '';
  for (let lines = 1; ; lines++) {
    const more = toText(await sh.proc.readLineOf(0));
    if (more === '' && text === '') return null;
    text += more;
    if (more === '') {
      const command = sh.nextCommand(new Parser(text, firstLine));
      return { commands: command === null ? [] : [command], lines };
    }
    const commands = whole(sh, new Parser(text, firstLine));
    if (commands !== null) return { commands, lines };
  }
}

/** Null: more lines are needed. */
function whole(sh: Shell, parser: Parser): readonly Command[] | null {
  try {
    const command = parser.complete();
    return command === null ? [] : [command];
  } catch (error) {
    if (error instanceof Incomplete) return null;
    if (error instanceof ShellSyntaxError) throw sh.syntaxError(error);
    throw error;
  }
}

/** The shells of a host by path. */
export function loginShells(): readonly (readonly [string, Main])[] {
  const ksh = shellMain(DIALECTS.ksh93);
  const bash = shellMain(DIALECTS.bash);
  const plain = shellMain(DIALECTS.plain);
  return [
    ['/usr/bin/sh', ksh],
    ['/usr/bin/ksh', ksh],
    ['/usr/bin/ksh93', ksh],
    ['/usr/xpg4/bin/sh', ksh],
    ['/usr/bin/pfksh', ksh],
    ['/usr/bin/pfsh', ksh],
    ['/usr/bin/bash', bash],
    ['/usr/bin/pfbash', bash],
    ['/usr/bin/dash', plain],
  ];
}
