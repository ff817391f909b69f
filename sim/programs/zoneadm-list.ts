// zoneadm list: the table for people, the lines for programs, the auxiliary states. Field meanings: zoneadm(8) and
// captured output; what the fields after the ninth mean nobody has found out.
import type { Proc } from '../os/program.ts';
import { brandOf, globalOf, isKernelZone } from '../world/config.ts';
import { activeBe } from '../world/fleet.ts';
import type { Host, IndexedZone } from '../world/state.ts';
import { stateOf } from '../world/zones.ts';
import { getopts } from './options.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly path: string;
  readonly uuid: string;
  readonly brand: string;
  readonly ip: string;
  readonly mode: string;
  readonly profile: string;
  readonly aux: string;
}

const GLOBAL: Row = {
  ...{ id: '0', name: 'global', state: 'running', path: '/', uuid: '', brand: 'solaris', ip: 'shared' },
  ...{ mode: '-', profile: 'none', aux: '' },
};

function row(host: Host, zone: IndexedZone): Row {
  const live = host.live.get(zone.name);
  const config = zone.config;
  const kernel = isKernelZone(config);
  const profile = globalOf(config, 'file-mac-profile');
  const suspended = zone.suspended && live === undefined ? 'suspended' : '';
  return {
    id: live === undefined ? '-' : String(live.id),
    name: zone.name,
    state: stateOf(host, zone),
    path: globalOf(config, 'zonepath') || '-',
    uuid: zone.state === 'configured' && live === undefined ? '' : zone.uuid,
    brand: brandOf(config),
    ip: globalOf(config, 'ip-type') === 'shared' ? 'shared' : 'excl',
    mode: live?.mode ?? '-',
    profile: kernel ? 'solaris-kz' : profile !== '' ? profile : live === undefined ? '' : 'none',
    aux: live === undefined || live.aux === 'none' ? suspended : live.aux,
  };
}

/** Running zones by id, then the others as the index has them. */
function rowsOf(host: Host): readonly Row[] {
  const rows = [...activeBe(host).index.values()].map(zone => row(host, zone));
  const up = rows.filter(r => r.id !== '-').sort((a, b) => Number(a.id) - Number(b.id));
  return [GLOBAL, ...up, ...rows.filter(r => r.id === '-')];
}

const escaped = (path: string): string => path.replaceAll(':', '\\:');

function machineLine(r: Row, fields: number): string {
  const known = [r.id, r.name, r.state, escaped(r.path), r.uuid, r.brand, r.ip, r.mode, r.profile];
  return [...known, ...Array.from({ length: fields - known.length }, () => '')].join(':');
}

function tableLine(r: Pick<Row, 'id' | 'name' | 'state' | 'path' | 'brand' | 'ip'>): string {
  return [
    r.id.padStart(4),
    r.name.padEnd(16),
    r.state.padEnd(11),
    r.path.padEnd(28),
    r.brand.padEnd(10),
    r.ip.padEnd(6),
  ].join(' ');
}

const HEADER = { id: 'ID', name: 'NAME', state: 'STATUS', path: 'PATH', brand: 'BRAND', ip: 'IP' };

function auxLine(r: Row): string {
  const lead = `${r.name.padEnd(15)} ${r.state}`;
  return r.aux === '' ? lead : `${r.name.padEnd(15)} ${r.state.padEnd(18)} ${r.aux}`;
}

export async function list(host: Host, proc: Proc, args: readonly string[], zone: string | null): Promise<number> {
  const options = getopts(args, 'cinvps');
  if (options.bad !== null) {
    await proc.err(`zoneadm: list: invalid option -- '${options.bad}'\n`);
    return 2;
  }
  const has = (letter: string): boolean => options.given.has(letter);
  const shown = rowsOf(host).filter(r => {
    if (zone !== null) return r.name === zone;
    if (has('n') && r.name === 'global') return false;
    return has('c') || r.id !== '-' || (has('i') && r.state !== 'configured');
  });
  const lines = shown.map(
    has('p') ? r => machineLine(r, host.zoneListFields) : has('v') ? tableLine : has('s') ? auxLine : r => r.name,
  );
  if (has('v') && !has('p')) lines.unshift(tableLine(HEADER));
  if (has('s') && !has('v') && !has('p')) lines.unshift('NAME             STATUS           AUXILIARY STATE');
  await proc.out(`${lines.join('\n')}\n`);
  return 0;
}
