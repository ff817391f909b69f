// How much room a fleet has to spare while some of its hosts are out, as plain numbers: memory of running kernel zones,
// the largest first, each onto the host with most room. It is quick and careful rather than clever: what it finds no
// place for may have one, what it places has one. Company of zones and processors are for the placement to see.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { HostSettings } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { ZoneRule } from '../model/inventory.ts';
import { known } from '../model/facts.ts';
import { memoryOf } from '../model/room.ts';
import { ALONE } from './company.ts';
import { freeNow, obstacles } from './fit.ts';
import { roomIn } from './host-view.ts';
import { withClass } from './world.ts';

export interface SpareQuestion {
  readonly facts: Readonly<Record<HostName, Facts>>;
  readonly settings: (host: HostName) => HostSettings;
  readonly rule: (zone: string) => ZoneRule | null;
}

interface Place {
  readonly name: HostName;
  readonly facts: Facts;
  readonly settings: HostSettings;
  /** Hosts of one kind are equal for a zone by everything but their room and their names. */
  readonly kind: number;
  /** Zones may go there, as long as it isn't taken out. */
  readonly takes: boolean;
}

/** A running kernel zone. */
interface Resident {
  readonly need: number;
  /** Zones of one kind may go to the same kinds of hosts. */
  readonly kind: number;
  readonly zone: ZoneFacts;
  readonly home: number;
  /** The only hosts where it may be; null: any. */
  readonly only: ReadonlySet<string> | null;
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

export class SpareRoom {
  readonly #places: readonly Place[];
  readonly #index: ReadonlyMap<HostName, number>;
  readonly #residents: readonly Resident[];
  readonly #free: Float64Array;
  readonly #need: Float64Array;
  readonly #isOut: Uint8Array;
  readonly #takes: Uint8Array;
  /** Where each resident is now, and who is at each place. */
  readonly #at: Int32Array;
  readonly #here: readonly Set<number>[];
  /** By kind of zone and of host. */
  readonly #fitting = new Map<number, boolean>();
  readonly #trail: (readonly [kind: 'moved' | 'out', what: number, from: number])[] = [];

  constructor({ facts, settings, rule }: SpareQuestion) {
    const all = Object.values(facts).sort((a, b) => (a.host < b.host ? -1 : 1));
    const kinds = new Kinds();
    this.#places = all.map(one => placeOf(one, settings(hostName(one.host)), kinds));
    this.#index = new Map(this.#places.map((place, index) => [place.name, index]));
    this.#free = Float64Array.from(this.#places, freeOf);
    this.#isOut = new Uint8Array(this.#places.length);
    this.#takes = Uint8Array.from(this.#places, ({ takes }) => (takes ? 1 : 0));
    this.#residents = this.#places.flatMap((place, home) => residentsOf({ place, home, kinds }, rule));
    this.#need = Float64Array.from(this.#residents, ({ need }) => need);
    this.#at = Int32Array.from(this.#residents, ({ home }) => home);
    this.#here = this.#places.map(() => new Set());
    this.#residents.forEach(({ home }, one) => this.#here[home]?.add(one));
  }

  mark(): number {
    return this.#trail.length;
  }

  /** As it was at that mark. */
  back(mark: number): void {
    while (this.#trail.length > mark) {
      const [kind, what, from] = this.#trail.pop() ?? ['out', -1, -1];
      if (kind === 'out') this.#isOut[what] = 0;
      else this.#shift(what, from);
    }
  }

