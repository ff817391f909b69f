// The same question for a solver of mixed integer programs, in the LP format: one variable for each item in each bin it
// may use, and the highest use, which is to be least. Shares instead of bytes, so that the numbers are of one size.
import type { Bin, Instance, Vector } from './instance.ts';
import { leastUse, leastUseOfOne } from './least-use.ts';

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
  const counted = countedOnlyIfUsed(instance).flatMap((fuller, bin) => (fuller ? [counting(bin)] : []));
  return [
    'Minimize',
    ` obj: use${costTerms(instance)}`,
    'Subject To',
    ...[...chosen, ...roomRows(instance), ...apartRows(instance)].map(row => ` ${row}`),
    'Bounds',
    ' use >= 0',
    ...(kind === 'whole' ? ['Binaries', ` ${[...all, ...counted].join(' ')}`] : []),
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

function roomRows(instance: Instance): readonly string[] {
  const fuller = countedOnlyIfUsed(instance);
  return instance.bins.flatMap((bin, b) => {
    const here = instance.items.flatMap((item, i) =>
      item.bins.includes(b) ? [{ name: variable(i, b), needs: item.needs }] : [],
    );
    const counts = fuller[b] === true ? counting(b) : null;
    return [
      ...(counts === null ? [] : here.map(({ name }, n) => `takes${b}_${n}: ${name} - ${counts} <= 0`)),
      ...bin.whole.flatMap((_, r) => rowsOfOne(bin, { b, r, here, counts })),
    ];
  });
}

/** For each bin whether it may be the one used most by what it holds alone; then it counts only if it takes anything. */
function countedOnlyIfUsed(instance: Instance): readonly boolean[] {
  const least = Math.max(leastUse(instance), leastUseOfOne(instance));
  return instance.bins.map(({ held, whole }) =>
    held.some((taken, r) => Number.isFinite(taken) && taken / (whole[r] ?? 1) > least),
  );
}

/** The variable that is 1 where the bin takes anything. */
const counting = (bin: number): string => `y${bin}`;

interface InBin {
  readonly b: number;
  readonly r: number;
  readonly here: readonly { readonly name: string; readonly needs: Vector }[];
  /** null: it counts in any case, since others are used more. */
  readonly counts: string | null;
}

/** Of one resource of one bin. */
function rowsOfOne(bin: Bin, { b, r, here, counts }: InBin): readonly string[] {
  const [whole, held, limit] = [bin.whole[r] ?? 1, bin.held[r] ?? 0, bin.limit[r] ?? 0];
  // A bin of which nobody knows what it holds takes only what needs nothing.
  if (!Number.isFinite(held)) return [];
  const terms = here.flatMap(({ name, needs }) => ((needs[r] ?? 0) > 0 ? [`${(needs[r] ?? 0) / whole} ${name}`] : []));
  const used =
    counts === null
      ? `${terms.join(' + ')} - use <= ${-held / whole}`
      : `${[...terms, `${held / whole} ${counts}`].join(' + ')} - use <= 0`;
  if (terms.length === 0) return counts === null ? [] : [`use${b}_${r}: ${used}`];
  // One that is over its limit already takes nothing, and that is no reason for others to go nowhere.
  const room = Math.max(0, limit - held) / whole;
  return [
    `use${b}_${r}: ${used}`,
    ...(Number.isFinite(room) ? [`room${b}_${r}: ${terms.join(' + ')} <= ${room}`] : []),
  ];
}

function apartRows({ bins, items, apart }: Instance): readonly string[] {
  return apart.flatMap((group, g) =>
    bins.flatMap((_, b) => {
      const here = group.filter(i => items[i]?.bins.includes(b)).map(i => variable(i, b));
      return here.length > 1 ? [`apart${g}_${b}: ${here.join(' + ')} <= 1`] : [];
    }),
  );
}
