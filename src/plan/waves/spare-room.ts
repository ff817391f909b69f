// How much room a fleet has to spare while some of its hosts are out, as plain numbers: memory of running kernel zones,
// the largest first, each onto the host with most room. It is quick and careful rather than clever: what it finds no
// place for may have one, what it places has one. Company of zones and processors are for the placement to see.
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import type { HostSettings } from '../../model/host-variable.ts';
import { type HostName, hostName } from '../../model/ids.ts';
import type { ZoneRule } from '../../model/inventory.ts';
import { known } from '../../model/facts.ts';
import { memoryOf } from '../../model/room.ts';
import { ALONE } from '../place/company.ts';
import { obstacles, poolOf, sparedBytes } from '../place/fit.ts';
import { roomIn } from '../place/host-view.ts';
import { type Hall, Halls, SHUT } from './roomiest.ts';
import { withClass } from '../place/world.ts';

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
  readonly only: readonly number[] | null;
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

export class SpareRoom {
  readonly #places: readonly Place[];
  readonly #index: ReadonlyMap<HostName, number>;
  /** The largest first: a lower number is never a smaller zone. */
  readonly #residents: readonly Resident[];
  readonly #free: Float64Array;
  readonly #isOut: Uint8Array;
  /** Where each resident is now, and who is at each place, ascending. */
  readonly #at: Int32Array;
  readonly #here: readonly number[][];
  /** By kind of zone and of host. */
  readonly #fitting = new Map<number, boolean>();
  readonly #trail: (readonly [kind: 'moved' | 'out', what: number, from: number])[] = [];
  /** Open hosts. */
  readonly #anywhere: Halls;
  /** Those of them where zones may go at present; null: all. */
  #within: { readonly into: ReadonlySet<HostName>; readonly halls: Halls } | null = null;
  /** Who was found to be in danger last: the first one to be asked about again. */
  #suspect = -1;

