// The tree of groups and hosts that inventory files grow, one after the other: what a later one says of a variable
// wins. The formats are read elsewhere; which variables a host ends up with is decided in inventory-merge.ts.
import { known } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { type Span, spanOf } from '../../text/span.ts';
import type { Notes } from '../expression/values.ts';
import type { Said } from '../expression/variables.ts';
import type { MapNode } from '../yaml/node.ts';
import { readHostEntry } from './host-entry.ts';

export interface Group {
  readonly name: string;
  readonly at: Span;
  /** Named in the group itself. */
  readonly hosts: Set<string>;
  readonly children: Map<string, Span>;
  readonly vars: Map<string, Said>;
  /** `ansible_group_priority`, or `group_priority`: of two groups equally deep the higher wins. */
  priority: number;
}

export interface TreeHost {
  readonly at: Span;
  /** What is said of it itself. */
  readonly vars: Map<string, Said>;
}

/** What one folder of group_vars and host_vars says: name -> variables. */
export interface FolderVars {
  readonly beside: 'inventory' | 'playbook';
  readonly groups: Map<string, Map<string, Said>>;
  readonly hosts: Map<string, Map<string, Said>>;
}

/** Grows while files are read. Groups and hosts stand in the order in which they were first met. */
export interface Tree {
  readonly groups: Map<string, Group>;
  readonly hosts: Map<string, TreeHost>;
  /** Weakest first. */
  readonly folders: FolderVars[];
  /** The mappings under `zones:`, with their files. */
  readonly zones: { readonly source: Source; readonly node: MapNode }[];
  readonly notes: Notes;
}

export function emptyTree(): Tree {
  const tree: Tree = { groups: new Map(), hosts: new Map(), folders: [], zones: [], notes: { found: [], uses: [] } };
  const at = spanOf('every inventory');
  groupIn(tree, 'all', at).children.set('ungrouped', at);
  groupIn(tree, 'ungrouped', at);
  return tree;
}

export function say(tree: Tree, diagnostic: Diagnostic): void {
  tree.notes.found.push(diagnostic);
}

export function groupIn(tree: Tree, name: string, at: Span): Group {
  const there = tree.groups.get(name);
  if (there !== undefined) return there;
  const made: Group = { name, at, hosts: new Set(), children: new Map(), vars: new Map(), priority: 1 };
  tree.groups.set(name, made);
  return made;
}

/** What one entry says: names or ranges of them, perhaps with a port, and variables for each. */
export interface HostsSaid {
  readonly text: string;
  readonly at: Span;
  readonly vars: ReadonlyMap<string, Said>;
}

export function addHosts(tree: Tree, group: Group, { text, at, vars }: HostsSaid): void {
  const entry = readHostEntry(text);
  if (entry.is === 'wrong') {
    say(tree, problem('bad-inventory', at, `"${text}" can't be a host: ${entry.why}`));
    return;
  }
  for (const name of entry.names) {
    const host = hostIn(tree, name, { at, port: entry.port });
    group.hosts.add(name);
    for (const [key, said] of vars) host.vars.set(key, said);
  }
}

/** A port beside a name counts where the host is met first, as in Ansible. */
export function hostIn(
  tree: Tree,
  name: string,
  { at, port }: { readonly at: Span; readonly port: number | null },
): TreeHost {
  const there = tree.hosts.get(name);
  if (there !== undefined) return there;
  const made: TreeHost = { at, vars: new Map() };
  if (port !== null) made.vars.set('ansible_port', { value: known(port), at });
  tree.hosts.set(name, made);
  return made;
}

const PRIORITIES = ['ansible_group_priority', 'group_priority'];

/** The priority is a property of the group; under Ansible's name it is no variable of its hosts, too. */
export function setGroupVar(tree: Tree, group: Group, name: string, said: Said): void {
  if (!PRIORITIES.includes(name)) {
    group.vars.set(name, said);
    return;
  }
  const json = said.value.is === 'known' ? said.value.json : null;
  const number =
    typeof json === 'number' || (typeof json === 'string' && /^\s*[-+]?\d+\s*$/.test(json)) ? Number(json) : NaN;
  if (Number.isFinite(number)) group.priority = Math.trunc(number);
  else say(tree, problem('wrong-type', said.at, `"${name}" must be a whole number`));
  if (name === 'group_priority') group.vars.set(name, said);
}
