// What the planner is asked for a wave, as the playbook and the inventory say it.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { empty, foldAll } from '../../src/model/fold.ts';
import { hostName, type HostName, runId, zoneName } from '../../src/model/ids.ts';
import type { Law } from '../../src/model/event.ts';
import type { Plan, WaveForecast } from '../../src/model/plan.ts';
import type { Entry, Play } from '../../src/model/program.ts';
import { known } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { questionFor } from '../../src/plan/waves/next-wave.ts';
import { beforeRun, intentsOf, planWaveOf } from '../../src/plan/waves/ways.ts';
import { evaluate } from '../run/evaluate.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { GiB, host, zone } from './world.ts';

const fleet = ['a', 'b', 'c', 'd'];
const byName = (all: readonly Facts[]): Readonly<Record<HostName, Facts>> =>
  Object.fromEntries(all.map(one => [hostName(one.host), one]));
const open = byName(fleet.map(name => host(name)));

describe('what a wave asks of the planner', () => {
  function question(args: Readonly<Record<string, Json>> | null, vars: Readonly<Record<string, Json>> = {}) {
    return of(args === null ? [] : [task('zones.evacuate', args, { when: [c('host.name !== "b"')] })], vars);
  }
  function of(tasks: readonly Entry[], vars: Readonly<Record<string, Json>> = {}) {
    const layer = Object.fromEntries(Object.entries(vars).map(([name, json]) => [name, known(json)]));
    const plan = planOf([play(fleet, tasks)], { vars: { a: layer } });
    const [own] = plan.program.plays;
    if (own === undefined) throw new Error('no play');
    const hosts = fleet.map(hostName);
    const ways = { ground: beforeRun(plan, evaluate), catalogue };
    const at = { wave: { play: 1, n: 1 }, left: hosts, ready: [], done: [], facts: open, guests: [] };
    return questionFor({ ways, play: own, intents: intentsOf(ways, own) }, at);
  }
  const a = hostName('a');

  it('is how the play empties a host, by the arguments of its evacuation', () => {
    const asked = (args: Readonly<Record<string, Json>>) => question(args).evacuation(a);
    expect(asked({})).to.deep.equal({ which: 'running', native: 'stay', placement: 'spread' });
    expect(asked({ which: 'all', native: 'move', placement: 'as_set' })).to.deep.equal({
      which: 'all',
      native: 'move',
      placement: 'as_set',
    });
    expect(asked({ native: 'stop' })?.native).to.equal('stop');
  });

  it('is nothing where what a task done once will say keeps the host from being emptied', () => {
    for (const once of ['run', 'wave'] as const) {
      const asked = (word: string) => {
        const told = task('say', { text: 'stay' }, { once, register: 'told' });
        return of([told, task('zones.evacuate', {}, { when: [c(`told.said === "${word}"`)] })]).evacuation(a);
      };
      expect(asked('go'), once).to.equal(null);
      expect(asked('stay')?.which, once).to.equal('running');
    }
  });

  it('is nothing for a host that isn’t emptied, or gave no answer', () => {
    expect(question(null).evacuation(a)).to.equal(null);
    expect(question({}).evacuation(hostName('b'))).to.equal(null);
    expect(question({}).evacuation(hostName('z'))).to.equal(null);
  });

  it('is what a host keeps for itself, in bytes or with a unit', () => {
    const reserve = (json: Json) => question({}, { reserve_memory: json }).settings(a).reserveBytes;
    expect(reserve('16G')).to.equal(16 * GiB);
    expect(reserve('1.5GiB')).to.equal(1.5 * GiB);
    expect(reserve('512m')).to.equal(512 * 1024 ** 2);
    expect(reserve('2kb')).to.equal(2048);
    expect(reserve('1T')).to.equal(1024 * GiB);
    expect(reserve('4096')).to.equal(4096);
    expect(reserve(4096)).to.equal(4096);
    expect(reserve('much')).to.equal(null);
    expect(question({}).settings(a).reserveBytes).to.equal(null);
  });

  it('is whether a host takes zones: only accept: false says no', () => {
    const takes = (json: Json) => question({}, { placement: json }).settings(a).accepts;
    expect(takes({ accept: false })).to.equal(false);
    expect(takes({ accept: true })).to.equal(true);
    expect(takes({ weight: 2 })).to.equal(true);
    expect(takes(null)).to.equal(true);
    expect(question({}).settings(a).accepts).to.equal(true);
  });
});

