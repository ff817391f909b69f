// The inventory: files into hosts with their groups, connections and variables. Nothing is connected, nothing is
// planned; patterns over it are in patterns.ts, how it is shown in inventory-listing.ts.
import { hostName } from '../../model/ids.ts';
import type { Inventory, InventoryHost } from '../../model/inventory.ts';
import type { Files, Programs } from '../../model/ports.ts';
import type { Layer } from '../../model/value.ts';
import { type Diagnostic, hasErrors, inOrder } from '../../text/diagnostic.ts';
import { digestOf } from '../../text/json.ts';
import { layerOf, type SaidVars } from '../expression/variables.ts';
import { objectOf } from '../yaml/node.ts';
import { connectionOf, foreignProblems } from './connection.ts';
import { growTree } from './inventory-files.ts';
import { ambiguous, circles, merged, type Merged, noHost, settle } from './inventory-merge.ts';
import type { Tree } from './inventory-tree.ts';
import { zoneRulesOf } from './zone-rules.ts';

/** What the files say, before anybody asks how to reach a host. */
export interface ReadInventory {
  readonly tree: Tree;
  readonly whole: Merged;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of all files read, for drawing. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface LoadedInventory {
  /** null when an error is among the diagnostics. */
  readonly inventory: Inventory | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of all files read, for drawing. */
  readonly texts: Readonly<Record<string, string>>;
  readonly read: ReadInventory;
}

export interface InventoryOptions {
  /** Folders of playbooks: group_vars and host_vars there count, too. */
  readonly playbookFolders?: readonly string[];
  /** Who logs in where nothing is said; empty: the SSH edge decides. */
  readonly user?: string;
  /** For executable inventories; without it none is started. */
  readonly programs?: Programs;
}

const NO_PROGRAMS: Programs = {
  executable: async () => false,
  run: async () => ({ is: 'not-started', why: 'no program is started here' }),
};

/** @param paths files, folders, executables, or names with commas (`a,b,`). */
export async function readInventory(
  files: Files,
  paths: readonly string[],
  options: InventoryOptions = {},
): Promise<ReadInventory> {
  const { tree, texts } = await growTree(
    { files, programs: options.programs ?? NO_PROGRAMS },
    paths,
    options.playbookFolders ?? [],
  );
  settle(tree);
  const whole = merged(tree);
  const found = [...tree.notes.found, ...circles(tree), ...ambiguous(tree, whole)];
  if (whole.hosts.length === 0 && !hasErrors(found)) found.push(noHost(paths));
  return { tree, whole, diagnostics: inOrder(found), texts };
}

export async function loadInventory(
  files: Files,
  paths: readonly string[],
  options: InventoryOptions = {},
): Promise<LoadedInventory> {
  const read = await readInventory(files, paths, options);
  const { tree, whole, texts } = read;
  const found = [...read.diagnostics];
  const names = whole.hosts.map(host => host.name);
  const zoneNodes = tree.zones.map(zone => zone.node);
  const zoneRules = zoneRulesOf(zoneNodes, names, found);
  const hosts = hostsOf(whole, options.user ?? '', found);
  // What a group says wrongly, each of its hosts says again.
  const diagnostics = inOrder(found);
  if (hasErrors(diagnostics)) return { inventory: null, diagnostics, texts, read };
  const groups = objectOf([...whole.groups].map(([name, members]) => [name, members.map(hostName)]));
  const inventory: Inventory = { sources: paths, digest: digestOf(texts), hosts, groups, zoneRules };
  return { inventory, diagnostics, texts, read };
}

function hostsOf(whole: Merged, user: string, found: Diagnostic[]): readonly InventoryHost[] {
  // Hosts of the same groups share one map of their variables: what can be said of it is said once.
  const shared = new Map<SaidVars, Layer>();
  return whole.hosts.map(({ name, groups, groupVars, ownVars }) => {
    const common = shared.get(groupVars) ?? layerOf(groupVars);
    if (!shared.has(groupVars)) found.push(...foreignProblems(groupVars));
    shared.set(groupVars, common);
    found.push(...foreignProblems(ownVars));
    const vars = ownVars.size === 0 ? common : { ...common, ...layerOf(ownVars) };
    const { connection, found: wrong } = connectionOf(name, { group: groupVars, own: ownVars, all: vars }, { user });
    found.push(...wrong);
    return { name: hostName(name), groups, connection, vars };
  });
}
