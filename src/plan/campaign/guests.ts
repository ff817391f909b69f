// Zones that are on a host and have their home on another: as earlier runs left them, and as the waves of this plan do.
// A host that holds one isn't closed: its evacuation would send the zone on, and its own host wouldn't find it again.
import type { Facts } from '../../model/facts.ts';
import type { HostName, ZoneName } from '../../model/ids.ts';
import type { WavePlan } from '../../model/plan.ts';

export interface Guest {
  readonly zone: ZoneName;
  readonly home: HostName;
  readonly at: HostName;
}

/** Of those that are said to be away, the ones that are seen there: the others are home, or nobody knows where. */
export function guestsSeen(away: readonly Guest[], facts: Readonly<Record<HostName, Facts>>): readonly Guest[] {
  return away.filter(({ zone, home, at }) => {
    const zones = facts[at]?.zones;
    const there = zones?.is === 'known' ? zones.value.find(one => one.name === zone) : undefined;
    return home !== at && there !== undefined && there.state !== 'configured';
  });
}

/**
 * Those that a wave brings home, or leaves for good where they are: zones that earlier runs left away from its hosts. One
 * that sysadm still lists keeps an open host from being closed at all.
 * @param returned hosts whose own tasks do so. @param facts before the wave.
 */
export function guestsReturned(
  guests: readonly Guest[],
  returned: ReadonlySet<HostName>,
  facts: Readonly<Record<HostName, Facts>>,
): readonly Guest[] {
  return guests.filter(({ zone, home }) => {
    const { maintenance, record } = facts[home] ?? {};
    const isListed = record?.is !== 'none' && !(record?.is === 'rows' && !record.rows.some(row => row.zone === zone));
    return returned.has(home) && (maintenance?.is === 'closed' || !isListed);
  });
}

/**
 * When a wave is through.
 * @param returned its hosts whose own tasks bring zones home, or leave them for good where they are.
 */
export function guestsAfter(
  guests: readonly Guest[],
  { migrations }: WavePlan,
  returned: ReadonlySet<HostName>,
): readonly Guest[] {
  const onward = new Map(migrations.map(({ zone, from, to }) => [`${zone} ${from}`, to] as const));
  const moved = guests.map(guest => ({ ...guest, at: onward.get(`${guest.zone} ${guest.at}`) ?? guest.at }));
  const known = new Set(guests.map(({ zone, at }) => `${zone} ${at}`));
  const left = migrations
    .filter(({ zone, from }) => !known.has(`${zone} ${from}`) && !returned.has(from))
    .map(({ zone, from, to }) => ({ zone, home: from, at: to }));
  return [...moved, ...left].filter(({ home, at }) => home !== at);
}

/** Why this host can't be closed: each of them in words. */
export function guestsOn(guests: readonly Guest[], host: HostName): readonly string[] {
  return guests
    .filter(({ at }) => at === host)
    .map(({ zone, home }) => `holds ${zone} of ${home}: bring it home first (zones.return on ${home})`);
}
