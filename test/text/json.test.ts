// Canonical JSON: one text for one value.
import { expect } from 'chai';
import fc from 'fast-check';
import { canonical, digestOf, type Json, parseJson } from '../../src/text/json.ts';

const json = fc.jsonValue({ maxDepth: 4 }).map(value => value as Json);

/** The same value, with the keys of each object the other way round. */
function turnedRound(value: Json): Json {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, turnedRound(held)] as const);
  return Object.fromEntries(entries.reverse());
}

describe('canonical JSON', () => {
  it('the same value has the same text, in whatever order its keys came', () => {
    fc.assert(
      fc.property(json, value => {
        expect(canonical(turnedRound(value))).to.equal(canonical(value));
      }),
    );
  });

  it('nothing is lost on the way, not even a key called __proto__', () => {
    fc.assert(
      fc.property(json, value => {
        expect(parseJson(canonical(value))).to.deep.equal(parseJson(JSON.stringify(value)));
      }),
    );
    expect(canonical(parseJson('{"b":1,"__proto__":{"d":2,"c":3}}'))).to.equal('{"__proto__":{"c":3,"d":2},"b":1}');
  });

  it('keys without a value are left out, and the digest is that of the text', () => {
    expect(canonical({ b: [1, null], a: 'x', c: undefined as never })).to.equal('{"a":"x","b":[1,null]}');
    expect(digestOf({})).to.equal('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
