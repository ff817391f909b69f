// Facts as conditions and templates see them: known values bare, unknown ones absent, so that a condition on a fact
// nobody could read is an error and never a quiet no. What the steps work with are the facts themselves.
import { asJson, isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import type { Facts } from './facts.ts';

export function factsView(facts: Facts): JsonObject {
  const view = bare(asJson(facts));
  return isObject(view) ? view : {};
}

function bare(value: Json): Json | undefined {
  if (isArray(value)) return value.map(one => bare(one) ?? null);
  if (!isObject(value)) return value;
  if (value.is === 'known' && value.value !== undefined) return bare(value.value);
  // Maintenance and the evacuation record have an `unknown` of their own: there `is` is the answer.
  if (value.is === 'unknown' && Object.keys(value).length === 2 && value.why !== undefined) return undefined;
  const fields: Record<string, Json> = {};
  for (const [name, field] of Object.entries(value)) {
    const seen = bare(field);
    if (seen !== undefined) fields[name] = seen;
  }
  return fields;
}
