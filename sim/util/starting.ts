// Utilities that start others: env, nohup, xargs, timeout, nice, time.
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import { type Process, statusOf, toText } from '../os/process.ts';
import { signalName } from '../os/signals.ts';
import { Options, UsageError } from './options.ts';

/** Where PATH leads; the bare name when nowhere, so that starting it says "not found". */
export function commandPath(proc: Process, name: string): string {
  if (name.includes('/')) return name;
  for (const dir of (proc.env.get('PATH') ?? '/usr/bin:/usr/sbin').split(':')) {
    const path = `${dir === '' ? '.' : dir}/${name}`;
    if (proc.kernel.isProgram(path) || proc.files.may(path, 'x')) return path;
  }
  return `/nowhere/${name}`;
}

/** Becomes the program; says what POSIX wants when it can't be: 127 not found, 126 not executable. */
async function become(
  proc: Process,
  argv: readonly string[],
  env: ReadonlyMap<string, string> = proc.env,
): Promise<number> {
  const [name = ''] = argv;
  const self = proc.argv[0]?.split('/').pop() ?? '';
  let main: Main;
  proc.env = env;
  try {
    main = programFor(proc, commandPath(proc, name));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await proc.err(`${self}: ${name}: ${error.reason}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
  return proc.exec(main, argv, env);
}

/** A text without `#!` is run by sh, as execvp(2) does. */
function programFor(proc: Process, path: string): Main {
  try {
    return proc.kernel.findProgram(proc, path);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'ENOEXEC') throw error;
    const sh = proc.kernel.findProgram(proc, '/usr/bin/sh');
    return (child, argv) => child.exec(sh, ['sh', path, ...argv.slice(1)]);
  }
}

const env: Main = async (proc, argv) => {
  let words = argv.slice(1);
  let variables = new Map(proc.env);
  for (let word = words[0]; word !== undefined && /^-/.test(word); word = words[0]) {
    words = words.slice(1);
    if (word === '-i' || word === '-') variables = new Map();
    else if (word === '-u') {
      variables.delete(words[0] ?? '');
      words = words.slice(1);
    } else if (word !== '--') throw new UsageError(`illegal option -- ${word.slice(1)}`);
    else break;
  }
  for (let word = words[0]; word !== undefined && /^[^=]+=/.test(word); word = words[0]) {
    words = words.slice(1);
    variables.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
  }
  if (words.length > 0) return become(proc, words, variables);
  for (const [name, value] of variables) await proc.out(`${name}=${value}\n`);
  return 0;
};

const printenv: Main = async (proc, argv) => {
  const [, name] = argv;
  if (name === undefined) for (const [key, value] of proc.env) await proc.out(`${key}=${value}\n`);
  else if (!proc.env.has(name)) return 1;
  else await proc.out(`${proc.env.get(name) ?? ''}\n`);
  return 0;
};

const nohup: Main = async (proc, argv) => {
  if (argv.length < 2) throw new UsageError('command expected');
  proc.ignored.add('HUP');
  if (proc.tty) {
    const path = proc.files.may('.', 'w') ? 'nohup.out' : `${proc.account.home}/nohup.out`;
    proc.install(1, proc.openFile(path, { write: true, create: true, append: true }, 0o600));
    await proc.err(`Sending output to ${path}\n`);
    if (proc.fds.get(2)?.isTerminal === true) proc.install(2, proc.fd(1));
  }
  return become(proc, argv.slice(argv[1] === '--' ? 2 : 1));
};

function xargsWords(text: string): string[] {
  return [...text.matchAll(/(?:"([^"]*)"|'([^']*)'|\\([\s\S])|[^\s"'\\])+/g)].map(match =>
    match[0].replace(
      /"([^"]*)"|'([^']*)'|\\([\s\S])/g,
      (_, double?: string, single?: string, char?: string) => double ?? single ?? char ?? '',
    ),
  );
}

const xargs: Main = async (proc, argv) => {
  const options = new Options(argv, '0rtxn:I:L:P:s:d:');
  const command = options.operands.length === 0 ? ['echo'] : options.operands;
  const text = toText(await proc.readAll());
  const marker = options.value('I');
  const delimiter = options.has('0') ? '\0' : marker !== null ? '\n' : options.value('d');
  const split = (by: string): string[] => text.split(by.replace('\\n', '\n')).filter(piece => piece !== '');
  const items =
    delimiter === null
      ? xargsWords(text)
      : split(delimiter).map(piece => (marker !== null ? piece.trimStart() : piece));
  const size = marker !== null ? 1 : Math.min(options.number('n', 5000), options.number('L', 5000));
  let status = 0;
  const runOne = async (words: readonly string[]): Promise<void> => {
    if (options.has('t')) await proc.err(`${words.join(' ')}\n`);
    status = Math.max(status, await started(proc, words));
  };
  if (items.length === 0 && marker === null && !options.has('r')) await runOne(command);
  for (let at = 0; at < items.length && status < 124; at += size) {
    const some = items.slice(at, at + size);
    await runOne(marker === null ? [...command, ...some] : command.map(word => word.replaceAll(marker, some[0] ?? '')));
  }
  return status === 0 || status >= 124 ? status : 123;
};

/** Runs a command as a child with an empty input; 127 when there is none. */
async function started(proc: Process, words: readonly string[]): Promise<number> {
  try {
    const main = programFor(proc, commandPath(proc, words[0] ?? ''));
    const child = proc.kernel.spawn(proc, words);
    child.install(0, child.openFile('/dev/null', { read: true }));
    child.begin(main);
    const ending = await proc.endOf(child);
    return ending.is === 'signalled' ? 125 : statusOf(ending);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await proc.err(`xargs: ${words[0] ?? ''}: ${error.reason}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
}

function milliseconds(text: string): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) throw new UsageError(`bad time: ${text}`);
  const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number(match[1]) * (units[match[2] ?? ''] ?? 1000);
}

const sleep: Main = async (proc, argv) => {
  if (argv.length < 2) throw new UsageError('time expected');
  await proc.clock.sleep(argv.slice(1).reduce((sum, word) => sum + milliseconds(word), 0));
  return 0;
};

const timeout: Main = async (proc, argv) => {
  const options = new Options(argv, 's:k:');
  const [limit = '', ...words] = options.operands;
  const main = programFor(proc, commandPath(proc, words[0] ?? ''));
  const child = proc.kernel.spawn(proc, words);
  child.begin(main);
  let isLate = false;
  const late = proc.clock.sleep(milliseconds(limit)).then(() => {
    isLate = child.deliver(signalName(options.value('s') ?? 'TERM') ?? 'TERM');
  });
  await Promise.race([proc.endOf(child), late.then(() => proc.endOf(child))]);
  return isLate ? 124 : statusOf(await proc.endOf(child));
};

const nice: Main = (proc, argv) => {
  const options = new Options(argv, 'n:', 'n');
  return become(proc, options.operands);
};

export const STARTING: Readonly<Record<string, Main>> = { env, nice, nohup, printenv, sleep, timeout, xargs };
