// What a run's results teach the ledger.
import { expect } from 'chai';
import type { Action } from '../../src/model/action.ts';
import { fold, foldAll } from '../../src/model/fold.ts';
import { actionId, hostName, runId, stepName, taskId } from '../../src/model/ids.ts';
import { entriesAfter, entriesSince, noEntries } from '../../src/model/ledger-fold.ts';
import type { Event } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/text/json.ts';

const lane = { is: 'host', host: hostName('bjork') } as const;

function done(n: number, result: JsonObject, step = 'toy', args: JsonObject = {}): readonly Event[] {
  const task = taskId(`site/1.t${n}`);
  const action: Action = {
    ...{ id: actionId(task, null, lane), task, lane, on: lane.host, step: stepName(step), args },
    ...{ become: { method: 'none', user: '' }, environment: {}, limitMs: null, hidden: false },
  };
  return [
    { type: 'action-started', action, undo: { is: 'steps', steps: [] }, undoAfter: [] },
    { type: 'action-ended', action: action.id, born: null, outcome: 'changed', why: '', result, hidden: false },
  ];
}

const start: Event = { type: 'run-started', run: runId('0000beef'), plan: '', by: '', check: false, values: {} };
const left = done(1, { migrated: [{ zone: 'evac1', from: 'bjork', to: 'nacaozumbi', was: 'running' }] });
const home = done(
  2,
  { migrated: [{ zone: 'evac1', from: 'nacaozumbi', to: 'bjork', was: 'running' }] },
  'zones.return',
);
const after = (...events: readonly Event[]) => entriesAfter(noEntries, foldAll([start, ...events]));

describe('the ledger after a run', () => {
  it('holds a zone as away until it is home', () => {
    expect(after(...left).away.map(one => `${one.zone} of ${one.home} at ${one.at}`)).to.deep.equal([
      'evac1 of bjork at nacaozumbi',
    ]);
    expect(after(...left, ...home).away).to.deep.equal([]);
  });

  const stays = done(3, { stays: [{ zone: 'evac1', at: 'nacaozumbi' }] }, 'zones.return');

  const sentAgain = done(5, { migrated: [{ zone: 'evac1', from: 'bjork', to: 'nacaozumbi', was: 'running' }] });

  it('holds a zone that stays as at home where it is, and remembers where it was', () => {
    const { away, stays: forGood } = after(...left, ...stays);
    expect(away).to.deep.equal([]);
    expect(forGood.map(one => `${one.zone} of ${one.host} at ${one.at}`)).to.deep.equal([
      'evac1 of bjork at nacaozumbi',
    ]);
  });

  it('forgets that a zone stays elsewhere when it is back', () => {
    expect(after(...left, ...stays, ...home).stays).to.deep.equal([]);
  });

  it('no longer holds a zone as staying elsewhere once it left its first home again', () => {
    // Somebody brought it back by hand, and a later run sent it the same way: that run brings it home.
    expect(after(...left, ...stays, ...sentAgain).stays).to.deep.equal([]);
    expect(after(...left, ...stays, ...sentAgain).away).to.have.length(1);
  });

  it('remembers where a zone was at home while it is a guest there', () => {
    const guest = done(6, { migrated: [{ zone: 'evac1', from: 'nacaozumbi', to: 'bjork', was: 'running' }] }).map(
      event =>
        event.type === 'action-started' ? { ...event, action: { ...event.action, on: hostName('nacaozumbi') } } : event,
    );
    const { away, stays: forGood } = after(...left, ...stays, ...guest);
    expect(away.map(one => `${one.zone} of ${one.home} at ${one.at}`)).to.deep.equal(['evac1 of nacaozumbi at bjork']);
    expect(forGood).to.have.length(1);
    const back = done(7, { migrated: [{ zone: 'evac1', from: 'bjork', to: 'nacaozumbi', was: 'running' }] });
    expect(after(...left, ...stays, ...guest, ...back).away).to.deep.equal([]);
    expect(after(...left, ...stays, ...guest, ...back).stays).to.have.length(1);
  });

  it('holds a zone as at home when its evacuation is put back, although it had been left to stay', () => {
    const other = done(6, { migrated: [{ zone: 'evac2', from: 'bjork', to: 'evac', was: 'running' }] });
    const id = actionId(taskId('site/1.t1'), null, lane);
    const undone = [
      { type: 'undo-started', action: id },
      { type: 'undo-ended', action: id, outcome: 'changed', why: '' },
    ] as const;
    const { away, stays: forGood } = after(...other, ...left, ...stays, ...undone);
    expect(away.map(one => `${one.zone} of ${one.home} at ${one.at}`)).to.deep.equal(['evac2 of bjork at evac']);
    expect(forGood).to.deep.equal([]);
  });

  it('holds a zone as at home that its host brings back, also when only sysadm knew that it was away', () => {
    expect(after(...home).away).to.deep.equal([]);
  });

  it('owes a zone that stays elsewhere no target any more', () => {
    const targets = done(4, { former_targets: [{ zone: 'evac1', target: null }] });
    expect(after(...targets, ...left).formerTargets).to.have.length(1);
    expect(after(...targets, ...left, ...stays).formerTargets).to.deep.equal([]);
  });

  it('takes what was put back for never done', () => {
    const id = actionId(taskId('site/1.t1'), null, lane);
    const undone = [
      { type: 'undo-started', action: id },
      { type: 'undo-ended', action: id, outcome: 'changed', why: '' },
    ] as const;
    expect(after(...left, ...undone).away).to.deep.equal([]);
  });

  it('asked again and again while the run goes on, it says what it says to one who asks only once', () => {
    const back = [2, 1].flatMap((n): readonly Event[] => {
      const id = actionId(taskId(`site/1.t${n}`), null, lane);
      return [
        { type: 'undo-started', action: id },
        { type: 'undo-ended', action: id, outcome: 'changed', why: '' },
      ];
    });
    const one = { zone: 'evac2', from: 'bjork', to: 'nacaozumbi', was: 'running' };
    const sent = done(3, { migrated: [one] }, 'zones.evacuate', { moves: [one] });
    const again = entriesSince(noEntries);
    let state = foldAll([start]);
    const told: string[] = [];
    for (const event of [...left, ...sent, ...home, ...back]) {
      state = fold(state, event);
      expect(again(state)).to.deep.equal(entriesAfter(noEntries, state));
      const { away, perhaps } = again(state);
      told.push([...away.map(({ zone }) => zone), ...perhaps.map(({ zone }) => `${zone} perhaps`)].join(' '));
    }
    const both = 'evac1 evac2';
    expect(told.slice(0, 6)).to.deep.equal(['', 'evac1', 'evac1 evac2 perhaps', both, both, 'evac2']);
    expect(told.slice(6)).to.deep.equal(['evac2', 'evac2 evac1', 'evac2 evac1', 'evac2']);
  });
});
