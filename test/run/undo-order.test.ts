// In which order a host goes back, and which host may go back now when all of them do.
import { expect } from 'chai';
import { type Lane, laneName } from '../../src/model/ids.ts';
import type { RunState } from '../../src/model/state.ts';
import { barrierOf, chainOf, laneOrder, owed } from '../../src/run/undo-order.ts';
import { after, barrier, did, idOf, laneIn, left, ofPlay, on, started, turned, undid, wave } from './events.ts';

const a = on('a');
const b = on('b');
const c = on('c');
const once = ofPlay(1);

const owedOn = (state: RunState, lane: Lane) => owed(state, laneIn(state, lane)).map(one => one.action.id);
const ids = (lane: Lane, ...tasks: readonly string[]) => tasks.map(task => idOf(task, lane));

describe('what a host still owes', () => {
  it('is what began there and isn’t undone, newest first', () => {
    const state = after(wave(1, ['a']), did('t1', a), did('t2', a), started('t3', a), turned(a), undid('t2', a));
    expect(owedOn(state, a)).to.deep.equal(ids(a, 't3', 't1'));
  });

  it('reaches back to the newest barrier, wherever that stands', () => {
    const sealed = after(wave(1, ['a']), did('t1', a), did('t2', a, barrier));
    expect(owedOn(sealed, a)).to.deep.equal([]);
    const since = after(wave(1, ['a']), did('t1', a, barrier), did('t2', a, barrier), did('t3', a), did('t4', a));
    expect(owedOn(since, a)).to.deep.equal(ids(a, 't4', 't3'));
    expect(barrierOf(since, laneIn(since, a))?.action.id).to.equal(idOf('t2', a));
    const first = after(wave(1, ['a']), did('t1', a, barrier), did('t2', a));
    expect(owedOn(first, a)).to.deep.equal(ids(a, 't2'));
  });

  it('holds nothing that is left as it is, nor what is undone, however it was put back', () => {
    const state = after(wave(1, ['a']), did('t1', a, left), did('t2', a), turned(a), undid('t2', a, 'unchanged'));
    expect(owedOn(state, a)).to.deep.equal([]);
  });

  it('leaves out what was restarted after a rollback', () => {
    const state = after(wave(1, ['a']), did('t1', a), turned(a), undid('t1', a), started('h1~undo', a));
    expect(owedOn(state, a)).to.deep.equal([]);
  });
});

describe('the next undo of a host', () => {
  const chain = (state: RunState) => {
    const found = chainOf(state, laneIn(state, a));
    return [found.is, found.is === 'clear' ? null : found.action.action.id];
  };

  it('is the newest that waits for no other', () => {
    const waits = after(wave(1, ['a']), did('t1', a), did('t2', a, undefined, ids(a, 't1')), turned(a));
    expect(chain(waits)).to.deep.equal(['next', idOf('t1', a)]);
    const free = after(wave(1, ['a']), did('t1', a), did('t2', a), turned(a));
    expect(chain(free)).to.deep.equal(['next', idOf('t2', a)]);
  });

  it('waits for every one of those that it names', () => {
    const [close, hold] = [did('t1', a), did('t2', a)];
    const move = did('t3', a, undefined, ids(a, 't1', 't2'));
    expect(chain(after(wave(1, ['a']), close, hold, move, turned(a)))).to.deep.equal(['next', idOf('t2', a)]);
    const opened = after(wave(1, ['a']), close, hold, move, turned(a), undid('t2', a));
    expect(chain(opened)).to.deep.equal(['next', idOf('t1', a)]);
    expect(chain(after(wave(1, ['a']), close, hold, move, turned(a), undid('t2', a), undid('t1', a)))).to.deep.equal([
      ...['next', idOf('t3', a)],
    ]);
  });

  it('is none when one could not be undone since the host turned, and tells which', () => {
    const stuck = after(wave(1, ['a']), did('t1', a), did('t2', a), turned(a), undid('t2', a, 'failed', 'no'));
    expect(chain(stuck)).to.deep.equal(['stuck', idOf('t2', a)]);
  });

  it('is tried again when a person sends the host back once more', () => {
    const again = after(
      ...[wave(1, ['a']), did('t1', a), did('t2', a), turned(a), undid('t2', a, 'failed', 'no'), turned(a)],
    );
    expect(chain(again)).to.deep.equal(['next', idOf('t2', a)]);
  });

  it('is none at a barrier, and none when nothing is owed', () => {
    const sealed = after(wave(1, ['a']), did('t1', a), did('t2', a, barrier), turned(a));
    expect(chain(sealed)).to.deep.equal(['barrier', idOf('t2', a)]);
    const clear = after(wave(1, ['a']), did('t1', a), turned(a), undid('t1', a));
    expect(chain(clear)).to.deep.equal(['clear', null]);
  });

  it('that would wait for itself is our own mistake', () => {
    const state = after(wave(1, ['a']), did('t1', a, undefined, ids(a, 't1')), turned(a));
    expect(() => chain(state)).to.throw('the undos of a wait for one another');
  });
});

describe('when the whole run goes back', () => {
  const free = (state: RunState, ...lanes: readonly Lane[]) =>
    laneOrder(
      state,
      lanes.map(lane => laneIn(state, lane)),
    ).map(lane => laneName(lane.lane));

  it('hosts of one wave go back at the same time', () => {
    const state = after(wave(1, ['a', 'b']), did('t1', a), did('t1', b), did('t2', a), turned(a), turned(b));
    expect(free(state, a, b)).to.deep.equal(['a', 'b']);
  });

  it('an older wave waits until the newer one is back', () => {
    const past = [wave(1, ['a']), did('t1', a), wave(2, ['b', 'c']), did('t1', b), did('t1', c)].flat();
    const state = after(past, turned(a), turned(b), turned(c));
    expect(free(state, a, b, c)).to.deep.equal(['b', 'c']);
    const back = after(past, turned(a), turned(b), turned(c), undid('t1', b), undid('t1', c));
    expect(free(back, a, b, c)).to.deep.equal(['a', 'b', 'c']);
  });

  it('what was done once for all goes back when everything after it is back, and before anything that was before it', () => {
    const past = [wave(1, ['a', 'b']), did('t1', a), did('t1', b), did('t2', once), did('t3', b)].flat();
    const state = after(past, turned(a), turned(b), turned(once));
    expect(free(state, a, b, once)).to.deep.equal(['b']);
    const one = after(past, turned(a), turned(b), turned(once), undid('t3', b));
    expect(free(one, a, b, once)).to.deep.equal(['play 1']);
    const two = after(past, turned(a), turned(b), turned(once), undid('t3', b), undid('t2', once));
    expect(free(two, a, b, once)).to.deep.equal(['a', 'b', 'play 1']);
  });

  it('a host that owes nothing holds nobody up, and nobody holds it up', () => {
    const state = after(wave(1, ['a']), did('t1', a, left), wave(2, ['b']), did('t1', b), turned(a), turned(b));
    expect(free(state, a, b)).to.deep.equal(['b', 'a']);
    const only = after(wave(1, ['a', 'b']), did('t1', a), did('t1', b, left), turned(a), turned(b));
    expect(free(only, a, b)).to.deep.equal(['a', 'b']);
  });
});
