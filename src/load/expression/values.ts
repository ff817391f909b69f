// Nodes of a file as values of the program: what holds no placeholder is known at once, the rest is an expression. Each
// template and condition is read here once, so that what is wrong with its text is told with its place, and the names
// it uses are noted for whoever knows which names there are.
import { known, type Language, type Value } from '../../model/value.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Json } from '../../text/json.ts';
import { isArray, isObject } from '../../text/json.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { jsonOf, type Node, partOf, type ScalarNode } from '../yaml/node.ts';
import { readCondition } from './condition.ts';
import { hasStatement } from './jinja-faults.ts';
import { hasTemplate, type Reference, readTemplate } from './template-ast.ts';

/** A name that a value uses, where it stands in the file. */
export interface Use {
  readonly path: readonly string[];
  readonly optional: boolean;
  readonly at: Span;
}

/** Where reading notes what it finds. */
export interface Notes {
  readonly found: Diagnostic[];
  readonly uses: Use[];
}

export function valueOf(source: Source, node: Node, language: Language, notes: Notes): Value {
  if (language === 'condition') return conditionOf(source, node, notes);
  let open = false;
  for (const scalar of scalarsOf(node)) {
    if (typeof scalar.value !== 'string' || !(hasTemplate(scalar.value) || hasStatement(scalar.value))) continue;
    open = true;
    const read = readTemplate(scalar.value, language === 'shell' && node === scalar ? 'shell' : 'text');
    for (const fault of read.faults) {
      notes.found.push(
        problem(fault.code, partOf(source, scalar, fault.start, fault.end), fault.message, ...fault.help),
      );
    }
    noteUses(source, scalar, read.references, notes);
  }
  if (!open) return known(jsonOf(node));
  return { is: 'expression', language: node.is === 'scalar' ? language : 'text', source: jsonOf(node), at: node.span };
}

/** A value that came from no YAML: all of it has one place. */
export function valueOfJson(json: Json, at: Span, notes: Notes): Value {
  let open = false;
  for (const text of textsOf(json)) {
    if (!hasTemplate(text)) continue;
    open = true;
    const read = readTemplate(text, 'text');
    notes.found.push(...read.faults.map(fault => problem(fault.code, at, fault.message, ...fault.help)));
    notes.uses.push(...read.references.map(({ path, optional }) => ({ path, optional, at })));
  }
  return open ? { is: 'expression', language: 'text', source: json, at } : known(json);
}

/** One condition, or a list of them as one value. */
function conditionOf(source: Source, node: Node, notes: Notes): Value {
  const items = node.is === 'list' ? node.items : [node];
  for (const item of items) checkCondition(source, item, notes);
  const json = jsonOf(node);
  const decided = typeof json === 'boolean' || (isArray(json) && json.every(item => typeof item === 'boolean'));
  return decided ? known(json) : { is: 'expression', language: 'condition', source: json, at: node.span };
}

function checkCondition(source: Source, node: Node, notes: Notes): void {
  if (node.is !== 'scalar' || node.value === null || typeof node.value === 'number') {
    const help = ['write it as text: "facts.cpus > 4"'];
    notes.found.push(problem('bad-condition', node.span, 'a condition is a text that comes out as yes or no', ...help));
    return;
  }
  if (typeof node.value === 'boolean') return;
  const read = readCondition(node.value);
  for (const fault of read.faults) {
    notes.found.push(
      problem('bad-condition', partOf(source, node, fault.start, fault.end), fault.message, ...fault.help),
    );
  }
  noteUses(source, node, read.references, notes);
}

function noteUses(source: Source, scalar: ScalarNode, references: readonly Reference[], notes: Notes): void {
  for (const { path, optional, start, end } of references) {
    notes.uses.push({ path, optional, at: partOf(source, scalar, start, end) });
  }
}

// A variable of a group is one value on all its hosts: it is read once.
const uses = new WeakMap<Value, readonly Use[]>();

/** The names that a value already read uses; all of them at the value's own place. */
export function usesOf(value: Value): readonly Use[] {
  if (value.is !== 'expression') return [];
  const there = uses.get(value);
  if (there !== undefined) return there;
  const made = usesIn(value);
  uses.set(value, made);
  return made;
}

function usesIn(value: Extract<Value, { is: 'expression' }>): readonly Use[] {
  const { at, language } = value;
  const references = textsOf(value.source).flatMap(text =>
    language === 'condition'
      ? readCondition(text).references
      : hasTemplate(text)
        ? readTemplate(text, 'text').references
        : [],
  );
  return references.map(({ path, optional }) => ({ path, optional, at }));
}

function textsOf(json: Json): readonly string[] {
  if (typeof json === 'string') return [json];
  if (isArray(json)) return json.flatMap(textsOf);
  return isObject(json) ? Object.values(json).flatMap(textsOf) : [];
}

export function scalarsOf(node: Node): readonly ScalarNode[] {
  switch (node.is) {
    case 'scalar':
      return [node];
    case 'list':
      return node.items.flatMap(scalarsOf);
    default:
      return node.pairs.flatMap(pair => scalarsOf(pair.value));
  }
}
