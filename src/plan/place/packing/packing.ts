// Items in bins, while the search moves them about: what each bin holds, what still fits, how used it is. Counts stay
// exact: every number is a sum of what is in, put and taken one by one.
import type { Instance, Vector } from './instance.ts';

export const NOWHERE = -1;
const NONE: readonly number[] = [];

export class Packing {
  readonly instance: Instance;
  /** Numbers of each item, bin by bin and item by item in one row: resource r of item i is at `i * width + r`. */
  readonly #width: number;
  readonly #need: Float64Array;
  readonly #load: Float64Array;
  readonly #limit: Float64Array;
  readonly #whole: Float64Array;
  readonly #binOf: Int32Array;
  readonly #in: readonly Set<number>[];
  /** For each bin, how many of each apart group are in it. */
  readonly #members: readonly Map<number, number>[];
  readonly #groupsOf: readonly (readonly number[])[];
  readonly #may: readonly Uint8Array[];
  /** Every move, with where the item was before: what `back` undoes. */
  readonly #trail: [item: number, from: number][] = [];

  constructor(instance: Instance) {
    const { bins, items } = instance;
    this.instance = instance;
    this.#width = Math.max(items[0]?.needs.length ?? 0, bins[0]?.held.length ?? 0);
    const inOneRow = (vectors: readonly Vector[]): Float64Array => rowOf(vectors, this.#width);
    this.#need = inOneRow(items.map(({ needs }) => needs));
    this.#load = inOneRow(bins.map(({ held }) => held));
    this.#limit = inOneRow(bins.map(({ limit }) => limit));
    this.#whole = inOneRow(bins.map(({ whole }) => whole));
    this.#binOf = new Int32Array(items.length).fill(NOWHERE);
    this.#in = bins.map(() => new Set());
    this.#members = bins.map(() => new Map());
    this.#groupsOf = groupsOf(instance);
    this.#may = allowedOf(instance);
    items.forEach((item, index) => {
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
    return this.#may[item]?.[bin] === 1;
  }

  itemsIn(bin: number): Iterable<number> {
    return this.#in[bin] ?? [];
  }

  countIn(bin: number): number {
    return this.#in[bin]?.size ?? 0;
  }

  /** Room and company; whether the item may be in this bin at all is the item's `bins`. @param instead as if that one weren't there. */
  fits(item: number, bin: number, instead: number = NOWHERE): boolean {
    if (!this.#hasRoom(item, bin, instead)) return false;
    return this.#groupsOf[item]?.length === 0 || this.rivals(item, bin).every(rival => rival === instead);
  }

  #hasRoom(item: number, bin: number, instead: number): boolean {
    const width = this.#width;
    for (let r = 0; r < width; r += 1) {
      const need = this.#need[item * width + r] ?? 0;
      if (need === 0) continue;
      const freed = instead < 0 ? 0 : (this.#need[instead * width + r] ?? 0);
      if ((this.#load[bin * width + r] ?? 0) + need - freed > (this.#limit[bin * width + r] ?? 0)) return false;
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
    if (bin < 0) return;
    const width = this.#width;
    for (let r = 0; r < width; r += 1) {
      const at = bin * width + r;
      this.#load[at] = (this.#load[at] ?? 0) + sign * (this.#need[item * width + r] ?? 0);
    }
    const members = this.#members[bin];
    for (const group of this.#groupsOf[item] ?? NONE) members?.set(group, (members.get(group) ?? 0) + sign);
  }

  /** The share that is used of the resource used most; with one item more, without another. */
  use(bin: number, more: number = NOWHERE, less: number = NOWHERE): number {
    const width = this.#width;
    let most = 0;
    for (let r = 0; r < width; r += 1) {
      const added = more < 0 ? 0 : (this.#need[more * width + r] ?? 0);
      const freed = less < 0 ? 0 : (this.#need[less * width + r] ?? 0);
      const share = ((this.#load[bin * width + r] ?? 0) + added - freed) / (this.#whole[bin * width + r] ?? 1);
      if (share > most) most = share;
    }
    return most;
  }
}

function rowOf(vectors: readonly Vector[], width: number): Float64Array {
  const row = new Float64Array(vectors.length * width);
  vectors.forEach((vector, n) => row.set(vector, n * width));
  return row;
}

/** Items that share one list of bins share one answer. */
function allowedOf({ bins, items }: Instance): readonly Uint8Array[] {
  const known = new Map<readonly number[], Uint8Array>();
  return items.map(item => {
    const before = known.get(item.bins);
    if (before) return before;
    const allowed = new Uint8Array(bins.length);
    for (const bin of item.bins) allowed[bin] = 1;
    known.set(item.bins, allowed);
    return allowed;
  });
}

function groupsOf({ items, apart }: Instance): readonly (readonly number[])[] {
  const groups: number[][] = items.map(() => []);
  apart.forEach((members, group) => members.forEach(item => groups[item]?.push(group)));
  return groups;
}
