// The JSON Schema of a playbook, for editors: made of the tables that the reader itself uses, the keys of the language
// and the steps with their arguments. It says what may stand where; whether names, files and hosts exist is for check.
import type { Catalogue, Step } from '../../model/step.ts';
import { DURATION } from '../../text/duration.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { schemaOf } from '../expression/shape.ts';
import { KEYS, KEYS_LIKE_MODULES, type KeyDefinition, type KeyShape, keysOn, type Place, TASK_WORDS } from './keys.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${encodeURIComponent(name)}` });
/** Of a place, without blanks. */
const placeName = (place: Place): string => place.replace(' ', '_');

/** What values of many keys are made of. */
const COMMON: JsonObject = {
  placeholder: { type: 'string', pattern: '\\{\\{', description: 'a template' },
  // Editors read YAML 1.2, where a plain `yes` is a text.
  truth: { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off', 'Yes', 'No', 'On', 'Off'] }] },
  text: { type: ['string', 'number', 'boolean'] },
  texts: { anyOf: [ref('text'), { type: 'array', items: ref('text') }, { type: 'null' }] },
  duration: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: DURATION.source },
    ],
  },
  condition: { type: ['string', 'boolean'] },
  conditions: { anyOf: [ref('condition'), { type: 'array', items: ref('condition') }] },
  variables: { type: ['object', 'null'], propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
  percent: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?%$' },
    ],
  },
  share: {
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?%$' },
    ],
  },
};

/** @returns draft 2020-12; every `description` is what an editor shows. */
export function playbookSchema(catalogue: Catalogue): JsonObject {
  const steps = catalogue.names.flatMap(name => catalogue.get(name) ?? []);
  return {
    $schema: DIALECT,
    title: 'A playbook of zoneferry',
    type: ['array', 'null'],
    items: choice(kindNames('import_playbook'), ref('play')),
    $defs: { ...COMMON, ...places(steps), task: taskKinds(), tasks: { type: ['array', 'null'], items: ref('task') } },
  };
}

/** The first of these keys that is there says which kind of mapping it is; so a complaint is about one kind only. */
function choice(kinds: readonly (readonly [key: string, then: JsonObject])[], otherwise: JsonObject): JsonObject {
  return kinds.reduceRight<JsonObject>(
    (rest, [key, then]) => ({ if: { type: 'object', required: [key] }, then, else: rest }),
    otherwise,
  );
}

/** Mappings that are told apart by the key that makes them what they are. */
const KINDS: readonly Place[] = ['block', 'import_tasks', 'include_tasks', 'import_role', 'include_role', 'meta'];
const HAVE_STEPS: readonly Place[] = ['task', 'handler', 'undo'];

function isHere(place: Place): boolean {
  return keysOn(place).some(key => key === place) || ![...KINDS].includes(place);
}

function taskKinds(): JsonObject {
  const kinds = KINDS.filter(isHere).flatMap(kindNames);
  return choice(kinds, ref('single_task'));
}

/** A kind by its key, and by the name that it has in Ansible's own collection. */
function kindNames(place: Place): readonly (readonly [string, JsonObject])[] {
  return spellings(place).map(name => [name, ref(placeName(place))] as const);
}

const spellings = (place: Place): readonly string[] =>
  KEYS_LIKE_MODULES.some(one => one === place) ? [place, `ansible.builtin.${place}`] : [place];

function places(steps: readonly Step[]): JsonObject {
  const all = [...new Set(KEYS.flatMap(one => one.on))].filter(isHere);
  const pairs = all.map(place => [nameOf(place), placeSchema(place, steps)] as const);
  return Object.fromEntries([...pairs, ...steps.map(step => [`step ${step.name}`, callSchema(step)] as const)]);
}

const nameOf = (place: Place): string => (place === 'task' ? 'single_task' : placeName(place));

const REQUIRED: Readonly<Partial<Record<Place, readonly string[]>>> = {
  play: ['hosts'],
  prompt: ['name'],
  on_event: ['on', 'url'],
  role: [],
  'role name': ['name'],
  'include_tasks file': [],
};

function placeSchema(place: Place, steps: readonly Step[]): JsonObject {
  const keys = KEYS.filter(one => one.on.includes(place));
  const own = Object.fromEntries(keys.map(one => [one.key, { description: one.says, ...valueSchema(one) }]));
  if (place === 'role') return roleSchema(own);
  const base = { type: 'object', additionalProperties: false };
  const [, long] = spellings(place);
  if (long !== undefined) {
    const either = spellings(place).map(name => ({ required: [name] }));
    return { ...base, properties: { ...own, [long]: own[place] ?? {} }, oneOf: either };
  }
  if (!HAVE_STEPS.includes(place)) return { ...base, properties: own, required: requiredOn(place, keys) };
  const calls = Object.fromEntries(
    steps.flatMap(step => namesOfStep(step).map(name => [name, ref(`step ${step.name}`)])),
  );
  const one = Object.keys(calls).map(name => ({ required: [name] }));
  return { ...base, properties: { ...own, ...calls }, oneOf: one };
}

/** Any other key is a variable of the role, but for the words of tasks. */
function roleSchema(own: JsonObject): JsonObject {
  const others = TASK_WORDS.filter(key => !Object.hasOwn(own, key));
  const none = Object.fromEntries(others.map(key => [key, false]));
  return { type: 'object', properties: { ...own, ...none }, patternProperties: { '^with_': false } };
}

