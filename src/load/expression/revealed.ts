// Plain data as templates and conditions see it: without prototypes, and with facts opened. `{ is: known, value }` is
// its value; touching `{ is: unknown, why }` throws, since a condition on what nobody knows has no answer.
import { asJson, isArray, isObject, type Json, type JsonObject } from '../../text/json.ts';

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

/** Thrown by a member that has no value now. Nothing on the way says it in its own words. */
export class Unanswered extends Error {}

export class UnknownFact extends Unanswered {}

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

/** What the languages themselves ask every object for; no result has such a member. */
const ASKED_OF_ALL: readonly PropertyKey[] = ['constructor', 'toJSON', 'length'];

/**
 * A result that was only foreseen, and those within it (a loop's): a member that it hasn't got is asked of `later`, and
 * so is the list of its members.
 */
export function revealedForeseen(result: JsonObject, later: () => never): unknown {
  const members = Object.entries(result).map(([key, value]) => [key, within(value, later)] as const);
  const object = Object.assign(bareObject(), Object.fromEntries(members));
  const look = (key: PropertyKey): void => {
    if (typeof key === 'string' && !Object.hasOwn(object, key) && !ASKED_OF_ALL.includes(key)) later();
  };
  return new Proxy(object, {
    get(target, key) {
      look(key);
      return Reflect.get(target, key);
    },
    has(target, key) {
      look(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      look(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys: later,
  });
}

function within(json: Json, later: () => never): unknown {
  if (isArray(json)) return json.map(item => within(item, later));
  return isObject(json) && json['foreseen'] === true ? revealedForeseen(json, later) : revealed(json, false, '');
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
