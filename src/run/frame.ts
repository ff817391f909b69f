// Where in the tree a walk is: what the enclosing blocks say, and which round of which loops it is in.
import { type Around, inRoundOf, NOTHING_AROUND } from '../model/around.ts';
import { type Item, itemLayer } from '../model/scope.ts';
import type { Value } from '../model/value.ts';

export interface Frame extends Around {
  readonly failed: Value | null;
  /** Under --check: why nobody can say yet whether a block around is for this host; null: it is. */
  readonly undecided: string | null;
  /** The rounds of the loops around, outermost first: the first part of it all, and what it is to a place in the text. */
  readonly round: string;
  readonly place: (position: number) => number;
}

export const TOP: Frame = {
  ...NOTHING_AROUND,
  failed: null,
  undecided: null,
  round: '',
  place: position => position,
};

/** More rounds than any loop has: a round is a part of the one place that its block has in the text. */
const ROUNDS = 1e5;

/** @param at where the block stands, and how many entries it holds. */
export function roundOf(frame: Frame, item: Item, at: { readonly start: number; readonly size: number }): Frame {
  const within = (position: number): number => at.start + (item.index + (position - at.start) / (at.size + 1)) / ROUNDS;
  return {
    ...inRoundOf(frame, itemLayer(item)),
    round: frame.round === '' ? `${item.index}` : `${frame.round}.${item.index}`,
    place: position => frame.place(within(position)),
  };
}
