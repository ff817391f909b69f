// The YAML that people write every day, read in one go and much faster than a whole parser does: block mappings and
// lists, one-line values, one-line {...} and [...]. Of anything else (anchors, tags, texts over several lines, slips) it
// says nothing and leaves the file to the parser; what it does read is the same tree with the same places.
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import type { ListNode, MapNode, Node, Pair, ScalarNode } from './node.ts';
import { plainValue } from './plain.ts';

/** A line that isn't blank and no comment. */
interface Line {
  readonly number: number;
  readonly start: number;
  /** Where its content begins; a list's dash moves it behind itself. */
  content: number;
  /** Behind its last character. */
  readonly end: number;
}

interface Reader {
  readonly source: Source;
  readonly text: string;
  readonly lines: readonly Line[];
  /** The line that is read. */
  at: number;
  depth: number;
}

/** Not for this reader. */
type Unread = null;

const DEEPEST = 90;

export function readEverydayYaml(source: Source): Node | Unread {
  const { text } = source;
  if (/[\0\t\r\ufeff\u0085\u2028\u2029]|^(?:%|\.\.\.)/m.test(text)) return null;
  const lines = linesOf(source);
  const reader: Reader = { source, text, lines, at: 0, depth: 0 };
  const [first] = lines;
  if (first !== undefined && text.slice(first.start, first.end) === '---') reader.at = 1;
  const begin = lines[reader.at];
  if (begin === undefined) return null;
  const node = block(reader, indentOf(begin));
  return node !== null && reader.at === lines.length ? node : null;
}

function linesOf({ text, lineStarts }: Source): readonly Line[] {
  const lines: Line[] = [];
  for (const [index, start] of lineStarts.entries()) {
    let end = (lineStarts[index + 1] ?? text.length + 1) - 1;
    let content = start;
    while (content < end && text[content] === ' ') content += 1;
    while (end > content && text[end - 1] === ' ') end -= 1;
    if (content < end && text[content] !== '#') lines.push({ number: index + 1, start, content, end });
  }
  return lines;
}

const indentOf = (line: Line): number => line.content - line.start;

function place(reader: Reader, line: Line, start: number, end: number): Span {
  return { file: reader.source.file, start, end, line: line.number, column: start - line.start + 1 };
}

const isDash = ({ text }: Reader, line: Line): boolean =>
  text[line.content] === '-' && (line.content + 1 === line.end || text[line.content + 1] === ' ');

function block(reader: Reader, indent: number): Node | Unread {
  const line = reader.lines[reader.at];
  if (line === undefined || reader.depth > DEEPEST) return null;
  reader.depth += 1;
  const node = isDash(reader, line) ? list(reader, indent) : mapping(reader, indent);
  reader.depth -= 1;
  return node;
}

const KEY = /(?:([A-Za-z0-9_](?:[\w./[\]-]|:(?=[^\s]))*)|"([^"\\\n]*)"|'([^'\n]*)') *:(?= |\n|$)/y;

interface KeyRead {
  readonly key: string;
  readonly span: Span;
  /** Behind the colon. */
  readonly end: number;
}

function keyAt(reader: Reader, line: Line, start: number): KeyRead | Unread {
  KEY.lastIndex = start;
  const found = KEY.exec(reader.text);
  if (found === null) return null;
  const [whole, plain, double, single] = found;
  const length = plain === undefined ? (double ?? single ?? '').length + 2 : plain.length;
  const key = plain ?? double ?? single ?? '';
  return { key, span: place(reader, line, start, start + length), end: start + whole.length };
}

function mapping(reader: Reader, indent: number): MapNode | Unread {
  const pairs: Pair[] = [];
  const names = new Set<string>();
  const begin = reader.lines[reader.at];
  if (begin === undefined) return null;
  for (
    let line = reader.lines[reader.at];
    line !== undefined && indentOf(line) >= indent;
    line = reader.lines[reader.at]
  ) {
    if (indentOf(line) > indent) return null;
    const read = keyAt(reader, line, line.content);
    if (read === null || names.has(read.key)) return null;
    names.add(read.key);
    const value = valueOf(reader, { line, start: read.end, indent, inMapping: true });
    if (value === null) return null;
    pairs.push({ key: read.key, keySpan: read.span, value });
  }
  return { is: 'map', pairs, span: spanning(reader, begin, begin.content, pairs.at(-1)?.value) };
}

