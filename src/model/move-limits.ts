// How many migrations may go on at once: into a host, out of it, and in all. What the inventory says; nothing: no limit.
import { hostVariable } from './host-variable.ts';
import type { HostName } from './ids.ts';
import type { Ground } from './scope.ts';

/** null: as many as there are. */
export interface MoveLimits {
  readonly fromHost: (host: HostName) => number | null;
  readonly toHost: (host: HostName) => number | null;
  readonly inAll: number | null;
}

export const NO_LIMITS: MoveLimits = { fromHost: () => null, toHost: () => null, inAll: null };

/** `migrations_out`, `migrations_in`, and of `migrations_at_once`, which is for all hosts, the least that one of them says. */
export function moveLimits(ground: Ground): MoveLimits {
  const [play] = ground.plan.program.plays;
  if (play === undefined) return NO_LIMITS;
  const known = new Map<string, number | null>();
  const said = (host: HostName, name: string): number | null => {
    const key = `${name} ${host}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const count = countIn(hostVariable(ground, play, host, name));
    known.set(key, count);
    return count;
  };
  const all = Object.values(ground.plan.hosts).flatMap(({ name }) => said(name, 'migrations_at_once') ?? []);
  return {
    fromHost: host => said(host, 'migrations_out'),
    toHost: host => said(host, 'migrations_in'),
    inAll: all.length === 0 ? null : Math.min(...all),
  };
}

function countIn(said: ReturnType<typeof hostVariable>): number | null {
  const count = typeof said === 'string' && /^\d+$/.test(said) ? Number(said) : said;
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : null;
}

/** One migration, as far as the places it takes are concerned. */
export interface Trip {
  readonly from: HostName;
  readonly to: HostName;
}

/** In their order, those that find a place beside what is under way. */
export function fitting<T extends Trip>(
  trips: readonly T[],
  { fromHost, toHost, inAll }: MoveLimits,
  underWay: readonly Trip[],
): readonly T[] {
  const [out, into] = [new Map<HostName, number>(), new Map<HostName, number>()];
  const counts = (counted: Map<HostName, number>, host: HostName): number => counted.get(host) ?? 0;
  const add = ({ from, to }: Trip): void => {
    out.set(from, counts(out, from) + 1);
    into.set(to, counts(into, to) + 1);
  };
  for (const trip of underWay) add(trip);
  const free = (limit: number | null, used: number): boolean => limit === null || used < limit;
  const going: T[] = [];
  for (const trip of trips) {
    const { from, to } = trip;
    if (!free(inAll, underWay.length + going.length)) break;
    if (!free(fromHost(from), counts(out, from)) || !free(toHost(to), counts(into, to))) continue;
    going.push(trip);
    add(trip);
  }
  return going;
}
