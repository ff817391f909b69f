// How long migrations take that go on at the same time: memory over links that several share. A fluid: each migration
// gets its part of the narrower of the two links, less what its zone writes again meanwhile. It decides nothing.
import type { HostName } from '../model/ids.ts';

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
  moving: Moving[];
  /** When the batch that was begun starts to copy. */
  readyAt: number;
  endMs: number;
}

/** @param lanes of each the batches, one after the other. @returns when each lane is through, in milliseconds. */
export function transferMs(lanes: readonly (readonly (readonly Flow[])[])[], line: Line): readonly number[] {
  const all = lanes.map((batches): Lane => ({ batches, next: 0, moving: [], readyAt: 0, endMs: 0 }));
  for (const lane of all) begin(lane, 0, line);
  let now = 0;
  for (let busy = all.filter(isBusy); busy.length > 0; busy = busy.filter(isBusy)) {
    const copying = busy.filter(lane => lane.readyAt <= now).flatMap(lane => lane.moving);
    const rates = ratesOf(copying, line);
    const soonest = Math.min(
      ...busy.flatMap(lane => (lane.readyAt > now ? [lane.readyAt - now] : [])),
      ...copying.map((one, n) => (one.left / (rates[n] ?? 1)) * 1000),
    );
    now += soonest;
    copying.forEach((one, n) => (one.left -= ((rates[n] ?? 0) * soonest) / 1000));
    for (const lane of busy) settle(lane, now, line);
  }
  return all.map(lane => Math.round(lane.endMs));
}

const isBusy = (lane: Lane): boolean => lane.moving.length > 0;

/** Less than this is nothing: what is left of sums of fractions. */
const DUST = 1;

function settle(lane: Lane, now: number, line: Line): void {
  if (lane.readyAt > now) return;
  lane.moving = lane.moving.filter(one => one.left > DUST);
  if (lane.moving.length > 0) return;
  lane.endMs = now;
  begin(lane, now, line);
}

function begin(lane: Lane, now: number, line: Line): void {
  const batch = lane.batches[lane.next];
  if (batch === undefined) return;
  lane.next += 1;
  lane.readyAt = now + line.batchMs;
  // A zone that isn't running has no memory to copy: it takes the time of the batch alone.
  lane.moving = batch.map(flow => ({ flow, left: Math.max(2 * DUST, flow.bytes) }));
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
