// A map that never changes: `set` answers a new one, and every older one still holds what it held. Folding forty thousand
// actions through a plain object would copy that object at every event. Here all versions share one Map, which the
// newest holds; an older one knows what it has otherwise than the next, and takes the Map when it is asked (H. Baker,
// Shallow Binding Makes Functional Arrays Fast, 1991). So the newest costs what a Map costs.

interface Older<K extends string, V> {
  readonly next: Table<K, V>;
  readonly key: K;
  /** What it holds where the next holds something else; undefined: nothing. */
  readonly value: V | undefined;
}

export class Table<K extends string, V> {
  readonly size: number;
  /** Of the newest: the Map. Of an older one: null, and what it has otherwise than the next. */
  #held: Map<K, V> | null;
  #older: Older<K, V> | null = null;

  private constructor(map: Map<K, V>) {
    this.#held = map;
    this.size = map.size;
  }

  static empty<K extends string, V>(): Table<K, V> {
    return new Table<K, V>(new Map());
  }

  get(key: K): V | undefined {
    return (this.#held ?? this.#fetched()).get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): Table<K, V> {
    // The empty one shares with nobody, or all runs would share with one another.
    if (this.size === 0) return new Table(new Map([[key, value]]));
    const map = this.#held ?? this.#fetched();
    const before = map.get(key);
    map.set(key, value);
    const next = new Table(map);
    this.#held = null;
    this.#older = { next, key, value: before };
    return next;
  }

  values(): readonly V[] {
    return [...(this.#held ?? this.#fetched()).values()];
  }

  /** The Map, fetched from the newest, one version at a time: each that it leaves notes what it has otherwise. */
  #fetched(): Map<K, V> {
    const older: Table<K, V>[] = [];
    let at: Table<K, V> = this;
    for (; at.#older !== null; at = at.#older.next) older.push(at);
    const map = at.#held;
    if (map === null) throw new Error('of the versions of a table the newest lacks the Map');
    for (const table of older.reverse()) table.#takeFromNext(map);
    return map;
  }

  #takeFromNext(map: Map<K, V>): void {
    if (this.#older === null) return;
    const { next, key, value } = this.#older;
    next.#held = null;
    next.#older = { next: this, key, value: map.get(key) };
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    this.#held = map;
    this.#older = null;
  }
}
