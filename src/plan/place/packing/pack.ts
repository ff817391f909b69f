// The whole search: some first packings in different orders, each improved, the best kept; where none gives everybody a
// place, what is over is squeezed in. In a small instance the best is then lowered and shaken. Deterministic: the same
// instance gives the same answer, since nothing here asks a clock or chance, and work is counted in looks.
import { construct, sizesOf } from './construct.ts';
import { type Budget, improve } from './improve.ts';
import type { Instance, Policy } from './instance.ts';
import { leastUse, leastUseOfOne } from './least-use.ts';
import { lowered } from './lowered.ts';
import { type Next, numbers } from './numbers.ts';
import { NOWHERE, Packing } from './packing.ts';
import { proofOf } from './proof.ts';
import { LAST_RESORT, squeezed } from './squeeze.ts';
import { isBetter, type Value, valueOf } from './value.ts';

export type Packed =
  /** For each item its bin. */
  | { readonly is: 'packed'; readonly bins: readonly number[]; readonly value: Value }
  /** Nothing was found for `items`, with the others where `bins` says; that doesn't prove that there is nothing. */
  | { readonly is: 'stuck'; readonly items: readonly number[]; readonly bins: readonly number[] };

/** First packings in other orders, and times that the best of them is shaken, at most. */
const ROUNDS = 30;
const KICKS = 240;
/** Looks for all of that: a small fleet is searched thoroughly, a large one once. */
const LOOKS = 2_000_000;
/** From so many pairs of item and bin on, an instance is large: shaking it wins next to nothing, and takes most of the time. */
const LARGE = 2_500;
const LOOKS_LARGE = 300_000;
/** In a large question, as close as this to the bound is as good as best. */
const NEAR = 1.005;

/** `any`: the first packing that is found will do. */
export type Effort = 'best' | 'any';

export function pack(instance: Instance, policy: Policy, effort: Effort = 'best'): Packed {
  const sizes = sizesOf(instance);
  const urgency = instance.items.map(() => 0);
  const looks = isLarge(instance) ? LOOKS_LARGE : LOOKS;
  const budget: Budget = { looks };
  const enough = effort === 'any' || policy === 'pack' ? 0 : enoughIn(instance);
  let best: Best | null = null;
  let stuck: Extract<Packed, { is: 'stuck' }> | null = null;
  for (let round = 0; round < ROUNDS && (round === 0 || budget.looks > looks / 2); round += 1) {
    budget.looks -= instance.items.length * instance.bins.length;
    const packing = new Packing(instance);
    const left = construct(packing, orderOf(instance, sizes, urgency), policy);
    for (const item of left) urgency[item] = (urgency[item] ?? 0) + 1;
    if (left.length > 0) {
      if (stuck === null || left.length < stuck.items.length)
        stuck = { is: 'stuck', items: left, bins: packing.assignment };
      if (round === 0 && proofOf(instance) !== null) return stuck;
      continue;
    }
    if (effort === 'any') return { is: 'packed', bins: packing.assignment, value: valueOf(packing) };
    improve(packing, policy, item => wasMoved(packing, item), budget);
    best = betterOf(best, packing, policy);
    if (best.value.use <= enough) return { is: 'packed', ...best };
    press(packing, urgency);
  }
  if (best === null && stuck !== null && !isLarge(instance)) {
    const packing = squeezed(instance, stuck.bins, LAST_RESORT);
    if (packing === null) return stuck;
    if (effort === 'any') return { is: 'packed', bins: packing.assignment, value: valueOf(packing) };
    improve(packing, policy, item => wasMoved(packing, item), budget);
    best = betterOf(best, packing, policy);
  }
  if (best === null) return stuck ?? { is: 'packed', bins: [], value: { use: 0, bins: 0, cost: 0 } };
  const course = { policy, budget, enough };
  return { is: 'packed', ...shaken(instance, withLessUse(instance, best, course), course) };
}

const isLarge = ({ items, bins }: Instance): boolean => items.length * bins.length > LARGE;

const hasResidents = ({ items }: Instance): boolean => items.some(({ at }) => at !== null);

/** The highest use at which nothing is left to search for; 0 where moves cost something, too. */
function enoughIn(instance: Instance): number {
  if (hasResidents(instance)) return 0;
  return Math.max(leastUseOfOne(instance), leastUse(instance) * (isLarge(instance) ? NEAR : 1));
}

interface Course {
  readonly policy: Policy;
  readonly budget: Budget;
  readonly enough: number;
}

interface Best {
  readonly bins: readonly number[];
  readonly value: Value;
}

