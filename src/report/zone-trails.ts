// Where each zone was before, where it went, and where it was last seen: from observations, looks and the results of
// steps (the ledger's keys). It never guesses: a zone that was seen nowhere says so.
import type { Event } from '../model/event.ts';
import type { ActionId } from '../model/ids.ts';
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';

export interface Sighting {
  readonly host: string;
  /** As the host calls it: `running`, `configured`, `installed/migrating-out`, `absent`. */
  readonly state: string;
  readonly at: number;
}

export interface Trail {
  readonly zone: string;
  /** The first observation: where it was more than a mere configuration. */
  before: Sighting | null;
  /** Hosts it went to, in order. */
  readonly during: string[];
  /** The newest sighting by host. */
  readonly seen: Map<string, Sighting>;
}

/** A host with only the configuration of a zone doesn't have the zone. */
const ELSEWHERE: readonly string[] = ['configured', 'absent'];
const UP: readonly string[] = ['running', 'ready', 'shutting_down', 'down'];

export const isUp = (state: string): boolean => UP.includes(state.split('/')[0] ?? '');

interface Move {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly was: string;
}

const backwards = (move: Move): Move => ({ ...move, from: move.to, to: move.from });

function movesIn(result: JsonObject): readonly Move[] {
  const rows: Json | undefined = result['migrated'];
  if (!isArray(rows)) return [];
  return rows.flatMap(row => {
    if (!isObject(row)) return [];
    const { zone, from, to, was } = row;
    if (typeof zone !== 'string' || typeof from !== 'string' || typeof to !== 'string') return [];
    return [{ zone, from, to, was: typeof was === 'string' ? was : 'running' }];
  });
}

export class ZoneTrails {
  readonly #moves = new Map<ActionId, readonly Move[]>();
  readonly #trails = new Map<string, Trail>();

  see(event: Event & { readonly at: number }): void {
    switch (event.type) {
      case 'observed':
        for (const facts of Object.values(event.facts)) {
          if (facts.zones.is === 'unknown') continue;
          for (const zone of facts.zones.value) {
            const aux = zone.aux.is === 'known' && zone.aux.value !== '' ? `/${zone.aux.value}` : '';
            this.#sighted(zone.name, { host: facts.host, state: `${zone.state}${aux}`, at: event.at });
          }
        }
        break;
      case 'looked':
        if (isObject(event.seen['zones']))
          for (const [zone, state] of Object.entries(event.seen['zones']))
            if (typeof state === 'string') this.#sighted(zone, { host: event.on, state, at: event.at });
        break;
      case 'action-ended':
        this.#moved(movesIn(event.result), event.at);
        this.#moves.set(event.action, movesIn(event.result));
        break;
      case 'undo-ended':
        if (event.outcome === 'changed' || event.outcome === 'unchanged')
          this.#moved((this.#moves.get(event.action) ?? []).map(backwards), event.at);
        break;
      default:
    }
  }

  /** By name. The global zone is no zone that goes anywhere. */
  all(): readonly Trail[] {
    return [...this.#trails.values()].sort((a, b) => (a.zone < b.zone ? -1 : 1));
  }

  /** Zones that went somewhere, or that are elsewhere or otherwise than before. */
  moved(): readonly Trail[] {
    return this.all().filter(trail => trail.during.length > 0 || nowText(trail) !== beforeText(trail));
  }

  of(host: string): readonly Trail[] {
    return this.all().filter(trail => trail.before?.host === host);
  }

  #trail(zone: string): Trail {
    const found = this.#trails.get(zone) ?? { zone, before: null, during: [], seen: new Map<string, Sighting>() };
    this.#trails.set(zone, found);
    return found;
  }

  #sighted(zone: string, sighting: Sighting): void {
    if (zone === 'global') return;
    const trail = this.#trail(zone);
    trail.seen.set(sighting.host, sighting);
    if (trail.before === null && !ELSEWHERE.includes(sighting.state)) trail.before = sighting;
  }

  #moved(moves: readonly Move[], at: number): void {
    for (const { zone, from, to, was } of moves) {
      this.#sighted(zone, { host: from, state: 'configured', at });
      this.#sighted(zone, { host: to, state: was, at });
      this.#trail(zone).during.push(to);
    }
  }
}

/** Where it is now: usually one host; none or two are told as what they are. */
export function placesOf(trail: Trail): readonly Sighting[] {
  return [...trail.seen.values()].filter(sighting => !ELSEWHERE.includes(sighting.state));
}

const placeText = ({ host, state }: Sighting): string => `${state} on ${host}`;

export function beforeText(trail: Trail): string {
  return trail.before ? placeText(trail.before) : 'not seen';
}

export function nowText(trail: Trail): string {
  const places = placesOf(trail);
  return places.length === 0 ? 'not seen anywhere' : places.map(placeText).join(' AND ');
}

/** When its newest place was seen; null when it was never seen. */
export function seenAt(trail: Trail): number | null {
  const places = placesOf(trail);
  return places.length === 0 ? null : Math.max(...places.map(place => place.at));
}
