// Where zones go: never beyond a host's room, none lost, the same for the same input.
import { expect } from 'chai';
import fc from 'fast-check';
import { unknown } from '../../src/model/facts.ts';
import { NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName } from '../../src/model/ids.ts';
import { ALONE } from '../../src/plan/place/company.ts';
import { departures } from '../../src/plan/place/departures.ts';
import { obstacles } from '../../src/plan/place/fit.ts';
import { place, type Request } from '../../src/plan/place/placement.ts';
import { memoryOf, roomOf } from '../../src/model/room.ts';
import { planWaveFrom, type WaveQuestion } from '../../src/plan/waves/wave-plan.ts';
import { withZone } from '../../src/plan/place/world.ts';
import { obstaclesText } from '../../src/report/obstacle-text.ts';
import { byRule } from '../../src/model/obstacle.ts';
import { GiB, host, type HostWords, zone, type ZoneWords } from './world.ts';

const candidate = (facts: ReturnType<typeof host>) => ({ facts, ...NO_SETTINGS, reserveBytes: 0 });
const request = (words: ZoneWords): Request => ({
  zone: zone(words),
  source: host('nacaozumbi'),
  rule: null,
  company: ALONE,
  target: { is: 'any' },
});
const EMPTY = { which: 'running', native: 'stay', placement: 'spread' } as const;

function wave(facts: readonly ReturnType<typeof host>[], hosts: readonly string[], change: Partial<WaveQuestion> = {}) {
  return planWaveFrom({
    wave: { play: 1, n: 1 },
    hosts: hosts.map(hostName),
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
    evacuation: () => EMPTY,
    rules: [],
    settings: () => ({ ...NO_SETTINGS, reserveBytes: 0 }),
    preferences: [],
    ...change,
  });
}

