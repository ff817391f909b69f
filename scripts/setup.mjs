// Brings node_modules into the state that package-lock.json describes, quietly, and only when it isn't: so that a fresh
// clone needs one command. Uses nothing but node's own modules, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = join(root, 'package-lock.json');
/** The version of the package that lies in this folder, or undefined. */
function versionIn(folder) {
  const manifest = join(root, folder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/**
 * True when every package that the lock file names is there in that version; those for other systems don't count. The
 * packages themselves are looked at: npm's own note of what it installed can tell of a tree that is no longer there.
 */
function isFresh() {
  return Object.entries(JSON.parse(readFileSync(LOCK, 'utf8')).packages)
    .filter(([path, wanted]) => path.startsWith('node_modules/') && !wanted.optional && !wanted.peer)
    .every(([path, wanted]) => (wanted.link ? existsSync(join(root, path)) : versionIn(path) === wanted.version));
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
