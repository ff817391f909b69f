// Which files make an inventory: the paths as given, what lies in a folder, and group_vars and host_vars beside them.
// It reads them all and complains of those that aren't there; what is in them is for others.
import { posix } from 'node:path';
import type { Files } from '../model/ports.ts';
import { problem } from '../text/diagnostic.ts';
import { spanOf } from '../text/span.ts';
import { emptyTree, groupIn, hostIn, isHostName, readTree, type Tree } from './inventory-tree.ts';
import { parseYaml } from './yaml.ts';
import { type Said, varsOf } from './variables.ts';

export interface ReadInventory {
  readonly tree: Tree;
  /** Every text that was read, by path. */
  readonly texts: Readonly<Record<string, string>>;
}

interface Reading {
  readonly files: Files;
  readonly tree: Tree;
  readonly texts: Record<string, string>;
}

/** @param playbookFolders where group_vars and host_vars may lie, too; theirs win over the inventory's. */
export async function readInventory(
  files: Files,
  paths: readonly string[],
  playbookFolders: readonly string[],
): Promise<ReadInventory> {
  const reading: Reading = { files, tree: emptyTree(), texts: {} };
  const folders: string[] = [];
  for (const path of paths) {
    const folder = await readPath(reading, path);
    if (folder !== null && !folders.includes(folder)) folders.push(folder);
  }
  for (const folder of playbookFolders) if (!folders.includes(folder)) folders.push(folder);
  for (const folder of folders) {
    await readVarsFolder(reading, folder, 'group_vars');
    await readVarsFolder(reading, folder, 'host_vars');
  }
  return { tree: reading.tree, texts: reading.texts };
}

/** The folder beside which variables may lie, or null. */
async function readPath(reading: Reading, path: string): Promise<string | null> {
  if (path.includes(',')) {
    for (const name of path.split(',').map(part => part.trim())) if (name !== '') inlineHost(reading, name);
    return null;
  }
  const found = await reading.files.read(path);
  if (found.is === 'text') {
    readText(reading, path, found.text);
    return posix.dirname(path);
  }
  const names = await reading.files.list(path);
  if (names.length === 0) {
    reading.tree.notes.found.push(
      problem(
        'file-missing',
        spanOf(path),
        `the inventory ${path} can't be read: ${found.why}`,
        'name a file, a folder or hosts with commas between: -i PATH',
      ),
    );
    return null;
  }
  for (const name of names.filter(isInventoryFile)) {
    const file = posix.join(path, name);
    const text = await reading.files.read(file);
    if (text.is === 'text') readText(reading, file, text.text);
  }
  return path;
}

function isInventoryFile(name: string): boolean {
  return !/^[.~]|~$|\.(bak|orig|cfg|md|txt|swp|retry)$|^(group_vars|host_vars)$/.test(name);
}

function inlineHost(reading: Reading, name: string): void {
  const at = spanOf('-i');
  if (isHostName(name)) hostIn(reading.tree, name, at);
  else reading.tree.notes.found.push(problem('bad-inventory', at, `"${name}" can't be a host`));
}

function readText(reading: Reading, path: string, text: string): void {
  reading.texts[path] = text;
  if (
    /\.ini$/.test(path) ||
    (!/\.(ya?ml|json)$/.test(path) && /^\s*\[[^\]\n]+\]\s*$/m.test(text) && !/^[\w-]+:/m.test(text))
  ) {
    reading.tree.notes.found.push(
      problem(
        'not-yet',
        spanOf(path),
        `${path}: inventories in the INI format are planned, not here yet`,
        'write it as YAML',
      ),
    );
    return;
  }
  const parsed = parseYaml(path, text);
  reading.tree.notes.found.push(...parsed.diagnostics);
  if (parsed.node !== null) readTree(reading.tree, parsed.source, parsed.node);
}

const ENDING = /\.(ya?ml|json)$/;

async function readVarsFolder(reading: Reading, folder: string, kind: 'group_vars' | 'host_vars'): Promise<void> {
  const base = posix.join(folder, kind);
  const names = (await reading.files.list(base)).filter(isInventoryFile);
  // `all` first, then as listed: between groups the tree decides, not the order of files.
  for (const name of names) {
    const path = posix.join(base, name);
    const text = await reading.files.read(path);
    if (text.is === 'text') readVars(reading, { path, text: text.text, kind, name: name.replace(ENDING, '') });
    else await readVarsParts(reading, path, { kind, name });
  }
}

/** A group or host whose variables are a folder of files. */
async function readVarsParts(reading: Reading, folder: string, whose: Pick<VarsFile, 'kind' | 'name'>): Promise<void> {
  for (const inner of (await reading.files.list(folder)).filter(isInventoryFile)) {
    const path = posix.join(folder, inner);
    const part = await reading.files.read(path);
    if (part.is === 'text') readVars(reading, { path, text: part.text, ...whose });
  }
}

interface VarsFile {
  readonly path: string;
  readonly text: string;
  readonly kind: 'group_vars' | 'host_vars';
  /** Of the group or host. */
  readonly name: string;
}

function readVars(reading: Reading, file: VarsFile): void {
  const { tree } = reading;
  reading.texts[file.path] = file.text;
  const parsed = parseYaml(file.path, file.text);
  tree.notes.found.push(...parsed.diagnostics);
  const vars = varsOf(parsed.source, parsed.node, tree.notes);
  // A file for a host or group that no inventory names is for another inventory.
  const into = file.kind === 'host_vars' ? tree.hosts.get(file.name)?.vars : groupVars(tree, file);
  for (const [name, said] of vars) into?.set(name, said);
}

function groupVars(tree: Tree, file: VarsFile): Map<string, Said> | undefined {
  if (file.name === 'all') return groupIn(tree, 'all', spanOf(file.path)).vars;
  return tree.groups.get(file.name)?.vars;
}