describe('where a zone may go', () => {
  const no = (words: ZoneWords, to: HostWords, zones: Parameters<typeof host>[1] = []) =>
    obstacles(request(words), candidate(host('bjork', zones, to))).map(one => obstaclesText([one]));

  it('has nothing against an equal host with room', () => {
    expect(no({ name: 'evac1' }, {})).to.deep.equal([]);
  });

  it('refuses a host that is closed, of another architecture, older, or full, and says so in numbers', () => {
    expect(no({ name: 'evac1' }, { closed: 'DIMM swap' })).to.deep.equal(['closed by root: DIMM swap']);
    expect(no({ name: 'evac1' }, { arch: 'sparc' })).to.deep.equal(['architecture sparc, the zone runs on i386']);
    expect(no({ name: 'evac1' }, { version: '11.4.79.0.1.1.1' })[0]).to.match(/^is older \(11\.4\.79/);
    expect(no({ name: 'evac1', gib: 32 }, { gib: 16 })).to.deep.equal(['needs 33.9 GiB, can give 16 GiB']);
    expect(no({ name: 'evac1', gib: 32 }, { freeGib: 8 })).to.deep.equal(['needs 33.9 GiB, has 8 GiB free now']);
  });

  it('lets unlike processors pass only with a migration class', () => {
    expect(no({ name: 'evac1' }, { cpuClass: 'other' })).to.have.length(1);
    expect(no({ name: 'evac1', cpuArch: 'migration-class1' }, { cpuClass: 'other' })).to.deep.equal([]);
  });

  it('refuses a host that has another zone of this name, and takes the shell the zone left there', () => {
    expect(no({ name: 'evac1' }, {}, [zone({ name: 'evac1', state: 'installed' })])).to.deep.equal([
      'has a zone of this name, installed',
    ]);
    const other = zone({ name: 'evac1', state: 'configured', storage: ['iscsi://saison/luname.naa.other'] });
    expect(no({ name: 'evac1' }, {}, [other])).to.deep.equal(['has another configuration of this name: storage']);
    expect(no({ name: 'evac1' }, {}, [zone({ name: 'evac1', state: 'configured' })])).to.deep.equal([]);
  });
});

describe('which zones leave', () => {
  const leave = (words: ZoneWords, how: Partial<Parameters<typeof departures>[1]> = {}) =>
    departures(host('nacaozumbi', [zone(words)]), { ...EMPTY, ...how });

  it('a running kernel zone leaves; an installed one only with all', () => {
    expect(leave({ name: 'evac1' }).leaving).to.have.length(1);
    expect(leave({ name: 'evac4', state: 'installed' }).leaving).to.have.length(0);
    expect(leave({ name: 'evac4', state: 'installed' }, { which: 'all' }).leaving).to.have.length(1);
  });

  it('an installed native zone stays with all, unless native zones are to move', () => {
    const installed = { name: 'tzone1', brand: 'solaris', state: 'installed' } as const;
    const all = leave(installed, { which: 'all' });
    expect([all.leaving, all.staying.map(one => one.why)]).to.deep.equal([[], ['solaris zones stay (native: stay)']]);
    expect(leave(installed, { which: 'all', native: 'move' }).leaving).to.have.length(1);
  });

  it('a running native zone stays, and the plan says what becomes of it', () => {
    const { staying, bound } = leave({ name: 'tzone1', brand: 'solaris' });
    expect(staying.map(one => one.why)).to.deep.equal([
      "a running solaris zone can't move live: it goes down with the host and is started again",
    ]);
    expect(bound).to.deep.equal([]);
  });

  it('a running native zone that is told to move is told before anything is touched', () => {
    expect(leave({ name: 'tzone1', brand: 'solaris' }, { native: 'move' }).bound).to.have.length(1);
  });

  it('a zone on local storage, suspended or in a middle state stands in the way', () => {
    expect(leave({ name: 'evac1', bound: 'sits on dev:/dev/zvol/dsk/rpool/evac1' }).bound[0]?.why).to.equal(
      'sits on dev:/dev/zvol/dsk/rpool/evac1',
    );
    expect(leave({ name: 'evac1', aux: 'migrating-out' }).bound[0]?.why).to.equal('it is running/migrating-out');
    expect(leave({ name: 'evac1', state: 'unavailable' }).bound[0]?.why).to.equal('it is unavailable');
  });
});

describe('a wave', () => {
  it('sends every zone to the host that is then used least, and none to a host of the wave', () => {
    const facts = [
      host('a', [zone({ name: 'z1', gib: 8 }), zone({ name: 'z2', gib: 8 })]),
      host('b'),
      host('c'),
      host('d', [zone({ name: 'z3' })]),
    ];
    const planned = wave(facts, ['a', 'd']);
    expect(planned.is).to.equal('planned');
    if (planned.is !== 'planned') return;
    expect(planned.plan.migrations.map(({ zone: name, to }) => `${name}->${to}`)).to.deep.equal([
      'z1->b',
      'z2->c',
      'z3->b',
    ]);
  });

  it('sends zones that are called as anything that JavaScript has a word for', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
    const planned = wave(
      [
        host(
          'a',
          names.map(name => zone({ name })),
        ),
        host('b'),
      ],
      ['a'],
    );
    expect(planned.is === 'planned' && planned.plan.migrations.map(one => one.zone).toSorted()).to.deep.equal(
      names.toSorted(),
    );
  });

  it('sends no zone from one of its hosts to another, however empty that is', () => {
    const facts = [host('a', [zone({ name: 'z1' })], { gib: 512 }), host('b', [], { gib: 512 }), host('c')];
    const planned = wave(facts, ['a', 'b']);
    expect(planned.is === 'planned' && planned.plan.migrations.map(one => one.to)).to.deep.equal(['c']);
  });

  it('has no plan as long as a zone that should leave can’t, and says which, and why', () => {
    const facts = [host('a', [zone({ name: 'z1', aux: 'migrating-out' }), zone({ name: 'z2' })]), host('b')];
    const planned = wave(facts, ['a']);
    expect(planned.is === 'shortfall' && [planned.message, planned.reasons]).to.deep.equal([
      "wave 1/1: z1 on a can't leave",
      [{ zone: 'z1', host: 'a', why: [byRule('it is running/migrating-out')] }],
    ]);
  });

  it('sums up what would have to find room', () => {
    const message = (zones: readonly ZoneWords[], how: Partial<typeof EMPTY> | { readonly which: 'all' } = {}) => {
      const facts = [host('a', zones.map(zone)), host('b', [], { arch: 'sparc' })];
      const planned = wave(facts, ['a'], { evacuation: () => ({ ...EMPTY, ...how }) });
      return planned.is === 'shortfall' ? planned.message : planned.is;
    };
    expect(
      message([
        { name: 'z1', gib: 8 },
        { name: 'z2', gib: 4 },
      ]),
    ).to.equal('wave 1/1: no host can take z1, z2 (2 zones leave, 13.1 GiB in all)');
    expect(message([{ name: 'z1', state: 'installed' }], { which: 'all' })).to.equal(
      'wave 1/1: no host can take z1 (1 zone leaves, 0 B in all)',
    );
  });

  it('knows where else a zone fits once all are placed, so that a failing destination is no dead end', () => {
    const facts = [host('a', [zone({ name: 'z1', gib: 8 })]), host('b'), host('c'), host('d', [], { gib: 8 })];
    const planned = wave(facts, ['a']);
    expect(planned.is === 'planned' && planned.plan.migrations.map(one => [one.to, ...one.others])).to.deep.equal([
      ['b', 'c'],
    ]);
  });

  it('of those other hosts names the one first that is then used least', () => {
    const facts = [
      host('a', [zone({ name: 'z1', gib: 4 })]),
      host('b', [zone({ name: 'web1', gib: 40 })]),
      host('c', [zone({ name: 'web2', gib: 16 })]),
      host('d'),
      host('e', [zone({ name: 'web3', gib: 8 })]),
    ];
    const planned = wave(facts, ['a']);
    expect(planned.is === 'planned' && planned.plan.migrations.map(one => [one.to, ...one.others])).to.deep.equal([
      ['d', 'e', 'c', 'b'],
    ]);
  });

  it('says for each zone and host what is missing, in numbers, before anything is touched', () => {
    const planned = wave([host('a', [zone({ name: 'z1', gib: 48 })]), host('b', [], { gib: 32 })], ['a']);
    expect(planned.is).to.equal('shortfall');
    if (planned.is !== 'shortfall') return;
    expect(planned.reasons.map(({ zone: name, host: to, why }) => `${name} ${to} ${obstaclesText(why)}`)).to.deep.equal(
      ['z1 b needs 50.7 GiB, can give 32 GiB'],
    );
    expect(planned.proof).to.equal('z1 needs 50.7 GiB, and no host that may take it can give more than 32 GiB (b)');
  });

  it('goes by evacuation/target when told to, and tells of a zone that has none', () => {
    const as = (words: ZoneWords) =>
      wave([host('a', [zone(words)]), host('b'), host('c')], ['a'], {
        evacuation: () => ({ ...EMPTY, placement: 'as_set' }),
      });
    const set = as({ name: 'z1', target: 'ssh://root@c' });
    expect(set.is === 'planned' && set.plan.migrations.map(one => [one.to, one.why])).to.deep.equal([
      ['c', 'as evacuation/target says'],
    ]);
    const none = as({ name: 'z1' });
    expect(none.is === 'shortfall' && obstaclesText(none.reasons[0]?.why ?? [])).to.contain('no evacuation/target');
  });
});

