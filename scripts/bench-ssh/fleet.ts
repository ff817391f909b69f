// A fleet of real OpenSSH servers that is there while the benchmark works on it: started and ended by fleet.sh, with
// what a runner needs put into its folder.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const FILES = 5;
const FILE_BYTES = 4096;

export interface Fleet {
  readonly folder: string;
  readonly hosts: number;
  readonly rttMs: number;
  /** A process in the network from which the hosts are reached. */
  readonly client: number;
  /** The control group of the servers. */
  readonly servers: string;
  /** How many server processes wait for connections. */
  readonly sshds: number;
  end(): void;
}

export function startFleet(hosts: number, rttMs: number): Fleet {
  const folder = mkdtempSync(join(tmpdir(), 'zoneferry-bench-'));
  const end = (): void => {
    execFileSync(join(here, 'fleet.sh'), ['down', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    execFileSync(join(here, 'fleet.sh'), ['up', folder, String(hosts), String(rttMs)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    furnish(folder);
    const env = JSON.parse(readFileSync(join(folder, 'env'), 'utf8')) as Pick<Fleet, 'client' | 'servers' | 'sshds'>;
    return { folder, hosts, rttMs, ...env, end };
  } catch (error) {
    end();
    throw error;
  }
}

/** The program as it is published, and the files that the runners send. */
function furnish(folder: string): void {
  const program = join(folder, 'zoneferry');
  mkdirSync(program);
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(root, name), join(program, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'));
  for (let number = 0; number < FILES; number += 1)
    writeFileSync(join(folder, 'work', `f${number}`), randomBytes(FILE_BYTES).toString('base64').slice(0, FILE_BYTES));
}
