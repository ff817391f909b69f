// svcs(1): states of services in columns, and why one isn't well (-x).
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { serviceOf } from '../world/smf.ts';
import type { Service } from '../world/smf.ts';
import { longDate } from '../world/zones.ts';
import type { Here, HostProgram } from './call.ts';
import { instances, matching } from './fmri.ts';
import { getopts } from './options.ts';
import type { Options } from './options.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (service: Service, now: number) => string;
}

const DAY_MS = 86_400_000;

/** The time of day within the last day, otherwise `Feb_02`, after a year the year. */
function stime(service: Service, now: number): string {
  const date = new Date(service.since);
  if (now - service.since < DAY_MS) return date.toISOString().slice(11, 19);
  const [, month = '', day = '', , year = ''] = longDate(service.since).split(/\s+/);
  return now - service.since > 365 * DAY_MS ? year : `${month}_${day.padStart(2, '0')}`;
}

const column = (title: string, width: number, cell: Column['cell']): Column => ({ title, width, cell });

const COLUMNS: ReadonlyMap<string, Column> = new Map([
  ['state', column('STATE', 14, s => s.state)],
  ['nstate', column('NSTATE', 14, () => '-')],
  ['sta', column('STA', 6, s => s.state.slice(0, 3).toUpperCase())],
  ['stime', column('STIME', 15, stime)],
  ['fmri', column('FMRI', 50, s => s.fmri)],
  ['desc', column('DESC', 50, s => s.title)],
  ['inst', column('INST', 16, s => s.fmri.slice(s.fmri.lastIndexOf(':') + 1))],
  ['svc', column('SVC', 30, s => serviceOf(s.fmri).replace('svc:/', ''))],
]);

const REASONS: Readonly<Record<string, string>> = {
  offline: 'Start method is running.',
  maintenance: 'Start method failed repeatedly, last exited with status 1.',
};

function explain(service: Service, verbose: boolean): string {
  const name = service.fmri.replace('svc:/', '').replaceAll('/', '-');
  const [section, page] = service.man.split(' ');
  const man = verbose ? `man -M /usr/share/man -s ${section} ${page}` : `${page}(${section})`;
  const ill = service.state !== 'online' && service.state !== 'disabled';
  const lines = [
    `${service.fmri} (${service.title})`,
    ` State: ${service.state} since ${longDate(service.since)}`,
    ...(ill ? [`Reason: ${service.reason || (REASONS[service.state] ?? 'Unknown.')}`] : []),
    ...(ill ? ['   See: http://support.oracle.com/msg/SMF-8000-KS'] : []),
    ...(service.man === '' ? [] : [`   See: ${man}`]),
    `   See: /var/svc/log/${name}.log`,
    ill ? 'Impact: This service is not running.' : 'Impact: None.',
  ];
  return lines.join('\n');
}

/** Enabled services that don't run, or (named) whatever state they have. */
function unhealthy(here: Here): readonly Service[] {
  const { disabled } = activeBe(here.host).smf;
  return instances(here.host).filter(
    s => !['online', 'disabled', 'degraded'].includes(s.state) && !disabled.has(s.fmri),
  );
}

async function found(here: Here, proc: Proc, patterns: readonly string[]): Promise<readonly Service[] | null> {
  const all: Service[] = [];
  let failed = false;
  for (const pattern of patterns) {
    const some = matching(here.host, pattern);
    if (some.length === 0) await proc.err(`svcs: Pattern '${pattern}' doesn't match any instances\n`);
    failed ||= some.length === 0;
    all.push(...some);
  }
  return failed && all.length === 0 ? null : all;
}

async function explainAll(here: Here, proc: Proc, options: Options): Promise<number> {
  const named = options.rest.length === 0 ? unhealthy(here) : await found(here, proc, options.rest);
  if (named === null) return 1;
  if (named.length > 0) await proc.out(`${named.map(s => explain(s, options.given.has('v'))).join('\n\n')}\n`);
  return 0;
}

function cells(row: readonly string[], shown: readonly Column[]): string {
  return row.map((text, at) => (at === row.length - 1 ? text : text.padEnd(shown[at]?.width ?? 0))).join(' ');
}

/** A lone column is padded like any other but for its end; scripts read it by its first word. */
function table(services: readonly Service[], shown: readonly Column[], now: number, header: boolean): string {
  const rows = services.map(s =>
    cells(
      shown.map(c => c.cell(s, now)),
      shown,
    ),
  );
  if (header)
    rows.unshift(
      cells(
        shown.map(c => c.title),
        shown,
      ),
    );
  return rows.map(r => `${r}\n`).join('');
}

/** `svcs -a`: by state's rank, then by time. */
const RANK = ['legacy_run', 'disabled', 'maintenance', 'uninitialized', 'offline', 'degraded', 'online'];
const ranked = (services: readonly Service[]): readonly Service[] =>
  [...services].sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || a.since - b.since);

export const svcs: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 'aHpvxldDLo:s:S:R:nZz:');
  const names = (
    options.given.get('o') ?? [options.given.has('v') ? 'state,nstate,stime,fmri' : 'state,stime,fmri']
  ).flatMap(o => o.split(','));
  const shown = names.map(name => COLUMNS.get(name.trim().toLowerCase()));
  if (options.bad !== null || !shown.every(c => c !== undefined)) {
    await proc.err('Usage: svcs [-aHpv] [-o col[,col ... ]] [-R restarter] [-sS col] [<service> ...]\n');
    return 2;
  }
  if (options.given.has('x')) return explainAll(here, proc, options);
  const named = await found(here, proc, options.rest);
  if (named === null) return 1;
  const all = options.given.has('a') ? instances(here.host) : instances(here.host).filter(s => s.state !== 'disabled');
  const listed = options.rest.length > 0 ? named : ranked(all);
  await proc.out(table(listed, shown, proc.clock.now(), !options.given.has('H')));
  return 0;
};
