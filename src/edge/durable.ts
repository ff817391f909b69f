// Writing so that it survives a power cut: whole files by temporary file, sync, rename, sync of the folder; lines at the
// end of a file by writes that come back when they are on disk.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './files.ts';

/** A new or renamed file is only safe once its folder is on disk too. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Folders of a run hold what hosts said: for their owner alone. Each missing one is tried once: the recursive form of
 * mkdir never returns where a folder can neither be made nor is missing (/proc).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(path));
}

/** A file that a user named: why it can't be written, in words about that name, or null when it is written. */
export async function writeNamed(path: string, text: string): Promise<string | null> {
  try {
    await writeWhole(path, text, 0o644);
    return null;
  } catch (error) {
    const code = errorCode(error);
    if (code === '') throw error;
    return `${path} can't be written: ${NOT_WRITTEN[code] ?? code}`;
  }
}

const NOT_WRITTEN: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'its folder may not be written to',
  EROFS: 'its disk may only be read',
  ENOSPC: 'the disk is full',
};

/** Whole or not at all. */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  await writeRenamed(path, bytes, mode);
  await syncFolder(dirname(path));
}

/** The same for one who syncs the folder: until then the name may be lost, and never half of what it stands for. */
export async function writeRenamed(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.new`);
  try {
    await writeSynced(temporary, bytes, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function writeSynced(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const { O_APPEND, O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;
const TO_APPEND = O_APPEND | O_WRONLY | O_DSYNC;

/** For `appendDurably`. A new one is for its owner alone, and must not be there yet. */
export const openToAppend = (path: string, is: 'new' | 'there'): Promise<FileHandle> =>
  is === 'new' ? open(path, TO_APPEND | O_CREAT | O_EXCL, 0o600) : open(path, TO_APPEND);

/** Elsewhere a write to a file that was opened so may stop at the drive's own memory. */
const GETS_THROUGH = process.platform === 'linux';

/** On disk when it resolves: one trip there, where a write and a sync after it are two. */
export async function appendDurably(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let left = bytes; left.length > 0; ) {
    const { bytesWritten } = await file.write(left);
    left = left.subarray(bytesWritten);
  }
  if (!GETS_THROUGH) await file.datasync();
}
