// What go-on makes of a run: which lanes are taken up again, and which stay as they are.
import { expect } from 'chai';
import type { Action, Outcome } from '../../src/model/action.ts';
import type { Event } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { actionId, hostName, runId, stepName, taskId } from '../../src/model/ids.ts';

const begun: Event = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
const over: Event = { type: 'run-ended', verdict: 'stuck', why: '' };
const goOn: Event = { type: 'operator-said', word: 'go-on', who: 'joan', host: null };
const lane = { is: 'host', host: hostName('bjork') } as const;
const stuck: Event = { type: 'turned', lane, towards: 'stuck', why: 'lost' };

function action(n: number): Action {
  const task = taskId(`site/1.t${n}`);
  return {
    ...{ id: actionId(task, null, lane), task, lane, on: lane.host, step: stepName('toy'), args: {} },
    ...{ become: { method: 'none', user: '' }, environment: {}, limitMs: null, hidden: false },
  };
}

const did = (n: number, outcome: Outcome): readonly Event[] => [
  { type: 'action-started', action: action(n), undo: { is: 'steps', steps: [] }, undoAfter: [] },
  {
    ...{ type: 'action-ended', action: action(n).id, born: null, outcome, why: '', result: {}, hidden: false },
  },
];
const putBack = (n: number): readonly Event[] => [
  { type: 'undo-started', action: action(n).id },
  { type: 'undo-ended', action: action(n).id, outcome: 'changed', why: '' },
];

/** How the lane stands, and each of its actions. */
function after(...events: readonly (Event | readonly Event[])[]): readonly (string | null)[] {
  const state = foldAll([begun, ...events.flat()]);
  const actions = state.actions.values().toSorted((a, b) => a.seq - b.seq);
  return [state.lanes.get('bjork')?.turned?.towards ?? null, ...actions.map(one => one.is)];
}

describe('a run that goes on after its end', () => {
  it('takes up what nobody saw the end of, one or many, as if it had just begun', () => {
    const one = [did(1, 'changed'), did(2, 'unknown'), stuck, over];
    expect(after(...one)).to.deep.equal(['stuck', 'ended', 'ended']);
    expect(after(...one, goOn)).to.deep.equal([null, 'ended', 'started']);
    expect(after(did(1, 'unknown'), did(2, 'unknown'), stuck, over, goOn)).to.deep.equal([null, 'started', 'started']);
  });

  it('leaves a host alone that is stuck for another reason', () => {
    expect(after(did(1, 'changed'), did(2, 'failed'), stuck, over, goOn)).to.deep.equal(['stuck', 'ended', 'ended']);
  });

  it('leaves a host alone that got stuck on its way back', () => {
    const back = [did(1, 'changed'), did(2, 'unknown'), putBack(1), stuck, over, goOn];
    expect(after(...back)).to.deep.equal(['stuck', 'undone', 'ended']);
  });

  it('takes up nothing on a host that isn’t stuck', () => {
    const held: Event = { ...stuck, towards: 'hold' };
    expect(after(did(1, 'unknown'), held, over, goOn)).to.deep.equal(['hold', 'ended']);
  });

  it('takes up nothing as long as it hasn’t ended', () => {
    expect(after(did(1, 'unknown'), stuck, goOn)).to.deep.equal(['stuck', 'ended']);
  });
});
