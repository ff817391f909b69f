// How many migrations go on at once, over all hosts of a wave: the places themselves, and a wave of simulated hosts.
import { expect } from 'chai';
import { generateFleet } from '../../sim/world/generate.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import { type HostName, hostName } from '../../src/model/ids.ts';
import { type MoveLimits, NO_LIMITS, type Trip } from '../../src/model/move-limits.ts';
import { Berths } from '../../src/run/berths.ts';
import { runPlan } from '../../src/run/run.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { Site } from '../fleet/site.ts';
import { MemoryJournal, portsOf } from './harness.ts';

const trip = (from: string, to: string): Trip => ({ from: hostName(from), to: hostName(to) });

/** Everything that is granted at once is granted before this comes back. */
const soon = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

function harbour(limits: Partial<MoveLimits>, unseen: readonly string[] = []) {
  const berths = new Berths({ ...NO_LIMITS, ...limits }, unseen);
  const abort = new AbortController();
  const take = (trips: readonly Trip[], whole = false) => {
    const asked = { going: null as readonly Trip[] | null, leave: (): void => undefined };
    void berths.take({ trips, whole, signal: abort.signal }).then(got => Object.assign(asked, got));
    return asked;
  };
  return { berths, take, abort };
}

describe('places for migrations', () => {
  it('are as many as there are, where nobody says otherwise', async () => {
    const all = [trip('a', 'x'), trip('b', 'x'), trip('c', 'x')];
    const asked = harbour({}).take(all);
    await soon();
    expect(asked.going).to.deep.equal(all);
  });

  it('are given to the first that ask, and to the next when they are left', async () => {
    const { take } = harbour({ toHost: () => 1 });
    const [first, second, elsewhere] = [take([trip('a', 'x')]), take([trip('b', 'x')]), take([trip('b', 'y')])];
    await soon();
    expect([first, second, elsewhere].map(one => one.going?.length ?? null)).to.deep.equal([1, null, 1]);
    first.leave();
    first.leave();
    await soon();
    expect(second.going).to.deep.equal([trip('b', 'x')]);
  });

  it('are left once: who says so again doesn’t free what was given since', async () => {
    const { take } = harbour({ toHost: () => 1 });
    const again = trip('a', 'x');
    const first = take([again]);
    await soon();
    first.leave();
    const second = take([again]);
    const third = take([trip('b', 'x')]);
    await soon();
    first.leave();
    await soon();
    expect([second.going, third.going]).to.deep.equal([[again], null]);
  });

  it('are given to some of a batch where there is none for all, unless all are to go together', async () => {
    const { take, berths } = harbour({ inAll: 2 });
    const three = [trip('a', 'x'), trip('a', 'y'), trip('a', 'z')];
    expect(berths.fit(three)).to.equal(false);
    const some = take(three);
    const pair = take([trip('b', 'x'), trip('b', 'y')], true);
    await soon();
    expect([some.going, pair.going]).to.deep.equal([three.slice(0, 2), null]);
    some.leave();
    await soon();
    expect(pair.going?.length).to.equal(2);
  });

  it('are given to nobody before what an earlier process had begun was seen', async () => {
    const { take, berths } = harbour({ toHost: () => 1 }, ['evacuate@a']);
    const asked = take([trip('b', 'x')]);
    await soon();
    expect(asked.going).to.equal(null);
    berths.seen('evacuate@a');
    await soon();
    expect(asked.going?.length).to.equal(1);
  });

  it('are waited for no longer when the run stops now', async () => {
    const { take, abort } = harbour({ fromHost: () => 1 });
    take([trip('a', 'x')]);
    const asked = take([trip('a', 'y')]);
    await soon();
    abort.abort();
    await soon();
    expect(asked.going).to.deep.equal([]);
  });
});

const EVACUATE = `
- hosts: zh01,zh02,zh03
  serial: 3
  on_failure: stop
  tasks:
    - maintenance.begin: { message: room }
    - zones.evacuate: {}
    - maintenance.end: {}
    - zones.return: {}
`;

interface Most {
  into: number;
  inAll: number;
}

/** Zones that are received at this moment, by host. */
function receiving(world: Fleet): readonly { readonly to: string; readonly zone: string }[] {
  return [...world.hosts.values()].flatMap(host =>
    [...host.live].flatMap(([zone, live]) => (live.aux === 'migrating-in' ? [{ to: host.name, zone }] : [])),
  );
}

async function evacuated(
  said: string,
): Promise<{ readonly verdict: string; readonly most: Most; readonly moved: number }> {
  const site = new Site(generateFleet({ hosts: 5, zones: 12, seed: 3 }));
  const files = { 'playbooks/three.yml': EVACUATE, 'playbooks/group_vars/all.yml': said };
  const plan = await site.plan({ playbook: 'playbooks/three.yml', files });
  const most: Most = { into: 0, inAll: 0 };
  site.fleet.onChange(world => {
    const now = receiving(world);
    const into = (host: HostName | string): number => now.filter(({ to }) => to === host).length;
    most.inAll = Math.max(most.inAll, now.length);
    most.into = Math.max(most.into, ...now.map(({ to }) => into(to)));
  });
  const journal = new MemoryJournal();
  const ports = portsOf({ plan, catalogue, hosts: site.simulated.hosts, journal, ...site.setting(journal) });
  const { verdict } = await runPlan(ports);
  return { verdict, most, moved: plan.waves.flatMap(wave => wave.plan.migrations).length };
}

describe('a wave of three hosts', () => {
  it('sends as many zones at once as there are, where nobody says otherwise', async () => {
    const { verdict, most, moved } = await evacuated('{}');
    expect(verdict).to.equal('done');
    expect(moved).to.be.above(4);
    expect(most.into).to.be.above(2);
  });

  for (const limit of [1, 2])
    it(`never has more than ${limit} on their way into one host, when that is its limit`, async () => {
      const { verdict, most } = await evacuated(`migrations_in: ${limit}`);
      expect(verdict).to.equal('done');
      expect(most.into).to.equal(limit);
      expect(most.inAll).to.be.above(limit);
    });

  it('never has more than two on their way at all, when that is the limit of the fleet', async () => {
    const { verdict, most } = await evacuated('migrations_at_once: 2');
    expect(verdict).to.equal('done');
    expect(most.inAll).to.equal(2);
  });
});
