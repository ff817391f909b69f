// An inventory file in YAML (or JSON of the same shape) into the tree: groups with hosts, vars and children, and the
// rules for zones.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Source } from '../../text/source.ts';
import { varsOf } from '../expression/variables.ts';
import { kindOf, type Node, type Pair } from '../yaml/node.ts';
import { addHosts, type Group, groupIn, say, setGroupVar, type Tree } from './inventory-tree.ts';

const GROUP_KEYS = ['hosts', 'vars', 'children'] as const;

export function readYamlInventory(tree: Tree, source: Source, node: Node): void {
  if (isNothing(node)) return;
  if (node.is !== 'map') {
    const help = 'begin with "all:", then "hosts:" or "children:" under it';
    say(
      tree,
      problem('bad-inventory', node.span, `an inventory is a mapping of groups, this is ${kindOf(node)}`, help),
    );
    return;
  }
  const plugin = node.pairs.find(pair => pair.key === 'plugin' && pair.value.is === 'scalar');
  if (plugin !== undefined) {
    const help = 'write what the plugin knows with "ansible-inventory --list --output FILE.json", or use an executable';
    say(tree, problem('not-ours', plugin.keySpan, "inventory plugins are Ansible's", help));
    return;
  }
  for (const pair of node.pairs) {
    if (pair.key === 'zones' && !looksLikeGroup(pair.value)) zones(tree, source, pair);
    else if (GROUP_KEYS.some(key => key === pair.key) && !looksLikeGroup(pair.value)) {
      const said = `"${pair.key}" stands outside of any group`;
      say(tree, problem('bad-inventory', pair.keySpan, said, 'put it under "all:"'));
    } else readGroup(tree, source, pair, 0);
  }
}

function isNothing(node: Node): boolean {
  return node.is === 'scalar' && node.value === null;
}

function looksLikeGroup(node: Node): boolean {
  return node.is === 'map' && node.pairs.some(pair => GROUP_KEYS.some(key => key === pair.key));
}

function zones(tree: Tree, source: Source, pair: Pair): void {
  if (pair.value.is === 'map') tree.zones.push({ source, node: pair.value });
  else if (!isNothing(pair.value))
    say(tree, problem('wrong-type', pair.value.span, 'zone rules are a mapping of zones'));
}

const DEEPEST = 100;

function readGroup(tree: Tree, source: Source, pair: Pair, depth: number): void {
  const group = groupIn(tree, pair.key, pair.keySpan);
  if (isNothing(pair.value) || depth > DEEPEST) return;
  if (pair.value.is !== 'map') {
    const said = `a group holds hosts, vars and children, this is ${kindOf(pair.value)}`;
    say(tree, problem('wrong-type', pair.value.span, said));
    return;
  }
  for (const part of pair.value.pairs) {
    switch (part.key) {
      case 'hosts':
        for (const entry of entriesOf(tree, part, 'hosts')) {
          const vars = varsOf(source, entry.value, tree.notes);
          addHosts(tree, group, { text: entry.key, at: entry.keySpan, vars });
        }
        break;
      case 'vars':
        for (const [name, said] of varsOf(source, part.value, tree.notes)) setGroupVar(tree, group, name, said);
        break;
      case 'children':
        readChildren(tree, source, { group, part, depth });
        break;
      default:
        say(tree, unknownInGroup(pair.key, part));
    }
  }
}

interface ChildrenOf {
  readonly group: Group;
  readonly part: Pair;
  readonly depth: number;
}

function readChildren(tree: Tree, source: Source, { group, part, depth }: ChildrenOf): void {
  for (const entry of entriesOf(tree, part, 'children')) {
    readGroup(tree, source, entry, depth + 1);
    group.children.set(entry.key, entry.keySpan);
  }
}

function unknownInGroup(name: string, part: Pair): Diagnostic {
  const near = didYouMean(part.key, GROUP_KEYS);
  const help = near.length > 0 ? near : [`a host goes under "hosts:", a group under "children:"`];
  return problem('unknown-key', part.keySpan, `a group has no key "${part.key}" (in ${name})`, ...help);
}

/** Names as keys, or one name alone; a list of names, which people write too, is told how to be one. */
function entriesOf(tree: Tree, pair: Pair, what: string): readonly Pair[] {
  const node = pair.value;
  if (isNothing(node)) return [];
  if (node.is === 'map') return node.pairs;
  if (node.is === 'scalar' && typeof node.value === 'string') {
    const nothing: Node = { is: 'scalar', value: null, written: '', plain: true, span: node.span };
    return [{ key: node.value, keySpan: node.span, value: nothing }];
  }
  const first = node.is === 'list' ? node.items[0] : node;
  const name = first?.is === 'scalar' && first.written !== '' ? first.written : 'name';
  const help = `write each name as a key: "${name}: {}"`;
  say(tree, problem('wrong-type', node.span, `${what} are a mapping of names, this is ${kindOf(node)}`, help));
  return [];
}
