// zonecfg(8): info and export, and as much of create, set, add, select, remove, delete as a migration's preparation
// needs, from arguments, a file or standard input. It doesn't check values.
import type { Proc } from '../os/program.ts';
import { exportText, withGlobal } from '../world/config.ts';
import type { Resource, ZoneConfig } from '../world/config.ts';
import { zoneOn } from '../world/fleet.ts';
import { may } from '../world/rights.ts';
import { zonecfgUnprivileged } from '../world/texts.ts';
import { configure, stateOf, unconfigure } from '../world/zones.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';
import { RESOURCES, info } from './zonecfg-info.ts';

interface Session {
  readonly here: Here;
  readonly proc: Proc;
  readonly zone: string;
  readonly live: boolean;
  config: ZoneConfig | null;
  /** The resource being added or edited, and its place in the list; -1 for a new one. */
  open: { resource: Resource; at: number } | null;
  changed: boolean;
  deleted: boolean;
}

function begin(here: Here, proc: Proc, zone: string, live: boolean): Session {
  const { host } = here;
  const stored = zone === 'global' ? GLOBAL_ZONE : (zoneOn(host, zone)?.config ?? null);
  const config = live ? (host.live.get(zone)?.running ?? stored) : stored;
  return { here, proc, zone, live, config, open: null, changed: false, deleted: false };
}

const GLOBAL_ZONE: ZoneConfig = {
  name: 'global',
  globals: [
    ['zonepath', '/'],
    ['brand', 'solaris'],
    ['autoboot', 'true'],
    ['ip-type', 'shared'],
  ],
  resources: [],
};

async function refuse(session: Session, text: string): Promise<number> {
  await session.proc.err(`${text}\n`);
  return 1;
}

const unquoted = (value: string): string => value.replace(/^"(.*)"$/s, '$1');

function setOn(resource: Resource, name: string, value: string): Resource {
  const has = resource.properties.some(([key]) => key === name);
  const properties = has
    ? resource.properties.map(([k, v]) => [k, k === name ? value : v] as const)
    : [...resource.properties, [name, value] as const];
  return { ...resource, properties };
}

function closeResource(session: Session, config: ZoneConfig, open: { resource: Resource; at: number }): void {
  const resources =
    open.at < 0
      ? [...config.resources, open.resource]
      : config.resources.map((r, at) => (at === open.at ? open.resource : r));
  session.config = { ...config, resources };
  session.open = null;
  session.changed = true;
}

function create(session: Session, args: readonly string[]): Promise<number> {
  if (session.config !== null && !args.includes('-F'))
    return refuse(session, `${session.zone}: zone already exists; use -F to force`);
  const kernel = args.some(a => a.startsWith('SYSsolaris-kz'));
  const blank = args.includes('-b');
  const brand = kernel ? 'solaris-kz' : 'solaris';
  const zonepath = kernel || blank ? [] : [['zonepath', `/system/zones/${session.zone}`] as const];
  session.config = { name: session.zone, globals: [...zonepath, ['brand', brand]], resources: [] };
  session.changed = true;
  return Promise.resolve(0);
}

function setProperty(session: Session, config: ZoneConfig, text: string): Promise<number> {
  const m = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/s.exec(text);
  if (m === null) return refuse(session, 'zonecfg: syntax error');
  const name = m[1] ?? '';
  const value = unquoted((m[2] ?? '').trim());
  if (session.open !== null) session.open.resource = setOn(session.open.resource, name, value);
  else session.config = withGlobal(config, name, value);
  session.changed = true;
  return Promise.resolve(0);
}

function findResource(config: ZoneConfig, args: readonly string[]): number {
  const [type, ...filters] = args;
  return config.resources.findIndex(r => {
    const fits = filters.every(f => {
      const [name = '', value = ''] = f.split(/=(.*)/s);
      return r.properties.some(([k, v]) => k === name && v === unquoted(value));
    });
    return r.type === type && fits;
  });
}

