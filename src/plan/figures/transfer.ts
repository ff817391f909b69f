// How long migrations take that go on at the same time: memory over links that several share. A fluid: each migration
// gets its part of the narrower of the two links, less what its zone writes again meanwhile. It decides nothing.
import type { HostName } from '../../model/ids.ts';
import { fitting, type MoveLimits } from '../../model/move-limits.ts';

export interface Flow {
  readonly from: HostName;
  readonly to: HostName;
  readonly bytes: number;
}

export interface Line {
  /** What the link of a host carries of migrations. */
  readonly linkBytesPerSecond: (host: HostName) => number;
  /** What a zone of a host writes to its memory while it is copied: that is sent again. */
  readonly dirtyBytesPerSecond: (host: HostName) => number;
  /** Of each batch, before its first byte: targets, a look at the destinations, booting the receivers. */
  readonly batchMs: number;
  readonly limits: MoveLimits;
}

/** A copy that falls behind what is written is paused and finished at last: no slower than this part of its share. Ours, not measured. */
const LEAST_PART = 0.2;

interface Moving {
  readonly flow: Flow;
  left: number;
}

interface Lane {
  readonly batches: readonly (readonly Flow[])[];
  next: number;
  /** Of the batch that was begun, those that have no place yet. */
  waiting: readonly Flow[];
  /** What was begun together: the places are free again when the last of it is through. */
  together: readonly Flow[];
  moving: Moving[];
  /** When what was begun last starts to copy. */
  readyAt: number;
  endMs: number;
}

/** @param lanes of each the batches, one after the other. @returns when each lane is through, in milliseconds. */
export function transferMs(lanes: readonly (readonly (readonly Flow[])[])[], line: Line): readonly number[] {
  const all = lanes.map(
    (batches): Lane => ({ batches, next: 0, waiting: [], together: [], moving: [], readyAt: 0, endMs: 0 }),
  );
  let now = 0;
  let busy = all.filter(lane => settle(lane, now));
  while (busy.length > 0) {
    begin(busy, now, line);
    const copying = busy.filter(lane => lane.readyAt <= now).flatMap(lane => lane.moving);
    const rates = ratesOf(copying, line);
    const soonest = Math.min(
      ...busy.flatMap(lane => (lane.readyAt > now ? [lane.readyAt - now] : [])),
      ...copying.map((one, n) => (one.left / (rates[n] ?? 1)) * 1000),
    );
    now += soonest;
    copying.forEach((one, n) => (one.left -= ((rates[n] ?? 0) * soonest) / 1000));
    busy = busy.filter(lane => settle(lane, now));
  }
  return all.map(lane => Math.round(lane.endMs));
}

/** Less than this is nothing: what is left of sums of fractions. */
const DUST = 1;

/** @returns whether there is more to do. */
function settle(lane: Lane, now: number): boolean {
  if (lane.readyAt > now) return true;
  lane.moving = lane.moving.filter(one => one.left > DUST);
  if (lane.moving.length > 0) return true;
  lane.together = [];
  if (lane.waiting.length > 0) return true;
  lane.endMs = now;
  lane.waiting = lane.batches[lane.next] ?? [];
  lane.next += 1;
  return lane.waiting.length > 0;
}

/** Lanes with nothing under way take what there is a place for, as the run does. */
function begin(busy: readonly Lane[], now: number, { limits, batchMs }: Line): void {
  const taken = busy.flatMap(lane => lane.together);
  for (const lane of busy) {
    if (lane.moving.length > 0 || lane.waiting.length === 0) continue;
    lane.together = fitting(lane.waiting, limits, taken);
    if (lane.together.length === 0) continue;
    taken.push(...lane.together);
    lane.waiting = lane.waiting.filter(flow => !lane.together.includes(flow));
    lane.readyAt = now + batchMs;
    // A zone that isn't running has no memory to copy: it takes the time of the batch alone.
    lane.moving = lane.together.map(flow => ({ flow, left: Math.max(2 * DUST, flow.bytes) }));
  }
}

function ratesOf(copying: readonly Moving[], line: Line): readonly number[] {
  const out = counted(copying.map(({ flow }) => flow.from));
  const into = counted(copying.map(({ flow }) => flow.to));
  return copying.map(({ flow: { from, to } }) => {
    const share = Math.min(
      line.linkBytesPerSecond(from) / (out.get(from) ?? 1),
      line.linkBytesPerSecond(to) / (into.get(to) ?? 1),
    );
    return Math.max(share - line.dirtyBytesPerSecond(from), share * LEAST_PART);
  });
}

function counted(hosts: readonly HostName[]): ReadonlyMap<HostName, number> {
  const counts = new Map<HostName, number>();
  for (const host of hosts) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}
