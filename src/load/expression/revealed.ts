// Plain data as templates and conditions see it: without prototypes, and with facts opened. `{ is: known, value }` is
// its value; touching `{ is: unknown, why }` throws, since a condition on what nobody knows has no answer.
import { asJson, isArray, isObject, type Json } from '../../text/json.ts';

/**
 * The only thing behind our objects: no template or condition can name it. Handlebars compares contexts with `!=`,
 * which asks an object for a primitive value; this one equals none.
 */
const BEHIND: object = Object.freeze(
  Object.assign(Object.create(null), { [Symbol.toPrimitive]: () => Symbol('no primitive value') }),
);

export function bareObject(): Record<string, unknown> {
  return Object.create(BEHIND);
}

export class UnknownFact extends Error {}

/** @param facts whether known and unknown mean something inside. @param path for the message: `facts.os`. */
export function revealed(json: Json, facts: boolean, path: string): unknown {
  if (isArray(json)) return json.map((item, index) => revealed(item, facts, `${path}[${index}]`));
  if (!isObject(json)) return json;
  if (facts && json['is'] === 'known' && 'value' in json) return revealed(json['value'] ?? null, facts, path);
  const object = bareObject();
  for (const [key, value] of Object.entries(json)) {
    const inner = `${path}.${key}`;
    const unknown =
      facts && isObject(value) && value['is'] === 'unknown' && typeof value['why'] === 'string' ? value['why'] : null;
    if (unknown === null) object[key] = revealed(value, facts, inner);
    else {
      Object.defineProperty(object, key, {
        enumerable: true,
        get() {
          throw new UnknownFact(`${inner} isn't known: ${unknown}`);
        },
      });
    }
  }
  return object;
}

/** Back to plain data. @throws UnknownFact when it holds what nobody knows. */
export function plainJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item)]));
  }
  return value === undefined ? null : asJson(value);
}
