// Many commands over one stream: whatever a command prints, its bytes come out between its marks as they were.
import { expect } from 'chai';
import fc from 'fast-check';
import { framed, FrameReader } from '../../src/edge/ssh/frames.ts';

/** Cuts bytes into pieces as a network would. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

function read(stream: readonly Buffer[]): { readonly out: Buffer; readonly status: number | null } {
  const got: Uint8Array[] = [];
  const reader = new FrameReader('MARK7', 'first', bytes => {
    got.push(Buffer.from(bytes));
    return null;
  });
  for (const piece of stream) void reader.take(piece);
  return { out: Buffer.concat(got), status: reader.status };
}

/** Bytes that look like parts of a mark are likelier than chance would have them. */
const output = fc
  .array(
    fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.constantFrom('\nMARK7', 'MARK7\n', '\nMARK', '\n', '\nMARK6 0\n')),
  )
  .map(parts => Buffer.concat(parts.map(part => Buffer.from(part))));

describe('commands in one shell', () => {
  it('give the bytes between the marks and the status, however the stream is cut into pieces', () => {
    fc.assert(
      fc.property(output, fc.integer({ min: 0, max: 300 }), fc.array(fc.nat()), (out, status, cuts) => {
        const stream = Buffer.concat([Buffer.from('a banner\nMARK7\n'), out, Buffer.from(`\nMARK7 ${status}\n`)]);
        fc.pre(!out.includes('\nMARK7 '));
        expect(read(pieces(stream, cuts))).to.deep.equal({ out, status });
      }),
    );
  });

  it('are not over before the second mark is whole', () => {
    expect(read([Buffer.from('MARK7\ngone\nMARK7 1')]).status).to.equal(null);
    expect(read([Buffer.from('MARK7\ngone\nMARK7 1'), Buffer.from('2\n')]).status).to.equal(12);
  });

  it('have no status where the second mark brings no number', () => {
    for (const word of ['', 'x', '0x0', '1e1'])
      expect(read([Buffer.from(`MARK7\n\nMARK7 ${word}\n`)]).status).to.be.NaN;
  });

  it('that were cut off have said what came, and no part of a mark that never began', () => {
    const got: string[] = [];
    const reader = new FrameReader('MARK7', 'first', bytes => {
      got.push(Buffer.from(bytes).toString());
      return null;
    });
    void reader.take(Buffer.from('MARK7\nbegan\n'));
    reader.cutOff();
    expect(got.join('')).to.equal('began\n');
  });

  it('begin at once where nothing can have been said before', () => {
    const got: string[] = [];
    const reader = new FrameReader('MARK7', 'later', bytes => {
      got.push(Buffer.from(bytes).toString());
      return null;
    });
    void reader.take(Buffer.from('said\n\nMARK7 0\n'));
    expect([got.join(''), reader.status]).to.deep.equal(['said\n', 0]);
  });

  it('are one line each, whatever they are', () => {
    expect(framed("echo 'it''s'", 'M', 'first').endsWith('\n')).to.equal(true);
    expect(framed('x', 'M', 'first').trimEnd()).to.not.include('\n');
  });
});
