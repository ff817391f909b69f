// An inventory file in Ansible's INI format into the tree: `[group]` with hosts and their variables in one line,
// `[group:vars]`, `[group:children]`; what stands before the first section belongs to no group. Values are Python
// literals or texts.
import { andAt, type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { type Source, spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { valueOfJson } from '../expression/values.ts';
import { nameProblem, type Said } from '../expression/variables.ts';
import { iniWords } from './ini-words.ts';
import { addHosts, type Group, groupIn, say, setGroupVar, type Tree } from './inventory-tree.ts';
import { pythonLiteral } from './python-literal.ts';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const KINDS = ['hosts', 'vars', 'children'] as const;
type Kind = (typeof KINDS)[number];

interface Reading {
  readonly tree: Tree;
  readonly source: Source;
  readonly declared: Set<string>;
  /** Children whose own section hasn't come yet -> their parents, with the places that name them. */
  readonly awaited: Map<string, { readonly parent: string; readonly at: Span }[]>;
  /** Groups of which only variables were said so far. */
  readonly onlyVars: Map<string, Span>;
  /** What the lines below the last section say. */
  section: { readonly group: Group; readonly kind: Kind } | null;
}

export function readIniInventory(tree: Tree, source: Source): void {
  const reading: Reading = {
    tree,
    source,
    declared: new Set(tree.groups.keys()),
    awaited: new Map(),
    onlyVars: new Map(),
    section: { group: groupIn(tree, 'ungrouped', spanIn(source, 0, 0)), kind: 'hosts' },
  };
  source.lineStarts.forEach((start, index) => {
    const line = source.text.slice(start, source.lineStarts[index + 1] ?? source.text.length);
    const text = line.trim();
    if (text === '' || /^[#;]/.test(text)) return;
    const from = start + line.length - line.trimStart().length;
    readLine(reading, text, from);
  });
  undeclared(reading);
}

function readLine(reading: Reading, text: string, from: number): void {
  const place = (start: number, end: number): Span => spanIn(reading.source, from + start, from + end);
  if (text.startsWith('[') && (SECTION.test(text) || text.endsWith(']'))) {
    reading.section = section(reading, text, place);
    return;
  }
  // After a section that can't be read, its lines can't be, either.
  if (reading.section === null) return;
  const { group, kind } = reading.section;
  switch (kind) {
    case 'hosts':
      hostLine(reading, group, text, place);
      break;
    case 'vars':
      varLine(reading, group, text, place);
      break;
    default:
      childLine(reading, group, text, place);
  }
}

type Place = (start: number, end: number) => Span;

function bad(reading: Reading, at: Span, message: string, ...help: readonly string[]): null {
  say(reading.tree, problem('bad-ini', at, message, ...help));
  return null;
}

function section(reading: Reading, text: string, place: Place): Reading['section'] {
  const [, name, word] = SECTION.exec(text) ?? [];
  const at = place(0, text.length);
  if (name === undefined) {
    return bad(
      reading,
      at,
      `"${text}" can't head a section`,
      'write [group], [group:vars] or [group:children], without blanks',
    );
  }
  const kind = KINDS.find(one => one === (word ?? 'hosts'));
  if (kind === undefined) {
    const near = didYouMean(word ?? '', KINDS);
    return bad(
      reading,
      at,
      `a section holds hosts, vars or children, not "${word ?? ''}"`,
      ...(near.length > 0 ? near : [`write [${name}], [${name}:vars] or [${name}:children]`]),
    );
  }
  const group = groupIn(reading.tree, name, at);
  if (kind === 'vars') {
    if (!reading.declared.has(name) && !reading.onlyVars.has(name)) reading.onlyVars.set(name, at);
  } else declare(reading, name);
  return { group, kind };
}

/** A group is declared by a section of hosts or children; parents that waited for it get it now, in this order. */
function declare(reading: Reading, name: string): void {
  reading.declared.add(name);
  reading.onlyVars.delete(name);
  const waiting = reading.awaited.get(name) ?? [];
  reading.awaited.delete(name);
  for (const { parent, at } of waiting) reading.tree.groups.get(parent)?.children.set(name, at);
}

function hostLine(reading: Reading, group: Group, text: string, place: Place): void {
  const read = iniWords(text);
  if (read.is === 'wrong') {
    bad(reading, place(read.at, text.length), read.why);
    return;
  }
  const [host, ...rest] = read.words;
  if (host === undefined) return;
  if (host.text === '---' || (host.text.endsWith(':') && rest.length === 0)) {
    bad(
      reading,
      place(host.start, host.end),
      'this looks like YAML',
      'give the file a name that ends in .yml, or write it as INI',
    );
    return;
  }
  const vars = new Map<string, Said>();
  for (const word of rest) {
    const at = place(word.start, word.end);
    const cut = word.text.indexOf('=');
    if (cut <= 0) {
      const help = 'variables of a host stand behind it as name=value, without blanks around "="';
      bad(reading, at, `"${word.text}" is no variable`, help);
      break;
    }
    said(reading, vars, { name: word.text.slice(0, cut), text: word.text.slice(cut + 1), at });
  }
  addHosts(reading.tree, group, { text: host.text, at: place(host.start, host.end), vars });
}

interface Assigned {
  readonly name: string;
  readonly text: string;
  readonly at: Span;
}

function said(reading: Reading, vars: Map<string, Said>, { name, text, at }: Assigned): void {
  const wrong = nameProblem(name, at);
  if (wrong !== null) say(reading.tree, wrong);
  else {
    const literal = pythonLiteral(text);
    const json = literal === null ? text : literal.json;
    vars.set(name, { value: valueOfJson(json, at, reading.tree.notes), at });
  }
}

function varLine(reading: Reading, group: Group, text: string, place: Place): void {
  const cut = text.indexOf('=');
  const at = place(0, text.length);
  if (cut < 0) {
    bad(reading, at, `"${text}" is no variable`, 'write name=value, a line each');
    return;
  }
  const vars = new Map<string, Said>();
  said(reading, vars, { name: text.slice(0, cut).trim(), text: text.slice(cut + 1).trim(), at });
  for (const [name, one] of vars) setGroupVar(reading.tree, group, name, one);
}

function childLine(reading: Reading, group: Group, text: string, place: Place): void {
  const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(text)?.[1];
  if (name === undefined) {
    bad(reading, place(0, text.length), `"${text}" can't be a group`, 'a section of children names one group a line');
    return;
  }
  const at = place(0, name.length);
  if (reading.tree.groups.has(name)) group.children.set(name, at);
  else reading.awaited.set(name, [...(reading.awaited.get(name) ?? []), { parent: group.name, at }]);
}

function undeclared(reading: Reading): void {
  const names = [...reading.declared];
  const missing = (name: string, at: Span, said: string): Diagnostic => {
    const near = didYouMean(name, names);
    return problem(
      'unknown-group',
      at,
      said,
      ...(near.length > 0 ? near : [`write a section [${name}], it may be empty`]),
    );
  };
  for (const [name, parents] of reading.awaited) {
    const [first, ...more] = parents;
    if (first === undefined) continue;
    const told = missing(name, first.at, `"${name}" is a child of "${first.parent}" and has no section of its own`);
    say(
      reading.tree,
      more.reduce((one, other) => andAt(one, other.at, 'it is named here, too'), told),
    );
  }
  for (const [name, at] of reading.onlyVars) {
    say(reading.tree, missing(name, at, `there are variables for "${name}", but no section of its own`));
  }
}
