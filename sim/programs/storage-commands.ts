// zpool, zfs, suriadm, mpathadm: as much of storage as a person looks at before and after maintenance. Snapshots are
// names with a date; there is no data in them.
import type { Proc } from '../os/program.ts';
import { hostNow } from '../world/fleet.ts';
import type { Host, Pool } from '../world/state.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';

/** `200G`, `10.0G`, `5.20G`: three figures, as zpool and zfs print sizes. */
function human(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  const digits = at === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${units[at]}`;
}

const used = (pool: Pool): number => pool.sizeBytes - pool.freeBytes;
const capacity = (pool: Pool): number => Math.floor((used(pool) / pool.sizeBytes) * 100);

type Cell = (pool: Pool, exact: boolean) => string;
const size =
  (bytes: (pool: Pool) => number): Cell =>
  (pool, exact) =>
    exact ? String(bytes(pool)) : human(bytes(pool));
const POOL_CELLS: Readonly<Record<string, Cell>> = {
  name: pool => pool.name,
  size: size(pool => pool.sizeBytes),
  alloc: size(used),
  allocated: size(used),
  free: size(pool => pool.freeBytes),
  cap: (pool, exact) => `${capacity(pool)}${exact ? '' : '%'}`,
  capacity: (pool, exact) => `${capacity(pool)}${exact ? '' : '%'}`,
  dedup: () => '1.00x',
  health: pool => pool.health,
  altroot: () => '-',
};
const POOL_COLUMNS = ['name', 'size', 'alloc', 'free', 'cap', 'dedup', 'health', 'altroot'];

/** Numbers to the right, names to the left, two blanks between. */
function aligned(rows: readonly (readonly string[])[], left: readonly string[], names: readonly string[]): string {
  const widths = names.map((_, at) => Math.max(...rows.map(r => (r[at] ?? '').length)));
  const cell = (text: string, at: number): string => {
    const width = widths[at] ?? 0;
    if (!left.includes(names[at] ?? '')) return text.padStart(width);
    return at === names.length - 1 ? text : text.padEnd(width);
  };
  return rows.map(r => `${r.map(cell).join('  ')}\n`).join('');
}

const LEFT = ['name', 'health', 'altroot', 'property', 'value', 'source', 'mountpoint', 'type', 'creation'];

async function poolList(host: Host, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'Hpvo:T:');
  const names = optionOf(options, 'o')?.split(',') ?? POOL_COLUMNS;
  const unknown = names.find(name => POOL_CELLS[name] === undefined);
  const missing = options.rest.find(name => !host.pools.some(p => p.name === name));
  if (options.bad !== null || unknown !== undefined || missing !== undefined) {
    await proc.err(
      missing === undefined ? `invalid property '${unknown}'\n` : `cannot open '${missing}': no such pool\n`,
    );
    return missing === undefined ? 2 : 1;
  }
  const pools = host.pools.filter(p => options.rest.length === 0 || options.rest.includes(p.name));
  const rows = pools.map(pool => names.map(name => POOL_CELLS[name]?.(pool, options.given.has('p')) ?? '-'));
  if (options.given.has('H')) await proc.out(rows.map(r => `${r.join('\t')}\n`).join(''));
  else await proc.out(aligned([names.map(n => n.toUpperCase()), ...rows], LEFT, names));
  return 0;
}

async function poolStatus(host: Host, proc: Proc, args: readonly string[]): Promise<number> {
  const ill = host.pools.filter(p => p.health !== 'ONLINE');
  if (args.includes('-x') && ill.length === 0) {
    await proc.out('all pools are healthy\n');
    return 0;
  }
  for (const pool of args.includes('-x') ? ill : host.pools) {
    const disk = pool.health === 'ONLINE' ? 'ONLINE' : 'UNAVAIL';
    await proc.out(`  pool: ${pool.name}
 state: ${pool.health}
  scan: none requested
config:

\tNAME      STATE     READ WRITE CKSUM
\t${pool.name.padEnd(9)} ${pool.health.padEnd(9)}    0     0     0
\t  c1d0s0  ${disk.padEnd(9)}    0     0     0

errors: No known data errors
`);
  }
  return 0;
}

export const zpool: HostProgram = async ({ host }, proc, argv) => {
  const [verb = '', ...args] = argv.slice(1);
  if (verb === 'list') return poolList(host, proc, args);
  if (verb === 'status') return poolStatus(host, proc, args);
  await proc.err(`unrecognized command '${verb}'\n`);
  return 2;
};

interface Dataset {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

function datasets(host: Host): readonly Dataset[] {
  const pool = host.pools[0];
  const free = pool?.freeBytes ?? 0;
  const dataset = (name: string, mountpoint: string, usedBytes: number, available = free): Dataset => {
    const sizes = { used: String(usedBytes), available: String(available), referenced: String(usedBytes) };
    return { name, properties: { type: 'filesystem', ...sizes, mountpoint, quota: '0', refquota: '0' } };
  };
  const bes = [...host.bes.values()].map(be => dataset(`rpool/ROOT/${be.name}`, be.mountpoint ?? '/', be.spaceBytes));
  const snapshots = [...host.snapshots].map(([name, at]): Dataset => {
    return { name, properties: { type: 'snapshot', used: '0', creation: String(Math.floor(at / 1000)) } };
  });
  return [
    dataset('rpool', '/rpool', pool === undefined ? 0 : used(pool)),
    dataset('rpool/ROOT', 'legacy', 0),
    ...bes,
    dataset('rpool/VARSHARE', '/var/share', 2 ** 30, host.varshareFull ? 0 : free),
    dataset('rpool/VARSHARE/zones', '/system/zones', 2 ** 28),
    dataset('rpool/export', '/export', 2 ** 28),
    dataset('rpool/export/home', '/export/home', 2 ** 27),
    ...snapshots,
  ];
}

const LONG: Readonly<Record<string, string>> = { avail: 'available', refer: 'referenced' };
const SIZES = ['used', 'available', 'referenced', 'quota', 'refquota'];

function property(d: Dataset, name: string, exact: boolean): string {
  const long = LONG[name] ?? name;
  const value = long === 'name' ? d.name : (d.properties[long] ?? '-');
  if (exact || !SIZES.includes(long) || value === '-') return value;
  return value === '0' && long.endsWith('quota') ? 'none' : human(Number(value));
}

async function chosen(host: Host, proc: Proc, names: readonly string[]): Promise<readonly Dataset[] | null> {
  const all = datasets(host);
  const missing = names.find(name => !all.some(d => d.name === name));
  if (missing === undefined) return names.length === 0 ? all : all.filter(d => names.includes(d.name));
  await proc.err(`cannot open '${missing}': dataset does not exist\n`);
  return null;
}

async function zfsGet(host: Host, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'Hpro:s:t:d:');
  const [wanted = '', ...names] = options.rest;
  const found = await chosen(host, proc, names);
  if (found === null) return 1;
  const exact = options.given.has('p');
  const fields = optionOf(options, 'o')?.split(',') ?? ['name', 'property', 'value', 'source'];
  const rows = found.flatMap(d =>
    wanted.split(',').map(name => {
      const cells: Readonly<Record<string, string>> = {
        ...{ name: d.name, property: LONG[name] ?? name, value: property(d, name, exact), source: '-' },
      };
      return fields.map(f => cells[f] ?? '-');
    }),
  );
  if (options.given.has('H')) await proc.out(rows.map(r => `${r.join('\t')}\n`).join(''));
  else await proc.out(aligned([fields.map(f => f.toUpperCase()), ...rows], LEFT, fields));
  return 0;
}

async function zfsList(host: Host, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'Hpro:s:S:t:d:');
  const found = await chosen(host, proc, options.rest);
  if (found === null) return 1;
  const type = optionOf(options, 't') ?? (options.rest.length > 0 ? 'all' : 'filesystem');
  const shown = found.filter(d => type === 'all' || type.split(',').includes(d.properties['type'] ?? ''));
  const names = optionOf(options, 'o')?.split(',') ?? ['name', 'used', 'avail', 'refer', 'mountpoint'];
  const rows = shown.map(d => names.map(n => property(d, n, options.given.has('p'))));
  if (options.given.has('H')) await proc.out(rows.map(r => `${r.join('\t')}\n`).join(''));
  else await proc.out(aligned([names.map(n => n.toUpperCase()), ...rows], LEFT, names));
  return 0;
}

async function zfsSnapshot(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const { fleet, host } = here;
  for (const name of getopts(args, 'ro:').rest) {
    const [dataset = '', label] = name.split('@');
    const known = datasets(host).some(d => d.name === dataset);
    const text = !known ? 'dataset does not exist' : host.snapshots.has(name) ? 'dataset already exists' : null;
    if (text !== null || label === undefined) {
      await proc.err(`cannot create snapshot '${name}': ${text ?? 'missing snapshot name'}\n`);
      return 1;
    }
    fleet.change({ what: 'snapshot-made', host: host.name }, () => host.snapshots.set(name, hostNow(fleet, host)));
  }
  return 0;
}

async function zfsDestroy(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const { fleet, host } = here;
  for (const name of getopts(args, 'rRfdnv').rest) {
    if (!host.snapshots.has(name)) {
      await proc.err(
        `cannot destroy '${name}': ${name.includes('@') ? 'snapshot does not exist' : 'dataset is busy'}\n`,
      );
      return 1;
    }
    fleet.change({ what: 'snapshot-destroyed', host: host.name }, () => host.snapshots.delete(name));
  }
  return 0;
}

export const zfs: HostProgram = async (here, proc, argv) => {
  const [verb = '', ...args] = argv.slice(1);
  switch (verb) {
    case 'get':
      return zfsGet(here.host, proc, args);
    case 'list':
      return zfsList(here.host, proc, args);
    case 'snapshot':
    case 'snap':
      return zfsSnapshot(here, proc, args);
    case 'destroy':
      return zfsDestroy(here, proc, args);
    default:
      await proc.err(`unrecognized command '${verb}'\n`);
      return 2;
  }
};

/** `lookup-mapping`: shared storage is mapped while its zone is here, and can be while this host sees it. */
export const suriadm: HostProgram = async ({ fleet, host }, proc, argv) => {
  const options = getopts(argv.slice(2), 'Ho:p:');
  const uri = options.rest[0];
  if (argv[1] !== 'lookup-mapping' || uri === undefined) {
    await proc.err('Usage:\n\tsuriadm lookup-mapping [-H] [-o field,...] uri\n');
    return 2;
  }
  if (host.missingStorage.has(uri.toLowerCase())) {
    await proc.err(`Failed to lookup mapping for URI: "${uri}": no such device\n`);
    return 1;
  }
  const mapped = fleet.holders.get(uri.toLowerCase())?.host === host.name;
  const lun = uri.slice(-17).replace(/[^0-9a-f]/gi, '');
  const device = mapped ? `/dev/dsk/c0t${lun.toUpperCase()}d0s0` : '-';
  if (!options.given.has('H')) await proc.out('PROPERTY\tVALUE\n');
  await proc.out(`mapped-dev\t${device}\n`);
  return 0;
};

export const mpathadm: HostProgram = async ({ fleet, host }, proc, argv) => {
  if (argv[1] !== 'list' || !/^(lu|logical-unit)$/i.test(argv[2] ?? '')) return 2;
  const seen = [...fleet.holders].filter(([uri, holder]) => holder.host === host.name && !host.missingStorage.has(uri));
  const operational = host.onePathMissing ? 1 : 2;
  for (const [uri] of seen) {
    const lun = uri
      .slice(-32)
      .replace(/[^0-9a-f]/gi, '')
      .toUpperCase();
    await proc.out(`\t/dev/rdsk/c0t${lun}d0s2\n\t\tTotal Path Count: 2\n\t\tOperational Path Count: ${operational}\n`);
  }
  return 0;
};
