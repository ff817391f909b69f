// The JSON Schema of an inventory in YAML, for editors: groups with hosts, variables and children, the variables that
// say how a host is reached, and the rules for zones. Any other variable may hold anything.
import { DURATION } from '../../text/duration.ts';
import type { JsonObject } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { DOMAIN_VARIABLES } from '../inventory/domain-variables.ts';
import { PLACEMENT_VARIABLES } from '../inventory/placement-variables.ts';
import { CONNECTION_VARIABLES, type ConnectionTakes, type ConnectionVariable } from './connection-variables.ts';
import { ZONE_RULES, type ZoneRuleTakes } from './zone-rules.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const nullable = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });

/** @returns draft 2020-12. */
export function inventorySchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An inventory of zoneferry',
    type: ['object', 'null'],
    // `zones` may also be the name of a group; then it has a group's keys.
    properties: { zones: { anyOf: [ref('group'), ref('zones')] } },
    additionalProperties: nullable(ref('group')),
    $defs: {
      group: group(),
      hosts: hosts(),
      variables: variables(),
      zones: zones(),
      names: names(),
      template: { type: 'string', pattern: '\\{\\{' },
    },
  };
}

function group(): JsonObject {
  return {
    type: 'object',
    properties: {
      hosts: ref('hosts'),
      vars: ref('variables'),
      children: { type: ['object', 'null', 'string'], additionalProperties: nullable(ref('group')) },
    },
    additionalProperties: false,
  };
}

function hosts(): JsonObject {
  return { type: ['object', 'null', 'string'], additionalProperties: ref('variables') };
}

function variables(): JsonObject {
  const known: readonly ConnectionVariable[] = Object.values(CONNECTION_VARIABLES);
  const pairs = known.flatMap(one => {
    const schema = { description: one.says, anyOf: [takesSchema(one.takes), ref('template'), { type: 'null' }] };
    return one.names.map(name => [name, schema] as const);
  });
  const domains = Object.entries(DOMAIN_VARIABLES).map(
    ([name, says]) => [name, { description: says, ...nullable(DOMAIN_TAKES[name] ?? {}) }] as const,
  );
  const places = Object.entries(PLACEMENT_VARIABLES).map(
    ([name, { says, schema }]) => [name, { description: says, ...nullable(schema) }] as const,
  );
  return { type: ['object', 'null'], properties: Object.fromEntries([...pairs, ...domains, ...places]) };
}

const label: JsonObject = { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] };
const DOMAIN_TAKES: Readonly<Record<string, JsonObject>> = {
  rack: label,
  domain: {
    anyOf: [label, { type: 'array', items: label }, { type: 'object', additionalProperties: label }],
  },
  domain_max_out: {
    anyOf: [{ type: 'integer', minimum: 1 }, { type: 'string', pattern: '^[0-9]*[1-9][0-9]*$' }, ref('template')],
  },
};

function takesSchema(takes: ConnectionTakes): JsonObject {
  switch (takes.is) {
    case 'names':
      return ref('names');
    case 'text':
      return { type: ['string', 'number'], minLength: 1 };
    case 'path':
      return { type: 'string', minLength: 1 };
    case 'duration':
      return {
        anyOf: [
          { type: 'number', minimum: 0 },
          { type: 'string', pattern: DURATION.source },
        ],
      };
    case 'truth':
      return { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off'] }] };
    case 'number':
      return {
        anyOf: [
          { type: takes.whole ? 'integer' : 'number', minimum: takes.from, maximum: takes.to },
          { type: 'string', pattern: '^[0-9.]+$' },
        ],
      };
    case 'one of':
      return { enum: takes.words.flatMap(word => (word === 'yes' ? [word, true] : [word])) };
    default:
      return never(takes);
  }
}

function zones(): JsonObject {
  const rules = Object.entries(ZONE_RULES).map(
    ([name, { takes, says }]) => [name, { description: says, ...ruleSchema(takes) }] as const,
  );
  return {
    type: ['object', 'null'],
    additionalProperties: {
      type: 'object',
      properties: Object.fromEntries(rules),
      additionalProperties: false,
    },
  };
}

function ruleSchema(takes: ZoneRuleTakes): JsonObject {
  switch (takes.is) {
    case 'host':
    case 'text':
      return { type: 'string', minLength: 1 };
    case 'hosts':
    case 'zones':
      return ref('names');
    case 'number':
      return { type: 'number' };
    case 'truth':
      return { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off'] }] };
    case 'one of':
      return { enum: [...takes.words] };
    default:
      return never(takes);
  }
}

function names(): JsonObject {
  return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
}
