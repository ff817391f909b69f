// Far ends for the steps of ordinary work: a simulated Solaris host in this process, and this machine's own sh in a
// folder of the test. The steps are driven on both in the order the engine keeps, so that what holds of one and not of
// the other shows.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Undo } from '../../src/model/action.ts';
import type { Command, Ended } from '../../src/model/command.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { type Answer, answer, tellRefusal } from '../../src/model/refusal.ts';
import type { Doer, Step } from '../../src/model/step.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { type Becoming, commandLine } from '../../src/text/shell.ts';
import { simulated } from '../fleet/simulated.ts';
import { readFleet } from '../../sim/world/read.ts';
import { PAIR } from '../laws/fleets.ts';
import { oneTask } from './one-task.ts';
import { OPEN_HARBOUR } from '../fleet/harbour.ts';

type Exec = (line: string, stdin: Uint8Array) => Promise<Ended>;

export interface Performed {
  readonly outcome: 'changed' | 'unchanged' | 'failed' | 'blocked';
  readonly why: string;
  readonly result: JsonObject;
  readonly undo: Undo;
}

export interface FarEnd {
  /** A folder that is there and empty, without a slash at its end. */
  readonly root: string;
  /** Runs a text on the host and gives what it printed. @throws when it fails. */
  sh(text: string): Promise<string>;
  perform(name: string, args: JsonObject): Promise<Performed>;
  /** As the engine takes an action back; gives the outcomes. */
  undo(undo: Undo): Promise<readonly string[]>;
  readonly doer: Doer;
  /** What --diff told. */
  readonly diffs: string[];
  /** Files beside the playbook, by name. */
  readonly local: Map<string, Uint8Array>;
  /** What fetch brought, by where it lies. */
  readonly fetched: Map<string, Uint8Array>;
  /** Does to the next command that changes what the test wants, instead of running it whole. */
  onceInstead(what: (line: string, stdin: Uint8Array, exec: Exec) => Promise<Ended>): void;
  /** What a line comes to instead of being run; null runs it. */
  instead(what: (line: string) => Ended | null): void;
  close(): void;
}

function simulatedEnd(): FarEnd {
  const { hosts } = simulated(readFleet(PAIR));
  const host = hosts(hostName('nacaozumbi'));
  const exec: Exec = (line, stdin) => host.exec(line, { limitMs: 600_000, stdin });
  return farEnd('/var/tmp/t', exec, () => undefined);
}

/** Any host, in a folder that isn't there yet, with the rights of another user. */
export function hostEnd(host: Host, root: string, become: Becoming): FarEnd {
  const exec: Exec = (line, stdin) => host.exec(line, { limitMs: 60_000, stdin });
  return farEnd(root, exec, () => undefined, { become, read: path => host.read(path) });
}

export function realEnd(): FarEnd {
  const root = mkdtempSync(join(tmpdir(), 'zf-steps-'));
  return farEnd(join(root, 't'), realExecAs({}), () => rmSync(root, { recursive: true, force: true }));
}

