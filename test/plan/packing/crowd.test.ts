// Zones on hosts that may be too full: what is said to change when one moves is what changes, counted anew by hand.
import { expect } from 'chai';
import fc from 'fast-check';
import { Crowd } from '../../../src/plan/place/packing/crowd.ts';
import type { Instance } from '../../../src/plan/place/packing/instance.ts';

const RESOURCES = [0, 1];
const vector = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const anyBin = fc.record({ held: vector(0, 4), limit: vector(3, 12) });
const anyInstance = fc
  .record({
    bins: fc.array(anyBin, { minLength: 2, maxLength: 4 }),
    needs: fc.array(vector(0, 9), { minLength: 2, maxLength: 6 }),
    apart: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 3 }),
  })
  .map(({ bins, needs, apart }): Instance => {
    return {
      bins: bins.map((bin, n) => ({ ...bin, name: `host${n}`, whole: bin.limit })),
      items: needs.map((own, n) => {
        return { name: `zone${n}`, needs: own, bins: bins.map((_, at) => at), at: null, cost: 0 };
      }),
      apart: apart.map(pair => [...new Set(pair.map(n => n % needs.length))]),
    };
  });
const anyPlaces = fc.array(fc.nat(3), { minLength: 6, maxLength: 6 });

/** What a host has for the zones that are asked about. */
const roomOf = ({ bins }: Instance, bin: number, r: number): number =>
  Math.max(0, (bins[bin]?.limit[r] ?? 0) - (bins[bin]?.held[r] ?? 0));

const needOf = ({ items }: Instance, inside: readonly number[], r: number): number =>
  inside.reduce((sum, item) => sum + (items[item]?.needs[r] ?? 0), 0);

const insideOf = (places: readonly number[], bin: number): readonly number[] =>
  places.flatMap((at, item) => (at === bin ? [item] : []));

const rivalsOf = ({ apart }: Instance): ReadonlySet<string> =>
  new Set(
    apart.flatMap(([one, other]) =>
      one === undefined || other === undefined ? [] : [`${one} ${other}`, `${other} ${one}`],
    ),
  );

/** All that is over, in mean zones, and two for each pair that meets and mustn't. */
function trouble(instance: Instance, places: readonly number[]): number {
  const over = instance.bins.flatMap((_, bin) =>
    RESOURCES.map(r => {
      const mean = needOf(instance, [...instance.items.keys()], r) / instance.items.length || 1;
      return Math.max(0, needOf(instance, insideOf(places, bin), r) - roomOf(instance, bin, r)) / mean;
    }),
  );
  const meeting = [...rivalsOf(instance)].filter(pair => {
    const [one = 0, other = 0] = pair.split(' ').map(Number);
    return places[one] === places[other];
  });
  return over.reduce((sum, one) => sum + one, 0) + meeting.length;
}

describe('a crowd of zones', () => {
  const filled = (instance: Instance, some: readonly number[]) => {
    const places = instance.items.map((_, item) => (some[item] ?? 0) % instance.bins.length);
    const crowd = new Crowd(instance);
    places.forEach((bin, item) => crowd.put(item, bin));
    return { places, crowd };
  };

  it('gets better or worse by a move, or by an exchange, just as much as is said before', () => {
    fc.assert(
      fc.property(anyInstance, anyPlaces, (instance, some) => {
        const { places, crowd } = filled(instance, some);
        const before = trouble(instance, places);
        for (const [item, from] of places.entries()) {
          for (const bin of instance.bins.keys())
            if (bin !== from)
              expect(crowd.moved(item, bin)).to.be.closeTo(trouble(instance, places.with(item, bin)) - before, 1e-9);
          for (const [other, to] of places.entries())
            if (to !== from)
              expect(crowd.exchanged(item, other)).to.be.closeTo(
                trouble(instance, places.with(item, to).with(other, from)) - before,
                1e-9,
              );
        }
      }),
    );
  });

  it('is moved only to hosts where a zone fits alone', () => {
    fc.assert(
      fc.property(anyInstance, instance => {
        const { bins } = new Crowd(instance);
        for (const [item, { needs }] of instance.items.entries()) {
          const alone = [...instance.bins.keys()].filter(bin =>
            RESOURCES.every(r => (needs[r] ?? 0) <= roomOf(instance, bin, r)),
          );
          expect(bins[item]).to.deep.equal(alone);
        }
      }),
    );
  });

  it('isn’t moved to a host of which nobody knows what it holds, unless a zone needs nothing', () => {
    const unknown = { name: 'bjork', held: [Infinity], limit: [Infinity], whole: [8] };
    const item = (need: number) => ({ name: `evac${need}`, needs: [need], bins: [0], at: null, cost: 0 });
    const { bins } = new Crowd({ bins: [unknown], items: [item(1), item(0)], apart: [] });
    expect(bins).to.deep.equal([[], [0]]);
  });

  it('is in trouble where a host is too full, or where two meet that mustn’t', () => {
    fc.assert(
      fc.property(anyInstance, anyPlaces, (instance, some) => {
        const { places, crowd } = filled(instance, some);
        const rivals = rivalsOf(instance);
        const inTrouble = places.flatMap((bin, item) => {
          const inside = insideOf(places, bin);
          const isFull = RESOURCES.some(r => needOf(instance, inside, r) > roomOf(instance, bin, r));
          return isFull || inside.some(other => rivals.has(`${item} ${other}`)) ? [item] : [];
        });
        expect(crowd.troubled()).to.deep.equal(inTrouble);
      }),
    );
  });
});
