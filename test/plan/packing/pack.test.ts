// Zones and hosts as numbers: what the search promises of every answer, and how near it comes to the best there is, as
// an exact solver (HiGHS) proves it.
import { expect } from 'chai';
import fc from 'fast-check';
import * as highs from 'highs';
import type { Bin, Instance, Item, Policy } from '../../../src/plan/packing/instance.ts';
import { pack, type Packed } from '../../../src/plan/packing/pack.ts';
import { lpOf } from './exact-model.ts';
import { fleet } from './fleets.ts';

/** A larger number goes on for longer. */
const FLEETS = Number(process.env['FLEETS'] ?? 8);

const bin = (name: string, size: number, held = 0): Bin => ({ name, held: [held], limit: [size], whole: [size] });
const item = (name: string, need: number, bins: readonly number[], at: number | null = null): Item => ({
  name,
  needs: [need],
  bins,
  at,
  cost: need,
});
const placesOf = (packed: Packed): readonly number[] | null => (packed.is === 'packed' ? packed.bins : null);

function breaches({ bins, items, apart }: Instance, placed: readonly number[]): readonly string[] {
  const outside = items.filter((one, i) => !one.bins.includes(placed[i] ?? -1)).map(one => `${one.name} is astray`);
  const full = bins.filter((one, b) =>
    one.limit.some((limit, r) => {
      const inside = items.filter((_, i) => placed[i] === b).reduce((sum, { needs }) => sum + (needs[r] ?? 0), 0);
      return inside > 0 && (one.held[r] ?? 0) + inside > limit;
    }),
  );
  const together = apart.filter(group => new Set(group.map(i => placed[i])).size < group.length);
  return [...outside, ...full.map(one => `${one.name} is over its room`), ...together.map(group => `${group} meet`)];
}

describe('packing', () => {
  const anyFleet = fc
    .record({
      seed: fc.nat(100_000),
      hosts: fc.integer({ min: 1, max: 8 }),
      zones: fc.integer({ min: 0, max: 24 }),
      fill: fc.double({ min: 0.1, max: 1.1, noNaN: true }),
      apart: fc.integer({ min: 0, max: 4 }),
      forbidden: fc.constantFrom(0, 0.3, 0.6),
    })
    .map(({ seed, ...wish }) => fleet(seed, wish));
  const anyPolicy = fc.constantFrom<Policy>('spread', 'pack');

  it('gives every item a bin that it may use, no bin more than it has room for, and keeps apart what must be', () => {
    fc.assert(
      fc.property(anyFleet, anyPolicy, (instance, policy) => {
        const packed = pack(instance, policy);
        const some = packed.bins.map((b, i) => (b < 0 ? (instance.items[i]?.bins[0] ?? 0) : b));
        if (packed.is === 'packed') expect(breaches(instance, some)).to.deep.equal([]);
        else expect(packed.items.map(i => packed.bins[i])).to.deep.equal(packed.items.map(() => -1));
        expect(pack(instance, policy)).to.deep.equal(packed);
      }),
      { numRuns: 60 },
    );
  });

  it('spreads: the highest use is the least that there is', () => {
    const hosts = [bin('a', 10), bin('b', 10), bin('c', 10)];
    const zones = [6, 5, 4, 3, 3, 3].map((need, n) => item(`z${n}`, need, [0, 1, 2]));
    const packed = pack({ bins: hosts, items: zones, apart: [] }, 'spread');
    expect(packed.is === 'packed' && packed.value.use).to.equal(0.9);
  });

  it('packs: as few bins as can hold them', () => {
    const hosts = [bin('a', 10), bin('b', 10), bin('c', 10)];
    const zones = [4, 3, 2, 1].map((need, n) => item(`z${n}`, need, [0, 1, 2]));
    const packed = pack({ bins: hosts, items: zones, apart: [] }, 'pack');
    expect(packed.is === 'packed' && packed.value.bins).to.equal(1);
  });

  it('makes room where the first to come took the only place of a later one', () => {
    const hosts = [bin('a', 10), bin('b', 10)];
    const zones = [item('x', 6, [0, 1]), item('y', 4, [0, 1]), item('z', 9, [1])];
    expect(placesOf(pack({ bins: hosts, items: zones, apart: [] }, 'spread'))).to.deep.equal([0, 0, 1]);
  });

  it('moves what could stay only when something finds no place otherwise, and then the least', () => {
    const hosts = [bin('a', 10), bin('b', 10), bin('c', 10)];
    const stays = [item('big', 7, [0, 1, 2], 0), item('small', 3, [0, 1, 2], 1)];
    const roomy = [...stays, item('new', 5, [1, 2])];
    expect(placesOf(pack({ bins: hosts, items: roomy, apart: [] }, 'spread'))).to.deep.equal([0, 1, 2]);
    const tight = [...stays, item('new', 8, [1])];
    const packed = pack({ bins: hosts, items: tight, apart: [] }, 'spread');
    expect([placesOf(packed)?.[0], placesOf(packed)?.[2]]).to.deep.equal([0, 1]);
    expect(packed.is === 'packed' && packed.value.cost).to.equal(3);
  });

  it('exchanges two that may not meet', () => {
    const hosts = [bin('a', 10), bin('b', 10)];
    const zones = [item('db1', 5, [0, 1]), item('db2', 5, [0]), item('web', 2, [0, 1])];
    expect(placesOf(pack({ bins: hosts, items: zones, apart: [[0, 1]] }, 'spread'))?.slice(0, 2)).to.deep.equal([1, 0]);
  });

  it('says who found no place, with the others where they fit', () => {
    const hosts = [bin('a', 10, 2), bin('b', 10, 9)];
    const zones = [item('x', 6, [0, 1]), item('y', 6, [0, 1])];
    const packed = pack({ bins: hosts, items: zones, apart: [] }, 'spread');
    expect(packed).to.deep.equal({ is: 'stuck', items: [1], bins: [0, -1] });
  });

  it('finds a packing wherever the exact solver does, and none is used more than 2 % above its best', async function () {
    this.timeout(600_000);
    // Its types speak of CommonJS, its module is the other one.
    const solver = await (highs.default as unknown as typeof highs.default.default)();
    for (let seed = 0; seed < FLEETS; seed += 1) {
      const fill = 0.55 + 0.4 * ((seed % 8) / 7);
      const instance = fleet(seed, { hosts: 4, zones: 14, fill, apart: seed % 4, forbidden: (seed % 3) * 0.25 });
      const best = solver.solve(lpOf(instance), { output_flag: false, mip_rel_gap: 0.001, mip_max_nodes: 3000 });
      const packed = pack(instance, 'spread');
      if (best.Status === 'Infeasible') expect(packed.is, `fleet ${seed}`).to.equal('stuck');
      if (best.Status !== 'Optimal') continue;
      expect(packed.is, `fleet ${seed}`).to.equal('packed');
      if (packed.is === 'packed') expect(packed.value.use, `fleet ${seed}`).to.be.at.most(best.ObjectiveValue * 1.02);
    }
  });
});
