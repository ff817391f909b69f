// Where no order gives every item a place: each gets a bin all the same, and what is over a bin's room is carried about,
// by moves and exchanges, until nothing is over. The best step is taken even if it is for the worse; what stays too full
// weighs more with each, and what left a bin stays away for a while, so that it goes on elsewhere.
import { Crowd } from './crowd.ts';
import type { Instance } from './instance.ts';
import { type Next, numbers } from './numbers.ts';
import { Packing } from './packing.ts';
import { proofOf } from './proof.ts';

export interface Try {
  /** Steps for which an item that left a bin doesn't come back; and as many more at most. */
  readonly away: number;
  /** Each at one item in one bin, or beside one other item. */
  readonly looks: number;
}

/** For a question that nothing else answers. */
export const LAST_RESORT: readonly Try[] = [8, 4, 12, 3].map(away => ({ away, looks: 750_000 }));

/** @param near the nearest miss: for each item its bin, or -1. @returns null: nothing was found, which proves nothing. */
export function squeezed(instance: Instance, near: readonly number[], tries: readonly Try[]): Packing | null {
  const crowd = new Crowd(instance);
  // Where each fits at least alone, counting proves more than where it may be.
  const alone = instance.items.map((item, i) => ({ ...item, bins: crowd.bins[i] ?? [] }));
  if (proofOf({ ...instance, items: alone }) !== null) return null;
  crowded(crowd, near);
  const [items, bins] = [instance.items.length, instance.bins.length];
  const found = tries.some(({ away, looks }) => search(crowd, new Absence(items, bins, away), looks));
  return found ? packed(instance, crowd.assignment) : null;
}

function crowded(crowd: Crowd, near: readonly number[]): void {
  const late = crowd.bins.flatMap((_, item) => {
    const bin = near[item] ?? -1;
    if (bin < 0 || !crowd.may(item, bin)) return [item];
    crowd.put(item, bin);
    return [];
  });
  for (const item of late) {
    const bins = crowd.bins[item] ?? [];
    const [first = 0] = bins;
    crowd.put(
      item,
      bins.reduce((best, bin) => (crowd.moved(item, bin) < crowd.moved(item, best) ? bin : best), first),
    );
  }
}

interface Step {
  readonly item: number;
  readonly to: number;
  /** Goes the other way; null: a move alone. */
  readonly other: number | null;
}

/** For each item and bin, the step up to which it stays away from there. */
class Absence {
  readonly #away: number;
  readonly #bins: number;
  readonly #until: Int32Array;
  readonly #next: Next = numbers();
  #now = 0;

  constructor(items: number, bins: number, away: number) {
    this.#away = away;
    this.#bins = bins;
    this.#until = new Int32Array(items * bins);
  }

  step(left: readonly (readonly [item: number, bin: number])[]): void {
    this.#now += 1;
    for (const [item, bin] of left)
      this.#until[item * this.#bins + bin] = this.#now + this.#away + this.#next(this.#away + 1);
  }

  has(item: number, bin: number): boolean {
    return (this.#until[item * this.#bins + bin] ?? 0) > this.#now;
  }
}

function search(crowd: Crowd, absence: Absence, looks: number): boolean {
  const items = crowd.bins.length;
  crowd.relax();
  while (looks > 0) {
    const troubled = crowd.troubled();
    if (troubled.length === 0) return true;
    looks -= troubled.reduce((sum, item) => sum + (items + (crowd.bins[item]?.length ?? 0)) * crowd.dearness(item), 0);
    const step = bestStep(crowd, troubled, absence);
    absence.step(step === null ? [] : carriedOut(crowd, step));
    crowd.press();
  }
  return false;
}

function bestStep(crowd: Crowd, troubled: readonly number[], absence: Absence): Step | null {
  let best: Step | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const item of troubled) {
    const from = crowd.binOf(item);
    for (const to of crowd.bins[item] ?? []) {
      if (to === from || absence.has(item, to)) continue;
      const change = crowd.moved(item, to);
      if (change < least) [least, best] = [change, { item, to, other: null }];
    }
    for (let other = 0; other < crowd.bins.length; other += 1) {
      const to = crowd.binOf(other);
      if (to === from || !crowd.may(item, to) || !crowd.may(other, from)) continue;
      if (absence.has(item, to) || absence.has(other, from)) continue;
      const change = crowd.exchanged(item, other);
      if (change < least) [least, best] = [change, { item, to, other }];
    }
  }
  return best;
}

/** @returns who left which bin. */
function carriedOut(crowd: Crowd, { item, to, other }: Step): readonly (readonly [item: number, bin: number])[] {
  const from = crowd.binOf(item);
  crowd.put(item, to);
  if (other === null) return [[item, from]];
  crowd.put(other, from);
  return [
    [item, from],
    [other, to],
  ];
}

/** In whole bytes; those that could have stayed where they were go back there if there is room. */
function packed(instance: Instance, bins: readonly number[]): Packing | null {
  const packing = new Packing(instance);
  for (const item of bins.keys()) packing.take(item);
  for (const [item, bin] of bins.entries()) {
    if (!packing.fits(item, bin)) return null;
    packing.put(item, bin);
  }
  for (const [item, { at }] of instance.items.entries())
    if (at !== null && packing.binOf(item) !== at && packing.fits(item, at)) packing.put(item, at);
  return packing;
}
