// How fast things go: what is assumed where nobody has measured, what the inventory says, and what journals of earlier
// runs have seen. Every number that a forecast rests on stands here with its name.
import type { Stamped } from '../model/event.ts';
import type { HostName } from '../model/ids.ts';
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import type { Line } from './transfer.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** None of these was measured on a real host: assumptions, told as such with every forecast. */
export const ASSUMED = {
  /** A link of 10 Gbit/s of which migrations get half: they are encrypted, and others use it, too. */
  linkBytesPerSecond: 600 * MiB,
  /** What a zone writes to its memory while it is copied. */
  dirtyBytesPerSecond: 20 * MiB,
  batchMs: 20 * SECOND,
} as const;

/** How long an action takes that changes something. The others are counted as `ELSE_MS`. */
const STEPS_MS: Readonly<Record<string, number>> = {
  'be.update': 20 * MINUTE,
  'be.boot': 15 * MINUTE,
  'host.reboot': 15 * MINUTE,
  'zone.shutdown': 2 * MINUTE,
  'zones.start_stayed': 3 * MINUTE,
  'zone.boot': 2 * MINUTE,
  gate: MINUTE,
  preflight: 30 * SECOND,
  'maintenance.begin': 10 * SECOND,
  'maintenance.end': 10 * SECOND,
};
const ELSE_MS = 5 * SECOND;

/** What earlier runs have shown. */
export interface Seen {
  readonly migrations: number;
  readonly bytes: number;
  /** Of the evacuations that these were part of. */
  readonly ms: number;
  /** By step: how many actions that changed something, and what they took together. */
  readonly steps: Readonly<Record<string, { readonly count: number; readonly ms: number }>>;
}

export const NOTHING_SEEN: Seen = { migrations: 0, bytes: 0, ms: 0, steps: {} };

/** What the inventory says of a host; null: nothing. */
export interface Said {
  readonly linkBytesPerSecond: number | null;
  readonly dirtyBytesPerSecond: number | null;
}

export interface Pace extends Line {
  readonly stepMs: (step: string) => number;
  /** In words, what the forecast rests on: one line each. */
  readonly restsOn: readonly string[];
}

/** Too few to be believed over what the inventory says. */
const LEAST_SEEN = 3;

/**
 * What was seen stands above what the inventory says, and that above what is assumed. A rate that was seen has pauses,
 * overhead and memory written again in it already.
 */
export function paceOf(said: (host: HostName) => Said, hosts: readonly HostName[], seen: Seen): Pace {
  const stepMs = (step: string): number => {
    const before = seen.steps[step];
    return before && before.count > 0 ? Math.round(before.ms / before.count) : (STEPS_MS[step] ?? ELSE_MS);
  };
  const known = Object.values(seen.steps).reduce((sum, one) => sum + one.count, 0);
  const steps =
    known === 0 ? 'steps take what is assumed of them' : `steps: from ${known} actions seen, the others assumed`;
  if (seen.migrations >= LEAST_SEEN && seen.ms > 0) {
    const rate = seen.bytes / (seen.ms / SECOND);
    return {
      stepMs,
      linkBytesPerSecond: () => rate,
      dirtyBytesPerSecond: () => 0,
      batchMs: 0,
      restsOn: [`${rateText(rate)} from a host: from ${seen.migrations} migrations seen`, steps],
    };
  }
  return {
    stepMs,
    linkBytesPerSecond: host => said(host).linkBytesPerSecond ?? ASSUMED.linkBytesPerSecond,
    dirtyBytesPerSecond: host => said(host).dirtyBytesPerSecond ?? ASSUMED.dirtyBytesPerSecond,
    batchMs: ASSUMED.batchMs,
    restsOn: [...assumptions(said, hosts), steps],
  };
}

function assumptions(said: (host: HostName) => Said, hosts: readonly HostName[]): readonly string[] {
  const silent = (key: keyof Said): boolean => hosts.some(host => said(host)[key] === null);
  return [
    silent('linkBytesPerSecond')
      ? `${rateText(ASSUMED.linkBytesPerSecond)} over a host's link: assumed (migration_link: BYTES a second says it)`
      : 'links: as the inventory says (migration_link)',
    silent('dirtyBytesPerSecond')
      ? `${rateText(ASSUMED.dirtyBytesPerSecond)} written again by each zone: assumed (dirty_rate: BYTES a second says it)`
      : 'memory written again: as the inventory says (dirty_rate)',
  ];
}

const rateText = (bytes: number): string =>
  bytes >= GiB ? `${(bytes / GiB).toFixed(1)} GiB/s` : `${Math.round(bytes / MiB)} MiB/s`;

/** @param scale by which the clock of a host is faster than ours: 1 on a real host. */
export function seenIn(events: Iterable<Stamped>, scale: (host: HostName) => number, before = NOTHING_SEEN): Seen {
  const began = new Map<
    string,
    { readonly at: number; readonly step: string; readonly on: HostName; readonly args: JsonObject }
  >();
  let seen = before;
  for (const event of events) {
    if (event.type === 'action-started' && !event.action.hidden)
      began.set(event.action.id, { ...event.action, at: event.at });
    if (event.type !== 'action-ended') continue;
    const start = began.get(event.action);
    if (start === undefined || event.outcome !== 'changed') continue;
    const ms = (event.at - start.at) * scale(start.on);
    seen = withStep(seen, start.step, ms);
    if (start.step === 'zones.evacuate') seen = withMoves(seen, start.args['moves'], event.result['migrated'], ms);
  }
  return seen;
}

function withStep(seen: Seen, step: string, ms: number): Seen {
  const { count, ms: sum } = seen.steps[step] ?? { count: 0, ms: 0 };
  return { ...seen, steps: { ...seen.steps, [step]: { count: count + 1, ms: sum + ms } } };
}

function withMoves(seen: Seen, moves: Json | undefined, migrated: Json | undefined, ms: number): Seen {
  if (moves === undefined || !isArray(moves) || migrated === undefined || !isArray(migrated)) return seen;
  const gone = migrated.flatMap(row => (isObject(row) && row['was'] === 'running' ? [row['zone']] : []));
  const sizes = moves.flatMap(move =>
    isObject(move) && gone.includes(move['zone'] ?? '') && typeof move['gib'] === 'number' ? [move['gib']] : [],
  );
  if (sizes.length === 0) return seen;
  const bytes = sizes.reduce((sum, gib) => sum + gib * GiB, 0);
  return { ...seen, migrations: seen.migrations + sizes.length, bytes: seen.bytes + bytes, ms: seen.ms + ms };
}
