// The migrations of a wave in the order in which they begin: what `moves` of zones.evacuate, its batches and the tables
// of a plan follow. Sources of a wave take no zones of it, so nothing waits for anything but room and limits.
import type { Facts } from '../../model/facts.ts';
import { type HostName, hostName } from '../../model/ids.ts';
import type { Migration } from '../../model/plan.ts';
import type { MoveLimits } from '../../model/move-limits.ts';
import { sparedBytes } from '../place/fit.ts';
import { type MoveOrder, moveOrder, type Trip } from './move-order.ts';

/** By host, what it may still take; without those of which nobody knows. */
export function freeBytesOf(
  facts: Readonly<Record<HostName, Facts>>,
  reserveBytes: (host: HostName) => number | null,
): Readonly<Record<HostName, number>> {
  return Object.fromEntries(
    Object.values(facts).flatMap(one => {
      const bytes = sparedBytes(one, reserveBytes(hostName(one.host)));
      return bytes === null ? [] : [[one.host, bytes] as const];
    }),
  );
}

const tripOf = ({ zone, from, to, bytes }: Migration): Trip => ({ zone, from, to, bytes, parks: [], apart: [] });

/** @param freeBytes empty: room is no question any more, only limits are. */
export function stagesOf(
  migrations: readonly Migration[],
  freeBytes: Readonly<Record<HostName, number>>,
  limits: MoveLimits,
): MoveOrder {
  return moveOrder({ trips: migrations.map(tripOf), freeBytes, limits });
}

/** The same migrations, each once. */
export function inMoveOrder(migrations: readonly Migration[], order: MoveOrder): readonly Migration[] {
  const keyOf = ({ zone, from }: Pick<Migration, 'zone' | 'from'>): string => `${zone} ${from}`;
  const byKey = new Map(migrations.map(one => [keyOf(one), one]));
  const ordered = order.stages.flat().flatMap(leg => byKey.get(keyOf(leg)) ?? []);
  const had = new Set(ordered);
  return [...ordered, ...migrations.filter(one => !had.has(one))];
}
