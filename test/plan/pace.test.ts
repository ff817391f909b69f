// What forecasts of times rest on: what is assumed, what the inventory says, and what journals have shown.
import { expect } from 'chai';
import { type HostName, hostName, stepName } from '../../src/model/ids.ts';
import type { Stamped } from '../../src/model/event.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { ASSUMED, type Pace, paceOf, type Said, stepsRestOn, type Turn } from '../../src/plan/figures/pace.ts';
import { type Around, NOTHING_SEEN, type Sample, type Seen, seenIn } from '../../src/plan/figures/seen.ts';
import type { Json, JsonObject } from '../../src/text/json.ts';
import { begins, ends, stamped } from '../report/sample.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const MINUTE = 60_000;
const bjork = hostName('bjork');

const NOTHING_SAID: Said = { linkBytesPerSecond: null, dirtyBytesPerSecond: null };

const pace = (seen: Seen = NOTHING_SEEN, said = NOTHING_SAID, cpuClass: string | null = null): Pace =>
  paceOf({ said: () => said, hosts: [bjork], seen, cpuClass: () => cpuClass, limits: NO_LIMITS });

const turn = (step: string, args: JsonObject = {}, more: Partial<Turn> = {}): Turn => ({
  ...{ step, args: (name: string): Json | null => args[name] ?? null },
  ...{ host: bjork, changes: true, atOnce: 1, ...more },
});

const samples = (times: readonly number[], more: Partial<Sample> = {}): readonly Sample[] =>
  times.map(ms => ({ ms, changed: true, cpuClass: null, ...more }));

const AROUND: Around = { scale: () => 1, cpuClass: () => null, goesFreely: () => false };

describe('how long a step is forecast to take', () => {
  it('is what is assumed, and is told as that, where nobody has seen one', () => {
    const build = pace().lasting(turn('be.update'));
    expect(build).to.deep.equal({ ms: 20 * MINUTE, kind: 'be.update', seen: 0 });
    expect(stepsRestOn([build])).to.deep.equal(['assumed: be.update 20m']);
  });

  it('is at least what its own arguments make it wait', () => {
    const looks = { consecutive: 4, every: '30s' };
    expect(pace().lasting(turn('gate', looks)).ms).to.be.at.least(90_000);
    expect(pace().lasting(turn('pause', { minutes: 3 })).ms).to.equal(3 * MINUTE);
    expect(pace().lasting(turn('be.boot', { stable_for: '60s' })).ms).to.equal(16 * MINUTE);
  });

  it('is the middle of those that were seen, with the assumption counted as one of them', () => {
    const seen = { ...NOTHING_SEEN, actions: { 'be.update': samples([MINUTE, 2 * MINUTE, 30 * MINUTE]) } };
    expect(pace(seen).lasting(turn('be.update'))).to.deep.equal({
      ...{ ms: (3 * 2 * MINUTE + 20 * MINUTE) / 4, kind: 'be.update', seen: 3 },
    });
  });

  it('is that of the slowest of many at once', () => {
    const ten = Array.from({ length: 10 }, (_, n) => (n + 1) * MINUTE);
    const seen = { ...NOTHING_SEEN, actions: { 'be.update': samples(ten) } };
    const of = (atOnce: number): number => pace(seen).lasting(turn('be.update', {}, { atOnce })).ms;
    expect(of(1)).to.equal(Math.round(((10 * 6 + 20) * MINUTE) / 11));
    expect(of(9)).to.equal(Math.round(((10 * 10 + 20) * MINUTE) / 11));
    expect(of(9)).to.be.above(of(1));
  });

  it('goes by hosts with the same processors, once enough of them were seen', () => {
    const actions = {
      'be.boot': [
        ...samples([2 * MINUTE, 2 * MINUTE, 2 * MINUTE], { cpuClass: 'x86' }),
        ...samples([20 * MINUTE, 20 * MINUTE, 20 * MINUTE], { cpuClass: 'sparc' }),
      ],
    };
    const boot = (cpuClass: string) =>
      pace({ ...NOTHING_SEEN, actions }, NOTHING_SAID, cpuClass).lasting(turn('be.boot'));
    expect(boot('x86').ms).to.be.below(6 * MINUTE);
    expect(boot('sparc').ms).to.be.above(18 * MINUTE);
    expect(boot('x86').seen).to.equal(3);
    expect(boot('another').seen).to.equal(6);
  });

  it('counts those that found nothing to do only where nobody knows whether there is something to do', () => {
    const actions = { 'zone.shutdown': samples([0, 0, 0], { changed: false }) };
    const seen = { ...NOTHING_SEEN, actions };
    expect(pace(seen).lasting(turn('zone.shutdown')).seen).to.equal(0);
    expect(pace(seen).lasting(turn('zone.shutdown', {}, { changes: false }))).to.deep.include({
      seen: 3,
      ms: MINUTE / 2,
    });
  });
});

