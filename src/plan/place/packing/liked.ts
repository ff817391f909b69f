// Bins that are liked better than others, beyond use and cost: as long as they are enough, and none gets too full by
// it, only they are used.
import type { Instance, Policy } from './instance.ts';
import { pack, type Packed } from './pack.ts';

export interface Liking {
  readonly likes: (item: number, bin: number) => boolean;
  /** The highest use that it may lead to where all bins together would do with less. */
  readonly upTo: number;
}

/** The first liking that can be had, the strictest first; without any, as if there were none. */
export function packLiked(instance: Instance, policy: Policy, likings: readonly Liking[]): Packed {
  const whole = pack(instance, policy);
  if (whole.is === 'stuck') return whole;
  for (const { likes, upTo } of likings) {
    const liked = { ...instance, items: instance.items.map((item, i) => narrowed(item, bin => likes(i, bin))) };
    if (liked.items.every((item, i) => item.bins.length === instance.items[i]?.bins.length)) continue;
    if (liked.items.some(item => item.bins.length === 0)) continue;
    const packed = pack(liked, policy);
    if (packed.is === 'packed' && packed.value.use <= Math.max(upTo, whole.value.use)) return packed;
  }
  return whole;
}

function narrowed(item: Instance['items'][number], likes: (bin: number) => boolean): Instance['items'][number] {
  return { ...item, bins: item.bins.filter(bin => bin === item.at || likes(bin)) };
}
