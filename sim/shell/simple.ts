// Simple commands (POSIX.1-2017 2.9.1): expansion, assignments, redirections, and finding what the name means:
// special builtin, function, builtin, program.
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import type { Simple, Word } from './ast.ts';
import { BUILTINS, type Builtin, isDeclaration, isSpecial } from './builtins.ts';
import { endOf } from './children.ts';
import { expandText, expandWords } from './expand.ts';
import type { Shell } from './interp.ts';
import { quoted } from './quote.ts';
import { redirect, redirectForNow, undo } from './redirect.ts';
import { ShellError, type Variable } from './state.ts';

export async function runSimple(sh: Shell, command: Simple): Promise<number> {
  sh.line = command.line;
  sh.substituted = null;
  const argv = await expandArguments(sh, command.words);
  const [name] = argv;
  if (name === undefined) return assignOnly(sh, command);
  const special = isSpecial(name) ? BUILTINS.get(name) : undefined;
  const body = special === undefined ? sh.functions.get(name) : undefined;
  const builtin = special ?? (body === undefined ? BUILTINS.get(name) : undefined);
  if (body !== undefined) return inShell(sh, command, argv, () => sh.call(body, argv));
  if (name === 'exec') return execute(sh, command, argv);
  if (builtin !== undefined) return runBuiltin(sh, command, { builtin, argv, isSpecial: special !== undefined });
  return runProgram(sh, command, argv);
}

async function expandArguments(sh: Shell, words: readonly Word[]): Promise<readonly string[]> {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (first.plain === null || !isDeclaration(first.plain)) return expandWords(sh, words);
  // export x=$y doesn't split: an argument that looks like an assignment is expanded as one
  const argv = [first.plain];
  for (const word of rest) {
    const head = word.parts[0];
    if (head?.is === 'lit' && /^[A-Za-z_][A-Za-z_0-9]*\+?=/.test(head.text))
      argv.push(await expandAssignment(sh, word));
    else argv.push(...(await expandWords(sh, [word])));
  }
  return argv;
}

async function expandAssignment(sh: Shell, word: Word): Promise<string> {
  const [head, ...rest] = word.parts;
  const text = head?.is === 'lit' ? head.text : '';
  const at = text.indexOf('=') + 1;
  const value = {
    plain: null,
    parts: [...(at < text.length ? [{ is: 'lit' as const, text: text.slice(at) }] : []), ...rest],
  };
  return text.slice(0, at) + (await expandText(sh, value, true));
}

async function assigned(sh: Shell, assign: Simple['assigns'][number]): Promise<string> {
  const value = await expandText(sh, assign.value, true);
  return assign.isAppend ? (sh.value(assign.name) ?? '') + value : value;
}

async function trace(sh: Shell, assigns: readonly string[], argv: readonly string[]): Promise<void> {
  if (sh.has('xtrace')) await sh.say(`${sh.value('PS4') ?? '+ '}${[...assigns, ...argv.map(quoted)].join(' ')}\n`);
}

/** No command name: assignments stay, redirections are made and undone. */
async function assignOnly(sh: Shell, command: Simple): Promise<number> {
  const shown: string[] = [];
  for (const assign of command.assigns) {
    const value = await assigned(sh, assign);
    shown.push(`${assign.name}=${quoted(value)}`);
    sh.set(assign.name, value);
  }
  await trace(sh, shown, []);
  const failed = await failure(sh, async () => undo(sh.proc, await redirectForNow(sh, command.redirects)));
  return failed ?? sh.substituted ?? 0;
}

/** Runs it; what a redirection or the like complained about becomes a status, unless it is fatal. */
async function failure(sh: Shell, act: () => Promise<void>, isFatal = false): Promise<number | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof ShellError) || error.isFatal) throw error;
    if (isFatal) throw new ShellError(error.message, error.status, true);
    await sh.say(`${error.message}\n`);
    return error.status;
  }
}

/** With the command's redirections and assignments in the shell itself, for as long as it lasts. */
async function inShell(
  sh: Shell,
  command: Simple,
  argv: readonly string[],
  act: () => Promise<number> | number,
): Promise<number> {
  const before = new Map<string, Variable | null>();
  let status = 0;
  const failed = await failure(sh, async () => {
    const saved = command.redirects.length === 0 ? null : await redirectForNow(sh, command.redirects);
    try {
      await assignForNow(sh, command, before);
      await trace(sh, [], argv);
      status = await act();
    } finally {
      if (saved !== null) undo(sh.proc, saved);
      sh.restore(before);
    }
  });
  return failed ?? status;
}

async function assignForNow(sh: Shell, command: Simple, before: Map<string, Variable | null>): Promise<void> {
  for (const assign of command.assigns) {
    const value = await assigned(sh, assign);
    if (!before.has(assign.name)) before.set(assign.name, sh.variables.get(assign.name) ?? null);
    sh.set(assign.name, value);
    sh.mark(assign.name, { isExported: true });
  }
}

interface Call {
  readonly builtin: Builtin;
  readonly argv: readonly string[];
  readonly isSpecial: boolean;
}

