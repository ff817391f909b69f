// Why nothing can be packed, where that can be proved by counting: whatever the search may try. A proof is numbers; its
// words are for others. That there is none doesn't mean that there is a packing.
import type { Instance, Item, Vector } from './instance.ts';

export type Proof =
  /** No bin may take it, whatever is free, or none has room for it even if it takes nothing else. */
  | { readonly is: 'nowhere'; readonly item: number }
  /** These may only be in those bins, and need more than those have. */
  | {
      readonly is: 'too-much';
      readonly resource: number;
      readonly items: readonly number[];
      readonly bins: readonly number[];
      readonly needed: number;
      readonly free: number;
    }
  /** Each of these needs a bin of its own, and there are fewer. */
  | { readonly is: 'too-many'; readonly items: readonly number[]; readonly bins: readonly number[] };

/** The first that is found: what concerns the fewest items first. */
export function proofOf(instance: Instance): Proof | null {
  const rooms = roomsOf(instance);
  const nowhere = instance.items.findIndex(item => item.bins.every(bin => !mayHold(rooms[bin], item)));
  if (nowhere >= 0) return { is: 'nowhere', item: nowhere };
  return tooMany(instance) ?? tooMuch(instance, rooms);
}

/** What items may take of each bin. Those that are there may stay though they are more than it has room for. */
function roomsOf({ bins, items }: Instance): readonly Vector[] {
  return bins.map(({ held, limit }, bin) => {
    const there = items.filter(({ at }) => at === bin);
    return limit.map((most, resource) => {
      const taken = held[resource] ?? 0;
      const theirs = there.reduce((sum, { needs }) => sum + (needs[resource] ?? 0), 0);
      return Math.max(theirs, Number.isFinite(taken) ? most - taken : 0);
    });
  });
}

const mayHold = (room: Vector | undefined, { needs }: Item): boolean =>
  needs.every((need, resource) => need === 0 || need <= (room?.[resource] ?? 0));

function tooMany({ items, apart }: Instance): Proof | null {
  for (const group of apart) {
    const bins = unionOf(group.map(item => items[item]?.bins ?? []));
    if (bins.length < group.length) return { is: 'too-many', items: group, bins };
  }
  return null;
}

/** Asked for each set of bins that some item is bound to, and for all of them. */
function tooMuch({ items }: Instance, rooms: readonly Vector[]): Proof | null {
  const sets = new Map(items.map(item => [item.bins.join(' '), item.bins]));
  const all = unionOf(items.map(item => item.bins));
  sets.set(all.join(' '), all);
  const smallFirst = [...sets.values()].sort((a, b) => a.length - b.length || (a.join(' ') < b.join(' ') ? -1 : 1));
  for (const set of smallFirst) {
    const among = new Set(set);
    const bound = items.flatMap((item, i) => (item.bins.every(bin => among.has(bin)) ? [i] : []));
    for (let resource = 0; resource < (items[0]?.needs.length ?? 0); resource += 1) {
      const inNeed = bound.filter(i => (items[i]?.needs[resource] ?? 0) > 0);
      const needed = inNeed.reduce((sum, i) => sum + (items[i]?.needs[resource] ?? 0), 0);
      const free = set.reduce((sum, bin) => sum + (rooms[bin]?.[resource] ?? 0), 0);
      if (needed > free) return { is: 'too-much', resource, items: inNeed, bins: set, needed, free };
    }
  }
  return null;
}

function unionOf(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
