// What the blocks, files and roles around a task say of variables, innermost first, in their three ranks. A walk carries it
// down the tree and the forecast does, so that both come to the same scope.
import type { BlockEntry } from './program.ts';
import type { Layer } from './value.ts';

export interface Around {
  /** Of includes and the items of their loops: above what tasks registered and set. */
  readonly params: readonly Layer[];
  /** Of blocks and imports: below that, above the play. */
  readonly blocks: readonly Layer[];
  /** Of roles: below the inventory. */
  readonly defaults: readonly Layer[];
}

export const NOTHING_AROUND: Around = { params: [], blocks: [], defaults: [] };

/** Inside a block. */
export function entered<A extends Around>(around: A, { vars, params, defaults }: BlockEntry): A {
  return {
    ...around,
    params: [params, ...around.params],
    blocks: [vars, ...around.blocks],
    defaults: [defaults, ...around.defaults],
  };
}

/** In a round of a loop. @param item what its item and number are called. */
export function inRoundOf<A extends Around>(around: A, item: Layer): A {
  return { ...around, params: [item, ...around.params] };
}

/** Alone, without what else stands beside it. */
export const aroundOf = ({ params, blocks, defaults }: Around): Around => ({ params, blocks, defaults });
