// One inventory file into groups and hosts. Several files say of the same group one after the other; what a later one
// says of a variable wins. Merging along the tree is for others.
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Source } from '../text/source.ts';
import type { Span } from '../text/span.ts';
import { kindOf, type MapNode, type Node, type Pair } from './node.ts';
import { expandRange } from './range.ts';
import { type Notes } from './values.ts';
import { type Said, varsOf } from './variables.ts';

export interface Group {
  readonly name: string;
  readonly at: Span;
  readonly hosts: Set<string>;
  readonly children: Map<string, Span>;
  readonly vars: Map<string, Said>;
}

/** Grows while files are read. */
export interface Tree {
  readonly groups: Map<string, Group>;
  /** Host -> what is said of it itself. */
  readonly hosts: Map<string, { readonly at: Span; readonly vars: Map<string, Said> }>;
  /** The mappings under `zones:`, with their files. */
  readonly zones: { readonly source: Source; readonly node: MapNode }[];
  readonly notes: Notes;
}

export function emptyTree(): Tree {
  return { groups: new Map(), hosts: new Map(), zones: [], notes: { found: [], uses: [] } };
}

export function groupIn(tree: Tree, name: string, at: Span): Group {
  const there = tree.groups.get(name);
  if (there !== undefined) return there;
  const made: Group = { name, at, hosts: new Set(), children: new Map(), vars: new Map() };
  tree.groups.set(name, made);
  return made;
}

export function hostIn(tree: Tree, name: string, at: Span): Map<string, Said> {
  const there = tree.hosts.get(name);
  if (there !== undefined) return there.vars;
  const vars = new Map<string, Said>();
  tree.hosts.set(name, { at, vars });
  return vars;
}

const GROUP_KEYS = ['hosts', 'vars', 'children'] as const;

export function readTree(tree: Tree, source: Source, node: Node): void {
  if (isNothing(node)) return;
  if (node.is !== 'map') {
    say(
      tree,
      problem(
        'bad-inventory',
        node.span,
        `an inventory is a mapping of groups, this is ${kindOf(node)}`,
        'begin with "all:", then "hosts:" or "children:" under it',
      ),
    );
    return;
  }
  for (const pair of node.pairs) {
    if (pair.key === 'zones' && !looksLikeGroup(pair.value)) zones(tree, source, pair);
    else if (GROUP_KEYS.some(key => key === pair.key) && !looksLikeGroup(pair.value)) {
      say(
        tree,
        problem('bad-inventory', pair.keySpan, `"${pair.key}" stands outside of any group`, 'put it under "all:"'),
      );
    } else group(tree, source, pair, 0);
  }
}

function say(tree: Tree, diagnostic: Diagnostic): void {
  tree.notes.found.push(diagnostic);
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

function group(tree: Tree, source: Source, pair: Pair, depth: number): void {
  const made = groupIn(tree, pair.key, pair.keySpan);
  if (isNothing(pair.value) || depth > DEEPEST) return;
  if (pair.value.is !== 'map') {
    say(
      tree,
      problem('wrong-type', pair.value.span, `a group holds hosts, vars and children, this is ${kindOf(pair.value)}`),
    );
    return;
  }
  for (const part of pair.value.pairs) {
    switch (part.key) {
      case 'hosts':
        hosts(tree, source, made, part);
        break;
      case 'vars':
        for (const [name, said] of varsOf(source, part.value, tree.notes)) made.vars.set(name, said);
        break;
      case 'children':
        children(tree, source, made, { pair: part, depth });
        break;
      default:
        say(tree, unknownInGroup(pair.key, part));
    }
  }
}

function unknownInGroup(name: string, part: Pair): Diagnostic {
  const near = didYouMean(part.key, GROUP_KEYS);
  const help = near.length > 0 ? near : [`a host goes under "hosts:", a group under "children:"`];
  return problem('unknown-key', part.keySpan, `a group has no key "${part.key}" (in ${name})`, ...help);
}

function hosts(tree: Tree, source: Source, into: Group, pair: Pair): void {
  const entries = entriesOf(tree, pair, 'hosts');
  for (const entry of entries) {
    const expanded = expandRange(entry.key);
    if (expanded.is === 'wrong' || !expanded.names.every(isHostName)) {
      const why = expanded.is === 'wrong' ? expanded.why : 'a name has letters, digits, dots, dashes and _';
      say(tree, problem('bad-inventory', entry.keySpan, `"${entry.key}" can't be a host: ${why}`));
      continue;
    }
    const vars = varsOf(source, entry.value, tree.notes);
    for (const name of expanded.names) {
      into.hosts.add(name);
      const own = hostIn(tree, name, entry.keySpan);
      for (const [key, said] of vars) own.set(key, said);
    }
  }
}

export function isHostName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);
}

function children(tree: Tree, source: Source, into: Group, at: { readonly pair: Pair; readonly depth: number }): void {
  for (const entry of entriesOf(tree, at.pair, 'children')) {
    into.children.set(entry.key, entry.keySpan);
    group(tree, source, entry, at.depth + 1);
  }
}

/** Names as keys; a list of names, which people write too, is told how to be one. */
function entriesOf(tree: Tree, pair: Pair, what: string): readonly Pair[] {
  const node = pair.value;
  if (isNothing(node)) return [];
  if (node.is === 'map') return node.pairs;
  const first = node.is === 'list' ? node.items[0] : node;
  const name = first?.is === 'scalar' && first.written !== '' ? first.written : 'name';
  say(
    tree,
    problem(
      'wrong-type',
      node.span,
      `${what} are a mapping of names, this is ${kindOf(node)}`,
      `write each name as a key: "${name}: {}"`,
    ),
  );
  return [];
}
