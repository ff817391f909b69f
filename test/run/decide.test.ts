// What comes next, asked of the journal alone: whom hosts in step wait for, what the operator's words leave undone, and
// what is waited for before anything new is decided.
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RunState } from '../../src/model/state.ts';
import { decide } from '../../src/run/decide.ts';
import { type InFlight, type Move, OBSERVING } from '../../src/run/next.ts';
import { after, did, on, said, started, turned, undid, wave } from './events.ts';
import { portsOf } from './harness.ts';
import { block, c, play, planOf, task } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

const set = (key: string, options = {}) => task('toy.set', { key, value: '1' }, options);
const a = on('a');
const b = on('b');
const observed = wave(1, ['a', 'b']).slice(0, 1);

/** `observe`, `a: t2`, `undo a: t1`; what is recorded by its type and lane; or how it ends. */
function next(plan: Plan, state: RunState, inFlight: InFlight = new Map()): readonly string[] {
  const toy = new Toy();
  const answer = decide(portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name) }), state, inFlight);
  switch (answer.is) {
    case 'end':
      return [`${answer.verdict}: ${answer.why}`];
    case 'ask':
      return [`ask: ${answer.move.question.about}`];
    case 'record':
      return answer.events.map(event => event.type);
    case 'moves':
      return answer.moves.map(move => ('action' in move ? `${move.is} ${move.action.id.slice(6)}` : move.is));
  }
}

const flying = (plan: Plan, state: RunState): InFlight => {
  const toy = new Toy();
  const answer = decide(portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name) }), state, new Map());
  const moves: readonly Move[] = answer.is === 'moves' ? answer.moves : [];
  return new Map(moves.map(move => ['action' in move ? move.action.on : OBSERVING, move]));
};

const two = planOf([play(['a', 'b'], [set('k'), set('l')])]);

describe('hosts in step', () => {
  const slow = after(wave(1, ['a', 'b']), did('t1', a));

  it('wait at a task until the slowest has come to it', () => {
    expect(next(two, after(wave(1, ['a', 'b'])))).to.deep.equal(['apply t1@a', 'apply t1@b']);
    expect(next(two, slow)).to.deep.equal(['apply t1@b']);
    expect(next(two, after(wave(1, ['a', 'b']), did('t1', a), did('t1', b)))).to.deep.equal([
      'apply t2@a',
      'apply t2@b',
    ]);
  });

  it('also wait for what is still at work', () => {
    const begun = after(wave(1, ['a', 'b']), did('t1', a), started('t1', b));
    const move = flying(two, begun).get('b');
    expect(move).to.include({ is: 'apply', resumed: true });
    expect(next(two, begun, new Map(move ? [['b', move]] : []))).to.deep.equal([]);
  });

  it('wait for nobody when they go freely', () => {
    const free = planOf([play(['a', 'b'], [set('k'), set('l')], { strategy: 'free' })]);
    expect(next(free, slow)).to.deep.equal(['apply t2@a', 'apply t1@b']);
  });

  it('wait for one of them to do what is done once for all', () => {
    const once = planOf([play(['a', 'b'], [set('k', { once: 'run' }), set('l')])]);
    expect(next(once, after(wave(1, ['a', 'b'])))).to.deep.equal(['apply t1@play 1']);
  });

  it('are asked about a block each for itself, at the same time', () => {
    const blocks = planOf([play(['a', 'b'], [block([set('k')], { when: [c('host.name === "a"')] })])]);
    expect(next(blocks, after(wave(1, ['a', 'b'])))).to.deep.equal(['block-entered', 'task-skipped']);
  });
});

describe('before a wave', () => {
  const facts = planOf([play(['a', 'b'], [set('k', { when: [c('facts.cpus > 1')] })])]);

  it('its hosts are looked at when somebody will ask for facts, and only written down when nobody will', () => {
    expect(next(facts, after())).to.deep.equal(['observe']);
    expect(next(planOf([play(['a'], [set('k', { when: [c('facts.cpus > 1')] })])]), after())).to.deep.equal([
      'observe',
    ]);
    expect(next(two, after())).to.deep.equal(['observed']);
  });

  it('nothing is decided while they are looked at', () => {
    expect(next(facts, after(), flying(facts, after()))).to.deep.equal([]);
  });

  it('nothing is planned while something is at work', () => {
    expect(next(two, after(observed))).to.deep.equal(['wave-planned']);
    expect(next(two, after(observed), flying(facts, after()))).to.deep.equal([]);
  });

  it('the operator may stop the run, when they are looked at and before that', () => {
    expect(next(two, after(observed, said('stop')))).to.deep.equal(['stopped: the operator asked for it']);
    expect(next(two, after(said('stop')))).to.deep.equal(['stopped: the operator asked for it']);
  });
});

