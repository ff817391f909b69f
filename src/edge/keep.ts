// Old file contents for undo, one file a content, named by its sha256. Putting the same content twice keeps one copy.
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keep } from '../model/ports.ts';
import { writeWhole } from './durable.ts';
import { errorCode } from './files.ts';

const DIGEST = /^[0-9a-f]{64}$/;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

export function keepIn(folder: string): Keep {
  return {
    async put(bytes) {
      const digest = sha256(bytes);
      const path = join(folder, digest);
      if (!(await exists(path))) await writeWhole(path, bytes, 0o600);
      return digest;
    },
    async get(digest) {
      if (!DIGEST.test(digest)) return null;
      try {
        const bytes = await readFile(join(folder, digest));
        // A damaged copy must never be put back on a host: it counts as not there.
        return sha256(bytes) === digest ? bytes : null;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
