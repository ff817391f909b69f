// A wave that is planned again keeps what was approved wherever that still can be: a person said yes to it, and a little
// less free memory is no reason to send every zone somewhere else. What can't be kept is placed anew around it.
import type { Migration } from '../../model/plan.ts';
import type { Candidate } from './fit.ts';
import { sizeOf } from './packing-question.ts';
import { obstaclesOf, type Placed, type Request } from './placement.ts';
import { withZone } from './world.ts';

export interface Kept {
  readonly migrations: readonly Placed[];
  /** Zones that have to find another place, or had none. */
  readonly rest: readonly Request[];
  /** With what is kept there already. */
  readonly candidates: readonly Candidate[];
}

export function keptOf(
  approved: readonly Migration[],
  requests: readonly Request[],
  candidates: readonly Candidate[],
): Kept {
  const world = new Map<string, Candidate>(candidates.map(one => [one.facts.host, one]));
  const asked = new Map<string, Request>(
    requests.map(request => [`${request.zone.name} ${request.source.host}`, request]),
  );
  const migrations: Placed[] = [];
  for (const { stays: _, ...one } of approved) {
    const key = `${one.zone} ${one.from}`;
    const request = asked.get(key);
    const to = world.get(one.to);
    if (request === undefined || to === undefined || obstaclesOf(request, to).length > 0) continue;
    asked.delete(key);
    world.set(one.to, { ...to, facts: withZone(to.facts, request.zone) });
    migrations.push({ ...one, bytes: sizeOf(request.zone) });
  }
  return { migrations, rest: [...asked.values()], candidates: candidates.map(one => world.get(one.facts.host) ?? one) };
}

/** Those who must be together are kept together, or all of them are placed anew. */
export function isParted({ rest }: Kept): boolean {
  return rest.some(({ company }) => company.mates.size > 0);
}
