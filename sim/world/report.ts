// The whole fleet as plain data, as `lab world` prints it. The shape is relied upon by others: add nothing lightly.
import { brandOf } from './config.ts';
import { activeBe } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { Host } from './state.ts';
import { stateOf } from './zones.ts';

interface ZoneReport {
  readonly name: string;
  readonly brand: string;
  readonly state: string;
}
interface HostReport {
  readonly name: string;
  readonly up: boolean;
  readonly maintenance: { readonly user: string; readonly date: string; readonly message: string } | null;
  readonly boot_environment: string;
  readonly entire: string;
  readonly boots: number;
  readonly zones: readonly ZoneReport[];
}
export interface FleetReport {
  readonly hosts: readonly HostReport[];
}

/** `2018-02-02 01:10`: local time of the host, which is UTC. */
export function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function hostReport(host: Host): HostReport {
  const { maintenance } = host;
  const zones = [...activeBe(host).index.values()];
  return {
    name: host.name,
    up: host.power === 'up' && host.port === 'open',
    maintenance:
      maintenance === null
        ? null
        : { user: maintenance.user, date: minute(maintenance.at), message: maintenance.message },
    boot_environment: host.active,
    entire: activeBe(host).entire,
    boots: host.boots,
    zones: zones.map(z => ({ name: z.name, brand: brandOf(z.config), state: stateOf(host, z) })),
  };
}

export function fleetState(fleet: Fleet): FleetReport {
  return { hosts: [...fleet.hosts.values()].map(hostReport) };
}
