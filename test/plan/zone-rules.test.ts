// What the inventory says of zones, obeyed: who stays, who moves only by somebody else, who is beside whom.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { type HostSettings, NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName } from '../../src/model/ids.ts';
import type { SaidOfZones } from '../../src/model/inventory.ts';
import type { Planned } from '../../src/model/plan.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import type { Evacuation } from '../../src/plan/place/departures.ts';
import { preferencesFor } from '../../src/plan/place/preference.ts';
import { strayRules } from '../../src/plan/campaign/stray-rules.ts';
import { planWaveFrom } from '../../src/plan/waves/wave-plan.ts';
import { obstaclesText } from '../../src/report/obstacle-text.ts';
import { host, zone } from './world.ts';

const EMPTY: Evacuation = { which: 'running', native: 'stay', placement: 'spread' };
const rule = (name: string, said: Partial<SaidOfZones>): SaidOfZones => ({ ...noRule(name), ...said });

function empty(
  hosts: string,
  facts: readonly Facts[],
  rules: readonly SaidOfZones[],
  how: Partial<Evacuation> & { readonly settings?: Readonly<Record<string, Partial<HostSettings>>> } = {},
): Planned {
  const { settings = {}, ...evacuation } = how;
  return planWaveFrom({
    wave: { play: 1, n: 1 },
    hosts: hosts.split(' ').map(hostName),
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
    evacuation: () => ({ ...EMPTY, ...evacuation }),
    rules,
    settings: name => ({ ...NO_SETTINGS, reserveBytes: 0, ...settings[name] }),
    preferences: preferencesFor('home'),
  });
}

/** Where each zone goes; of a wave that can't be, why. */
function ways(planned: Planned): string {
  if (planned.is === 'shortfall')
    return planned.reasons.map(one => `${one.zone} ${one.host}: ${obstaclesText(one.why)}`).join('\n');
  const moves = planned.plan.migrations.map(one => `${one.zone}->${one.to}`).sort();
  return [...moves, ...planned.plan.staying.map(one => `${one.zone} stays: ${one.why}`)].join('\n');
}

const kz = (name: string, gib = 4) => zone({ name, gib });

describe('the rules of a zone', () => {
  const fleet = [host('a', [kz('db1'), kz('web1')]), host('b'), host('c')];

  it('stays: it isn’t moved, whatever leaves', () => {
    expect(ways(empty('a', fleet, [rule('db1', { stays: true })]))).to.equal(
      'web1->b\ndb1 stays: the inventory says so: it goes down with the host and is started again',
    );
  });

  it('managed_by: while it runs nothing leaves its host, and it is said who must move it', () => {
    expect(ways(empty('a', fleet, [rule('db1', { managedBy: 'the cluster' })]))).to.equal(
      'db1 a: the cluster moves it, we never do: have it moved away from a first',
    );
  });

  it('managed_by: installed, it is left where it is, even when all zones are to leave', () => {
    const facts = [host('a', [zone({ name: 'db1', state: 'installed' })]), host('b')];
    expect(ways(empty('a', facts, [rule('db1', { managedBy: 'the cluster' })], { which: 'all' }))).to.equal(
      'db1 stays: the cluster moves it, we never do',
    );
  });

  it('native: stands above what the playbook says', () => {
    const facts = [host('a', [zone({ name: 'tzone1', brand: 'solaris' })]), host('b')];
    expect(ways(empty('a', facts, [rule('tzone1', { native: 'stop' })]))).to.contain('is shut down before');
    expect(ways(empty('a', facts, [rule('tzone1', { native: 'stay' })], { native: 'stop' }))).to.contain(
      'goes down with the host',
    );
  });

  it('pin: to the very host that is emptied is no silent outage', () => {
    expect(ways(empty('a', fleet, [rule('db1', { pin: hostName('a') })]))).to.contain(
      'db1 a: it is pinned to this host',
    );
  });

  it('hold for every zone that a pattern means', () => {
    expect(ways(empty('a', fleet, [rule('*', { allowed: [hostName('c')] })]))).to.equal('db1->c\nweb1->c');
  });
});

