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
  const fields = Object.entries(facts);
  const view = Object.fromEntries(
    fields.map(([name, field]) => [name, name === 'zones' ? bareZones(facts.zones) : bare(asJson(field))]),
  );
  views.set(facts, view);
  return view;
}

const zoneViews = new WeakMap<JsonObject, Json>();

function bareZones(zones: Facts['zones']): Json {
  return zones.is === 'known' ? zones.value.map(zone => bareZone(asJson(zone))) : bare(asJson(zones));
}

/** A zone stays the same object in many observations that are foreseen. */
function bareZone(zone: Json): Json {
  if (!isObject(zone)) return bare(zone);
  const made = zoneViews.get(zone) ?? bare(zone);
  zoneViews.set(zone, made);
  return made;
}

function bare(value: Json): Json {
  if (isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  if (value.is === 'known' && value.value !== undefined) return bare(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, bare(field)]));
}
