// Commands that run in processes of their own: pipelines, subshells, substitutions, background jobs.
import { Pipe } from '../os/pipe.ts';
import { join, type Process, toText } from '../os/process.ts';
import { DeviceOfd } from '../os/ofd.ts';
import type { Ending } from '../os/program.ts';
import type { Command } from './ast.ts';
import type { Shell } from './interp.ts';
import { type Saved, undo } from './redirect.ts';
import { runTraps } from './traps.ts';

/** The simple command after which a shell that runs this has nothing left to do. */
export function lastOf(command: Command): Command | null {
  switch (command.is) {
    case 'simple':
      return command;
    case 'and':
    case 'or':
      return lastOf(command.right);
    case 'list': {
      const last = command.items[command.items.length - 1];
      return last === undefined || last.isBackground ? null : lastOf(last.command);
    }
    case 'group':
      return lastOf(command.body);
    default:
      return null;
  }
}

/** Starts a forked shell on a command. */
function start(child: Shell, command: Command): void {
  child.tail = lastOf(command);
  child.proc.begin(() => child.live(() => child.run(command)));
}

/** Waits for a child of the shell; a signal that must end the shell isn't kept waiting. */
export async function endOf(sh: Shell, child: Process): Promise<Ending> {
  while (child.ending === null) {
    await sh.proc.nextFatal(child);
    if (child.ending === null) await runTraps(sh);
  }
  return child.ending;
}

export async function runSubshell(sh: Shell, body: Command): Promise<number> {
  const child = sh.fork();
  start(child, body);
  return sh.statusOf(await endOf(sh, child.proc));
}

export function runBackground(sh: Shell, command: Command): number {
  const child = sh.fork();
  const { proc } = child;
  for (const signal of ['INT', 'QUIT']) proc.ignored.add(signal);
  if (sh.dialect.name !== 'bash') child.questions = 0;
  proc.install(0, new DeviceOfd(proc.files.open('/dev/null', { read: true })));
  sh.jobs.set(proc.pid, proc);
  sh.lastBackground = String(proc.pid);
  start(child, command);
  return 0;
}

export async function runPipeline(sh: Shell, commands: readonly Command[]): Promise<number> {
  const { kernel } = sh.proc;
  const children: Process[] = [];
  const forked: { readonly child: Shell; readonly command: Command }[] = [];
  const hasOwnLast = sh.dialect.hasLastPipe;
  let before: Pipe | null = null;
  for (const [i, command] of commands.entries()) {
    const isLast = i === commands.length - 1;
    if (isLast && hasOwnLast) break;
    const child = sh.fork();
    if (before !== null) child.proc.install(0, before.reader);
    before = isLast ? null : new Pipe(kernel.count);
    if (before !== null) child.proc.install(1, before.writer);
    children.push(child.proc);
    forked.push({ child, command });
  }
  const last = commands[commands.length - 1];
  // the end of the pipe is in place before anybody can write to it
  const saved = before === null ? null : putAside(sh, before);
  for (const { child, command } of forked) start(child, command);
  const own: number[] = [];
  if (saved !== null && last !== undefined) {
    try {
      own.push(await sh.run(last));
    } finally {
      undo(sh.proc, saved);
    }
  }
  const ended: number[] = [];
  for (const child of children) ended.push(sh.statusOf(await endOf(sh, child)));
  return pipeStatus(sh, [...ended, ...own]);
}

/** Standard input from the pipe while the last element runs in the shell itself. */
function putAside(sh: Shell, pipe: Pipe): Saved {
  const stdin = sh.proc.fds.get(0) ?? null;
  if (stdin !== null) sh.proc.held.push(stdin.retain());
  sh.proc.install(0, pipe.reader);
  return [[0, stdin]];
}

function pipeStatus(sh: Shell, statuses: readonly number[]): number {
  if (sh.has('pipefail')) return statuses.findLast(status => status !== 0) ?? 0;
  return statuses[statuses.length - 1] ?? 0;
}

export async function substitute(sh: Shell, body: Command | null): Promise<string> {
  if (body === null) {
    sh.substituted = 0;
    return '';
  }
  const pipe = new Pipe(sh.proc.kernel.count);
  const child = sh.fork();
  if (sh.dialect.errexitInside === 'off') child.options.delete('errexit');
  if (sh.dialect.errexitInside === 'asked-anew') child.questions = 0;
  child.proc.install(1, pipe.writer);
  sh.proc.held.push(pipe.reader.retain());
  start(child, body);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await sh.proc.readFrom(pipe.reader, 65_536, false);
    if (bytes.length === 0) break;
    chunks.push(bytes);
  }
  sh.proc.unhold(pipe.reader);
  sh.substituted = sh.statusOf(await endOf(sh, child.proc));
  // bash: $? later in the same command is already this one's
  if (sh.dialect.name === 'bash') sh.status = sh.substituted;
  return toText(join(chunks)).replace(/\n+$/, '').replaceAll('\0', '');
}
