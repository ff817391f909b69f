// beadm(8). Listing formats are documented; error words are not (sim/world/texts.ts).
import type { Proc } from '../os/program.ts';
import { activate, create, destroy, flagsOf, mount, rename, unmount } from '../world/boot-environments.ts';
import { minute } from '../world/report.ts';
import { may } from '../world/rights.ts';
import type { BootEnvironment, Host, Outcome } from '../world/state.ts';
import { beExists, beMissing, beadmDenied } from '../world/texts.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';
import type { Options } from './options.ts';

const USAGE = `usage:
\tbeadm subcommand cmd_options
\tbeadm activate BeFmri
\tbeadm create [-a] [-d description] [-e non-activeBeFmri | BeFmri@snapshot] [-o property=value] ... BeFmri
\tbeadm destroy [-fF] {BeFmri | BeFmriPattern}...
\tbeadm list [-H] [-o attr] [BeFmri]
\tbeadm mount BeFmri mountpoint
\tbeadm unmount [-f] BeFmri
\tbeadm rename BeFmri newBeFmri
\tbeadm set-policy -n [-]policy ... BeFmri ...
`;

/** `6.13M`, `52.86M`, `313.1M`, `4.85G`: three or four figures. */
function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  const digits = at === 0 ? 0 : value >= 100 ? 1 : 2;
  return `${value.toFixed(digits)}${units[at]}`;
}

const ATTRIBUTES: Readonly<Record<string, (host: Host, be: BootEnvironment) => string>> = {
  be: (_h, be) => be.name,
  name: (_h, be) => be.name,
  fmri: (_h, be) => `be://rpool/${be.name}`,
  uuid: (_h, be) => be.uuid,
  flags: flagsOf,
  active: flagsOf,
  mountpoint: (_h, be) => be.mountpoint ?? '',
  space: (_h, be) => String(be.spaceBytes),
  policy: (_h, be) => be.policy,
  created: (_h, be) => String(Math.floor(be.created / 1000)),
};
const ALL = ['name', 'uuid', 'flags', 'mountpoint', 'space', 'policy', 'created'];

function machineLines(host: Host, bes: readonly BootEnvironment[], names: readonly string[]): readonly string[] {
  return bes.map(be => names.map(name => ATTRIBUTES[name]?.(host, be) ?? '').join(';'));
}

function humanLines(host: Host, bes: readonly BootEnvironment[]): readonly string[] {
  const rows = bes.map(be => {
    const flags = flagsOf(host, be) || '-';
    return [be.name, flags, be.mountpoint ?? '-', human(be.spaceBytes), be.policy, minute(be.created)];
  });
  const titles = ['BE', 'Flags', 'Mountpoint', 'Space', 'Policy', 'Created'];
  const dashes = titles.map(t => '-'.repeat(t.length));
  const widths = [17, 5, 10, 7, 6];
  const cell = (text: string, at: number): string => text.padEnd(widths[at] ?? 0);
  return [titles, dashes, ...rows].map(r => r.map(cell).join(' '));
}

async function list(here: Here, proc: Proc, options: Options): Promise<number> {
  const { host } = here;
  const wanted = options.rest;
  const missing = wanted.find(name => !host.bes.has(name));
  if (missing !== undefined) return answer(proc, { is: 'refused', text: beMissing(missing) });
  const bes = [...host.bes.values()].filter(be => wanted.length === 0 || wanted.includes(be.name));
  const named = (options.given.get('o') ?? []).flatMap(o => o.split(',')).map(o => o.toLowerCase());
  const unknown = named.find(name => ATTRIBUTES[name] === undefined);
  if (unknown !== undefined) return usage(proc);
  const first = named[0];
  const sorted = first === undefined ? bes : [...bes].sort((a, b) => compare(host, first, a, b));
  const machine = options.given.has('H') || first !== undefined;
  const lines = machine ? machineLines(host, sorted, first === undefined ? ALL : named) : humanLines(host, sorted);
  await proc.out(lines.map(line => `${line}\n`).join(''));
  return 0;
}

function compare(host: Host, attribute: string, a: BootEnvironment, b: BootEnvironment): number {
  const [x = '', y = ''] = [a, b].map(be => ATTRIBUTES[attribute]?.(host, be) ?? '');
  return attribute === 'created' || attribute === 'space' ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
}

