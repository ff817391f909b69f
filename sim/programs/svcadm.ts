// svcadm(8): refresh, enable, disable, restart, clear. A zone's own service boots or shuts down the zone, as its
// delegated restarter does; without -s the command doesn't wait for that.
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { markZoneService } from '../world/power.ts';
import { may } from '../world/rights.ts';
import { refresh, serviceOf } from '../world/smf.ts';
import type { Service, ServiceState } from '../world/smf.ts';
import { svcadmDenied } from '../world/texts.ts';
import { autoboots, boot, halt, stateOf } from '../world/zones.ts';
import type { Here, HostProgram } from './call.ts';
import { matching, zoneOfFmri } from './fmri.ts';
import { getopts } from './options.ts';

const START_MS = 1_000;
const ZONE_MS = 4_000;

function setState(here: Here, service: Service, state: ServiceState): void {
  const { fleet, host } = here;
  fleet.change({ what: 'service-changed', host: host.name }, () => {
    host.services.set(service.fmri, { ...service, state, since: fleet.clock.now(), reason: '' });
  });
}

/** What the zones restarter does for one zone, in its own time. */
async function steerZone(here: Here, zone: string, up: boolean): Promise<void> {
  const { fleet, host } = here;
  const generation = host.generation;
  await fleet.clock.sleep(ZONE_MS);
  const entry = activeBe(host).index.get(zone);
  if (host.generation !== generation || entry === undefined) return;
  if (!up && stateOf(host, entry) === 'running') halt(fleet, host, zone);
  if (!up) markZoneService(fleet, host, zone, 'disabled');
  if (!up || stateOf(host, entry) === 'running') return;
  const well = entry.state === 'installed' && boot(fleet, host, entry).is === 'ok';
  markZoneService(fleet, host, zone, well ? 'online' : 'maintenance');
}

async function steer(here: Here, service: Service, up: boolean): Promise<void> {
  const { fleet, host } = here;
  const zone = zoneOfFmri(service.fmri);
  if (zone !== null) return steerZone(here, zone, up);
  const generation = host.generation;
  await fleet.clock.sleep(START_MS);
  if (host.generation !== generation) return;
  setState(here, service, up ? 'online' : 'disabled');
}

type Act = (here: Here, service: Service) => Promise<void>;

function enabled(here: Here, service: Service, on: boolean): void {
  const { disabled } = activeBe(here.host).smf;
  if (on) disabled.delete(service.fmri);
  else disabled.add(service.fmri);
}

const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  [
    'enable',
    async (here, service) => {
      enabled(here, service, true);
      if (service.state !== 'online') await steer(here, service, true);
    },
  ],
  [
    'disable',
    async (here, service) => {
      enabled(here, service, false);
      await steer(here, service, false);
    },
  ],
  [
    'restart',
    async (here, service) => {
      await steer(here, service, false);
      await steer(here, service, true);
    },
  ],
  ['clear', (here, service) => (service.state === 'maintenance' ? cleared(here, service) : Promise.resolve())],
]);

/** Out of maintenance: the restarter tries again, which boots a zone that is meant to boot by itself. */
async function cleared(here: Here, service: Service): Promise<void> {
  const zone = zoneOfFmri(service.fmri);
  if (zone === null) return steer(here, service, true);
  markZoneService(here.fleet, here.host, zone, 'disabled');
  const entry = activeBe(here.host).index.get(zone);
  if (entry !== undefined && autoboots(entry.config)) await steerZone(here, zone, true);
}

async function refreshed(here: Here, proc: Proc, pattern: string): Promise<number> {
  const { fleet, host } = here;
  const smf = activeBe(host).smf;
  const full = pattern.startsWith('svc:/') ? pattern : `svc:/${pattern}`;
  // The guide's example refreshes svc:/system/zones after it set the default for all zones: both spellings count.
  const service = full === 'svc:/system/zones' ? 'svc:/system/zones/zone' : full;
  const found = matching(host, pattern).map(s => s.fmri);
  const targets = smf.current.has(service) && serviceOf(service) === service ? [service, ...found] : found;
  if (targets.length === 0) {
    await proc.err(`svcadm: Pattern '${pattern}' doesn't match any instances\n`);
    return 1;
  }
  fleet.change({ what: 'service-refreshed', host: host.name }, () => {
    for (const fmri of targets) refresh(smf, fmri);
  });
  return 0;
}

async function apply(here: Here, proc: Proc, act: Act, how: { pattern: string; wait: boolean }): Promise<number> {
  const found = matching(here.host, how.pattern);
  if (found.length === 0) {
    await proc.err(`svcadm: Pattern '${how.pattern}' doesn't match any instances\n`);
    return 1;
  }
  const acting = Promise.all(found.map(service => act(here, service)));
  if (how.wait) await acting;
  return 0;
}

export const svcadm: HostProgram = async (here, proc, argv) => {
  const [verb = '', ...args] = argv.slice(1).filter(a => a !== '-v');
  const options = getopts(args, 'rstIiT:');
  const act = ACTS.get(verb);
  if ((act === undefined && verb !== 'refresh') || options.bad !== null || options.rest.length === 0) {
    await proc.err('Usage: svcadm [-v] [cmd [args ... ]]\n');
    return 2;
  }
  if (!may(here.host, proc, 'smf')) {
    await proc.err(`${svcadmDenied(options.rest[0] ?? '')}\n`);
    return 1;
  }
  let status = 0;
  for (const pattern of options.rest) {
    const wait = options.given.has('s');
    const one = act === undefined ? refreshed(here, proc, pattern) : apply(here, proc, act, { pattern, wait });
    status = Math.max(status, await one);
  }
  return status;
};