function list(reader: Reader, indent: number): ListNode | Unread {
  const items: Node[] = [];
  const begin = reader.lines[reader.at];
  if (begin === undefined) return null;
  const start = begin.content;
  for (
    let line = reader.lines[reader.at];
    line !== undefined && indentOf(line) >= indent;
    line = reader.lines[reader.at]
  ) {
    if (!isDash(reader, line)) {
      // A list may stand as deep as its key: what follows is the mapping's.
      if (indentOf(line) > indent || items.length === 0) return null;
      break;
    }
    if (indentOf(line) > indent) return null;
    const item = valueOf(reader, { line, start: line.content + 1, indent, inMapping: false });
    if (item === null) return null;
    items.push(item);
  }
  return { is: 'list', items, span: spanning(reader, begin, start, items.at(-1)) };
}

/** From the first character to the end of the last value. */
function spanning(reader: Reader, line: Line, start: number, last: Node | undefined): Span {
  return place(reader, line, start, last?.span.end ?? start);
}

interface Behind {
  readonly line: Line;
  /** Behind a colon or a dash. */
  readonly start: number;
  readonly indent: number;
  readonly inMapping: boolean;
}

/** What stands behind a colon or a dash, in its line or below it; the reader is then at the next line. */
function valueOf(reader: Reader, { line, start, indent, inMapping }: Behind): Node | Unread {
  let at = start;
  while (at < line.end && reader.text[at] === ' ') at += 1;
  if (at === line.end) return below(reader, { line, start, indent, inMapping });
  if (reader.text[at] === '#') return null;
  if (!inMapping && (isDashAt(reader, line, at) || keyAt(reader, line, at) !== null)) {
    line.content = at;
    return block(reader, indentOf(line));
  }
  const value = inline(reader, line, at);
  reader.at += 1;
  const next = reader.lines[reader.at];
  // A deeper line goes on with a text that began here.
  return next !== undefined && indentOf(next) > indent ? null : value;
}

const isDashAt = (reader: Reader, line: Line, at: number): boolean => isDash(reader, { ...line, content: at });

function below(reader: Reader, { line, start, indent, inMapping }: Behind): Node | Unread {
  reader.at += 1;
  const next = reader.lines[reader.at];
  if (next !== undefined && indentOf(next) > indent) return block(reader, indentOf(next));
  if (next !== undefined && inMapping && indentOf(next) === indent && isDash(reader, next)) return list(reader, indent);
  // Where the place of nothing lies among blanks, the parser knows.
  if (reader.text[start] === ' ') return null;
  return scalar(reader, line, start, '');
}

