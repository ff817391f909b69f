// How good a packing is, and which of two is better by a policy.
import { SAME } from './improve.ts';
import type { Policy } from './instance.ts';
import type { Packing } from './packing.ts';

export interface Value {
  /** The share that is used of the bin used most, what it held included; of those that take anything. */
  readonly use: number;
  /** Bins that hold any item. */
  readonly bins: number;
  /** What moving those costs that could have stayed. */
  readonly cost: number;
}

export function valueOf(packing: Packing): Value {
  const { bins, items } = packing.instance;
  const taking = bins.map((_, bin) => bin).filter(bin => packing.countIn(bin) > 0);
  return {
    use: taking.reduce((most, bin) => Math.max(most, packing.use(bin)), 0),
    bins: taking.length,
    cost: items.reduce((sum, { at, cost }, item) => sum + (at !== null && packing.binOf(item) !== at ? cost : 0), 0),
  };
}

export function isBetter(a: Value, b: Value, policy: Policy): boolean {
  if (policy === 'pack' && a.bins !== b.bins) return a.bins < b.bins;
  if (Math.abs(a.use - b.use) > SAME) return a.use < b.use;
  return a.cost < b.cost;
}
