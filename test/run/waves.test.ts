// Which wave comes next, and whose facts are asked for it.
import { expect } from 'chai';
import { presentWave } from '../../src/model/state.ts';
import type { Law } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { hostName, runId, zoneName } from '../../src/model/ids.ts';
import type { Plan, WavePlan } from '../../src/model/plan.ts';
import type { RunState } from '../../src/model/state.ts';
import type { Catalogue } from '../../src/model/step.ts';
import { decide } from '../../src/run/decide.ts';
import type { Charge } from '../../src/run/next.ts';
import { planned } from '../../src/run/replan.ts';
import { hostsAhead, hostsAtFirst, hostsOf, nextWave, type Pace, wavesWith } from '../../src/run/waves.ts';
import { evaluate } from './evaluate.ts';
import { block, c, play, planOf, task } from './program.ts';
import { toyCatalogue } from './toy.ts';

const begun: Law = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
const h = (names: readonly string[]) => names.map(hostName);

const waveOf = (number: number, n: number, hosts: readonly string[]): WavePlan => ({
  ...{ wave: { play: number, n }, hosts: h(hosts), migrations: [], staying: [] },
});
const had = (number: number, n: number, hosts: readonly string[]): readonly Law[] => [
  { type: 'observed', wave: { play: number, n }, facts: {}, silent: {} },
  { type: 'wave-planned', wave: { play: number, n }, plan: waveOf(number, n, hosts), differs: [] },
];
const turned = (host: string): Law => ({
  ...{ type: 'turned', lane: { is: 'host', host: hostName(host) }, towards: 'continue', why: '' },
});
const after = (...events: readonly (readonly Law[])[]): RunState => foldAll([begun, ...events.flat()]);
const unplanned = (): never => {
  throw new Error('no wave is planned here');
};
const charge = (plan: Plan, catalogue: Catalogue = toyCatalogue): Charge => ({
  plan,
  evaluate,
  catalogue,
  planWave: unplanned,
});
const set = task('toy.set', { key: 'k', value: '1' });
const two = planOf([play(['a', 'b', 'c'], [set], { serial: 1 }), play(['a', 'b'], [set])]);

describe('the next wave', () => {
  const next = (state: RunState, plan: Plan = two) => nextWave(charge(plan), state)?.wave ?? null;

  it('counts from 1 within its play', () => {
    expect(next(after())).to.deep.equal({ play: 1, n: 1 });
    expect(next(after(had(1, 1, ['a'])))).to.deep.equal({ play: 1, n: 2 });
    expect(next(after(had(1, 1, ['a', 'b', 'c'])))).to.deep.equal({ play: 2, n: 1 });
    expect(next(after(had(1, 1, ['a', 'b', 'c']), had(2, 1, ['a', 'b'])))).to.equal(null);
  });

  it('passes over hosts that left the way', () => {
    expect(next(after(had(1, 1, ['a']), [turned('b'), turned('c')]))).to.deep.equal({ play: 2, n: 1 });
    expect(next(after(had(1, 1, ['a']), ['a', 'b', 'c'].map(turned)))).to.equal(null);
  });
});

describe('hosts whose turn is near', () => {
  const waves = [waveOf(1, 1, ['a']), waveOf(1, 2, ['b']), waveOf(1, 3, ['c']), waveOf(1, 4, ['d'])];
  const rolling = planOf([play(['a', 'b', 'c', 'd'], [set], { serial: 1 })]);
  const plan: Plan = { ...rolling, waves: waves.map(one => ({ plan: one, hosts: {} })) as unknown as Plan['waves'] };
  const ahead = (state: RunState, pace: Pace = 'usual'): readonly string[] => {
    const wave = presentWave(state);
    return wave === null ? [] : hostsAhead(charge(plan), state, wave, pace);
  };

  it('are those of the next two waves', () => {
    expect(ahead(after(had(1, 1, ['a'])))).to.deep.equal(['b', 'c']);
    expect(ahead(after(had(1, 1, ['a']), had(1, 2, ['b']), had(1, 3, ['c'])))).to.deep.equal(['d']);
  });

  it('are more where waves are over in a moment', () => {
    expect(ahead(after(had(1, 1, ['a'])), 'quick')).to.deep.equal(['b', 'c', 'd']);
  });

  it('are those of the first nine waves before the run, and no more than may be at work at once', () => {
    const all = Array.from('abcdefghijk');
    const later = all.map((host, n) => ({ plan: waveOf(1, n + 1, [host]), hosts: {} })) as unknown as Plan['waves'];
    const [first = '', ...next] = all.slice(0, 9);
    expect(hostsAtFirst({ ...plan, waves: later })).to.deep.equal({ now: [first], next });
    expect(hostsAtFirst({ ...plan, options: { ...plan.options, forks: 2 } })).to.deep.equal({
      now: ['a'],
      next: ['b'],
    });
    expect(hostsAtFirst({ ...plan, waves: [] })).to.deep.equal({ now: [], next: [] });
  });

  it('are not those that left the way, nor those at work', () => {
    expect(ahead(after(had(1, 1, ['a', 'b']), [turned('c')]))).to.deep.equal([]);
  });
});

