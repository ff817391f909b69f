// The lab as a program: `node main.ts up --hosts 8`, the same words as after `zoneferry lab`. Whoever starts it with an
// IPC channel is its keeper: when that one goes away the lab ends too, unless it was told to stay.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ask } from './lab/control.ts';
import { FILES } from './lab/inventory.ts';
import { isAlive, lastWords, readRecord, removeFiles, socketPath } from './lab/record.ts';
import type { FaultWords, UpWords } from './lab/words.ts';
import { USAGE, readWords } from './lab/words.ts';

const EXIT = { ok: 0, bug: 1, wrong: 2 };
const READY = 'lab ready';
const STAY = 'stay';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const complain = (text: string): boolean => process.stderr.write(`zoneferry lab: ${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const words = readWords(args);
  switch (words.is) {
    case 'up':
      return up(words, args);
    case 'world':
      return world(words.dir);
    case 'fault':
      return fault(words);
    case 'faults':
      return faults();
    case 'down':
      return down(words.dir);
    case 'help':
      process.stdout.write(USAGE);
      return EXIT.ok;
    case 'wrong':
      complain(`${words.text}; \`zoneferry lab --help\` shows all`);
      return EXIT.wrong;
    default: {
      const never: never = words;
      return never;
    }
  }
}

async function up(words: UpWords, args: readonly string[]): Promise<number> {
  const record = readRecord(words.dir);
  if (record !== null && isAlive(record)) {
    complain(
      `a lab already runs in ${words.dir}: \`zoneferry lab down --dir ${words.dir}\` ends it, --dir starts another`,
    );
    return EXIT.wrong;
  }
  if (words.detach) return startDetached(words.dir, args);
  // loaded only where the lab really runs: who asks or starts one in the background doesn't wait for the whole world
  const [{ findFleet }, { startLab }] = await Promise.all([import('./lab/fleet-file.ts'), import('./lab/up.ts')]);
  const found = findFleet(words.fleet);
  if (found.is === 'wrong') {
    for (const line of found.lines) complain(line);
    return EXIT.wrong;
  }
  const lab = await startLab(words, found.spec, complain);
  for (const line of lab.about) say(line);
  say(READY);
  process.send?.(READY);
  stopWithKeeper(() => lab.stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => lab.stop());
  await lab.stopped;
  return EXIT.ok;
}

function stopWithKeeper(stop: () => void): void {
  if (process.send === undefined) return;
  let mayStay = false;
  process.on('message', message => {
    if (message === STAY) mayStay = true;
  });
  process.on('disconnect', () => {
    if (!mayStay) stop();
  });
  // gone before we could listen
  if (!process.connected) stop();
}

/** Starts this program once more as the lab, waits until that is ready, and leaves it. */
async function startDetached(dir: string, args: readonly string[]): Promise<number> {
  mkdirSync(resolve(dir), { recursive: true, mode: 0o700 });
  const log = openSync(join(dir, FILES.log), 'w', 0o600);
  const child = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), ...args.filter(arg => arg !== '--detach')],
    { detached: true, stdio: ['ignore', log, log, 'ipc'] },
  );
  closeSync(log);
  const failed = await readyOrGone(child);
  (failed === null ? process.stdout : process.stderr).write(`${lastWords(dir)}\n`);
  if (failed !== null) return failed;
  child.send(STAY);
  child.disconnect();
  child.unref();
  return EXIT.ok;
}

/** Null when the lab is ready, else the status it ended with. */
async function readyOrGone(child: ChildProcess): Promise<number | null> {
  const ready = once(child, 'message').then(() => null);
  const gone = new Promise<number>(done => {
    child.once('exit', code => done(code ?? EXIT.bug));
  });
  return Promise.race([ready, gone]);
}

async function faults(): Promise<number> {
  const { faultKinds } = await import('./world/fault-table.ts');
  for (const { name, doc } of faultKinds().values()) say(`${name.padEnd(32)} ${doc}`);
  return EXIT.ok;
}

async function world(dir: string): Promise<number> {
  const answer = await asked(dir, { do: 'world' });
  if (answer === null) return EXIT.wrong;
  say(JSON.stringify(answer.data, null, 2));
  return EXIT.ok;
}

async function fault({ dir, host, fault: name, nth, zone }: FaultWords): Promise<number> {
  const answer = await asked(dir, { do: 'fault', host, fault: name, nth: String(nth), zone });
  return answer === null ? EXIT.wrong : EXIT.ok;
}

/** Null after the reason has been said. */
async function asked(dir: string, request: object): Promise<{ readonly data: unknown } | null> {
  const answer = await ask(readRecord(dir)?.socket ?? socketPath(dir), request);
  if (answer?.ok === true) return answer;
  complain(answer === null ? `no lab runs in ${dir}; \`zoneferry lab up --dir ${dir}\` starts one` : answer.error);
  return null;
}

async function down(dir: string): Promise<number> {
  const record = readRecord(dir);
  const socket = record?.socket ?? socketPath(dir);
  if ((await ask(socket, { do: 'down' }, true)) !== null) {
    say(`the lab in ${dir} is down`);
    return EXIT.ok;
  }
  if (record === null) {
    complain(`no lab runs in ${dir}`);
    return EXIT.wrong;
  }
  if (isAlive(record)) {
    complain(`the lab in ${dir} does not answer; its process is ${record.pid}`);
    return EXIT.bug;
  }
  removeFiles(resolve(dir), socket);
  say(`no lab runs in ${dir}; what a dead one left is removed`);
  return EXIT.ok;
}

/** A folder that can't be made or a port range that is used up is the operator's to mend, not a bug to be traced. */
async function guarded(args: readonly string[]): Promise<number> {
  try {
    return await main(args);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    complain(error.message);
    return EXIT.wrong;
  }
}

process.exitCode = await guarded(process.argv.slice(2));
// a keeper's channel or a connection that hangs must not hold a lab that has ended
if (process.exitCode !== undefined) process.exit();
