// Builtins about where and how files are made: cd, pwd, umask, ulimit.
import { FileError } from '../os/file-error.ts';
import type { Builtin } from './builtins.ts';
import type { Shell } from './interp.ts';
import { changedMode, symbolic } from '../util/mode.ts';

/** A path without . and .. in it, by its letters alone (cd -L). */
function logical(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}

function here(sh: Shell): string {
  return sh.value('PWD') ?? sh.proc.cwd;
}

const cd: Builtin = async (sh, argv) => {
  const words = argv.slice(1).filter(word => !/^-[LP]+$/.test(word) && word !== '--');
  const isPhysical = argv.some(word => /^-L*P/.test(word));
  const wanted = words[0] ?? sh.value('HOME');
  const target = wanted === '-' ? sh.value('OLDPWD') : wanted;
  if (target === null || target === undefined) {
    await sh.complain(wanted === '-' ? 'cd: OLDPWD not set' : 'cd: HOME not set');
    return 1;
  }
  const bases = /^\.{0,2}\//.test(target) || /^\.{1,2}$/.test(target) ? [''] : (sh.value('CDPATH') ?? '').split(':');
  for (const base of bases) {
    const from = base === '' ? target : `${base}/${target}`;
    const path = logical(from.startsWith('/') ? from : `${here(sh)}/${from}`);
    const isThere = sh.proc.files.find(path)?.node?.kind === 'dir';
    if (!isThere && base !== bases[bases.length - 1]) continue;
    const status = await enter(sh, isPhysical && isThere ? sh.proc.files.realpath(path) : path, target);
    if (status === 0 && (base !== '' || wanted === '-')) await sh.proc.out(`${sh.proc.cwd}\n`);
    return status;
  }
  return 1;
};

async function enter(sh: Shell, path: string, target: string): Promise<number> {
  const complaint = problem(sh, path);
  if (complaint !== null) {
    await sh.complain(sh.dialect.name === 'ksh93' ? `cd: ${target}: [${complaint}]` : `cd: ${target}: ${complaint}`);
    return sh.dialect.redirectStatus;
  }
  const old = here(sh);
  sh.proc.cwd = path;
  sh.set('OLDPWD', old);
  sh.set('PWD', path);
  return 0;
}

function problem(sh: Shell, path: string): string | null {
  try {
    if (sh.proc.files.stat(path).kind !== 'dir') return new FileError('ENOTDIR', path).reason;
    return sh.proc.files.may(path, 'x') ? null : new FileError('EACCES', path).reason;
  } catch (error) {
    if (error instanceof FileError) return error.reason;
    throw error;
  }
}

const pwd: Builtin = async (sh, argv) => {
  await sh.proc.out(`${argv[1] === '-P' ? sh.proc.files.realpath('.') : here(sh)}\n`);
  return 0;
};

const umask: Builtin = async (sh, argv) => {
  const word = argv[argv.length - 1] ?? '';
  if (argv.length === 1) await sh.proc.out(`${sh.proc.umask.toString(8).padStart(4, '0')}\n`);
  else if (word === '-S') await sh.proc.out(`${symbolic(0o777 & ~sh.proc.umask)}\n`);
  else if (/^[0-7]{1,4}$/.test(word)) sh.proc.umask = Number.parseInt(word, 8) & 0o777;
  else {
    const allowed = changedMode(word, 0o777 & ~sh.proc.umask, { umask: 0, isDir: false });
    if (allowed === null) {
      await sh.complain(`umask: ${word}: bad format`);
      return 1;
    }
    sh.proc.umask = 0o777 & ~allowed;
  }
  return 0;
};

const ulimit: Builtin = async (sh, argv) => {
  if (argv.slice(1).every(word => word.startsWith('-'))) await sh.proc.out('unlimited\n');
  return 0;
};

export const PLACES: Readonly<Record<string, Builtin>> = { cd, pwd, ulimit, umask };
