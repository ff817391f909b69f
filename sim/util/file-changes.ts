// Utilities that change the file tree: cp, mv, rm, mkdir, rmdir, ln, chmod, chown, touch, mktemp.
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import { changedMode } from './mode.ts';
import { Options, UsageError } from './options.ts';

function baseOf(path: string): string {
  return path.replace(/\/+$/, '').split('/').pop() ?? path;
}

function isDir(proc: Process, path: string): boolean {
  return proc.files.find(path)?.node?.kind === 'dir';
}

/** Does it for each, goes on after a failure, and counts that as status 1. */
async function forEach(
  proc: Process,
  names: readonly string[],
  act: (name: string) => void,
  complaint: (error: FileError) => string,
): Promise<number> {
  let status = 0;
  for (const name of names) {
    try {
      act(name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await proc.err(`${complaint(error)}\n`);
      status = 1;
    }
  }
  return status;
}

/** Sources and where each goes: into a directory, or to the one name. */
function targets(proc: Process, operands: readonly string[]): readonly (readonly [string, string])[] {
  const [first, second] = operands;
  if (first === undefined || second === undefined) throw new UsageError('Insufficient arguments');
  const target = operands[operands.length - 1] ?? '';
  const sources = operands.slice(0, -1);
  if (isDir(proc, target)) return sources.map(source => [source, `${target.replace(/\/+$/, '')}/${baseOf(source)}`]);
  if (sources.length > 1) throw new UsageError(`${target} not found`);
  return [[first, target]];
}

interface Copying {
  readonly isDeep: boolean;
  readonly keeps: boolean;
}

function copy(proc: Process, from: string, to: string, how: Copying): void {
  const { files } = proc;
  const stat = files.stat(from);
  if (stat.kind === 'dir') {
    if (!how.isDeep) throw new FileError('EISDIR', from);
    if (!isDir(proc, to)) files.mkdir(to, stat.mode);
    for (const name of files.list(from)) copy(proc, `${from}/${name}`, `${to}/${name}`, how);
  } else if (how.isDeep && files.lstat(from).kind === 'link') files.symlink(files.readlink(from), to);
  else {
    if (isDir(proc, to)) throw new FileError('EISDIR', to);
    files.write(to, files.read(from), stat.mode);
  }
  if (how.keeps) {
    files.chmod(to, stat.mode);
    files.utimes(to, stat.mtime);
  }
}

const cp: Main = async (proc, argv) => {
  const options = new Options(argv, 'rRpfiaPLH');
  const how = {
    isDeep: options.has('r') || options.has('R') || options.has('a'),
    keeps: options.has('p') || options.has('a'),
  };
  const pairs = targets(proc, options.operands);
  return forEach(
    proc,
    pairs.map(([source]) => source),
    source => {
      const to = pairs.find(([from]) => from === source)?.[1] ?? '';
      copy(proc, source, to, how);
    },
    error => (error.code === 'ENOENT' ? `cp: cannot access ${error.path}` : `cp: ${error.path}: ${error.reason}`),
  );
};

const mv: Main = async (proc, argv) => {
  const options = new Options(argv, 'fin');
  const pairs = targets(proc, options.operands);
  return forEach(
    proc,
    pairs.map(([source]) => source),
    source => move(proc, source, pairs.find(([from]) => from === source)?.[1] ?? ''),
    error => (error.code === 'ENOENT' ? `mv: cannot access ${error.path}` : `mv: ${error.path}: ${error.reason}`),
  );
};

/** Renames; from one file system to another it copies and removes. */
function move(proc: Process, from: string, to: string): void {
  try {
    proc.files.rename(from, to);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'EXDEV') throw error;
    copy(proc, from, to, { isDeep: true, keeps: true });
    remove(proc, from);
  }
}

function remove(proc: Process, path: string): void {
  const { files } = proc;
  if (files.lstat(path).kind !== 'dir') return files.unlink(path);
  for (const name of files.list(path)) remove(proc, `${path}/${name}`);
  files.rmdir(path);
}

