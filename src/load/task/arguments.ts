// A step's arguments against its schema, in words and with places. What holds a placeholder can only be checked when
// it has a value: complaints about such places, and about what lies around or inside them, are left for then.
import type * as z from 'zod';
import type { Step } from '../../model/step.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { isObject } from '../../text/json.ts';
import { didYouMean, nearest } from '../../text/nearest.ts';
import { schemaOf } from '../expression/shape.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { scalarsOf } from '../expression/values.ts';
import { kindOf, type MapNode, type Node, nodeAt, objectOf, type Pair, jsonOf, pairOf } from '../yaml/node.ts';

type Issue = z.core.$ZodIssue;

export function argumentProblems(step: Step, call: Pair, pairs: readonly Pair[]): readonly Diagnostic[] {
  const node: MapNode = { is: 'map', pairs, span: call.value.span };
  const fromFile = new Set(step.templateFiles.map(file => file.text));
  // A condition is a text here and a truth for the step; a template file's text comes with the file.
  const later = (path: readonly PropertyKey[]): boolean =>
    step.conditionArguments.includes(String(path[0])) || fromFile.has(String(path[0])) || isOpen(node, path);
  const foreign = pairs.filter(pair => Object.hasOwn(step.notOurs, pair.key));
  const own = pairs.filter(pair => !foreign.includes(pair));
  const said = [...foreign.map(pair => notOurs(step, pair)), ...own.flatMap(decimalMode)];
  const checked = step.args().safeParse(objectOf(own.map(pair => [pair.key, jsonOf(pair.value)])));
  if (checked.success) return said;
  const issues = checked.error.issues
    .filter(issue => issue.code === 'unrecognized_keys' || isOfAnotherKind(node, issue) || !later(issue.path))
    // What Ansible's argument was written for is missing without it: told once is enough.
    .filter(issue => foreign.length === 0 || issue.path.length > 0 || issue.code === 'unrecognized_keys')
    .filter(issue => foreign.length === 0 || exists(node, issue.path))
    .flatMap(issue => told(step, call, node, issue));
  return [...said, ...issues];
}

/** Ansible's module of this name has it: the step says what to write instead. */
function notOurs(step: Step, pair: Pair): Diagnostic {
  const instead = step.notOurs[pair.key] ?? '';
  return problem('not-ours', pair.keySpan, `Ansible's "${step.name}" has "${pair.key}", this step doesn't`, instead);
}

/** 644 is a number of another meaning than 0644: nobody wants -w---Sr--. */
function decimalMode(pair: Pair): readonly Diagnostic[] {
  const node = pair.value;
  const decimal = pair.key === 'mode' && node.is === 'scalar' && node.plain && /^[1-9][0-9]*$/.test(node.written);
  if (!decimal) return [];
  return [
    problem(
      'bad-argument',
      node.span,
      `"mode" ${node.written} is decimal`,
      `write 0${node.written} or "0${node.written}"`,
    ),
  ];
}

/** Ansible's `name=value` inside a bare text: the name of an argument, or null. */
export function nameInText(step: Step, text: string): string | null {
  const first = /^\s*(\w+)=/.exec(text)?.[1];
  if (first !== undefined && argumentNames(step, []).includes(first)) return first;
  return /\s(creates|removes|chdir)=\S/.exec(text)?.[1] ?? null;
}

/** Does a placeholder stand at this place, or inside it? What holds another value decides about its own members. */
function isOpen(node: Node, path: readonly PropertyKey[]): boolean {
  if (path.length === 0) return false;
  const here = nodeAt(node, path);
  // A missing member: its absence is certain, whatever its neighbours turn out to be.
  if (path.length > 0 && !exists(node, path)) return here.is === 'scalar' && open(here);
  return open(here);
}

/** A list or mapping where a scalar belongs is wrong whatever its placeholders become. */
function isOfAnotherKind(node: MapNode, issue: Issue): boolean {
  const scalar = issue.code === 'invalid_type' && ['string', 'number', 'int', 'boolean'].includes(issue.expected);
  return scalar && exists(node, issue.path) && nodeAt(node, issue.path).is !== 'scalar';
}

