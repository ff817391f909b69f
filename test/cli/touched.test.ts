// Who is logged in to before there is a plan.
import { expect } from 'chai';
import { hostsBeforePlan } from '../../src/cli/touched.ts';
import { play, planOf, task } from '../run/program.ts';
import { toyCatalogue } from '../run/toy.ts';

const all = Array.from('abcdefghijklmnop');
const set = task('toy.set', { key: 'k', value: '1' });
const before = (forks: number, ...plays: Parameters<typeof planOf>[0]) =>
  hostsBeforePlan(planOf(plays).program, toyCatalogue, forks);

describe('hosts before there is a plan', () => {
  it('are those of the first wave, and of the next eight', () => {
    expect(before(100, play(all, [set], { serial: 1 }))).to.deep.equal({ now: ['a'], next: all.slice(1, 9) });
    expect(before(100, play(all, [set]))).to.deep.equal({ now: all, next: [] });
  });

  it('are no more than may be at work at once', () => {
    expect(before(3, play(all, [set], { serial: 2 }))).to.deep.equal({ now: ['a', 'b'], next: ['c'] });
    expect(before(3, play(all, [set]))).to.deep.equal({ now: ['a', 'b', 'c'], next: [] });
  });

  it('are none where nothing is asked of a host', () => {
    expect(before(100, play(all, []))).to.deep.equal({ now: [], next: [] });
    expect(before(100, play(['a'], []), play(['b'], [set]))).to.deep.equal({ now: ['b'], next: [] });
  });
});
