// group_vars and host_vars beside an inventory or a playbook: a file or a folder of files for each group and host.
// As in Ansible the first of NAME, NAME.yml, NAME.yaml and NAME.json counts; that another one lies there is told.
import { posix } from 'node:path';
import type { Files } from '../../model/ports.ts';
import { problem, warning } from '../../text/diagnostic.ts';
import { spanOf } from '../../text/span.ts';
import { type Said, varsOf } from '../expression/variables.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { type FolderVars, say, type Tree } from './inventory-tree.ts';

const ENDINGS = ['', '.yml', '.yaml', '.json'] as const;

export interface VarsReading {
  readonly files: Files;
  readonly tree: Tree;
  /** Every text that was read, by path. */
  readonly texts: Record<string, string>;
}

/** Files for hosts and groups that no inventory names are for another inventory: they are left alone. */
export async function readFolderVars(
  reading: VarsReading,
  folder: string,
  beside: FolderVars['beside'],
): Promise<FolderVars> {
  const { tree } = reading;
  const groups = await readKind(reading, posix.join(folder, 'group_vars'), tree.groups);
  const hosts = await readKind(reading, posix.join(folder, 'host_vars'), tree.hosts);
  return { beside, groups, hosts };
}

async function readKind(
  reading: VarsReading,
  base: string,
  wanted: ReadonlyMap<string, unknown>,
): Promise<Map<string, Map<string, Said>>> {
  const found = new Map<string, Map<string, Said>>();
  const there = new Set(await reading.files.list(base));
  const names = new Set([...there].map(file => file.replace(/\.(ya?ml|json)$/, '')));
  for (const name of [...there, ...names]) {
    if (!wanted.has(name) || found.has(name)) continue;
    const [first, second] = ENDINGS.map(ending => `${name}${ending}`).filter(file => there.has(file));
    if (first === undefined) continue;
    const path = posix.join(base, first);
    if (second !== undefined) tellHidden(reading.tree, path, posix.join(base, second));
    found.set(name, await readAll(reading, path, ''));
  }
  return found;
}

function tellHidden(tree: Tree, path: string, other: string): void {
  const help = `put ${posix.basename(other)} into a folder with the other one, or remove it`;
  say(tree, warning('hidden-file', spanOf(other), `${other} isn't read: ${path} is there, too, and comes first`, help));
}

const FOLDER_OR_NOTHING = ['there is no such file', 'it is a folder'];

/** One file, or all of a folder: each later one wins. Hidden files, backups and other endings are passed over. */
async function readAll(reading: VarsReading, path: string, above: string): Promise<Map<string, Said>> {
  const file = await reading.files.read(path);
  if (file.is === 'text') return readVars(reading, path, file.text);
  const all = new Map<string, Said>();
  for (const name of await reading.files.list(path)) {
    if (/^\.|~$/.test(name) || !ENDINGS.some(ending => ending === posix.extname(name))) continue;
    for (const [key, said] of await readAll(reading, posix.join(path, name), path)) all.set(key, said);
  }
  if (!FOLDER_OR_NOTHING.includes(file.why)) {
    // A folder of variables that may not be entered says so itself, too.
    const tell = above === '' && file.why === 'it may not be read' ? warning : problem;
    say(reading.tree, tell('file-missing', spanOf(path), `${path} can't be read: ${file.why}`));
  }
  return all;
}

function readVars(reading: VarsReading, path: string, text: string): Map<string, Said> {
  reading.texts[path] = text;
  const parsed = parseYaml(path, text);
  reading.tree.notes.found.push(...parsed.diagnostics);
  return new Map(varsOf(parsed.source, parsed.node, reading.tree.notes));
}
