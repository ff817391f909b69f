// pkg list, info, publisher, history, freeze: what is installed and where it comes from. Nothing here changes a host.
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Host, PkgHistory } from '../world/state.ts';
import { shortFmri, stampOf, version } from '../world/versions.ts';
import type { Version } from '../world/versions.ts';
import type { Here } from './call.ts';
import { getopts, optionOf } from './options.ts';

export function stampFor(fleet: Fleet, v: Version): string {
  return fleet.stamps.get(v.text) ?? stampOf(v);
}

/** Names of installed packages with their version; `entire` first. */
function installed(host: Host): readonly (readonly [string, string])[] {
  const be = activeBe(host);
  return [['entire', be.entire], ...[...be.packages].map(([name, v]) => [name.replace('pkg:/', ''), v] as const)];
}

const named = (name: string, pattern: string): boolean => {
  const bare = pattern.replace(/^pkg:\/+(solaris\/)?/, '').split('@')[0] ?? '';
  return name === bare || name.endsWith(`/${bare}`) || bare === '*';
};

export async function list(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'Hafnsuvg:R:');
  const found = installed(here.host).filter(([n]) => options.rest.length === 0 || options.rest.some(p => named(n, p)));
  const missing = options.rest.filter(p => !installed(here.host).some(([n]) => named(n, p)));
  if (found.length === 0) {
    const lines = missing.map(p => `  ${p}`).join('\n');
    await proc.err(`\npkg list: no packages matching the following patterns are installed:\n${lines}\n`);
    return 1;
  }
  const verbose = options.given.has('v');
  if (!options.given.has('H'))
    await proc.out(
      verbose ? `${'FMRI'.padEnd(76)} IFO\n` : `${'NAME (PUBLISHER)'.padEnd(49)} ${'VERSION'.padEnd(26)} IFO\n`,
    );
  for (const [name, text] of found) {
    const v = version(text);
    const fmri = shortFmri(v, stampFor(here.fleet, v)).replace('/entire@', `/${name}@`);
    await proc.out(verbose ? `${fmri.padEnd(76)} i--\n` : `${name.padEnd(49)} ${v.text.padEnd(26)} i--\n`);
  }
  return missing.length > 0 ? 3 : 0;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `20180817T004203Z` as `August 17, 2018 at 12:42:03 AM`. */
function packagingDate(stamp: string): string {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (m === null) return stamp;
  const [, year, month, day, hour, minute, second] = m;
  const h = Number(hour);
  const clock = `${String(h % 12 === 0 ? 12 : h % 12).padStart(2, '0')}:${minute}:${second} ${h < 12 ? 'AM' : 'PM'}`;
  return `${MONTHS[Number(month) - 1]} ${Number(day)}, ${year} at ${clock}`;
}

export async function info(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'lrqg:');
  const wanted = options.rest[0] ?? 'entire';
  if (!named('entire', wanted)) {
    const text = 'no packages matching the following patterns you specified are\ninstalled on the system.';
    await proc.err(`pkg: info: ${text}  Try querying remotely instead:\n\n        ${wanted}\n`);
    return 1;
  }
  const v = version(activeBe(here.host).entire);
  const stamp = stampFor(here.fleet, v);
  await proc.out(`          Name: entire
       Summary: Incorporation to lock all system packages to the same build
   Description: This package constrains system package versions to the same
                build.  WARNING: Proper system update and correct package
                selection depend on the presence of this incorporation.
                Removing this package will result in an unsupported system.
      Category: Meta Packages/Incorporations
         State: Installed
     Publisher: solaris
       Version: 11.4 (Oracle Solaris ${v.branch})
        Branch: ${v.branch}
Packaging Date: ${packagingDate(stamp)}
          Size: 2.53 kB
          FMRI: ${shortFmri(v, stamp)}
`);
  return 0;
}

export async function publisher(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'HPnF:');
  const rows = [...activeBe(here.host).publishers];
  const tsv = optionOf(options, 'F') === 'tsv';
  if (!options.given.has('H'))
    await proc.out(
      tsv
        ? 'PUBLISHER\tSTICKY\tSYSPUB\tENABLED\tTYPE\tSTATUS\tURI\tPROXY\n'
        : `${'PUBLISHER'.padEnd(27)} ${'TYPE'.padEnd(8)} STATUS P LOCATION\n`,
    );
  for (const [name, origin] of rows)
    await proc.out(
      tsv
        ? `${name}\ttrue\tfalse\ttrue\torigin\tonline\t${origin}\t-\n`
        : `${name.padEnd(27)} origin   online F ${origin}\n`,
    );
  return 0;
}

const WIDTHS: Readonly<Record<string, number>> = {
  ...{ start: 25, finish: 25, operation: 25, client: 19, outcome: 12, be: 20, new_be: 20, snapshot: 20, reason: 10 },
};

function historyCell(host: Host, entry: PkgHistory, column: string): string {
  const [outcome = '', reason = 'None'] = entry.outcome.split('/');
  const be = (name: string): string => (name === '' ? '(None)' : host.bes.has(name) ? name : `${name}*`);
  const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19);
  switch (column) {
    case 'start':
      return stamp(entry.start);
    case 'finish':
      return stamp(entry.finish);
    case 'operation':
      return entry.operation;
    case 'client':
      return 'pkg';
    case 'outcome':
      return outcome;
    case 'reason':
      return reason;
    case 'be':
      return be(entry.be);
    case 'new_be':
      return be(entry.newBe);
    default:
      return '(None)';
  }
}

export async function history(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'HNln:o:t:');
  const names = (optionOf(options, 'o') ?? 'start,operation,client,outcome').split(',');
  const count = Number(optionOf(options, 'n') ?? '0');
  const entries = here.host.pkgHistory.slice(count > 0 ? -count : 0);
  const line = (cells: readonly string[]): string =>
    cells.map((c, at) => (at === cells.length - 1 ? c : c.padEnd(WIDTHS[names[at] ?? ''] ?? 20))).join(' ');
  if (!options.given.has('H')) await proc.out(`${line(names.map(n => n.toUpperCase()))}\n`);
  for (const entry of entries) await proc.out(`${line(names.map(n => historyCell(here.host, entry, n)))}\n`);
  return 0;
}
