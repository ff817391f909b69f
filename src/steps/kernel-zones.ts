// Kernel zones that a reboot would take down. They can leave a host while they run, so one that is still there was
// forgotten, or came back since the gate was passed: nobody has agreed to its going down. Zones that share the kernel
// go down with their host, and the plan says so.
import * as z from 'zod';
import type { HostName } from '../model/ids.ts';
import type { Looker } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { censusOf } from './census.ts';
import type { Found } from './shape.ts';
import { type Census, isKernelZone, isUp } from './zone-places.ts';

export const kernelZonesField = z
  .enum(['refuse', 'go_down'])
  .default('refuse')
  .describe('go_down: kernel zones that still run here may go down with the host');

interface Consent {
  readonly kernel_zones: z.infer<typeof kernelZonesField>;
}

/** Its zones, if the host may go down now; else what a check says then. */
export async function mayGoDown<S extends JsonObject>(
  consent: Consent,
  looker: Looker,
  seen: S,
): Promise<{ readonly is: 'yes'; readonly census: Census } | { readonly is: 'no'; readonly found: Found<S> }> {
  const census = await censusOf(looker);
  if (census.is === 'no') return { is: 'no', found: { is: 'no-answer', refusal: census.refusal } };
  const why = goingDown(consent, looker.host, census.value);
  return why === null ? { is: 'yes', census: census.value } : { is: 'no', found: { is: 'blocked', seen, why } };
}

/** Why not, or null. */
function goingDown({ kernel_zones }: Consent, host: HostName, census: Census): string | null {
  const running = [...census].filter(([, zone]) => isKernelZone(zone) && (isUp(zone.state) || zone.aux !== ''));
  if (kernel_zones === 'go_down' || running.length === 0) return null;
  const names = running.map(([name]) => name).join(', ');
  return `${host}: kernel zones would go down with it: ${names}; send them away first (zones.evacuate), or say kernel_zones: go_down`;
}
