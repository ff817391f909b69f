// Text that comes in pieces of bytes, cut wherever the line between two machines cut them.
import { expect } from 'chai';
import fc from 'fast-check';
import { openEnd } from '../../src/text/utf8.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

describe('the open end of some bytes', () => {
  it('is the beginning of a character that is not whole', () => {
    const bytes = Buffer.from('aã€😀');
    const ends = Array.from({ length: bytes.length + 1 }, (_, length) => openEnd(bytes.subarray(0, length)));
    expect(ends).to.deep.equal([0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0]);
  });

  it('is a place where text, and what is no text, may be cut: both parts decode as the whole does', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 6 }).map(text => new Uint8Array(Buffer.from(text))),
      fc
        .array(fc.constantFrom(0x41, 0x80, 0xa3, 0xc3, 0xe2, 0xf0, 0x9f, 0xff), { maxLength: 8 })
        .map(all => Uint8Array.from(all)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(12), (all, at) => {
        const head = all.subarray(0, at);
        const cut = head.length - openEnd(head);
        expect(decoder.decode(all.subarray(0, cut)) + decoder.decode(all.subarray(cut))).to.equal(decoder.decode(all));
      }),
      { numRuns: 2000 },
    );
  });
});
