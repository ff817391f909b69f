// Ansible's older way to give arguments, `name=value name="two words"`, as the mapping to write instead: for messages,
// and as the nodes that this mapping would have, so that what is wrong inside is told in the same pass.

import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { never } from '../../text/never.ts';
import { type Node, type Pair, partOf, type ScalarNode } from '../yaml/node.ts';
import { plainValue } from '../yaml/plain.ts';

/** A word of it: quotes and placeholders hold it together. */
const WORD = /(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\S)+/gs;

interface Said {
  readonly name: string;
  /** Quotes and all. */
  readonly given: string;
  readonly at: number;
}

/** Its pairs, and what is no pair. */
function saidIn(text: string): { readonly pairs: readonly Said[]; readonly rest: string } {
  const words = [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    word,
    index,
    pair: /^(\w+)=(.*)$/s.exec(word),
  }));
  const pairs = words.flatMap(({ index, pair }) =>
    pair === null ? [] : [{ name: pair[1] ?? '', given: pair[2] ?? '', at: index }],
  );
  const rest = words.filter(({ pair }) => pair === null).map(({ word }) => word);
  return { pairs, rest: rest.join(' ') };
}

/** `{ src: a, dest: "{{b}}/c" }`; what is no pair stands for `bare`, if there is such an argument. */
export function mappingOf(text: string, bare: string | null): string {
  const { pairs, rest } = saidIn(text);
  const first = rest === '' || bare === null ? [] : [`${bare}: ${written(bare, rest)}`];
  return `{ ${[...first, ...pairs.map(({ name, given }) => `${name}: ${written(name, given)}`)].join(', ')} }`;
}

function written(name: string, given: string): string {
  const text = unquoted(given);
  // Here every mode is octal, in YAML only behind a 0.
  if (isMode(name, text)) return `0${text}`;
  return name !== 'msg' && isPlain(text) ? text : quoted(text);
}

const unquoted = (given: string): string => /^(["'])(.*)\1$/s.exec(given)?.[2] ?? given;

const isMode = (name: string, text: string): boolean => name === 'mode' && /^[1-7]\d{2}$/.test(text);
const isPlain = (text: string): boolean => /^[\w./-][\w./@%+=-]*(?: [\w./@%+=-]+)*$/.test(text);

function quoted(text: string): string {
  return text.includes('"') ? `'${text.replaceAll("'", "''")}'` : `"${text.replaceAll('\\', '\\\\')}"`;
}

/** The nodes of that mapping, each at its place in the file. */
export function freeFormPairs(source: Source, node: ScalarNode, key: Span, bare: string | null): readonly Pair[] {
  const text = typeof node.value === 'string' ? node.value : node.written;
  const said = saidIn(text);
  const pairs = said.pairs.map(({ name, given, at }) => {
    const from = at + name.length + 1;
    return {
      key: name,
      keySpan: partOf(source, node, at, at + name.length),
      value: scalar(name, given, partOf(source, node, from, from + given.length)),
    };
  });
  if (bare === null || said.rest === '') return pairs;
  const value: ScalarNode = { ...node, value: said.rest, written: said.rest, plain: false };
  return [{ key: bare, keySpan: key, value }, ...pairs];
}

/** As `written` writes it, read again. */
function scalar(name: string, given: string, span: Span): ScalarNode {
  const text = unquoted(given);
  if (isMode(name, text))
    return { is: 'scalar', value: Number.parseInt(text, 8), written: `0${text}`, plain: true, span };
  const plain = name !== 'msg' && isPlain(text);
  return { is: 'scalar', value: plain ? plainValue(text) : text, written: text, plain, span };
}

/** A node as one writes it in one line. */
export function flowOf(node: Node): string {
  switch (node.is) {
    case 'scalar':
      if (typeof node.value !== 'string') return node.written === '' ? 'null' : node.written;
      return isPlain(node.value) && plainValue(node.value) === node.value ? node.value : quoted(node.value);
    case 'list':
      return `[${node.items.map(flowOf).join(', ')}]`;
    case 'map':
      return node.pairs.length === 0
        ? '{}'
        : `{ ${node.pairs.map(one => `${one.key}: ${flowOf(one.value)}`).join(', ')} }`;
    default:
      return never(node);
  }
}
