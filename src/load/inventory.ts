// The inventory: files into hosts with their groups, connections and variables. Nothing is connected, nothing is
// planned; patterns over it are in patterns.ts.
import { hostName } from '../model/ids.ts';
import type { Inventory, InventoryHost } from '../model/inventory.ts';
import type { Files } from '../model/ports.ts';
import { known, type Layer } from '../model/value.ts';
import { type Diagnostic, hasErrors, inOrder, problem } from '../text/diagnostic.ts';
import { digestOf, type Json } from '../text/json.ts';
import { spanOf } from '../text/span.ts';
import { connectionOf } from './connection.ts';
import { evaluate } from './evaluate.ts';
import { readInventory } from './inventory-files.ts';
import { circles, merged, type Merged } from './inventory-merge.ts';
import type { Tree } from './inventory-tree.ts';
import { objectOf } from './node.ts';
import { layerOf } from './variables.ts';
import { zoneRulesOf } from './zone-rules.ts';

export interface LoadedInventory {
  /** null when an error is among the diagnostics. */
  readonly inventory: Inventory | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of all files read, for drawing. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface InventoryOptions {
  /** Folders of playbooks: group_vars and host_vars there count, too. */
  readonly playbookFolders?: readonly string[];
  /** Who logs in where nothing is said; empty: the SSH edge decides. */
  readonly user?: string;
}

/** @param paths files, folders, or names with commas (`a,b,`). */
export async function loadInventory(
  files: Files,
  paths: readonly string[],
  options: InventoryOptions = {},
): Promise<LoadedInventory> {
  const { tree, texts } = await readInventory(files, paths, options.playbookFolders ?? []);
  const found = [...tree.notes.found, ...circles(tree)];
  const whole = merged(tree);
  const names = whole.hosts.map(host => host.name);
  found.push(...ambiguous(tree, names));
  if (names.length === 0 && !hasErrors(found)) found.push(noHost(paths));
  const rules = zoneRulesOf(
    tree.zones.map(zone => zone.node),
    names,
    found,
  );
  const hosts = whole.hosts.map((host): InventoryHost => {
    const { connection, found: wrong } = connectionOf(host.name, host.vars, { user: options.user ?? '' });
    found.push(...wrong);
    return { name: hostName(host.name), groups: host.groups, connection, vars: layerOf(host.vars) };
  });
  // What a group says wrongly, each of its hosts says again.
  const diagnostics = inOrder(found);
  if (hasErrors(diagnostics)) return { inventory: null, diagnostics, texts };
  const groups = objectOf([...whole.groups].map(([name, members]) => [name, members.map(hostName)]));
  const inventory = { sources: paths, digest: digestOf(texts), hosts, groups, zoneRules: rules, raw: rawOf(whole) };
  return { inventory, diagnostics, texts };
}

/** Names that are a host and a group at once. */
function ambiguous(tree: Tree, names: readonly string[]): readonly Diagnostic[] {
  return names.flatMap(name => {
    const group = tree.groups.get(name);
    return group ? [problem('bad-inventory', group.at, `"${name}" is a host and a group at once`)] : [];
  });
}

function noHost(paths: readonly string[]): Diagnostic {
  const help = 'write hosts under "all:", "hosts:"';
  return problem('bad-inventory', spanOf(paths.join(' ')), 'the inventory holds no host', help);
}

/** As `ansible-inventory --list` prints: variables under `_meta`, hosts under their groups. A value that can't be had yet stays as it was written. */
function rawOf(whole: Merged): Json {
  const hostvars = whole.hosts.map(host => {
    const layer = layerOf(host.vars);
    return [host.name, objectOf(Object.keys(layer).map(name => [name, shown(layer, name, host.name)]))] as const;
  });
  const groups = [...whole.groups].map(([name, hosts]) => [name, { hosts }] as const);
  return { _meta: { hostvars: objectOf(hostvars) }, ...objectOf(groups) };
}

function shown(layer: Layer, name: string, host: string): Json {
  const value = layer[name] ?? known(null);
  const found = evaluate(value, { layers: [{ host: known({ name: host }) }, layer] });
  return found.is === 'value' ? found.json : value.is === 'expression' ? value.source : null;
}