describe('a run that was told to stop', () => {
  const done = [did('t1', a), did('t2', a)].flat();

  it('waits for what is at work', () => {
    const begun = after(wave(1, ['a', 'b']), started('t1', a));
    const inFlight = new Map([...flying(two, begun)].filter(([name]) => name === 'a'));
    expect(next(two, after(wave(1, ['a', 'b']), started('t1', a), said('stop')), inFlight)).to.deep.equal([]);
  });

  it('is stopped when a host of its wave wasn’t through, or another wave would have come', () => {
    const half = after(wave(1, ['a', 'b']), done, did('t1', b), said('stop'));
    expect(next(two, half)).to.deep.equal(['stopped: the operator asked for it']);
    expect(next(two, after(wave(1, ['a']), done, said('stop')))).to.deep.equal(['stopped: the operator asked for it']);
  });

  it('is done when nothing was left to do', () => {
    const whole = after(wave(1, ['a', 'b']), done, did('t1', b), did('t2', b), said('stop'));
    expect(next(two, whole)).to.deep.equal(['done: the operator asked for it']);
  });

  it('is rolled back when the only host that wasn’t through went back by itself', () => {
    const gone = after(wave(1, ['a', 'b']), done, did('t1', b), turned(b), undid('t1', b), said('stop'));
    expect(next(two, gone)).to.deep.equal(['rolled-back: b: it failed']);
  });
});

describe('a run that was told to end now', () => {
  it('ends whatever is at work, stopped or worse', () => {
    const begun = after(wave(1, ['a', 'b']), started('t1', a));
    const inFlight = flying(two, begun);
    const ends = (state: RunState) => next(two, state, inFlight);
    expect(ends(after(wave(1, ['a', 'b']), started('t1', a), said('now')))).to.deep.equal([
      ...['stopped: the operator asked for it'],
    ]);
    const stuck = after(wave(1, ['a', 'b']), started('t1', a), did('t1', b), turned(b, 'stuck'), said('now'));
    expect(ends(stuck)).to.deep.equal(['stuck: b: it failed']);
  });
});

describe('a run whose hosts failed', () => {
  const failed = [did('t1', a), turned(a), undid('t1', a)].flat();

  it('begins no further wave when too many did', () => {
    const serial = (maxFailures: number) => planOf([play(['a', 'b'], [set('k')], { serial: 1, maxFailures })]);
    expect(next(serial(0), after(wave(1, ['a']), failed))).to.deep.equal(['rolled-back: a: it failed']);
    expect(next(serial(1), after(wave(1, ['a']), failed))).to.deep.equal(['observed']);
  });

  it('begins no further host of the wave, and lets those on their way finish', () => {
    const wide = planOf([play(['a', 'b', 'c'], [set('k'), set('l')])]);
    const state = after(wave(1, ['a', 'b', 'c']), failed, did('t1', b));
    expect(next(wide, state)).to.deep.equal(['apply t2@b']);
    expect(next(wide, after(wave(1, ['a', 'b', 'c']), failed, did('t1', b), did('t2', b)))).to.deep.equal([
      ...['rolled-back: a: it failed'],
    ]);
  });

  it('waits for what goes back before it says how it ended', () => {
    const back = after(wave(1, ['a', 'b']), did('t1', a), turned(a));
    const inFlight = flying(two, back);
    expect([...inFlight.values()].map(move => move.is)).to.deep.equal(['undo']);
    expect(next(two, back, inFlight)).to.deep.equal([]);
  });
});

describe('a run', () => {
  it('that has ended stays as it ended', () => {
    const ended = after({ type: 'run-ended', verdict: 'stuck', why: 'a host was lost' });
    expect(next(two, ended)).to.deep.equal(['stuck: a host was lost']);
  });

  it('leaves out a host that gave no answer when the wave was looked at', () => {
    const [, planned] = wave(1, ['a', 'b']);
    const silent = { type: 'observed', wave: { play: 1, n: 1 }, facts: {}, silent: { [hostName('a')]: 'no route' } };
    const state = after([silent as never, planned as never]);
    expect(next(two, state)).to.deep.equal(['turned']);
  });
});
