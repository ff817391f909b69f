// A list that never changes: `with` answers a new one that is longer by one, and every older one still holds what it
// held. Copying a list of five thousand actions at each event of a host would take longer than all the rest of folding
// it. Here all versions share one array, of which each sees as much as was there when it was made; a second list that is
// made longer from the same older one gets an array of its own.

export class Sequence<T> {
  readonly length: number;
  readonly #shared: T[];

  private constructor(shared: T[]) {
    this.#shared = shared;
    this.length = shared.length;
  }

  static empty<T>(): Sequence<T> {
    return new Sequence<T>([]);
  }

  with(item: T): Sequence<T> {
    const isNewest = this.length > 0 && this.#shared.length === this.length;
    const shared = isNewest ? this.#shared : this.#shared.slice(0, this.length);
    shared.push(item);
    return new Sequence(shared);
  }

  values(): readonly T[] {
    return this.#shared.slice(0, this.length);
  }
}
