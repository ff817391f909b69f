// Which files make an inventory: the paths as given, what lies in a folder, names with commas; in which format each is
// written; and the folders beside which variables may lie. What is in a file is for others.
import { posix } from 'node:path';
import type { Files, Programs } from '../../model/ports.ts';
import { problem } from '../../text/diagnostic.ts';
import { type Source, sourceOf } from '../../text/source.ts';
import { spanOf } from '../../text/span.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { readIniInventory } from './inventory-ini.ts';
import { readProgramInventory } from './inventory-program.ts';
import { addHosts, emptyTree, groupIn, say, type Tree } from './inventory-tree.ts';
import { readFolderVars } from './inventory-vars.ts';
import { readYamlInventory } from './inventory-yaml.ts';
import { USUAL_INVENTORY } from './usual.ts';

export interface GrownTree {
  readonly tree: Tree;
  /** Every text that was read, by path. */
  readonly texts: Readonly<Record<string, string>>;
}

/** The outside world, as far as an inventory needs it. */
export interface Doors {
  readonly files: Files;
  readonly programs: Programs;
}

interface Reading extends Doors {
  readonly tree: Tree;
  readonly texts: Record<string, string>;
}

/** @param playbookFolders where group_vars and host_vars may lie, too; theirs win over the inventory's. */
export async function growTree(
  doors: Doors,
  paths: readonly string[],
  playbookFolders: readonly string[],
): Promise<GrownTree> {
  const reading: Reading = { ...doors, tree: emptyTree(), texts: {} };
  const folders = new Set<string>();
  for (const path of paths) {
    const folder = await readPath(reading, path, playbookFolders);
    // Of a folder that is met again the last place counts: it wins over what came between.
    if (folder !== null && (folders.delete(folder) || true)) folders.add(folder);
  }
  for (const folder of folders) reading.tree.folders.push(await readFolderVars(reading, folder, 'inventory'));
  for (const folder of new Set(playbookFolders)) {
    if (!folders.has(folder)) reading.tree.folders.push(await readFolderVars(reading, folder, 'playbook'));
  }
  return { tree: reading.tree, texts: reading.texts };
}

/** The folder beside which variables may lie, or null. */
async function readPath(reading: Reading, path: string, playbooks: readonly string[]): Promise<string | null> {
  const why = await readFile(reading, path);
  if (why === null) return posix.dirname(path);
  if (path.includes(',')) {
    readNames(reading.tree, path);
    return null;
  }
  const names = await reading.files.list(path);
  if (names.length > 0) {
    await readFolder(reading, path, names);
    return path;
  }
  const said = why === IS_FOLDER ? `the folder ${path} is empty` : `the inventory ${path} can't be read: ${why}`;
  const help = 'name a file, a folder or hosts with commas between: -i PATH';
  say(reading.tree, problem('file-missing', spanOf(path), said, help, ...(await configured(reading, path, playbooks))));
  return null;
}

/** Who comes from Ansible and names none with -i has the inventory named in its configuration, which is not read here. */
async function configured({ files }: Reading, path: string, playbooks: readonly string[]): Promise<readonly string[]> {
  if (path !== USUAL_INVENTORY) return [];
  for (const folder of new Set([...playbooks, '.'])) {
    const configuration = posix.join(folder, 'ansible.cfg');
    const found = await files.read(configuration);
    // Behind a blank, `;` begins a comment.
    const line = /^[ \t]*inventory[ \t]*=[ \t]*(\S.*?)[ \t]*(?:[ \t];.*)?\r?$/m;
    const named = found.is === 'text' ? line.exec(found.text)?.[1] : undefined;
    if (named === undefined) continue;
    const paths = named.split(',').map(one => (/^[/~]/.test(one.trim()) ? one.trim() : posix.join(folder, one.trim())));
    return [`${configuration} isn't read here; what it names is: ${paths.map(one => `-i ${one}`).join(' ')}`];
  }
  return [];
}

/** As the `Files` port words it. */
const IS_FOLDER = 'it is a folder';

/** Endings of what is no inventory, as in Ansible; among them `.ini`, since configurations of programs end so. */
const PASSED_OVER =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)|~)$/;

async function readFolder(reading: Reading, folder: string, names: readonly string[]): Promise<void> {
  const before = reading.tree.notes.found.length + Object.keys(reading.texts).length;
  for (const name of names.filter(one => !PASSED_OVER.test(one))) {
    const path = posix.join(folder, name);
    const why = await readFile(reading, path);
    if (why === null) continue;
    const inner = await reading.files.list(path);
    if (inner.length > 0) await readFolder(reading, path, inner);
    else if (why !== IS_FOLDER)
      say(reading.tree, problem('file-missing', spanOf(unrolled(path)), `${unrolled(path)} can't be read: ${why}`));
  }
  const passed = names.filter(name => /\.(ini|cfg|txt)$/.test(name));
  const [first] = passed;
  if (first === undefined || reading.tree.notes.found.length + Object.keys(reading.texts).length > before) return;
  const help = `name it: -i ${posix.join(folder, first)}`;
  say(
    reading.tree,
    problem('file-missing', spanOf(folder), `nothing in ${folder} is read: files like ${first} are passed over`, help),
  );
}

/** Of a link that leads back the first round is enough. */
function unrolled(path: string): string {
  return path.replace(/^(.*?)((?:\/[^/]+){1,8}?)\2{3,}(?:\/.*)?$/s, '$1$2');
}

/** null, or why it can't be read. */
async function readFile(reading: Reading, path: string): Promise<string | null> {
  const found = await reading.files.read(path);
  if (found.is !== 'text') return found.why;
  reading.texts[path] = found.text;
  if (!/^(?:#!|\u007fELF)/.test(found.text)) readText(reading.tree, sourceOf(path, found.text));
  else if (await reading.programs.executable(path)) await readProgramInventory(reading, path);
  else {
    const said = `${path} is a program, but may not be executed`;
    say(reading.tree, problem('bad-program', spanOf(path), said, `chmod +x ${path}`));
  }
  return null;
}

/** YAML by its ending; INI by any other; without one what it reads as, as in Ansible. */
function readText(tree: Tree, source: Source): void {
  const ending = posix.extname(source.file);
  if (ending !== '' && !['.yml', '.yaml', '.json'].includes(ending)) {
    readIniInventory(tree, source);
    return;
  }
  if (ending === '' && looksLikeIni(source.text)) {
    readIniInventory(tree, source);
    return;
  }
  const parsed = parseYaml(source.file, source.text);
  if (ending === '' && parsed.node?.is !== 'map' && !looksLikeYaml(source.text)) {
    readIniInventory(tree, source);
    return;
  }
  tree.notes.found.push(...parsed.diagnostics);
  if (parsed.node !== null) readYamlInventory(tree, parsed.source, parsed.node);
}

/** A section stands alone in its line; YAML that has such a line would be a list, and no inventory. */
function looksLikeIni(text: string): boolean {
  return /^[ \t]*\[[^\]\s]+\][ \t]*(?:#.*)?$/m.test(text) && !/^(?:---|[\w-]+:[ \t]*$)/m.test(text);
}

function looksLikeYaml(text: string): boolean {
  return /^(?:---|[\w-]+:(?:[ \t]|$))/m.test(text);
}

function readNames(tree: Tree, list: string): void {
  const at = spanOf('-i');
  const group = groupIn(tree, 'ungrouped', at);
  for (const name of list.split(',').map(part => part.trim())) {
    if (name !== '') addHosts(tree, group, { text: name, at, vars: new Map() });
  }
}
