// JSON as a type, the one door through which data of unknown shape enters, and the canonical text that digests are
// made of. The only file (with the constructors of branded ids) where `as` may stand.
import { hash } from 'node:crypto';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** @throws SyntaxError when the text isn't JSON. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A plain-data value of our own (readonly interfaces of strings, numbers, booleans, null, lists, objects) seen as JSON. */
export function asJson(value: unknown): Json {
  return value as Json;
}

/** JSON that our own code wrote in an earlier life (a plan, a journal line), seen as its type. The caller has checked version and tag. */
export function trusted<T>(value: Json): T {
  return value as T;
}

/** Same value, same text: keys sorted, no blanks. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, held: Json) => (isObject(held) ? sorted(held) : held));
}

/** Keys that are whole numbers stand before all others, by their size: no object has them otherwise. */
function sorted(object: JsonObject): Readonly<Record<string, Json | undefined>> {
  // Without a prototype `__proto__` is a key as any other.
  const copy: Record<string, Json | undefined> = { __proto__: null };
  for (const key of Object.keys(object).sort()) copy[key] = object[key];
  return copy;
}

/** sha256 of the canonical text, in hex. */
export function digestOf(value: Json): string {
  return digestOfText(canonical(value));
}

/** sha256 of a text, in hex. */
export function digestOfText(text: string): string {
  return hash('sha256', text, 'hex');
}
