// A YAML text as a tree with places, and everything that is wrong with it. Never throws. The everyday reader is asked
// first; what it leaves is parsed by the `yaml` package and walked here. What an unquoted scalar is, plain.ts decides.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair as YamlPair,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { andAt, type Diagnostic, problem } from '../../text/diagnostic.ts';
import { type Source, sourceOf, spanIn } from '../../text/source.ts';
import { type Span, spanOf } from '../../text/span.ts';
import { readEverydayYaml } from './everyday-yaml.ts';
import type { MapNode, Node, Pair, ScalarNode } from './node.ts';
import { plainValue } from './plain.ts';
import { yamlProblems } from './yaml-problem.ts';

export interface Parsed {
  readonly source: Source;
  /** null when the text has no readable tree; then there is an error among the diagnostics. */
  readonly node: Node | null;
  readonly diagnostics: readonly Diagnostic[];
}

// Aliases of aliases grow without bound; no honest playbook comes near.
const MOST_NODES = 200_000;
const DEEPEST = 100;

export function parseYaml(file: string, text: string): Parsed {
  // A byte order mark is no part of the text, and no blank before its first line.
  const source = sourceOf(file, text.replace(/^\ufeff/, ''));
  if (source.text.startsWith(VAULT)) return sealed(source);
  const quick = readEverydayYaml(source);
  return quick === null ? parsedYaml(source) : { source, node: quick, diagnostics: [] };
}

const VAULT = '$ANSIBLE_VAULT;';

function sealed(source: Source): Parsed {
  const span = spanIn(source, 0, /^.*/.exec(source.text)?.[0].length ?? 0);
  const help = `put it where nothing reads it, and give what it holds with -e @<(ansible-vault view FILE)`;
  const said = 'files that ansible-vault encrypted are planned, not read yet';
  return { source, node: null, diagnostics: [problem('not-yet', span, said, help)] };
}

