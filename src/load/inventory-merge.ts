// The tree of groups as each host sees it: in which groups it is, and which variables win. Parents lose to children,
// then the lower `ansible_group_priority`, then the earlier name; the host itself wins.
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import type { Group, Tree } from './inventory-tree.ts';
import type { Said } from './variables.ts';

export interface Merged {
  /** Group -> its hosts, children included, in inventory order. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly hosts: readonly {
    readonly name: string;
    readonly groups: readonly string[];
    readonly vars: ReadonlyMap<string, Said>;
  }[];
}

/** Everything is in `all`; a host of no other group is in `ungrouped`. */
export function merged(tree: Tree): Merged {
  const depths = depthsOf(tree);
  const members = new Map([...tree.groups.keys()].map(name => [name, membersOf(tree, name)] as const));
  const order = [...tree.hosts.keys()];
  const everywhere = new Set(order);
  members.set('all', everywhere);
  const grouped = new Set(
    [...members].filter(([name]) => name !== 'all' && name !== 'ungrouped').flatMap(([, hosts]) => [...hosts]),
  );
  members.set('ungrouped', new Set(order.filter(name => !grouped.has(name))));
  const byStrength = [...tree.groups.values()].sort((a, b) => strength(depths, a, b));
  const hosts = order.map(name => {
    const groups = byStrength.filter(group => members.get(group.name)?.has(name) === true);
    const layers = [...groups.map(group => group.vars), tree.hosts.get(name)?.vars ?? new Map<string, Said>()];
    const names = groups.map(group => group.name).filter(group => group !== 'all' && group !== 'ungrouped');
    return { name, groups: names, vars: new Map(layers.flatMap(layer => [...layer])) };
  });
  const groups = new Map([...members].map(([name, set]) => [name, order.filter(host => set.has(host))] as const));
  return { groups, hosts };
}

function strength(depths: ReadonlyMap<string, number>, a: Group, b: Group): number {
  const depth = (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0);
  if (depth !== 0) return depth;
  const priority = priorityOf(a) - priorityOf(b);
  return priority !== 0 ? priority : a.name < b.name ? -1 : 1;
}

function priorityOf(group: Group): number {
  const said = group.vars.get('ansible_group_priority')?.value ?? group.vars.get('group_priority')?.value;
  return said?.is === 'known' && typeof said.json === 'number' ? said.json : 1;
}

function membersOf(tree: Tree, name: string): ReadonlySet<string> {
  const hosts = new Set<string>();
  const seen = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const group = tree.groups.get(next);
    for (const host of group?.hosts ?? []) hosts.add(host);
    waiting.push(...(group?.children.keys() ?? []));
  }
  return hosts;
}

/** How far a group lies under `all`, by the longest way. Called only on a tree without circles, or cut at their ends. */
function depthsOf(tree: Tree): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const visit = (name: string, depth: number, above: ReadonlySet<string>): void => {
    if (above.has(name) || (depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of tree.groups.get(name)?.children.keys() ?? [])
      visit(child, depth + 1, new Set([...above, name]));
  };
  visit('all', 0, new Set());
  const children = new Set([...tree.groups.values()].flatMap(group => [...group.children.keys()]));
  for (const name of tree.groups.keys()) if (!children.has(name)) visit(name, name === 'all' ? 0 : 1, new Set());
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
