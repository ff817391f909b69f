// Lock files of this controller: one run a host, one process a run. A lock tells who holds it and since when, and is
// broken only when its process is provably dead. It says nothing to other controllers: that is the lease on the host.
import { randomBytes } from 'node:crypto';
import { linkSync, unlinkSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostName, hostName, type RunId } from '../model/ids.ts';
import { isObject, type Json, parseJson, trusted } from '../text/json.ts';
import { makeFolder, writeSynced } from './durable.ts';
import { errorCode } from './files.ts';
import { isProvablyDead, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { hostLockPath, hostLocksFolder } from './state-folder.ts';

/** What a lock is for, as the next one to come is told. */
export interface Purpose {
  readonly run: RunId;
  readonly who: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface Holder extends Purpose {
  readonly process: ProcessIdentity;
}

export interface Lock {
  readonly path: string;
  release(): void;
}

export type Locked =
  | { readonly is: 'locked'; readonly lock: Lock }
  /** `by` is null when the file can't be read: it is somebody's all the same. */
  | { readonly is: 'held'; readonly path: string; readonly by: Holder | null };

export type LockedHosts =
  | { readonly is: 'locked'; release(): void }
  | { readonly is: 'held'; readonly host: HostName; readonly path: string; readonly by: Holder | null };

function holderIn(text: string): Holder | null {
  let json: Json;
  try {
    json = parseJson(text);
  } catch {
    return null;
  }
  return isObject(json) && isObject(json['process']) && json['v'] === 1 ? trusted<Holder>(json) : null;
}

/**
 * A lock is a link to a file that is whole and on disk before: it is there with its content or not at all. One file
 * serves any number of locks, so that a thousand hosts cost one sync.
 */
async function withClaim<T>(folder: string, purpose: Purpose, use: (claim: string) => Promise<T>): Promise<T> {
  await makeFolder(folder);
  const claim = join(folder, `.${randomBytes(6).toString('hex')}.claim`);
  const text = JSON.stringify({ v: 1, ...purpose, process: await thisProcess() });
  try {
    await writeSynced(claim, text, 0o600);
    return await use(claim);
  } finally {
    remove(claim);
  }
}

/** True when it is there now, and wasn't. At once: a promise for each of a thousand locks takes longer than the links. */
function linked(claim: string, path: string): boolean {
  try {
    linkSync(claim, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** What stands in a lock file: nothing, a dead process's word, or somebody's. What can't be read is somebody's. */
type Found =
  | { readonly is: 'none' }
  | { readonly is: 'dead'; readonly text: string }
  | { readonly is: 'held'; readonly by: Holder | null };

async function foundIn(path: string): Promise<Found> {
  const text = await textOf(path);
  if (text === null) return { is: 'none' };
  const holder = holderIn(text);
  return holder !== null && (await isProvablyDead(holder.process)) ? { is: 'dead', text } : { is: 'held', by: holder };
}

/**
 * Two who find the same dead lock must not both remove it: the second could remove the first one's new lock. So the
 * removal has a lock of its own (which can be broken in the same way), and looks again once it holds it.
 */
async function breakDead(path: string, purpose: Purpose): Promise<'gone' | Holder | null> {
  const found = await foundIn(path);
  if (found.is === 'none') return 'gone';
  if (found.is === 'held') return found.by;
  const right = await takeLock(`${path}.break`, purpose);
  if (right.is === 'held') return right.by;
  try {
    if ((await textOf(path)) === found.text) await unlink(path);
    return 'gone';
  } finally {
    right.lock.release();
  }
}

export async function takeLock(path: string, purpose: Purpose): Promise<Locked> {
  return withClaim(dirname(path), purpose, claim => taken(claim, path, purpose));
}

async function taken(claim: string, path: string, purpose: Purpose): Promise<Locked> {
  for (;;) {
    if (linked(claim, path)) return { is: 'locked', lock: { path, release: () => remove(path) } };
    const found = await breakDead(path, purpose);
    if (found !== 'gone') return { is: 'held', path, by: found };
  }
}

/** How many links one file may surely have: ext4 knows 65,000. */
const LINKS = 30_000;

/** All of them or none. In one order for all runs, so that two runs can't hold half each. */
export async function lockHosts(root: string, hosts: readonly HostName[], purpose: Purpose): Promise<LockedHosts> {
  const held: Lock[] = [];
  const release = (): void => {
    for (const lock of held.splice(0).reverse()) lock.release();
  };
  const take = (names: readonly HostName[]) => async (claim: string) => {
    for (const host of names) {
      const locked = await taken(claim, hostLockPath(root, host), purpose);
      if (locked.is === 'held') return { ...locked, host };
      held.push(locked.lock);
    }
    return null;
  };
  const names = [...new Set(hosts)].sort();
  for (let at = 0; at < names.length; at += LINKS) {
    const part = names.slice(at, at + LINKS);
    const refused = await withClaim(hostLocksFolder(root), purpose, take(part)).catch((error: unknown) => {
      release();
      throw error;
    });
    if (refused === null) continue;
    release();
    return refused;
  }
  return { is: 'locked', release };
}

export type Hold =
  | { readonly is: 'free' }
  /** `by` is null when the file can't be read. */
  | { readonly is: 'held'; readonly by: Holder | null };

/** Who holds a run or a host right now, without taking it: the same reading as of one who would take it. */
export async function holdOf(path: string): Promise<Hold> {
  const found = await foundIn(path);
  return found.is === 'held' ? found : { is: 'free' };
}

const LOCK = /^([^.].*)[.]lock$/;

/** Every host that somebody holds right now, with who; null when that can't be read. */
export async function hostsHeld(root: string): Promise<ReadonlyMap<HostName, Holder | null>> {
  const folder = hostLocksFolder(root);
  const files = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const held = new Map<HostName, Holder | null>();
  for (const file of files.sort()) {
    const [, name] = LOCK.exec(file) ?? [];
    if (name === undefined) continue;
    const hold = await holdOf(join(folder, file));
    if (hold.is === 'held') held.set(hostName(decodeURIComponent(name)), hold.by);
  }
  return held;
}
