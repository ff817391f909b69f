// Tables of hosts: what the inventory says, what was observed, and how the fleet stands tonight. Unknown is written
// `?`, never 0 or nothing.
import type { Facts, Known } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Column, counted, table, wrapped } from '../text/fit.ts';
import { never } from '../text/never.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';

/** A host that answered, or why it didn't. */
export type Answered =
  | { readonly is: 'facts'; readonly facts: Facts }
  | { readonly is: 'silent'; readonly host: HostName; readonly why: string };

const UNKNOWN = '?';

const known = <T>(fact: Known<T>, text: (value: T) => string): string =>
  fact.is === 'known' ? visible(text(fact.value)) : UNKNOWN;

function drawn(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  return `${table(columns, rows, width).join('\n')}\n`;
}

const nameOf = (answered: Answered): string => (answered.is === 'facts' ? answered.facts.host : answered.host);

/** Narrower than this, a table leaves out what is of least use at night. */
const WIDE = 72;

/** Hosts that didn't answer stand in the same table, with the reason where the facts would be. */
function hostsTable(
  all: readonly Column[],
  hosts: readonly Answered[],
  cells: (facts: Facts) => readonly string[],
  { width, onlyWide }: { readonly width: number; readonly onlyWide: readonly string[] },
): string {
  const kept = <T>(list: readonly T[]): readonly T[] =>
    list.filter((_, at) => width >= WIDE || !onlyWide.includes(all[at]?.title ?? ''));
  const columns = kept(all);
  const rows = hosts.map(one =>
    one.is === 'facts'
      ? kept([nameOf(one), ...cells(one.facts)])
      : [nameOf(one), 'unreachable', ...columns.slice(2).map(() => UNKNOWN)],
  );
  const silent = hosts.flatMap(one => (one.is === 'silent' ? wrapped(`${one.host}: ${visible(one.why)}`, width) : []));
  return drawn(columns, rows, width) + (silent.length === 0 ? '' : `\n${silent.join('\n')}\n`);
}

export function inventoryTable(inventory: Inventory, hosts: readonly HostName[], width: number): string {
  const wanted = new Set<string>(hosts);
  const rows = inventory.hosts
    .filter(host => wanted.has(host.name))
    .map(({ name, groups, connection }) => [
      name,
      connection.port === 22 ? connection.address : `${connection.address}:${connection.port}`,
      connection.user,
      connection.become.method === 'none' ? '' : connection.become.method,
      groups.join(' '),
    ]);
  const columns = [
    { title: 'HOST', least: 12 },
    { title: 'ADDRESS', least: 12 },
    { title: 'USER' },
    { title: 'BECOME' },
    { title: 'GROUPS', least: 10 },
  ] as const;
  return drawn(
    columns,
    rows.map(row => row.map(visible)),
    width,
  );
}

/** `11.4.81.0.1.193.1` is SRU 81 of 11.4. */
function sruText(facts: Facts): string {
  return known(facts.os, os => os.version.split('.').slice(0, 3).join('.'));
}

function beText(facts: Facts): string {
  return known(facts.be, be => (be.next === be.active ? be.active : `${be.active} (${be.next})`));
}

/** Who closed it, or that it is open. */
function closedText({ maintenance }: Facts): string {
  switch (maintenance.is) {
    case 'open':
      return 'open';
    case 'closed':
      return visible(`${maintenance.user}: ${maintenance.message}`);
    case 'unknown':
      return UNKNOWN;
    default:
      return never(maintenance);
  }
}

const zonesUp = (facts: Facts): string =>
  known(facts.zones, zones => String(zones.filter(zone => zone.state === 'running').length));

function memoryText({ memory }: Facts): string {
  const { freeBytes, totalBytes } = memory;
  return `${known(freeBytes, bytesText)} free of ${known(totalBytes, bytesText)}`;
}

function awayText(facts: Facts, ledger: Pick<Ledger, 'away'>): string {
  const away = ledger.away.filter(one => one.home === facts.host);
  return away.length === 0 ? '' : away.map(one => `${one.zone}@${one.at}`).join(' ');
}

/** HOSTING counts running zones, and names those whose home is another host. */
function hostingText(facts: Facts, ledger: Pick<Ledger, 'away'>): string {
  const zonesOfOthers = ledger.away.filter(one => one.at === facts.host).map(one => one.zone);
  return zonesOfOthers.length === 0 ? zonesUp(facts) : `${zonesUp(facts)}, of others: ${zonesOfOthers.join(' ')}`;
}

