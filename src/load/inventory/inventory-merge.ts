// The tree of groups as each host sees it: in which groups it is, and which variables win. What inventory files say of
// groups loses to what folders of group_vars say, `all` to the others there, inventory to playbook; then the host's own.
// Within one of these parents lose to children, then the lower priority to the higher, then the earlier name.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { spanOf } from '../../text/span.ts';
import type { Said } from '../expression/variables.ts';
import type { Group, Tree } from './inventory-tree.ts';

type Vars = ReadonlyMap<string, Said>;

/** Variables that were said in one place, and of whom: `the group "web"`. */
export interface VarsLayer {
  readonly whose: string;
  readonly vars: Vars;
}

export interface MergedHost {
  readonly name: string;
  /** Without `all` and `ungrouped`, the strongest last. */
  readonly groups: readonly string[];
  /** Everything that is said for it, the weakest first. */
  readonly layers: readonly VarsLayer[];
  /** Of groups alone: one and the same map for all hosts of the same groups. */
  readonly groupVars: Vars;
  /** Said of the host itself; they win over those of groups. */
  readonly ownVars: Vars;
}

export interface Merged {
  /** Group -> its hosts, children included, level by level. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** In the order of `all`. */
  readonly hosts: readonly MergedHost[];
}

/** Everything is in `all`; a host of no other group is in `ungrouped`. */
export function settle(tree: Tree): void {
  const { groups, hosts } = tree;
  const children = new Set([...groups.values()].flatMap(group => [...group.children.keys()]));
  const all = groups.get('all');
  const ungrouped = groups.get('ungrouped');
  if (all === undefined || ungrouped === undefined) return;
  for (const { name, at } of groups.values()) if (name !== 'all' && !children.has(name)) all.children.set(name, at);
  const others = [...groups.values()].filter(group => group !== all && group !== ungrouped);
  const grouped = new Set(others.flatMap(group => [...group.hosts]));
  for (const name of hosts.keys()) {
    if (grouped.has(name)) ungrouped.hosts.delete(name);
    else ungrouped.hosts.add(name);
  }
}

export function merged(tree: Tree): Merged {
  const depths = depthsOf(tree);
  const groups = new Map([...tree.groups.keys()].map(name => [name, membersOf(tree, name)] as const));
  const byStrength = [...tree.groups.values()].sort((a, b) => strength(depths, a, b));
  const groupsOf = new Map<string, string[]>([...tree.hosts.keys()].map(name => [name, []]));
  for (const { name } of byStrength) for (const host of groups.get(name) ?? []) groupsOf.get(host)?.push(name);
  const stacks = new Map<string, Stack>();
  const hosts = (groups.get('all') ?? []).map((name): MergedHost => {
    const names = groupsOf.get(name) ?? [];
    const key = names.join('\0');
    const stack = stacks.get(key) ?? stackOf(tree, names);
    stacks.set(key, stack);
    const own = ownLayers(tree, name);
    return {
      name,
      groups: stack.names,
      layers: [...stack.layers, ...own],
      groupVars: stack.vars,
      ownVars: flat(own),
    };
  });
  return { groups, hosts };
}

interface Stack {
  readonly names: readonly string[];
  readonly layers: readonly VarsLayer[];
  readonly vars: Vars;
}

function stackOf(tree: Tree, groups: readonly string[]): Stack {
  const inner = groups.filter(name => name !== 'all');
  const inFiles = (name: string): VarsLayer => ({
    whose: `the group "${name}"`,
    vars: tree.groups.get(name)?.vars ?? NONE,
  });
  const inFolders = (names: readonly string[]): readonly VarsLayer[] =>
    tree.folders.flatMap(folder =>
      names.map(name => ({ whose: `the group "${name}"`, vars: folder.groups.get(name) ?? NONE })),
    );
  const layers = [inFiles('all'), ...inner.map(inFiles), ...inFolders(['all']), ...inFolders(inner)];
  const said = layers.filter(layer => layer.vars.size > 0);
  return { names: inner.filter(name => name !== 'ungrouped'), layers: said, vars: flat(said) };
}

const NONE: Vars = new Map();

function ownLayers(tree: Tree, name: string): readonly VarsLayer[] {
  const all = [tree.hosts.get(name)?.vars ?? NONE, ...tree.folders.map(folder => folder.hosts.get(name) ?? NONE)];
  return all.filter(vars => vars.size > 0).map(vars => ({ whose: `the host ${name}`, vars }));
}

function flat(layers: readonly VarsLayer[]): Vars {
  const [first, second] = layers;
  if (first === undefined) return NONE;
  return second === undefined ? first.vars : new Map(layers.flatMap(layer => [...layer.vars]));
}

function strength(depths: ReadonlyMap<string, number>, a: Group, b: Group): number {
  const depth = (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0);
  if (depth !== 0) return depth;
  return a.priority !== b.priority ? a.priority - b.priority : a.name < b.name ? -1 : 1;
}

/** The group's own hosts, then its children's, then theirs; each once. */
function membersOf(tree: Tree, name: string): readonly string[] {
  const hosts = new Set<string>();
  const seen = new Set([name]);
  // A set that grows while it is walked: breadth first.
  for (const next of seen) {
    const group = tree.groups.get(next);
    for (const host of group?.hosts ?? []) hosts.add(host);
    for (const child of group?.children.keys() ?? []) seen.add(child);
  }
  return [...hosts];
}

/** How far a group lies under `all`, by the longest way. Circles are cut at their ends. */
function depthsOf(tree: Tree): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const above = new Set<string>();
  const visit = (name: string, depth: number): void => {
    if (above.has(name) || (depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    above.add(name);
    for (const child of tree.groups.get(name)?.children.keys() ?? []) visit(child, depth + 1);
    above.delete(name);
  };
  visit('all', 0);
  return depths;
}

/** A group that contains itself, told once a circle, at the place that closes it. */
export function circles(tree: Tree): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    for (const [child, at] of tree.groups.get(name)?.children ?? []) {
      const start = [...path, name].indexOf(child);
      if (start !== -1) {
        const circle = [...[...path, name].slice(start), child].join(' -> ');
        found.push(problem('group-cycle', at, `the group "${child}" contains itself: ${circle}`));
      } else if (!done.has(child)) visit(child, [...path, name]);
    }
    done.add(name);
  };
  for (const name of tree.groups.keys()) if (!done.has(name)) visit(name, []);
  return found;
}

/** Names that are a host and a group of other hosts at once: nobody could say which one a pattern means. */
export function ambiguous(tree: Tree, whole: Merged): readonly Diagnostic[] {
  return [...tree.hosts.keys()].flatMap(name => {
    const group = tree.groups.get(name);
    const others = (whole.groups.get(name) ?? []).filter(host => host !== name);
    if (group === undefined || others.length === 0) return [];
    return [
      problem('bad-inventory', group.at, `"${name}" is a host and a group of others (${others[0] ?? ''}) at once`),
    ];
  });
}

export function noHost(paths: readonly string[]): Diagnostic {
  const help = 'write hosts under "all:", "hosts:"';
  return problem('bad-inventory', spanOf(paths.join(' ')), 'the inventory holds no host', help);
}
