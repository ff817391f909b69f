// Chance with a name: the same seed and words give the same numbers, whatever else was drawn before. So one more
// draw in one place doesn't reshuffle a whole fleet.

export type Chance = () => number;

function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}

/** Numbers in [0, 1). */
export function chance(seed: number, ...words: readonly (string | number)[]): Chance {
  let state = hash(`${seed}/${words.join('/')}`);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(items: readonly T[], next: Chance): readonly T[] {
  const keyed = items.map(item => ({ item, key: next() }));
  return keyed.sort((a, b) => a.key - b.key).map(k => k.item);
}

export function hex(next: Chance, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(next() * 16).toString(16);
  return text;
}

export function uuid(next: Chance): string {
  return [8, 4, 4, 4, 12].map(n => hex(next, n)).join('-');
}
