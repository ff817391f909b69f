// What "as before" means of one host and the zones whose home it is: what a user of the hosts would notice. Not ids,
// logs, uptime; and a boot environment that was ever booted stays, so only those that never ran count.
import { activeBe } from '../../sim/world/fleet.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import { placeOf, targetIn } from '../laws/world.ts';

export type Homes = ReadonlyMap<string, string>;

export function homesIn(fleet: Fleet): Homes {
  const found = new Map<string, string>();
  for (const host of fleet.hosts.values())
    for (const zone of activeBe(host).index.values()) if (zone.state !== 'configured') found.set(zone.name, host.name);
  return found;
}

export function pictureOf(fleet: Fleet, homes: Homes, name: string): object {
  const host = fleet.host(name);
  const own = [...homes].filter(([, home]) => home === name).map(([zone]) => zone);
  return {
    zones: own.map(zone => [zone, placeOf(fleet, zone)]),
    maintenance: host.maintenance?.message ?? 'open',
    bes: { active: host.active, next: host.next, names: [...host.bes.keys()].sort() },
    targets: own.map(zone => [zone, targetIn(host, zone)]),
    services: [...host.services.values()]
      .filter(({ state }) => state !== 'online' && state !== 'disabled' && state !== 'legacy_run')
      .map(({ fmri, state }) => `${fmri} ${state}`),
  };
}
