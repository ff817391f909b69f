// Who turns when something failed, was lost, or the operator spoke; and who may still begin.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { hostName, type Lane, laneName } from '../../src/model/ids.ts';
import type { RunState } from '../../src/model/state.ts';
import { type Present, reins, takesAll, turns } from '../../src/run/failure.ts';
import { resumeRun } from '../../src/run/run.ts';
import type { Walked } from '../../src/run/walked.ts';
import { presentWave } from '../../src/model/state.ts';
import {
  action,
  after,
  barrier,
  did,
  ended,
  left,
  ofPlay,
  on,
  over,
  said,
  started,
  turned,
  undid,
  wave,
} from './events.ts';
import { MemoryJournal, portsOf } from './harness.ts';
import { play, type PlayOptions, planOf, task } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

const a = on('a');
const b = on('b');
const c = on('c');
const once = ofPlay(1);
const three = wave(1, ['a', 'b', 'c']);

type Way = 'through' | 'at' | Partial<Extract<Walked, { readonly is: 'failed' | 'unknown' }>>;
const through = 'through';
const failedAt = (lane: Lane, refused = false): Way => ({
  ...{ is: 'failed', failure: { name: 'set k', lane, why: 'no', result: {}, refused, atGate: false, secret: false } },
});
const lostAt = (lane: Lane): Way => ({ is: 'unknown', lane, why: 'lost' });

/** How far each host has come; those that aren't named are on their way. */
function present(state: RunState, ways: Readonly<Record<string, Way>> = {}, options: PlayOptions = {}): Present {
  const now = presentWave(state);
  const [first] = planOf([play(['a', 'b', 'c'], [], options)]).program.plays;
  if (now === null || first === undefined) throw new Error('no wave');
  const walked = (now.plan?.hosts ?? []).map(host => {
    const way = ways[host] ?? 'at';
    return [host, (typeof way === 'string' ? { is: way } : way) as Walked] as const;
  });
  return { state, wave: now, play: first, walked: new Map(walked) };
}

const told = (now: Present) => turns(now).map(({ lane, towards, why }) => `${laneName(lane)} ${towards}: ${why}`);

describe('a host that failed', () => {
  it('turns as its play says, and tells what failed', () => {
    const state = after(three, did('t1', a), did('t1', b));
    expect(told(present(state, { b: failedAt(b) }))).to.deep.equal(['b rollback: set k: no']);
    for (const onFailure of ['stop', 'hold', 'continue'] as const)
      expect(told(present(state, { b: failedAt(b) }, { onFailure }))).to.deep.equal([`b ${onFailure}: set k: no`]);
  });

  it('turns once', () => {
    const state = after(three, did('t1', b), turned(b));
    expect(told(present(state, { b: failedAt(b) }))).to.deep.equal([]);
  });

  it('that refused before its first change is refused, after it a failure', () => {
    const looked: Law = { ...ended('t1', b, 'unchanged'), born: action('t1', b) } as Law;
    expect(told(present(after(three), { b: failedAt(b, true) }))).to.deep.equal(['b refused: set k: no']);
    expect(told(present(after(three, looked), { b: failedAt(b, true) }))).to.deep.equal(['b refused: set k: no']);
    expect(told(present(after(three, looked, did('t2', b)), { b: failedAt(b, true) }))).to.deep.equal([
      ...['b rollback: set k: no'],
    ]);
    expect(told(present(after(three, looked), { b: failedAt(b) }))).to.deep.equal(['b rollback: set k: no']);
  });

  it('with an end that nobody knows is stuck', () => {
    expect(told(present(after(three, started('t1', b)), { b: lostAt(b) }))).to.deep.equal(['b stuck: lost']);
  });

  it('that gave no answer when the wave was looked at has failed', () => {
    const silent: Law = {
      type: 'observed',
      wave: { play: 1, n: 1 },
      facts: {},
      silent: { [hostName('a')]: 'no route' },
    };
    expect(told(present(after(silent, three.slice(1))))).to.deep.equal(['a rollback: cannot be reached: no route']);
  });

  it('on its way back with an end that nobody knows is stuck from then on', () => {
    const back = [three, did('t1', a), turned(a), undid('t1', a)].flat();
    const restarting = [...back, started('h1~undo', a, left)];
    expect(told(present(after(restarting, ended('h1~undo', a, 'unknown', 'lost'))))).to.deep.equal([
      ...['a stuck: toy/1.h1~undo@a: lost'],
    ]);
    expect(told(present(after(restarting, ended('h1~undo', a))))).to.deep.equal([]);
    const stuck = [...restarting, ended('h1~undo', a, 'unknown', 'lost'), turned(a, 'stuck')];
    expect(told(present(after(stuck)))).to.deep.equal([]);
  });

  it('isn’t held to what was unknown before a person sent it back', () => {
    const state = after(three, started('t1', a), ended('t1', a, 'unknown', 'lost'), turned(a, 'stuck'), turned(a));
    expect(told(present(state))).to.deep.equal([]);
  });
});

