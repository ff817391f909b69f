// One host's facts, indexed for questions that are asked of it for every zone of a wave. Made once for each look at the
// host; nothing is kept that its facts don't say.
import type { Facts, Known, ZoneFacts } from '../../model/facts.ts';
import { type Room, roomOf } from '../../model/room.ts';

export interface HostView {
  readonly byName: ReadonlyMap<string, ZoneFacts>;
  /** By shared storage: zones with more than a configuration that hold it. */
  readonly holders: ReadonlyMap<string, readonly ZoneFacts[]>;
  /** What it can give, for each reserve that was asked about. */
  readonly rooms: Map<number | null, Known<Room>>;
}

const views = new WeakMap<Facts, HostView>();

export function viewOf(facts: Facts): HostView {
  const made = views.get(facts);
  if (made) return made;
  const zones = facts.zones.is === 'known' ? facts.zones.value : [];
  const holders = new Map<string, ZoneFacts[]>();
  for (const zone of zones.filter(one => UP.includes(one.state)))
    for (const mark of sharedStorageOf(zone)) holders.set(mark, [...(holders.get(mark) ?? []), zone]);
  const view = { byName: new Map(zones.map(zone => [zone.name, zone])), holders, rooms: new Map() };
  views.set(facts, view);
  return view;
}

export function roomIn(facts: Facts, reserveBytes: number | null): Known<Room> {
  const { rooms } = viewOf(facts);
  const made = rooms.get(reserveBytes);
  if (made) return made;
  const room = roomOf(facts, reserveBytes);
  rooms.set(reserveBytes, room);
  return room;
}

/** More than a configuration; an `unavailable` one is an old entry of a zone that is up elsewhere. */
const UP: readonly string[] = ['installed', 'running', 'ready', 'shutting_down', 'down'];

const marks = new WeakMap<ZoneFacts, readonly string[]>();

/** What two zones must have in common to be one: storage that both hosts reach. Case means nothing in identifiers. */
export function sharedStorageOf(zone: ZoneFacts): readonly string[] {
  const made = marks.get(zone);
  if (made) return made;
  const { configuration } = zone;
  const storage = configuration.is === 'known' ? configuration.value.storage : [];
  const found = storage.map(uri => uri.toLowerCase()).filter(uri => /^(?:iscsi|lu|nfs):/.test(uri));
  marks.set(zone, found);
  return found;
}

/** Zones of a host that hold any of this zone's storage, each once. */
export function holdersOn(facts: Facts, zone: ZoneFacts): readonly ZoneFacts[] {
  const { holders } = viewOf(facts);
  if (holders.size === 0) return [];
  return [...new Set(sharedStorageOf(zone).flatMap(mark => holders.get(mark) ?? []))];
}
