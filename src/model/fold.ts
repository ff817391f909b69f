// The one place that says which event may follow which state. Running, resuming and every report go through it. It
// throws on an illegal transition: then the journal isn't ours, or we are wrong. It reads no clock and judges nothing.
import type { JsonObject } from '../text/json.ts';
import type { Undo } from './action.ts';
import type { Answered, Event, Law, Stamped, Told, Towards } from './event.ts';
import { isLaw } from './event.ts';
import type { ActionId, Lane } from './ids.ts';
import { laneName, laneNameOf } from './ids.ts';
import { marked, noMarks } from './ledger-marks.ts';
import { waveName } from './plan.ts';
import { isSeenAfresh, presentWave, type ActionState, type LaneState, type RunState, type WaveState } from './state.ts';
import { Sequence } from './sequence.ts';
import { Table } from './table.ts';
import { withTold } from './told-output.ts';
import { never } from '../text/never.ts';

export class IllegalEvent extends Error {}

export const empty: RunState = {
  seq: 0,
  run: null,
  planDigest: null,
  check: false,
  values: {},
  waves: {},
  lanes: Table.empty(),
  turned: [],
  actions: Table.empty(),
  ledgerMarks: noMarks,
  toldOutput: Table.empty(),
  operator: null,
  backAsked: null,
  saidAt: 0,
  wentOn: 0,
  ended: null,
};

/** The state after `event`. Law: `fold` of every prefix of a journal is a state of the run that wrote it. */
export function fold(state: RunState, event: Event | Stamped): RunState {
  const seq = state.seq + 1;
  if ('seq' in event && event.seq !== seq) illegal(event, `it is numbered ${event.seq}, expected ${seq}`);
  const next = { ...state, seq };
  if (!isLaw(event)) return event.type === 'output' ? outputTold(next, event) : next;
  if (state.run === null && event.type !== 'run-started') illegal(event, 'the run has not started');
  if (state.ended !== null && event.type !== 'operator-said') illegal(event, 'the run has ended');
  return step(next, event);
}

export function foldAll(events: Iterable<Event | Stamped>, from: RunState = empty): RunState {
  let state = from;
  for (const event of events) state = fold(state, event);
  return state;
}

function outputTold(state: RunState, event: Extract<Told, { readonly type: 'output' }>): RunState {
  if (event.of === undefined) return state;
  const told = withTold(state.toldOutput.get(event.action) ?? [], event);
  return { ...state, toldOutput: state.toldOutput.set(event.action, told) };
}

/** Nobody takes up what is over. An end that nobody knows is taken up where the run goes on. */
function outputOver(state: RunState, event: Of<'action-ended' | 'undo-ended'>): RunState {
  if (event.outcome === 'unknown' || !state.toldOutput.has(event.action)) return state;
  return { ...state, toldOutput: state.toldOutput.set(event.action, []) };
}

function step(state: RunState, event: Law): RunState {
  switch (event.type) {
    case 'run-started':
      if (state.run !== null) illegal(event, 'the run started before');
      return { ...state, run: event.run, planDigest: event.plan, check: event.check, values: event.values };
    case 'observed':
      return observed(state, event);
    case 'wave-planned':
      return wavePlanned(state, event);
    case 'task-skipped':
    case 'block-entered':
    case 'loop-fixed':
      return decided(state, event);
    case 'action-started':
      return actionStarted(state, event);
    case 'attempt-ended':
      return attemptEnded(state, event);
    case 'action-ended':
      return outputOver(actionEnded(state, event), event);
    case 'undo-started':
      return undone(state, event);
    case 'undo-ended':
      return outputOver(undone(state, event), event);
    case 'turned':
      return turned(state, event);
    case 'operator-said':
      return operatorSaid(state, event.word);
    case 'answered':
      return answered(state, event);
    case 'run-ended':
      return { ...state, ended: { verdict: event.verdict, why: event.why } };
    default:
      return never(event);
  }
}

type Of<T extends Law['type']> = Extract<Law, { readonly type: T }>;

function observed(state: RunState, event: Of<'observed'>): RunState {
  const name = waveName(event.wave);
  // One that couldn't be planned is looked at again when the run goes on.
  const before = state.waves[name];
  if (before !== undefined && (before.plan !== null || isSeenAfresh(before, state)))
    illegal(event, `wave ${name} was observed before`);
  const wave: WaveState = {
    wave: event.wave,
    seq: state.seq,
    facts: event.facts,
    silent: event.silent,
    plan: null,
    agreed: before?.agreed ?? null,
    declined: before?.declined ?? null,
  };
  return { ...state, waves: { ...state.waves, [name]: wave } };
}