describe('what is done once for all', () => {
  const state = after(three, did('t1', once));

  it('turns with the hosts that it failed, once', () => {
    const all = { a: failedAt(once), b: failedAt(once), c: failedAt(once) };
    expect(told(present(state, all))).to.deep.equal([
      ...['a', 'b', 'c'].map(host => `${host} rollback: set k: no`),
      'play 1 rollback: no',
    ]);
    expect(told(present(state, all, { onFailure: 'hold' })).at(-1)).to.equal('play 1 hold: no');
    expect(told(present(after(three, did('t1', once), turned(once)), { a: failedAt(once) }))).to.deep.equal([
      ...['a rollback: set k: no'],
    ]);
  });

  it('is stuck when nobody knows its end', () => {
    expect(told(present(state, { a: lostAt(once), b: through }))).to.deep.equal([
      'a stuck: lost',
      'play 1 stuck: lost',
    ]);
  });

  it('goes back although the run broke off just after its host had turned', async () => {
    const toy = new Toy();
    toy.on('a').set('k', '1');
    const set = task('toy.set', { key: 'k', value: '1' }, { once: 'run' });
    const broke = [wave(1, ['a']), started('t1', once), ended('t1', once, 'failed', 'no'), turned(a)].flat();
    const journal = new MemoryJournal();
    const begun: Law = {
      type: 'run-started',
      run: '0000beef' as never,
      plan: 'digest',
      by: '',
      check: false,
      values: {},
    };
    for (const event of [begun, ...broke]) await journal.append(event);
    const plan = planOf([play(['a'], [set])]);
    const { verdict } = await resumeRun(
      portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name), journal }),
    );
    expect([verdict, toy.on('a').size]).to.deep.equal(['rolled-back', 0]);
  });
});

describe('when the operator says rollback', () => {
  it('hosts that have begun and aren’t through go back', () => {
    const state = after(three, did('t1', a), did('t1', b), said('rollback'));
    expect(told(present(state, { a: through }))).to.deep.equal(['b rollback: the operator asked for it']);
  });

  it('a host that has turned stays as it turned', () => {
    const state = after(three, did('t1', a), did('t1', b), turned(b, 'hold'), said('rollback'));
    expect(told(present(state))).to.deep.equal(['a rollback: the operator asked for it']);
  });

  it('after the end, every host that owes something goes back, and every one that failed', () => {
    const state = after(
      ...[three, did('t1', a), did('t1', b, left), did('t1', c, left)],
      ...[turned(b, 'stuck'), turned(c, 'refused'), over, said('rollback')],
    );
    expect(told(present(state))).to.deep.equal(['a', 'b'].map(host => `${host} rollback: the operator asked for it`));
  });

  it('a host that went back since isn’t sent again', () => {
    const state = after(three, did('t1', a), did('t2', a), turned(a), over, said('rollback'), turned(a));
    expect(told(present(state))).to.deep.equal([]);
  });
});

describe('a failure that takes the whole run back', () => {
  const all = { onFailure: 'rollback_all' } as const;

  it('is any host of the wave that went back or stuck, where the play says so', () => {
    const state = after(three, did('t1', a), turned(a));
    expect(takesAll(present(state, {}, all))).to.equal(true);
    expect(takesAll(present(state, {}))).to.equal(false);
    expect(takesAll(present(after(three, did('t1', a), turned(a, 'stuck')), {}, all))).to.equal(true);
    expect(takesAll(present(after(three, turned(a, 'refused')), {}, all))).to.equal(false);
    expect(takesAll(present(after(three, did('t1', a)), {}, all))).to.equal(false);
    expect(takesAll(present(after(three, did('t1', a), over, said('rollback'))))).to.equal(true);
  });

  it('sends back hosts on their way, and what is done but past no barrier', () => {
    const done = [...wave(1, ['a', 'b', 'c'])];
    const state = after(done, did('t1', a), did('t1', b), did('t2', b, barrier), did('t3', b), did('t1', c), turned(c));
    expect(told(present(state, { a: through, b: through }, all))).to.deep.equal(['a rollback: another host failed']);
    expect(told(present(state, { b: through }, all))).to.deep.equal(['a rollback: another host failed']);
  });

  it('leaves alone what owes nothing, and what has turned', () => {
    const state = after(three, did('t1', a, left), did('t1', b), turned(b, 'continue'), did('t1', c), turned(c));
    expect(told(present(state, { a: through }, all))).to.deep.equal([]);
    expect(told(present(state, {}, { maxFailures: 9 }))).to.deep.equal([]);
  });
});

describe('who may still begin', () => {
  const held = (state: RunState, options: PlayOptions = {}) => reins(present(state, {}, options));

  it('is everybody as long as no more have failed than may', () => {
    expect(held(after(three))).to.equal('all');
    expect(held(after(three, turned(a)))).to.equal('begun');
    expect(held(after(three, turned(a)), { maxFailures: 1 })).to.equal('all');
    expect(held(after(three, turned(a), turned(b, 'continue')), { maxFailures: 1 })).to.equal('begun');
    expect(held(after(three, turned(a, 'refused'), turned(b, 'refused')))).to.equal('all');
    expect(held(after(three, turned(once)))).to.equal('all');
  });

  it('is nobody when one failure stops the run, a word of the operator does, or all go back', () => {
    expect(held(after(three, turned(a, 'stop')), { maxFailures: 9 })).to.equal('nothing');
    expect(held(after(three, turned(a), turned(b, 'hold')), { maxFailures: 9 })).to.equal('nothing');
    expect(held(after(three, said('stop')))).to.equal('nothing');
    expect(held(after(three, turned(a)), { maxFailures: 9, onFailure: 'rollback_all' })).to.equal('nothing');
  });

  it('is everybody again once a person says go on; but no further host while one is lost, or held', () => {
    const goOn = [over, said('go-on')];
    expect(held(after(three, turned(a, 'stop'), turned(b), goOn))).to.equal('all');
    expect(held(after(three, turned(a, 'stuck'), turned(b), goOn), { maxFailures: 9 })).to.equal('begun');
    expect(held(after(three, turned(a), turned(b, 'hold'), goOn), { maxFailures: 9 })).to.equal('begun');
    expect(held(after(three, turned(a, 'stop'), goOn, turned(b)))).to.equal('begun');
  });
});
