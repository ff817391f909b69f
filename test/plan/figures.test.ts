// What is read from a finished plan: which zones count for what no plan could beat.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Migration, Plan } from '../../src/model/plan.ts';
import { figuresOf } from '../../src/plan/figures/figures.ts';
import type { Pace } from '../../src/plan/figures/pace.ts';
import { play, planOf } from '../run/program.ts';
import { action, migration } from './forecasts.ts';
import { host, zone } from './world.ts';

const pace: Pace = {
  lasting: ({ step }) => ({ ms: 1000, kind: step, seen: 0 }),
  copyMs: lanes => lanes.map(() => 0),
  copiesRestOn: [],
};

/** Hosts go out one after the other, and no zone comes home. */
function least(facts: readonly Facts[], waves: readonly (readonly [host: string, ...moves: readonly Migration[]])[]) {
  const hosts = waves.map(([name]) => name);
  const plan: Plan = planOf([play(hosts, [])]);
  const of: Plan = {
    ...plan,
    restsOn: { ...plan.restsOn, facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])) },
    waves: waves.map(([name, ...migrations], at) => ({
      plan: { wave: { play: 1, n: at + 1 }, hosts: [hostName(name)], migrations, staying: [] },
      actions: [action(1, 'zones.evacuate', name)],
    })),
  };
  const { bounds } = figuresOf({ plan: of, pace, reserveBytes: () => null });
  return Object.fromEntries(bounds.map(one => [one.of, [one.least, one.value]]));
}

const goes = (name: string, from: string, to: string): Migration => ({
  ...migration(name, from, to, 100),
  stays: true,
});

describe('what no plan could beat', () => {
  it('counts a zone once that leaves one host after another: the second time is a choice of this plan', () => {
    const facts = [host('a', [zone({ name: 'evac1' })]), host('b'), host('c')];
    const { bytes, migrations } = least(facts, [
      ['a', goes('evac1', 'a', 'b')],
      ['b', goes('evac1', 'b', 'c')],
    ]);
    expect([bytes, migrations]).to.deep.equal([
      [100, 200],
      [1, 2],
    ]);
  });

  it('counts two zones of one name on two hosts as two', () => {
    const facts = [host('a', [zone({ name: 'web' })]), host('b', [zone({ name: 'web' })]), host('c')];
    const { bytes, migrations } = least(facts, [
      ['a', goes('web', 'a', 'c')],
      ['b', goes('web', 'b', 'c')],
    ]);
    expect([bytes, migrations]).to.deep.equal([
      [200, 200],
      [2, 2],
    ]);
  });

  it('takes the host where a zone is for its home, and not one where it is only known', () => {
    const known = zone({ name: 'evac1', state: 'configured' });
    const facts = [host('a', [zone({ name: 'evac1' })]), host('b', [known]), host('c')];
    const { migrations } = least(facts, [
      ['a', goes('evac1', 'a', 'b')],
      ['b', goes('evac1', 'b', 'c')],
    ]);
    expect(migrations).to.deep.equal([1, 2]);
  });
});
