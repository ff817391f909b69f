// What "as before" means of one host and the zones whose home it is: what a user of the hosts would notice. Not ids,
// logs, uptime; and a boot environment that was ever booted stays, so only those that never ran count.
import { activeBe } from '../../sim/world/fleet.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import { hostsRunning } from '../../sim/world/problems.ts';
import type { Host } from '../../sim/world/state.ts';

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

function placeOf(fleet: Fleet, zone: string): string {
  const running = hostsRunning(fleet, zone);
  if (running.length > 0) return `runs on ${running.join(' and ')}`;
  const said = [...fleet.hosts.values()].flatMap(host => {
    const entry = activeBe(host).index.get(zone);
    return entry === undefined || entry.state === 'configured' ? [] : [`${entry.state} on ${host.name}`];
  });
  return said.join(' and ') || 'nowhere';
}

function targetIn(host: Host, zone: string): string {
  const groups = activeBe(host).smf.snapshots.get(`svc:/system/zones/zone:${zone}`);
  return groups?.get('evacuation')?.properties.get('target')?.values.join(' ') ?? '';
}