  /**
   * Closes a host: what leaves it, and what was put there, goes to others. False, and nothing has changed, when a zone
   * finds no place.
   * @param leaving the names of its own zones that go. @param into only there; null: anywhere.
   */
  takeOut(host: HostName, leaving: ReadonlySet<string>, into: ReadonlySet<HostName> | null): boolean {
    const place = this.#index.get(host);
    if (place === undefined) return true;
    const mark = this.mark();
    this.#isOut[place] = 1;
    this.#trail.push(['out', place, -1]);
    const going = this.#residentsAt(place).filter(one => this.#goes(one, place, leaving));
    if (going.every(one => this.#putBest(one, into))) return true;
    this.back(mark);
    return false;
  }

  /** Somebody else has found where this zone goes. */
  put(zone: string, from: HostName, to: HostName): void {
    const [source, place] = [this.#index.get(from), this.#index.get(to)];
    if (source === undefined || place === undefined) return;
    const one = [...(this.#here[source] ?? [])].find(resident => this.#residents[resident]?.zone.name === zone);
    if (one !== undefined) this.#move(one, place);
  }

  close(host: HostName): void {
    const place = this.#index.get(host);
    if (place === undefined) return;
    this.#isOut[place] = 1;
    this.#trail.push(['out', place, -1]);
  }

  /**
   * Open hosts whose loss would leave a running kernel zone without a place: decided host by host, with everything where
   * it is now, the largest zone first onto the host with most room. More careful than a search would be.
   */
  endangered(): ReadonlySet<HostName> {
    const roomiest = this.#places.map((_, place) => place).filter(place => this.#isOpen(place));
    roomiest.sort((a, b) => this.#freeAt(b) - this.#freeAt(a) || a - b);
    const lost = this.#places.filter((_, place) => {
      const here = this.#here[place];
      return (
        here !== undefined && here.size > 0 && this.#isOut[place] === 0 && !this.#survives(place, [...here], roomiest)
      );
    });
    return new Set(lost.map(({ name }) => name));
  }

  /** Of so many zones, the largest first, each takes one of so many hosts with most room: no others need be looked at. */
  #survives(host: number, zones: readonly number[], roomiest: readonly number[]): boolean {
    const near = new Map<number, number>();
    const kinds = new Map<number, number>();
    for (const one of zones) {
      const kind = this.#residents[one]?.kind ?? -1;
      if (!kinds.has(kind)) kinds.set(kind, one);
    }
    const largest = zones.reduce((most, one) => Math.max(most, this.#needOf(one)), 0);
    let isPlain = true;
    for (const one of kinds.values()) {
      let found = 0;
      for (const place of roomiest) {
        if (found >= zones.length) break;
        if (place === host || !this.#fitsKind(one, place)) continue;
        near.set(place, this.#freeAt(place));
        isPlain &&= this.#freeAt(place) >= largest;
        found += 1;
      }
      isPlain &&= found >= zones.length;
    }
    // So many hosts that each has room for the largest of them: however they are shared out, one is left for each.
    if (isPlain) return true;
    return this.#largestFirst(zones).every(one => {
      const need = this.#needOf(one);
      let best = -1;
      let most = -1;
      for (const [place, free] of near)
        if (free >= need && (free > most || (free === most && place < best)) && this.#fitsKind(one, place))
          [best, most] = [place, free];
      if (best < 0) return false;
      near.set(best, most - need);
      return true;
    });
  }

  #residentsAt(place: number): readonly number[] {
    return this.#largestFirst([...(this.#here[place] ?? [])]);
  }

  #largestFirst(residents: readonly number[]): readonly number[] {
    return [...residents].sort((a, b) => this.#needOf(b) - this.#needOf(a) || a - b);
  }

  #goes(one: number, place: number, leaving: ReadonlySet<string>): boolean {
    const resident = this.#residents[one];
    return resident !== undefined && (resident.home !== place || leaving.has(resident.zone.name));
  }

  #putBest(one: number, into: ReadonlySet<HostName> | null): boolean {
    const need = this.#needOf(one);
    let best = -1;
    let most = -1;
    for (let place = 0; place < this.#places.length; place += 1) {
      const free = this.#freeAt(place);
      if (free < need || (best >= 0 && free <= most) || !this.#isOpen(place)) continue;
      const name = into === null ? undefined : this.#places[place]?.name;
      if (into !== null && (name === undefined || !into.has(name))) continue;
      if (this.#fitsKind(one, place)) [best, most] = [place, free];
    }
    if (best >= 0) this.#move(one, best);
    return best >= 0;
  }

  #move(one: number, place: number): void {
    this.#trail.push(['moved', one, this.#at[one] ?? -1]);
    this.#shift(one, place);
  }

  #shift(one: number, place: number): void {
    const from = this.#at[one] ?? -1;
    this.#free[from] = this.#freeAt(from) + this.#needOf(one);
    this.#free[place] = this.#freeAt(place) - this.#needOf(one);
    this.#at[one] = place;
    this.#here[from]?.delete(one);
    this.#here[place]?.add(one);
  }

  #needOf(one: number): number {
    return this.#need[one] ?? 0;
  }

  #freeAt(place: number): number {
    return this.#free[place] ?? 0;
  }

  #isOpen(place: number): boolean {
    return this.#takes[place] === 1 && this.#isOut[place] === 0;
  }