const rm: Main = async (proc, argv) => {
  const options = new Options(argv, 'rRfiv');
  const isDeep = options.has('r') || options.has('R');
  if (options.operands.length === 0 && !options.has('f')) throw new UsageError('Insufficient arguments');
  return forEach(
    proc,
    options.operands,
    name => {
      const kind = kindOf(proc, name);
      if (kind === null && options.has('f')) return;
      if (kind === 'dir' && !isDeep) throw new FileError('EISDIR', name);
      if (['.', '..'].includes(baseOf(name)) || proc.files.find(name)?.path === '/') throw new FileError('EBUSY', name);
      remove(proc, name);
    },
    error => (error.code === 'EISDIR' ? `rm: ${error.path} is a directory` : `${error.path}: ${error.reason}`),
  );
};

function kindOf(proc: Process, path: string): string | null {
  try {
    return proc.files.lstat(path).kind;
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return null;
    throw error;
  }
}

const mkdir: Main = async (proc, argv) => {
  const options = new Options(argv, 'pm:v');
  const text = options.value('m');
  const mode = text === null ? null : changedMode(text, 0o777, { umask: proc.umask, isDir: true });
  if (text !== null && mode === null) throw new UsageError('invalid mode');
  if (options.operands.length === 0) throw new UsageError('Insufficient arguments');
  return forEach(
    proc,
    options.operands,
    name => {
      if (options.has('p')) {
        if (!makeWithParents(proc, name)) return;
      } else proc.files.mkdir(name);
      if (mode !== null) proc.files.chmod(name, mode);
    },
    error => `mkdir: Failed to make directory "${error.path}"; ${error.reason}`,
  );
};

/** False when it was there already. */
function makeWithParents(proc: Process, path: string): boolean {
  const { files } = proc;
  let made = path.startsWith('/') ? '/' : '';
  let isNew = false;
  for (const step of path.split('/')) {
    if (step === '') continue;
    made += made === '' || made.endsWith('/') ? step : `/${step}`;
    isNew = !files.exists(made);
    if (isNew) files.mkdir(made);
    else if (!isDir(proc, made)) throw new FileError('EEXIST', made);
  }
  return isNew;
}

const rmdir: Main = async (proc, argv) => {
  const options = new Options(argv, 'ps');
  return forEach(
    proc,
    options.operands,
    name => proc.files.rmdir(name),
    error => `rmdir: directory "${error.path}": ${error.code === 'EEXIST' ? 'Directory not empty' : error.reason}`,
  );
};

const ln: Main = async (proc, argv) => {
  const options = new Options(argv, 'sfnh');
  const operands = options.operands.length === 1 ? [...options.operands, '.'] : options.operands;
  const target = operands[operands.length - 1] ?? '';
  const isInto = isDir(proc, target) && !(options.has('n') && proc.files.lstat(target).kind === 'link');
  return forEach(
    proc,
    operands.slice(0, -1),
    source => {
      const to = isInto ? `${target.replace(/\/+$/, '')}/${baseOf(source)}` : target;
      if (options.has('f') && kindOf(proc, to) !== null) proc.files.unlink(to);
      if (options.has('s')) proc.files.symlink(source, to);
      else proc.files.link(source, to);
    },
    error => `ln: cannot create ${error.path}: ${error.reason}`,
  );
};

function under(proc: Process, path: string, isDeep: boolean): readonly string[] {
  if (!isDeep || proc.files.lstat(path).kind !== 'dir') return [path];
  return [path, ...proc.files.list(path).flatMap(name => under(proc, `${path}/${name}`, true))];
}

