// Where runs live on the controller: runs/ID/{plan.json, journal.jsonl, key, output/, keep/, run.lock}, locks/HOST.lock.
// It knows places and names; what stands in the files is for others.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { HostName, RunId } from '../model/ids.ts';
import { runId } from '../model/ids.ts';
import { makeFolder, syncFolder, writeRenamed, writeSynced } from './durable.ts';
import { errorCode } from './files.ts';

export interface RunPaths {
  readonly id: RunId;
  readonly folder: string;
  readonly plan: string;
  readonly journal: string;
  /** The run's own key for sealed values: 32 bytes, for the owner alone, never exported. */
  readonly key: string;
  /** What didn't fit the journal of a command's output. */
  readonly output: string;
  readonly keep: string;
  readonly lock: string;
}

export type FoundRun =
  | { readonly is: 'found'; readonly paths: RunPaths }
  | { readonly is: 'none' }
  | { readonly is: 'several'; readonly ids: readonly RunId[] };

const ID = /^[0-9a-f]{8}$/;
const KEY_BYTES = 32;

/** A relative XDG_STATE_HOME is to be ignored (XDG Base Directory Specification 0.8). */
export function stateRoot(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['ZONEFERRY_STATE'];
  if (own) return resolve(own);
  const xdg = env['XDG_STATE_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state'), 'zoneferry');
}

export function newRunId(): RunId {
  return runId(randomBytes(4).toString('hex'));
}

export function runPaths(root: string, id: RunId): RunPaths {
  const folder = join(root, 'runs', id);
  return {
    id,
    folder,
    plan: join(folder, 'plan.json'),
    journal: join(folder, 'journal.jsonl'),
    key: join(folder, 'key'),
    output: join(folder, 'output'),
    keep: join(folder, 'keep'),
    lock: join(folder, 'run.lock'),
  };
}

export const hostLocksFolder = (root: string): string => join(root, 'locks');

export function hostLockPath(root: string, host: HostName): string {
  return join(hostLocksFolder(root), `${encodeURIComponent(host)}.lock`);
}

/** The folder of a new run with its key and plan in it, or nothing of it; the journal comes later. */
export async function createRun(root: string, id: RunId, planText: string): Promise<RunPaths> {
  const paths = runPaths(root, id);
  await Promise.all([join(root, 'runs'), join(root, 'locks')].map(makeFolder));
  // One that is there already is another run's, whatever the odds.
  await mkdir(paths.folder, { mode: 0o700 });
  try {
    // What is in the folder comes to the disk with it, by one sync.
    await allOf([
      syncFolder(dirname(paths.folder)),
      mkdir(paths.output, { mode: 0o700 }),
      mkdir(paths.keep, { mode: 0o700 }),
      writeSynced(paths.key, randomBytes(KEY_BYTES), 0o600),
      writeRenamed(paths.plan, planText, 0o600),
    ]);
    await syncFolder(paths.folder);
    return paths;
  } catch (error) {
    // A run without its plan could only be told as unreadable, for ever.
    await rm(paths.folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** None of them is at work any more when one has failed. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(one => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** null when the run was copied here without its key: sealed values stay sealed then. */
export async function readKey(paths: RunPaths): Promise<Uint8Array | null> {
  try {
    const key = await readFile(paths.key);
    return key.length === KEY_BYTES ? key : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function listRuns(root: string): Promise<readonly RunId[]> {
  try {
    return (await readdir(join(root, 'runs')))
      .filter(name => ID.test(name))
      .sort()
      .map(runId);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @param prefix an id or the start of one; it must fit one run only. */
export async function findRun(root: string, prefix: string): Promise<FoundRun> {
  const ids = (await listRuns(root)).filter(id => prefix !== '' && id.startsWith(prefix.toLowerCase()));
  const only = ids[0];
  if (only === undefined) return { is: 'none' };
  return ids.length === 1 ? { is: 'found', paths: runPaths(root, only) } : { is: 'several', ids };
}
