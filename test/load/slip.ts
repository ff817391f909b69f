// A slip of the pen in a file, seen as JSON: a key misspelt, a value gone, replaced or put into a list.
import fc from 'fast-check';
import { isArray, isObject, type Json } from '../../src/text/json.ts';

/** One place of a file, by the way down to it, and what happens there. */
interface Slip {
  readonly way: readonly number[];
  readonly what: 'rename' | 'drop' | 'replace' | 'wrap';
  readonly by: Json;
}

export const slip: fc.Arbitrary<Slip> = fc.record({
  way: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
  what: fc.constantFrom('rename', 'drop', 'replace', 'wrap'),
  by: fc.constantFrom<Json>(null, true, 0, -1, 3, 1.5, 'word', '', '{{be}}', '45m', [], ['a'], {}, { a: 1 }),
});

export function slipped(json: Json, { way, what, by }: Slip): Json {
  const [step, ...rest] = way;
  if (step === undefined) return what === 'wrap' ? [json] : by;
  if (isArray(json)) {
    if (json.length === 0) return by;
    const at = step % json.length;
    if (rest.length === 0 && what === 'drop') return json.filter((_, index) => index !== at);
    return json.map((item, index) => (index === at ? slipped(item, { way: rest, what, by }) : item));
  }
  if (!isObject(json)) return what === 'wrap' ? [json] : by;
  const names = Object.keys(json);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return by;
  const pairs = Object.entries(json).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
    if (key !== name) return [[key, value]];
    if (rest.length > 0) return [[key, slipped(value, { way: rest, what, by })]];
    if (what === 'drop') return [];
    return what === 'rename' ? [[`${key}x`, value]] : [[key, what === 'wrap' ? [value] : by]];
  });
  return Object.fromEntries(pairs);
}