const chmod: Main = async (proc, argv) => {
  // a mode such as -x begins like an option
  const isMode = /^-[rwxXst]+$/.test(argv[1] ?? '');
  const options = new Options(isMode ? [argv[0] ?? '', '--', ...argv.slice(1)] : argv, 'Rfv');
  const [text = '', ...names] = options.operands;
  if (names.length === 0) throw new UsageError('Insufficient arguments');
  return forEach(
    proc,
    names,
    name => {
      for (const path of under(proc, name, options.has('R'))) {
        const stat = proc.files.stat(path);
        const mode = changedMode(text, stat.mode, { umask: proc.umask, isDir: stat.kind === 'dir' });
        if (mode === null) throw new UsageError(`invalid mode: ${text}`);
        proc.files.chmod(path, mode);
      }
    },
    error => `chmod: ${error.path}: ${error.reason}`,
  );
};

/** Users by name or number; groups are taken and forgotten but for root. */
const chown: Main = async (proc, argv) => {
  const options = new Options(argv, 'RhfLHP');
  const [text = '', ...names] = options.operands;
  const user = text.split(':')[0] ?? '';
  const uid = /^\d+$/.test(user) ? Number(user) : proc.kernel.accounts.find(account => account.name === user)?.uid;
  if (uid === undefined && user !== '') {
    await proc.err(`chown: unknown user id ${user}\n`);
    return 1;
  }
  return forEach(
    proc,
    names,
    name => {
      for (const path of under(proc, name, options.has('R'))) {
        const stat = proc.files.stat(path);
        proc.files.chown(path, uid ?? stat.uid, stat.gid);
      }
    },
    error => `chown: ${error.path}: ${error.reason}`,
  );
};

const chgrp: Main = (proc, argv) =>
  forEach(
    proc,
    new Options(argv, 'Rhf').operands.slice(1),
    name => void proc.files.stat(name),
    error => `chgrp: ${error.path}: ${error.reason}`,
  );

const touch: Main = async (proc, argv) => {
  const options = new Options(argv, 'camt:r:d:');
  const reference = options.value('r');
  const stamp = options.value('t');
  const time =
    reference !== null
      ? proc.files.stat(reference).mtime
      : stamp !== null
        ? stampTime(stamp, proc.clock.now())
        : proc.clock.now();
  return forEach(
    proc,
    options.operands,
    name => {
      if (!proc.files.exists(name)) {
        if (options.has('c')) return;
        proc.files.open(name, { write: true, create: true });
      }
      proc.files.utimes(name, time);
    },
    error => `touch: cannot touch ${error.path}: ${error.reason}`,
  );
};

/** [[CC]YY]MMDDhhmm[.SS] */
function stampTime(text: string, now: number): number {
  const match = /^(\d{2})?(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(text);
  if (match === null) throw new UsageError('bad date');
  const [, century, short, month, day, hour, minute, second] = match;
  const yearOf = (two: string): number => (Number(two) < 69 ? 2000 : 1900) + Number(two);
  const year =
    century !== undefined && short !== undefined
      ? Number(century + short)
      : century !== undefined
        ? yearOf(century)
        : new Date(now).getUTCFullYear();
  return Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second ?? '0'));
}

let made = 0;

/** Names are counted, not random: the same run gives the same names. */
const mktemp: Main = async (proc, argv) => {
  const options = new Options(argv, 'dqutp:');
  const dir = options.value('p') ?? proc.env.get('TMPDIR') ?? '/tmp';
  const template = options.operands[0] ?? `${dir}/tmp.XXXXXX`;
  const path = options.has('t') && !template.includes('/') ? `${dir}/${template}` : template;
  for (;;) {
    const name = path.replace(/X+$/, marks =>
      (made++ * 7919 + proc.pid).toString(36).padStart(marks.length, 'a').slice(-marks.length),
    );
    if (proc.files.exists(name)) {
      if (name === path) throw new FileError('EEXIST', path);
      continue;
    }
    if (options.has('d')) proc.files.mkdir(name, 0o700);
    else proc.files.open(name, { write: true, create: true, exclusive: true }, 0o600);
    await proc.out(`${name}\n`);
    return 0;
  }
};

export const FILE_CHANGES: Readonly<Record<string, Main>> = {
  chgrp,
  chmod,
  chown,
  cp,
  ln,
  mkdir,
  mktemp,
  mv,
  rm,
  rmdir,
  touch,
};