async function usage(proc: Proc): Promise<number> {
  await proc.err(USAGE);
  return 1;
}

async function answer(proc: Proc, outcome: Outcome): Promise<number> {
  if (outcome.is === 'ok') return 0;
  await proc.err(`${outcome.text}\n`);
  return 1;
}

async function createBe(here: Here, proc: Proc, options: Options): Promise<number> {
  const { fleet, host } = here;
  const name = options.rest[0];
  if (name === undefined || options.rest.length !== 1) return usage(proc);
  if (host.bes.has(name)) return answer(proc, { is: 'refused', text: beExists(name) });
  const source = optionOf(options, 'e')?.split('@')[0];
  const from = source === undefined ? undefined : host.bes.get(source);
  if (source !== undefined && from === undefined) return answer(proc, { is: 'refused', text: beMissing(source) });
  await proc.clock.sleep(3000);
  create(fleet, host, name, from);
  return options.given.has('a') ? answer(proc, activate(fleet, host, name)) : 0;
}

async function destroyBe(here: Here, proc: Proc, options: Options): Promise<number> {
  if (options.rest.length === 0) return usage(proc);
  let status = 0;
  for (const name of options.rest) {
    if (!options.given.has('F')) {
      await proc.out(`Are you sure you want to destroy ${name}? This action cannot be undone(y/[n]): `);
      const reply = await proc.readLine();
      if (reply === null || !/^y/i.test(reply)) continue;
    }
    await proc.clock.sleep(2000);
    const outcome = destroy(here.fleet, here.host, name, options.given.has('f'));
    status = Math.max(status, await answer(proc, outcome));
  }
  return status;
}

async function setPolicy(here: Here, proc: Proc, options: Options): Promise<number> {
  const policy = optionOf(options, 'n');
  if (policy === null || options.rest.length === 0) return usage(proc);
  for (const name of options.rest) {
    const be = here.host.bes.get(name);
    if (be === undefined) return answer(proc, { is: 'refused', text: beMissing(name) });
    const now = be.policy.split(',').filter(p => p !== '');
    const word = policy.replace(/^-/, '');
    const left = now.filter(p => p !== word);
    const next = policy.startsWith('-') ? left : [...left, word].sort();
    here.fleet.change({ what: 'be-policy-set', host: here.host.name }, () => {
      be.policy = next.join(',') || 'static';
    });
  }
  return 0;
}

async function change(here: Here, proc: Proc, verb: string, args: readonly string[]): Promise<number> {
  const { fleet, host } = here;
  const options = getopts(
    args,
    { create: 'ad:e:o:', destroy: 'fFO', unmount: 'f', 'set-policy': 'n:', mount: 'b' }[verb] ?? '',
  );
  const [one, two] = options.rest;
  if (options.bad !== null || one === undefined) return usage(proc);
  switch (verb) {
    case 'create':
      return createBe(here, proc, options);
    case 'destroy':
      return destroyBe(here, proc, options);
    case 'set-policy':
      return setPolicy(here, proc, options);
    case 'activate':
      await proc.clock.sleep(1500);
      return answer(proc, activate(fleet, host, one));
    case 'unmount':
      return answer(proc, unmount(fleet, host, one));
    case 'mount':
      return two === undefined ? usage(proc) : answer(proc, mount(fleet, host, one, two));
    case 'rename':
      if (two !== undefined && host.bes.has(two)) return answer(proc, { is: 'refused', text: beExists(two) });
      return two === undefined ? usage(proc) : answer(proc, rename(fleet, host, one, two));
    default:
      return usage(proc);
  }
}

export const beadm: HostProgram = async (here, proc, argv) => {
  const [verb = '', ...args] = argv.slice(1);
  if (verb === 'list') {
    const options = getopts(args, 'adsZHo:k:K:');
    return options.bad === null ? list(here, proc, options) : usage(proc);
  }
  if (!may(here.host, proc, 'boot-environments')) return answer(proc, { is: 'refused', text: beadmDenied });
  return change(here, proc, verb === 'umount' ? 'unmount' : verb, args);
};
