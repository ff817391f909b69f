// The disk as the inner rooms may see it: whole text files and the names in a folder. It writes nothing.
import { isUtf8 } from 'node:buffer';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../model/ports.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  ELOOP: 'its symbolic links lead in a circle',
};

/** The code of a failed system call, or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A path may begin with ~ for the home of whoever runs us. */
export function atHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** False also behind a folder that may not be entered. */
async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  );
}

/** A program is started, not read: an inventory may be one. */
function isProgram(bytes: Buffer): boolean {
  return /^(?:#!|\u007fELF)/.test(bytes.toString('latin1', 0, 4));
}

// Read as UTF-8 all the same, each letter that isn't would arrive on the hosts as another one.
function encodingOf(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') return 'it is UTF-16: save it as UTF-8';
  if (bytes.includes(0)) return 'it is not a text';
  const line = bytes.toString('utf8').split('\ufffd')[0]?.split('\n').length ?? 1;
  return `line ${line} is not UTF-8: save it as UTF-8`;
}

export function diskFiles(): Files {
  return {
    isFolder,
    real: path => realpath(path).catch(() => null),
    async read(path) {
      try {
        const bytes = await readFile(path);
        const why = isUtf8(bytes) || isProgram(bytes) ? null : encodingOf(bytes);
        return why === null ? { is: 'text', text: bytes.toString('utf8') } : { is: 'missing', why };
      } catch (error) {
        return { is: 'missing', why: WHY[errorCode(error)] ?? errorText(error) };
      }
    },
    async list(dir) {
      try {
        return (await readdir(dir)).sort();
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(errorCode(error)) || !(await isFolder(dir))) return [];
        throw error;
      }
    },
  };
}
