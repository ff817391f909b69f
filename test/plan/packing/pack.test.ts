// Zones and hosts as numbers: what the search promises of every answer, and how near it comes to the best there is, as
// an exact solver (HiGHS) proves it.
import { expect } from 'chai';
import fc from 'fast-check';
import { exactSolver } from '../../../src/edge/highs.ts';
import type { ExactSolver } from '../../../src/model/exact-solver.ts';
import type { Bin, Instance, Item, Policy } from '../../../src/plan/place/packing/instance.ts';
import { pack, type Packed } from '../../../src/plan/place/packing/pack.ts';
import { proofOf } from '../../../src/plan/place/packing/proof.ts';
import { lpOf } from '../../../src/plan/place/packing/exact-model.ts';
import { packExactly } from '../../../src/plan/place/packing/exact.ts';
import { fleet, ruledFleet } from './fleets.ts';

/** Where the solver stops and nothing is known; more in a long run. */
const NODES = Number(process.env['NODES'] ?? 20);
/** A larger number goes on for longer. */
const FLEETS = Number(process.env['FLEETS'] ?? 100);

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

describe('the exact pass', () => {
  it('leaves the quick plan as it is, and says so, when its solver breaks', async () => {
    const instance: Instance = { ...fleet(1, { hosts: 2, zones: 2, fill: 0.3, apart: 0, forbidden: 0 }) };
    const quick = pack(instance, 'spread');
    const solver = await exactSolver();
    const broken = (_: string, nodes: number) => solver('Minimize\n obj: <<< x\nEnd', nodes);
    const { packed, told } = packExactly(instance, quick, broken);
    expect(packed).to.equal(quick);
    expect(told).to.match(/^the exact pass broke off: ./);
    expect(packExactly(instance, quick, solver).packed.is).to.equal('packed');
  });
});

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

  it('squeezes the last one in where what is free is spread over all hosts', () => {
    for (const seed of [683, 1331]) {
      const wish = { hosts: 3 + (seed % 10), zones: 8 + ((seed * 7) % 53), fill: 0.5 + 0.45 * ((seed % 9) / 8) };
      const instance = fleet(seed, { ...wish, apart: seed % 4, forbidden: (seed % 3) * 0.25 });
      const packed = pack(instance, 'spread', 'any');
      expect(packed.is === 'packed' && breaches(instance, packed.bins), `fleet ${seed}`).to.deep.equal([]);
    }
  });

  it('says who found no place, with the others where they fit', () => {
    const hosts = [bin('a', 10, 2), bin('b', 10, 9)];
    const zones = [item('x', 6, [0, 1]), item('y', 6, [0, 1])];
    const packed = pack({ bins: hosts, items: zones, apart: [] }, 'spread');
    expect(packed).to.deep.equal({ is: 'stuck', items: [1], bins: [0, -1] });
  });

  const isMissed = (instance: Instance, solver: ExactSolver): boolean => {
    // Only where the quick search finds none is there a question.
    if (pack(instance, 'spread', 'any').is === 'packed') return false;
    const answer = solver(lpOf(instance), NODES);
    return answer.is === 'broken' || (answer.is !== 'infeasible' && answer.chosen !== null);
  };

  it('finds a packing wherever the exact solver does', async function () {
    this.timeout(6_000_000);
    const solver = await exactSolver();
    for (let seed = 0; seed < FLEETS; seed += 1) {
      const wish = { hosts: 3 + (seed % 10), zones: 8 + ((seed * 7) % 53), fill: 0.5 + 0.45 * ((seed % 9) / 8) };
      const instance = fleet(seed, { ...wish, apart: seed % 4, forbidden: (seed % 3) * 0.25 });
      expect(isMissed(instance, solver), `fleet ${seed}`).to.equal(false);
      if (seed % 4 === 0) expect(isMissed(ruledFleet(seed), solver), `ruled fleet ${seed}`).to.equal(false);
    }
  });

  it('proves what it says can’t be: the exact solver agrees', async function () {
    this.timeout(6_000_000);
    const solver = await exactSolver();
    for (let seed = 0; seed < FLEETS; seed += 1) {
      const instance = fleet(seed, {
        hosts: 3,
        zones: 9,
        fill: 0.9 + 0.3 * ((seed % 5) / 4),
        apart: 3,
        forbidden: 0.4,
      });
      if (proofOf(instance) === null) continue;
      expect(solver(lpOf(instance), 1000).is, `fleet ${seed}`).to.equal('infeasible');
      expect(pack(instance, 'spread').is).to.equal('stuck');
    }
  });

  it('what is on a host may stay there, also above its limit: nothing is proved by that', () => {
    const hosts = [bin('a', 10), bin('b', 10)];
    const proofs = (...items: readonly Item[]) => proofOf({ bins: hosts, items, apart: [] });
    expect(proofs(item('over', 12, [0, 1], 0), item('new', 8, [0, 1]))).to.equal(null);
    expect(proofs(item('over', 19, [0, 1], 0), item('new', 4, [0, 1]))).to.equal(null);
    expect(proofs(item('over', 12, [0, 1], 0), item('new', 13, [0, 1]))).to.deep.equal({ is: 'nowhere', item: 1 });
    expect(proofs(item('over', 12, [0, 1], 0), item('x', 6, [0, 1]), item('y', 6, [0, 1]))?.is).to.equal('too-much');
  });

  /** null: nothing is proved. Above 1: by so much more is the bin used most than it must be. */
  const aboveLeast = (instance: Instance, solver: ExactSolver, nodes: number): number | null => {
    const best = solver(lpOf(instance), nodes);
    if (best.is !== 'optimal' || best.value === null) return null;
    const packed = pack(instance, 'spread');
    return packed.is === 'packed' ? packed.value.use / best.value : Number.POSITIVE_INFINITY;
  };

  it('uses no bin more than 2 % above the least that there is', async function () {
    this.timeout(6_000_000);
    const solver = await exactSolver();
    for (let seed = 0; seed < Math.ceil(FLEETS / 25); seed += 1) {
      const fill = 0.55 + 0.4 * ((seed % 8) / 7);
      const size = seed % 2 === 0 ? { hosts: 4, zones: 14 } : { hosts: 6, zones: 24 };
      const instance = fleet(seed, { ...size, fill, apart: seed % 4, forbidden: (seed % 3) * 0.25 });
      expect(aboveLeast(instance, solver, 3000) ?? 1, `fleet ${seed}`).to.be.at.most(1.02);
    }
  });

  it('nor where zones must be together, hosts have weights and hold zones, and processors are promised often', async function () {
    this.timeout(6_000_000);
    const solver = await exactSolver();
    let proved = 0;
    for (let seed = 0; seed < Math.ceil(FLEETS / 10); seed += 1) {
      const above = aboveLeast(ruledFleet(seed), solver, 1000);
      proved += above === null ? 0 : 1;
      expect(above ?? 1, `fleet ${seed}`).to.be.at.most(1.02);
    }
    expect(proved).to.be.at.least(FLEETS / 20);
  });

  it('finds what is lower behind packings that are too full', async () => {
    const solver = await exactSolver();
    for (const seed of [253, 283])
      expect(aboveLeast(ruledFleet(seed), solver, 1000), `fleet ${seed}`).to.be.within(0.999, 1.02);
  });
});

