// Which zones leave a host and where each may go: the arguments of zones.evacuate and what follows from them alone.
import * as z from 'zod';
import type { Facts } from '../model/facts.ts';
import { type HostName, hostName } from '../model/ids.ts';

import { duration, hostField, ms, zoneField } from './fields.ts';
import { movesField, uriFields } from './moves.ts';
import { targetsField } from './targets.ts';
import { type Censuses, isKernelZone } from './zone-places.ts';

export const evacuateArgs = () =>
  z.strictObject({
    ...uriFields,
    which: z.enum(['running', 'all']).default('running').describe('all: installed zones too, cold'),
    native: z
      .enum(['stay', 'stop', 'move'])
      .default('stay')
      .describe("zones that share the kernel can't move live: leave them, shut them down, or move those installed"),
    placement: z
      .enum(['spread', 'pack', 'as_set'])
      .default('spread')
      .describe('spread: the host used most is used least; pack: as few hosts as can be; as_set: by evacuation/target'),
    batch: z.int().min(1).nullable().default(null).describe('zones sent at once; null: all'),
    retry: z
      .strictObject({
        same_destination: z.int().min(0).default(1),
        other_destination: z.int().min(0).default(0).describe('destinations tried from `alternatives`'),
        wait: duration('before another try', '30s'),
      })
      .default({ same_destination: 1, other_destination: 0, wait: '30s' }),
    alternatives: z
      .array(z.strictObject({ zone: zoneField, to: z.array(hostField) }))
      .default([])
      .describe('where else a zone may go when its destination fails'),
    overwrite_config: z.boolean().default(false).describe("put this host's configurations over the destinations'"),
    dry_run: z.boolean().default(false).describe('try each migration; boots a receiver on the destination meanwhile'),
    timeout_per_gib: duration('past it: look and tell, never kill', '60s'),
    moves: movesField,
    was: z
      .array(z.strictObject({ zone: zoneField, state: z.string() }))
      .default([])
      .describe('states before; filled in at birth'),
    natives: z
      .strictObject({ stop: z.array(zoneField), stay: z.array(zoneField) })
      .nullable()
      .default(null)
      .describe(
        'what the inventory says of zones that share the kernel, over `native`; filled in from the plan at birth',
      ),
    former: targetsField.nullable().default(null).describe('targets before this run; filled in at birth'),
  });
export type EvacuateArgs = z.infer<ReturnType<typeof evacuateArgs>>;

/** @param at the host that has more than a configuration of it now. */
export type Traveller = { readonly zone: string; readonly to: string; readonly at: string; readonly was: string };

export type EvacuateSeen = {
  readonly home: string;
  readonly zones: readonly Traveller[];
  readonly stayed: readonly { readonly zone: string; readonly was: string }[];
  /** Zones that share the kernel and are shut down first. */
  readonly stops: readonly string[];
};

export const movesOf = ({ moves }: EvacuateArgs) => moves ?? [];

/** Every place that a zone may have been sent to: the planned one first. */
export function candidates({ moves, alternatives }: EvacuateArgs): readonly { zone: string; to: HostName }[] {
  return (moves ?? []).flatMap(({ zone, to }) => {
    const others = alternatives.find(one => one.zone === zone)?.to ?? [];
    return [to, ...others].map(host => ({ zone, to: hostName(host) }));
  });
}

export const gibOf = (written: EvacuateArgs) => movesOf(written).reduce((sum, { gib }) => sum + gib, 0);

export function budgetMs(written: EvacuateArgs): number {
  const tries = 1 + written.retry.same_destination + written.retry.other_destination;
  const waits = ms(written.retry.wait) * (tries - 1) * movesOf(written).length;
  return 30 * 60_000 + tries * gibOf(written) * ms(written.timeout_per_gib) + waits;
}

export function statesIn(facts: Facts): { zone: string; state: string }[] {
  const zones = facts.zones.is === 'known' ? facts.zones.value : [];
  return zones.map(({ name, state }) => ({ zone: name, state }));
}

/** Zones that share the kernel, run here, aren't planned to leave, and are to be shut down first. */
export function zonesToStop(written: EvacuateArgs, home: HostName, censuses: Censuses): readonly string[] {
  return [...(censuses.get(home) ?? [])]
    .filter(([zone, sighting]) => {
      const planned = movesOf(written).some(move => move.zone === zone);
      return !isKernelZone(sighting) && sighting.state === 'running' && !planned && isStopped(written, zone);
    })
    .map(([zone]) => zone);
}

/** By what is said of the zone itself; else of all on the host. */
export function isStopped({ native, natives }: EvacuateArgs, zone: string): boolean {
  if (natives?.stay.includes(zone)) return false;
  return native === 'stop' || natives?.stop.includes(zone) === true;
}