async function edit(session: Session, config: ZoneConfig, verb: string, args: readonly string[]): Promise<number> {
  switch (verb) {
    case 'set':
      return setProperty(session, config, args.join(' '));
    case 'clear':
      return setProperty(session, config, `${args[0] ?? ''}=`);
    case 'add': {
      const type = args[0] ?? '';
      if (!RESOURCES.has(type)) return refuse(session, `zonecfg: ${type}: unknown resource type`);
      session.open = { resource: { type, properties: [] }, at: -1 };
      return 0;
    }
    case 'select':
    case 'remove': {
      const at = findResource(
        config,
        args.filter(a => a !== '-F'),
      );
      const resource = config.resources[at];
      if (resource === undefined) return refuse(session, `zonecfg: No such resource: ${args.join(' ')}`);
      if (verb === 'select') session.open = { resource, at };
      else session.config = { ...config, resources: config.resources.filter((_, i) => i !== at) };
      session.changed = true;
      return 0;
    }
    case 'end':
      if (session.open === null) return refuse(session, 'zonecfg: end: not in a resource scope');
      closeResource(session, config, session.open);
      return 0;
    default:
      return refuse(session, `zonecfg: ${verb}: syntax error`);
  }
}

async function show(session: Session, config: ZoneConfig, args: readonly string[]): Promise<number> {
  const lines = info(
    config,
    args.filter(a => a !== '-a'),
    args.includes('-a'),
  );
  if (lines === null) return refuse(session, `zonecfg: ${args.at(-1) ?? ''}: unknown resource type`);
  if (lines.length > 0) await session.proc.out(`${lines.join('\n')}\n`);
  return 0;
}

async function command(session: Session, text: string): Promise<number> {
  const [verb = '', ...args] = text.trim().split(/\s+/);
  if (verb === '' || verb.startsWith('#') || verb === 'verify' || verb === 'exit' || verb === 'cancel') return 0;
  if (verb === 'create') return create(session, args);
  const config = session.config;
  if (config === null) return refuse(session, `${session.zone}: No such zone configured`);
  switch (verb) {
    case 'info':
      return show(session, config, args);
    case 'export': {
      const file = optionOf(getopts(args, 'af:'), 'f');
      if (file === null) await session.proc.out(exportText(config));
      else session.proc.files.write(file, new TextEncoder().encode(exportText(config)));
      return 0;
    }
    case 'commit':
      return commit(session);
    case 'delete':
      session.deleted = true;
      return 0;
    default:
      return edit(session, config, verb, args);
  }
}

async function commit(session: Session): Promise<number> {
  const { here, proc, config, zone } = session;
  if (!session.changed && !session.deleted) return 0;
  if (!may(here.host, proc, 'zone-configuration')) return refuse(session, zonecfgUnprivileged);
  if (session.deleted) {
    const entry = zoneOn(here.host, zone);
    if (entry !== null && stateOf(here.host, entry) !== 'configured')
      return refuse(session, `zonecfg: Zone ${zone} is ${stateOf(here.host, entry)}; delete not allowed.`);
    unconfigure(here.fleet, here.host, zone);
  } else if (config !== null && session.live) {
    const live = here.host.live.get(zone);
    if (live === undefined) return refuse(session, `zonecfg: Zone ${zone} is not running`);
    here.fleet.change({ what: 'zone-reconfigured-live', host: here.host.name, zone }, () => {
      live.running = config;
    });
  } else if (config !== null) configure(here.fleet, here.host, config);
  session.changed = false;
  return 0;
}

async function texts(proc: Proc, file: string | null, rest: readonly string[]): Promise<readonly string[]> {
  const decode = (bytes: Uint8Array): readonly string[] => new TextDecoder().decode(bytes).split('\n');
  if (file !== null && file !== '-') return decode(proc.files.read(file));
  if (rest.length > 0) return rest.join(' ').split(';');
  return decode(await proc.readAll());
}

export const zonecfg: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 'z:f:rRu:');
  const zone = optionOf(options, 'z');
  if (options.bad !== null || zone === null) {
    await proc.err('usage:\tzonecfg -z <zone> [-r] <command>\n');
    return 2;
  }
  const session = begin(here, proc, zone, options.given.has('r'));
  for (const text of await texts(proc, optionOf(options, 'f'), options.rest)) {
    const status = await command(session, text);
    if (status !== 0) return status;
  }
  return commit(session);
};
