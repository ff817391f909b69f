// `npm run demo`: sets up, starts a simulated fleet, rolls an update through it with the shipped playbook, shows what
// has become of the fleet, and stops what it started, also after Ctrl-C or a failure. Needs nothing but node and npm.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, setUp } from './setup.mjs';

/** Host time runs so many times as fast as real time; eight hosts then take about half a minute. Much
 *  faster, and the real time that a look at a host takes becomes minutes of the host's. */
const SPEED = process.env.DEMO_SPEED ?? '120';
const DIR = '.demo';
const PLAYBOOK = 'playbooks/rolling-upgrade.yml';

const node = (args, options) => spawn(process.execPath, args, { cwd: root, ...options });
const labWords = words => ['--import', 'tsx', join('sim', 'main.ts'), ...words, '--dir', DIR];

/** In a process group of its own, so that Ctrl-C reaches the run and not the hosts under it; it ends when we do. */
async function startLab() {
  const words = labWords(['up', '--hosts', '8', '--zones', '24', '--seed', '7', '--speed', SPEED]);
  const lab = node(words, { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(lab, 'exit').then(() => false);
  const isReady = await Promise.race([once(lab, 'message').then(() => true), gone]);
  if (!isReady) throw new Error('the lab did not start');
  return { stop: () => stop(lab, gone) };
}

async function stop(lab, gone) {
  if (lab.exitCode !== null) return;
  lab.disconnect();
  await gone;
}

async function world() {
  const asked = node(labWords(['world']), { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  asked.stdout.on('data', piece => (text += piece));
  await once(asked, 'close');
  if (text === '') throw new Error('the lab does not answer any more');
  return JSON.parse(text).hosts;
}

async function run() {
  const state = { ZONEFERRY_STATE: join(root, DIR, 'state') };
  const words = ['run', PLAYBOOK, '-i', join(DIR, 'inventory.yml'), '--yes'];
  process.stdout.write(`\n$ zoneferry ${words.join(' ')}\n\n`);
  const child = node([join('bin', 'zoneferry.js'), ...words], { stdio: 'inherit', env: { ...state, ...process.env } });
  // a terminal's Ctrl-C reaches the run by itself, and what it means is the run's business
  const ignore = () => {};
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  const [code] = await once(child, 'close');
  process.off('SIGTERM', pass);
  return code ?? 130;
}

function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map(row => row[at].length)));
  return rows
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function fleetTable(before, after) {
  const runningOf = host => host.zones.filter(zone => zone.state === 'running').map(zone => zone.name);
  const rows = after.map(host => {
    const old = before.find(one => one.name === host.name);
    const [was, is] = [runningOf(old), runningOf(host)];
    const home = was.filter(zone => is.includes(zone)).length;
    const state = !host.up ? 'down' : host.maintenance === null ? 'open' : 'closed';
    return [host.name, state, old.entire, host.entire, String(host.boots), `${home} of ${was.length}`];
  });
  return table([['HOST', 'STATE', 'BEFORE', 'NOW', 'BOOTS', 'ZONES AT HOME'], ...rows]);
}

async function demo() {
  setUp();
  rmSync(join(root, DIR), { recursive: true, force: true });
  process.stdout.write('Eight simulated Solaris hosts with 24 zones, each behind an SSH server of its own.\n');
  const lab = await startLab();
  try {
    const before = await world();
    const started = Date.now();
    const code = await run();
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stdout.write(`\nThe fleet after ${seconds} s, host time ran ${SPEED} times as fast:\n\n`);
    process.stdout.write(`${fleetTable(before, await world())}\n\n`);
    process.stdout.write(`The journal of the run lies in ${DIR}/state.\n`);
    return code;
  } finally {
    await lab.stop();
  }
}

try {
  process.exitCode = await demo();
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
}
