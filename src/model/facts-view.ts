// Facts as conditions and templates see them: known values bare, unknown ones with their reason, which the evaluator
// tells when something asks for them: a condition on a fact nobody could read is an error and never a quiet no. What
// the steps work with are the facts themselves.
import { asJson, isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import type { Facts } from './facts.ts';

const views = new WeakMap<Facts, JsonObject>();

/** Made once of each observation: every task of the host asks for it. */
export function factsView(facts: Facts): JsonObject {
  const made = views.get(facts);
  if (made) return made;
  const bared = bare(asJson(facts));
  const view = isObject(bared) ? bared : {};
  views.set(facts, view);
  return view;
}

function bare(value: Json): Json {
  if (isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  if (value.is === 'known' && value.value !== undefined) return bare(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, bare(field)]));
}