async function runBuiltin(sh: Shell, command: Simple, call: Call): Promise<number> {
  const act = (): Promise<number> | number => guarded(sh, call);
  if (!call.isSpecial || !sh.dialect.isStrict) return inShell(sh, command, call.argv, act);
  // assignments before a special builtin stay, and its failing redirection ends the shell
  for (const assign of command.assigns) sh.set(assign.name, await assigned(sh, assign));
  let status = 0;
  await failure(
    sh,
    async () => {
      status = await inShell(sh, { ...command, assigns: [], redirects: [] }, call.argv, async () => {
        const saved = await redirectForNow(sh, command.redirects);
        try {
          return await act();
        } finally {
          undo(sh.proc, saved);
        }
      });
    },
    true,
  );
  return status;
}

/** A builtin whose output nobody reads, or whose descriptor is closed, fails; it doesn't end the shell. */
async function guarded(sh: Shell, { builtin, argv }: Call): Promise<number> {
  try {
    return await builtin(sh, argv);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await sh.complain(`${argv[0] ?? ''}: ${error.path === '' ? 'write to 1 failed' : error.path} [${error.reason}]`);
    return 1;
  }
}

// ---- programs

/** The environment of a program: what is exported, and the assignments before it. */
async function environmentFor(sh: Shell, command: Simple): Promise<ReadonlyMap<string, string>> {
  const env = sh.environment();
  for (const assign of command.assigns) env.set(assign.name, await assigned(sh, assign));
  return env;
}

async function runProgram(sh: Shell, command: Simple, argv: readonly string[]): Promise<number> {
  const env = await environmentFor(sh, command);
  await trace(sh, [], argv);
  if (sh.tail === command && sh.traps.size === 0) return become(sh, command, argv, env);
  const child = sh.proc.kernel.spawn(sh.proc, argv);
  child.env = env;
  try {
    await redirect(sh, child, command.redirects);
  } catch (error) {
    child.end({ is: 'exited', status: 1 });
    if (!(error instanceof ShellError) || error.isFatal) throw error;
    await sh.say(`${error.message}\n`);
    return error.status;
  }
  const found = findCommand(sh, argv[0] ?? '', env);
  child.begin(typeof found === 'function' ? found : proc => refuse(proc, found));
  return sh.statusOf(await endOf(sh, child));
}

/** The last command of a forked shell: its process becomes the program, as real shells do. */
async function become(
  sh: Shell,
  command: Simple,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
): Promise<number> {
  await redirect(sh, sh.proc, command.redirects);
  const found = findCommand(sh, argv[0] ?? '', env);
  const main: Main = typeof found === 'function' ? found : proc => refuse(proc, found);
  return sh.proc.exec(main, argv, env);
}

async function execute(sh: Shell, command: Simple, argv: readonly string[]): Promise<number> {
  for (const assign of command.assigns) sh.set(assign.name, await assigned(sh, assign));
  const failed = await failure(sh, () => redirect(sh, sh.proc, command.redirects), sh.dialect.isStrict);
  if (failed !== null) return failed;
  const rest = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (rest.length === 0) return 0;
  await trace(sh, [], argv);
  const env = await environmentFor(sh, command);
  const found = findCommand(sh, rest[0] ?? '', env);
  if (typeof found !== 'function') throw new ShellError(found.said, found.status, true);
  return sh.proc.exec(found, rest, env);
}

interface Refused {
  readonly said: string;
  readonly status: number;
}

async function refuse(proc: Process, refused: Refused): Promise<number> {
  if (proc.fds.get(2)?.canWrite === true) await proc.err(`${refused.said}\n`);
  return refused.status;
}

/** The program a name stands for, by PATH, or what the shell says instead. */
export function findCommand(sh: Shell, name: string, env: ReadonlyMap<string, string>): Main | Refused {
  const path = pathOf(sh, name, env.get('PATH') ?? sh.value('PATH') ?? '');
  if (path === null) return { said: `${sh.prefix()}${sh.dialect.notFound(name)}`, status: 127 };
  try {
    return sh.proc.kernel.findProgram(sh.proc, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'ENOEXEC') return textAsScript(sh, path);
    if (error.code === 'ENOENT') return { said: `${sh.prefix()}${sh.dialect.notFound(name)}`, status: 127 };
    return { said: `${sh.prefix()}${sh.dialect.cannotExecute(name, error.reason)}`, status: 126 };
  }
}

/** A text without `#!` is run by the same shell. */
function textAsScript(sh: Shell, path: string): Main {
  const shell = sh.dialect.name === 'bash' ? '/usr/bin/bash' : '/usr/bin/sh';
  return (proc, argv) => proc.exec(proc.kernel.findProgram(proc, shell), [shell, path, ...argv.slice(1)]);
}

/** Where PATH leads; a name with a slash is a path already. Null: nowhere. */
export function pathOf(sh: Shell, name: string, search: string): string | null {
  if (name.includes('/')) return name;
  if (name === '') return null;
  let forbidden: string | null = null;
  for (const dir of search.split(':')) {
    const path = `${dir === '' ? '.' : dir}/${name}`;
    if (sh.proc.kernel.isProgram(path)) return path;
    const node = sh.proc.files.find(path)?.node;
    if (node?.kind !== 'file') continue;
    if (sh.proc.files.may(path, 'x')) return path;
    forbidden ??= path;
  }
  return forbidden;
}
