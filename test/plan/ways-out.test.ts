// A wave that has no plan: the proof of it, and ways out that really are some.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Facts } from '../../src/model/facts.ts';
import { NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName } from '../../src/model/ids.ts';
import type { SaidOfZones } from '../../src/model/inventory.ts';
import type { Shortfall } from '../../src/model/plan.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import type { Evacuation } from '../../src/plan/place/departures.ts';
import { planWaveFrom, type WaveQuestion } from '../../src/plan/waves/wave-plan.ts';
import { withWaysOut } from '../../src/plan/shortfall/ways-out.ts';
import { shortfallText } from '../../src/report/plan-short.ts';
import { host, zone } from './world.ts';

const EMPTY: Evacuation = { which: 'running', native: 'stay', placement: 'spread' };
const rule = (name: string, said: Partial<SaidOfZones>): SaidOfZones => ({ ...noRule(name), ...said });
const kz = (name: string, gib = 4) => zone({ name, gib });

function asked(hosts: string, facts: readonly Facts[], rules: readonly SaidOfZones[] = []): WaveQuestion {
  return {
    wave: { play: 1, n: 1 },
    hosts: hosts.split(' ').map(hostName),
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
    evacuation: () => EMPTY,
    rules,
    settings: () => ({ ...NO_SETTINGS, reserveBytes: 0 }),
    preferences: [],
  };
}

function short(question: WaveQuestion): Shortfall {
  const planned = planWaveFrom(question);
  if (planned.is === 'planned') throw new Error('there is a plan');
  return withWaysOut(question, planned);
}

describe('the proof that a wave has no plan', () => {
  const proof = (...question: Parameters<typeof asked>) => short(asked(...question)).proof;

  it('is the sum, when all hosts together have too little', () => {
    const facts = [
      host('a', [kz('z1', 8), kz('z2', 8), kz('z3', 8)]),
      host('b', [], { gib: 10 }),
      host('c', [], { gib: 10 }),
    ];
    expect(proof('a', facts)).to.equal(
      'z1, z2, z3 need 26.0 GiB; all that may take them (b, c) can give 20 GiB: 6.0 GiB are missing',
    );
  });

  it('is the biggest zone, when no single host has room for it', () => {
    const facts = [host('a', [kz('z1', 24), kz('z2', 1)]), host('b', [], { gib: 20 }), host('c', [], { gib: 16 })];
    expect(proof('a', facts)).to.equal('z1 needs 25.5 GiB, and no host that may take it can give more than 20 GiB (b)');
  });

  it('is the number of hosts, when more zones must be apart than there are hosts', () => {
    const facts = [host('a', [kz('db1'), kz('db2'), kz('db3')]), host('b'), host('c')];
    expect(proof('a', facts, [rule('db*', { keepApart: ['db*'] })])).to.equal(
      'db1, db2, db3 must be kept apart, and only 2 hosts may take any of them: b, c',
    );
  });

  it('is the rules, when they leave a zone no host at all', () => {
    const facts = [host('a', [kz('z1')]), host('b', [], { arch: 'sparc' })];
    expect(proof('a', facts)).to.equal('no host may take z1, whatever is free');
  });

  it('is of those alone that are bound to few hosts, though the others have room', () => {
    const facts = [host('a', [kz('z1', 8), kz('z2', 8), kz('z3', 8)]), host('b', [], { gib: 10 }), host('c')];
    const licensed = { allowed: [hostName('b')] };
    expect(proof('a', facts, [rule('z1', licensed), rule('z2', licensed)])).to.equal(
      'z1, z2 need 17.3 GiB; all that may take them (b) can give 10 GiB: 7.3 GiB are missing',
    );
  });

  it('isn’t claimed where only no packing was found', () => {
    const facts = [
      host('a', [kz('z1', 8), kz('z2', 8), kz('z3', 8)]),
      host('b', [], { gib: 15 }),
      host('c', [], { gib: 15 }),
    ];
    expect(proof('a', facts)).to.equal(null);
  });
});

describe('a wave that has no plan is told', () => {
  it('with the first few of its zones by name', () => {
    const zones = Array.from({ length: 12 }, (_, n) => kz(`z${String(n + 1).padStart(2, '0')}`, 8));
    const { message } = short(asked('a', [host('a', zones, { gib: 256 }), host('b', [], { arch: 'sparc' })]));
    expect(message).to.equal(
      'wave 1/1: no host can take z01, z02, z03, z04, z05, z06, z07, z08 and 4 more (12 zones leave, 104 GiB in all)',
    );
  });

  it('with a proof that speaks of the zones of other hosts where they are, when one of these could go first', () => {
    const facts = [
      host('a', [kz('big', 24)], { gib: 32 }),
      host('b', [kz('w1', 10)], { gib: 32, freeGib: 21 }),
      host('c', [], { gib: 12 }),
    ];
    const movable = { ...short(asked('a', facts)), proof: 'it needs more' };
    expect(movable.ways.map(({ is }) => is)).to.include('move-first');
    expect(shortfallText(movable, 200)).to.contain(
      'With the zones of other hosts where they are, there can be none: it needs more.',
    );
    expect(shortfallText({ ...movable, ways: [] }, 200)).to.contain('\nThere can be none: it needs more.');
  });
});

