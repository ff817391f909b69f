// A YAML document as a tree in which every key and every value knows its place. What the loader reads instead of
// plain data, so that each complaint can point. It says nothing about what a playbook may hold.
import type { Json } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { type Source, spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';

export interface ScalarNode {
  readonly is: 'scalar';
  readonly value: null | boolean | number | string;
  /** As written, without quotes: what `yes` or `0644` was before YAML made something of it. */
  readonly written: string;
  /** Written without quotes: YAML chose the type. */
  readonly plain: boolean;
  readonly span: Span;
}

export interface ListNode {
  readonly is: 'list';
  readonly items: readonly Node[];
  readonly span: Span;
}

export interface Pair {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

export interface MapNode {
  readonly is: 'map';
  /** In the order of the file, each key once. */
  readonly pairs: readonly Pair[];
  readonly span: Span;
}

export type Node = ScalarNode | ListNode | MapNode;

export function jsonOf(node: Node): Json {
  switch (node.is) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(jsonOf);
    case 'map':
      return objectOf(node.pairs.map(pair => [pair.key, jsonOf(pair.value)]));
    default:
      return never(node);
  }
}

/** An object with exactly these keys: `__proto__` is a key like any other. */
export function objectOf<T>(pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(pairs);
}

export function pairOf(node: MapNode, key: string): Pair | null {
  return node.pairs.find(pair => pair.key === key) ?? null;
}

/** The node at a path of keys and indices, or the nearest one above it. */
export function nodeAt(node: Node, path: readonly PropertyKey[]): Node {
  const [first, ...rest] = path;
  if (first === undefined) return node;
  const next =
    node.is === 'map' ? pairOf(node, String(first))?.value : node.is === 'list' ? node.items[Number(first)] : undefined;
  return next === undefined ? node : nodeAt(next, rest);
}

/** What a person calls the type of a node. */
export function kindOf(node: Node): string {
  if (node.is === 'list') return 'a list';
  if (node.is === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  switch (typeof node.value) {
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    default:
      return 'yes or no';
  }
}

/**
 * The place of a part of a scalar's value. Quotes, folding and indentation make offsets in the value differ from
 * offsets in the file: the part is looked for in the file as the same one among its equals. Escapes may hide it; then
 * it is the whole scalar's place.
 */
export function partOf(source: Source, node: ScalarNode, start: number, end: number): Span {
  if (typeof node.value !== 'string' || end <= start) return node.span;
  const part = node.value.slice(start, end);
  let nth = 0;
  for (let at = node.value.indexOf(part); at !== -1 && at < start; at = node.value.indexOf(part, at + 1)) nth += 1;
  const whole = source.text.slice(node.span.start, node.span.end);
  let found = whole.indexOf(part);
  for (let count = 0; count < nth && found !== -1; count++) found = whole.indexOf(part, found + 1);
  if (found === -1) return node.span;
  return spanIn(source, node.span.start + found, node.span.start + found + part.length);
}
