// Facts as conditions and templates see them: known values bare, unknown ones with their reason, which the evaluator
// tells when something asks for them: a condition on a fact nobody could read is an error and never a quiet no. What
// the steps work with are the facts themselves.
import { asJson, isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import type { Facts } from './facts.ts';

export function factsView(facts: Facts): JsonObject {
  const view = bare(asJson(facts));
  return isObject(view) ? view : {};
}

function bare(value: Json): Json {
  if (isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  if (value.is === 'known' && value.value !== undefined) return bare(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, bare(field)]));
}
