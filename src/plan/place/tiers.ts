// Zones that don't come back go to hosts that are done, as far as those have room; only what finds none there goes
// further. Each tier holds the one before it.
import type { ZoneFacts } from '../../model/facts.ts';
import type { Candidate } from './fit.ts';
import { place, type Placed, type Placement, type Request, type Wish } from './placement.ts';
import { withZone } from './world.ts';

/** @param tiers names of hosts, the best first; behind the last one comes every host. */
export function placeInTiers(
  requests: readonly Request[],
  candidates: readonly Candidate[],
  tiers: readonly ReadonlySet<string>[],
  wish: Partial<Wish>,
): Placement {
  const [tier, ...wider] = tiers;
  if (tier === undefined) return place(requests, candidates, wish);
  const here = candidates.filter(({ facts }) => tier.has(facts.host));
  const whole = place(requests, here, wish);
  if (whole.is === 'placed') return whole;
  const stuck = new Set<string>(whole.reasons.map(({ zone }) => zone));
  const kept = requests.filter(({ zone }) => !stuck.has(zone.name));
  // Without any reason told there is none to leave out, and the question would be the same one again.
  const fewer = kept.length > 0 && kept.length < requests.length;
  const part: Placement = fewer && here.length > 0 ? place(kept, here, wish) : whole;
  if (part.is === 'placed') {
    const others = requests.filter(request => !kept.includes(request));
    const rest = placeInTiers(others, withArrivals(candidates, kept, part.migrations), wider, wish);
    if (rest.is === 'placed') return { is: 'placed', migrations: [...part.migrations, ...rest.migrations] };
  }
  return placeInTiers(requests, candidates, wider, wish);
}

/** The hosts once these zones have come. */
export function withArrivals(
  candidates: readonly Candidate[],
  requests: readonly Request[],
  migrations: readonly Placed[],
): readonly Candidate[] {
  const going = new Map(requests.map(({ zone, source }) => [`${zone.name} ${source.host}`, zone] as const));
  const coming = new Map<string, ZoneFacts[]>();
  for (const { zone, from, to } of migrations)
    coming.set(to, [...(coming.get(to) ?? []), ...[going.get(`${zone} ${from}`) ?? []].flat()]);
  return candidates.map(candidate => {
    const zones = coming.get(candidate.facts.host);
    if (zones === undefined) return candidate;
    return { ...candidate, facts: zones.reduce(withZone, candidate.facts) };
  });
}
