// A bound: no packing has a lower highest use than this. By counting alone, in shares of bins; how close a packing can
// come to it is not its to say.
import type { Bin, Instance } from './instance.ts';

const HALVINGS = 50;

export function leastUse({ bins, items }: Instance): number {
  const resources = items[0]?.needs.length ?? 0;
  let least = 0;
  for (let r = 0; r < resources; r += 1) {
    const needed = items.reduce((sum, { needs }) => sum + (needs[r] ?? 0), 0);
    if (needed > 0) least = Math.max(least, evenUse(bins, r, needed));
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
