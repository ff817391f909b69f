// `waves: auto`: who goes out together, by what the memory, the operator and the zones of others allow.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { hostName, runId, zoneName } from '../../src/model/ids.ts';
import type { SaidOfZones } from '../../src/model/inventory.ts';
import type { Away } from '../../src/model/ledger.ts';
import type { Play } from '../../src/model/program.ts';
import { known } from '../../src/model/value.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import { type Made, makePlan } from '../../src/plan/make-plan.ts';
import type { Json } from '../../src/text/json.ts';
import { evaluate } from '../run/evaluate.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { host, zone } from './world.ts';

interface Setting {
  readonly play?: Partial<Play>;
  readonly hosts?: readonly string[];
  readonly vars?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly away?: readonly Away[];
  readonly rules?: readonly SaidOfZones[];
}

const UPGRADE = ['maintenance.begin', 'zones.evacuate', 'maintenance.end', 'zones.return'].map(step => task(step));

function made(facts: readonly Facts[], setting: Setting = {}): Made {
  const names = facts.map(one => one.host);
  const layers = Object.entries(setting.vars ?? {}).map(([name, vars]) => {
    return [name, Object.fromEntries(Object.entries(vars).map(([key, json]) => [key, known(json)]))] as const;
  });
  const { serial: _, ...said } = setting.play ?? {};
  const plays = [play(setting.hosts ?? names, UPGRADE, { waves: 'auto', ...said })];
  const { program, hosts, options, groups } = planOf(plays, { others: names, vars: Object.fromEntries(layers) });
  return makePlan({
    ...{ program, catalogue, evaluate, options, now: 0, playbooks: [], extra: {}, away: setting.away ?? [] },
    inventory: { sources: [], digest: '', hosts: Object.values(hosts), groups, zoneRules: setting.rules ?? [] },
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
  });
}

function waves(facts: readonly Facts[], setting: Setting = {}): readonly string[] {
  const of = made(facts, setting);
  return of.is === 'plan' ? of.plan.waves.map(wave => wave.plan.hosts.join(' ')) : [JSON.stringify(of)];
}

/** Hosts of 64 GiB with one zone of so many each. */
const fleet = (...gib: readonly number[]): readonly Facts[] =>
  gib.map((size, n) => host(`h${n + 1}`, size === 0 ? [] : [zone({ name: `z${n + 1}`, gib: size })]));

