// A first packing: the item with the fewest bins first, to the bin that suits the policy best. What then finds no room
// pushes others aside, in chains of bounded length.
import type { Instance, Item, Policy } from './instance.ts';
import type { Packing } from './packing.ts';

/** Items pushed aside by one that has no place: so many after each other. */
const CHAIN = 3;
/** Bins looked into for one such item, over all its chains. */
const CHAIN_LOOKS = 4000;

/** How much an item asks for, against the mean bin: the greatest share over all resources. */
export function sizesOf({ bins, items }: Instance): readonly number[] {
  const mean = (items[0]?.needs ?? []).map(
    (_, r) => bins.reduce((sum, bin) => sum + (bin.whole[r] ?? 0), 0) / bins.length,
  );
  return items.map(item => Math.max(0, ...item.needs.map((need, r) => need / (mean[r] || 1))));
}

/** @returns the items that found no place, in the order of `order`. */
export function construct(packing: Packing, order: readonly number[], policy: Policy): readonly number[] {
  const stuck = order.filter(item => {
    const bin = bestBin(packing, item, policy);
    if (bin !== null) packing.put(item, bin);
    return bin === null;
  });
  return stuck.filter(item => !pushIn(packing, item));
}

/** Of the bins that fit: for `spread` the one least used afterwards; for `pack` the fullest that takes something already. */
function bestBin(packing: Packing, item: number, policy: Policy): number | null {
  let best: number | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const bin of itemAt(packing, item).bins) {
    if (!packing.fits(item, bin)) continue;
    const use = packing.use(bin, item);
    const rank = policy === 'spread' ? use : (packing.countIn(bin) > 0 ? 0 : 10) - use;
    if (rank < bestRank) [best, bestRank] = [bin, rank];
  }
  return best;
}

function itemAt(packing: Packing, item: number): Item {
  const found = packing.instance.items[item];
  if (found === undefined) throw new Error(`no item ${item}`);
  return found;
}

/** Finds a place for an item by pushing others aside; leaves everything as it was when there is none. */
function pushIn(packing: Packing, item: number): boolean {
  const looks = { left: CHAIN_LOOKS };
  for (let length = 1; length <= CHAIN; length += 1) {
    if (pushChain(packing, item, { length, looks, moved: new Set([item]) })) return true;
  }
  return false;
}

interface Chain {
  /** How many more may be pushed aside after each other. */
  readonly length: number;
  readonly looks: { left: number };
  /** Moved in this chain already: pushed aside once, not again. */
  readonly moved: ReadonlySet<number>;
}

function pushChain(packing: Packing, item: number, chain: Chain): boolean {
  for (const bin of itemAt(packing, item).bins) {
    if (chain.looks.left <= 0) return false;
    chain.looks.left -= 1;
    if (packing.fits(item, bin)) {
      packing.put(item, bin);
      return true;
    }
    if (chain.length > 0 && pushAside(packing, item, bin, chain)) return true;
  }
  return false;
}

interface Exchange {
  readonly item: number;
  readonly bin: number;
  /** Go elsewhere. */
  readonly out: readonly number[];
}

/** Takes out those that it can't be with, or one item for its room, and finds each another place. */
function pushAside(packing: Packing, item: number, bin: number, chain: Chain): boolean {
  const rivals = packing.rivals(item, bin);
  const choices = rivals.length > 0 ? [rivals] : [...packing.itemsIn(bin)].map(other => [other]);
  return choices.some(
    out => !out.some(other => chain.moved.has(other)) && exchange(packing, { item, bin, out }, chain),
  );
}

function exchange(packing: Packing, { item, bin, out }: Exchange, chain: Chain): boolean {
  const [only, ...more] = out;
  if (only !== undefined && more.length === 0 && !packing.fits(item, bin, only)) return false;
  const mark = packing.mark();
  for (const other of out) packing.take(other);
  if (packing.fits(item, bin)) {
    packing.put(item, bin);
    const next = { ...chain, length: chain.length - 1, moved: new Set([...chain.moved, ...out]) };
    if (out.every(other => pushChain(packing, other, next))) return true;
  }
  packing.back(mark);
  return false;
}
