// Which host has most room, asked thousands of times while zones are moved about: a tournament over the hosts of each
// kind, in which one change costs as many steps as the tournament has rounds. Hosts are numbers here; which of them take
// part, and what a kind is, is said by those who ask.

/** Of a host that takes no part. */
export const SHUT = Number.NEGATIVE_INFINITY;

class Tournament {
  /** The players, ascending; of equals the first wins. */
  readonly #players: readonly number[];
  readonly #seatOf: ReadonlyMap<number, number>;
  readonly #room: Float64Array;
  /** The winner's seat of each match; match 1 is the final, the seats follow behind the matches. */
  readonly #winner: Int32Array;
  readonly #seats: number;

  constructor(players: readonly number[], roomOf: (player: number) => number) {
    this.#players = players;
    this.#seatOf = new Map(players.map((player, seat) => [player, seat]));
    this.#seats = 2 ** Math.ceil(Math.log2(Math.max(1, players.length)));
    this.#room = new Float64Array(this.#seats).fill(SHUT);
    players.forEach((player, seat) => (this.#room[seat] = roomOf(player)));
    this.#winner = new Int32Array(2 * this.#seats);
    for (let seat = 0; seat < this.#seats; seat += 1) this.#winner[this.#seats + seat] = seat;
    for (let match = this.#seats - 1; match > 0; match -= 1) this.#play(match);
  }

  /** Nothing for one that doesn't play. */
  set(player: number, room: number): void {
    const seat = this.#seatOf.get(player);
    if (seat === undefined) return;
    this.#room[seat] = room;
    for (let match = (this.#seats + seat) >> 1; match > 0; match >>= 1) this.#play(match);
  }

  /** The one with most room; -1 when nobody plays. */
  first(): number {
    return this.#players[this.#winner[1] ?? 0] ?? -1;
  }

  /** What the first one has. */
  most(): number {
    return this.#room[this.#winner[1] ?? 0] ?? SHUT;
  }

  #play(match: number): void {
    const left = this.#winner[2 * match] ?? 0;
    const right = this.#winner[2 * match + 1] ?? 0;
    this.#winner[match] = (this.#room[left] ?? SHUT) >= (this.#room[right] ?? SHUT) ? left : right;
  }
}

/** Hosts of one kind. */
export interface Hall {
  /** Ascending. */
  readonly places: readonly number[];
  /** The one with most room, the first of equals. */
  readonly first: () => number;
  readonly most: () => number;
}

export class Halls {
  readonly all: readonly Hall[];
  readonly #tournamentOf: ReadonlyMap<number, Tournament>;

  /** @param places ascending. */
  constructor(places: readonly number[], kindOf: (place: number) => number, roomOf: (place: number) => number) {
    const byKind = new Map<number, number[]>();
    for (const place of places) {
      const fellows = byKind.get(kindOf(place));
      if (fellows === undefined) byKind.set(kindOf(place), [place]);
      else fellows.push(place);
    }
    const halls = [...byKind.values()].map(fellows => ({ fellows, order: new Tournament(fellows, roomOf) }));
    this.all = halls.map(({ fellows, order }) => ({
      places: fellows,
      first: () => order.first(),
      most: () => order.most(),
    }));
    this.#tournamentOf = new Map(halls.flatMap(({ fellows, order }) => fellows.map(place => [place, order] as const)));
  }

  has(place: number): boolean {
    return this.#tournamentOf.has(place);
  }

  /** What it has now; nothing for one that takes no part. */
  set(place: number, room: number): void {
    this.#tournamentOf.get(place)?.set(place, room);
  }
}