describe('waves: auto', () => {
  it('takes out as many hosts at once as the others have room for, also if one more were lost', () => {
    // Three hosts hold six zones of 16 GiB as they have room for nine; two can't once one more is lost.
    expect(waves(fleet(16, 16, 16, 16, 16, 16))).to.deep.equal(['h1 h2 h3', 'h4 h5 h6']);
    expect(waves(fleet(50, 50, 50, 50, 0, 0, 0))).to.deep.equal(['h1 h2', 'h3 h4', 'h5 h6', 'h7']);
  });

  describe('where a host of the play is found closed, as a run that was stopped left it', () => {
    const night = (gib: number) => {
      const zones = [1, 2, 3, 4].map(n => zone({ name: `z${n}`, gib }));
      const [z1, z2, z3, z4] = zones;
      if (!z1 || !z2 || !z3 || !z4) throw new Error('four zones');
      return [
        host('h1', [z1]),
        host('h2', [z2]),
        host('h3', [z3, z4]),
        host('h4', [], { closed: 'w48 run 0000beef' }),
        host('h5'),
      ];
    };
    const away = [
      { zone: zoneName('z4'), home: hostName('h4'), at: hostName('h3'), was: 'running', run: runId('0000beef') },
    ];

    it('gives that host the first turn: it is out already, and the others wait for its room', () => {
      expect(waves(night(16), { away })[0]).to.match(/^h4\b/);
      expect(waves(night(16), { away, play: { canary: 1 } })[0]).to.equal('h4');
    });

    it('takes no other host out beside it where max_out forbids that', () => {
      const one = { away, play: { maxOut: 1 } };
      expect(waves(night(4), one)).to.deep.equal(['h4', 'h1', 'h2', 'h3', 'h5']);
    });

    it('has it first with serial, too, where max_out counts who is out, and nobody beside it', () => {
      const one = made(night(4), { away, play: { waves: 'serial', maxOut: 1 } });
      expect(one.is === 'plan' && one.plan.waves.map(wave => wave.plan.hosts.join(' '))).to.deep.equal([
        'h4',
        'h1',
        'h2',
        'h3',
        'h5',
      ]);
    });

    it('counts what would be lost with one more as with that host open, and tells it', () => {
      // Each host that is open holds as much as it can: only with h4 open could one of them be lost.
      const [h1, h2, h3] = fleet(40, 40, 40);
      if (!h1 || !h2 || !h3) throw new Error('three hosts');
      const full = [
        h1,
        h2,
        h3,
        host('h4', [], { closed: 'w48 run 0000beef' }),
        host('h5', [zone({ name: 'z4', gib: 40 })]),
      ];
      const of = made(full, { away: away.map(one => ({ ...one, at: hostName('h5') })) });
      expect(of.is === 'plan' && of.plan.waves[0]?.plan.hosts).to.deep.equal(['h4']);
      expect(of.is === 'plan' && of.plan.notes.join()).to.contain(
        'wave 1/1: while h4 is out, the zones of h1, h2, h3, h5 would have no place',
      );
    });
  });

  it('forbids a wave of two where the loss of one more host would leave a zone without a place', () => {
    // Two of four would fit on the others, which then hold two zones each; none of them could be lost.
    expect(waves(fleet(28, 28, 28, 28))[0]).to.equal('h1');
  });

  it('lets a host go alone where no wave is safe, and says whose zones would have no place', () => {
    const plan = made(fleet(40, 10, 40));
    if (plan.is !== 'plan') throw new Error(JSON.stringify(plan));
    expect(plan.plan.waves.map(one => one.plan.hosts)).to.deep.equal([['h1'], ['h2'], ['h3']]);
    expect(plan.plan.notes[0]).to.match(/^wave 1\/1: while h1 is out, the zones of .* would have no place/);
  });

  it('counts no host as endangered that would be lost with nobody out', () => {
    const giant = host('h0', [zone({ name: 'z0', gib: 100 })], { gib: 128 });
    expect(waves([giant, ...fleet(8, 8, 8, 8)], { hosts: ['h1', 'h2', 'h3', 'h4'] })[0]).to.equal('h1 h2');
  });

  it('has the canary first, alone', () => {
    const [first, ...others] = waves(fleet(8, 8, 8, 8, 8), { play: { canary: 1 } });
    expect(first).to.equal('h1');
    expect(others.length).to.be.lessThan(4);
  });

  it('has never more out than max_out', () => {
    expect(waves(fleet(4, 4, 4, 4, 4), { play: { maxOut: 2 } })).to.deep.equal(['h1 h2', 'h3 h4', 'h5']);
  });

  it('never has two of one failure domain out, unless more are allowed', () => {
    const rack = (...racks: readonly string[]) =>
      Object.fromEntries(racks.map((name, n) => [`h${n + 1}`, { rack: name }]));
    expect(waves(fleet(4, 4, 4, 4), { vars: rack('r1', 'r1', 'r2', 'r2') })).to.deep.equal(['h1 h3', 'h2 h4']);
    const power = { h1: { domain: { power: 'p1' } }, h2: { domain: { power: 'p1' } } };
    expect(waves(fleet(4, 4, 4, 4, 4, 4), { vars: power, hosts: ['h1', 'h2'] })).to.deep.equal(['h1', 'h2']);
    const two = { h1: { rack: 'r1', domain_max_out: 2 }, h2: { rack: 'r1' } };
    expect(waves(fleet(4, 4, 4, 4, 4, 4), { vars: two, hosts: ['h1', 'h2'] })).to.deep.equal(['h1 h2']);
  });

  it('counts a host of the domain that somebody else has closed', () => {
    const vars = { h1: { rack: 'r1' }, h2: { rack: 'r1' } };
    const facts = [...fleet(4), host('h2', [], { closed: 'memory exchange' }), ...fleet(0, 0, 4, 4).slice(2)];
    const plan = made(facts, { vars, hosts: ['h1'] });
    expect(JSON.stringify(plan)).to.contain('rack r1 has h2 out');
  });

  it('never closes a host that holds a zone of another, as an earlier run left it', () => {
    const row = { zone: 'z2', state: 'EVACUATED', destination: 'ssh://root@b', error: '' } as const;
    const c = { ...host('c'), record: { is: 'rows', rows: [row] } } as const;
    const facts = [host('a', [zone({ name: 'z1' })]), host('b', [zone({ name: 'z2' })]), c];
    const away: Away = {
      ...{ zone: zoneName('z2'), home: hostName('c'), at: hostName('b'), was: 'running', run: runId('0000beef') },
    };
    const plan = made(facts, { away: [away] });
    if (plan.is !== 'shortfall') throw new Error(plan.is);
    expect(plan.message).to.contain('b (holds z2 of c: bring it home first (zones.return on c))');
    expect(waves(facts, { away: [away], hosts: ['a', 'c'] }).flatMap(one => one.split(' '))).to.have.members([
      'a',
      'c',
    ]);
    // What was brought home by hand is no guest any more.
    expect(waves(facts, { away: [{ ...away, at: hostName('a') }] })).to.have.length.lessThan(4);
  });

  it('has a host that was left empty bring its zones home first: then the one that holds them may go', () => {
    const facts = [
      host('a', [zone({ name: 'z', gib: 8, state: 'configured' })]),
      host('b', [zone({ name: 'z', gib: 8 })]),
      host('c'),
    ];
    const away = {
      zone: zoneName('z'),
      home: hostName('a'),
      at: hostName('b'),
      was: 'running',
      run: runId('0000beef'),
    };
    const of = (play: Partial<Play>) => {
      const plan = made(facts, { away: [away], play });
      if (plan.is !== 'plan') throw new Error(JSON.stringify(plan));
      return plan.plan.waves.map(({ plan: { hosts, migrations } }) =>
        [hosts.join(' '), ...migrations.map(one => `${one.zone} from ${one.from}`)].join(': '),
      );
    };
    expect(of({})).to.deep.equal(['a', 'b', 'c']);
    expect(of({ returns: 'stay' })).to.deep.equal(['a', 'b: z from b', 'c']);
  });

  it('says of each host that can go in no wave why not', () => {
    const facts = [host('a', [zone({ name: 'z1', bound: 'it sits on local storage' })]), ...fleet(4, 4)];
    const plan = made(facts);
    expect(JSON.stringify(plan)).to.contain("a (z1 can't leave: it sits on local storage)");
    const big = made([host('a', [zone({ name: 'z1', gib: 60 })]), host('b', [], { gib: 32 })]);
    if (big.is !== 'shortfall') throw new Error(big.is);
    expect(big.reasons.map(one => `${one.zone} ${one.host}`)).to.deep.equal(['z1 b']);
    expect(big.wave).to.deep.equal({ play: 1, n: 2 });
  });

  it('takes hosts in the order of the play, or the one with least to move first', () => {
    const facts = fleet(30, 10, 20, 0);
    expect(waves(facts, { play: { maxOut: 1 } })).to.deep.equal(['h1', 'h2', 'h3', 'h4']);
    expect(waves(facts, { play: { maxOut: 1, order: 'least_loaded' } })).to.deep.equal(['h4', 'h2', 'h3', 'h1']);
    const serial = { waves: 'serial', serial: [{ is: 'hosts', count: 2 }], order: 'least_loaded' } as const;
    const named = play(['h1', 'h2', 'h3', 'h4'], UPGRADE)(1);
    expect({ ...named, ...serial }.order).to.equal('least_loaded');
  });

  it('doesn’t count a host that is emptied by nothing against anything', () => {
    const never = {
      sections: [{ letter: 't', entries: [task('zones.evacuate', {}, { when: [c('false')] })] }],
    } as const;
    expect(waves(fleet(60, 60, 60), { play: never })).to.deep.equal(['h1 h2 h3']);
  });

  it('gives the same plan whatever the order of the facts', () => {
    const facts = fleet(12, 7, 25, 3, 16, 16);
    const one = made(facts);
    const other = made([...facts].reverse(), { hosts: facts.map(({ host: name }) => name) });
    if (one.is !== 'plan' || other.is !== 'plan') throw new Error('no plan');
    expect(JSON.stringify(other.plan.waves)).to.equal(JSON.stringify(one.plan.waves));
  });
});

