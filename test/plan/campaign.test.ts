// A plan of several waves: each is planned from the world that the wave before leaves.
import { expect } from 'chai';
import { type Facts, unknown } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { ZoneRule } from '../../src/model/inventory.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import type { Entry } from '../../src/model/program.ts';
import { type Made, makePlan } from '../../src/plan/make-plan.ts';
import { evaluate } from '../run/evaluate.ts';
import { c, play, type PlayMaker, planOf, task } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { host, zone } from './world.ts';

function made(plays: readonly PlayMaker[], facts: readonly Facts[], zoneRules: readonly ZoneRule[] = []): Made {
  const { program, hosts, options, groups } = planOf(plays, { others: facts.map(one => one.host) });
  return makePlan({
    ...{ program, catalogue, evaluate, options, now: 0, playbooks: [], extra: {} },
    inventory: { sources: [], digest: 'sha', hosts: Object.values(hosts), groups, zoneRules },
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
  });
}

const ways = (of: Made): readonly string[] => {
  if (of.is !== 'plan') return [JSON.stringify(of)];
  return of.plan.waves.map(({ plan }) =>
    `${plan.hosts.join('+')}: ${plan.migrations.map(one => `${one.zone}->${one.to}`).join(' ')}`.trim(),
  );
};

const away = task('zones.evacuate');
const home = task('zones.return');
const begin = task('maintenance.begin');
const end = task('maintenance.end');
const say = task('say', { text: 'x' });
const one = (tasks: readonly Entry[], hosts = ['a', 'b']): readonly PlayMaker[] => [play(hosts, tasks, { serial: 1 })];
const fleet = [host('a', [zone({ name: 'z1' })]), host('b', [zone({ name: 'z2' })]), host('c')];

describe('the campaign', () => {
  it('sends a zone on that came to a host in the wave before', () => {
    expect(ways(made(one([away]), fleet.slice(0, 2)))).to.deep.equal(['a: z1->b', 'b: z1->a z2->a']);
  });

  it('doesn’t when the zone came home first', () => {
    expect(ways(made(one([away, home]), fleet.slice(0, 2)))).to.deep.equal(['a: z1->b', 'b: z2->a']);
  });

  it('brings home every zone that the host sent away', () => {
    const facts = [host('a', [zone({ name: 'z1' }), zone({ name: 'z2' })]), host('b', [zone({ name: 'z3' })])];
    expect(ways(made(one([away, home]), facts))).to.deep.equal(['a: z1->b z2->b', 'b: z3->a']);
  });

  it('counts a return only behind the evacuation, and only one that isn’t skipped', () => {
    const gone = ['a: z1->b', 'b: z1->a z2->a'];
    expect(ways(made(one([home, away]), fleet.slice(0, 2)))).to.deep.equal(gone);
    expect(ways(made(one([say, home, away]), fleet.slice(0, 2)))).to.deep.equal(gone);
    const never = task('zones.return', {}, { when: [c('false')] });
    expect(ways(made(one([away, never]), fleet.slice(0, 2)))).to.deep.equal(gone);
  });

  it('of hosts that aren’t emptied moves nothing', () => {
    const skipped = task('zones.evacuate', {}, { when: [c('false')] });
    expect(ways(made(one([skipped, home]), fleet))).to.deep.equal(['a:', 'b:']);
  });

  it('puts no zone on a host that is still closed from the wave before', () => {
    const facts = [host('a', [zone({ name: 'z1' })]), host('b', [zone({ name: 'z2' })]), host('c')];
    expect(ways(made(one([begin, away]), facts))).to.deep.equal(['a: z1->c', 'b: z2->c']);
    expect(ways(made(one([begin, away, end]), facts))[1]).to.equal('b: z2->a');
  });

  it('keeps the rules for each zone', () => {
    const rule = (name: string, ...allowed: readonly string[]): ZoneRule => ({
      ...noRule(name),
      allowed: allowed.map(hostName),
    });
    expect(ways(made(one([away, home]), fleet))).to.deep.equal(['a: z1->c', 'b: z2->c']);
    expect(ways(made(one([away, home]), fleet, [rule('z1', 'b')]))).to.deep.equal(['a: z1->b', 'b: z2->c']);
    expect(ways(made(one([away, home]), fleet, [rule('z1', 'c'), rule('z2', 'a')]))[1]).to.equal('b: z2->a');
  });

  it('without room is refused before anything is touched, with the wave', () => {
    const short = made(one([away]), [host('a', [zone({ name: 'z1', gib: 32 })]), host('b', [], { gib: 8 })]);
    expect(short.is === 'shortfall' && short.wave).to.deep.equal({ play: 1, n: 1 });
  });

  it('is told of a host whose zones nobody could read: it plans no moves from there', () => {
    const blind = { ...host('a'), zones: unknown('zoneadm: refused') };
    expect(ways(made(one([away], ['a']), [blind, host('b')]))).to.deep.equal(['a:']);
  });
});

describe('a plan of all its plays', () => {
  it('tells a flaw once, with every host of the wave it is on', () => {
    const flawed = made([play(['a', 'b'], [task('say', { text: 7 })])], fleet);
    if (flawed.is !== 'flawed') throw new Error(flawed.is);
    expect(flawed.diagnostics).to.have.length(1);
    expect(flawed.diagnostics[0]).to.include({ code: 'bad-argument' });
    expect(flawed.diagnostics[0]?.message).to.match(/\(on a, b\)$/);
  });

  it('foresees what is done once a run on the first host of the first wave, and once a wave on the first of each', () => {
    const tasks = [task('ask', {}, { once: 'run' }), task('ask', {}, { once: 'wave' }), task('ask')];
    const plan = made([play(['a', 'b', 'c', 'd'], tasks, { serial: 2 })], []);
    if (plan.is !== 'plan') throw new Error(plan.is);
    expect(plan.plan.waves.map(wave => wave.actions.map(action => action.id))).to.deep.equal([
      ['toy/1.t1@play 1', 'toy/1.t2@play 1 wave 1', 'toy/1.t3@a', 'toy/1.t3@b'],
      ['toy/1.t2@play 1 wave 2', 'toy/1.t3@c', 'toy/1.t3@d'],
    ]);
  });

  it('gives each host its own zones to send away, and no others', () => {
    const plan = made([play(['a', 'b'], [away])], fleet);
    if (plan.is !== 'plan') throw new Error(plan.is);
    expect(plan.plan.waves[0]?.actions.map(action => action.args.zones)).to.deep.equal([
      { is: 'known', json: ['z1'] },
      { is: 'known', json: ['z2'] },
    ]);
  });

  it('refuses plays that close more hosts together than the largest wave', () => {
    expect(made([...one([begin]), ...one([end])], fleet).is).to.equal('too-many-out');
  });

  it('tells which hosts stay closed at its end', () => {
    const plan = made(one([begin]), fleet);
    expect(plan.is === 'plan' && plan.plan.notes).to.deep.equal(['2 hosts stay closed at the end: a, b']);
  });
});
