// What a long command says is told without any part of a secret, and each byte of it once, whoever died between.
import { expect } from 'chai';
import fc from 'fast-check';
import { Heard } from '../../src/run/detached/heard.ts';
import type { Said } from '../../src/run/detached/job.ts';
import { Telling } from '../../src/run/detached/telling.ts';
import { openSecretIn } from '../../src/text/open-secret.ts';
import { redacting } from '../../src/text/redact.ts';
import { SecretForms } from '../../src/text/secret-forms.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const SECRETS = new SecretForms(['abcab', 'cãb😀a', 'b\uFFFDab', '\uDE00acb']);
const openSecret = openSecretIn(SECRETS);
const redact = redacting(SECRETS);

/** As a runner tells it that hears the stream from this byte on, in these pieces, and dies or sees its end. */
interface Runner {
  readonly all: Uint8Array;
  readonly from: number;
  readonly told: number;
  readonly cuts: readonly number[];
  readonly seesEnd: boolean;
}

const ENDED = { is: 'ended', ended: { is: 'exited', code: 0, out: '', err: '' } } as const;
const LEFT = { is: 'left-alone' } as const;

function toldBy({ all, from, told, cuts, seesEnd }: Runner): readonly Said[] {
  const said: Said[] = [];
  const telling = new Telling(openSecret, one => void said.push(one));
  const heard = new Heard(from);
  const ends = [...cuts.filter(at => at > from && at < all.length).toSorted((a, b) => a - b), all.length];
  const hear = (words: ReturnType<Heard['end']>): void =>
    words.forEach(one => telling.heard({ ...one, stream: 'out', folder: 'k.1' }));
  let at = from;
  for (const end of ends) {
    hear(heard.take({ bytes: all.subarray(at, end), size: end }, told));
    at = end;
  }
  if (seesEnd) hear(heard.end(told));
  telling.ended(seesEnd ? ENDED : LEFT);
  return said;
}

const part = fc
  .constantFrom('a', 'b', 'c', 'ab', 'abcab', 'cãb😀a', 'b\uFFFDab', 'ã', '😀', '😀acb')
  .map(text => Buffer.from(text));
const noText = fc.constantFrom(0xff, 0xe9, 0xf0, 0x9f, 0x80).map(byte => Buffer.from([byte]));
const stream = fc
  .array(fc.oneof({ weight: 6, arbitrary: part }, { weight: 1, arbitrary: noText }), { maxLength: 10 })
  .map(parts => new Uint8Array(Buffer.concat(parts)));
const places = fc.array(fc.nat(40), { maxLength: 6 });
const lives = fc.record({ all: stream, cuts: places, others: places, death: fc.nat(), fromStart: fc.boolean() });

describe('what a long command says', () => {
  it('is told without a secret, as its whole text would be, by two runners of whom the first died at any word', () => {
    fc.assert(
      fc.property(lives, ({ all, cuts, others, death, fromStart }) => {
        const first = toldBy({ all, from: 0, told: 0, cuts, seesEnd: death % 2 === 0 });
        const before = first.slice(0, death % (first.length + 1));
        const told = before.at(-1)?.upTo ?? 0;
        const after = toldBy({ all, from: fromStart ? 0 : told, told, cuts: others, seesEnd: true });
        const texts = [...before, ...after].map(({ text }) => text);
        expect(texts.join('')).to.equal(decoder.decode(all));
        expect(texts.map(redact).join('')).to.equal(redact(decoder.decode(all)));
        expect(after.at(-1)?.upTo ?? told).to.equal(all.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('waits only where a secret may begin, and is left for the next runner where nobody hears its end', () => {
    const all = Buffer.from('x abcab ab');
    const toldIn = (seesEnd: boolean) =>
      toldBy({ all, from: 0, told: 0, cuts: [4], seesEnd }).map(({ text, upTo }) => [text, upTo]);
    expect(toldIn(false)).to.deep.equal([
      ['x ', 2],
      ['abcab ', 8],
    ]);
    expect(toldIn(true)).to.deep.equal([...toldIn(false), ['ab', 10]]);
  });
});
