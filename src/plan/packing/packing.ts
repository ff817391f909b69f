// Items in bins, while the search moves them about: what each bin holds, what still fits, how used it is. Counts stay
// exact: every number is a sum of what is in, put and taken one by one.
import type { Instance, Vector } from './instance.ts';

export const NOWHERE = -1;
const NONE: readonly number[] = [];

export class Packing {
  readonly instance: Instance;
  readonly #binOf: number[];
  readonly #in: readonly Set<number>[];
  readonly #load: readonly number[][];
  /** For each bin, how many of each apart group are in it. */
  readonly #members: readonly Map<number, number>[];
  readonly #groupsOf: readonly (readonly number[])[];
  readonly #needsOf: readonly Vector[];
  readonly #may: readonly ReadonlySet<number>[];
  /** Every move, with where the item was before: what `back` undoes. */
  readonly #trail: [item: number, from: number][] = [];

  constructor(instance: Instance) {
    this.instance = instance;
    this.#needsOf = instance.items.map(({ needs }) => needs);
    this.#binOf = instance.items.map(() => NOWHERE);
    this.#in = instance.bins.map(() => new Set());
    this.#load = instance.bins.map(bin => [...bin.held]);
    this.#members = instance.bins.map(() => new Map());
    this.#groupsOf = groupsOf(instance);
    this.#may = instance.items.map(item => new Set(item.bins));
    instance.items.forEach((item, index) => {
      if (item.at !== null) this.put(index, item.at);
    });
  }

  binOf(item: number): number {
    return this.#binOf[item] ?? NOWHERE;
  }

  get assignment(): readonly number[] {
    return [...this.#binOf];
  }

  /** Whether the item's rules let it be there at all. */
  may(item: number, bin: number): boolean {
    return this.#may[item]?.has(bin) ?? false;
  }

  itemsIn(bin: number): Iterable<number> {
    return this.#in[bin] ?? [];
  }

  countIn(bin: number): number {
    return this.#in[bin]?.size ?? 0;
  }

  /** Room and company; whether the item may be in this bin at all is the item's `bins`. @param instead as if that one weren't there. */
  fits(item: number, bin: number, instead: number = NOWHERE): boolean {
    return this.#hasRoom(item, bin, instead) && this.rivals(item, bin).every(rival => rival === instead);
  }

  #hasRoom(item: number, bin: number, instead: number): boolean {
    const [load, limit] = [this.#load[bin], this.instance.bins[bin]?.limit];
    if (load === undefined || limit === undefined) return false;
    const [needs, freed] = [this.#needs(item), this.#needs(instead)];
    for (let r = 0; r < needs.length; r += 1) {
      const need = needs[r] ?? 0;
      if (need > 0 && (load[r] ?? 0) + need - (freed[r] ?? 0) > (limit[r] ?? 0)) return false;
    }
    return true;
  }

  /** Items of that bin that must be kept apart from this one. */
  rivals(item: number, bin: number): readonly number[] {
    const own = this.#groupsOf[item] ?? NONE;
    if (own.length === 0) return NONE;
    const groups = own.filter(group => (this.#members[bin]?.get(group) ?? 0) > 0);
    if (groups.length === 0) return NONE;
    return [...this.itemsIn(bin)].filter(
      other => other !== item && this.#groupsOf[other]?.some(group => groups.includes(group)),
    );
  }

  /** Moves the item, from wherever it is. */
  put(item: number, bin: number): void {
    const from = this.binOf(item);
    this.#trail.push([item, from]);
    this.#shift(item, from, bin);
  }

  take(item: number): void {
    this.put(item, NOWHERE);
  }

  /** A point to come back to. */
  mark(): number {
    return this.#trail.length;
  }

  back(mark: number): void {
    while (this.#trail.length > mark) {
      const [item, from] = this.#trail.pop() ?? [NOWHERE, NOWHERE];
      this.#shift(item, this.binOf(item), from);
    }
  }

  #shift(item: number, from: number, to: number): void {
    this.#binOf[item] = to;
    this.#in[from]?.delete(item);
    this.#in[to]?.add(item);
    this.#count(item, from, -1);
    this.#count(item, to, 1);
  }

  #count(item: number, bin: number, sign: 1 | -1): void {
    const load = this.#load[bin];
    const members = this.#members[bin];
    this.#needs(item).forEach((need, r) => {
      if (load) load[r] = (load[r] ?? 0) + sign * need;
    });
    if (!load || !members) return;
    for (const group of this.#groupsOf[item] ?? []) members.set(group, (members.get(group) ?? 0) + sign);
  }

  #needs(item: number): Vector {
    return item === NOWHERE ? NONE : (this.#needsOf[item] ?? NONE);
  }

  /** The share that is used of the resource used most; with one item more, without another. */
  use(bin: number, more: number = NOWHERE, less: number = NOWHERE): number {
    // Asked more often than anything else: no lists are made, and nothing is read beyond the end of one.
    const load = this.#load[bin] ?? NONE;
    const whole = this.instance.bins[bin]?.whole ?? NONE;
    const added = more === NOWHERE ? null : this.#needs(more);
    const freed = less === NOWHERE ? null : this.#needs(less);
    let most = 0;
    for (let r = 0; r < load.length; r += 1) {
      let sum = load[r] ?? 0;
      if (added !== null) sum += added[r] ?? 0;
      if (freed !== null) sum -= freed[r] ?? 0;
      const share = sum / (whole[r] ?? 1);
      if (share > most) most = share;
    }
    return most;
  }
}

function groupsOf({ items, apart }: Instance): readonly (readonly number[])[] {
  const groups: number[][] = items.map(() => []);
  apart.forEach((members, group) => members.forEach(item => groups[item]?.push(group)));
  return groups;
}
