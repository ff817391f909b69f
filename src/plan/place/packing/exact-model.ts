// The same question for a solver of mixed integer programs, in the LP format: one variable for each item in each bin it
// may use, and the highest use, which is to be least. Shares instead of bytes, so that the numbers are of one size.
import type { Instance } from './instance.ts';

/** Moving what could stay counts only where the highest use is the same. */
const COST_WEIGHT = 1e-6;

const variable = (item: number, bin: number): string => `x${item}_${bin}`;

/** The item and bin that a variable stands for; null for another one. */
export function itemAndBin(name: string): { readonly item: number; readonly bin: number } | null {
  const found = /^x(\d+)_(\d+)$/.exec(name);
  return found === null ? null : { item: Number(found[1]), bin: Number(found[2]) };
}

/** @param kind relaxed: an item may be shared out among bins; its value is a bound on every packing's. */
export function lpOf(instance: Instance, kind: 'whole' | 'relaxed' = 'whole'): string {
  const { items } = instance;
  const chosen = items.map((item, i) => `one${i}: ${item.bins.map(bin => variable(i, bin)).join(' + ')} = 1`);
  const all = items.flatMap((item, i) => item.bins.map(bin => variable(i, bin)));
  return [
    'Minimize',
    ` obj: use${costTerms(instance)}`,
    'Subject To',
    ...[...chosen, ...roomRows(instance), ...apartRows(instance)].map(row => ` ${row}`),
    'Bounds',
    ' use >= 0',
    ...(kind === 'whole' ? ['Binaries', ` ${all.join(' ')}`] : []),
    'End',
  ].join('\n');
}

function costTerms({ items }: Instance): string {
  const total = items.reduce((sum, { cost }) => sum + cost, 0);
  return items
    .flatMap(({ at, cost, bins }, i) =>
      at === null || cost === 0
        ? []
        : bins.filter(bin => bin !== at).map(bin => ` + ${(COST_WEIGHT * cost) / total} ${variable(i, bin)}`),
    )
    .join('');
}

function roomRows({ bins, items }: Instance): readonly string[] {
  return bins.flatMap((bin, b) => {
    const here = items.flatMap((item, i) =>
      item.bins.includes(b) ? [{ name: variable(i, b), needs: item.needs }] : [],
    );
    return bin.whole.flatMap((whole, r) => {
      const held = (bin.held[r] ?? 0) / whole;
      const terms = here.flatMap(({ name, needs }) =>
        (needs[r] ?? 0) > 0 ? [`${(needs[r] ?? 0) / whole} ${name}`] : [],
      );
      // A bin of which nobody knows what it holds takes only what needs nothing.
      if (!Number.isFinite(held)) return [];
      const used = `use${b}_${r}: ${[...terms, '- use'].join(' + ').replace('+ - ', '- ')} <= ${-held}`;
      const limit = bin.limit[r] ?? 0;
      if (terms.length === 0) return [];
      if (!Number.isFinite(limit)) return [used];
      // One that is over its limit already takes nothing, and that is no reason for others to go nowhere.
      const room = Math.max(0, limit - (bin.held[r] ?? 0));
      return [used, `room${b}_${r}: ${terms.join(' + ')} <= ${room / whole}`];
    });
  });
}

function apartRows({ bins, items, apart }: Instance): readonly string[] {
  return apart.flatMap((group, g) =>
    bins.flatMap((_, b) => {
      const here = group.filter(i => items[i]?.bins.includes(b)).map(i => variable(i, b));
      return here.length > 1 ? [`apart${g}_${b}: ${here.join(' + ')} <= 1`] : [];
    }),
  );
}
