// Redirections, left to right, in the process that uses them. What a shell puts aside for later belongs to its
// process (held), so that the end of a pipe is never forgotten there.
import { FileError } from '../os/file-error.ts';
import { type Ofd, FileOfd } from '../os/ofd.ts';
import { NO_BYTES, makeFile, replaceBytes } from '../os/nodes.ts';
import { type Process, toBytes } from '../os/process.ts';
import type { Redirect } from './ast.ts';
import { expandText } from './expand.ts';
import type { Shell } from './interp.ts';

/** What stood at a descriptor before; null: it was closed. */
export type Saved = readonly (readonly [number, Ofd | null])[];

/** Redirects descriptors of `target` for good. Words are expanded by `sh`. Throws ShellError. */
export async function redirect(sh: Shell, target: Process, redirects: readonly Redirect[]): Promise<void> {
  for (const one of redirects) await apply(sh, target, one);
}

/** Redirects the shell's own descriptors and says how to undo it. On an error everything is as before. */
export async function redirectForNow(sh: Shell, redirects: readonly Redirect[]): Promise<Saved> {
  const saved: [number, Ofd | null][] = [];
  const { proc } = sh;
  try {
    for (const one of redirects) {
      for (const fd of one.is === 'both' ? [1, 2] : [one.fd]) {
        const ofd = proc.fds.get(fd) ?? null;
        if (ofd !== null) proc.held.push(ofd.retain());
        saved.push([fd, ofd]);
      }
      await apply(sh, proc, one);
    }
  } catch (error) {
    undo(proc, saved);
    throw error;
  }
  return saved;
}

export function undo(proc: Process, saved: Saved): void {
  for (const [fd, ofd] of [...saved].reverse()) {
    if (ofd === null) proc.close(fd);
    else proc.install(fd, ofd);
  }
  for (const [, ofd] of saved) if (ofd !== null) proc.unhold(ofd);
}

async function apply(sh: Shell, target: Process, one: Redirect): Promise<void> {
  switch (one.is) {
    case 'file': {
      const path = await expandText(sh, one.word);
      target.install(one.fd, open(sh, target, one.op, path));
      return;
    }
    case 'both': {
      const path = await expandText(sh, one.word);
      const ofd = open(sh, target, one.isAppend ? '>>' : '>', path);
      target.install(1, ofd);
      target.install(2, ofd);
      return;
    }
    case 'dup':
      return duplicate(sh, target, one.fd, await expandText(sh, one.word));
    case 'text': {
      const text = await expandText(sh, one.word);
      const file = makeFile(0o600, 0, 0);
      replaceBytes(file, text === '' ? NO_BYTES : toBytes(text));
      target.install(one.fd, new FileOfd(file, { read: true }, () => 0));
      return;
    }
  }
}

/**
 * Files that bash(1) and ksh93(1) make of connections: `/dev/tcp/HOST/PORT`. What is listened to here says nothing. A
 * datagram socket, `/dev/udp/HOST/PORT`, opens whether or not anybody is there, if only the name is known.
 */
function connection(sh: Shell, path: string): Ofd | null {
  const [, way = '', name = '', port = ''] = /^\/dev\/(tcp|udp)\/([^/]+)\/(\d+)$/.exec(path) ?? [];
  if (name === '' || sh.dialect.name === 'plain') return null;
  const socket = (): Ofd => new FileOfd(makeFile(0o600, 0, 0), { read: true, write: true }, () => 0);
  const reached = sh.proc.kernel.connects(name, Number(port));
  if (way === 'udp' && reached !== 'unknown-name') return socket();
  switch (reached) {
    case 'open':
      return socket();
    case 'refused':
      throw new FileError('ECONNREFUSED', path);
    case 'no-answer':
      throw new FileError('ETIMEDOUT', path);
    case 'unknown-name':
      throw new FileError('EHOSTUNKNOWN', path);
  }
}

function open(sh: Shell, target: Process, op: '<' | '>' | '>>' | '>|' | '<>', path: string): Ofd {
  try {
    const connected = connection(sh, path);
    if (connected !== null) return connected;
    switch (op) {
      case '<':
        return target.openFile(path, { read: true });
      case '<>':
        return target.openFile(path, { read: true, write: true, create: true });
      case '>>':
        return target.openFile(path, { write: true, create: true, append: true });
      case '>':
      case '>|': {
        const isKept = op === '>' && sh.has('noclobber') && target.files.find(path)?.node?.kind === 'file';
        if (isKept) throw new FileError('EEXIST', path);
        return target.openFile(path, { write: true, create: true, truncate: true });
      }
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const said = op === '<' ? sh.dialect.cannotOpen(path, error.reason) : sh.dialect.cannotCreate(path, error.reason);
    throw sh.fail(said, sh.dialect.redirectStatus);
  }
}

function duplicate(sh: Shell, target: Process, fd: number, word: string): void {
  if (word === '-') return target.close(fd);
  const from = /^(\d+)(-?)$/.exec(word);
  if (from === null) {
    // bash: >&file is &>file
    const ofd = open(sh, target, '>', word);
    target.install(1, ofd);
    target.install(2, ofd);
    return;
  }
  const ofd = target.fds.get(Number(from[1]));
  if (ofd === undefined)
    throw sh.fail(sh.dialect.cannotOpen(from[1] ?? '', 'Bad file number'), sh.dialect.redirectStatus);
  target.install(fd, ofd);
  if (from[2] === '-') target.close(Number(from[1]));
}
