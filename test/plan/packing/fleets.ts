// Random fleets for the packing tests: kernel zones of a few sizes on hosts of a few sizes, filled to a wanted share.
import type { Instance, Item } from '../../../src/plan/place/packing/instance.ts';

/** A sequence of numbers in [0, 1): the same for the same seed (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GIB = 2 ** 30;

export interface FleetWish {
  readonly hosts: number;
  readonly zones: number;
  /** Memory of all zones against the room of all hosts. */
  readonly fill: number;
  readonly apart: number;
  /** Share of (zone, host) pairs that a rule forbids. */
  readonly forbidden: number;
}

export function fleet(seed: number, wish: FleetWish): Instance {
  const next = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const bins = Array.from({ length: wish.hosts }, (_, b) => {
    const memory = pick([256, 512, 512, 1024]) * GIB;
    const whole = [memory, pick([64, 128, 256])];
    return { name: `host${b}`, held: [memory / 16, 0], limit: whole, whole };
  });
  const room = bins.reduce((sum, bin) => sum + (bin.limit[0] ?? 0) - (bin.held[0] ?? 0), 0);
  const weights = Array.from({ length: wish.zones }, () => pick([1, 2, 2, 4, 4, 8, 16]) * (0.8 + 0.4 * next()));
  const unit = (room * wish.fill) / weights.reduce((sum, one) => sum + one, 0);
  const items: Item[] = weights.map((weight, i) => {
    const may = bins.map((_, b) => b).filter(() => next() >= wish.forbidden);
    const needs = [Math.floor(weight * unit), Math.ceil(weight * 2 * next())];
    return { name: `zone${i}`, needs, bins: may.length > 0 ? may : [0], at: null, cost: needs[0] ?? 0 };
  });
  const apart = Array.from({ length: wish.apart }, () => {
    const size = Math.min(wish.zones, 2 + Math.floor(next() * 2));
    return [...new Set(Array.from({ length: size }, () => Math.floor(next() * wish.zones)))];
  });
  return { bins, items, apart };
}

/**
 * A fleet of up to 6 hosts and 24 zones with an operator's rules: zones that must be together are one item, hosts count
 * for more or less than they are and hold zones that stay, and processors are promised more often than once, or without
 * a limit.
 */
export function ruledFleet(seed: number): Instance {
  const size = { hosts: 3 + (seed % 4), zones: 12 + ((seed * 7) % 13), fill: 0.4 + 0.5 * ((seed % 9) / 8) };
  return ruled(seed, fleet(seed, { ...size, apart: seed % 4, forbidden: (seed % 3) * 0.25 }));
}

function ruled(seed: number, { bins, items, apart }: Instance): Instance {
  const next = sequence(seed + 0x5eed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const overcommit = pick([1, 1.5, 2, Number.POSITIVE_INFINITY]);
  const hosts = bins.map(bin => {
    const [stays, weight] = [pick([0, 0, 0.25, 0.5]), pick([0.5, 1, 1, 2])];
    const [memory = 0, cpus = 0] = bin.whole;
    const added = [Math.floor(memory * stays), Math.floor(cpus * stays)];
    const more = (vector: readonly number[]): readonly number[] => vector.map((one, r) => one + (added[r] ?? 0));
    const [limit = 0, cpuLimit = 0] = more(bin.limit);
    return {
      ...bin,
      held: more(bin.held),
      limit: [limit, cpuLimit * overcommit],
      whole: more(bin.whole).map(one => one * weight),
    };
  });
  const parties = partiesOf(items, () => pick([1, 1, 1, 1, 1, 2, 3]));
  const partyOf = items.map(item => parties.findIndex(party => party.includes(item)));
  const groups = apart.map(group => [...new Set(group.map(item => partyOf[item] ?? 0))]);
  return { bins: hosts, items: parties.map(asOne), apart: groups.filter(({ length }) => length > 1) };
}

/** As many in a row as `size` says, as long as there is a bin that all of them may use. */
function partiesOf(items: readonly Item[], size: () => number): readonly (readonly Item[])[] {
  const parties: Item[][] = [];
  let more = 0;
  for (const item of items) {
    const last = parties.at(-1);
    more -= 1;
    if (last !== undefined && more > 0 && asOne([...last, item]).bins.length > 0) last.push(item);
    else {
      parties.push([item]);
      more = size();
    }
  }
  return parties;
}

function asOne(party: readonly Item[]): Item {
  return party.reduce((all, item) => ({
    ...all,
    needs: all.needs.map((need, r) => need + (item.needs[r] ?? 0)),
    bins: all.bins.filter(bin => item.bins.includes(bin)),
    cost: all.cost + item.cost,
  }));
}