function open(node: Node): boolean {
  return scalarsOf(node).some(one => typeof one.value === 'string' && hasTemplate(one.value));
}

function exists(node: Node, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  const next =
    node.is === 'map' ? pairOf(node, String(first))?.value : node.is === 'list' ? node.items[Number(first)] : undefined;
  return next !== undefined && exists(next, rest);
}

function told(step: Step, call: Pair, node: MapNode, issue: Issue): readonly Diagnostic[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(step, node, issue.path, key));
  const name = issue.path.map(String).join('.');
  if (issue.path.length > 0 && !exists(node, issue.path)) {
    return [problem('missing-key', call.keySpan, `"${step.name}" needs the argument "${name}"`)];
  }
  const at = nodeAt(node, issue.path);
  const span = issue.path.length === 0 ? call.keySpan : at.span;
  const [said, ...help] = inWords(issue, at);
  return [problem('bad-argument', span, name === '' ? `"${step.name}": ${said}` : `"${name}" ${said}`, ...help)];
}

function unknownKey(step: Step, node: MapNode, path: readonly PropertyKey[], key: string): Diagnostic {
  const holder = nodeAt(node, path);
  const pair = holder.is === 'map' ? pairOf(holder, key) : null;
  const names = argumentNames(step, path);
  const near = didYouMean(key, names);
  const help = near.length > 0 ? near : names.length > 0 ? [`there are: ${names.join(', ')}`] : [];
  const what = path.length === 0 ? `"${step.name}"` : `"${path.map(String).join('.')}"`;
  return problem('unknown-key', pair?.keySpan ?? holder.span, `${what} has no argument "${key}"`, ...help);
}

/** The names that a step's schema has at a path, or none when the schema doesn't say. */
function argumentNames(step: Step, path: readonly PropertyKey[]): readonly string[] {
  let schema = schemaOf(step.args());
  for (const part of path) {
    const properties = isObject(schema) ? schema['properties'] : undefined;
    schema = (isObject(properties) ? properties[String(part)] : undefined) ?? {};
  }
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? Object.keys(properties) : [];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing',
};

/** First what is wrong, then lines of help. */
function inWords(issue: Issue, node: Node): readonly [string, ...string[]] {
  switch (issue.code) {
    case 'invalid_type':
      return [
        `must be ${TYPES[issue.expected] ?? issue.expected}, this is ${kindOf(node)}`,
        ...asWritten(issue.expected, node),
      ];
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = node.is === 'scalar' ? nearest(node.written, values) : null;
      return [
        `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`,
        ...(near === null ? asWritten('string', node) : [`did you mean "${near}"?`]),
      ];
    }
    case 'invalid_union':
      return [`can't be ${kindOf(node)} like this`, ...unionHelp(issue), ...asWritten('string', node)];
    case 'too_small':
      return [`is too small: ${String(issue.minimum)} is the least`];
    case 'too_big':
      return [`is too large: ${String(issue.maximum)} is the most`];
    default:
      return [`${issue.message.slice(0, 1).toLowerCase()}${issue.message.slice(1)}`];
  }
}

function unionHelp(issue: Extract<Issue, { code: 'invalid_union' }>): readonly string[] {
  const ways = issue.errors.flatMap(way =>
    way
      .filter(one => one.path.length === 0)
      .map(one => (one.code === 'invalid_type' ? (TYPES[one.expected] ?? one.expected) : one.message)),
  );
  return ways.length > 0 ? [`it may be ${[...new Set(ways)].join(', or ')}`] : [];
}

/** A text was wanted, and YAML made something else of what stands there. */
function asWritten(expected: string, node: Node): readonly string[] {
  if (
    expected !== 'string' ||
    node.is !== 'scalar' ||
    !node.plain ||
    node.value === null ||
    typeof node.value === 'string'
  )
    return [];
  const read = typeof node.value === 'boolean' ? (node.value ? 'true' : 'false') : String(node.value);
  return [
    read === node.written
      ? `put it in quotes: "${node.written}"`
      : `YAML reads ${node.written} as ${read}: put it in quotes, "${node.written}"`,
  ];
}