describe('zones that must be together', () => {
  const together = [rule('app1', { keepTogether: ['db1'] })];

  it('go to one host that has room for both', () => {
    const facts = [
      host('a', [kz('app1', 6), kz('db1', 6), kz('web1', 1)]),
      host('b', [], { gib: 10 }),
      host('c', [], { gib: 10 }),
      host('d', [], { gib: 14 }),
    ];
    expect(ways(empty('a', facts, together))).to.equal('app1->d\ndb1->d\nweb1->b');
  });

  it('come to where the other one runs already', () => {
    const facts = [host('a', [kz('app1')]), host('b'), host('c', [kz('db1', 40)])];
    expect(ways(empty('a', facts, together))).to.equal('app1->c');
  });

  it('are told, with what they need together, when no host can take them both', () => {
    const facts = [host('a', [kz('app1', 6), kz('db1', 6)]), host('b', [], { gib: 10 })];
    expect(ways(empty('a', facts, together))).to.equal(
      'app1 b: needs 13.1 GiB together with db1, can give 10 GiB\ndb1 b: needs 13.1 GiB together with app1, can give 10 GiB',
    );
  });

  it('are together with the mates of their mates', () => {
    const rules = [...together, rule('db1', { keepTogether: ['log1'] })];
    const facts = [host('a', [kz('app1'), kz('db1'), kz('log1')]), host('b'), host('c')];
    expect(ways(empty('a', facts, rules))).to.equal('app1->b\ndb1->b\nlog1->b');
  });

  it('have no other destination that would part them', () => {
    const facts = [host('a', [kz('app1'), kz('db1')]), host('b'), host('c')];
    const planned = empty('a', facts, together);
    expect(planned.is === 'planned' && planned.plan.migrations.map(one => one.others)).to.deep.equal([[], []]);
  });

  it('can’t follow one that goes down with the host', () => {
    const facts = [host('a', [kz('app1'), kz('db1')]), host('b')];
    expect(ways(empty('a', facts, [...together, rule('db1', { stays: true })]))).to.equal(
      'app1 b: must run together with db1, which runs on a',
    );
  });
});

describe('zones that must be apart', () => {
  const crowd = [rule('db*', { keepApart: ['db*'] })];

  it('each have a host of their own when a pattern says so of itself', () => {
    const facts = [host('a', [kz('db1'), kz('db2'), kz('db3')]), host('b'), host('c'), host('d')];
    expect(ways(empty('a', facts, crowd))).to.equal('db1->b\ndb2->c\ndb3->d');
  });

  it('keep the rule that only the other one has', () => {
    const facts = [host('a', [kz('web1')]), host('b', [kz('db1', 1)]), host('c', [kz('x', 40)])];
    expect(ways(empty('a', facts, [rule('db1', { keepApart: ['web1'] })]))).to.equal('web1->c');
  });

  it('two zones of one name never go to one host, though they are two', () => {
    const other = zone({ name: 'web1', storage: ['iscsi://saison/luname.naa.other'] });
    const facts = [host('a', [kz('web1')]), host('b', [other]), host('c', [], { gib: 256 }), host('d')];
    expect(ways(empty('a b', facts, []))).to.equal('web1->c\nweb1->d');
  });
});

describe('the same zone twice', () => {
  it('moves nowhere before somebody has found out which one is right', () => {
    const facts = [host('a', [kz('web1')]), host('b', [zone({ name: 'web1', state: 'installed' })]), host('c')];
    expect(ways(empty('a', facts, []))).to.equal(
      'web1 a: it is up on b too, with the same storage: find out which is right',
    );
  });

  it('is known by its storage, whatever it is called there', () => {
    const copy = zone({ name: 'web9', storage: ['iscsi://saison/luname.naa.WEB1'] });
    expect(ways(empty('a', [host('a', [kz('web1')]), host('b', [copy]), host('c')], []))).to.contain('up on b too');
  });

  it('isn’t seen in the configuration that it left behind on its last way', () => {
    const facts = [host('a', [kz('web1')]), host('b', [zone({ name: 'web1', state: 'configured' })])];
    expect(ways(empty('a', facts, []))).to.equal('web1->b');
  });
});

