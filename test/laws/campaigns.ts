// A campaign whose waves the planner finds, on a fleet of four: what must be so of it at every moment and at its end,
// beside the four laws. Its playbook is the shipped one without what only looks, so that many runs of it can be tried.
import { entriesAfter, noEntries } from '../../src/model/ledger-fold.ts';
import { zonesDown } from '../../sim/world/problems.ts';
import { disk } from './fleets.ts';
import { type Look, orderly } from './laws.ts';
import type { Outcome, Subject, World } from './subject.ts';
import { type Case, oneMore, placeOf, shipped, type SiteWorld, siteOf } from './world.ts';

const ALL = process.env['LAWS'] === 'all';

/** Room for two to be out at once and one more to be lost; the last one is empty. */
export const FOUR = `
name: four
seed: 7
hosts:
  nacaozumbi:
    memory: 128G
    zones:
      evac1: { storage: "${disk(17)}", memory: 8G }
      evac2: { storage: "${disk(18)}", memory: 12G }
      tzone1: { brand: solaris, storage: "${disk(21)}" }
  bjork:
    memory: 128G
    zones:
      web1: { storage: "${disk(31)}", memory: 8G }
      web2: { storage: "${disk(32)}", memory: 12G }
  caipira:
    memory: 128G
    zones:
      db1: { storage: "${disk(41)}", memory: 16G }
      db2: { storage: "${disk(42)}", memory: 4G }
  saison:
    memory: 128G
`;

export type Returns = 'home' | 'stay';
export const RETURNS: readonly Returns[] = ['home', 'stay'];

const PLAYBOOK = 'playbooks/auto.yml';

const lean = (returns: Returns): string => `
- hosts: zonehosts
  waves: auto
  return: ${returns}
  max_failures: 0
  on_failure: rollback
  vars_files: [campaign.yml]
  tasks:
    - be.update: { be_name: "{{be}}", packages: ["entire@{{entire}}", "*"], accept: true, activate: false }
      register: update
    - when: update.pending
      block:
        - maintenance.begin: { message: updating }
        - zones.evacuate: { batch: 2 }
        - zone.shutdown: { zones: stayed }
        - be.boot: { be_name: "{{be}}", stable_for: 20s }
        - gate: { checks: [zones_accounted], consecutive: 1, within: 15m }
        - maintenance.end: {}
        - zones.start_stayed: { was: running }
        - zones.return: { which: recorded }
`;

export const campaign = (returns: Returns): Case => ({
  fleet: FOUR,
  playbook: PLAYBOOK,
  files: { [PLAYBOOK]: lean(returns) },
});

interface Closing {
  readonly host: string;
  /** Closed or down at that moment. */
  readonly others: readonly string[];
}

export interface CampaignWorld extends SiteWorld {
  readonly closings: readonly Closing[];
  readonly given: Case;
}

const isOfCampaign = (world: World): world is CampaignWorld => 'closings' in world;

export interface Campaign extends Subject {
  readonly makeWorld: () => Promise<CampaignWorld>;
}

/** With what is watched at every moment. */
export async function campaignOf(given: Case): Promise<Campaign> {
  const subject = await shipped(given);
  const makeWorld = async (): Promise<CampaignWorld> => closingsWatched(await subject.makeWorld(), given);
  return { ...subject, makeWorld };
}

function closingsWatched(world: SiteWorld, given: Case): CampaignWorld {
  const closings: Closing[] = [];
  const closed = new Set<string>();
  world.site.fleet.onChange(({ hosts }) => {
    for (const { name, maintenance } of hosts.values()) {
      if (maintenance === null) closed.delete(name);
      if (maintenance === null || closed.has(name)) continue;
      closed.add(name);
      const others = [...hosts.values()].filter(one => one.name !== name && (one.maintenance || one.power !== 'up'));
      closings.push({ host: name, others: others.map(one => one.name) });
    }
  });
  return { ...world, closings, given };
}

/** What isn't so at the end, in words. */
export const looked: Look = async outcome => [
  ...secondDown(outcome, 0),
  ...untold(outcome),
  ...down(outcome),
  ...(ALL ? await secondRun(outcome) : []),
];

/** A host that isn't back never gets a second one taken down after it, but those of its own wave. */
function secondDown({ ran, world }: Outcome, since: number): readonly string[] {
  const waves = Object.values(ran?.state.waves ?? {}).map(({ plan }) => plan?.hosts.map(String) ?? []);
  const closings = isOfCampaign(world) ? world.closings.slice(since) : [];
  return closings.flatMap(({ host, others }) => {
    const own = waves.find(hosts => hosts.includes(host)) ?? [];
    const apart = others.filter(one => !own.includes(one));
    return apart.length === 0 ? [] : [`${host} was closed while ${apart.join(', ')} of another wave was out`];
  });
}

/** The journal says of each zone where it is. Where it says that it can't know, anything may be so. */
function untold({ ran, world }: Outcome): readonly string[] {
  if (ran === null || !isOfCampaign(world)) return [];
  const { site, homes } = world;
  const before = site.before.reduce((entries, run) => entriesAfter(entries, run.state), noEntries);
  const { away, perhaps, stays } = entriesAfter(before, ran.state);
  return [...homes].flatMap(([zone, home]) => {
    if (perhaps.some(one => one.zone === zone)) return [];
    const forGood = stays.reduce((at, one) => (one.zone === zone && one.host === at ? one.at : at), home);
    const told = away.find(one => one.zone === zone)?.at ?? forGood;
    const place = placeOf(site.fleet, zone);
    return place.endsWith(` on ${told}`) ? [] : [`${zone} is told to be on ${told}: ${place}`];
  });
}

/** Where the run isn't stuck, every zone that ran runs. */
function down({ ran, world }: Outcome): readonly string[] {
  if (ran === null || ran.verdict === 'stuck') return [];
  return zonesDown(siteOf(world).fleet).map(zone => `${zone} is off`);
}

/** Whoever starts the campaign again is told where things stand, and comes to its end. */
async function secondRun({ ran, world }: Outcome): Promise<readonly string[]> {
  if (ran === null || ran.verdict === 'stuck' || !isOfCampaign(world)) return [];
  const { site } = world;
  site.before.push({ id: site.nextRun(), state: ran.state });
  const since = world.closings.length;
  const again = await oneMore(world, await site.plan(world.given));
  const end = again.ran?.verdict === 'done' ? [] : [`it ends ${again.ran?.verdict}: ${again.ran?.why}`];
  const wrong = [...end, ...orderly(again), ...secondDown(again, since), ...untold(again), ...down(again)];
  return wrong.map(one => `started again: ${one}`);
}
