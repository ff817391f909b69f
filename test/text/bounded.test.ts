// Work that would never end is broken off; what ends in time is as it would be without a limit.
import { expect } from 'chai';
import { bounded } from '../../src/text/bounded.ts';

describe('work within a limit', () => {
  it('a regular expression that goes back and forth for ever is broken off, and the next one is tried afresh', () => {
    const text = `${'a'.repeat(60)}b`;
    expect(bounded(text.length, () => /^(a+)+$/.test(text))).to.deep.equal({ is: 'too-slow' });
    expect(bounded(text.length, () => /^a+b$/.test(text))).to.deep.equal({ is: 'done', value: true });
  });

  it('gives what it computes, undefined and all, and lets its own faults through', () => {
    expect(bounded(0, () => undefined)).to.deep.equal({ is: 'done', value: undefined });
    expect(() =>
      bounded(0, () => {
        throw new RangeError('its own');
      }),
    ).to.throw(RangeError, 'its own');
  });

  it('may stand within another one', () => {
    const inner = () => bounded(0, () => 'inner');
    expect(bounded(0, inner)).to.deep.equal({ is: 'done', value: { is: 'done', value: 'inner' } });
  });
});