describe('how long migrations are forecast to take', () => {
  const nacaozumbi = hostName('nacaozumbi');
  const lane = (bytes: number) => [[{ from: nacaozumbi, to: bjork, bytes }]];

  it('is by what the inventory says, else by what is assumed, and says so', () => {
    expect(pace().copiesRestOn.join('\n')).to.match(
      /^600 MiB\/s over a host's link, 20 MiB\/s written again by each zone: assumed/,
    );
    const { linkBytesPerSecond, dirtyBytesPerSecond, batchMs } = ASSUMED;
    const seconds = GiB / (linkBytesPerSecond - dirtyBytesPerSecond);
    expect(pace().copyMs([lane(GiB)])).to.deep.equal([Math.round(batchMs + seconds * 1000)]);
    const said = pace(NOTHING_SEEN, { linkBytesPerSecond: 6 * MiB, dirtyBytesPerSecond: MiB });
    expect(said.copiesRestOn.join('\n')).not.to.match(/assumed/);
    expect(said.copyMs([lane(GiB)])[0]).to.be.above(200_000);
  });

  it('is corrected by what those of earlier runs took of it', () => {
    const [foreseen = 0] = pace().copyMs([lane(8 * GiB)]);
    const copies = Array.from({ length: 9 }, () => [{ batches: lane(8 * GiB), ms: foreseen / 2 }]);
    const corrected = pace({ ...NOTHING_SEEN, copies });
    expect(corrected.copyMs([lane(8 * GiB)])[0]).to.be.closeTo(foreseen * 0.55, 2);
    expect(corrected.copiesRestOn.join('\n')).to.contain('9 evacuations and ways home seen: they took 0.55 of that');
  });
});

describe('what a journal shows of times', () => {
  const done = (n: number, host: string, args: JsonObject = {}, step: string | null = null) => {
    const begun = begins(n, host);
    if (begun.type !== 'action-started') throw new Error('not a beginning');
    return { ...begun, action: { ...begun.action, args, step: step === null ? begun.action.step : stepName(step) } };
  };

  /** Without a beginning: it only looked. */
  const looked = (n: number, host: string, step: string) => {
    const end = ends(n, host, 'unchanged', ['', {}]);
    if (end.type !== 'action-ended') throw new Error('not an end');
    return { ...end, born: done(n, host, { consecutive: 2, every: '5s' }, step).action };
  };

  const seenOf = (events: readonly Stamped[], around: Partial<Around> = {}): Seen =>
    seenIn(events, { ...AROUND, ...around });

  it('is what each action took by the clock of its host', () => {
    const events = stamped([
      [0, done(1, 'bjork')],
      [10, ends(1, 'bjork', 'changed', ['', {}])],
    ]);
    const cpuClass = (host: HostName): string => `of ${host}`;
    expect(seenOf(events, { scale: () => 2, cpuClass }).actions).to.deep.equal({
      'be.update': [{ ms: 20_000, changed: true, cpuClass: 'of bjork' }],
    });
  });

  it('is known of a gate, too: it began when the slowest host had come to it', () => {
    const kind = 'gate (2 looks 5s apart)';
    const events = stamped([
      [0, done(1, 'nacaozumbi')],
      [0, done(1, 'bjork')],
      [10, ends(1, 'nacaozumbi', 'changed', ['', {}])],
      [60, ends(1, 'bjork', 'changed', ['', {}])],
      [65, looked(2, 'nacaozumbi', 'gate')],
      [70, looked(2, 'bjork', 'gate')],
    ]);
    const times = (seen: Seen) => seen.actions[kind]?.map(({ ms }) => ms);
    expect(times(seenOf(events))).to.deep.equal([5000, 10_000]);
    expect(times(seenOf(events, { goesFreely: () => true }))).to.deep.equal([55_000, 10_000]);
  });

  it('leaves out what failed, what was skipped, and what is hidden', () => {
    const hidden = done(1, 'bjork');
    const events = stamped([
      [0, { ...hidden, action: { ...hidden.action, hidden: true } }],
      [10, ends(1, 'bjork', 'changed', ['', {}])],
      [10, done(2, 'bjork')],
      [20, ends(2, 'bjork', 'failed', ['no', {}])],
      [20, ends(3, 'bjork', 'unchanged', ['when', { skipped: true }])],
    ]);
    expect(seenOf(events)).to.deep.equal(NOTHING_SEEN);
  });

  it('is of migrations what moved running, with those beside it and in its batches', () => {
    const moves = ['z1', 'z2', 'z3'].map((zone, n) => ({ zone, to: 'b', gib: 4 - n }));
    const migrated = ['running', 'installed', 'running'].map((was, n) => ({
      ...{ zone: `z${n + 1}`, from: 'nacaozumbi', to: 'b', was },
    }));
    const events = stamped([
      [0, done(3, 'nacaozumbi', { moves, batch: 1 }, 'zones.evacuate')],
      [10, ends(3, 'nacaozumbi', 'changed', ['', { migrated }])],
    ]);
    const flow = (gib: number) => ({ from: 'nacaozumbi', to: 'b', bytes: gib * GiB });
    expect(seenOf(events).copies).to.deep.equal([[{ batches: [[flow(4)], [flow(2)]], ms: 10_000 }]]);
  });
});