describe('return: stay', () => {
  const stay = { returns: 'stay' } as const;
  const bytes = (of: Made): number =>
    of.is === 'plan'
      ? of.plan.waves.flatMap(({ plan }) => plan.migrations).reduce((sum, one) => sum + one.bytes, 0)
      : -1;

  it('empties the host with least to move first, and sends everybody else into hosts that are done', () => {
    const plan = made(fleet(20, 10, 20, 20), { play: stay });
    if (plan.is !== 'plan') throw new Error(plan.is);
    expect(plan.plan.waves[0]?.plan.hosts).to.deep.equal(['h2']);
    const done = new Set<string>();
    for (const { plan: wave } of plan.plan.waves) {
      if (done.size > 0) expect(wave.migrations.every(({ to }) => done.has(to))).to.equal(true);
      for (const name of wave.hosts) done.add(name);
    }
  });

  it('begins with a spare: then each zone moves once', () => {
    const facts = fleet(20, 20, 0, 20);
    const once = facts.length === 4 ? bytes(made(facts, { play: { ...stay, maxOut: 1 } })) : 0;
    expect(waves(facts, { play: stay })[0]).to.equal('h3');
    const home = bytes(made(facts, { play: { maxOut: 1 } }));
    expect(once).to.equal(home);
  });

  it('sends the zones of the first wave to the half that comes last', () => {
    const plan = made(fleet(10, 20, 20, 20), { play: stay });
    expect(plan.is === 'plan' && plan.plan.waves[0]?.plan.migrations.map(({ to }) => to)).to.deep.equal(['h3']);
  });

  it('brings home the zones of which the inventory says so, and no others', () => {
    const rules = [{ ...noRule('z1'), returns: 'home', priority: null, mayStop: null, stays: null }] as const;
    const plan = made(fleet(10, 10, 10), { play: stay, rules });
    if (plan.is !== 'plan') throw new Error(plan.is);
    const stays = plan.plan.waves.flatMap(wave => wave.plan.migrations.map(one => `${one.zone} ${one.stays}`));
    expect(new Set(stays)).to.deep.equal(new Set(['z1 false', 'z2 true', 'z3 true']));
  });
});
