// Every item in some bin, more of them in a bin than fit there if need be: how much is over, and what a move or an
// exchange would change about it. What has been over for long weighs more. In shares of a mean item, not in bytes: that a
// packing holds is for `Packing` to say.
import type { Instance } from './instance.ts';
import { NOWHERE } from './packing.ts';

export class Crowd {
  /** For each item the bins where it fits alone. */
  readonly bins: readonly (readonly number[])[];
  readonly #width: number;
  readonly #count: number;
  readonly #need: Float64Array;
  readonly #load: Float64Array;
  readonly #room: Float64Array;
  readonly #weight: Float64Array;
  readonly #rivals: readonly (readonly number[])[];
  readonly #bother: Float64Array;
  readonly #may: Uint8Array;
  readonly #at: Int32Array;

  constructor({ bins, items, apart }: Instance) {
    const width = bins[0]?.held.length ?? 0;
    this.#width = width;
    this.#count = bins.length;
    const mean = Array.from(
      { length: width },
      (_, r) => items.reduce((sum, { needs }) => sum + (needs[r] ?? 0), 0) / items.length || 1,
    );
    this.#need = Float64Array.from(items.flatMap(({ needs }) => mean.map((one, r) => (needs[r] ?? 0) / one)));
    this.#room = Float64Array.from(
      bins.flatMap(({ held, limit }) => mean.map((one, r) => roomOf(held[r] ?? 0, limit[r] ?? 0) / one)),
    );
    this.#load = new Float64Array(bins.length * width);
    this.#weight = new Float64Array(bins.length * width).fill(1);
    this.#bother = new Float64Array(items.length).fill(1);
    this.#at = new Int32Array(items.length).fill(NOWHERE);
    this.bins = items.map((item, i) => item.bins.filter(bin => this.#fitsAlone(i, bin)));
    this.#may = new Uint8Array(items.length * bins.length);
    this.bins.forEach((may, item) => may.forEach(bin => (this.#may[item * bins.length + bin] = 1)));
    this.#rivals = rivalsOf(items.length, apart);
  }

  #fitsAlone(item: number, bin: number): boolean {
    const width = this.#width;
    for (let r = 0; r < width; r += 1)
      if ((this.#need[item * width + r] ?? 0) > (this.#room[bin * width + r] ?? 0)) return false;
    return true;
  }

  binOf(item: number): number {
    return this.#at[item] ?? NOWHERE;
  }

  get assignment(): readonly number[] {
    return [...this.#at];
  }

  may(item: number, bin: number): boolean {
    return this.#may[item * this.#count + bin] === 1;
  }

  /** How much more than usual a look at the item costs: many resources, many rivals. */
  dearness(item: number): number {
    return Math.max(1, (this.#width + (this.#rivals[item]?.length ?? 0)) / 4);
  }

  put(item: number, bin: number): void {
    const from = this.binOf(item);
    const width = this.#width;
    for (let r = 0; r < width; r += 1) {
      const need = this.#need[item * width + r] ?? 0;
      if (from >= 0) this.#load[from * width + r] = (this.#load[from * width + r] ?? 0) - need;
      this.#load[bin * width + r] = (this.#load[bin * width + r] ?? 0) + need;
    }
    this.#at[item] = bin;
  }

  /** Those that share a bin that is over its room, or whose rival is in theirs. */
  troubled(): readonly number[] {
    const over = new Set(Array.from({ length: this.#count }, (_, bin) => bin).filter(bin => this.#isOver(bin)));
    return this.bins.flatMap((_, item) =>
      over.has(this.binOf(item)) || this.#trouble(item, this.binOf(item), NOWHERE) > 0 ? [item] : [],
    );
  }

  /** As if nothing had been over so far. */
  relax(): void {
    this.#weight.fill(1);
    this.#bother.fill(1);
  }

  /** What is over now weighs more from now on. */
  press(): void {
    this.#weight.forEach((weight, at) => {
      if ((this.#load[at] ?? 0) > (this.#room[at] ?? 0) + DUST) this.#weight[at] = weight + GROW;
    });
    this.bins.forEach((_, item) => {
      if (this.#trouble(item, this.binOf(item), NOWHERE) > 0) this.#bother[item] = (this.#bother[item] ?? 1) + GROW;
    });
  }

  /** What it would change if the item came to that bin; below 0 it is for the better. */
  moved(item: number, bin: number): number {
    const from = this.binOf(item);
    const gone = from < 0 ? 0 : this.#change(from, NOWHERE, item) - this.#trouble(item, from, NOWHERE);
    return gone + this.#change(bin, item, NOWHERE) + this.#trouble(item, bin, NOWHERE);
  }

  /** The same for two that change places. */
  exchanged(item: number, other: number): number {
    const [from, to] = [this.binOf(item), this.binOf(other)];
    const excess = this.#change(from, other, item) + this.#change(to, item, other);
    const before = this.#trouble(item, from, NOWHERE) + this.#trouble(other, to, NOWHERE);
    return excess - before + this.#trouble(item, to, other) + this.#trouble(other, from, item);
  }

  #isOver(bin: number): boolean {
    const width = this.#width;
    for (let r = 0; r < width; r += 1)
      if ((this.#load[bin * width + r] ?? 0) > (this.#room[bin * width + r] ?? 0) + DUST) return true;
    return false;
  }

  /** Of what is over in a bin, weighed. */
  #change(bin: number, more: number, less: number): number {
    const width = this.#width;
    let sum = 0;
    for (let r = 0; r < width; r += 1) {
      const at = bin * width + r;
      const free = (this.#room[at] ?? 0) - (this.#load[at] ?? 0);
      const added = more < 0 ? 0 : (this.#need[more * width + r] ?? 0);
      const freed = less < 0 ? 0 : (this.#need[less * width + r] ?? 0);
      const over = added - freed - free;
      const change = (over > 0 ? over : 0) + (free < 0 ? free : 0);
      if (change !== 0) sum += change * (this.#weight[at] ?? 1);
    }
    return sum;
  }

  /** Rivals that the item has or would have in a bin, weighed. @param without not counted: it leaves. */
  #trouble(item: number, bin: number, without: number): number {
    let sum = 0;
    const rivals = this.#rivals[item];
    if (rivals === undefined) return 0;
    for (const rival of rivals)
      if (rival !== without && this.#at[rival] === bin) sum += (this.#bother[item] ?? 1) + (this.#bother[rival] ?? 1);
    return sum;
  }
}

/** By so much what is over weighs more after each step. */
const GROW = 0.3;
/** Sums of shares differ in their last digits. */
const DUST = 1e-9;

/** One that is over its limit, or of which nobody knows what it holds, takes only what needs nothing. */
function roomOf(held: number, limit: number): number {
  return Number.isFinite(held) ? Math.max(0, limit - held) : 0;
}

function rivalsOf(items: number, apart: Instance['apart']): readonly (readonly number[])[] {
  const rivals = Array.from({ length: items }, () => new Set<number>());
  for (const group of apart)
    for (const one of group) for (const other of group) if (one !== other) rivals[one]?.add(other);
  return rivals.map(others => [...others]);
}