function wavePlanned(state: RunState, event: Of<'wave-planned'>): RunState {
  const name = waveName(event.wave);
  const wave = state.waves[name];
  if (wave === undefined) illegal(event, `wave ${name} was not observed`);
  if (wave.plan !== null) illegal(event, `wave ${name} was planned before`);
  return { ...state, waves: { ...state.waves, [name]: { ...wave, plan: event.plan } } };
}

/** Decisions that touch no host: a task skipped, a block entered, the items of a loop. Each is made once. */
function decided(state: RunState, event: Of<'task-skipped' | 'block-entered' | 'loop-fixed'>): RunState {
  const lane = laneOf(state, event.lane);
  if (lane.skipped[event.task] !== undefined) illegal(event, 'it was skipped before');
  switch (event.type) {
    case 'task-skipped':
      return touch(state, { ...lane, skipped: { ...lane.skipped, [event.task]: event.why } });
    case 'block-entered':
      if (lane.entered.includes(event.task)) illegal(event, 'it was entered before');
      return touch(state, { ...lane, entered: [...lane.entered, event.task] });
    case 'loop-fixed':
      if (lane.loops[event.task] !== undefined) illegal(event, 'its items were fixed before');
      return touch(state, {
        ...lane,
        loops: { ...lane.loops, [event.task]: event.items },
        hiddenLoops: event.hidden ? [...lane.hiddenLoops, event.task] : lane.hiddenLoops,
      });
    default:
      return never(event);
  }
}

function actionStarted(state: RunState, event: Of<'action-started'>): RunState {
  const { action, undo, undoAfter } = event;
  if (state.actions.has(action.id)) illegal(event, 'it is known already');
  const began = { is: 'started', action, undo, undoAfter, seq: state.seq, attempts: [], ended: null } as const;
  return begin(state, began, event.action.lane);
}

function attemptEnded(state: RunState, event: Of<'attempt-ended'>): RunState {
  const action = actionOf(state, event);
  if (action.is !== 'started') illegal(event, `it is ${action.is}`);
  if (event.n !== action.attempts.length + 1) illegal(event, `attempt ${event.n} after ${action.attempts.length}`);
  return change(state, { ...action, attempts: [...action.attempts, event.result] });
}

const NOTHING: Undo = { is: 'nothing' };

function actionEnded(state: RunState, event: Of<'action-ended'>): RunState {
  const ended = { seq: state.seq, outcome: event.outcome, why: event.why, result: event.result };
  if (event.born === null) {
    const action = actionOf(state, event);
    if (action.is !== 'started') illegal(event, `it is ${action.is}`);
    return change(state, { ...action, is: 'ended', ended });
  }
  if (state.actions.has(event.action)) illegal(event, 'it is known already');
  if (event.born.id !== event.action) illegal(event, `it was born as ${event.born.id}`);
  if (event.outcome === 'changed') illegal(event, 'it changed something without having started');
  const { born } = event;
  const known: readonly JsonObject[] = [];
  const over = { is: 'ended', action: born, undo: NOTHING, undoAfter: [], seq: state.seq, attempts: known } as const;
  return begin(state, { ...over, ended }, born.lane);
}

function undone(state: RunState, event: Of<'undo-started' | 'undo-ended'>): RunState {
  const action = actionOf(state, event);
  if (event.type === 'undo-started') {
    if (action.is === 'undone' || action.is === 'undoing') illegal(event, `it is ${action.is}`);
    if (action.undo.is !== 'steps') illegal(event, `its undo is ${action.undo.is}`);
    return change(state, { ...action, is: 'undoing' });
  }
  if (action.is !== 'undoing') illegal(event, `it is ${action.is}`);
  const { why } = event;
  switch (event.outcome) {
    case 'changed':
    case 'unchanged':
    case 'would-change':
      return change(state, { ...action, is: 'undone', changed: event.outcome === 'changed', why });
    case 'failed':
    case 'unknown':
      return change(state, { ...action, is: 'stuck', since: state.seq, why });
    default:
      return never(event.outcome);
  }
}

/** A lane turns once by itself; later only to stuck, or back when a person says so. */
function turned(state: RunState, event: Of<'turned'>): RunState {
  const lane = laneOf(state, event.lane);
  const { towards, why } = event;
  if (!mayTurn(lane.turned?.towards ?? null, towards)) illegal(event, `the lane turned to ${lane.turned?.towards}`);
  const name = laneName(event.lane);
  const known = state.turned.includes(name) ? state.turned : [...state.turned, name];
  return touch({ ...state, turned: known }, { ...lane, turned: { towards, why, seq: state.seq } });
}

function mayTurn(from: Towards | null, towards: Towards): boolean {
  return from === null || (from !== 'stuck' && towards === 'stuck') || towards === 'rollback';
}