describe('a wave planned again, from fresh facts', () => {
  const forecast = (n: number, hosts: readonly string[]): WaveForecast => ({
    plan: { wave: { play: 1, n }, hosts: hosts.map(hostName), migrations: [], staying: [] },
    actions: [],
  });
  const plan: Plan = {
    ...planOf([play(fleet, [], { serial: 2 }), play(fleet, [])]),
    waves: [forecast(1, ['a', 'b']), forecast(2, ['c', 'd'])],
  };
  const begun: Law = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
  const had = (playNumber: number, n: number, hosts: readonly string[]): readonly Law[] => {
    const wave = { play: playNumber, n };
    const hostsOf = hosts.map(hostName);
    return [
      { type: 'observed', wave, facts: {}, silent: {} },
      { type: 'wave-planned', wave, plan: { wave, hosts: hostsOf, migrations: [], staying: [] }, differs: [] },
    ];
  };
  const turned = (name: string): Law => ({
    type: 'turned',
    lane: { is: 'host', host: hostName(name) },
    towards: 'continue',
    why: '',
  });
  const next = (n: number, events: readonly Law[], of: Plan = plan, number = 1): readonly string[] => {
    const state = foldAll([begun, ...events], empty);
    const made = planWaveOf(catalogue, evaluate)(of, state, { play: number, n }, open);
    return made.is === 'planned' ? made.plan.hosts : [made.message];
  };

  it('has the hosts that were approved for it', () => {
    expect(next(1, [])).to.deep.equal(['a', 'b']);
    expect(next(2, had(1, 1, ['a', 'b']))).to.deep.equal(['c', 'd']);
  });

  it('goes on with one of them when the other has left the way', () => {
    expect(next(1, [turned('a')])).to.deep.equal(['b']);
    expect(next(2, [...had(1, 1, ['a', 'b']), turned('c')])).to.deep.equal(['d']);
  });

  it('has the next ones that are left when none of them is', () => {
    expect(next(1, [turned('a'), turned('b')])).to.deep.equal(['c', 'd']);
    expect(next(1, [turned('a'), turned('b')], { ...plan, waves: [] })).to.deep.equal(['c', 'd']);
    expect(next(3, [...had(1, 1, ['a'])], { ...plan, waves: [] })).to.deep.equal(['b']);
  });

  it('of another play starts with all its hosts again', () => {
    expect(next(1, had(1, 1, fleet), plan, 2)).to.deep.equal(fleet);
  });

  it('is not begun outside the window of its play, by the time at which it was looked at', () => {
    const window = { from: 22 * 60, to: 5 * 60, timezone: 'Europe/Berlin', drainMs: 0 };
    const [own] = plan.program.plays;
    if (own === undefined) throw new Error('no play');
    const nightly: Plan = { ...plan, program: { ...plan.program, plays: [{ ...own, window }] } };
    const asked = (at: string) => {
      const facts = byName(fleet.map(name => ({ ...host(name), at })));
      return planWaveOf(catalogue, evaluate)(nightly, foldAll([begun], empty), { play: 1, n: 1 }, facts);
    };
    expect(asked('2026-11-20T23:00:00Z').is).to.equal('planned');
    const day = asked('2026-11-20T12:00:00Z');
    expect(day.is === 'shortfall' && day.message).to.equal(
      "wave 1/1 is not begun: the window (22:00 to 05:00 Europe/Berlin) isn't open",
    );
  });

  describe('after a host was lost', () => {
    const closing = [task('maintenance.begin', { message: 'x' }), task('maintenance.end')];
    const closed = byName([host('a', [], { closed: 'ours' }), host('b'), host('c'), host('d')]);
    const begunWith = (silent: Readonly<Record<HostName, string>>, towards: 'continue' | 'refused' | 'rollback') => {
      const wave = { play: 1, n: 2 };
      const left: Law = { type: 'turned', lane: { is: 'host', host: hostName('a') }, towards, why: '' };
      return foldAll([begun, ...had(1, 1, ['a']), left, { type: 'observed', wave, facts: {}, silent }], empty);
    };
    const goes = (said: Pick<Play, 'waves' | 'maxOut'>, facts: typeof closed, state = begunWith({}, 'continue')) => {
      const of = planOf([play(fleet, closing, { ...said, serial: 2 })]);
      const made = planWaveOf(catalogue, evaluate)(of, state, { play: 1, n: 2 }, facts);
      return made.is === 'planned' ? made.plan.hosts.join(' ') : made.message;
    };
    const noA = byName([host('b'), host('c'), host('d')]);

    for (const waves of ['auto', 'serial'] as const) {
      const one = { waves, maxOut: 1 } as const;
      it(`takes no other down beyond max_out while it is closed or silent (${waves})`, () => {
        expect(goes(one, closed)).to.contain('max_out: 1').and.to.contain('a is still out');
        expect(goes(one, noA, begunWith({ [hostName('a')]: 'no answer' }, 'rollback'))).to.contain('a is still out');
        expect(goes({ ...one, maxOut: 2 }, closed)).to.equal('b');
      });

      it(`counts it no more once it is open, and never one that the run hasn’t touched (${waves})`, () => {
        const all = waves === 'auto' ? 'b' : 'b c';
        expect(goes(one, open)).to.equal(all);
        expect(goes(one, closed, begunWith({}, 'refused'))).to.equal(all);
      });
    }

    it('lets those go on that aren’t closed by the play, beside one that is out still', () => {
      const notB = closing.map(one => ({ ...one, when: [c('host.name !== "b"')] }));
      const of = planOf([play(fleet, notB, { waves: 'serial', serial: 2, maxOut: 1 })]);
      const made = planWaveOf(catalogue, evaluate)(of, begunWith({}, 'continue'), { play: 1, n: 2 }, closed);
      expect(made.is === 'planned' && made.plan.hosts).to.deep.equal(['b']);
    });

    it('takes no other down where one more couldn’t be lost then, also where one would go alone with all open', () => {
      const moving = ['maintenance.begin', 'zones.evacuate', 'maintenance.end', 'zones.return'].map(step => task(step));
      const of = planOf([play(fleet, moving, { waves: 'auto' })]);
      const facts = (a: Facts, gib: number) =>
        byName([
          a,
          host('b', [zone({ name: 'zb', gib })]),
          host('c', [zone({ name: 'zc', gib }), zone({ name: 'za', gib })]),
          host('d', [zone({ name: 'zd', gib })]),
        ]);
      const asked = (a: Facts, gib: number) => {
        const state = begunWith({}, 'continue');
        const before = { ...of, restsOn: { ...of.restsOn, facts: facts(host('a'), gib) } };
        const made = planWaveOf(catalogue, evaluate)(before, state, { play: 1, n: 2 }, facts(a, gib));
        return made.is === 'planned' ? made.plan.hosts.join(' ') : made.message;
      };
      expect(asked(host('a'), 20)).to.equal('b');
      expect(asked(host('a', [], { closed: 'ours' }), 20)).to.contain(
        'would have no place if that host were lost, too',
      );
      expect(asked(host('a', [], { closed: 'ours' }), 4)).to.equal('b');
    });

    it('takes no fellow of its failure domain down while it is silent', () => {
      const racks = Object.fromEntries(fleet.map(name => [name, { rack: known(name < 'c' ? 'r1' : 'r2') }]));
      const of = planOf([play(fleet, closing, { waves: 'auto' })], { vars: racks });
      const state = begunWith({ [hostName('a')]: 'no answer' }, 'continue');
      const made = planWaveOf(catalogue, evaluate)(of, state, { play: 1, n: 2 }, noA);
      expect(made.is === 'planned' && made.plan.hosts).to.deep.equal(['c']);
    });
  });

  it('closes no host that holds a zone of another which an earlier run sent there, or may have sent there', () => {
    const closing = planOf([play(fleet, [task('maintenance.begin', { message: 'x' })])]);
    const facts = byName([host('a'), host('b', [zone({ name: 'evac1' })]), host('c'), host('d')]);
    const [home, at] = [hostName('a'), hostName('b')];
    const guest = { zone: zoneName('evac1'), home, at, was: 'running', run: runId('0000cafe') };
    const asked = (before: { readonly away: (typeof guest)[]; readonly perhaps: (typeof guest)[] }) => {
      const state = foldAll([begun], empty);
      const made = planWaveOf(catalogue, evaluate, before)(closing, state, { play: 1, n: 1 }, facts);
      return made.is === 'shortfall' && made.message;
    };
    for (const before of [
      { away: [guest], perhaps: [] },
      { away: [], perhaps: [guest] },
    ])
      expect(asked(before)).to.equal(
        "wave 1/1: b can't be closed while zones of other hosts are there (evac1 of a on b)",
      );
  });

  it('finds room by the facts it is given', () => {
    const emptied: Plan = planOf([play(['a'], [task('zones.evacuate')])], { others: ['b'] });
    const facts = byName([host('a', [zone({ name: 'evac1' })]), host('b')]);
    const made = planWaveOf(catalogue, evaluate)(emptied, foldAll([begun], empty), { play: 1, n: 1 }, facts);
    expect(made.is === 'planned' && made.plan.migrations.map(one => `${one.zone}->${one.to}`)).to.deep.equal([
      'evac1->b',
    ]);
  });
});

