// An inventory as Ansible's own programs print it: the JSON of `ansible-inventory --list` and `--host`, and the tree of
// `--graph`. Values stand as they were written, templates not filled in, as there.
import type { Layer } from '../../model/value.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../text/json.ts';
import type { Said, SaidVars } from '../expression/variables.ts';
import { objectOf } from '../yaml/node.ts';
import type { MergedHost } from './inventory-merge.ts';
import type { Tree } from './inventory-tree.ts';
import type { ReadInventory } from './inventory.ts';

/** Names that Ansible fills in itself and so leaves out. */
const INTERNAL = new Set([
  ...['ansible_diff_mode', 'ansible_config_file', 'ansible_facts', 'ansible_forks', 'ansible_inventory_sources'],
  ...['ansible_limit', 'ansible_playbook_python', 'ansible_run_tags', 'ansible_skip_tags', 'ansible_verbosity'],
  ...['ansible_version', 'inventory_dir', 'inventory_file', 'inventory_hostname', 'inventory_hostname_short'],
  ...['groups', 'group_names', 'omit', 'playbook_dir'],
]);

export function ansibleList({ tree, whole }: ReadInventory, extra: Layer): Json {
  const groups = [...tree.groups.values()].flatMap(({ name, hosts, children }) => {
    const members = name === 'all' || hosts.size === 0 ? {} : { hosts: [...hosts] };
    const parts = children.size === 0 ? members : { ...members, children: [...children.keys()] };
    return Object.keys(parts).length === 0 ? [] : [[name, parts] as const];
  });
  const groupVars = new Map<SaidVars, JsonObject>();
  const hostvars = whole.hosts.flatMap(host => {
    // One map for all hosts of the same groups.
    const common = groupVars.get(host.groupVars) ?? shown(host.groupVars);
    groupVars.set(host.groupVars, common);
    const vars = { ...common, ...shown(host.ownVars), ...above(extra) };
    return Object.keys(vars).length === 0 ? [] : [[host.name, vars] as const];
  });
  return { _meta: { hostvars: objectOf(hostvars) }, ...objectOf(groups) };
}

export function ansibleHost(host: MergedHost, extra: Layer): JsonObject {
  return { ...shown(host.groupVars), ...shown(host.ownVars), ...above(extra) };
}

function shown(vars: SaidVars): JsonObject {
  const pairs: (readonly [string, Json])[] = [];
  for (const [name, said] of vars) if (!INTERNAL.has(name)) pairs.push([name, written(said.value)]);
  return objectOf(pairs);
}

function above(extra: Layer): JsonObject {
  const pairs = Object.entries(extra).filter(([name]) => !INTERNAL.has(name));
  return objectOf(pairs.map(([name, value]) => [name, written(value)]));
}

function written(value: Said['value']): Json {
  switch (value.is) {
    case 'known':
    case 'hidden':
      return value.json;
    case 'expression':
      return value.source;
    default:
      return null;
  }
}

/** As Python prints it: keys sorted, four blanks a level, empty ones on one line. */
export function pythonJson(json: Json, indent = ''): string {
  const inner = `${indent}    `;
  if (isArray(json)) {
    if (json.length === 0) return '[]';
    return `[\n${json.map(one => `${inner}${pythonJson(one, inner)}`).join(',\n')}\n${indent}]`;
  }
  if (!isObject(json)) return JSON.stringify(json);
  const keys = Object.keys(json).sort();
  if (keys.length === 0) return '{}';
  const lines = keys.map(key => `${inner}${JSON.stringify(key)}: ${pythonJson(json[key] ?? null, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** The tree under a group, or null when there is none of this name. */
export function ansibleGraph(tree: Tree, top: string): string | null {
  if (!tree.groups.has(top)) return null;
  const lines: string[] = [];
  const draw = (name: string, depth: number): void => {
    const group = tree.groups.get(name);
    lines.push(branch(`@${name}:`, depth));
    for (const child of group?.children.keys() ?? []) draw(child, depth + 1);
    if (name !== 'all') for (const host of group?.hosts ?? []) lines.push(branch(host, depth + 1));
  };
  draw(top, 0);
  return `${lines.join('\n')}\n`;
}

const branch = (name: string, depth: number): string => (depth === 0 ? name : `${'  |'.repeat(depth)}--${name}`);
