// How far a wave that was planned again is from the one that a person approved. Hosts that left the way since are no
// news: what counts is what would be done now and wasn't approved so, and what isn't done of what was.
import type { Migration, WavePlan } from '../model/plan.ts';
import type { Replan } from '../model/program.ts';
import { bytesText } from '../text/size.ts';

interface Drift {
  readonly zones: number;
  readonly ofZones: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** null: near enough. Otherwise by how much, in words. */
export function tooFar(approved: WavePlan, now: WavePlan, { zones, bytes }: Replan): string | null {
  const drift = driftBetween(approved, now);
  const far = [
    ...(share(drift.zones, drift.ofZones) > zones
      ? [`${drift.zones} of ${drift.ofZones} zones (replan allows ${zones} %)`]
      : []),
    ...(share(drift.bytes, drift.ofBytes) > bytes
      ? [`${bytesText(drift.bytes)} of ${bytesText(drift.ofBytes)} (replan allows ${bytes} %)`]
      : []),
  ];
  return far.length === 0 ? null : far.join(', ');
}

function driftBetween(approved: WavePlan, now: WavePlan): Drift {
  const before = approved.migrations.filter(({ from }) => now.hosts.includes(from));
  const was = new Map(before.map(one => [zoneOf(one), one] as const));
  const isNow = new Map(now.migrations.map(one => [zoneOf(one), one] as const));
  const other = now.migrations.filter(one => was.get(zoneOf(one))?.to !== one.to);
  const dropped = before.filter(one => !isNow.has(zoneOf(one)));
  const added = now.migrations.filter(one => !was.has(zoneOf(one)));
  const grown = now.migrations.filter(one => !other.includes(one));
  const byHowMuch = grown.map(one => Math.abs(one.bytes - (was.get(zoneOf(one))?.bytes ?? one.bytes)));
  return {
    zones: other.length + dropped.length,
    ofZones: before.length + added.length,
    bytes: sum([...other, ...dropped].map(one => one.bytes)) + sum(byHowMuch),
    ofBytes: sum([...before, ...added].map(one => one.bytes)),
  };
}

const zoneOf = ({ zone, from }: Migration): string => `${zone} ${from}`;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const share = (part: number, whole: number): number => (part === 0 ? 0 : (part / whole) * 100);
