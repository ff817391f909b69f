// A role: a folder `roles/NAME` with tasks, handlers, defaults, vars and what it rests on, each a file `main.yml` in a
// folder of its own (variables: or all files of a folder `main`). Here its files are found and read; what its tasks become stands in role-entries.ts.
import { posix } from 'node:path';
import type { Layer } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { layerOf, varsOf } from '../expression/variables.ts';
import { mappingOf } from '../task/free-form.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import {
  complain,
  type Here,
  listAt,
  notingLazily,
  type Reading,
  readGiving,
  textAt,
  truthAt,
  wrongType,
} from './reading.ts';

/** A role as a playbook, a task or another role names it. */
export interface RoleName {
  readonly name: string;
  readonly at: Span;
  /** Files instead of `main`, by the folder they lie in. */
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults', string>>;
}

const MAIN = { tasks: 'main', vars: 'main', defaults: 'main' } as const;

export interface RoleFile {
  readonly path: string;
  readonly source: Source;
  readonly node: Node | null;
}

export interface Role {
  readonly name: string;
  readonly folder: string;
  readonly tasks: RoleFile | null;
  readonly handlers: RoleFile | null;
  readonly defaults: Layer;
  readonly vars: Layer;
  readonly dependencies: readonly Node[];
  /** May be done twice with the same variables in one play. */
  readonly duplicates: boolean;
}

export async function readRole(reading: Reading, here: Here, { name, at, from }: RoleName): Promise<Role | null> {
  const folder = await folderOf(reading, here, name, at);
  if (folder === null) {
    here.play.lost.push(name);
    return null;
  }
  const where = { reading, here, at };
  const part = (kind: string, file: string) => partOf(where, posix.join(folder, kind), file);
  const variables = (kind: string, file: string) => variableFiles(where, posix.join(folder, kind), file);
  const [tasks, handlers] = [await part('tasks', from.tasks), await part('handlers', 'main')];
  const [defaults, vars, meta] = [
    await variables('defaults', from.defaults),
    await variables('vars', from.vars),
    await part('meta', 'main'),
  ];
  for (const kind of ['tasks', 'vars', 'defaults'] as const) {
    const found = { tasks: tasks === null ? [] : [tasks], vars, defaults }[kind];
    if (found.length === 0 && from[kind] !== 'main')
      complain(
        reading,
        problem('file-missing', at, `the role "${name}" has no file ${from[kind]} in its folder "${kind}"`),
      );
  }
  const about = meta?.node?.is === 'map' ? meta.node : null;
  return {
    ...{ name: posix.basename(name), folder, tasks, handlers },
    defaults: variablesOf(reading, here, defaults),
    vars: variablesOf(reading, here, vars),
    dependencies: about === null ? [] : listAt(reading, pairOf(about, 'dependencies')),
    duplicates: about !== null && truthAt(reading, about, 'allow_duplicates') === true,
  };
}

/** `roles/NAME` beside the playbook, beside the role that names it, or a path. */
async function folderOf(reading: Reading, here: Here, name: string, at: Span): Promise<string | null> {
  const beside = here.role === null ? [] : [posix.join(posix.dirname(here.role), name)];
  const places = name.startsWith('/')
    ? [name]
    : [
        posix.join(here.folder, 'roles', name),
        ...beside,
        ...(name.includes('/') ? [posix.join(here.folder, name)] : []),
      ];
  for (const place of places) if ((await reading.files.list(place)).length > 0) return place;
  const there = await reading.files.list(posix.join(here.folder, 'roles'));
  const near = nearest(name, there);
  const help = /\w=/.test(name)
    ? `write ${mappingOf(name.replaceAll(',', ' '), 'name')}`
    : near === null
      ? `put it into ${posix.join(here.folder, 'roles', name)}`
      : `did you mean "${near}"?`;
  complain(reading, problem('file-missing', at, `no role is called "${name}": ${places[0] ?? ''} isn't there`, help));
  return null;
}

