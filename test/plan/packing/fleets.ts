// Random fleets for the packing tests: kernel zones of a few sizes on hosts of a few sizes, filled to a wanted share.
import type { Instance, Item } from '../../../src/plan/place/packing/instance.ts';

/** A sequence of numbers in [0, 1): the same for the same seed (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GIB = 2 ** 30;

export interface FleetWish {
  readonly hosts: number;
  readonly zones: number;
  /** Memory of all zones against the room of all hosts. */
  readonly fill: number;
  readonly apart: number;
  /** Share of (zone, host) pairs that a rule forbids. */
  readonly forbidden: number;
}

export function fleet(seed: number, wish: FleetWish): Instance {
  const next = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const bins = Array.from({ length: wish.hosts }, (_, b) => {
    const memory = pick([256, 512, 512, 1024]) * GIB;
    const whole = [memory, pick([64, 128, 256])];
    return { name: `host${b}`, held: [memory / 16, 0], limit: whole, whole };
  });
  const room = bins.reduce((sum, bin) => sum + (bin.limit[0] ?? 0) - (bin.held[0] ?? 0), 0);
  const weights = Array.from({ length: wish.zones }, () => pick([1, 2, 2, 4, 4, 8, 16]) * (0.8 + 0.4 * next()));
  const unit = (room * wish.fill) / weights.reduce((sum, one) => sum + one, 0);
  const items: Item[] = weights.map((weight, i) => {
    const may = bins.map((_, b) => b).filter(() => next() >= wish.forbidden);
    const needs = [Math.floor(weight * unit), Math.ceil(weight * 2 * next())];
    return { name: `zone${i}`, needs, bins: may.length > 0 ? may : [0], at: null, cost: needs[0] ?? 0 };
  });
  const apart = Array.from({ length: wish.apart }, () => {
    const size = Math.min(wish.zones, 2 + Math.floor(next() * 2));
    return [...new Set(Array.from({ length: size }, () => Math.floor(next() * wish.zones)))];
  });
  return { bins, items, apart };
}