describe('what the inventory says of a host', () => {
  const set = (settings: Readonly<Record<string, Partial<HostSettings>>>, facts: readonly Facts[], how = {}) =>
    ways(empty('a', facts, [], { ...how, settings }));

  it('weight: of two hosts that are as full the heavier takes the zone', () => {
    const facts = [host('a', [kz('web1')]), host('b', [kz('x', 8)]), host('c', [kz('y', 8)])];
    expect(set({}, facts)).to.equal('web1->b');
    expect(set({ c: { weight: 2 } }, facts)).to.equal('web1->c');
  });

  it('cpu_class: stands above what the processors print, on both ends', () => {
    const facts = [host('a', [kz('web1')], { cpuClass: 'stepping 2' }), host('b', [], { cpuClass: 'stepping 7' })];
    expect(set({}, facts)).to.contain('other processors');
    expect(set({ a: { cpuClass: 'xeon' }, b: { cpuClass: 'xeon' } }, facts)).to.equal('web1->b');
    expect(set({ b: { cpuClass: 'xeon' } }, facts)).to.contain('other processors');
  });

  it('cpu_overcommit: counts for all that come together', () => {
    const two = [zone({ name: 'z1', gib: 1, vcpus: 8 }), zone({ name: 'z2', gib: 1, vcpus: 8 })];
    const facts = [host('a', two), host('b', [], { cpus: 8 }), host('c', [], { cpus: 8 })];
    const packed = { placement: 'pack' } as const;
    expect(set({}, facts, packed)).to.equal('z1->b\nz2->b');
    expect(set({ b: { cpuOvercommit: 1 } }, facts, packed)).to.match(/^z1->b\nz2->c$|^z1->c\nz2->[bc]$/);
  });
});

describe('the wish for destinations', () => {
  it('spread: over all hosts; pack: onto as few as hold them', () => {
    const facts = [host('a', [kz('z1'), kz('z2'), kz('z3')]), host('b'), host('c'), host('d')];
    expect(ways(empty('a', facts, []))).to.equal('z1->b\nz2->c\nz3->d');
    const packed = empty('a', facts, [], { placement: 'pack' });
    expect(packed.is === 'planned' && new Set(packed.plan.migrations.map(one => one.to)).size).to.equal(1);
  });

  it('a zone that comes home goes to a host of its own release, unless that gets nearly full by it', () => {
    const old = { version: '11.4.80' };
    const newer = { version: '11.4.81' };
    const facts = (gib: number) => [
      host('a', [kz('web1')], old),
      host('b', [kz('x', gib)], old),
      host('c', [], newer),
      host('d', [], newer),
    ];
    expect(ways(empty('a', facts(40), []))).to.equal('web1->b');
    expect(ways(empty('a', facts(56), []))).to.equal('web1->c');
    expect(ways(empty('a', facts(40), [rule('web1', { returns: 'stay' })]))).to.equal('web1->c');
  });
});

describe('rules for zones that no host has', () => {
  const facts = [host('a', [kz('evac1')]), host('b', [kz('evac2')])];

  it('are told with the nearest name that there is', () => {
    const rules = [rule('evca1', { stays: true }), rule('evac2', { keepApart: ['evac9', 'evac1'] }), rule('db*', {})];
    expect(strayRules(rules, facts)).to.deep.equal([
      'the inventory has rules for "evca1", and no host has such a zone; did you mean "evac1"?',
      'the inventory has rules for "db*", and no host has such a zone',
      'the rules for "evac2" name "evac9", and no host has such a zone; did you mean "evac1"?',
    ]);
  });

  it('aren’t told when a host gave no answer: they may be there', () => {
    expect(strayRules([rule('evca1', {})], [...facts, null])).to.deep.equal([]);
  });
});
