// pkg(1): dispatch, options of update, install and uninstall of a few leaf packages, publishers.
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { may } from '../world/rights.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts } from './options.ts';
import { history, info, list, publisher } from './pkg-facts.ts';
import type { UpdateOptions } from './pkg-plan.ts';
import { settleLock, update } from './pkg-update.ts';

const NO_RIGHTS = `pkg: Could not operate on /var/pkg/lock
because of insufficient permissions. Please try the command again as a privileged user.
`;

const FLAGS = ['--no-be-activate', '--accept', '--licenses', '--require-new-be', '--deny-new-be', '--no-backup-be'];
const MORE_FLAGS = ['--require-backup-be', '--no-refresh', '--ignore-missing', '--sync-actuators', '--no-index'];
const VALUES = ['--be-name', '--backup-be-name', '--parsable', '--reject', '-C', '-g', '-z', '-Z'];

type Parsed =
  | { readonly is: 'options'; readonly options: UpdateOptions }
  | { readonly is: 'bad'; readonly word: string };

/** pkg's options may stand before and after operands, long ones with `=` or a blank. */
function parseUpdate(args: readonly string[]): Parsed {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name = '', inline] = arg.startsWith('--') ? arg.split(/=(.*)/s) : [arg];
    const glued = /^-[CgzZ]./.test(arg);
    if (glued) values.set(arg.slice(0, 2), arg.slice(2));
    else if (VALUES.includes(name)) values.set(name, inline ?? args[++at] ?? '');
    else if (FLAGS.includes(name) || MORE_FLAGS.includes(name)) flags.add(name);
    else if (/^-[nvqfr]+$/.test(arg)) for (const letter of arg.slice(1)) flags.add(`-${letter}`);
    else if (arg.startsWith('-')) return { is: 'bad', word: arg };
    else operands.push(arg);
  }
  const parsable = values.get('--parsable') === '0';
  if (parsable && flags.has('-v')) return { is: 'bad', word: '-v' };
  const options: UpdateOptions = {
    ...{ beName: values.get('--be-name') ?? null, activate: !flags.has('--no-be-activate'), parsable, operands },
    ...{
      dry: flags.has('-n'),
      quiet: flags.has('-q'),
      verbose: flags.has('-v'),
      denyNewBe: flags.has('--deny-new-be'),
    },
  };
  return { is: 'options', options };
}

async function updateCommand(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const parsed = parseUpdate(args);
  if (parsed.is === 'options') return update(here, proc, parsed.options);
  await proc.err(`pkg update: illegal option -- ${parsed.word}\n`);
  return 2;
}

const LEAVES = ['diagnostic/top', 'editor/vim', 'web/server/apache-24', 'terminal/tmux', 'system/storage/multipath'];

async function install(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const operands = args.filter(a => !a.startsWith('-'));
  const { packages, entire } = activeBe(here.host);
  const whole = operands.map(o => LEAVES.find(l => l === o.replace(/^pkg:\/+/, '') || l.endsWith(`/${o}`)));
  if (!whole.every(name => name !== undefined)) {
    const unknown = operands.filter((_, at) => whole[at] === undefined);
    await proc.err(`\npkg install: The following pattern(s) did not match any allowable packages.  Try
using a different matching pattern, or refreshing publisher information:

\t${unknown.join('\n\t')}\n`);
    return 1;
  }
  const fresh = whole.filter(name => !packages.has(`pkg:/${name}`));
  if (fresh.length === 0) {
    await proc.out('No updates necessary for this image.\n');
    return 4;
  }
  if (args.includes('-n')) return 0;
  await proc.clock.sleep(20_000);
  here.fleet.change({ what: 'package-installed', host: here.host.name }, () => {
    for (const name of fresh) packages.set(`pkg:/${name}`, entire);
  });
  return 0;
}

async function uninstall(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const { packages } = activeBe(here.host);
  const operands = args.filter(a => !a.startsWith('-'));
  const keys = operands.map(o => [...packages.keys()].find(k => k === `pkg:/${o}` || k.endsWith(`/${o}`)));
  if (!keys.every(key => key !== undefined)) {
    await proc.err(`\npkg uninstall: The following packages are not installed: ${operands.join(' ')}\n`);
    return 1;
  }
  await proc.clock.sleep(10_000);
  here.fleet.change({ what: 'package-removed', host: here.host.name }, () => {
    for (const key of keys) packages.delete(key);
  });
  return 0;
}

async function setPublisher(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'PG:g:m:M:p:k:c:de');
  const origin = options.given.get('g')?.at(-1) ?? options.given.get('p')?.at(-1);
  const name = options.rest[0] ?? 'solaris';
  if (options.bad !== null || origin === undefined) {
    await proc.err('pkg set-publisher: requires a publisher name and an origin\n');
    return 2;
  }
  await proc.clock.sleep(5_000);
  here.fleet.change({ what: 'publisher-set', host: here.host.name }, () => {
    activeBe(here.host).publishers.set(name, origin);
  });
  return 0;
}

async function unsetPublisher(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const { publishers } = activeBe(here.host);
  const unknown = args.find(name => !publishers.has(name));
  if (unknown !== undefined) {
    await proc.err(`pkg unset-publisher: Removal failed for '${unknown}': Unknown publisher '${unknown}'.\n`);
    return 1;
  }
  here.fleet.change({ what: 'publisher-unset', host: here.host.name }, () => {
    for (const name of args) publishers.delete(name);
  });
  return 0;
}

type Sub = (here: Here, proc: Proc, args: readonly string[]) => Promise<number>;
const READING: ReadonlyMap<string, Sub> = new Map<string, Sub>([
  ['list', list],
  ['info', info],
  ['publisher', publisher],
  ['history', history],
  ['freeze', () => Promise.resolve(0)],
  ['version', (_here, proc) => proc.out('1.4-80\n').then(() => 0)],
]);
const CHANGING: ReadonlyMap<string, Sub> = new Map<string, Sub>([
  ['update', updateCommand],
  ['install', install],
  ['uninstall', uninstall],
  ['set-publisher', setPublisher],
  ['unset-publisher', unsetPublisher],
  ['refresh', (_here, proc) => proc.clock.sleep(5_000).then(() => 0)],
]);

/** A locale that isn't installed makes a warning, no more. */
async function warnOfLocale(proc: Proc): Promise<void> {
  const locale = proc.env.get('LC_ALL') ?? proc.env.get('LANG') ?? 'C';
  if (locale === '' || /^(C|POSIX|C\.UTF-8|en_US\.UTF-8)$/.test(locale)) return;
  const advice =
    'please ensure that the variables LC_ALL and LANG are set correctly, and that the locale is installed.';
  await proc.err(`Unable to set locale; ${advice} Reverting to C locale.\n`);
}

export const pkg: HostProgram = async (here, proc, argv) => {
  const [verb = '', ...args] = argv.slice(1);
  settleLock(here);
  await warnOfLocale(proc);
  const reading = READING.get(verb);
  if (reading !== undefined) return reading(here, proc, args);
  const changing = CHANGING.get(verb);
  if (changing === undefined) {
    await proc.err(`pkg: unknown subcommand '${verb}'\n`);
    return 2;
  }
  if (!may(here.host, proc, 'software')) {
    await proc.err(NO_RIGHTS);
    return 1;
  }
  return changing(here, proc, args);
};
