// A stream in pieces, cut by whoever polls it: every byte is told once, whatever the bytes are and whoever died between.
import { expect } from 'chai';
import fc from 'fast-check';
import { Heard, type Words } from '../../src/run/detached/heard.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that come near to being UTF-8, and some that are. */
const stream = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }).map(text => new Uint8Array(Buffer.from(text))),
  fc
    .array(fc.constantFrom(0x41, 0x80, 0xac, 0xc0, 0xc3, 0xe2, 0xe9, 0xed, 0xf0, 0x9f, 0xf5, 0xff), { maxLength: 8 })
    .map(all => Uint8Array.from(all)),
);
const places = fc.array(fc.nat(12), { maxLength: 4 });

/** What is told of the stream from a byte on, when it comes in these pieces. */
function heard(all: Uint8Array, from: number, told: number, cuts: readonly number[]): readonly Words[] {
  const one = new Heard(from);
  const ends = [...cuts.filter(at => at > from && at < all.length).toSorted((a, b) => a - b), all.length];
  const words: Words[] = [];
  let at = from;
  for (const end of ends) {
    words.push(...one.take({ bytes: all.subarray(at, end), size: end }, told));
    at = end;
  }
  return [...words, ...one.end(told)];
}

const textOf = (words: readonly Words[]): string => words.map(({ text }) => text).join('');
const fresh = (words: readonly Words[]): string => textOf(words.filter(({ again }) => !again));

describe('a stream that is heard in pieces', () => {
  it('is the text of all its bytes, wherever it was cut', () => {
    fc.assert(
      fc.property(stream, places, (all, cuts) => {
        const words = heard(all, 0, 0, cuts);
        expect([textOf(words), fresh(words)]).to.deep.equal([decoder.decode(all), decoder.decode(all)]);
        expect(words.at(-1)?.upTo ?? 0).to.equal(all.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('is told once by two runners, of whom the first died behind any of its words: from there, or from the start', () => {
    fc.assert(
      fc.property(stream, places, places, fc.nat(), (all, cuts, others, death) => {
        const first = heard(all, 0, 0, cuts);
        const before = first.slice(0, death % (first.length + 1));
        const told = before.at(-1)?.upTo ?? 0;
        const rest = decoder.decode(all).slice(textOf(before).length);
        expect(fresh(heard(all, told, told, others)), 'from there').to.equal(rest);
        const whole = heard(all, 0, told, others);
        expect([textOf(whole), fresh(whole)], 'from the start').to.deep.equal([decoder.decode(all), rest]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is told at once where no byte to come could belong to it: those of Latin-1 and worse', () => {
    const one = new Heard(0);
    const said = (...bytes: readonly number[]) => one.take({ bytes: Uint8Array.from(bytes), size: 0 }, 0);
    expect(said(0x41, 0xff)).to.deep.equal([{ text: 'A\uFFFD', upTo: 2, again: false }]);
    expect(said(0xc0, 0x41, 0xf5)).to.deep.equal([{ text: '\uFFFDA\uFFFD', upTo: 5, again: false }]);
  });
});