  /** Everything but room: asked once for each kind of zone and host. */
  #fitsKind(one: number, place: number): boolean {
    const [resident, to] = [this.#residents[one], this.#places[place]];
    if (resident === undefined || to === undefined) return false;
    if (resident.only !== null && !resident.only.has(to.name)) return false;
    const key = resident.kind * KINDS + to.kind;
    const before = this.#fitting.get(key);
    if (before !== undefined) return before;
    const source = this.#places[resident.home]?.facts ?? to.facts;
    const leaver = { zone: resident.zone, source, rule: null, company: ALONE };
    const fits = obstacles(leaver, { ...to.settings, facts: emptied(to.facts) }).length === 0;
    this.#fitting.set(key, fits);
    return fits;
  }
}

/** Descriptions as numbers, the same one for the same words. */
class Kinds {
  readonly #known = new Map<string, number>();

  numberOf(words: unknown): number {
    const text = JSON.stringify(words);
    const before = this.#known.get(text);
    if (before !== undefined) return before;
    this.#known.set(text, this.#known.size);
    return this.#known.size - 1;
  }
}

/** More kinds than there can be. */
const KINDS = 2 ** 26;

function placeOf(seen: Facts, settings: HostSettings, kinds: Kinds): Place {
  const facts = withClass(seen, settings.cpuClass);
  const { os, cpuClass, maintenance } = facts;
  const system = os.is === 'known' ? [os.value.arch, os.value.version] : ['?', facts.host];
  const processors = cpuClass.is === 'known' ? cpuClass.value : `? ${facts.host}`;
  const kind = kinds.numberOf([...system, processors, settings.pools]);
  const takes = settings.accepts && maintenance.is === 'open' && roomIn(facts, settings.reserveBytes).is === 'known';
  return { name: hostName(facts.host), facts, settings, kind, takes };
}

function freeOf({ facts, settings }: Place): number {
  const room = roomIn(facts, settings.reserveBytes);
  return room.is === 'known' ? Math.min(room.value.freeBytes, freeNow(facts) ?? EVERYTHING) : 0;
}

interface Home {
  readonly place: Place;
  readonly home: number;
  readonly kinds: Kinds;
}

function residentsOf({ place, home, kinds }: Home, rule: SpareQuestion['rule']): readonly Resident[] {
  const { facts } = place;
  if (facts.zones.is === 'unknown') return [];
  const running = facts.zones.value.filter(({ brand, state }) => brand === 'solaris-kz' && state === 'running');
  return running.map(zone => {
    const memory = memoryOf(zone);
    const { configuration } = zone;
    const about = configuration.is === 'known' ? [configuration.value.cpuArch, configuration.value.hostCompatible] : [];
    const said = rule(zone.name);
    const only = said?.pin ? [said.pin] : (said?.allowed ?? null);
    const kind = kinds.numberOf([place.kind, ...about, only]);
    const need = memory.is === 'known' ? memory.value : EVERYTHING;
    return { need, kind, zone, home, only: only === null ? null : new Set(only) };
  });
}

/** The same system with all the room there could be and nobody on it. */
function emptied(facts: Facts): Facts {
  const memory = { totalBytes: known(EVERYTHING), freeBytes: known(EVERYTHING), arcBytes: known(0) };
  return { ...facts, zones: known([]), memory, cpus: known(EVERYTHING), maintenance: { is: 'open' } };
}