/** A value that must fill the rest of its line, but for a comment. */
function inline(reader: Reader, line: Line, start: number): Node | Unread {
  const first = reader.text[start] ?? '';
  if (/["'{[]/.test(first)) {
    const read = closed(reader, line, start);
    return read !== null && /^(?: *| +#.*)$/.test(reader.text.slice(read.span.end, line.end)) ? read : null;
  }
  return plainText(reader, line, start);
}

/** What plain texts may not begin with, or only in ways that are left to the parser. */
const BEGINS = /[&*!|>%@`,\]}#?:-]/;

function plainText(reader: Reader, line: Line, start: number): ScalarNode | Unread {
  const first = reader.text[start] ?? '';
  if (BEGINS.test(first) && !(first === '-' && /\S/.test(reader.text[start + 1] ?? ' '))) return null;
  const rest = reader.text.slice(start, line.end);
  const comment = rest.indexOf(' #');
  const written = comment === -1 ? rest : rest.slice(0, comment).trimEnd();
  return /:(?: |$)/.test(written) ? null : scalar(reader, line, start, written);
}

function scalar(reader: Reader, line: Line, start: number, written: string): ScalarNode {
  const span = place(reader, line, start, start + written.length);
  return { is: 'scalar', value: plainValue(written), written, plain: true, span };
}

const QUOTED = /"([^"\\\n]*)"|'((?:[^'\n]|'')*)'/y;
const FLOW_PLAIN = /[A-Za-z0-9_./(+=~^$<-](?:[^,[\]{}:#\n]|:(?=[^\s,[\]{}])|(?<! )#)*/y;
const FLOW_KEY = /(?:([A-Za-z0-9_](?:[\w./-]|:(?=[^\s,[\]{}]))*) *:(?=[ ,}])|(?:"([^"\\\n]*)"|'([^'\n]*)') *:)/y;

/** Something that ends by itself: quoted, or in brackets. */
function closed(reader: Reader, line: Line, start: number): Node | Unread {
  const first = reader.text[start];
  if (first === '{') return flowMapping(reader, line, start);
  if (first === '[') return flowList(reader, line, start);
  QUOTED.lastIndex = start;
  const found = QUOTED.exec(reader.text);
  if (found === null) return null;
  const written = found[1] ?? (found[2] ?? '').replaceAll("''", "'");
  const span = place(reader, line, start, start + found[0].length);
  return { is: 'scalar', value: written, written, plain: false, span };
}

function flowValue(reader: Reader, line: Line, start: number): Node | Unread {
  if (/["'{[]/.test(reader.text[start] ?? '')) return reader.depth > DEEPEST ? null : closed(reader, line, start);
  FLOW_PLAIN.lastIndex = start;
  const written = FLOW_PLAIN.exec(reader.text)?.[0].trimEnd();
  return written === undefined || /^-(?: |$)/.test(written) ? null : scalar(reader, line, start, written);
}

function blanksAt({ text }: Reader, start: number): number {
  let at = start;
  while (text[at] === ' ') at += 1;
  return at;
}

/** Behind a value: at the next one, at the closing bracket, or not for this reader. */
function afterFlow(reader: Reader, start: number, closing: string): number | Unread {
  const at = blanksAt(reader, start);
  if (reader.text[at] === closing) return at;
  return reader.text[at] === ',' ? blanksAt(reader, at + 1) : null;
}

function flowMapping(reader: Reader, line: Line, start: number): MapNode | Unread {
  reader.depth += 1;
  const pairs = new Map<string, Pair>();
  let at = blanksAt(reader, start + 1);
  while (reader.text[at] !== '}') {
    FLOW_KEY.lastIndex = at;
    const found = FLOW_KEY.exec(reader.text);
    if (found === null) return null;
    const key = found[1] ?? found[2] ?? found[3] ?? '';
    if (pairs.has(key)) return null;
    const length = found[1] === undefined ? key.length + 2 : key.length;
    const colon = at + found[0].length;
    const begin = blanksAt(reader, colon);
    const value = /[,}]/.test(reader.text[begin] ?? '')
      ? scalar(reader, line, begin, '')
      : flowValue(reader, line, begin);
    const next = value === null ? null : afterFlow(reader, Math.max(begin, value.span.end), '}');
    if (value === null || next === null) return null;
    pairs.set(key, { key, keySpan: place(reader, line, at, at + length), value });
    at = next;
  }
  reader.depth -= 1;
  return { is: 'map', pairs: [...pairs.values()], span: place(reader, line, start, at + 1) };
}

function flowList(reader: Reader, line: Line, start: number): ListNode | Unread {
  reader.depth += 1;
  const items: Node[] = [];
  let at = blanksAt(reader, start + 1);
  while (reader.text[at] !== ']') {
    const item = flowValue(reader, line, at);
    const next = item === null ? null : afterFlow(reader, item.span.end, ']');
    if (item === null || next === null) return null;
    items.push(item);
    at = next;
  }
  reader.depth -= 1;
  return { is: 'list', items, span: place(reader, line, start, at + 1) };
}
