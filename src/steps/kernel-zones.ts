// Kernel zones that a reboot would take down. They can leave a host while they run, so one that is still there was
// forgotten, or came back since the gate was passed: nobody has agreed to its going down. Zones that share the kernel
// go down with their host, and the plan says so.
import * as z from 'zod';
import type { HostName } from '../model/ids.ts';
import { type Census, isKernelZone, isUp } from './zone-places.ts';

export const kernelZonesField = z
  .enum(['refuse', 'go_down'])
  .default('refuse')
  .describe('go_down: kernel zones that still run here may go down with the host');

interface Consent {
  readonly kernel_zones: z.infer<typeof kernelZonesField>;
}

/** Why the host may not go down now, or null. */
export function goingDown({ kernel_zones }: Consent, host: HostName, census: Census): string | null {
  const running = [...census].filter(([, zone]) => isKernelZone(zone) && (isUp(zone.state) || zone.aux !== ''));
  if (kernel_zones === 'go_down' || running.length === 0) return null;
  const names = running.map(([name]) => name).join(', ');
  return `${host}: kernel zones would go down with it: ${names}; send them away first (zones.evacuate), or say kernel_zones: go_down`;
}
