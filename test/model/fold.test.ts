// The laws of the journal: what may follow what.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Action } from '../../src/model/action.ts';
import type { Event } from '../../src/model/event.ts';
import { empty, fold, foldAll, IllegalEvent } from '../../src/model/fold.ts';
import { actionId, hostName, laneNameOf, runId, stepName, taskId } from '../../src/model/ids.ts';
import { Table } from '../../src/model/table.ts';

const lane = (host: string) => ({ is: 'host', host: hostName(host) }) as const;

const started: Event = {
  type: 'run-started',
  run: runId('0000beef'),
  plan: 'sha',
  by: 'joan',
  check: false,
  values: {},
};

function action(n: number, host = 'bjork'): Action {
  const task = taskId(`site/1.t${n}`);
  return {
    id: actionId(task, null, lane(host)),
    task,
    lane: lane(host),
    on: hostName(host),
    step: stepName('toy.set'),
    args: {},
    become: { method: 'none', user: '' },
    environment: {},
    limitMs: null,
    hidden: false,
  };
}

const begin = (a: Action): Event => ({
  type: 'action-started',
  action: a,
  undo: { is: 'steps', steps: [] },
  undoAfter: [],
});
const end = (a: Action, born: Action | null = null): Event => ({
  type: 'action-ended',
  action: a.id,
  born,
  outcome: born === null ? 'changed' : 'unchanged',
  why: '',
  result: {},
  hidden: false,
});
const undoBegins = (a: Action): Event => ({ type: 'undo-started', action: a.id });
const undoEnds = (a: Action): Event => ({ type: 'undo-ended', action: a.id, outcome: 'changed', why: '' });
const over: Event = { type: 'run-ended', verdict: 'done', why: '' };
const word = (said: 'rollback' | 'stop'): Event => ({ type: 'operator-said', word: said, who: 'joan', host: null });

describe('fold', () => {
  it('knows an action from its start to its undo', () => {
    const a = action(1);
    const is = [begin(a), end(a), undoBegins(a), undoEnds(a)].reduce<{ state: typeof empty; seen: string[] }>(
      ({ state, seen }, event) => {
        const next = fold(state, event);
        return { state: next, seen: [...seen, next.actions.get(a.id)?.is ?? ''] };
      },
      { state: fold(empty, started), seen: [] },
    );
    expect(is.seen).to.deep.equal(['started', 'ended', 'undoing', 'undone']);
    expect(is.state.lanes.get(laneNameOf(a.id))?.actions.values()).to.deep.equal([a.id]);
  });

  const a = action(1);
  const refused: Readonly<Record<string, readonly Event[]>> = {
    'an end before a start': [started, end(a)],
    'a second start': [started, begin(a), begin(a)],
    'a second end': [started, begin(a), end(a), end(a)],
    'an undo of what nobody began': [started, undoBegins(a)],
    'an undo of what had nothing to undo': [started, end(a, a), undoBegins(a)],
    'an undo that ends before it starts': [started, begin(a), end(a), undoEnds(a)],
    'an undo twice': [started, begin(a), end(a), undoBegins(a), undoEnds(a), undoBegins(a)],
    'anything before the run starts': [begin(a)],
    'anything after the run has ended': [started, over, begin(a)],
    'a change without a start': [started, { ...end(a), born: a } as Event],
  };
  for (const [what, events] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      foldAll(events.slice(0, -1));
      expect(() => foldAll(events)).to.throw(IllegalEvent);
    });

  it('refuses a journal with a gap in its numbers', () => {
    const stamp = { v: 1, at: 0, prev: '' } as const;
    const state = fold(empty, { ...started, ...stamp, seq: 1 });
    expect(() => fold(state, { ...over, ...stamp, seq: 3 })).to.throw(IllegalEvent);
  });

  it('takes the rollback of an ended run as a rollback of everything', () => {
    expect(foldAll([started, over, word('rollback')]).operator).to.equal('rollback_all');
    expect(foldAll([started, word('rollback'), word('stop')]).operator).to.equal('rollback');
  });

  it('leaves the state before as it was', () => {
    const before = foldAll([started, begin(a)]);
    fold(before, end(a));
    expect(before.actions.get(a.id)?.is).to.equal('started');
  });

  /** Of the processor: the clock tells what else this machine does. */
  const spentMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

  it('folds forty thousand actions on a thousand hosts, and a lot of output, within seconds', function () {
    this.timeout(60_000);
    const hosts = Array.from({ length: 1000 }, (_, i) => `node${i}`);
    const text: Event = { type: 'output', action: a.id, on: hostName('bjork'), stream: 'out', text: 'x' };
    let state = fold(empty, started);
    const before = process.cpuUsage();
    for (let n = 1; n <= 40; n += 1)
      for (const host of hosts) {
        const one = action(n, host);
        state = fold(fold(state, begin(one)), end(one));
        for (let i = 0; i < 5; i += 1) state = fold(state, text);
      }
    expect(state.actions.size).to.equal(40_000);
    expect(state.seq).to.equal(1 + 40_000 * 7);
    expect(spentMs(process.cpuUsage(before))).to.be.below(6_000);
  });

  it('folds twenty-five thousand actions of one host no slower than those of many', function () {
    this.timeout(60_000);
    let state = fold(empty, started);
    const before = process.cpuUsage();
    for (let n = 1; n <= 25_000; n += 1) {
      const one = action(n);
      state = fold(fold(state, begin(one)), end(one));
    }
    expect(state.lanes.get(laneNameOf(a.id))?.actions.length).to.equal(25_000);
    expect(spentMs(process.cpuUsage(before))).to.be.below(2_500);
  });
});

describe('Table', () => {
  it('holds what a Map holds, and every older one still holds what it held', () => {
    let table = Table.empty<string, number>();
    const olds: [typeof table, number][] = [];
    for (let i = 0; i < 3000; i += 1) {
      olds.push([table, i]);
      table = table.set(`key ${i}`, i).set('key 0', -i);
    }
    expect(table.size).to.equal(3000);
    expect(table.get('key 2999')).to.equal(2999);
    expect([...table.values()].sort((x, y) => x - y).slice(1, 3)).to.deep.equal([1, 2]);
    for (const [old, i] of olds) {
      expect(old.size).to.equal(i);
      expect(old.has(`key ${i}`)).to.equal(false);
    }
  });

  it('each of its versions holds what a Map of its own would hold, whichever is changed or asked next', () => {
    const set = fc.record({ from: fc.nat(), key: fc.constantFrom('a', 'b', 'c', '__proto__'), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(set, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 20 }), (sets, asked) => {
        const versions = [{ table: Table.empty<string, number>(), map: new Map<string, number>() }];
        const one = (n: number) => versions[n % versions.length] ?? expect.fail();
        for (const { from, key, value } of sets) {
          const { table, map } = one(from);
          versions.push({ table: table.set(key, value), map: new Map(map).set(key, value) });
        }
        for (const { table, map } of [...asked.map(one), ...versions]) {
          expect(table.size).to.equal(map.size);
          expect([...table.values()].sort()).to.deep.equal([...map.values()].sort());
          for (const key of ['a', 'b', 'c', '__proto__']) expect(table.get(key)).to.equal(map.get(key));
        }
      }),
    );
  });
});