function operatorSaid(state: RunState, word: Of<'operator-said'>['word']): RunState {
  const wentOn = word === 'go-on' ? state.seq : state.wentOn;
  const operator = strongest(state, word);
  const saidAt = operator === state.operator && state.ended === null ? state.saidAt : state.seq;
  const backAsked = backAfter(state, word);
  const waves = word === 'go-on' && state.ended !== null ? withAnswer(state, 'yes', state.ended.why) : state.waves;
  const said = { ...state, waves, operator, backAsked, saidAt, wentOn, ended: word === 'no' ? state.ended : null };
  return (word === 'go-on' || word === 'go-back') && state.ended !== null ? reopened(said) : said;
}

function answered(state: RunState, event: Of<'answered'>): RunState {
  if (presentWave(state) === null) illegal(event, 'no wave was observed');
  return { ...state, waves: withAnswer(state, event.answer, event.question) };
}

/** @param why the question in its words; of a run that had ended with one, its last words: who has it go on has read them. */
function withAnswer(state: RunState, answer: Answered, why: string): RunState['waves'] {
  const last = presentWave(state);
  if (last === null) return state.waves;
  const said: WaveState =
    answer === 'yes'
      ? { ...last, agreed: { why, facts: last.facts, seq: state.seq }, declined: null }
      : { ...last, declined: why };
  return { ...state.waves, [waveName(last.wave)]: said };
}

/**
 * A lane that stuck on its way forward, with an end that nobody knew, is taken up there: what became of it is looked at
 * before anything else of the run. One that stuck on its way back stays so.
 */
function reopened(state: RunState): RunState {
  let next = state;
  for (const lane of state.lanes.values()) {
    const actions = lane.actions.values().flatMap(id => state.actions.get(id) ?? []);
    const unknown = actions.filter(isUnknown);
    const back = actions.some(action => action.is === 'undoing' || action.is === 'undone' || action.is === 'stuck');
    if (lane.turned?.towards !== 'stuck' || back || unknown.length === 0) continue;
    next = unknown.reduce((run, action) => change(run, { ...action, is: 'started', ended: null }), next);
    next = touch(next, { ...lane, turned: null });
  }
  return next;
}

const isUnknown = (action: ActionState): action is ActionState & { readonly is: 'ended' } =>
  action.is === 'ended' && action.ended.outcome === 'unknown';

const STRENGTH = [null, 'stop', 'rollback', 'rollback_all', 'now'] as const;

function strongest(state: RunState, word: Of<'operator-said'>['word']): RunState['operator'] {
  if (word === 'no') return state.operator;
  if (word === 'go-on') return null;
  if (word === 'go-back') return state.backAsked;
  if (state.ended !== null) return word === 'rollback' ? 'rollback_all' : word;
  return STRENGTH.indexOf(word) > STRENGTH.indexOf(state.operator) ? word : state.operator;
}

function backAfter(state: RunState, word: Of<'operator-said'>['word']): RunState['backAsked'] {
  if (word === 'go-on') return null;
  if (word !== 'rollback') return state.backAsked;
  return state.ended !== null ? 'rollback_all' : (state.backAsked ?? 'rollback');
}

function begin(state: RunState, action: ActionState, at: Lane): RunState {
  const lane = laneOf(state, at);
  return withAction(state, action, { ...lane, touched: state.seq, actions: lane.actions.with(action.action.id) });
}

function change(state: RunState, action: ActionState): RunState {
  return withAction(state, action, { ...laneOf(state, action.action.lane), touched: state.seq });
}

function withAction(state: RunState, action: ActionState, lane: LaneState): RunState {
  const actions = state.actions.set(action.action.id, action);
  const lanes = state.lanes.set(laneName(lane.lane), lane);
  return { ...state, lanes, actions, ledgerMarks: marked(state.ledgerMarks, action) };
}

function touch(state: RunState, lane: LaneState): RunState {
  return { ...state, lanes: state.lanes.set(laneName(lane.lane), { ...lane, touched: state.seq }) };
}

function laneOf(state: RunState, lane: Lane): LaneState {
  return state.lanes.get(laneName(lane)) ?? untouched(lane);
}

/** A lane of which no event has spoken yet. */
export function untouched(lane: Lane): LaneState {
  const actions = Sequence.empty<ActionId>();
  return { lane, touched: 0, skipped: {}, entered: [], loops: {}, hiddenLoops: [], turned: null, actions };
}

function actionOf(state: RunState, event: Law & { readonly action: ActionId }): ActionState {
  const action = state.actions.get(event.action);
  if (action === undefined) illegal(event, `lane ${laneNameOf(event.action)} has no such action`);
  return action;
}

function illegal(event: Event, why: string): never {
  const { type } = event;
  const what = 'action' in event ? (typeof event.action === 'string' ? event.action : event.action?.id) : null;
  throw new IllegalEvent(`the journal cannot go on with ${type}${what === null ? '' : ` of ${what}`}: ${why}`);
}
