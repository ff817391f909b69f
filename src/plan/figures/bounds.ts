// What no plan could beat, beside what this one needs: bytes, migrations, waves, time. Each bound says how it is made;
// each holds for every plan that empties the same hosts, however clever, with the same links and steps.
import type { Bound } from '../../model/figures.ts';
import type { HostName, ZoneName } from '../../model/ids.ts';
import { aboutText } from '../../text/duration.ts';
import { counted } from '../../text/fit.ts';
import { bytesText } from '../../text/size.ts';

/** A zone that leaves its host at least once. */
export interface Leaver {
  readonly zone: ZoneName;
  readonly home: HostName;
  readonly bytes: number;
  /** Brought home after its host. */
  readonly returns: boolean;
}

export interface BoundQuestion {
  /** Each once, with the host it is on before the first wave. */
  readonly leavers: readonly Leaver[];
  /** All migrations of the plan, there and back. */
  readonly moved: { readonly migrations: number; readonly bytes: number };
  /** Hosts that are taken out, each with what it alone would take. */
  readonly out: readonly { readonly host: HostName; readonly aloneMs: number }[];
  readonly waves: number;
  readonly maxOut: number | null;
  readonly ms: number;
  /** Memory for zones of every host that may hold some; null when it isn't known of all. */
  readonly room: readonly { readonly host: HostName; readonly bytes: number }[] | null;
  /** Memory of all zones that have to be somewhere while hosts are out. */
  readonly demand: number;
}

export function bounds(question: BoundQuestion): readonly Bound[] {
  if (question.out.length === 0) return [];
  const waves = wavesBound(question);
  const moves = question.leavers.length === 0 ? [] : [bytesBound(question), migrationsBound(question)];
  return [...moves, waves, makespanBound(question, waves.least)];
}

function bytesBound({ leavers, moved, out, room }: BoundQuestion): Bound {
  const sum = (some: readonly Leaver[]): number => some.reduce((all, { bytes }) => all + bytes, 0);
  const [home, away] = [leavers.filter(one => one.returns), leavers.filter(one => !one.returns)];
  const base = { of: 'bytes', value: moved.bytes } as const;
  if (home.length > 0) {
    const once = away.length === 0 ? '' : `, and ${bytesText(sum(away))} that stays away once`;
    const how = `every zone that leaves moves twice, there and home: 2 × ${bytesText(sum(home))}${once}`;
    return { ...base, least: 2 * sum(home) + sum(away), how };
  }
  if (hasSpare(out, room))
    return {
      ...base,
      least: sum(away),
      how: 'every zone that leaves moves once, and may stay on a host that is not taken out',
    };
  const first = lightest(leavers, out);
  const how =
    first === 0
      ? 'every zone that leaves moves once'
      : `every zone that leaves moves once, and those of the first host (at least ${bytesText(first)}) once more: they can only go to a host that is taken out later`;
  return { ...base, least: sum(away) + first, how };
}

function migrationsBound({ leavers, moved }: BoundQuestion): Bound {
  const home = leavers.filter(one => one.returns).length;
  const away = leavers.length - home;
  const how = [
    ...(home > 0 ? [`${counted(home, 'zone')} there and home`] : []),
    ...(away > 0 ? [`${counted(away, 'zone')} at least once`] : []),
  ].join(', ');
  return { of: 'migrations', value: moved.migrations, least: 2 * home + away, how };
}

/** Some host that isn't taken out could hold zones. */
function hasSpare(out: BoundQuestion['out'], room: BoundQuestion['room']): boolean {
  return room === null || room.some(one => !out.some(({ host }) => host === one.host));
}

function lightest(leavers: readonly Leaver[], out: BoundQuestion['out']): number {
  const of = (host: HostName): number => leavers.reduce((sum, one) => sum + (one.home === host ? one.bytes : 0), 0);
  return Math.min(...out.map(({ host }) => of(host)));
}

function wavesBound(question: BoundQuestion): Bound {
  const { out, maxOut, waves } = question;
  const byMemory = mostOut(question);
  const least = (most: number): number => Math.ceil(out.length / Math.max(1, most));
  const base = { of: 'waves', value: waves } as const;
  if (maxOut !== null && maxOut <= byMemory)
    return { ...base, least: least(maxOut), how: `${counted(out.length, 'host')}, ${maxOut} at once (max_out)` };
  if (byMemory < out.length)
    return {
      ...base,
      least: least(byMemory),
      how: `${counted(out.length, 'host')}, ${byMemory} at once: with one more out, the hosts that are left, however large, don't hold the ${bytesText(question.demand)} of zones`,
    };
  return { ...base, least: 1, how: 'memory would let all hosts be out at once' };
}

/** However zones are cut up: the hosts that are left must hold them all. The smallest hosts leave the most. */
function mostOut({ out, room, demand }: BoundQuestion): number {
  if (room === null) return out.length;
  const isOut = new Set(out.map(({ host }) => host));
  const sizes = room.filter(({ host }) => isOut.has(host)).map(({ bytes }) => bytes);
  sizes.sort((a, b) => a - b);
  let left = room.reduce((sum, { bytes }) => sum + bytes, 0);
  let count = 0;
  for (const size of sizes) {
    left -= size;
    if (left < demand) break;
    count += 1;
  }
  return count + out.filter(({ host }) => !room.some(one => one.host === host)).length;
}

function makespanBound({ out, ms }: BoundQuestion, waves: number): Bound {
  const alone = out.map(({ aloneMs }) => aloneMs).sort((a, b) => a - b);
  const longest = alone.at(-1) ?? 0;
  const shortest = alone.slice(0, waves - 1).reduce((sum, one) => sum + one, 0);
  const least = longest + shortest;
  const how =
    waves === 1
      ? `the longest way of one host alone, ${aboutText(longest)}`
      : `${waves} waves: the longest way of one host alone, ${aboutText(longest)}, and the ${waves === 2 ? '' : `${waves - 1} `}shortest of the others`;
  return { of: 'makespan', value: ms, least, how };
}