describe('the ways out', () => {
  const help = (...question: Parameters<typeof asked>) => short(asked(...question)).help;

  it('smaller waves: who goes together', () => {
    const facts = [
      host('a', [kz('z1', 16)], { gib: 20 }),
      host('b', [kz('z2', 16)], { gib: 20 }),
      host('c', [kz('z3', 2)], { gib: 19 }),
      host('d', [], { gib: 20 }),
    ];
    expect(help('a b c', facts)[0]).to.equal('smaller waves: a + c, then b');
  });

  it('who can’t go even alone is left out', () => {
    const facts = [host('a', [kz('z1', 4)]), host('b', [kz('z2', 60)]), host('c', [], { gib: 16 })];
    expect(help('a b', facts)[0]).to.equal(
      "only a in this wave; leave out b, which doesn't fit even alone (-l 'all,!b')",
    );
  });

  it('the fewest zones to shut down, those that may stop first', () => {
    const facts = [host('a', [kz('z1', 8), kz('z2', 8), kz('z3', 12)]), host('b', [], { gib: 22 })];
    expect(help('a', facts)).to.include('shut down z1 on a (8.7 GiB, ask its owner): then the rest fits');
    expect(help('a', facts, [rule('z3', { mayStop: true })])).to.include(
      'shut down z3 on a (12.9 GiB, may stop): then the rest fits',
    );
    expect(help('a', facts, [rule('z1', { priority: 9 })])).to.include(
      'shut down z2 on a (8.7 GiB, ask its owner): then the rest fits',
    );
  });

  it('rather several zones of low priority to shut down than one of a higher', () => {
    const facts = [host('a', [kz('z1', 8), kz('z2', 8), kz('z3', 16)]), host('b', [], { gib: 20 })];
    expect(help('a', facts)).to.include('shut down z3 on a (17.1 GiB, ask its owner): then the rest fits');
    expect(help('a', facts, [rule('z3', { priority: 5 })])).to.include(
      'shut down z1 on a (8.7 GiB, ask its owner), z2 on a (8.7 GiB, ask its owner): then the rest fits',
    );
  });

  it('the memory that is missing, on the host that lacks least', () => {
    const facts = [host('a', [kz('z1', 16)]), host('b', [], { gib: 8 }), host('c', [], { gib: 16 })];
    const memory = short(asked('a', facts)).ways.find(way => way.is === 'memory');
    expect(memory?.host).to.equal('c');
    expect((memory?.bytes ?? 0) / 2 ** 30).to.be.within(1.05, 1.1);
  });

  it('zones of other hosts to move first, in order, and first of all ways', () => {
    const facts = [
      host('a', [kz('big', 24)], { gib: 32 }),
      host('b', [kz('w1', 10)], { gib: 32, freeGib: 21 }),
      host('c', [kz('w2', 12)], { gib: 32, freeGib: 19 }),
    ];
    expect(help('a', facts)[0]).to.equal('move w2 from c to b first: then all of the wave fits');
  });

  it('none of a zone that may not move, is pinned, or managed by others', () => {
    const facts = [
      host('a', [kz('big', 24)], { gib: 32 }),
      host('b', [kz('w1', 10)], { gib: 32, freeGib: 21 }),
      host('c', [kz('w2', 12)], { gib: 32, freeGib: 19 }),
    ];
    const kinds = (...rules: readonly SaidOfZones[]) => short(asked('a', facts, rules)).help[0];
    expect(kinds(rule('w1', { managedBy: 'the cluster' }))).to.equal(
      'move w2 from c to b first: then all of the wave fits',
    );
    expect(kinds(rule('w*', { stays: true }))).not.to.contain('move');
  });

  it('the planner’s own choice, where a target doesn’t work', () => {
    const z1 = zone({ name: 'z1', target: 'ssh://root@b' });
    const question = asked('a', [host('a', [z1]), host('b', [], { gib: 2 }), host('c')]);
    const planned = short({ ...question, evacuation: () => ({ ...EMPTY, placement: 'as_set' }) });
    expect(planned.help).to.include(
      'let the planner choose the destinations (placement: spread): then all of the wave fits',
    );
  });

  it('for a zone that can’t leave: that it needn’t, or its host left out', () => {
    const facts = [host('a', [zone({ name: 'z1', bound: 'its disk is local' })]), host('b', [kz('z2')]), host('c')];
    expect(help('a b', facts)).to.deep.equal([
      "only b in this wave; leave out a, which doesn't fit even alone (-l 'all,!a')",
      'shut down z1 on a (4.5 GiB, ask its owner): then the rest fits',
    ]);
  });

  it('nothing that doesn’t help: not to shut down what somebody else manages', () => {
    const facts = [host('a', [kz('z1')]), host('b')];
    expect(help('a', facts, [rule('z1', { managedBy: 'the cluster' })])).to.deep.equal([]);
  });

  it('are what they say: each, taken, gives a plan', function () {
    // As chance makes the fleets it takes 4 to 12 s of a processor, and more of the clock where others want one, too.
    this.timeout(300_000);
    const fleet = fc.record({
      zones: fc.array(fc.integer({ min: 2, max: 24 }), { minLength: 2, maxLength: 6 }),
      rooms: fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fleet, ({ zones, rooms }) => {
        const wave = [
          host(
            'a',
            zones.filter((_, n) => n % 2 === 0).map((gib, n) => kz(`a${n}`, gib)),
          ),
          host(
            'b',
            zones.filter((_, n) => n % 2 === 1).map((gib, n) => kz(`b${n}`, gib)),
          ),
        ];
        const facts = [...wave, ...rooms.map((gib, n) => host(`h${n}`, [kz(`r${n}`, 1)], { gib, freeGib: gib - 2 }))];
        const question = asked('a b', facts);
        if (planWaveFrom(question).is === 'planned') return;
        for (const way of short(question).ways) {
          if (way.is === 'smaller-waves')
            for (const hosts of way.waves) expect(planWaveFrom({ ...question, hosts }).is).to.equal('planned');
          if (way.is === 'stop') {
            const rules = way.zones.map(one => rule(one.zone, { stays: true }));
            expect(planWaveFrom({ ...question, rules }).is).to.equal('planned');
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});