  constructor({ facts, settings, rule }: SpareQuestion) {
    const all = Object.values(facts).sort((a, b) => (a.host < b.host ? -1 : 1));
    const kinds = new Kinds();
    this.#places = all.map(one => placeOf(one, settings(hostName(one.host)), kinds));
    this.#index = new Map(this.#places.map((place, index) => [place.name, index]));
    this.#free = Float64Array.from(this.#places, freeOf);
    this.#isOut = new Uint8Array(this.#places.length);
    this.#residents = this.#places
      .flatMap((place, home) => residentsOf({ place, home, kinds, index: this.#index }, rule))
      .sort((a, b) => b.need - a.need);
    this.#at = Int32Array.from(this.#residents, ({ home }) => home);
    this.#here = this.#places.map(() => []);
    this.#residents.forEach(({ home }, one) => this.#here[home]?.push(one));
    this.#anywhere = this.#hallsOf(() => true);
  }

  mark(): number {
    return this.#trail.length;
  }

  /** As it was at that mark. */
  back(mark: number): void {
    while (this.#trail.length > mark) {
      const [kind, what, from] = this.#trail.pop() ?? ['out', -1, -1];
      if (kind === 'moved') this.#shift(what, from);
      else {
        this.#isOut[what] = 0;
        this.#show(what);
      }
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
    this.#shut(place);
    const going = (this.#here[place] ?? []).filter(one => this.#goes(one, place, leaving));
    const halls = this.#hallsIn(into);
    const isPut = going.every(one => {
      const best = this.#bestFor(one, halls);
      if (best >= 0) this.#move(one, best);
      return best >= 0;
    });
    if (!isPut) this.back(mark);
    return isPut;
  }

  /** Somebody else has found where this zone goes. */
  put(zone: string, from: HostName, to: HostName): void {
    const [source, place] = [this.#index.get(from), this.#index.get(to)];
    if (source === undefined || place === undefined) return;
    const one = this.#here[source]?.find(resident => this.#residents[resident]?.zone.name === zone);
    if (one !== undefined) this.#move(one, place);
  }

  close(host: HostName): void {
    const place = this.#index.get(host);
    if (place !== undefined) this.#shut(place);
  }

  /**
   * Open hosts whose loss would leave a running kernel zone without a place: decided host by host, with everything where
   * it is now, the largest zone first onto the host with most room. More careful than a search would be.
   */
  endangered(): ReadonlySet<HostName> {
    const roomiest = this.#roomiest();
    return new Set(this.#places.flatMap(({ name }, place) => (this.#survives(place, roomiest) ? [] : [name])));
  }

  /** Whether any others than these are. */
  isDangerous(hopeless: ReadonlySet<HostName>): boolean {
    const roomiest = this.#roomiest();
    const isLost = (place: number): boolean => {
      const name = this.#places[place]?.name;
      return name !== undefined && !hopeless.has(name) && !this.#survives(place, roomiest);
    };
    if (isLost(this.#suspect)) return true;
    const found = this.#places.findIndex((_, place) => isLost(place));
    if (found >= 0) this.#suspect = found;
    return found >= 0;
  }

  /** For each kind of host, its open ones, the roomiest first. */
  #roomiest(): readonly (readonly number[])[] {
    return this.#anywhere.all.map(({ places }) =>
      places.filter(place => this.#isOpen(place)).sort((a, b) => this.#freeAt(b) - this.#freeAt(a) || a - b),
    );
  }

  /** Of so many zones, the largest first, each takes the host with most room. */
  #survives(host: number, roomiest: readonly (readonly number[])[]): boolean {
    const zones = this.#here[host] ?? [];
    if (this.#isOut[host] === 1 || zones.length === 0 || this.#hasRoomForEach(zones, roomiest)) return true;
    const taken: (readonly [place: number, free: number])[] = [];
    this.#anywhere.set(host, SHUT);
    const isSaved = zones.every(one => {
      const best = this.#bestFor(one, this.#anywhere);
      if (best < 0) return false;
      const free = this.#freeAt(best);
      taken.push([best, free]);
      this.#free[best] = free - this.#needOf(one);
      this.#anywhere.set(best, this.#freeAt(best));
      return true;
    });
    for (const [place, free] of taken.reverse()) {
      this.#free[place] = free;
      this.#anywhere.set(place, free);
    }
    this.#show(host);
    return isSaved;
  }

  /** So many hosts that each has room for the largest of them: however they are shared out, one is left for each. */
  #hasRoomForEach(zones: readonly number[], roomiest: readonly (readonly number[])[]): boolean {
    const need = this.#needOf(zones[0] ?? -1);
    return this.#anywhere.all.some((hall, n) => {
      const last = roomiest[n]?.[zones.length] ?? -1;
      return last >= 0 && this.#freeAt(last) >= need && zones.every(one => this.#isFreeFor(one, hall));
    });
  }

  #isFreeFor(one: number, hall: Hall): boolean {
    return this.#residents[one]?.only === null && this.#fitsIn(one, hall);
  }

  #goes(one: number, place: number, leaving: ReadonlySet<string>): boolean {
    const resident = this.#residents[one];
    return resident !== undefined && (resident.home !== place || leaving.has(resident.zone.name));
  }

  /** The open host with most room, the first by name of equals; -1: none has enough. */
  #bestFor(one: number, halls: Halls): number {
    const only = this.#residents[one]?.only ?? null;
    const need = this.#needOf(one);
    let best = -1;
    let most = SHUT;
    const better = (place: number, free: number): void => {
      if (free < need || free < most || (free === most && place > best)) return;
      [best, most] = [place, free];
    };
    for (const hall of halls.all) {
      if (!this.#fitsIn(one, hall)) continue;
      if (only === null) better(hall.first(), hall.most());
      else
        for (const place of only)
          if (this.#kindAt(place) === this.#kindAt(hall.places[0]) && halls.has(place) && this.#isOpen(place))
            better(place, this.#freeAt(place));
    }
    return best;
  }

  #hallsIn(into: ReadonlySet<HostName> | null): Halls {
    if (into === null) this.#within = null;
    else if (this.#within?.into !== into) this.#within = { into, halls: this.#hallsOf(({ name }) => into.has(name)) };
    return this.#within?.halls ?? this.#anywhere;
  }

  #hallsOf(takesPart: (place: Place) => boolean): Halls {
    const among = this.#places.flatMap((place, index) => (place.takes && takesPart(place) ? [index] : []));
    return new Halls(
      among,
      place => this.#kindAt(place),
      place => (this.#isOpen(place) ? this.#freeAt(place) : SHUT),
    );
  }

  #shut(place: number): void {
    this.#isOut[place] = 1;
    this.#trail.push(['out', place, -1]);
    this.#tell(place, SHUT);
  }

  #move(one: number, place: number): void {
    this.#trail.push(['moved', one, this.#at[one] ?? -1]);
    this.#shift(one, place);
  }

  #shift(one: number, place: number): void {
    const from = this.#at[one] ?? -1;
    const left = this.#here[from] ?? [];
    left.splice(left.indexOf(one), 1);
    const there = this.#here[place] ?? [];
    const behind = there.findIndex(other => other > one);
    there.splice(behind < 0 ? there.length : behind, 0, one);
    this.#at[one] = place;
    this.#free[from] = this.#freeAt(from) + this.#needOf(one);
    this.#free[place] = this.#freeAt(place) - this.#needOf(one);
    this.#show(from);
    this.#show(place);
  }

  /** What it has, to those who ask for the roomiest. */
  #show(place: number): void {
    if (this.#isOpen(place)) this.#tell(place, this.#freeAt(place));
  }

  #tell(place: number, room: number): void {
    this.#anywhere.set(place, room);
    this.#within?.halls.set(place, room);
  }

  #kindAt(place: number | undefined): number {
    return this.#places[place ?? -1]?.kind ?? -1;
  }

