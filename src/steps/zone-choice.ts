// Which zones of a host a step is about: one, several, or those that stayed while the others were away.
import * as z from 'zod';
import type { Looker } from '../model/step.ts';
import { zoneField } from './fields.ts';
import { guestsOn } from './abroad.ts';
import { type Census, isShell, isUp } from './zone-places.ts';

export const choiceFields = {
  zone: zoneField.nullable().default(null),
  zones: z
    .union([z.literal('stayed'), z.array(zoneField).min(1)])
    .nullable()
    .default(null)
    .describe('several zones, in order; stayed: those that did not leave with an evacuation'),
};

export type Choice = { readonly zone: string | null; readonly zones: 'stayed' | readonly string[] | null };

export const oneChoice = ({ zone, zones }: Choice) => (zone === null) !== (zones === null);
export const ONE_CHOICE = 'either `zone` or `zones`';

export function choiceText({ zone, zones }: Choice): string {
  if (zone !== null) return zone;
  return zones === null || zones === 'stayed' ? 'the zones that stayed' : zones.join(' ');
}

/** Guests of other hosts never count as having stayed here. */
export function chosenZones({ zone, zones }: Choice, looker: Looker, census: Census): readonly string[] {
  if (zone !== null) return [zone];
  if (zones !== null && zones !== 'stayed') return zones;
  const stayed = looker.ledger.stayed.filter(({ host, was }) => host === looker.host && was === 'running');
  if (stayed.length > 0) return stayed.map(one => one.zone).filter(name => !isShell(census.get(name)));
  const zonesOfOthers = guestsOn(looker).map(one => String(one.zone));
  return [...census].filter(([name, { state }]) => isUp(state) && !zonesOfOthers.includes(name)).map(([name]) => name);
}
