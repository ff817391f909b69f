// The update of a whole simulated fleet, 24 hosts with 120 zones, in waves that the planner chooses: what was forecast is
// held against what happened. Hosts are in this process, and time jumps. FIGURES=1 prints both.
import { expect } from 'chai';
import { generateFleet } from '../../sim/world/generate.ts';
import type { Stamped } from '../../src/model/event.ts';
import { hostsRunning, zonesDown } from '../../sim/world/problems.ts';
import type { PlanFigures } from '../../src/model/figures.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import { figuresOf } from '../../src/plan/figures/figures.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { paceOf } from '../../src/plan/figures/pace.ts';
import { NOTHING_SEEN, type Seen, seenIn } from '../../src/plan/figures/seen.ts';
import { runPlan } from '../../src/run/run.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { Site } from '../fleet/site.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';

const PLAYBOOK = 'playbooks/auto.yml';

const playbook = (returns: string): string => `
- name: Roll the update through the fleet
  hosts: zonehosts
  waves: auto
  return: ${returns}
  max_failures: 0
  on_failure: rollback
  vars_files: [campaign.yml]
  vars: { which: running, why: updating }
  tasks:
    - import_tasks: tasks/update.yml
    - name: Only if this host isn't in the new system yet
      when: update.pending
      block:
        - import_tasks: tasks/evacuate.yml
        - import_tasks: tasks/reboot.yml
        - import_tasks: tasks/return.yml
`;

interface Went {
  readonly verdict: string;
  readonly plan: Plan;
  readonly forecast: PlanFigures;
  /** Times that a zone came to run on another host. */
  readonly migrations: number;
  readonly bytes: number;
  readonly ms: number;
  readonly site: Site;
  readonly seen: Seen;
}

const AROUND = { scale: () => 1, cpuClass: () => null, goesFreely: () => false };

/** @param seen what journals of earlier runs saw. */
async function campaign(returns: 'home' | 'stay', seen: Seen): Promise<Went> {
  const site = new Site(generateFleet({ hosts: 24, zones: 120, seed: 7 }));
  const plan = await site.plan({ playbook: PLAYBOOK, files: { [PLAYBOOK]: playbook(returns) } });
  const hosts = site.names.map(hostName);
  const said = () => ({ linkBytesPerSecond: null, dirtyBytesPerSecond: null });
  const pace = paceOf({ said, hosts, seen, cpuClass: () => null, limits: NO_LIMITS });
  const forecast = figuresOf({ plan, pace, reserveBytes: () => null });
  const sizes = new Map(plan.waves.flatMap(wave => wave.plan.migrations.map(one => [one.zone as string, one.bytes])));
  const moved = arrivals(site, [...sizes.keys()]);
  const begun = site.simulated.clock.now();
  const journal = new MemoryJournal();
  const events: Stamped[] = [];
  const ports = portsOf({
    ...{ plan, catalogue, hosts: site.simulated.hosts, journal, ...site.setting(journal) },
    onEvent: event => events.push({ ...event, at: site.simulated.clock.now() }),
  });
  const { verdict } = await runPlan(ports);
  const bytes = moved.reduce((sum, zone) => sum + (sizes.get(zone) ?? 0), 0);
  const ms = site.simulated.clock.now() - begun;
  return { verdict, plan, forecast, migrations: moved.length, bytes, ms, site, seen: seenIn(events, AROUND, seen) };
}

/** Grows with the world: each zone as often as it is seen on another host than before. */
function arrivals(site: Site, zones: readonly string[]): readonly string[] {
  const moved: string[] = [];
  const at = new Map(zones.map(zone => [zone, hostsRunning(site.fleet, zone)[0]]));
  site.fleet.onChange(world => {
    for (const zone of zones) {
      const [now] = hostsRunning(world, zone);
      if (now === undefined || now === at.get(zone)) continue;
      at.set(zone, now);
      moved.push(zone);
    }
  });
  return moved;
}

const planned = ({ plan }: Went) => plan.waves.flatMap(wave => wave.plan.migrations);

function tell(name: string, { forecast, migrations, bytes, ms, plan }: Went): void {
  if (process.env['FIGURES'] === undefined) return;
  const [gib, minutes] = [(all: number) => Math.round(all / 1024 ** 3), (all: number) => Math.round(all / 60_000)];
  const told = forecast.bounds.map(one => JSON.stringify(one)).join('\n');
  console.log(`${name}: ${plan.waves.length} waves, ${migrations} migrations, ${gib(bytes)} GiB, ${minutes(ms)} min`);
  console.log(`forecast ${minutes(forecast.ms)} min\n${told}\n${forecast.restsOn.join('\n')}`);
}

describe('the update of 24 hosts with 120 zones', function () {
  this.timeout(10 * 60_000);

  let seen = NOTHING_SEEN;

  for (const returns of ['stay', 'home'] as const) {
    it(`return: ${returns}: every zone runs once all the time, and moves as often as it was forecast`, async () => {
      const went = await campaign(returns, seen);
      tell(returns, went);
      expect(went.verdict).to.equal('done');
      expect(went.site.problems).to.deep.equal([]);
      expect(zonesDown(went.site.fleet)).to.deep.equal([]);
      const times = returns === 'home' ? 2 : 1;
      expect(went.migrations).to.equal(times * planned(went).length);
      expect(went.bytes).to.equal(times * planned(went).reduce((sum, one) => sum + one.bytes, 0));
      // Steps are assumed to take what they take on large hosts; these are quick, and a journal brings it near.
      expect(went.ms).to.be.below(went.forecast.ms);
      if (seen !== NOTHING_SEEN) expect(went.forecast.ms).to.be.below((went.ms * 4) / 3);
      seen = went.seen;
    });
  }
});
