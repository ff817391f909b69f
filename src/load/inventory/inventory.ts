// The inventory: files into hosts with their groups, connections and variables. Nothing is connected, nothing is
// planned; patterns over it are in patterns.ts, how it is shown in inventory-listing.ts.
import { type HostName, hostName } from '../../model/ids.ts';
import type { Inventory, InventoryHost } from '../../model/inventory.ts';
import type { Files, Programs, Surroundings } from '../../model/ports.ts';
import { type Diagnostic, hasErrors, inOrder } from '../../text/diagnostic.ts';
import { digestOf } from '../../text/json.ts';
import type { SaidVars } from '../expression/variables.ts';
import { objectOf } from '../yaml/node.ts';
import { connectionOf } from './connection.ts';
import { domainProblems } from './domain-variables.ts';
import { foreignProblems } from './foreign-variables.ts';
import { growTree } from './inventory-files.ts';
import { ambiguous, circles, merged, type Merged, noHost, settle } from './inventory-merge.ts';
import type { Tree } from './inventory-tree.ts';
import { placementProblems } from './placement-variables.ts';
import { type SaidPassword, uselessPasswords, withPasswordsApart } from './passwords.ts';
import { waysTo, type WaysFound } from './ways.ts';
import { zoneRulesOf } from './zone-rules.ts';

/** What the files say, before anybody asks how to reach a host. */
export interface ReadInventory {
  readonly tree: Tree;
  /** Without the passwords. */
  readonly whole: Merged;
  readonly passwords: ReadonlyMap<HostName, SaidPassword>;
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
  /** Whose SSH configuration counts, and who logs in where nothing is said; without it nobody's. */
  readonly around?: Surroundings;
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
  const found = [...tree.notes.found];
  const { whole, passwords } = withPasswordsApart(merged(tree), found);
  found.push(...circles(tree), ...ambiguous(tree, whole));
  if (whole.hosts.length === 0 && !hasErrors(found)) found.push(noHost(paths));
  return { tree, whole, passwords, diagnostics: inOrder(found), texts };
}

export async function loadInventory(
  files: Files,
  paths: readonly string[],
  options: InventoryOptions = {},
): Promise<LoadedInventory> {
  const read = await readInventory(files, paths, options);
  const { tree, whole } = read;
  const found = [...read.diagnostics];
  const names = whole.hosts.map(host => host.name);
  const zoneNodes = tree.zones.map(zone => zone.node);
  const zoneRules = zoneRulesOf(zoneNodes, { hosts: names, groups: whole.groups }, found);
  const ways = await waysTo(whole, files, options.around ?? null);
  found.push(...ways.found);
  const hosts = hostsOf(whole, ways, found);
  found.push(...uselessPasswords(hosts, read.passwords));
  // What a group says wrongly, each of its hosts says again.
  const diagnostics = inOrder(found);
  const texts = { ...read.texts, ...ways.texts };
  if (hasErrors(diagnostics)) return { inventory: null, diagnostics, texts, read };
  const groups = objectOf([...whole.groups].map(([name, members]) => [name, members.map(hostName)]));
  const inventory: Inventory = { sources: paths, digest: digestOf(read.texts), hosts, groups, zoneRules };
  return { inventory, diagnostics, texts, read };
}

function hostsOf(whole: Merged, { ways, hostVars }: WaysFound, found: Diagnostic[]): readonly InventoryHost[] {
  // Of variables that hosts share, what can be said of them is said once.
  const told = new Set<SaidVars>();
  return whole.hosts.map(({ name, groups }) => {
    const vars = hostVars.get(name);
    if (vars === undefined) throw new Error(`${name} is in the inventory without variables`);
    for (const said of [vars.group, vars.own])
      if (!told.has(said)) found.push(...foreignProblems(said), ...domainProblems(said), ...placementProblems(said));
    told.add(vars.group);
    const { connection, found: wrong } = connectionOf(name, vars, ways);
    found.push(...wrong);
    return { name: hostName(name), groups, connection, vars: vars.all };
  });
}