/** Scripts for /bin/sh are read by another shell here. */
export function shellEnd(words: string, edited: (line: string) => string = line => line): FarEnd {
  const root = mkdtempSync(join(tmpdir(), 'zf-shells-'));
  const shell = join(root, 'sh');
  writeFileSync(shell, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const exec = realExecAs({});
  const byIt: Exec = (line, stdin) => exec(edited(line).replaceAll('/bin/sh', shell), stdin);
  return farEnd(join(root, 't'), byIt, () => rmSync(root, { recursive: true, force: true }));
}

/** Where every claim about programs and files should hold. */
export const BOTH_ENDS = [
  ['a simulated Solaris host', simulatedEnd],
  ["this machine's sh", realEnd],
] as const;

/** The same as somebody who owns nothing there but the folder; only root can become one. */
export function strangerEnd(): FarEnd {
  const root = mkdtempSync(join(tmpdir(), 'zf-steps-'));
  chmodSync(root, 0o777);
  return farEnd(join(root, 't'), realExecAs({ uid: 65_534, gid: 65_534 }), () =>
    rmSync(root, { recursive: true, force: true }),
  );
}

const realExecAs =
  (user: { readonly uid?: number; readonly gid?: number }): Exec =>
  (line, stdin) =>
    new Promise(resolve => {
      const child = spawn('/bin/sh', ['-c', line], user);
      let [out, err] = ['', ''];
      child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
      child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
      child.stdin.on('error', () => undefined);
      child.stdin.end(Buffer.from(stdin));
      child.on('close', (code, signal) =>
        resolve(
          code === null
            ? { is: 'signalled', name: (signal ?? '').replace('SIG', ''), out, err }
            : { is: 'exited', code, out, err },
        ),
      );
    });

const NOBODY_ELSE: Becoming = { method: 'none', user: '' };

interface Way {
  readonly become: Becoming;
  readonly read: Doer['readFile'];
}

const NO_SFTP: Answer<null> = { is: 'no', refusal: { is: 'not-sent', command: 'sftp', why: 'no SFTP session' } };
const PLAIN: Way = { become: NOBODY_ELSE, read: () => Promise.resolve(NO_SFTP) };

type Desk = Pick<FarEnd, 'local' | 'fetched' | 'diffs'>;
type Send = Doer['do'];

/** What a step is handed: commands go to the far end, files of this side lie on the desk, and time passes by sleeping. */
function doerAt({ local, fetched, diffs }: Desk, send: Send, read: Way['read']): Doer {
  let now = 0;
  const doer: Doer = {
    ...oneTask(new Map()),
    ask: command => (command.changes ? Promise.reject(new Error('a look that changes')) : send(command)),
    do: send,
    readFile: path => read(path),
    localFile: path => Promise.resolve(local.get(path) ?? null),
    post: () => Promise.resolve({ is: 'not-sent', why: 'there is no network here' }),
    fetched: {
      read: path => Promise.resolve(fetched.get(path) ?? null),
      write: (path, bytes) => {
        if (path.startsWith('/proc')) return Promise.resolve(`${path}: no room there`);
        fetched.set(path, bytes);
        return Promise.resolve(null);
      },
    },
    reconnect: () => Promise.resolve({ is: 'ok', value: null }),
    peer: () => doer,
    now: () => now,
    sleep: ms => {
      now += ms;
      return Promise.resolve();
    },
    harbour: OPEN_HARBOUR,
    stopping: () => false,
    tell: told => {
      if (told.type === 'diff') diffs.push(told.text);
      return Promise.resolve();
    },
    diff: true,
  };
  return doer;
}

function farEnd(root: string, exec: Exec, close: () => void, { become, read }: Way = PLAIN): FarEnd {
  const desk = { local: new Map<string, Uint8Array>(), fetched: new Map<string, Uint8Array>(), diffs: [] };
  let instead: Parameters<FarEnd['onceInstead']>[0] | null = null;
  let ruled: Parameters<FarEnd['instead']>[0] = () => null;
  const send = async <T>(command: Command<T>) => {
    const line = commandLine(command.argv, become);
    const stdin = Buffer.from(command.stdin);
    const own = command.changes ? instead : null;
    if (own !== null) instead = null;
    const ended = ruled(line) ?? (await (own === null ? exec(line, stdin) : own(line, stdin, exec)));
    return answer(command.argv.join(' '), ended, end => command.read(end));
  };
  const doer = doerAt(desk, send, read);
  const sh = async (text: string): Promise<string> => {
    const ended = await exec(
      commandLine(['/bin/sh', '-c', `cd ${root} && ${text}`], { method: 'none', user: '' }),
      Buffer.from(''),
    );
    if (ended.is !== 'exited' || ended.code !== 0) throw new Error(`${text}: ${JSON.stringify(ended)}`);
    return ended.out;
  };
  const ready = exec(`mkdir ${root}`, Buffer.from(''));
  const readied = <A extends unknown[], R>(work: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      await ready;
      return work(...given);
    };
  };
  return {
    ...{ root, doer, ...desk, close },
    sh: readied(sh),
    perform: readied((name: string, args: JsonObject) => perform(step(name), args, doer)),
    undo: readied((undo: Undo) => takeBack(undo, doer)),
    onceInstead: what => {
      instead = what;
    },
    instead: what => {
      ruled = what;
    },
  };
}

function step(name: string): Step {
  const found = catalogue.get(name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
}

const NOTHING: Undo = { is: 'nothing' };

/** Check, undo, apply, check again: what the engine does. */
async function perform(one: Step, given: JsonObject, doer: Doer): Promise<Performed> {
  const parsed = one.args().parse(given);
  const args = one.born(parsed, {
    ...{ host: doer.host, facts: null, migrations: [], staying: [], fleet: {} },
    reserveBytes: () => null,
    cpuClass: () => null,
    returns: () => null,
  });
  const before = await one.check(args, doer);
  if (before.is === 'no-answer')
    return { outcome: 'failed', why: tellRefusal(before.refusal), result: {}, undo: NOTHING };
  if (before.is === 'blocked') return { outcome: 'blocked', why: before.why, result: {}, undo: NOTHING };
  if (before.is === 'done') {
    const result = one.result(args, before.seen, before.seen, null);
    return { outcome: 'unchanged', why: before.text, result, undo: NOTHING };
  }
  const undo = one.undo(args, before.seen);
  const applied = await one.apply(args, before.seen, doer);
  if (applied.is === 'answered') return answered(one.result(args, before.seen, before.seen, applied.reply), undo);
  const after = await one.check(args, doer);
  if (applied.is === 'refused') return { outcome: 'failed', why: tellRefusal(applied.refusal), result: {}, undo };
  if (after.is === 'no-answer' || after.is === 'blocked')
    return {
      outcome: 'failed',
      why: after.is === 'blocked' ? after.why : tellRefusal(after.refusal),
      result: {},
      undo,
    };
  if (after.is === 'todo') return { outcome: 'failed', why: `still to do: ${after.text}`, result: {}, undo };
  const result = one.result(args, before.seen, after.seen, applied.reply);
  return { outcome: result['failed'] === true ? 'failed' : 'changed', why: after.text, result, undo };
}

function answered(result: JsonObject, undo: Undo): Performed {
  return { outcome: result['failed'] === true ? 'failed' : 'changed', why: String(result['msg']), result, undo };
}

async function takeBack(undo: Undo, doer: Doer): Promise<readonly string[]> {
  if (undo.is !== 'steps') return [undo.is];
  const outcomes: string[] = [];
  for (const { step: name, args } of undo.steps) {
    const one = step(name);
    const before = await one.check(args, doer);
    if (before.is === 'done') outcomes.push('unchanged');
    else if (before.is === 'todo') {
      const applied = await one.apply(args, before.seen, doer);
      const after = await one.check(args, doer);
      outcomes.push(
        after.is === 'done' ? 'changed' : applied.is === 'refused' ? tellRefusal(applied.refusal) : after.is,
      );
    } else outcomes.push(before.is === 'blocked' ? before.why : before.is);
  }
  return outcomes;
}
