// A map that never changes: `set` answers a new one that shares nearly all of itself with the old. Folding forty
// thousand actions through a plain object would copy that object at every event. It has no order: sort what you show.
// A class, since it is read with methods like a Map; it holds no life.

type Leaf<V> = readonly (readonly [string, V])[];
type Branch<V> = readonly (Leaf<V> | undefined)[];
type Limb<V> = readonly (Branch<V> | undefined)[];
type Root<V> = readonly (Limb<V> | undefined)[];

export class Table<K extends string, V> {
  readonly size: number;
  readonly #root: Root<V>;
  /** Only the type of the keys. */
  declare readonly key: K;

  private constructor(root: Root<V>, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<K extends string, V>(): Table<K, V> {
    return new Table<K, V>([], 0);
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    const leaf = this.#root[hash & 31]?.[(hash >>> 5) & 31]?.[(hash >>> 10) & 31];
    return leaf?.find(([name]) => name === key)?.[1];
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): Table<K, V> {
    const hash = hashOf(key);
    const limb = this.#root[hash & 31] ?? [];
    const branch = limb[(hash >>> 5) & 31] ?? [];
    const leaf = branch[(hash >>> 10) & 31] ?? [];
    const at = leaf.findIndex(([name]) => name === key);
    const pair = [key, value] as const;
    const newLeaf = at < 0 ? [...leaf, pair] : leaf.with(at, pair);
    const newBranch = put(branch, (hash >>> 10) & 31, newLeaf);
    const newLimb = put(limb, (hash >>> 5) & 31, newBranch);
    return new Table<K, V>(put(this.#root, hash & 31, newLimb), this.size + (at < 0 ? 1 : 0));
  }

  *values(): IterableIterator<V> {
    for (const limb of this.#root)
      for (const branch of limb ?? []) for (const leaf of branch ?? []) for (const [, value] of leaf ?? []) yield value;
  }
}

function put<T>(list: readonly (T | undefined)[], at: number, value: T): readonly (T | undefined)[] {
  const copy = list.slice();
  while (copy.length < at) copy.push(undefined);
  copy[at] = value;
  return copy;
}

/** FNV-1a, with its high bits stirred in since only the low fifteen are used. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
