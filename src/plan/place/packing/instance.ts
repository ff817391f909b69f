// A fleet when only one question is left of it: what fits where. Zones and hosts are numbers here; brands, releases and
// the operator's rules have become the bins that an item may use, and zones that must stay together are one item.

/** One number for each resource (memory, processors, ...), in the same order everywhere. */
export type Vector = readonly number[];

export interface Bin {
  readonly name: string;
  /** Taken by what isn't asked about: the reserve, zones that stay. */
  readonly held: Vector;
  /** `held` and all items together may reach this and no more. */
  readonly limit: Vector;
  /** What counts as used whole: use = taken / whole. */
  readonly whole: Vector;
}

export interface Item {
  readonly name: string;
  readonly needs: Vector;
  /** Indexes of the bins it may be in, ascending. */
  readonly bins: readonly number[];
  /** The bin where it is and may stay; null: it has to go somewhere. Only what finds no place makes others move. */
  readonly at: number | null;
  /** What it costs to move it from `at` (bytes). */
  readonly cost: number;
}

export interface Instance {
  readonly bins: readonly Bin[];
  readonly items: readonly Item[];
  /** Of each group at most one item in a bin; as indexes of items. */
  readonly apart: readonly (readonly number[])[];
}

/** What is wanted of a packing that fits: the least highest use, or the fewest bins that take anything. */
export type Policy = 'spread' | 'pack';
