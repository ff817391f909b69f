// evacuation/target of a host's zones: what each has, what it should have, and setting it so that it counts. Which
// zone should go where is for others to say.
import * as z from 'zod';
import type { EvacuationTarget, Facts, Known, ZoneFacts } from '../model/facts.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Doer } from '../model/step.ts';
import { sameTarget } from '../solaris/rad-uri.ts';
import * as smf from '../solaris/smf.ts';
import { zoneField } from './fields.ts';

export const targetsField = z.array(z.strictObject({ zone: zoneField, target: z.string().nullable() }));

/** null: no target of its own. */
export type Target = { readonly zone: string; readonly target: string | null };

export type TargetsSeen =
  | { readonly is: 'seen'; readonly differing: readonly Target[]; readonly former: readonly Target[] }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * Zones whose target isn't the wanted one, and what they have now. A mere configuration is left alone: sysadm doesn't
 * evacuate it, and it may have no service instance.
 */
export function compareTargets(facts: Facts, wanted: (zone: ZoneFacts) => string | null | undefined): TargetsSeen {
  if (facts.zones.is === 'unknown') return facts.zones;
  const differing: Target[] = [];
  const former: Target[] = [];
  for (const zone of facts.zones.value) {
    const target = zone.state === 'configured' ? undefined : wanted(zone);
    if (target === undefined) continue;
    const known = knownTargets(zone);
    if (known.is === 'unknown') return { is: 'unknown', why: `the target of ${zone.name}: ${known.why}` };
    const { effective, own } = known.value;
    if (same(effective, target) && same(own, target)) continue;
    differing.push({ zone: zone.name, target });
    former.push({ zone: zone.name, target: uriIn(own) });
  }
  return { is: 'seen', differing, former };
}

function knownTargets({
  target,
  instanceTarget,
}: ZoneFacts): Known<{ effective: EvacuationTarget; own: EvacuationTarget }> {
  if (target.is === 'unknown') return target;
  if (instanceTarget.is === 'unknown') return instanceTarget;
  return { is: 'known', value: { effective: target.value, own: instanceTarget.value } };
}

const uriIn = (target: EvacuationTarget): string | null => (target.is === 'set' ? target.uri : null);

/** The targets that zones have of their own, as far as they are known. */
export function ownTargets(facts: Facts): Target[] {
  const zones = facts.zones.is === 'known' ? facts.zones.value : [];
  return zones.flatMap(({ name, instanceTarget }) =>
    instanceTarget.is === 'known' ? [{ zone: name, target: uriIn(instanceTarget.value) }] : [],
  );
}

function same(target: EvacuationTarget, wanted: string | null): boolean {
  if (target.is === 'none' || wanted === null) return target.is === 'none' && wanted === null;
  return sameTarget(target.uri, wanted);
}

/** The target of every zone without its own: nobody chose it for these zones, so it may not stand while zones leave. */
export function defaultObjection(facts: Facts): string | null {
  const { defaultTarget } = facts;
  if (defaultTarget.is === 'unknown') return null;
  if (defaultTarget.value.is === 'none') return null;
  return (
    `the service default sends every zone without its own target to ${defaultTarget.value.uri}, which is in no plan; ` +
    `svccfg -s ${smf.ZONE_SERVICE} delprop ${smf.EVACUATION_TARGET}; svcadm refresh ${smf.ZONE_SERVICE}`
  );
}

/** Sets and refreshes each. Bears being repeated after a cut: a value that isn't refreshed doesn't count yet. */
export async function setTargets(doer: Doer, targets: readonly Target[]): Promise<Refusal | null> {
  for (const { zone, target } of targets) {
    const refusal = target === null ? await clearTarget(doer, zone) : await setTarget(doer, zone, target);
    if (refusal !== null) return refusal;
    const refreshed = await doer.do(smf.refresh(smf.zoneInstance(zone)));
    if (refreshed.is === 'no') return refreshed.refusal;
  }
  return null;
}

async function setTarget(doer: Doer, zone: string, uri: string): Promise<Refusal | null> {
  const set = await doer.do(smf.setTarget(zone, uri));
  if (set.is === 'ok') return null;
  if (set.refusal.is !== 'refused') return set.refusal;
  // The property group isn't there on every release.
  const group = await doer.do(smf.addTargetGroup(zone));
  if (group.is === 'no') return set.refusal;
  const again = await doer.do(smf.setTarget(zone, uri));
  return again.is === 'ok' ? null : again.refusal;
}

/** A refusal may mean that there is none any more: the refresh that follows and the next look decide. */
async function clearTarget(doer: Doer, zone: string): Promise<Refusal | null> {
  const deleted = await doer.do(smf.deleteTarget(zone));
  return deleted.is === 'ok' || deleted.refusal.is === 'refused' ? null : deleted.refusal;
}
