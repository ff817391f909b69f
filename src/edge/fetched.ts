// Files that steps bring from hosts to this side: whole or not at all, for their owner alone. Relative paths are beside
// the playbook. What may be written where is the playbook's word; names never come from a host.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Fetched } from '../model/ports.ts';
import { makeFolder, writeWhole } from './durable.ts';
import { errorCode, errorText } from './files.ts';

export function fetchedUnder(folder: string): Fetched {
  return {
    async read(path) {
      try {
        return await readFile(resolve(folder, path));
      } catch (error) {
        // Whatever is wrong with it shows when it is written, and fails that task, not the run.
        if (errorCode(error) === '') throw error;
        return null;
      }
    },
    async write(path, bytes) {
      const whole = resolve(folder, path);
      try {
        await makeFolder(dirname(whole));
        await writeWhole(whole, bytes, 0o600);
        return null;
      } catch (error) {
        if (errorCode(error) === '') throw error;
        return `${whole}: ${errorText(error)}`;
      }
    },
  };
}
