// The disk as the inner rooms may see it: whole text files and the names in a folder. It writes nothing.
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../model/ports.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
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

export function diskFiles(): Files {
  return {
    async read(path) {
      try {
        return { is: 'text', text: await readFile(path, 'utf8') };
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
