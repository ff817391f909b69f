// Bounds: no packing has a lower highest use than these. By counting alone, in shares of bins; how close a packing can
// come to them is not theirs to say.
import type { Bin, Instance, Item } from './instance.ts';

const HALVINGS = 50;

/** As if items could be cut up. */
export function leastUse({ bins, items }: Instance): number {
  const resources = items[0]?.needs.length ?? 0;
  let least = 0;
  for (let r = 0; r < resources; r += 1) {
    const needed = items.reduce((sum, { needs }) => sum + (needs[r] ?? 0), 0);
    if (needed > 0) least = Math.max(least, evenUse(bins, r, needed));
  }
  return least;
}

/** Of the item that is worst off: wherever it goes, that bin is at least so used. */
export function leastUseOfOne({ bins, items }: Instance): number {
  const known = new Map<Item['bins'], Map<string, number>>();
  let least = 0;
  for (const item of items) {
    const ofList = known.get(item.bins) ?? new Map<string, number>();
    known.set(item.bins, ofList);
    const key = item.needs.join(' ');
    const use = ofList.get(key) ?? leastFor(item, bins);
    ofList.set(key, use);
    if (Number.isFinite(use)) least = Math.max(least, use);
  }
  return least;
}

function leastFor({ bins: may, needs }: Item, bins: readonly Bin[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const bin of may) {
    const to = bins[bin];
    if (to === undefined) continue;
    let use = 0;
    for (let r = 0; r < needs.length; r += 1)
      use = Math.max(use, ((to.held[r] ?? 0) + (needs[r] ?? 0)) / (to.whole[r] ?? 1));
    if (use < least) least = use;
  }
  return least;
}

/** If what is needed were poured over all bins; a little below the truth, never above. */
function evenUse(bins: readonly Bin[], resource: number, needed: number): number {
  const roomAt = (use: number): number =>
    bins.reduce((sum, bin) => {
      const held = bin.held[resource] ?? 0;
      return Number.isFinite(held) ? sum + Math.max(0, use * (bin.whole[resource] ?? 0) - held) : sum;
    }, 0);
  let [few, many] = [0, 1];
  while (roomAt(many) < needed && many < 1e6) many *= 2;
  for (let n = 0; n < HALVINGS; n += 1) {
    const half = (few + many) / 2;
    if (roomAt(half) < needed) few = half;
    else many = half;
  }
  return few;
}
