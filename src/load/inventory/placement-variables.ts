// Variables of a host that say what it is as a place for zones: `reserve_memory`, `cpu_class`, `cpu_overcommit`,
// `placement`, and how fast zones come and go. A value that rests on a template is judged when the plan is made.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { isObject, type Json, type JsonObject } from '../../text/json.ts';
import { didYouMean } from '../../text/nearest.ts';
import { bytesIn, SIZE } from '../../text/size.ts';
import type { SaidVars } from '../expression/variables.ts';
import { isName } from './domain-variables.ts';

const POSITIVE: JsonObject = {
  anyOf: [
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'string', pattern: '^[0-9.]+$' },
  ],
};
const TEMPLATE: JsonObject = { $ref: '#/$defs/template' };
const RATE: JsonObject = {
  anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string', pattern: SIZE.source }, TEMPLATE],
};

const COUNT: JsonObject = { anyOf: [{ type: 'integer', minimum: 1 }, TEMPLATE] };

interface PlacementVariable {
  readonly says: string;
  /** For editors. */
  readonly schema: JsonObject;
}

/** What each means; the schema for editors and the reference are made of it. */
export const PLACEMENT_VARIABLES: Readonly<Record<string, PlacementVariable>> = {
  reserve_memory: {
    says: 'what the host keeps for itself, such as 16G; the more of 2 GiB and a twentieth unless said',
    schema: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: SIZE.source }, TEMPLATE] },
  },
  cpu_class: {
    says: 'hosts of one class have equal processors, whatever they print',
    schema: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] },
  },
  cpu_overcommit: {
    says: 'how often each of its processors may be promised to zones; as often as need be unless said',
    schema: { anyOf: [POSITIVE, TEMPLATE] },
  },
  migration_link: {
    says: 'what its link carries of migrations in a second, such as 1100M; assumed unless said',
    schema: RATE,
  },
  dirty_rate: {
    says: 'what each of its zones writes to its memory in a second, such as 50M; assumed unless said',
    schema: RATE,
  },
  migrations_in: { says: 'how many zones may be on their way into it at once; any number unless said', schema: COUNT },
  migrations_out: {
    says: 'how many zones may be on their way out of it at once; any number unless said',
    schema: COUNT,
  },
  migrations_at_once: {
    says: 'how many zones may be on their way in all; the least that a host of the run says counts',
    schema: COUNT,
  },
  placement: {
    says: 'accept: whether it takes zones; weight: how large it counts when zones are spread (1); pools: its memory reservation pools',
    schema: {
      anyOf: [
        {
          type: 'object',
          properties: {
            accept: { anyOf: [{ type: 'boolean' }, TEMPLATE] },
            weight: { anyOf: [POSITIVE, TEMPLATE] },
            pools: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
          },
          additionalProperties: false,
        },
        TEMPLATE,
      ],
    },
  },
};

export function placementProblems(vars: SaidVars): readonly Diagnostic[] {
  return [...vars].flatMap(([name, { value, at }]) => {
    if (value.is !== 'known' || value.json === null) return [];
    const { json } = value;
    switch (name) {
      case 'reserve_memory':
        return isSize(json) ? [] : [problem('wrong-type', at, '"reserve_memory" is a size such as 16G')];
      case 'migration_link':
      case 'dirty_rate':
        return isRate(json) ? [] : [problem('wrong-type', at, `"${name}" is bytes a second, such as 50M`)];
      case 'migrations_in':
      case 'migrations_out':
      case 'migrations_at_once':
        return isCount(json) ? [] : [problem('wrong-type', at, `"${name}" is a whole number of at least 1`)];
      case 'cpu_class':
        return isName(json) ? [] : [problem('wrong-type', at, '"cpu_class" is a name')];
      case 'cpu_overcommit':
        return isPositive(json) ? [] : [problem('wrong-type', at, '"cpu_overcommit" is a number above 0')];
      case 'placement':
        return placementProblem(json).map(([said, ...help]) => problem('wrong-type', at, said, ...help));
      default:
        return [];
    }
  });
}

type Complaint = readonly [said: string, ...help: readonly string[]];

const WORDS = ['accept', 'weight', 'pools'];

function placementProblem(json: Json): readonly Complaint[] {
  if (!isObject(json)) return [['"placement" is a mapping like { accept: yes, weight: 2 }']];
  return Object.entries(json).flatMap(([word, said = null]): readonly Complaint[] => {
    if (!WORDS.includes(word)) return [[`"placement" has no word "${word}"`, ...didYouMean(word, WORDS)]];
    if (word === 'accept') return typeof said === 'boolean' ? [] : [['"accept" is yes or no']];
    if (word === 'weight') return isPositive(said) ? [] : [['"weight" is a number above 0']];
    return [said].flat().every(one => typeof one === 'string') ? [] : [['"pools" are names']];
  });
}

const isSize = (json: Json): boolean =>
  typeof json === 'number' ? json >= 0 : typeof json === 'string' && bytesIn(json) !== null;

const isRate = (json: Json): boolean => isSize(json) && json !== 0 && bytesIn(String(json)) !== 0;

const isCount = (json: Json): boolean =>
  Number.isInteger(typeof json === 'string' && /^\d+$/.test(json) ? Number(json) : json) && Number(json) >= 1;

function isPositive(json: Json): boolean {
  if (typeof json === 'string') return /^[0-9.]+$/.test(json) && Number(json) > 0;
  return typeof json === 'number' && json > 0;
}
