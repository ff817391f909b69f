// What a host says of itself: release, memory, processors, pools, who we are on it, and who else is at work. One small
// program each; nothing here changes a host.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { Os, Pool } from '../model/facts.ts';
import { KSTAT, oneNumber } from './kstat.ts';
import { count, linesOf, look, someRows, succeeded } from './reading.ts';

export const FREE_PAGES = 'unix:0:system_pages:freemem';
export const ARC_BYTES = 'zfs:0:arcstats:size';

export function uname(): Command<Os> {
  return look(['/usr/bin/uname', '-a'], readUname);
}

// SunOS solaris11 5.11 11.4.0.15.0 i86pc i386 i86pc
export function readUname(ended: Finished): Reading<Os> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const line = linesOf(ended.out)[0] ?? '';
  const [system, nodename, release, version, platform, arch] = line.split(/\s+/);
  if (system !== 'SunOS') return unreadable(line, 'not Solaris');
  if (!nodename || !release || !version || !platform || !arch) return unreadable(line, 'fewer than 6 words');
  return ok({ nodename, release, version, platform, arch });
}

export function memory(): Command<number> {
  return look(['/usr/sbin/prtconf'], readMemory);
}

// Memory size: 12288 Megabytes
export function readMemory(ended: Finished): Reading<number> {
  const line = linesOf(ended.out).find(one => one.startsWith('Memory size:'));
  // Without rights it grumbles about devices and fails, after it has told the memory.
  if (line === undefined) {
    const end = succeeded(ended);
    return end.is === 'ok' ? unreadable('', 'no memory size') : end;
  }
  const megabytes = count(/^Memory size: +(\d+) Megabytes\s*$/.exec(line)?.[1]);
  return megabytes === null ? unreadable(line, 'no memory size in megabytes') : ok(megabytes * 2 ** 20);
}

export function pageSize(): Command<number> {
  return look(['/usr/bin/pagesize'], readNumber);
}

export function freePages(): Command<number> {
  return look([KSTAT, '-p', FREE_PAGES], ended => oneNumber(FREE_PAGES, ended));
}

/** What the ZFS cache holds. */
export function arcBytes(): Command<number> {
  return look([KSTAT, '-p', ARC_BYTES], ended => oneNumber(ARC_BYTES, ended));
}

export function readNumber(ended: Finished): Reading<number> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [line = '', ...more] = linesOf(ended.out);
  const value = count(line.trim());
  return value === null || more.length > 0 ? unreadable(line, 'not one number') : ok(value);
}

/** One line for each virtual processor; only their number is taken. */
export function processors(): Command<number> {
  return look(['/usr/sbin/psrinfo'], readProcessors);
}

export function readProcessors(ended: Finished): Reading<number> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const lines = linesOf(ended.out).filter(line => line.trim() !== '');
  return lines.length === 0 ? unreadable('', 'no processor at all') : ok(lines.length);
}

/** The models of the physical processors as one text: equal texts, equal processors. */
export function processorClass(): Command<string> {
  return look(['/usr/sbin/psrinfo', '-pv'], readProcessorClass);
}

// The physical processor has 8 cores and 16 virtual processors (0-15)
//   x86 (GenuineIntel 306F2 family 6 model 63 step 2 clock 2300 MHz)
export function readProcessorClass(ended: Finished): Reading<string> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  // The numbers of cores differ between equal models; what is indented describes the model.
  const models = linesOf(ended.out)
    .filter(line => /^\s+\S/.test(line))
    .map(line => line.trim().replaceAll(/\s+/g, ' '))
    .filter(line => !/^The (physical processor|core) has /.test(line));
  return models.length === 0
    ? unreadable(linesOf(ended.out)[0] ?? '', 'no model')
    : ok([...new Set(models)].join('; '));
}

export function pools(): Command<readonly Pool[]> {
  return look(['/usr/sbin/zpool', 'list', '-Hp', '-o', 'name,size,free,cap,health'], readPools);
}

// rpool	214748364800	204010946560	5	ONLINE
export function readPools(ended: Finished): Reading<readonly Pool[]> {
  return someRows(ended, line => {
    const [name, size, free, capacity, health] = line.split('\t').map(field => field.trim());
    const sizeBytes = count(size);
    const freeBytes = count(free);
    const capacityPercent = count(capacity?.replace(/%$/, ''));
    if (!name || !health) return unreadable(line, 'fewer than 5 columns');
    if (sizeBytes === null || freeBytes === null || capacityPercent === null)
      return unreadable(line, 'size, free or capacity is not a number');
    return ok({ name, sizeBytes, freeBytes, capacityPercent, health });
  });
}

export interface User {
  readonly name: string;
  readonly uid: number;
}

export function user(): Command<User> {
  return look(['/usr/bin/id'], readUser);
}

// uid=0(root) gid=0(root)
export function readUser(ended: Finished): Reading<User> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const line = linesOf(ended.out)[0] ?? '';
  const [, number, name] = /^uid=(\d+)\(([^)]+)\)/.exec(line) ?? [];
  const uid = count(number);
  return uid === null || !name ? unreadable(line, 'no user') : ok({ name, uid });
}

/** Rights profiles of the user. */
export function profiles(): Command<readonly string[]> {
  return look(['/usr/bin/profiles'], readNames);
}

/** Authorizations of the user. */
export function authorizations(): Command<readonly string[]> {
  return look(['/usr/bin/auths'], readNames);
}

/** One a line, or several with commas between. */
export function readNames(ended: Finished): Reading<readonly string[]> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const names = ended.out
    .split(/[\n,]/)
    .map(name => name.trim())
    .filter(name => name !== '');
  // Every login has some: silence would look like a user who may do nothing.
  return names.length === 0 ? unreadable('', 'no name at all') : ok(names);
}

// The blank after the name keeps the daemons zoneadmd and ldmd out.
const AT_WORK = '(pkg|zoneadm|beadm|sysadm|ldm) ';
export const AT_WORK_ARGV = ['/usr/bin/pgrep', '-lf', AT_WORK] as const;

/** Command lines of programs at work that a maintenance must not meet. */
export function atWork(): Command<readonly string[]> {
  return look(AT_WORK_ARGV, ended => readAtWork('', ended));
}

/** @param ours what our own processes carry in their command line, or nothing. */
export function readAtWork(ours: string, ended: Finished): Reading<readonly string[]> {
  // Status 1 without a word means that nothing matched.
  if (ended.is === 'exited' && ended.code === 1 && ended.out === '' && ended.err === '') return ok([]);
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const lines = linesOf(ended.out).filter(line => line.trim() !== '');
  if (lines.length === 0) return unreadable('', 'found something and named nothing');
  return ok(lines.filter(line => ours === '' || !line.includes(ours)).map(line => line.trim()));
}
