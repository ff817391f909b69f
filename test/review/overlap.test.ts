// Two runs in one night, and a plan made yesterday: a run sends zones only where it holds the lock, and a saved plan is
// refused when what it rests on is no longer so.
import { expect } from 'chai';
import { amongLocked } from '../../src/cli/running.ts';
import { differences } from '../../src/cli/staleness.ts';
import { empty } from '../../src/model/fold.ts';
import { unknown } from '../../src/model/facts.ts';
import type { PlanWave } from '../../src/model/ports.ts';
import { Fleet } from '../steps/fleet.ts';
import { Controller } from '../steps/perform.ts';
import { play, planOf, task } from '../run/program.ts';
import type { Facts } from '../../src/model/facts.ts';
import { trusted } from '../../src/text/json.ts';

describe('a wave that is planned anew', () => {
  it('sends zones to no host that another run may be closing: only to those that this run holds', () => {
    const plan = planOf([play(['a', 'b'], [task('facts')])], { others: ['theirs'] });
    const seen: string[][] = [];
    const inner: PlanWave = (_, __, wave, facts) => {
      seen.push(Object.keys(facts));
      return { is: 'planned', plan: { wave, hosts: [], migrations: [], staying: [] } };
    };
    const facts = { a: {}, b: {}, theirs: {} } as never;
    amongLocked(plan, inner)(plan, empty, { play: 1, n: 2 }, facts);
    expect(seen).to.deep.equal([['a', 'b']]);
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
