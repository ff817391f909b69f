// A shipped playbook and a simulated fleet as a subject of the laws: real files, loader, planner, steps and engine, in
// virtual time. "As before" means what a user of the hosts would notice, not ids, logs or uptime.
import type { HostName, RunId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { activeBe, type Fleet } from '../../sim/world/fleet.ts';
import { hostsRunning } from '../../sim/world/problems.ts';
import type { Host } from '../../sim/world/state.ts';
import { Site, type Wish } from '../fleet/site.ts';
import { type Outcome, type Subject, tried, type World } from './subject.ts';

export interface Case extends Wish {
  readonly fleet: string;
  /** Runs that came before, in this order; each must have ended well. */
  readonly before?: readonly Wish[];
}

export interface SiteWorld extends World {
  readonly site: Site;
  readonly homes: ReadonlyMap<string, string>;
  /** Boot environments that were there at the beginning, as `host name`. */
  readonly first: ReadonlySet<string>;
}

/** Long enough for every migration and reboot that a dead runner has left behind. */
const SETTLE_MS = 3 * 60 * 60_000;

export interface Shipped extends Subject {
  readonly makeWorld: () => Promise<SiteWorld>;
}

export async function shipped(given: Case): Promise<Shipped> {
  const plans: Plan[] = [];
  const makeWorld = (): Promise<SiteWorld> => made(given, plans);
  const world = await makeWorld();
  const plan = await world.site.plan(given);
  return {
    plan,
    catalogue,
    makeWorld,
    setting: (one, journal) => siteOf(one).setting(journal),
  };
}

/** The plans of the runs before are the same in every world: they are made once. */
async function made({ fleet, before = [] }: Case, plans: Plan[]): Promise<SiteWorld> {
  const site = new Site(fleet);
  const homes = homesIn(site);
  const first = new Set(
    [...site.fleet.hosts.values()].flatMap(host => [...host.bes.keys()].map(be => `${host.name} ${be}`)),
  );
  const world: SiteWorld = {
    ...{ site, homes, first, hosts: site.simulated.hosts },
    snapshot: host => Promise.resolve(JSON.stringify(pictureOf(world, host))),
    settle: () => site.simulated.clock.sleep(SETTLE_MS, 1),
    problems: () => site.problems,
    close: () => Promise.resolve(),
  };
  for (const [n, wish] of before.entries()) {
    const plan = (plans[n] ??= await site.plan(wish));
    await carriedOut(world, plan);
  }
  return world;
}

async function carriedOut(world: SiteWorld, plan: Plan): Promise<void> {
  const { ran } = await oneMore(world, plan);
  if (ran?.verdict !== 'done') throw new Error(`the run before ended ${ran?.verdict}: ${ran?.why}`);
}

/** Another run in the same world, which knows what the journals of those before say. */
export async function oneMore(world: SiteWorld, plan: Plan): Promise<Outcome> {
  const { site } = world;
  const id: RunId = site.nextRun();
  const subject: Subject = {
    ...{ plan, catalogue, makeWorld: () => Promise.resolve(world) },
    setting: (_, journal) => site.setting(journal, id),
  };
  const outcome = await tried(subject, { world });
  if (outcome.ran !== null) site.before.push({ id, state: outcome.ran.state });
  return outcome;
}

export function siteOf(world: World): Site {
  if (!('site' in world && world.site instanceof Site)) throw new Error('not a world of a site');
  return world.site;
}

function homesIn({ fleet }: Site): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const host of fleet.hosts.values())
    for (const zone of activeBe(host).index.values()) if (zone.state !== 'configured') found.set(zone.name, host.name);
  return found;
}

/** Of one host and the zones whose home it is. */
function pictureOf({ site, homes, first }: SiteWorld, name: HostName): object {
  const { fleet } = site;
  const host = fleet.host(name);
  const own = [...homes].filter(([, home]) => home === name).map(([zone]) => zone);
  return {
    zones: own.map(zone => [zone, placeOf(site.fleet, zone)]),
    // Whose run closed it changes with the run that closes it again.
    maintenance: host.maintenance?.message.replace(/ run [0-9a-f]{8}$/, ' by us') ?? 'open',
    bes: { active: host.active, next: host.next, names: namesIn(host, first) },
    targets: own.map(zone => [zone, targetIn(host, zone)]),
    services: [...host.services.values()]
      .filter(({ state }) => state !== 'online' && state !== 'disabled' && state !== 'legacy_run')
      .map(({ fmri, state }) => `${fmri} ${state}`),
  };
}

/** With their policies. One that was ever active stays: no undo destroys it. */
function namesIn(host: Host, first: ReadonlySet<string>): readonly string[] {
  const counted = [...host.bes.values()].filter(
    be => !be.everActive || be.name === host.active || first.has(`${host.name} ${be.name}`),
  );
  return counted.map(be => `${be.name} ${be.policy}`).sort();
}

export function placeOf(fleet: Fleet, zone: string): string {
  const running = hostsRunning(fleet, zone);
  if (running.length > 0) return `runs on ${running.join(' and ')}`;
  const said = [...fleet.hosts.values()].flatMap(host => {
    const entry = activeBe(host).index.get(zone);
    return entry === undefined || entry.state === 'configured' ? [] : [`${entry.state} on ${host.name}`];
  });
  return said.join(' and ') || 'nowhere';
}

export function targetIn(host: Host, zone: string): string {
  const groups = activeBe(host).smf.snapshots.get(`svc:/system/zones/zone:${zone}`);
  return groups?.get('evacuation')?.properties.get('target')?.values.join(' ') ?? '';
}