describe('placement', () => {
  const zones = fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^z[0-9]{1,3}$/), gib: fc.integer({ min: 1, max: 24 }) }),
    { selector: one => one.name, maxLength: 12 },
  );
  const hosts = fc.array(fc.integer({ min: 8, max: 64 }), { minLength: 1, maxLength: 5 });

  it('never gives a host more than it has, loses no zone and doubles none', () => {
    fc.assert(
      fc.property(zones, hosts, (wanted, sizes) => {
        const candidates = sizes.map((gib, n) => candidate(host(`h${n}`, [], { gib })));
        const placed = place(wanted.map(request), candidates);
        if (placed.is === 'short') return placed.reasons.length > 0;
        expect(placed.migrations.map(one => `${one.zone}`).sort()).to.deep.equal(wanted.map(one => one.name).sort());
        for (const one of candidates) {
          const there = placed.migrations.filter(migration => migration.to === one.facts.host);
          const after = there.reduce(
            (facts, { zone: name }) => withZone(facts, zone(wanted.find(w => w.name === name) ?? { name })),
            one.facts,
          );
          const room = roomOf(after, 0);
          expect(room.is === 'known' && room.value.freeBytes).to.be.at.least(0);
        }
        return true;
      }),
    );
  });

  const went = (wanted: readonly ZoneWords[], hosts: readonly ReturnType<typeof host>[]) => {
    const placed = place(wanted.map(request), hosts.map(candidate));
    if (placed.is === 'short') throw new Error(JSON.stringify(placed.reasons));
    return placed.migrations;
  };

  it('knows three other hosts for a zone at most', () => {
    const [only] = went(
      [{ name: 'z1' }],
      ['a', 'b', 'c', 'd', 'e'].map(name => host(name)),
    );
    expect([only?.to, ...(only?.others ?? [])]).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('counts processors where they are scarcer than memory, those taken too', () => {
    const busy = host('a', [zone({ name: 'web1', gib: 1, vcpus: 24 })]);
    const full = host('b', [zone({ name: 'web2', gib: 40, vcpus: 1 })]);
    const [only] = went([{ name: 'z1', gib: 1, vcpus: 4 }], [busy, full]);
    expect([only?.to, only?.why, only?.others]).to.deep.equal(['b', '68 % used then', ['a']]);
  });

  it('sends a zone that needs no room to a host of which nobody knows what room it has, last of all', () => {
    const cold = { name: 'evac4', state: 'installed' } as const;
    const dark = { ...host('a'), cpus: unknown('psrinfo: killed') };
    const full = host('b', [zone({ name: 'web1', gib: 64 })]);
    expect(went([cold], [dark, full]).map(one => [one.to, ...one.others])).to.deep.equal([['b', 'a']]);
    expect(went([cold], [dark]).map(one => [one.to, one.why])).to.deep.equal([
      ['a', 'nobody knows what room it has, and it needs none'],
    ]);
  });

  it("doesn't depend on the order of its input", () => {
    fc.assert(
      fc.property(zones, hosts, fc.infiniteStream(fc.nat()), (wanted, sizes, keys) => {
        const candidates = sizes.map((gib, n) => candidate(host(`h${n}`, [], { gib })));
        const shuffled = wanted.map(words => ({ words, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        expect(
          place(
            shuffled.map(one => request(one.words)),
            [...candidates].reverse(),
          ),
        ).to.deep.equal(place(wanted.map(request), candidates));
      }),
    );
  });

  it("counts what the hypervisor adds to a kernel zone's memory", () => {
    const memory = memoryOf(zone({ name: 'evac1', gib: 4 }));
    expect(memory.is === 'known' && memory.value).to.equal(Math.ceil(4 * GiB * 1.05) + GiB / 4);
  });
});
