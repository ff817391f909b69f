// ls: names, one a line; long lines with -l. Columns are never made: nobody looks at a terminal here.
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import type { Stat } from '../os/view.ts';
import { shownMode } from './mode.ts';
import { Options } from './options.ts';
import { fileTime } from './strftime.ts';

interface Item {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

function owner(proc: Process, uid: number): string {
  return proc.kernel.accounts.find(account => account.uid === uid)?.name ?? String(uid);
}

function group(gid: number): string {
  return gid === 0 ? 'root' : gid === 10 ? 'staff' : String(gid);
}

function longLine(proc: Process, item: Item, options: Options): string {
  const { stat } = item;
  const isNumeric = options.has('n');
  const who = isNumeric ? String(stat.uid) : owner(proc, stat.uid);
  const their = isNumeric ? String(stat.gid) : group(stat.gid);
  const target = stat.kind === 'link' ? ` -> ${proc.files.readlink(item.path)}` : '';
  const links = stat.kind === 'dir' ? 2 : 1;
  const time = options.has('E') ? exactTime(stat.mtime) : fileTime(stat.mtime, proc.clock.now());
  const head = `${shownMode(stat)} ${String(links).padStart(3)} ${who.padEnd(8)} ${their.padEnd(8)}`;
  return `${head} ${String(stat.size).padStart(7)} ${time} ${item.name}${target}`;
}

const isLongWish = (options: Options): boolean => ['l', 'n', 'o', 'g', 'E'].some(letter => options.has(letter));

/** ls(1), -E: `2026-03-06 20:00:00.000000000 +0000`. The hosts live in UTC. */
function exactTime(mtime: number): string {
  return new Date(mtime).toISOString().replace(/^(.*)T(.*)Z$/, '$1 $2000000 +0000');
}

function sorted(items: readonly Item[], options: Options): readonly Item[] {
  const byName = (a: Item, b: Item): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const order = options.has('t')
    ? (a: Item, b: Item): number => b.stat.mtime - a.stat.mtime || byName(a, b)
    : options.has('S')
      ? (a: Item, b: Item): number => b.stat.size - a.stat.size || byName(a, b)
      : byName;
  const inOrder = [...items].sort(order);
  return options.has('r') ? inOrder.reverse() : inOrder;
}

function suffix({ stat }: Item, options: Options): string {
  if (stat.kind === 'dir') return options.has('F') || options.has('p') ? '/' : '';
  if (!options.has('F')) return '';
  return stat.kind === 'link' ? '@' : (stat.mode & 0o111) !== 0 ? '*' : '';
}

async function show(proc: Process, items: readonly Item[], options: Options): Promise<void> {
  const isLong = isLongWish(options);
  for (const item of sorted(items, options)) {
    const named = { ...item, name: item.name + suffix(item, options) };
    const number = options.has('i') ? `${String(item.stat.ino).padStart(10)} ` : '';
    await proc.out(`${number}${isLong ? longLine(proc, named, options) : named.name}\n`);
  }
}

function items(proc: Process, dir: string, options: Options): readonly Item[] {
  const names = proc.files.list(dir).filter(name => options.has('a') || options.has('A') || !name.startsWith('.'));
  const all = options.has('a') ? ['.', '..', ...names] : names;
  const base = dir.endsWith('/') ? dir : `${dir}/`;
  return all.map(name => ({ name, path: base + name, stat: proc.files.lstat(base + name) }));
}

const ls: Main = async (proc, argv) => {
  const options = new Options(argv, 'laAd1trSRiFpnhogsLHqcuxE');
  const given = options.operands.length === 0 ? ['.'] : options.operands;
  const isLong = isLongWish(options);
  const files: Item[] = [];
  const dirs: Item[] = [];
  let status = 0;
  for (const name of given) {
    try {
      const own = proc.files.lstat(name);
      const follows =
        own.kind === 'link' &&
        (options.has('L') || (!options.has('d') && (!isLong || options.has('H') || name.endsWith('/'))));
      const stat = follows && proc.files.exists(name) ? proc.files.stat(name) : own;
      (stat.kind === 'dir' && !options.has('d') ? dirs : files).push({ name, path: name, stat });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      status = 2;
      await proc.err(`${name}: ${error.reason}\n`);
    }
  }
  await show(proc, files, options);
  let isFirst = files.length === 0;
  const queue = [...sorted(dirs, options)];
  for (let dir = queue.shift(); dir !== undefined; dir = queue.shift()) {
    const isTitled = given.length > 1 || options.has('R');
    if (isTitled) await proc.out(`${isFirst ? '' : '\n'}${dir.name}:\n`);
    isFirst = false;
    status = Math.max(status, await showDir(proc, dir, options, queue));
  }
  return status;
};

async function showDir(proc: Process, dir: Item, options: Options, queue: Item[]): Promise<number> {
  try {
    const inside = items(proc, dir.path, options);
    if (isLongWish(options))
      await proc.out(`total ${inside.reduce((sum, { stat }) => sum + Math.ceil(stat.size / 512), 0)}\n`);
    await show(proc, inside, options);
    if (options.has('R')) {
      const below = inside.filter(({ name, stat }) => stat.kind === 'dir' && name !== '.' && name !== '..');
      queue.unshift(...below.map(item => ({ ...item, name: `${dir.name.replace(/\/$/, '')}/${item.name}` })));
    }
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await proc.err(`${dir.name}: ${error.reason}\n`);
    return 2;
  }
}

export const LS: Readonly<Record<string, Main>> = { ls };
