// sysadm(8): maintenance mode, and the entry to evacuation. Everything it does goes through RAD, so a host without RAD
// answers nothing but an error.
import type { Proc } from '../os/program.ts';
import { hostNow } from '../world/fleet.ts';
import { minute } from '../world/report.ts';
import { may } from '../world/rights.ts';
import type { SysadmWays } from '../world/spec.ts';
import type { Maintenance } from '../world/state.ts';
import * as texts from '../world/texts.ts';
import type { Here, HostProgram } from './call.ts';
import { columns, getopts, optionOf, shortened } from './options.ts';
import { evacuateCommand } from './sysadm-evacuate.ts';

const USAGE = `usage:
	sysadm maintain -s [ -m "message" ]
	sysadm maintain -l [-p] [-o field1,...]
	sysadm maintain -e
	sysadm evacuate [-arnvqw]
	sysadm evacuate -l [-p] [-o field1,...]
`;

/** Where a line of sysadm goes is not documented: a switch of the fleet. */
export async function tell(here: Here, proc: Proc, line: string, kind: 'word' | 'error'): Promise<void> {
  const { streams } = here.fleet.sysadm;
  const toErr = streams === 'stderr' || (streams === 'split' && kind === 'error');
  await (toErr ? proc.err(`${line}\n`) : proc.out(`${line}\n`));
}

export interface Field {
  readonly name: string;
  readonly width: number;
}

/** The fields that `-o` asks for, or null when one is unknown. Names are case-insensitive; `all` is every one. */
export function chosen(fields: readonly Field[], wanted: string | null): readonly Field[] | null {
  if (wanted === null) return fields;
  const names = wanted.split(',').map(name => name.trim().toUpperCase());
  if (names.includes('ALL')) return fields;
  const found = names.map(name => fields.find(f => f.name === name));
  return found.every(f => f !== undefined) ? found : null;
}

/** One record a line; a single field is printed as it is. What divides several is not documented. */
function machineLine(values: readonly string[], form: SysadmWays['machine']): string {
  if (values.length === 1 || form !== 'escaped') return values.join(form === 'blank' ? ' ' : ':');
  return values.map(value => value.replace(/[\\:]/g, c => `\\${c}`)).join(':');
}

export interface Table {
  readonly fields: readonly Field[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

export async function printTable(here: Here, proc: Proc, table: Table, machine: boolean): Promise<void> {
  const names = table.fields.map(f => f.name);
  const widths = table.fields.map(f => f.width);
  const lines = table.rows.map(row => {
    const cells = names.map(name => row[name] ?? '-');
    return machine ? machineLine(cells, here.fleet.sysadm.machine) : columns(widths, cells);
  });
  if (!machine) lines.unshift(columns(widths, names));
  await proc.out(lines.map(line => `${line}\n`).join(''));
}

const MAINTAIN_FIELDS: readonly Field[] = [
  { name: 'TYPE', width: 6 },
  { name: 'USER', width: 8 },
  { name: 'DATE', width: 18 },
  { name: 'MESSAGE', width: 0 },
];

async function listMaintenance(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'lpo:');
  const fields = chosen(MAINTAIN_FIELDS, optionOf(options, 'o'));
  if (options.bad !== null || fields === null || (options.given.has('p') && !options.given.has('o'))) {
    return usage(proc);
  }
  const held = here.host.maintenance;
  if (held === null) {
    const { open } = here.fleet.sysadm;
    if (open === 'words') await tell(here, proc, texts.noMaintenance, 'word');
    if (open === 'header') await printTable(here, proc, { fields, rows: [] }, options.given.has('p'));
    return 0;
  }
  const row = { TYPE: 'admin', USER: held.user, DATE: minute(held.at), MESSAGE: held.message };
  await printTable(here, proc, { fields, rows: [row] }, options.given.has('p'));
  return 0;
}

export async function usage(proc: Proc): Promise<number> {
  await proc.err(USAGE);
  return 2;
}

async function fail(here: Here, proc: Proc, text: string): Promise<number> {
  await tell(here, proc, text, 'error');
  return 1;
}

async function startMaintenance(here: Here, proc: Proc, message: string): Promise<number> {
  const { fleet, host } = here;
  if (host.maintenance !== null) return fail(here, proc, texts.alreadyInMaintenance);
  if (host.evacuating) return fail(here, proc, texts.secondEvacuation);
  if (host.varshareFull) return fail(here, proc, texts.noRoomForState);
  await proc.clock.sleep(200);
  const record: Maintenance = { user: proc.user, at: hostNow(fleet, host), message };
  fleet.change({ what: 'maintenance-started', host: host.name }, () => {
    host.maintenance = record;
    host.evacuation = null;
  });
  return 0;
}

async function endMaintenance(here: Here, proc: Proc): Promise<number> {
  const { fleet, host } = here;
  if (host.maintenance === null) return fail(here, proc, texts.notInMaintenance);
  await proc.clock.sleep(200);
  fleet.change({ what: 'maintenance-ended', host: host.name }, () => {
    host.maintenance = null;
  });
  return 0;
}

async function maintain(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'sm:lepo:');
  const verbs = ['s', 'l', 'e'].filter(v => options.given.has(v));
  const message = optionOf(options, 'm');
  if (options.bad !== null || verbs.length !== 1 || options.rest.length > 0) return usage(proc);
  if (message !== null && verbs[0] !== 's') return usage(proc);
  if (verbs[0] === 'l') return listMaintenance(here, proc, args);
  return verbs[0] === 's' ? startMaintenance(here, proc, message ?? '') : endMaintenance(here, proc);
}

const LONG = { output: 'o', parsable: 'p', message: 'm' };

export const sysadm: HostProgram = async (here, proc, argv) => {
  const [subcommand, ...rest] = argv.slice(1);
  const args = shortened(rest, LONG);
  if (subcommand !== 'maintain' && subcommand !== 'evacuate') return usage(proc);
  if (!may(here.host, proc, 'maintenance')) {
    await proc.err(`${texts.sysadmUnprivileged}\n`);
    return 1;
  }
  if (here.host.services.get('svc:/system/rad:local')?.state !== 'online') {
    await proc.err(`${texts.sysadmNoRad}\n`);
    return 1;
  }
  return subcommand === 'maintain' ? maintain(here, proc, args) : evacuateCommand(here, proc, args);
};
