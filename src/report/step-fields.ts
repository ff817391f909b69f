// The arguments and results of a step as lines of documentation, from its own schemas: for `zoneferry steps NAME` and
// for the reference.
import * as z from 'zod';
import { asJson, isArray, isObject, type Json } from '../text/json.ts';

export interface Field {
  readonly name: string;
  /** `string`, `integer`, `running | all`. */
  readonly type: string;
  readonly required: boolean;
  /** As JSON, or null where there is none. */
  readonly standard: string | null;
  readonly says: string;
}

/** @returns null when the schema takes anything. */
export function fieldsOf(schema: z.ZodType): readonly Field[] | null {
  const json = asJson(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const properties = isObject(json) ? json['properties'] : undefined;
  if (!isObject(properties)) return null;
  const required = isObject(json) && isArray(json['required']) ? json['required'] : [];
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: required.includes(name),
    standard: standardOf(field),
    says: isObject(field) && typeof field['description'] === 'string' ? field['description'] : '',
  }));
}

function standardOf(field: Json): string | null {
  const standard = isObject(field) ? field['default'] : undefined;
  return standard === undefined || standard === null ? null : JSON.stringify(standard);
}

function typeOf(field: Json): string {
  if (!isObject(field)) return 'any';
  const words = field['enum'];
  if (isArray(words)) return words.map(String).join(' | ');
  const kinds = field['anyOf'];
  if (isArray(kinds))
    return kinds
      .map(typeOf)
      .filter(kind => kind !== 'null')
      .join(' | ');
  if ('const' in field) return String(field['const']);
  return typeof field['type'] === 'string' ? field['type'] : 'any';
}
