// Lengths of time as playbooks write them and as people read them.
import { expect } from 'chai';
import { durationMs, durationText } from '../../src/text/duration.ts';

describe('duration', () => {
  it('reads the lengths of time that playbooks write', () => {
    const lengths = ['45m', '60s', '2h', '500ms', '1h30m', '7d', '90', 90, '1.5h', '0s'];
    expect(lengths.map(durationMs)).to.deep.equal([
      2_700_000, 60_000, 7_200_000, 500, 5_400_000, 604_800_000, 90_000, 90_000, 5_400_000, 0,
    ]);
  });

  it('says no to what is no length of time instead of guessing', () => {
    expect(['', 'soon', '45 m', '-5s', '5x', 'm', Number.NaN, -1].map(durationMs)).to.deep.equal(Array(8).fill(null));
  });

  it('tells a person in at most two units', () => {
    expect([0, 12_000, 2_700_000, 5_400_000, 7_200_000, 93_784_000].map(durationText)).to.deep.equal([
      '0s',
      '12s',
      '45m',
      '1h 30m',
      '2h',
      '26h 3m',
    ]);
  });
});
