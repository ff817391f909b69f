// How long things take, by what is assumed, said or seen.
import { expect } from 'chai';
import fc from 'fast-check';
import { hostName } from '../../src/model/ids.ts';
import type { Forecast, Migration, WaveForecast } from '../../src/model/plan.ts';
import { type Gait, waveTimes } from '../../src/plan/figures/duration.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import type { Pace } from '../../src/plan/figures/pace.ts';
import { type Flow, type Line, transferMs } from '../../src/plan/figures/transfer.ts';
import { action, migration } from './forecasts.ts';

const line: Line = { linkBytesPerSecond: () => 100, dirtyBytesPerSecond: () => 0, batchMs: 0, limits: NO_LIMITS };
const flow = (from: string, to: string, bytes: number): Flow => ({ from: hostName(from), to: hostName(to), bytes });

describe('migrations at the same time', () => {
  it('share the link of their source, and of their destination', () => {
    expect(transferMs([[[flow('a', 'b', 1000)]]], line)).to.deep.equal([10_000]);
    expect(transferMs([[[flow('a', 'b', 1000), flow('a', 'c', 1000)]]], line)).to.deep.equal([20_000]);
    expect(transferMs([[[flow('a', 'c', 1000)]], [[flow('b', 'c', 1000)]]], line)).to.deep.equal([20_000, 20_000]);
    expect(transferMs([[[flow('a', 'c', 1000)]], [[flow('b', 'd', 1000)]]], line)).to.deep.equal([10_000, 10_000]);
  });

  it('get more of it when another is through', () => {
    expect(transferMs([[[flow('a', 'c', 500), flow('a', 'c', 1000)]]], line)).to.deep.equal([15_000]);
  });

  it('go batch after batch, each with its overhead', () => {
    const batches = [[flow('a', 'b', 1000)], [flow('a', 'b', 1000)]];
    expect(transferMs([batches], { ...line, batchMs: 5000 })).to.deep.equal([30_000]);
  });

  it('wait where no more may come into a host, leave one, or go on at all', () => {
    const lanes = [[[flow('a', 'c', 1000)]], [[flow('b', 'c', 1000)]], [[flow('b', 'd', 1000)]]];
    const limited = (limits: Partial<Line['limits']>): Line => ({ ...line, limits: { ...NO_LIMITS, ...limits } });
    expect(transferMs(lanes, limited({ toHost: () => 1 }))).to.deep.equal([10_000, 20_000, 10_000]);
    expect(transferMs(lanes, limited({ fromHost: () => 1 }))).to.deep.equal([20_000, 20_000, 30_000]);
    expect(transferMs(lanes, limited({ inAll: 1 }))).to.deep.equal([10_000, 20_000, 30_000]);
    expect(transferMs([[[flow('a', 'b', 500), flow('a', 'b', 500)]]], limited({ toHost: () => 1 }))).to.deep.equal([
      10_000,
    ]);
  });

  it('copy again what is written meanwhile, and end even when more is written than the link carries', () => {
    expect(transferMs([[[flow('a', 'b', 1000)]]], { ...line, dirtyBytesPerSecond: () => 50 })).to.deep.equal([20_000]);
    expect(transferMs([[[flow('a', 'b', 1000)]]], { ...line, dirtyBytesPerSecond: () => 500 })).to.deep.equal([50_000]);
  });

  it('are never faster than the busiest link carries their bytes', () => {
    const some = fc.array(fc.record({ from: fc.nat(3), to: fc.nat(3), bytes: fc.integer({ min: 1, max: 9999 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 4 }), (flows, batch) => {
        const own = flows.map(({ from, to, bytes }) => flow(`s${from}`, `d${to}`, bytes));
        const lanes = [0, 1, 2, 3].map(n => {
          const mine = own.filter(one => one.from === `s${n}`);
          return Array.from({ length: Math.ceil(mine.length / batch) }, (_, at) =>
            mine.slice(at * batch, (at + 1) * batch),
          );
        });
        const through = (key: 'from' | 'to', host: string) =>
          own.reduce((sum, one) => sum + (one[key] === host ? one.bytes : 0), 0);
        const busiest = Math.max(...own.flatMap(one => [through('from', one.from), through('to', one.to)]));
        expect(Math.max(...transferMs(lanes, line))).to.be.at.least(Math.floor(busiest * 10) - own.length * 10);
      }),
    );
  });
});

const wave = (actions: readonly Forecast[], migrations: readonly Migration[]): WaveForecast => ({
  plan: { wave: { play: 1, n: 1 }, hosts: [], migrations, staying: [] },
  actions,
});

const pace: Pace = {
  lasting: ({ step }) => ({ ms: step === 'be.boot' ? 60_000 : 1000, kind: step, seen: 0 }),
  copyMs: lanes => transferMs(lanes, line),
  copiesRestOn: [],
};

const gait = (strategy: Gait['strategy'], forks = 50, throttle: number | null = null): Gait => ({
  ...{ strategy, forks, meet: new Set() },
  throttle: () => throttle,
});

describe('the times of a wave', () => {
  const moves = [migration('z1', 'a', 'c', 1000), migration('z2', 'b', 'c', 3000)];
  const actions = ['a', 'b'].flatMap(host => [
    action(1, 'zones.evacuate', host, { batch: 1 }),
    action(2, 'be.boot', host),
    action(3, 'zones.return', host, { batch: 1 }),
  ]);

  it('has hosts wait for one another at each task when the strategy is linear, and not when it is free', () => {
    const linear = waveTimes(wave(actions, moves), gait('linear'), pace);
    expect(linear.ms).to.equal(40_000 + 60_000 + 40_000);
    const boots = linear.timed.filter(one => one.forecast.step === 'be.boot').map(one => one.fromMs);
    expect(boots).to.deep.equal([40_000, 40_000]);
    const free = waveTimes(wave(actions, moves), gait('free'), pace);
    expect(free.timed.filter(one => one.forecast.step === 'be.boot').map(one => one.fromMs)).to.deep.equal([
      20_000, 40_000,
    ]);
  });

  it('counts nothing for what is skipped or finds nothing to do', () => {
    const idle = actions.map(one => ({ ...one, expects: 'nothing' as const }));
    expect(waveTimes(wave(idle, moves), gait('linear'), pace).ms).to.equal(0);
  });

  it('counts a pause for as long as it is, whatever the zones of its host need for their way', () => {
    const pause = { ...action(1, 'pause', 'a'), expects: 'nothing' as const };
    expect(waveTimes(wave([pause], moves), gait('linear'), pace).ms).to.equal(1000);
  });

  it('leaves the whole link to the zones that go when another host’s evacuation is skipped', () => {
    const skipped = { ...action(1, 'zones.evacuate', 'b'), when: { is: 'no' as const } };
    const timed = waveTimes(wave([action(1, 'zones.evacuate', 'a'), skipped], moves), gait('linear'), pace);
    expect(timed.ms).to.equal(10_000);
  });

  it('has only as many hosts at a task as may be at it at once', () => {
    const boots = ['a', 'b', 'c', 'd', 'e'].map(host => action(1, 'be.boot', host));
    expect(waveTimes(wave(boots, []), gait('linear', 2), pace).ms).to.equal(3 * 60_000);
    expect(waveTimes(wave(boots, []), gait('linear', 50, 1), pace).ms).to.equal(5 * 60_000);
    expect(waveTimes(wave(boots, []), gait('linear', 5), pace).ms).to.equal(60_000);
  });

  it('counts no way home for a zone that stays where it went', () => {
    const gone = moves.map(one => ({ ...one, stays: true }));
    expect(waveTimes(wave(actions, gone), gait('linear'), pace).ms).to.equal(40_000 + 60_000);
  });
});
