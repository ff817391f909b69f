// What a value is in a scope: computed when asked for, the same each time. A variable may refer to any other, of any
// layer; a circle is a problem, and what rests on a result that isn't there yet is later, with all it waits for.
import type { TaskId } from '../../model/ids.ts';
import type { Evaluate, Evaluated, Layer, Scope, Value } from '../../model/value.ts';
import { asJson, isObject, type Json } from '../../text/json.ts';
import { nearest } from '../../text/nearest.ts';
import { never } from '../../text/never.ts';
import type { Span } from '../../text/span.ts';
import { ConditionFailure, decide, readCondition } from './condition.ts';
import { bareObject, plainJson, revealed, revealedForeseen, Unanswered, UnknownFact } from './revealed.ts';
import { hasTemplate, readTemplate } from './template-ast.ts';
import { render, TemplateFailure } from './template.ts';

type Expression = Extract<Value, { is: 'expression' }>;
type NoValue = Exclude<Evaluated, { is: 'value' }>;

/** Thrown by the getter of a name that has no value now, caught where the expression is computed. */
class Signal extends Unanswered {
  readonly says: NoValue;
  constructor(says: NoValue) {
    super(says.is);
    this.says = says;
  }
}

interface Lookup {
  readonly layers: readonly Layer[];
  readonly answers: Map<string, Evaluated>;
  /** The names being computed, outermost first. */
  readonly path: string[];
  readonly context: Record<string, unknown>;
}

const lookups = new WeakMap<Scope, Lookup>();

/** Only an expression looks anything up: making a scope ready for that costs more than most answers. */
export const evaluate: Evaluate = (value, scope) =>
  value.is === 'expression' ? expression(value, lookupOf(scope)) : settled(value);

function lookupOf(scope: Scope): Lookup {
  const there = lookups.get(scope);
  if (there !== undefined) return there;
  const { layers } = scope;
  const lookup: Lookup = {
    layers,
    answers: new Map(),
    path: [],
    context: contextOf(layers, name => opened(name, lookup)),
  };
  lookups.set(scope, lookup);
  return lookup;
}

/** As an expression sees it. */
function opened(name: string, lookup: Lookup): unknown {
  const value = valueNamed(name, lookup.layers);
  if (value?.is === 'foreseen') {
    const { json, after } = value;
    return revealedForeseen(json, () => {
      throw new Signal({ is: 'later', after });
    });
  }
  const answer = named(name, lookup);
  if (answer.is !== 'value') throw new Signal(answer);
  return revealed(answer.json, name === 'facts', name);
}

/** What expressions see. A name is looked for when it is used: who uses two variables of a thousand pays for two. */
function contextOf(layers: readonly Layer[], open: (name: string) => unknown): Record<string, unknown> {
  const values = new Map<string, unknown>();
  const holds = (name: string | symbol): name is string =>
    typeof name === 'string' && layers.some(layer => Object.hasOwn(layer, name));
  const valueOf = (name: string): unknown => {
    if (!values.has(name)) values.set(name, open(name));
    return values.get(name);
  };
  return new Proxy(bareObject(), {
    get: (behind, name) => (holds(name) ? valueOf(name) : Reflect.get(behind, name)),
    has: (behind, name) => holds(name) || Reflect.has(behind, name),
    ownKeys: () => [...new Set(layers.flatMap(layer => Object.keys(layer)))],
    getOwnPropertyDescriptor: (_, name) =>
      holds(name) ? { configurable: true, enumerable: true, get: () => valueOf(name) } : undefined,
  });
}

const valueNamed = (name: string, layers: readonly Layer[]): Value | undefined =>
  layers.find(layer => Object.hasOwn(layer, name))?.[name];