describe('a wave planned again around what was approved', () => {
  const away = (to: string) => ({
    ...{ zone: zoneName('evac1'), from: hostName('a'), to: hostName(to), bytes: 0, why: '' },
    ...{ others: [], stays: false },
  });
  const planWith = (to: string): Plan => {
    const of = planOf([play(['a'], [task('zones.evacuate')])], { others: ['b', 'c'] });
    const wave = { wave: { play: 1, n: 1 }, hosts: [hostName('a')], migrations: [away(to)], staying: [] };
    return { ...of, waves: [{ plan: wave, actions: [] }] };
  };
  const begun: Law = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
  const goes = (to: string, ...others: readonly Facts[]): readonly string[] => goesAfter([], planWith(to), ...others);
  const goesAfter = (events: readonly Law[], plan: Plan, ...others: readonly Facts[]): readonly string[] => {
    const facts = byName([host('a', [zone({ name: 'evac1' })]), ...others]);
    const wave = { play: 1, n: 1 + events.length / 3 };
    const made = planWaveOf(catalogue, evaluate)(plan, foldAll([begun, ...events], empty), wave, facts);
    return made.is === 'planned' ? made.plan.migrations.map(one => one.to) : [made.message];
  };

  it('sends each zone where it was approved to go, also where another host has more room now', () => {
    const full = host('c', [zone({ name: 'z', gib: 40 })]);
    expect(goes('b', host('b'), full)).to.deep.equal(['b']);
    expect(goes('c', host('b'), full)).to.deep.equal(['c']);
  });

  it('leaves no zone for good where it was approved to go when that host left its way since', () => {
    const wave = { play: 1, n: 1 };
    const b = hostName('b');
    const first = { wave, hosts: [b], migrations: [], staying: [] };
    const fallen = (towards: 'rollback' | 'refused'): readonly Law[] => [
      { type: 'observed', wave, facts: {}, silent: {} },
      { type: 'wave-planned', wave, plan: first, differs: [] },
      { type: 'turned', lane: { is: 'host', host: b }, towards, why: '' },
    ];
    const of = (returns: 'home' | 'stay'): Plan => {
      const plan = planOf([play(['b', 'a'], [task('zones.evacuate')], { serial: 1, returns })], { others: ['c'] });
      const second = { ...first, wave: { play: 1, n: 2 }, hosts: [hostName('a')], migrations: [away('b')] };
      return { ...plan, waves: [first, second].map(one => ({ plan: one, actions: [] })) };
    };
    const full = host('c', [zone({ name: 'z', gib: 40 })]);
    for (const towards of ['rollback', 'refused'] as const) {
      expect(goesAfter(fallen(towards), of('stay'), host('b'), full), towards).to.deep.equal(['c']);
      expect(goesAfter(fallen(towards), of('home'), host('b'), full), towards).to.deep.equal(['b']);
    }
    expect(goesAfter(fallen('rollback'), of('stay'), host('b'))).to.deep.equal(['b']);
  });

  it('finds another place for a zone whose own has gone', () => {
    expect(goes('c', host('b'), host('c', [], { closed: 'memory exchange' }))).to.deep.equal(['b']);
    expect(goes('c', host('b'), host('c', [zone({ name: 'z', gib: 55 })]))).to.deep.equal(['b']);
  });
});
