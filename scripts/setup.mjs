// Brings node_modules into the state that package-lock.json describes, quietly, and only when it isn't: so that a fresh
// clone needs one command. Uses nothing but node's own modules, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = join(root, 'package-lock.json');
/** What npm wrote down of the last installation, whoever ran it. */
const INSTALLED = join(root, 'node_modules', '.package-lock.json');

const packagesOf = file => JSON.parse(readFileSync(file, 'utf8')).packages;

/** True when every package that the lock file names is there in that version; those for other systems don't count. */
function isFresh() {
  if (!existsSync(INSTALLED)) return false;
  const installed = packagesOf(INSTALLED);
  return Object.entries(packagesOf(LOCK))
    .filter(([path, wanted]) => path.startsWith('node_modules/') && !wanted.optional && !wanted.peer)
    .every(([path, wanted]) => path in installed && installed[path].version === wanted.version);
}

/** Installs what is missing; ends the process with words when that fails. */
export function setUp() {
  if (isFresh()) return;
  process.stderr.write('installing what package-lock.json names ...\n');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write(npm.stderr ?? '');
    process.stderr.write(
      `npm ci failed${npm.error === undefined ? '' : `: ${npm.error.message}`}; it is run in ${root}\n`,
    );
    process.exit(1);
  }
}
