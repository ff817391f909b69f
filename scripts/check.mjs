// `npm run check`: everything that holds without running the program, as scripts of package.json. The linter, which
// takes longest, runs beside all the others, these one after the other: so many lanes as two processors can use. What a
// part prints comes in one piece when it ends; all parts run, also after a failure, so that one run shows them all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { root, setUp } from './setup.mjs';

const LANES = [['lint'], ['types', 'format', 'dead', 'layers']];

setUp();

/** Runs a script of package.json and prints what it printed; true when it ended well. */
async function holds(script) {
  const begun = performance.now();
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
    shell: process.platform === 'win32',
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', piece => printed.push(piece));
  const [code] = await once(child, 'close');
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(Buffer.concat(printed));
  process.stdout.write(`${script}: ${code === 0 ? 'holds' : 'FAILS'} (${seconds} s)\n`);
  return code === 0;
}

async function lane(scripts) {
  const failed = [];
  for (const script of scripts) if (!(await holds(script))) failed.push(script);
  return failed;
}

const failed = (await Promise.all(LANES.map(lane))).flat();
if (failed.length > 0) {
  process.stdout.write(`check fails: ${failed.join(', ')}\n`);
  process.exit(1);
}
