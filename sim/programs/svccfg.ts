// svccfg(8): properties stored in the repository, by one command on the line, by lines of standard input or of a file.
// Nothing set here has an effect before a refresh.
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { may } from '../world/rights.ts';
import { composed, deleteProperty, refresh, serviceOf, setProperty } from '../world/smf.ts';
import type { Property } from '../world/smf.ts';
import { svccfgDenied } from '../world/texts.ts';
import type { Here, HostProgram } from './call.ts';
import { entityOf } from './fmri.ts';
import { getopts, optionOf } from './options.ts';

interface Session {
  readonly here: Here;
  readonly proc: Proc;
  selected: string | null;
}

const TYPES = 'astring|ustring|boolean|count|integer|net_address|net_address_v4|net_address_v6|uri|hostname|fmri|time';
const SET = new RegExp(`^(\\S+?)\\s*=\\s*(?:(${TYPES}):\\s*)?(.*)$`, 's');

async function refuse(session: Session, text: string): Promise<number> {
  await session.proc.err(`svccfg: ${text}\n`);
  return 1;
}

/** Words of a command line: blanks divide, double quotes hold together, backslash takes the next one as it is. */
function words(text: string): readonly string[] {
  const found = text.matchAll(/"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)/gs);
  return [...found].map(m => (m[1] ?? m[2] ?? '').replace(/\\(.)/gs, '$1'));
}

async function select(session: Session, pattern: string): Promise<number> {
  const fmri = entityOf(session.here.host, pattern);
  if (fmri === null) return refuse(session, `Pattern '${pattern}' doesn't match any instances or services`);
  session.selected = fmri;
  return 0;
}

function hasGroup(session: Session, fmri: string, group: string): boolean {
  const smf = activeBe(session.here.host).smf;
  return composed(smf, fmri).has(group) || (smf.current.get(serviceOf(fmri))?.has(group) ?? false);
}

async function setprop(session: Session, fmri: string, rest: string): Promise<number> {
  const m = SET.exec(rest.trim());
  const [group = '', name = ''] = (m?.[1] ?? '').split('/');
  if (m === null || name === '') return refuse(session, 'Syntax error.');
  if (!hasGroup(session, fmri, group)) return refuse(session, `No such property group "${group}".`);
  const { fleet, host } = session.here;
  const smf = activeBe(host).smf;
  const old = composed(smf, fmri).get(group)?.properties.get(name);
  const values = words((m[3] ?? '').replace(/^\s*\((.*)\)\s*$/s, '$1'));
  const property: Property = { type: m[2] ?? old?.type ?? 'astring', values: values.length === 0 ? [''] : values };
  fleet.change({ what: 'property-set', host: host.name }, () => setProperty(smf, fmri, group, [name, property]));
  return 0;
}

async function delprop(session: Session, fmri: string, path: string): Promise<number> {
  const [group = '', name] = path.split('/');
  const { fleet, host } = session.here;
  const smf = activeBe(host).smf;
  const groups = smf.current.get(fmri);
  if (name === undefined) {
    if (groups?.has(group) !== true) return refuse(session, `No such property group "${group}".`);
    const left = new Map(groups);
    left.delete(group);
    fleet.change({ what: 'property-deleted', host: host.name }, () => smf.current.set(fmri, left));
    return 0;
  }
  let deleted = false;
  fleet.change({ what: 'property-deleted', host: host.name }, () => {
    deleted = deleteProperty(smf, fmri, group, name);
  });
  return deleted ? 0 : refuse(session, `No such property "${path}".`);
}

async function addpg(session: Session, fmri: string, args: readonly string[]): Promise<number> {
  const [group, type] = args;
  if (group === undefined || type === undefined) return refuse(session, 'Syntax error.');
  const { fleet, host } = session.here;
  const smf = activeBe(host).smf;
  const groups = new Map(smf.current.get(fmri) ?? []);
  if (groups.has(group)) return refuse(session, `The property group "${group}" already exists.`);
  groups.set(group, { type, properties: new Map() });
  fleet.change({ what: 'property-set', host: host.name }, () => smf.current.set(fmri, groups));
  return 0;
}

const quoted = (value: string): string => (/[\s"'\\;()]/.test(value) || value === '' ? `"${value}"` : value);

/** Rows padded to the longest name; a group's row has its type where a property has type and value. */
async function listprop(session: Session, fmri: string, pattern: string | undefined): Promise<number> {
  const view = composed(activeBe(session.here.host).smf, fmri);
  const rows: (readonly [string, string])[] = [];
  for (const [group, { type, properties }] of view) {
    const whole = pattern === undefined || pattern === group;
    if (whole) rows.push([group, `${type.padEnd(18)} `]);
    for (const [name, property] of properties) {
      const path = `${group}/${name}`;
      if (!whole && pattern !== path) continue;
      rows.push([path, `${property.type.padEnd(11)} ${property.values.map(quoted).join(' ')}`]);
    }
  }
  const width = Math.max(0, ...rows.map(([path]) => path.length));
  if (rows.length > 0) await session.proc.out(`${rows.map(([p, r]) => `${p.padEnd(width)} ${r}`).join('\n')}\n`);
  return 0;
}

const CHANGING = ['setprop', 'delprop', 'addpg', 'delpg', 'refresh', 'setenv'];

async function command(session: Session, line: string): Promise<number> {
  const [verb = '', ...args] = words(line);
  if (verb === '' || verb.startsWith('#') || ['end', 'exit', 'quit', 'unselect'].includes(verb)) return 0;
  if (verb === 'select') return select(session, args[0] ?? '');
  const fmri = session.selected;
  if (fmri === null) return refuse(session, 'An entity must be selected.');
  if (CHANGING.includes(verb) && !may(session.here.host, session.proc, 'smf'))
    return refuse(session, svccfgDenied(fmri).replace('svccfg: ', ''));
  switch (verb) {
    case 'setprop':
      return setprop(session, fmri, line.trim().slice('setprop'.length));
    case 'delprop':
    case 'delpg':
      return delprop(session, fmri, args[0] ?? '');
    case 'addpg':
      return addpg(session, fmri, args);
    case 'listprop':
      return listprop(session, fmri, args[0]);
    case 'refresh': {
      const { fleet, host } = session.here;
      fleet.change({ what: 'service-refreshed', host: host.name }, () => refresh(activeBe(host).smf, fmri));
      return 0;
    }
    default:
      return refuse(session, `Unknown command "${verb}".`);
  }
}

async function script(session: Session, lines: AsyncIterable<string>): Promise<number> {
  let status = 0;
  for await (const line of lines) {
    status = Math.max(status, await command(session, line));
    if (['exit', 'quit', 'end'].includes(line.trim())) break;
  }
  return status;
}

async function* inputLines(proc: Proc): AsyncIterable<string> {
  for (let line = await proc.readLine(); line !== null; line = await proc.readLine()) yield line;
}

async function* fileLines(proc: Proc, path: string): AsyncIterable<string> {
  await Promise.resolve();
  yield* new TextDecoder().decode(proc.files.read(path)).split('\n');
}

export const svccfg: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 's:f:v');
  const session: Session = { here, proc, selected: null };
  if (options.bad !== null) {
    await proc.err('Usage:\tsvccfg [-v] [-s FMRI] [-f file]\n\tsvccfg [-v] [-s FMRI] <command> [args]\n');
    return 2;
  }
  const fmri = optionOf(options, 's');
  if (fmri !== null) {
    const status = await select(session, fmri);
    if (status !== 0) return status;
  }
  const file = optionOf(options, 'f');
  if (file !== null && file !== '-') return script(session, fileLines(proc, file));
  if (options.rest.length === 0) return script(session, inputLines(proc));
  return command(session, options.rest.join(' '));
};