export function statusTable(hosts: readonly Answered[], ledger: Pick<Ledger, 'away'>, width: number): string {
  const columns = [
    { title: 'HOST', least: 12 },
    { title: 'SRU' },
    { title: 'BE(next)', least: 10, wraps: true },
    { title: 'CLOSED-BY', least: 10, wraps: true },
    { title: 'HOSTING', least: 8, wraps: true },
    { title: 'AWAY', least: 8, wraps: true },
    { title: 'MEM', side: 'right' },
  ] as const;
  const cells = (facts: Facts): readonly string[] => [
    sruText(facts),
    beText(facts),
    closedText(facts),
    hostingText(facts, ledger),
    awayText(facts, ledger),
    memoryText(facts),
  ];
  return hostsTable(columns, hosts, cells, { width, onlyWide: ['MEM'] });
}

function servicesText(facts: Facts): string {
  return known(facts.services, services => {
    const bad = services.maintenance.length + services.degraded.length;
    return bad === 0 ? 'ok' : `${bad} bad`;
  });
}

function poolsText(facts: Facts): string {
  return known(facts.pools, pools => {
    const sick = pools.filter(pool => pool.health !== 'ONLINE');
    return sick.length === 0 ? 'ok' : sick.map(pool => `${pool.name} ${pool.health}`).join(' ');
  });
}

/** What was observed, a line a host; lines that nobody could read are told under it. */
export function factsTable(hosts: readonly Answered[], width: number): string {
  const columns = [
    { title: 'HOST', least: 12 },
    { title: 'SRU' },
    { title: 'ARCH' },
    { title: 'BE(next)', least: 10, wraps: true },
    { title: 'ZONES UP', side: 'right' },
    { title: 'MEM', side: 'right' },
    { title: 'SERVICES' },
    { title: 'POOLS', least: 6 },
  ] as const;
  const cells = (facts: Facts): readonly string[] => [
    sruText(facts),
    known(facts.os, os => os.arch),
    beText(facts),
    zonesUp(facts),
    memoryText(facts),
    servicesText(facts),
    poolsText(facts),
  ];
  const unread = hosts.flatMap(one =>
    one.is === 'facts' ? one.facts.unreadable.map(line => ({ host: one.facts.host, ...line })) : [],
  );
  const told = unread.flatMap(one => wrapped(visible(`  ${one.host}, ${one.part}: ${one.why}: ${one.line}`), width));
  const head = unread.length === 0 ? [] : ['', `${counted(unread.length, 'line')} could not be read:`, ...told];
  return (
    hostsTable(columns, hosts, cells, { width, onlyWide: ['ARCH', 'MEM'] }) + head.map(line => `${line}\n`).join('')
  );
}

/** Where zones are, over all hosts that answered. @param wanted empty: all. */
export function whereTable(
  hosts: readonly Answered[],
  ledger: Pick<Ledger, 'away'>,
  wanted: readonly string[],
  width: number,
): string {
  const columns = [
    { title: 'ZONE', least: 10 },
    { title: 'STATE' },
    { title: 'ON', least: 10 },
    { title: 'HOME', least: 10 },
    { title: 'RUN' },
  ] as const;
  const rows = hosts.flatMap(one => {
    if (one.is === 'silent' || one.facts.zones.is === 'unknown') return [];
    return one.facts.zones.value
      .filter(zone => wanted.length === 0 || wanted.includes(zone.name))
      .filter(zone => zone.state !== 'configured')
      .map(zone => {
        const away = ledger.away.find(row => row.zone === zone.name);
        const aux = zone.aux.is === 'known' && zone.aux.value !== '' ? `/${zone.aux.value}` : '';
        return [zone.name, `${zone.state}${aux}`, one.facts.host, away?.home ?? one.facts.host, away?.run ?? ''];
      });
  });
  const sorted = rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)).map(row => row.map(visible));
  const doubt = hosts.filter(one => one.is === 'silent' || one.facts.zones.is === 'unknown').map(nameOf);
  const told = `not asked or not answered, a zone may be there: ${doubt.join(', ')}`;
  const note = doubt.length === 0 ? [] : ['', ...wrapped(told, width)];
  return drawn(columns, sorted, width) + note.map(line => `${line}\n`).join('');
}