describe('the exact pass', () => {
  const hosts = [bin('a', 10), bin('b', 10)];
  const zones = [5, 4, 3, 3, 2].map((need, n) => item(`z${n}`, need, [0, 1]));
  const instance = { bins: hosts, items: zones, apart: [] };
  const placed = (bins: readonly number[], use: number): Packed => ({
    is: 'packed',
    bins,
    value: { use, bins: 2, cost: 0 },
  });

  it('takes the place of a plan that is worse by more than 2 %, and says how good its own is', async () => {
    const exactly = packExactly(instance, placed([0, 0, 1, 1, 1], 0.9), await exactSolver());
    expect(exactly.packed.is === 'packed' && exactly.packed.value.use).to.equal(0.9);
    const worse = packExactly(instance, placed([0, 0, 1, 1, 1], 1), await exactSolver());
    expect(worse.packed.is === 'packed' && worse.packed.value.use).to.equal(0.9);
    expect(worse.told).to.equal('by the exact pass; highest use 90.0 %, at the least possible');
  });

  it('finds what the quick search didn’t', async () => {
    const stuck: Packed = { is: 'stuck', items: [4], bins: [0, 0, 1, 1, -1] };
    const exactly = packExactly(instance, stuck, await exactSolver());
    expect(exactly.packed.is).to.equal('packed');
    expect(exactly.told).to.contain('found by the exact pass alone');
  });

  it('proves that there is none', async () => {
    const full = { ...instance, items: [...zones, item('z5', 4, [0, 1])] };
    const stuck: Packed = { is: 'stuck', items: [5], bins: [0, 0, 1, 1, 1, -1] };
    expect(packExactly(full, stuck, await exactSolver()).told).to.equal('proved: there is no placement');
  });

  it('never says so of what was found, whatever its solver says', () => {
    const found = pack(instance, 'spread');
    const { packed, told } = packExactly(instance, found, () => ({ is: 'infeasible', chosen: null, value: null }));
    expect([packed, told]).to.deep.equal([
      found,
      'nothing is proved of it: the exact pass found no placement, and here is one',
    ]);
  });

  it('doesn’t count what a host holds that takes nothing', async () => {
    const full: Bin = { name: 'full', held: [19], limit: [20], whole: [20] };
    const beside = {
      bins: [full, bin('a', 10), bin('b', 10)],
      items: [item('x', 4, [0, 1, 2]), item('y', 3, [1, 2])],
      apart: [],
    };
    const exactly = packExactly(
      beside,
      { is: 'packed', bins: [1, 1], value: { use: 0.7, bins: 1, cost: 0 } },
      await exactSolver(),
    );
    expect(exactly.told).to.equal('by the exact pass; highest use 40.0 %, at the least possible');
  });

  it('sees room beside a host that is over its limit, and on hosts that count for little', async () => {
    const over: Bin = { name: 'over', held: [12], limit: [10], whole: [10] };
    const light: Bin = { name: 'light', held: [1], limit: [10], whole: [10 / 5000] };
    const beside = { bins: [over, light], items: [item('x', 4, [0, 1])], apart: [] };
    const exactly = packExactly(beside, pack(beside, 'spread'), await exactSolver());
    expect([placesOf(exactly.packed), exactly.told.includes('proved')]).to.deep.equal([[1], false]);
  });

  it('isn’t asked what is too large for it', () => {
    const many = { ...instance, items: Array.from({ length: 2600 }, (_, n) => item(`z${n}`, 0, [0, 1])) };
    const never = () => {
      throw new Error('it was asked');
    };
    expect(packExactly(many, placed([], 0), never).told).to.contain('too large');
  });
});
