// How fast things go: what is assumed where nobody has measured, what the inventory says, and what journals of earlier
// runs have seen. Every number that a forecast rests on stands here, or in `kind`, with its name.
import type { HostName } from '../../model/ids.ts';
import type { MoveLimits } from '../../model/move-limits.ts';
import { aboutText } from '../../text/duration.ts';
import { type Args, assumedMs, kindOf } from './kind.ts';
import type { Sample, Seen } from './seen.ts';
import { type Line, transferMs } from './transfer.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const SECOND = 1000;

/** None of these was measured on a real host: assumptions, told as such with every forecast. */
export const ASSUMED = {
  /** A link of 10 Gbit/s of which migrations get half: they are encrypted, and others use it, too. */
  linkBytesPerSecond: 600 * MiB,
  /** What a zone writes to its memory while it is copied. */
  dirtyBytesPerSecond: 20 * MiB,
  batchMs: 20 * SECOND,
} as const;

/** What the inventory says of a host; null: nothing. */
export interface Said {
  readonly linkBytesPerSecond: number | null;
  readonly dirtyBytesPerSecond: number | null;
}

/** One action of a forecast, as far as its time is concerned. */
export interface Turn {
  readonly step: string;
  readonly args: Args;
  readonly host: HostName | null;
  /** It will change something; otherwise nobody can say yet whether it finds something to do. */
  readonly changes: boolean;
  /** How many hosts are at it at the same time: the forecast is of the slowest. */
  readonly atOnce: number;
}

export interface Lasting {
  readonly ms: number;
  readonly kind: string;
  /** How many actions like it were seen; 0: it is assumed. */
  readonly seen: number;
}

export interface Pace {
  readonly lasting: (turn: Turn) => Lasting;
  /** What migrations that begin together take, host by host. */
  readonly copyMs: (lanes: Parameters<typeof transferMs>[0]) => readonly number[];
  /** In words, what the times of migrations rest on: one line each. */
  readonly copiesRestOn: readonly string[];
}

export interface PaceQuestion {
  readonly said: (host: HostName) => Said;
  readonly hosts: readonly HostName[];
  readonly seen: Seen;
  readonly cpuClass: (host: HostName) => string | null;
  readonly limits: MoveLimits;
}

export function paceOf({ said, hosts, seen, cpuClass, limits }: PaceQuestion): Pace {
  const line: Line = {
    linkBytesPerSecond: host => said(host).linkBytesPerSecond ?? ASSUMED.linkBytesPerSecond,
    dirtyBytesPerSecond: host => said(host).dirtyBytesPerSecond ?? ASSUMED.dirtyBytesPerSecond,
    batchMs: ASSUMED.batchMs,
    limits,
  };
  const share = shareOf(seen, line);
  return {
    lasting: turn => lastingOf(turn, seen, turn.host === null ? null : cpuClass(turn.host)),
    copyMs: lanes => transferMs(lanes, line).map(ms => Math.round(ms * share.factor)),
    copiesRestOn: [...assumptions(said, hosts), ...(share.seen === 0 ? [] : [shareText(share)])],
  };
}

/** So many of one class of hosts are believed over more of all. */
const LEAST_OF_CLASS = 3;

/** What was assumed counts as much as one that was seen: where many were seen, it counts little. */
function lastingOf({ step, args, changes, atOnce }: Turn, seen: Seen, cpuClass: string | null): Lasting {
  const kind = kindOf(step, args);
  const assumed = assumedMs(step, args);
  const alike = (seen.actions[kind] ?? []).filter(one => !changes || one.changed);
  const ofClass = alike.filter(one => one.cpuClass !== null && one.cpuClass === cpuClass);
  const samples = ofClass.length >= LEAST_OF_CLASS ? ofClass : alike;
  if (samples.length === 0) return { ms: assumed, kind, seen: 0 };
  const ms = (samples.length * slowestOf(samples, atOnce) + assumed) / (samples.length + 1);
  return { ms: Math.round(ms), kind, seen: samples.length };
}

/** Of one the median, of n the time that one in n + 1 is beyond: so long the slowest of them may take. */
function slowestOf(samples: readonly Sample[], n: number): number {
  const times = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor((times.length * n) / (n + 1)))] ?? 0;
}

interface Share {
  /** Of what the line says, so much was taken. */
  readonly factor: number;
  readonly seen: number;
}

/** What migrations took, all in all, against what the line would have said of the very same. */
function shareOf({ copies }: Seen, line: Line): Share {
  let [took, foreseen, count] = [0, 0, 0];
  for (const together of copies) {
    const said = transferMs(
      together.map(({ batches }) => batches),
      line,
    );
    together.forEach(({ ms }, n) => {
      took += ms;
      foreseen += said[n] ?? 0;
      count += 1;
    });
  }
  if (foreseen === 0) return { factor: 1, seen: 0 };
  return { factor: (count * (took / foreseen) + 1) / (count + 1), seen: count };
}

function shareText({ factor, seen }: Share): string {
  const whose = seen === 1 ? 'one evacuation or way home' : `${seen} evacuations and ways home`;
  return `${whose} seen: they took ${factor.toFixed(2)} of that, and so is forecast`;
}

function assumptions(said: (host: HostName) => Said, hosts: readonly HostName[]): readonly string[] {
  const silent = (key: keyof Said): boolean => hosts.some(host => said(host)[key] === null);
  const link = `${rateText(ASSUMED.linkBytesPerSecond)} over a host's link`;
  const dirty = `${rateText(ASSUMED.dirtyBytesPerSecond)} written again by each zone`;
  if (silent('linkBytesPerSecond') && silent('dirtyBytesPerSecond'))
    return [`${link}, ${dirty}: assumed (migration_link and dirty_rate say them)`];
  return [
    silent('linkBytesPerSecond') ? `${link}: assumed (migration_link says it)` : 'links: as the inventory says',
    silent('dirtyBytesPerSecond')
      ? `${dirty}: assumed (dirty_rate says it)`
      : 'memory written again: as the inventory says',
  ];
}

const rateText = (bytes: number): string =>
  bytes >= GiB ? `${(bytes / GiB).toFixed(1)} GiB/s` : `${Math.round(bytes / MiB)} MiB/s`;

/** One line each for what was seen and for what is assumed, the longest first. */
export function stepsRestOn(all: readonly Lasting[]): readonly string[] {
  const kinds = new Map<string, Lasting>();
  for (const one of all) if ((kinds.get(one.kind)?.ms ?? -1) < one.ms) kinds.set(one.kind, one);
  const longest = [...kinds.values()].sort((a, b) => b.ms - a.ms || (a.kind < b.kind ? -1 : 1));
  const told = (some: readonly Lasting[], what: string, of: (one: Lasting) => string): readonly string[] => {
    const [next, ...others] = some.slice(TOLD_APART);
    const rest = next === undefined ? [] : [`${1 + others.length} more up to ${aboutText(next.ms)}`];
    return some.length === 0 ? [] : [`${what}: ${[...some.slice(0, TOLD_APART).map(of), ...rest].join(', ')}`];
  };
  const words = ({ kind, ms }: Lasting): string => `${kind} ${aboutText(ms)}`;
  return [
    ...told(
      longest.filter(({ seen }) => seen > 0),
      'seen in earlier runs',
      one => `${words(one)} (${one.seen} times)`,
    ),
    ...told(
      longest.filter(({ seen }) => seen === 0),
      'assumed',
      words,
    ),
  ];
}

/** The longest: of the others only how many, and how long at most. */
const TOLD_APART = 4;