const ENDINGS = ['.yml', '.yaml', '.json', ''] as const;

interface Where {
  readonly reading: Reading;
  readonly here: Here;
  /** Where the role is named. */
  readonly at: Span;
}

async function partOf(where: Where, folder: string, file: string): Promise<RoleFile | null> {
  const path = await pathOf(where.reading, folder, file);
  return path === null ? null : readFile(where, path);
}

/** `main.yml`, `main.yaml`, `main.json` or `main`; of other names first the one that has its ending already. */
async function pathOf(reading: Reading, folder: string, file: string): Promise<string | null> {
  const names = await reading.files.list(folder);
  const endings = file === 'main' ? ENDINGS : ['', ...ENDINGS];
  const found = endings.map(ending => `${file}${ending}`).find(one => names.includes(one));
  return found === undefined ? null : posix.join(folder, found);
}

async function readFile(where: Where, path: string): Promise<RoleFile | null> {
  const read = await readGiving(where.reading, where.here.play, path, where.at);
  return read === null ? null : { path, ...read };
}

/** One file, or all of a folder of its name, each later one winning. Hidden files, backups and other endings are passed over. */
async function variableFiles(where: Where, folder: string, file: string): Promise<readonly RoleFile[]> {
  const path = await pathOf(where.reading, folder, file);
  const paths = path === null ? [] : await filesAt(where.reading, path);
  const found: RoleFile[] = [];
  for (const one of paths) {
    const read = await readFile(where, one);
    if (read !== null) found.push(read);
  }
  return found;
}

async function filesAt(reading: Reading, path: string): Promise<readonly string[]> {
  const names = await reading.files.list(path);
  if (names.length === 0) return [path];
  const found: string[] = [];
  for (const name of names)
    if (!/^\.|~$/.test(name) && ENDINGS.some(ending => ending === posix.extname(name)))
      found.push(...(await filesAt(reading, posix.join(path, name))));
  return found;
}

function variablesOf(reading: Reading, here: Here, files: readonly RoleFile[]): Layer {
  const layers = files.map(file =>
    notingLazily(reading, here, notes => layerOf(varsOf(file.source, file.node, notes))),
  );
  return Object.assign({}, ...layers);
}

/** How a task names a role: its name, or a mapping. */
export function roleNameOf(reading: Reading, node: Node): RoleName | null {
  if (node.is === 'scalar' && typeof node.value === 'string') return literal(reading, node.value, node.span, MAIN);
  if (node.is !== 'map') return wrongType(reading, node, 'a role is named by a text', 'write { name: NAME }');
  const named = pairOf(node, 'role') ?? pairOf(node, 'name');
  const name = textAt(reading, node, named?.key ?? 'name');
  if (named === null || name === null) {
    const at = node.pairs[0]?.keySpan ?? node.span;
    if (named === null) complain(reading, problem('missing-key', at, 'which role? "name" is missing'));
    return null;
  }
  const file = (key: string): string => (textAt(reading, node, key) ?? 'main').replace(/\.ya?ml$/, '');
  const from = { tasks: file('tasks_from'), vars: file('vars_from'), defaults: file('defaults_from') };
  return literal(reading, name, named.value.span, from);
}

function literal(reading: Reading, name: string, at: Span, from: RoleName['from']): RoleName | null {
  if (!name.includes('{{')) return { name, at, from };
  const help = 'name it, and choose with "when:"';
  complain(
    reading,
    problem('undefined-variable', at, "a role is read before the run: its name can't rest on variables", help),
  );
  return null;
}

/** What makes two uses of a role in one play the same. */
export function sameness(map: MapNode | null): string {
  return map === null ? '' : JSON.stringify(map.pairs.map(pair => [pair.key, written(pair.value)]));
}

const written = (node: Node): unknown =>
  node.is === 'scalar'
    ? node.value
    : node.is === 'list'
      ? node.items.map(written)
      : node.pairs.map(one => [one.key, written(one.value)]);
