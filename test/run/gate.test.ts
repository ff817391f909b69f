// Whether a move may still begin, when its turn comes: others may have failed, or the operator may have spoken, since it
// was decided.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { type Lane, taskId } from '../../src/model/ids.ts';
import type { RunState } from '../../src/model/state.ts';
import { mayStart } from '../../src/run/gate.ts';
import type { ApplyMove, Move } from '../../src/run/next.ts';
import { action, after, began, did, ended, ofPlay, on, over, said, started, turned, wave } from './events.ts';
import { play, type PlayOptions, planOf, task } from './program.ts';

const a = on('a');
const b = on('b');
const set = task('toy.set', { key: 'k', value: '1' });

const apply = (lane: Lane, more: Partial<ApplyMove> = {}): ApplyMove => ({
  ...{ is: 'apply', lane, action: action('t1', lane), task: set, scope: { layers: [] }, undo: null, undoAfter: [] },
  ...{ resumed: false, lookOnly: false, facts: null, foreseen: false, pauseMs: 0 },
  ...more,
});
const restart = (lane: Lane): ApplyMove =>
  apply(lane, { action: { ...action('t1', lane), task: taskId('toy/1.h1~undo') } });
const undo = (lane: Lane): Move => ({ is: 'undo', lane, action: action('t1', lane), steps: [], resumed: false });
const observe: Move = { is: 'observe', wave: { play: 1, n: 1 }, hosts: [] };

const may = (state: RunState, move: Move, options: PlayOptions = {}): boolean => {
  const second = play(['a', 'b', 'c'], [set], { maxFailures: 5 });
  return mayStart({ plan: planOf([play(['a', 'b', 'c'], [set], options), second]) }, state, move);
};

const fresh = after(wave(1, ['a', 'b', 'c']));
const failing = [started('t1', a), ended('t1', a, 'failed', 'no'), ...did('t1', b)];
const back = after(wave(1, ['a', 'b', 'c']), did('t1', a), turned(a));

describe('once a run has ended, or is to end now', () => {
  const cases: readonly (readonly [string, Law])[] = [
    ['it has ended', over],
    ['it is to end now', said('now')],
  ];
  for (const [name, last] of cases)
    it(`nothing begins: ${name}`, () => {
      expect(may(after(wave(1, ['a']), last), apply(a))).to.equal(false);
      expect(may(after(last), observe)).to.equal(false);
      expect(may(after(wave(1, ['a']), did('t1', a), turned(a), last), undo(a))).to.equal(false);
      expect(may(after(wave(1, ['a']), started('t1', a), last), apply(a, { resumed: true }))).to.equal(false);
    });
});

describe('hosts are looked at for the next wave', () => {
  it('as long as the operator has said nothing', () => {
    expect(may(after(), observe)).to.equal(true);
    expect(may(after(said('stop')), observe)).to.equal(false);
  });
});

describe('an undo', () => {
  it('begins on a host that goes back, and on no other', () => {
    expect(may(back, undo(a))).to.equal(true);
    expect(may(after(wave(1, ['a']), did('t1', a)), undo(a))).to.equal(false);
    expect(may(after(wave(1, ['a']), did('t1', a), turned(a, 'stuck')), undo(a))).to.equal(false);
  });

  it('is followed by the restarts that it asks for, on the same terms', () => {
    expect(may(back, restart(a))).to.equal(true);
    expect(may(fresh, restart(a))).to.equal(false);
  });
});

describe('what was cut when the run broke off', () => {
  it('is only looked at on a host that goes back', () => {
    expect(may(back, apply(a, { lookOnly: true, resumed: true }))).to.equal(true);
    expect(may(fresh, apply(a, { lookOnly: true, resumed: true }))).to.equal(false);
  });

  it('is taken up on a host on its way, whatever became of the others', () => {
    const begun = after(wave(1, ['a', 'b']), started('t1', a), did('t1', b), turned(b, 'hold'));
    expect(may(begun, apply(a, { resumed: true }))).to.equal(true);
    expect(may(begun, apply(a))).to.equal(false);
    expect(may(back, apply(a, { resumed: true }))).to.equal(false);
  });
});

describe('a task', () => {
  it('begins on a host on its way, not on one that turned', () => {
    expect(may(fresh, apply(a))).to.equal(true);
    expect(may(back, apply(a))).to.equal(false);
    expect(may(after(wave(1, ['a']), turned(a, 'continue')), apply(a))).to.equal(false);
  });

  it('begins nowhere before there is a wave', () => {
    expect(may(foldAll([began]), apply(a))).to.equal(false);
  });

  it('begins on no further host when too many have failed; those on their way go on', () => {
    const failed = after(wave(1, ['a', 'b', 'c']), did('t1', a), turned(a), did('t0', b));
    expect(may(failed, apply(b))).to.equal(true);
    expect(may(failed, apply(on('c')))).to.equal(false);
    expect(may(failed, apply(on('c')), { maxFailures: 1 })).to.equal(true);
    expect(may(failed, apply(ofPlay(1))), 'what is done once for all').to.equal(true);
  });

  it('begins nowhere when a failure holds everything', () => {
    const held = after(wave(1, ['a', 'b']), failing, turned(a, 'stop'));
    expect(may(held, apply(b))).to.equal(false);
    expect(may(held, apply(ofPlay(1)))).to.equal(false);
  });

  it('is bound by what its own play allows', () => {
    const second = after(wave(1, ['a', 'b', 'c']), did('t1', a), turned(a), wave(1, ['b', 'c'], 2));
    expect(may(second, apply(b))).to.equal(true);
  });
});