/** By the parser, whatever the text is. */
export function parsedYaml(source: Source): Parsed {
  const { text } = source;
  const broken = (message: string): Parsed => ({
    source,
    node: null,
    diagnostics: [problem('yaml-syntax', spanIn(source, 0, 0), message)],
  });
  // Its bytes are nothing to show at a terminal.
  if (text.includes('\0'))
    return { ...broken(''), diagnostics: [problem('yaml-syntax', spanOf(source.file), 'this is not a text')] };
  if (isBottomless(text)) return broken('this text nests more deeply than any playbook');
  try {
    const document = parseDocument(text, {
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
    });
    if (document.errors.length > 0) {
      return { source, node: null, diagnostics: yamlProblems(source, document.errors) };
    }
    return walked(source, document);
  } catch (error) {
    // The parser itself gave up, e.g. on nesting that no stack holds.
    return broken(`the text can't be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const MOST_BRACKETS = 500;

/** The parser needs minutes for what nests without end; brackets inside of quotes may be counted, they close as they open. */
function isBottomless(text: string): boolean {
  if (/^(?: *- *){200}/m.test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MOST_BRACKETS) return true;
  }
  return false;
}

interface Walk {
  readonly source: Source;
  readonly document: Document.Parsed;
  readonly found: Diagnostic[];
  count: number;
}

function walked(source: Source, document: Document.Parsed): Parsed {
  const walk: Walk = { source, document, found: [], count: 0 };
  const node = nodeOf(walk, document.contents, spanIn(source, 0, 0), []);
  if (walk.count <= MOST_NODES) return { source, node, diagnostics: walk.found };
  return { source, node: null, diagnostics: walk.found.filter(one => one.code === 'bad-merge').slice(0, 1) };
}

type Any = ParsedNode | null | undefined;

/** @param above the aliases being followed, and the depth as their number of entries with null. */
function nodeOf(walk: Walk, node: Any | unknown, fallback: Span, above: readonly unknown[]): Node {
  walk.count += 1;
  if (walk.count === MOST_NODES + 1 || above.length > DEEPEST) {
    walk.found.push(problem('bad-merge', fallback, 'this file nests or repeats itself too much to be read'));
  }
  if (walk.count > MOST_NODES || above.length > DEEPEST) return emptyAt(fallback);
  if (isAlias(node)) return aliasOf(walk, node, fallback, above);
  if (isMap(node)) return mapOf(walk, node, [...above, node]);
  if (isSeq(node)) return listOf(walk, node, [...above, node]);
  if (isScalar(node)) return scalarOf(walk, node, fallback);
  return emptyAt(fallback);
}

function emptyAt(span: Span): ScalarNode {
  return { is: 'scalar', value: null, written: '', plain: true, span };
}

function rangeSpan(walk: Walk, range: readonly number[] | null | undefined, fallback: Span): Span {
  const [start, end] = range ?? [];
  return start === undefined || end === undefined ? fallback : spanIn(walk.source, start, end);
}

function aliasOf(walk: Walk, alias: Alias, fallback: Span, above: readonly unknown[]): Node {
  const span = rangeSpan(walk, alias.range, fallback);
  const target: unknown = alias.resolve(walk.document);
  if (target === undefined) {
    walk.found.push(problem('bad-merge', span, `no anchor "&${alias.source}" stands before this alias`));
    return emptyAt(span);
  }
  if (above.includes(target)) {
    walk.found.push(problem('bad-merge', span, `the alias "*${alias.source}" stands inside its own anchor`));
    return emptyAt(span);
  }
  return nodeOf(walk, target, span, above);
}

const CORE = 'tag:yaml.org,2002:';

function scalarOf(
  walk: Walk,
  node: {
    value: unknown;
    type?: string | undefined;
    tag?: string | undefined;
    range?: readonly number[] | null | undefined;
  },
  fallback: Span,
): ScalarNode {
  const span = rangeSpan(walk, node.range, fallback);
  const written = typeof node.value === 'string' ? node.value : node.value === null ? '' : String(node.value);
  const plain = node.type === 'PLAIN' || node.type === undefined;
  const asText: ScalarNode = { is: 'scalar', value: written, written, plain, span };
  const resolved: ScalarNode = { ...asText, value: plainValue(written) };
  if (node.tag === undefined || node.tag === '!') return plain && node.tag === undefined ? resolved : asText;
  switch (node.tag) {
    case `${CORE}str`:
      // The failsafe schema puts this tag on every scalar that has none of its own.
      return plain && !tagged(walk, node.range) ? resolved : asText;
    case `${CORE}int`:
    case `${CORE}float`:
    case `${CORE}bool`:
    case `${CORE}null`:
      return resolved;
    case '!vault':
    case '!unsafe':
      walk.found.push(notYet(walk, node.tag, span));
      return asText;
    default:
      walk.found.push(problem('bad-tag', span, `the tag ${node.tag} means nothing here`, 'leave it out'));
      return asText;
  }
}

function notYet(walk: Walk, tag: '!vault' | '!unsafe', value: Span): Diagnostic {
  const at = walk.source.text.lastIndexOf(tag, value.start);
  const span = at === -1 ? value : spanIn(walk.source, at, at + tag.length);
  const help =
    tag === '!vault'
      ? 'take it out, and give the variable with -e @FILE, or ask for it with "vars_prompt:"'
      : 'leave it out: a value that comes from elsewhere is never read as a template';
  return problem('not-yet', span, `${tag} is planned, not here yet`, help);
}

function tagged(walk: Walk, range: readonly number[] | null | undefined): boolean {
  const before = walk.source.text.slice(0, range?.[0] ?? 0);
  return /!!str\s+$/.test(before.slice(-40));
}

function listOf(walk: Walk, list: YAMLSeq<unknown>, above: readonly unknown[]): Node {
  const span = rangeSpan(walk, list.range, spanIn(walk.source, 0, 0));
  return {
    is: 'list',
    items: list.items.map(item => nodeOf(walk, item, span, above)),
    span: trimmed(walk.source, span),
  };
}

function mapOf(walk: Walk, map: YAMLMap<unknown, unknown>, above: readonly unknown[]): MapNode {
  const span = rangeSpan(walk, map.range, spanIn(walk.source, 0, 0));
  const own: Pair[] = [];
  const merged: Pair[] = [];
  for (const item of map.items) pairInto(walk, item, { span, above, own, merged });
  const names = new Set(own.map(pair => pair.key));
  const inherited = merged.filter(pair => !names.has(pair.key) && names.add(pair.key));
  return { is: 'map', pairs: [...inherited, ...own], span: trimmed(walk.source, span) };
}

interface Into {
  readonly span: Span;
  readonly above: readonly unknown[];
  readonly own: Pair[];
  readonly merged: Pair[];
}

function pairInto(walk: Walk, item: YamlPair<unknown, unknown>, into: Into): void {
  const key = nodeOf(walk, item.key, into.span, into.above);
  if (key.is !== 'scalar') {
    const template = walk.source.text.slice(into.span.start, into.span.start + 2) === '{{';
    walk.found.push(
      template
        ? problem(
            'yaml-syntax',
            into.span,
            'a value that begins with {{ needs quotes',
            `write "${flat(walk, into.span)}"`,
          )
        : problem(
            'yaml-syntax',
            key.span,
            `a key must be a plain word, this is ${key.is === 'list' ? 'a list' : 'a mapping'}`,
          ),
    );
    return;
  }
  const value = nodeOf(walk, item.value, afterKey(walk.source, key.span), into.above);
  if (key.written === '<<' && key.plain) {
    mergeInto(walk, value, into);
    return;
  }
  const first = into.own.find(pair => pair.key === key.written);
  if (first === undefined) into.own.push({ key: key.written, keySpan: key.span, value });
  else {
    const again = problem('duplicate-key', key.span, `the key "${key.written}" stands here a second time`);
    walk.found.push(andAt(again, first.keySpan, 'the first one is here'));
  }
}

function mergeInto(walk: Walk, value: Node, into: Into): void {
  const parts = value.is === 'list' ? value.items : [value];
  for (const part of parts) {
    if (part.is === 'map') into.merged.push(...part.pairs);
    else walk.found.push(problem('bad-merge', part.span, '<< takes a mapping, or a list of mappings'));
  }
}

// A key without a value: its place is right behind the colon.
function afterKey(source: Source, key: Span): Span {
  return spanIn(source, key.end, key.end + (source.text[key.end] === ':' ? 1 : 0));
}

function flat(walk: Walk, span: Span): string {
  return walk.source.text.slice(span.start, span.end).split('\n')[0]?.trim() ?? '';
}

// The parser counts the line breaks behind a block collection to it.
function trimmed(source: Source, span: Span): Span {
  const text = source.text.slice(span.start, span.end);
  return { ...span, end: span.start + text.trimEnd().length };
}