describe('who is looked at before a wave', () => {
  const looked = (plan: Plan, catalogue: Catalogue = toyCatalogue) => nextWave(charge(plan, catalogue), after())?.hosts;
  const asks = task('toy.set', { key: 'k', value: '1' }, { when: [c('facts.cpus > 1')] });

  it('is nobody when nothing speaks of facts', () => {
    expect(looked(two)).to.deep.equal([]);
    const like = task('toy.set', { key: 'k', value: '1' }, { when: [c('artifacts > 1')] });
    expect(looked(planOf([play(['a'], [like])]))).to.deep.equal([]);
  });

  it('is the wave when a condition reads them, anywhere in the play', () => {
    expect(looked(planOf([play(['a', 'b'], [asks])]))).to.deep.equal(['a', 'b']);
    expect(looked(planOf([play(['a', 'b'], [block([], { always: [asks] })])]))).to.deep.equal(['a', 'b']);
    const forecast = { plan: waveOf(1, 1, ['b']), actions: [] };
    expect(looked({ ...planOf([play(['a', 'b'], [asks])]), waves: [forecast] })).to.deep.equal(['b']);
  });

  it('is every host of the run when a step plans with them', () => {
    const plan = planOf([play(['a'], [set])], { others: ['z'] });
    const needs: Catalogue = {
      names: toyCatalogue.names,
      get: name => {
        const step = toyCatalogue.get(name);
        return step && { ...step, needsFacts: true };
      },
    };
    expect(looked(plan, needs)).to.deep.equal(['a', 'z']);
  });
});

describe('a wave that could not be planned', () => {
  const asks = task('toy.set', { key: 'k', value: '1' }, { when: [c('facts.cpus > 1')] });
  const plan = planOf([play(['a', 'b'], [asks], { serial: 1 })]);
  const looked: Law = { type: 'observed', wave: { play: 1, n: 1 }, facts: {}, silent: {} };
  const ended: Law = { type: 'run-ended', verdict: 'stopped', why: 'no room' };
  const goesOn: Law = { type: 'operator-said', word: 'go-on', who: 'joan', host: null };
  const none = new Map();
  const asked: Charge = {
    ...charge(plan),
    planWave: (_, __, wave) => ({
      is: 'shortfall',
      wave,
      message: 'no room',
      reasons: [],
      proof: null,
      ways: [],
      help: [],
    }),
  };

  it('ends the run, and is looked at anew when the run goes on', () => {
    expect(decide(asked, after([looked]), none)).to.deep.equal({ is: 'end', verdict: 'stopped', why: 'no room' });
    expect(decide(asked, after([looked, ended, goesOn]), none)).to.deep.equal({
      is: 'moves',
      moves: [{ is: 'observe', wave: { play: 1, n: 1 }, hosts: ['a', 'b'] }],
    });
    expect(decide(asked, after([looked, ended, goesOn, looked]), none).is).to.equal('end');
  });
});

describe('the wave at work', () => {
  it('is the newest one, with the hosts that hadn’t left before it began', () => {
    const state = after(had(1, 1, ['a']), [turned('b')], had(1, 2, ['b', 'c']), [turned('c')]);
    const wave = presentWave(state);
    if (wave === null) throw new Error('no wave');
    expect(wave.wave.n).to.equal(2);
    expect(hostsOf(state, wave)).to.deep.equal(['c']);
    expect(wavesWith(state, hostName('b')).map(one => one.wave.n)).to.deep.equal([2]);
    expect(presentWave(after())).to.equal(null);
  });
});

describe('a wave that is planned', () => {
  const migration = (to: string) => ({
    zone: zoneName('evac1'),
    from: hostName('a'),
    to: hostName(to),
    bytes: 1,
    why: '',
    others: [],
    stays: false,
  });
  const staying = { zone: zoneName('tzone1'), host: hostName('a'), why: 'native', ruled: null };
  const answer = (forecasts: readonly WavePlan[], plan: WavePlan): readonly string[] => {
    const state = after([{ type: 'observed', wave: { play: 1, n: 1 }, facts: {}, silent: {} }]);
    const wave = presentWave(state);
    if (wave === null) throw new Error('no wave');
    const plays = two.program.plays.map(one => ({ ...one, replan: { zones: 100, bytes: 100 } }));
    const program = { ...two.program, plays };
    const saved: Plan = { ...two, program, waves: forecasts.map(one => ({ plan: one, actions: [] })) };
    const made = planned({ ...charge(saved), planWave: () => ({ is: 'planned', plan, notes: [] }) }, state, wave);
    return made.is === 'record' && made.event.type === 'wave-planned' ? made.event.differs : [made.is];
  };
  const approved: WavePlan = { ...waveOf(1, 1, ['a']), migrations: [migration('b')], staying: [staying] };

  it('as it was approved differs in nothing', () => {
    expect(answer([approved], approved)).to.deep.equal([]);
    expect(answer([], approved)).to.deep.equal([]);
  });

  it('tells what is no longer so, and what is new', () => {
    expect(answer([approved], { ...approved, migrations: [migration('c')], staying: [] })).to.deep.equal([
      'no longer: evac1 goes from a to b',
      'no longer: tzone1 stays on a',
      'new: evac1 goes from a to c',
    ]);
    expect(answer([approved], { ...approved, hosts: h(['b']) })).to.deep.equal([
      'no longer: a is in the wave',
      'new: b is in the wave',
    ]);
  });

  it('is compared with what was approved of its own hosts, also where they were to go in a later wave', () => {
    const first = { ...waveOf(1, 1, ['b']), migrations: [{ ...migration('c'), from: hostName('b') }] };
    const second = { ...approved, wave: { play: 1, n: 2 }, hosts: h(['a', 'c']) };
    expect(answer([first, second], approved)).to.deep.equal([]);
  });

  it('without any host that is left is our own mistake', () => {
    expect(() => answer([], waveOf(1, 1, []))).to.throw('without any host that is left');
  });
});
