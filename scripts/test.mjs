// `npm test`: sets up, runs mocha with whatever arguments follow, and says at the end in one plain line how many tests
// passed and failed. The exit status is mocha's.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { root, setUp } from './setup.mjs';

setUp();

const without = (...folders) => folders.flatMap(folder => ['--ignore', `test/${folder}/**`]);
const wanted = process.argv.slice(2);
const specs =
  wanted.length > 0
    ? wanted
    : ['test/**/*.test.ts', 'sim/**/*.test.ts', ...without('debian', 'openssh', 'ssh-laws', 'ansible/live')];
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
// Files run side by side: none knows of another.
const jobs = Math.max(1, Math.min(4, availableParallelism()));
const child = spawn(process.execPath, [mocha, '--parallel', '--jobs', String(jobs), ...specs], {
  cwd: root,
  stdio: ['inherit', 'pipe', 'inherit'],
  env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
});

let tail = '';
child.stdout.on('data', piece => {
  process.stdout.write(piece);
  tail = (tail + piece).slice(-1_000_000);
});

function count(word) {
  const plain = tail.replaceAll(/\x1b\[[0-9;]*m/g, '');
  const found = [...plain.matchAll(new RegExp(`^ *(\\d+) ${word}\\b`, 'gm'))].pop();
  return found === undefined ? 0 : Number(found[1]);
}

child.on('close', (code, signal) => {
  const failed = count('failing');
  process.stdout.write(`${count('passing')} passed, ${failed} failed\n`);
  process.exit(code ?? (signal === null ? 1 : 130));
});