function betterOf(best: Best | null, packing: Packing, policy: Policy): Best {
  const value = valueOf(packing);
  return best === null || isBetter(value, best.value, policy) ? { bins: packing.assignment, value } : best;
}

/** Only where it is the use that counts, and where a search of many packings is worth its time. */
function withLessUse(instance: Instance, best: Best, { policy, enough }: Course): Best {
  if (policy === 'pack' || isLarge(instance) || hasResidents(instance)) return best;
  const packing = lowered(instance, { bins: best.bins, use: best.value.use }, enough);
  return packing === null ? best : betterOf(best, packing, policy);
}

/** From the best so far a few items at a time are taken out, one of the fullest bin among them, and put in again in another order. */
function shaken(instance: Instance, first: Best, { policy, budget, enough }: Course): Best {
  const packing = new Packing(instance);
  first.bins.forEach((bin, item) => {
    if (packing.binOf(item) !== bin) packing.put(item, bin);
  });
  const movable = (item: number): boolean => wasMoved(packing, item);
  const free = instance.items.map((_, item) => item).filter(movable);
  const isFree = new Set(free);
  const next = numbers();
  let best = first;
  for (let kick = 0; kick < KICKS && free.length > 1 && budget.looks > 0 && best.value.use > enough; kick += 1) {
    const mark = packing.mark();
    const out = kick % 2 === 0 ? someOut(packing, { free, isFree }, next) : cleared(packing, isFree, next);
    if (construct(packing, out, policy).length > 0) {
      packing.back(mark);
      continue;
    }
    improve(packing, policy, movable, budget);
    const found = betterOf(best, packing, policy);
    if (isBetter(best.value, valueOf(packing), policy)) packing.back(mark);
    best = found;
  }
  return best;
}

/** Items that may be taken out again. */
interface Free {
  readonly free: readonly number[];
  readonly isFree: ReadonlySet<number>;
}

/** Takes out some of the fullest bin and as many of the others. */
function someOut(packing: Packing, { free, isFree }: Free, next: Next): readonly number[] {
  const inTop = [...packing.itemsIn(fullest(packing))].filter(item => isFree.has(item));
  const out = new Set<number>();
  const count = 2 + next(Math.min(6, free.length - 1));
  for (let n = 0; n < count; n += 1) {
    const from = n % 2 === 0 && inTop.length > 0 ? inTop : free;
    out.add(from[next(from.length)] ?? 0);
  }
  for (const item of out) packing.take(item);
  return [...out];
}

/** Gives one item of the fullest bin a bin that is cleared for it: what no move or exchange alone can reach. */
function cleared(packing: Packing, isFree: ReadonlySet<number>, next: Next): readonly number[] {
  const top = fullest(packing);
  const inTop = [...packing.itemsIn(top)].filter(item => isFree.has(item));
  const item = inTop[next(inTop.length)];
  const bins = item === undefined ? [] : (packing.instance.items[item]?.bins ?? []).filter(bin => bin !== top);
  const bin = bins[next(bins.length)];
  if (item === undefined || bin === undefined) return [];
  const out = [...packing.itemsIn(bin)].filter(other => isFree.has(other));
  for (const other of out) packing.take(other);
  if (!packing.fits(item, bin)) return out;
  packing.put(item, bin);
  return out;
}

/** Who asked in vain before comes first; then who has the fewest bins, the greatest, the first by name. */
function orderOf({ items }: Instance, sizes: readonly number[], urgency: readonly number[]): readonly number[] {
  const rank = (index: number): readonly [number, number, number] => [
    -(urgency[index] ?? 0),
    items[index]?.bins.length ?? 0,
    -(sizes[index] ?? 0),
  ];
  const waiting = items.flatMap((item, index) =>
    item.at === null ? [{ index, name: item.name, rank: rank(index) }] : [],
  );
  return waiting
    .sort(
      (a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2] || (a.name < b.name ? -1 : 1),
    )
    .map(({ index }) => index);
}

/** The items of the fullest bin come earlier in the next round: another packing, not this one again. */
function press(packing: Packing, urgency: number[]): void {
  for (const item of packing.itemsIn(fullest(packing))) urgency[item] = (urgency[item] ?? 0) + 1;
}

function fullest(packing: Packing): number {
  let top = NOWHERE;
  packing.instance.bins.forEach((_, bin) => {
    if (packing.countIn(bin) > 0 && (top === NOWHERE || packing.use(bin) > packing.use(top))) top = bin;
  });
  return top;
}

function wasMoved(packing: Packing, item: number): boolean {
  return packing.binOf(item) !== packing.instance.items[item]?.at;
}
