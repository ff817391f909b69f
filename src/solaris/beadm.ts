// beadm(8): boot environments. It destroys what it is told to; whether that one was ever booted is for the caller to know.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { BootEnvironment, BootEnvironments } from '../model/facts.ts';
import { change, count, done, look, rows } from './reading.ts';

const BEADM = '/usr/sbin/beadm';

export function list(): Command<BootEnvironments> {
  return look([BEADM, 'list', '-H'], readList);
}

// BE2;4659d6ee-76a0-c90f-e2e9-a3fcb570ccd5;;;55296;static;1211397974
// BE5;215b8387-4968-627c-d2d0-f4a011414bab;NR;/;7786206208;static;1221004384
export function readList(ended: Finished): Reading<BootEnvironments> {
  const read = rows(ended, readRow);
  return read.is === 'ok' ? environmentsOf(read.value) : read;
}

export function readRow(line: string): Reading<BootEnvironment> {
  const fields = line.split(';');
  const [name, uuid = '', flags = '', mountpoint = '', space, policy = '', created] = fields;
  if (!name || fields.length < 7) return unreadable(line, 'fewer than 7 fields');
  const spaceBytes = count(space);
  const createdAt = count(created);
  if (spaceBytes === null || createdAt === null) return unreadable(line, 'space or date is not a number');
  return ok({
    name,
    uuid,
    flags: flags === '-' ? '' : flags,
    mountpoint: mountpoint === '-' ? '' : mountpoint,
    spaceBytes,
    policy: policy.split(',').filter(word => word !== '' && word !== '-'),
    created: createdAt,
  });
}

/** One runs and one boots next, or the list isn't understood. */
function environmentsOf(names: readonly BootEnvironment[]): Reading<BootEnvironments> {
  const [active, ...alsoActive] = names.filter(isActive);
  const [next, ...alsoNext] = names.filter(bootsNext);
  if (!active || alsoActive.length > 0) return unreadable('', 'not exactly one boot environment runs (flag N)');
  if (!next || alsoNext.length > 0) return unreadable('', 'not exactly one boot environment boots next (flag R)');
  return ok({ active: active.name, next: next.name, names });
}

export function isActive(be: BootEnvironment): boolean {
  return be.flags.includes('N');
}

export function bootsNext(be: BootEnvironment): boolean {
  return be.flags.includes('R');
}

export function cannotBoot(be: BootEnvironment): boolean {
  return be.flags.includes('!');
}

/** A clone of the running one. */
export function create(name: string): Command<string> {
  return change([BEADM, 'create', name], done);
}

/** The next boot takes it; nothing else changes now. */
export function activate(name: string): Command<string> {
  return change([BEADM, 'activate', name], done);
}

/** For good, without a question; takes the zones' boot environments tied to it along. `unmount` when it may still be mounted. */
export function destroy(name: string, how: 'as-is' | 'unmount'): Command<string> {
  return change([BEADM, 'destroy', how === 'unmount' ? '-fF' : '-F', name], done);
}

export function unmount(name: string, how: 'as-is' | 'force'): Command<string> {
  return change([BEADM, 'unmount', ...(how === 'force' ? ['-f'] : []), name], done);
}

/** `noevict` keeps a full boot pool from dropping it. */
export function setPolicy(name: string, policy: string, on: boolean): Command<string> {
  return change([BEADM, 'set-policy', '-n', on ? policy : `-${policy}`, name], done);
}