function named(name: string, lookup: Lookup): Evaluated {
  const there = lookup.answers.get(name);
  if (there !== undefined) return there;
  const value = valueNamed(name, lookup.layers);
  if (value === undefined) throw new Error(`no layer holds ${name}`);
  if (lookup.path.includes(name)) {
    const circle = [...lookup.path.slice(lookup.path.indexOf(name)), name].join(' -> ');
    return { is: 'problem', message: `the variable "${name}" refers to itself: ${circle}`, at: placeOf(value) };
  }
  lookup.path.push(name);
  const answer = computed(value, lookup);
  lookup.path.pop();
  // Inside a circle every answer depends on where it was entered: only the outermost one is kept.
  if (answer.is !== 'problem' || lookup.path.length === 0) lookup.answers.set(name, answer);
  return answer;
}

function placeOf(value: Value): Span {
  return value.is === 'known' || value.is === 'hidden' || value.is === 'foreseen'
    ? { file: '<value>', start: 0, end: 0, line: 1, column: 1 }
    : value.at;
}

function computed(value: Value, lookup: Lookup): Evaluated {
  return value.is === 'expression' ? expression(value, lookup) : settled(value);
}

function settled(value: Exclude<Value, Expression>): Evaluated {
  switch (value.is) {
    case 'known':
    case 'hidden':
      return { is: 'value', json: value.json };
    case 'at-start':
      return { is: 'at-start', name: value.name };
    case 'later':
    case 'foreseen':
      return { is: 'later', after: value.after };
    default:
      return never(value);
  }
}

function expression(value: Expression, lookup: Lookup): Evaluated {
  const depth = lookup.path.length;
  try {
    return { is: 'value', json: mapped(value.source, text => oneText(value, text, lookup)) };
  } catch (error) {
    lookup.path.length = depth;
    if (error instanceof Signal)
      return error.says.is === 'later' ? allLater(value, error.says.after, lookup) : error.says;
    if (error instanceof UnknownFact) return { is: 'problem', message: error.message, at: value.at };
    if (error instanceof TemplateFailure || error instanceof ConditionFailure) {
      return { is: 'problem', message: `${error.message}${meant(error.message, lookup)}`, at: value.at };
    }
    throw error;
  }
}

function oneText(value: Expression, text: string, lookup: Lookup): Json {
  switch (value.language) {
    case 'condition':
      return decide(text, lookup.context);
    case 'shell':
      return hasTemplate(text) ? asJson(render(text, 'shell', lookup.context)) : text;
    case 'text':
      if (!hasTemplate(text)) return text;
      return plainJson(render(text, readTemplate(text, 'text').whole ? 'value' : 'text', lookup.context));
    default:
      return never(value.language);
  }
}

/** Every string of a value replaced, keys left alone. */
function mapped(source: Json, each: (text: string) => Json): Json {
  if (typeof source === 'string') return each(source);
  if (Array.isArray(source)) return source.map(item => mapped(item, each));
  if (!isObject(source)) return source;
  return Object.fromEntries(Object.entries(source).map(([key, item]) => [key, mapped(item, each)]));
}

/** The union of what every name in the expression waits for: the first one met isn't the whole answer. */
function allLater(value: Expression, first: readonly TaskId[], lookup: Lookup): Evaluated {
  const after = new Set(first);
  mapped(value.source, text => {
    const read = value.language === 'condition' ? readCondition(text) : readTemplate(text, 'text');
    for (const [name] of read.references.map(reference => reference.path)) {
      if (name === undefined || !(name in lookup.context) || lookup.path.includes(name)) continue;
      const answer = named(name, lookup);
      if (answer.is === 'later') for (const task of answer.after) after.add(task);
    }
    return text;
  });
  return { is: 'later', after: [...after].sort() };
}

function meant(message: string, lookup: Lookup): string {
  const name = /^"([^".]+)" is undefined/.exec(message)?.[1] ?? /unknown variable: (\w+)/.exec(message)?.[1];
  const found = name === undefined ? null : nearest(name, Object.keys(lookup.context));
  return found === null ? '' : `; did you mean "${found}"?`;
}