  #needOf(one: number): number {
    return this.#residents[one]?.need ?? 0;
  }

  #freeAt(place: number): number {
    return this.#free[place] ?? 0;
  }

  #isOpen(place: number): boolean {
    return this.#places[place]?.takes === true && this.#isOut[place] === 0;
  }

  /** Everything but room: asked once for each kind of zone and host. */
  #fitsIn(one: number, hall: Hall): boolean {
    const [resident, to] = [this.#residents[one], this.#places[hall.places[0] ?? -1]];
    if (resident === undefined || to === undefined) return false;
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
  return sparedBytes(facts, settings.reserveBytes) ?? 0;
}

interface Home {
  readonly place: Place;
  readonly home: number;
  readonly kinds: Kinds;
  readonly index: ReadonlyMap<HostName, number>;
}

function residentsOf({ place, home, kinds, index }: Home, rule: SpareQuestion['rule']): readonly Resident[] {
  const { facts } = place;
  if (facts.zones.is === 'unknown') return [];
  const running = facts.zones.value.filter(({ brand, state }) => brand === 'solaris-kz' && state === 'running');
  return running.map(zone => {
    const memory = memoryOf(zone);
    const { configuration } = zone;
    const about = configuration.is === 'known' ? [configuration.value.cpuArch, configuration.value.hostCompatible] : [];
    const said = rule(zone.name);
    const only = said?.pin ? [said.pin] : (said?.allowed ?? null);
    const kind = kinds.numberOf([place.kind, ...about, poolOf(zone), only]);
    const need = memory.is === 'known' ? memory.value : EVERYTHING;
    return { need, kind, zone, home, only: only?.flatMap(name => index.get(hostName(name)) ?? []) ?? null };
  });
}

/** The same system with all the room there could be and nobody on it. */
function emptied(facts: Facts): Facts {
  const memory = { totalBytes: known(EVERYTHING), freeBytes: known(EVERYTHING), arcBytes: known(0) };
  return { ...facts, zones: known([]), memory, cpus: known(EVERYTHING), maintenance: { is: 'open' } };
}
