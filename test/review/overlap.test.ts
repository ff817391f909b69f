// Two runs in one night, and a plan made yesterday: a run sends zones only where it holds the lock, and a saved plan is
// refused when what it rests on is no longer so.
import { expect } from 'chai';
import { amongLocked } from '../../src/cli/run-ports.ts';
import { differences } from '../../src/cli/staleness.ts';
import { empty } from '../../src/model/fold.ts';
import { unknown } from '../../src/model/facts.ts';
import type { PlanWave } from '../../src/model/ports.ts';
import { touched } from '../../src/cli/touched.ts';
import { lockHosts } from '../../src/edge/lock.ts';
import { runId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import { runPlan } from '../../src/run/run.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { freshFolders } from '../edge/folder.ts';
import { Site } from '../fleet/site.ts';
import { campaign, FOUR, RETURNS } from '../laws/campaigns.ts';
import { placeOf } from '../laws/world.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';
import { Fleet } from '../steps/fleet.ts';
import { Controller } from '../steps/perform.ts';
import { play, planOf, task } from '../run/program.ts';
import type { Facts } from '../../src/model/facts.ts';
import { trusted } from '../../src/text/json.ts';

const missing: PlanWave = () => {
  throw new Error('no planner');
};

describe('a wave that is planned anew', () => {
  it('sends zones to no host that another run may be closing: only to those that this run holds', () => {
    const plan = planOf([play(['a', 'b'], [task('facts')])], { others: ['theirs'] });
    const seen: string[][] = [];
    const inner: PlanWave = (_, __, wave, facts) => {
      seen.push(Object.keys(facts));
      return { is: 'planned', plan: { wave, hosts: [], migrations: [], staying: [] }, notes: [] };
    };
    const facts = { a: {}, b: {}, theirs: {} } as never;
    amongLocked(plan, inner)(plan, empty, { play: 1, n: 2 }, facts);
    expect(seen).to.deep.equal([['a', 'b']]);
  });
});

describe('two campaigns planned at the same time', () => {
  const folder = freshFolders();

  for (const returns of RETURNS)
    it(`never both count on one host’s room: whoever begins second is refused (return: ${returns})`, async () => {
      const site = new Site(FOUR);
      const [first, second] = await Promise.all(
        ['nacaozumbi', 'bjork'].map(limit => site.plan({ ...campaign(returns), limit })),
      );
      if (first === undefined || second === undefined) throw new Error('no plan');
      const destinations = (plan: Plan) =>
        plan.waves.flatMap(({ plan: { migrations } }) => migrations.map(({ to }) => to));
      for (const plan of [first, second]) expect(touched(plan)).to.include.members(destinations(plan));
      expect(touched(first).filter(host => touched(second).includes(host))).not.to.deep.equal([]);
      const root = folder();
      const purpose = { who: 'maria', since: 0 };
      const one = await lockHosts(root, touched(first), { ...purpose, run: runId('00000001') });
      const other = await lockHosts(root, touched(second), { ...purpose, run: runId('00000002') });
      expect([one.is, other.is]).to.deep.equal(['locked', 'held']);
      if (one.is === 'locked') one.release();
    });

  it('that share no host may go on at once: each fills only what it holds, and no host is ever over its memory', async () => {
    const site = new Site(FOUR);
    const wishes = [
      { limit: 'nacaozumbi', refuge: 'caipira' },
      { limit: 'bjork', refuge: 'saison' },
    ];
    const rules = (refuge: string) => ({
      'inventory/host_vars/caipira.yml': `placement: { accept: ${refuge === 'caipira'} }\n`,
      'inventory/host_vars/saison.yml': `placement: { accept: ${refuge === 'saison'} }\n`,
      'inventory/host_vars/nacaozumbi.yml': 'placement: { accept: false }\n',
      'inventory/host_vars/bjork.yml': 'placement: { accept: false }\n',
    });
    const given = campaign('stay');
    const plans = await Promise.all(
      wishes.map(({ limit, refuge }) => site.plan({ ...given, limit, files: { ...given.files, ...rules(refuge) } })),
    );
    const runs = plans.map((plan, n) => {
      const journal = new MemoryJournal();
      const setting = site.setting(journal, runId(`0000000${n + 1}`));
      const planWave = amongLocked(plan, setting.planWave ?? missing);
      return runPlan(portsOf({ plan, catalogue, hosts: site.simulated.hosts, journal, ...setting, planWave }));
    });
    const ended = await Promise.all(runs);
    expect(ended.map(({ verdict, why }) => `${verdict} ${why}`)).to.deep.equal(['done ', 'done ']);
    expect(site.problems).to.deep.equal([]);
    expect(placeOf(site.fleet, 'evac1')).to.equal('runs on caipira');
    expect(placeOf(site.fleet, 'web1')).to.equal('runs on saison');
  });
});

describe('a plan of yesterday', () => {
  it('is stale when another system boots next, and when the zones cannot be told', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac1');
    const said = await new Controller(fleet).perform('facts', {});
    const before = trusted<Facts>(said.result?.['facts'] ?? null);
    expect(differences(before, before)).to.deep.equal([]);
    const be = before.be.is === 'known' ? before.be.value : null;
    const next = { ...before, be: { is: 'known', value: { ...be, next: 'other' } } } as Facts;
    expect(differences(before, next)).to.deep.equal(['s11.4.80 was to boot next, and now other is']);
    const dumb = { ...before, zones: unknown('no answer') };
    expect(differences(dumb, dumb)).to.deep.equal(["its zones can't be told: no answer"]);
  });
});
