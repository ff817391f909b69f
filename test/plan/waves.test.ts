// How many hosts of a play go together where it says so itself.
import { expect } from 'chai';
import type { Share } from '../../src/model/program.ts';
import { sizesOf } from '../../src/plan/waves/waves.ts';
import { play } from '../run/program.ts';

const hosts = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `h${n + 1}`);
const sizes = (count: number, serial: readonly Share[]): readonly number[] =>
  sizesOf({ ...play(hosts(count), [])(1), serial });
const at = (count: number): Share => ({ is: 'hosts', count });
const percent = (share: number): Share => ({ is: 'percent', percent: share });

describe('the waves of a play', () => {
  it('are one, of all hosts, when serial says nothing', () => {
    expect(sizes(3, [])).to.deep.equal([3]);
  });

  it('have the sizes of serial, the last one repeated, and the rest in the last wave', () => {
    expect(sizes(10, [at(1), at(2), at(3)])).to.deep.equal([1, 2, 3, 3, 1]);
    expect(sizes(4, [at(2)])).to.deep.equal([2, 2]);
  });

  it('take a share of all hosts rounded down, and at least one', () => {
    expect(sizes(10, [percent(25)])).to.deep.equal([2, 2, 2, 2, 2]);
    expect(sizes(3, [percent(10)])).to.deep.equal([1, 1, 1]);
    expect(sizes(4, [percent(50)])).to.deep.equal([2, 2]);
  });

  it('begin with the canary, if there is one', () => {
    const canary = (serial: readonly Share[]) => sizesOf({ ...play(hosts(5), [])(1), serial, canary: 1 });
    expect(canary([])).to.deep.equal([1, 4]);
    expect(canary([at(2)])).to.deep.equal([1, 2, 2]);
  });
});