function requiredOn(place: Place, keys: readonly KeyDefinition[]): readonly string[] {
  const said = REQUIRED[place];
  if (said !== undefined) return said.filter(key => keys.some(one => one.key === key));
  return keys.some(one => one.key === place) ? [place] : [];
}

function valueSchema(definition: KeyDefinition): JsonObject {
  const { takes } = definition;
  return 'placeholder' in takes && takes.placeholder
    ? { anyOf: [shapeSchema(takes), ref('placeholder')] }
    : shapeSchema(takes);
}

function shapeSchema(takes: KeyShape): JsonObject {
  switch (takes.is) {
    case 'text':
    case 'texts':
    case 'duration':
    case 'conditions':
    case 'variables':
    case 'tasks':
    case 'truth':
      return ref(takes.is);
    case 'list':
      return { anyOf: [{ type: 'array' }, ref('placeholder')] };
    case 'pattern':
      return { anyOf: [ref('text'), { type: 'array', items: ref('text') }] };
    case 'waves':
      return { anyOf: [ref('share'), { type: 'array', items: ref('share') }] };
    case 'count':
      return { type: 'integer', minimum: takes.least };
    case 'number':
      return { type: 'number', minimum: takes.from, ...(takes.to === null ? {} : { maximum: takes.to }) };
    case 'one of':
      return { enum: takes.words };
    case 'some of':
      return { anyOf: [{ enum: takes.words }, { type: 'array', minItems: 1, items: { enum: takes.words } }] };
    case 'percent':
      return ref('percent');
    case 'texts by name':
      return { type: ['object', 'null'], additionalProperties: ref('text') };
    case 'mapping':
      return ref(placeName(takes.of));
    case 'mappings':
      return { anyOf: [ref(placeName(takes.of)), { type: 'array', items: ref(placeName(takes.of)) }] };
    case 'text or mapping':
      return { anyOf: [ref('text'), ref(placeName(takes.of))] };
    case 'texts or mappings':
      return { type: ['array', 'null'], items: { anyOf: [ref('text'), ref(placeName(takes.of))] } };
    case 'any':
      return {};
    default:
      return never(takes);
  }
}

/** Ansible's long names are taken for ours; steps with a dot are ours alone. */
function namesOfStep(step: Step): readonly string[] {
  return step.name.includes('.') ? [step.name] : [step.name, `ansible.builtin.${step.name}`];
}

function callSchema(step: Step): JsonObject {
  const schema = cleaned(schemaOf(step.args()));
  const args = isObject(schema) ? opened(schema, step) : {};
  const bare = step.bareArgument;
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  const required = isObject(schema) && isArray(schema['required']) ? schema['required'] : [];
  const otherwise =
    bare !== null && Object.hasOwn(properties, bare)
      ? notNothing(openedValue(properties[bare] ?? {}))
      : { type: required.length === 0 ? 'null' : 'object' };
  return { description: step.summary, if: { type: 'object' }, then: args, else: otherwise };
}

/** Nothing behind the name of a step is no argument at all. */
function notNothing(schema: JsonObject): JsonObject {
  return { allOf: [schema, { not: { type: 'null' } }] };
}

/** The arguments of a step as an author writes them: conditions are texts, template files come by name. */
function opened(schema: JsonObject, step: Step): JsonObject {
  const made = openedObject(schema);
  const properties = isObject(made['properties']) ? made['properties'] : {};
  const conditions = step.conditionArguments.map(name => {
    const before = properties[name];
    const says = isObject(before) ? before['description'] : undefined;
    return [name, { ...ref('conditions'), ...(says === undefined ? {} : { description: says }) }] as const;
  });
  return { ...made, properties: { ...properties, ...Object.fromEntries(conditions) } };
}

function openedObject(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return { ...schema, properties: eachOf(properties, openedValue) };
}

/** Any value may be a template instead, which is checked when it has a value. */
function openedValue(value: Json): JsonObject {
  if (!isObject(value)) return {};
  const { description, ...rest } = value;
  const inner = isObject(rest['properties'])
    ? openedObject(rest)
    : isObject(rest['items'])
      ? { ...rest, items: openedValue(rest['items']) }
      : rest;
  const says = description === undefined ? {} : { description };
  const anyText = rest['type'] === 'string' && !['pattern', 'minLength', 'enum', 'const'].some(key => key in rest);
  const anything = Object.keys(rest).every(key => key === 'default');
  return anyText || anything ? { ...inner, ...says } : { anyOf: [inner, ref('placeholder')], ...says };
}

/** Without what zod adds for its own sake: bounds of safe integers, formats of its own, the definition of JSON. */
function cleaned(schema: Json): Json {
  if (isArray(schema)) return schema.map(cleaned);
  if (!isObject(schema)) return schema;
  if (schema['$ref'] !== undefined) return {};
  const bounds = ['minimum', 'maximum'].filter(key => Math.abs(Number(schema[key])) === Number.MAX_SAFE_INTEGER);
  const rest = Object.entries(without(schema, ...bounds, 'format', '$schema', '$defs', 'propertyNames'));
  return Object.fromEntries(
    rest.map(([key, value]) => [
      key,
      key === 'properties' && isObject(value) ? eachOf(value, cleaned) : cleaned(value),
    ]),
  );
}

const eachOf = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
