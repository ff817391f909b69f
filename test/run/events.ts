// The journal of a run by hand: its laws in a few words, and the state they fold into.
import type { Action, Outcome, Undo } from '../../src/model/action.ts';
import type { Law, Towards } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import {
  type ActionId,
  actionId,
  hostName,
  type Lane,
  laneName,
  runId,
  stepName,
  taskId,
} from '../../src/model/ids.ts';
import type { LaneState, RunState } from '../../src/model/state.ts';

export const on = (host: string): Lane => ({ is: 'host', host: hostName(host) });
export const ofPlay = (play: number): Lane => ({ is: 'play', play });
export const idOf = (task: string, lane: Lane): ActionId => actionId(taskId(`toy/1.${task}`), null, lane);

export function action(task: string, lane: Lane): Action {
  return {
    ...{
      id: idOf(task, lane),
      task: taskId(`toy/1.${task}`),
      lane,
      on: lane.is === 'host' ? lane.host : hostName('a'),
    },
    ...{ step: stepName('toy.set'), args: { key: task, value: '1' } },
    ...{ become: { method: 'none', user: '' }, environment: {}, limitMs: null, hidden: false },
  };
}

const putBack: Undo = { is: 'steps', steps: [{ step: stepName('toy.set'), args: { key: 'k', value: '' } }] };
export const barrier: Undo = { is: 'barrier', why: 'sealed' };
export const left: Undo = { is: 'left', why: 'nobody knows what was there' };

export const began: Law = {
  type: 'run-started',
  run: runId('0000beef'),
  plan: '',
  by: 'joan',
  check: false,
  values: {},
};
export const wave = (n: number, hosts: readonly string[], play = 1): readonly Law[] => [
  { type: 'observed', wave: { play, n }, facts: {}, silent: {} },
  {
    ...{ type: 'wave-planned', wave: { play, n }, differs: [] },
    plan: { wave: { play, n }, hosts: hosts.map(hostName), migrations: [], staying: [] },
  },
];
export const started = (task: string, lane: Lane, undo: Undo = putBack, undoAfter: readonly ActionId[] = []): Law => ({
  ...{ type: 'action-started', action: action(task, lane), undo, undoAfter },
});
export const ended = (task: string, lane: Lane, outcome: Outcome = 'changed', why = ''): Law => ({
  ...{ type: 'action-ended', action: idOf(task, lane), born: null, outcome, why, result: {}, hidden: false },
});
export const did = (
  task: string,
  lane: Lane,
  undo: Undo = putBack,
  undoAfter: readonly ActionId[] = [],
): readonly Law[] => [...[started(task, lane, undo, undoAfter), ended(task, lane)]];
const undoing = (task: string, lane: Lane): Law => ({ type: 'undo-started', action: idOf(task, lane) });
export const undid = (task: string, lane: Lane, outcome: Outcome = 'changed', why = ''): readonly Law[] => [
  ...[undoing(task, lane), { type: 'undo-ended', action: idOf(task, lane), outcome, why } as const],
];
export const turned = (lane: Lane, towards: Towards = 'rollback'): Law => ({
  type: 'turned',
  lane,
  towards,
  why: 'it failed',
});
export const said = (word: 'stop' | 'rollback' | 'now' | 'go-on'): Law => ({
  ...{ type: 'operator-said', word, who: 'joan', host: null },
});
export const over: Law = { type: 'run-ended', verdict: 'stopped', why: '' };

export const after = (...events: readonly (Law | readonly Law[])[]): RunState => foldAll([began, ...events.flat()]);

export function laneIn(state: RunState, lane: Lane): LaneState {
  const found = state.lanes.get(laneName(lane));
  if (found === undefined) throw new Error(`no event speaks of ${laneName(lane)}`);
  return found;
}
