// A packing made better step by step: out of the bin that is used most, by one item's move or by an exchange of two, as
// long as the most used of the bins concerned is used less afterwards. Ends by itself: each step lowers a sorted list.
import type { Policy } from './instance.ts';
import { NOWHERE, type Packing } from './packing.ts';

/** Uses closer than this are the same: sums of shares differ in their last digits. */
export const SAME = 1e-9;
/** Looks at one item in one bin, or beside one other item, that may still be taken: what bounds the search instead of a clock. */
export interface Budget {
  looks: number;
}

interface Exchange {
  readonly item: number;
  readonly to: number;
  /** Goes the other way. */
  readonly other: number;
}

interface Step {
  readonly item: number;
  readonly to: number;
  /** Goes the other way; null: a move alone. */
  readonly other: number | null;
  /** The greater use of both bins afterwards. */
  readonly use: number;
}

export function improve(packing: Packing, policy: Policy, movable: (item: number) => boolean, budget: Budget): void {
  if (policy === 'pack') emptyBins(packing, movable, budget);
  else lowerTops(packing, movable, budget);
}

function lowerTops(packing: Packing, movable: (item: number) => boolean, budget: Budget): void {
  const { bins, items: all } = packing.instance;
  const done = new Set<number>();
  while (budget.looks > 0) {
    const top = topBin(packing, done);
    if (top === null) return;
    const items = [...packing.itemsIn(top)].filter(movable).sort((a, b) => a - b);
    budget.looks -= bins.length + items.length * (bins.length + all.length);
    const step = bestStep(packing, top, items, movable);
    if (step === null) done.add(top);
    else carryOut(packing, top, step);
  }
}

/** The bin used most that holds anything and isn't done with. */
function topBin(packing: Packing, done: ReadonlySet<number>): number | null {
  let top: number | null = null;
  packing.instance.bins.forEach((_, bin) => {
    if (done.has(bin) || packing.countIn(bin) === 0) return;
    if (top === null || packing.use(bin) > packing.use(top) + SAME) top = bin;
  });
  return top;
}

function bestStep(
  packing: Packing,
  top: number,
  items: readonly number[],
  movable: (item: number) => boolean,
): Step | null {
  let best: Step | null = null;
  // To be taken, a step must lead below this.
  let below = packing.use(top) - SAME;
  for (const item of items) {
    const without = packing.use(top, NOWHERE, item);
    if (without >= below) continue;
    for (const to of packing.instance.items[item]?.bins ?? []) {
      if (to === top) continue;
      const use = Math.max(without, packing.use(to, item));
      if (use < below && packing.fits(item, to)) {
        best = { item, to, other: null, use };
        below = use - SAME;
      }
      for (const other of packing.itemsIn(to)) {
        const exchanged = exchangeUse(packing, top, { item, to, other });
        if (exchanged >= below || !movable(other) || !mayExchange(packing, top, { item, to, other })) continue;
        best = { item, to, other, use: exchanged };
        below = exchanged - SAME;
      }
    }
  }
  return best;
}

/** The greater use of both bins if these two changed places. */
function exchangeUse(packing: Packing, top: number, { item, to, other }: Exchange): number {
  return Math.max(packing.use(to, item, other), packing.use(top, other, item));
}

function mayExchange(packing: Packing, top: number, { item, to, other }: Exchange): boolean {
  return packing.may(other, top) && packing.fits(item, to, other) && packing.fits(other, top, item);
}

function carryOut(packing: Packing, top: number, { item, to, other }: Step): void {
  packing.take(item);
  if (other !== null) packing.put(other, top);
  packing.put(item, to);
}

/** Every bin whose items all fit into others that take something anyway is emptied, the least used first. */
function emptyBins(packing: Packing, movable: (item: number) => boolean, budget: Budget): void {
  const taking = packing.instance.bins.map((_, bin) => bin).filter(bin => packing.countIn(bin) > 0);
  for (const bin of taking.sort((a, b) => packing.use(a) - packing.use(b) || a - b)) {
    const mark = packing.mark();
    const items = [...packing.itemsIn(bin)].sort((a, b) => a - b);
    budget.looks -= items.length * packing.instance.bins.length;
    if (!items.every(item => movable(item) && moveAside(packing, item))) packing.back(mark);
  }
}

function moveAside(packing: Packing, item: number): boolean {
  const from = packing.binOf(item);
  const bins = packing.instance.items[item]?.bins ?? [];
  const fitting = bins.filter(bin => bin !== from && packing.countIn(bin) > 0 && packing.fits(item, bin));
  const to = fitting.sort((a, b) => packing.use(b, item) - packing.use(a, item) || a - b)[0] ?? NOWHERE;
  if (to !== NOWHERE) packing.put(item, to);
  return to !== NOWHERE;
}
