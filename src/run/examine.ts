// When the turn of a block, a task or an item comes: is it for this host, over which items, with what arguments? The
// answer is a decision to write down, or the move that acts. Pure.
import type { Action } from '../model/action.ts';
import { entered } from '../model/around.ts';
import { allHold, born, type Cradle, flowsHidden, itemsOf, stillborn, type Unborn, undoAfter } from '../model/birth.ts';
import type { Law } from '../model/event.ts';
import { untouched } from '../model/fold.ts';
import { cpuClass, reserveBytes } from '../model/host-variable.ts';
import { ruleFor } from '../model/zone-rule.ts';
import { awaited, UNDECIDED } from '../model/foreseen-result.ts';
import { actionId, type HostName, type Lane, laneName, stepName, type TaskId } from '../model/ids.ts';
import type { BlockEntry } from '../model/program.ts';
import { type Ground, holdsSecret, type Item, scopeAt, secretsOf, veiledAt } from '../model/scope.ts';
import type { RunState, WaveState } from '../model/state.ts';
import type { BirthContext } from '../model/step.ts';
import type { Scope, Value } from '../model/value.ts';
import type { Json, JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { SKIPPED } from './knowledge.ts';
import type { ApplyMove, Charge } from './next.ts';
import { itemsKnown } from './walk.ts';
import type { Stop, Walked } from './walked.ts';
import { hostsLeft } from './waves.ts';

export type Examined =
  | { readonly is: 'record'; readonly event: Law }
  | { readonly is: 'move'; readonly move: ApplyMove };

export interface Turn {
  readonly charge: Charge;
  readonly ground: Ground;
  readonly state: RunState;
  readonly wave: WaveState;
  /** How far the host has come whose turn it is. */
  readonly walked: Walked;
  readonly host: HostName;
}

type StopAt<K extends Stop['is']> = Extract<Stop, { readonly is: K }>;
type TaskStop = StopAt<'task'>;
type BegunStop = StopAt<'begun'>;

export function examine(turn: Turn, stop: Stop): Examined {
  switch (stop.is) {
    case 'block':
      return examineBlock(turn, stop);
    case 'rounds':
      return examineRounds(turn, stop);
    case 'end':
      return examineEnd(turn, stop);
    case 'task':
      return examineTask(turn, stop);
    case 'begun':
      return { is: 'move', move: again(turn, stop) };
    default:
      return never(stop);
  }
}

function examineBlock(turn: Turn, { block, id }: StopAt<'block'>): Examined {
  const lane: Lane = { is: 'host', host: turn.host };
  const asked = allHold(block.when, insideOf(turn, block), turn.ground.evaluate);
  if (asked.is === 'got' && asked.value) return record({ type: 'block-entered', task: id, lane });
  if (asked.is === 'got') return record({ type: 'task-skipped', task: id, lane, why: 'when' });
  return unasked(turn, nothingDone(turn, 'block', id, lane), 'when', asked);
}

/** A condition that doesn't speak of the item is asked once, for all rounds. */
function examineRounds(turn: Turn, { block, id }: StopAt<'rounds'>): Examined {
  const lane: Lane = { is: 'host', host: turn.host };
  if (block.loop === null) throw new Error(`${block.id} has no loop`);
  const { evaluate } = turn.ground;
  const scope = insideOf(turn, block);
  const asked = allHold(block.when, scope, evaluate);
  if (asked.is === 'got' && !asked.value) return record({ type: 'task-skipped', task: id, lane, why: 'when' });
  const items = itemsOf(block.loop.over, scope, evaluate);
  if (items.is === 'got') {
    const veiled = veiledAt(scope, turn.walked.standing, null);
    const hidden = isHiddenList(turn, { over: block.loop.over, items: items.value, veiled });
    return record({ type: 'loop-fixed', task: id, lane, items: items.value, hidden });
  }
  return unasked(turn, nothingDone(turn, 'block', id, lane), 'loop', items);
}

interface List {
  readonly over: Value;
  readonly items: readonly Json[];
  readonly veiled: Scope | null;
}

const isHiddenList = ({ ground }: Turn, { over, items, veiled }: List): boolean =>
  holdsSecret([...items], secretsOf(ground)) || flowsHidden(over, veiled, ground.evaluate);

function examineEnd(turn: Turn, { end, id, lane }: StopAt<'end'>): Examined {
  const scope = scopeAt(turn.ground, turn.walked.standing, null, null);
  const asked = allHold(end.when, scope, turn.ground.evaluate);
  if (asked.is === 'got' && asked.value) return record({ type: 'block-entered', task: id, lane });
  if (asked.is === 'got') return record({ type: 'task-skipped', task: id, lane, why: 'when' });
  return unasked(turn, nothingDone(turn, 'meta', id, lane), 'when', asked);
}

function insideOf({ ground, walked }: Turn, block: BlockEntry): Scope {
  return scopeAt(ground, entered(walked.standing, block), null, null);
}

/** Under whose id a condition or a list fails that belongs to no single task. */
function nothingDone(turn: Turn, what: string, id: TaskId, lane: Lane): Action {
  return {
    ...{ id: actionId(id, null, lane), task: id, lane, on: turn.host, step: stepName(what), args: {} },
    ...{ become: { method: 'none', user: '' }, environment: {}, limitMs: null, hidden: false },
  };
}

function examineTask(turn: Turn, stop: TaskStop): Examined {
  const { task, item } = stop;
  if (task.gate === 'soak' && (turn.state.check || hostsLeft(turn.state, turn.walked.standing.play).length === 0))
    return record({ type: 'task-skipped', task: stop.id, lane: stop.lane, why: 'no wave follows' });
  if (turn.walked.is === 'at' && turn.walked.undecided !== null)
    return undecided(stillborn(cradleOf(turn, stop, null)), turn.walked.undecided);
  if (task.loop === null) return examineOne(turn, stop, null);
  // A condition that doesn't speak of the item is asked once, for all of them.
  if (item === null || item === 0) {
    const asked = allHold(task.when, scopeOf(turn, stop, null), turn.ground.evaluate);
    if (asked.is === 'got' && !asked.value) return skip(stop);
  }
  if (item === null) return fixLoop(turn, stop);
  const lane = turn.state.lanes.get(laneName(stop.lane)) ?? untouched(stop.lane);
  const value = itemsKnown(task.loop, lane, stop.id)?.[item] ?? null;
  return examineOne(turn, stop, { loop: task.loop, index: item, value, hidden: lane.hiddenLoops.includes(stop.id) });
}

function fixLoop(turn: Turn, stop: TaskStop): Examined {
  const { task, id, lane } = stop;
  if (task.loop === null) throw new Error(`${task.id} has no loop`);
  const scope = scopeOf(turn, stop, null);
  const items = itemsOf(task.loop.over, scope, turn.ground.evaluate);
  if (items.is === 'got') {
    const veiled = veiledAt(scope, turn.walked.standing, null);
    const hidden = task.hidden || isHiddenList(turn, { over: task.loop.over, items: items.value, veiled });
    return record({ type: 'loop-fixed', task: id, lane, items: items.value, hidden });
  }
  return unasked(turn, stillborn(cradleOf(turn, stop, null)), 'loop', items);
}

function examineOne(turn: Turn, stop: TaskStop, item: Item | null): Examined {
  const { task } = stop;
  const cradle = cradleOf(turn, stop, item);
  const asked = allHold(task.when, cradle.scope, cradle.evaluate);
  if (asked.is !== 'got') return unasked(turn, stillborn(cradle), 'when', asked);
  if (!asked.value && item === null) return skip(stop);
  if (!asked.value) return record(ended(stillborn(cradle), { outcome: 'unchanged', why: 'when', result: SKIPPED }));
  const baby = born(cradle);
  if (baby.is !== 'got') return unasked(turn, stillborn(cradle), null, baby);
  const { action, undo } = baby.value;
  if (turn.charge.plan.hosts[action.on] === undefined)
    return failed(stillborn(cradle), `delegate_to: the inventory has no host ${action.on}`);
  const step = turn.charge.catalogue.get(task.step);
  if (step === null) throw new Error(`born without a step: ${task.step}`);
  const move: ApplyMove = {
    ...{ is: 'apply', lane: stop.lane, action, task, scope: cradle.scope, undo, resumed: false, lookOnly: false },
    undoAfter: step.undoNeeds.length === 0 ? [] : undoAfter(step, owing(turn.state, stop.lane)),
    ...foresight(turn),
    pauseMs: item !== null && item.index > 0 ? item.loop.pauseMs : 0,
  };
  return { is: 'move', move };
}

/** After a crash: the same action, with everything as it was written down when it started. */
function again(turn: Turn, { task, lane, action, item }: BegunStop): ApplyMove {
  const laneState = turn.state.lanes.get(laneName(lane)) ?? untouched(lane);
  const { loop } = task;
  const valueOf = (index: number) => (loop === null ? null : itemsKnown(loop, laneState, action.action.task)?.[index]);
  const hidden = laneState.hiddenLoops.includes(action.action.task);
  const of = loop === null || item === null ? null : { loop, index: item, value: valueOf(item) ?? null, hidden };
  const scope = scopeAt(turn.ground, turn.walked.standing, task, of);
  const { undo, undoAfter: after } = action;
  return {
    ...{
      is: 'apply',
      lane,
      action: action.action,
      task,
      scope,
      undo,
      undoAfter: after,
      resumed: true,
      lookOnly: false,
    },
    ...foresight(turn),
    pauseMs: 0,
  };
}

const foresight = ({ walked }: Turn): Pick<ApplyMove, 'facts' | 'foreseen'> => ({
  facts: walked.standing.facts,
  foreseen: walked.foreseen,
});

function owing(state: RunState, lane: Lane) {
  const ids = state.lanes.get(laneName(lane))?.actions.values() ?? [];
  return ids.flatMap(id => {
    const action = state.actions.get(id);
    return action === undefined || action.undo.is === 'nothing' ? [] : [{ id, step: action.action.step }];
  });
}

const scopeOf = (turn: Turn, stop: TaskStop, item: Item | null): Scope =>
  scopeAt(turn.ground, turn.walked.standing, stop.task, item);

function cradleOf(turn: Turn, stop: TaskStop, item: Item | null): Cradle {
  const { charge, ground, host } = turn;
  const scope = scopeOf(turn, stop, item);
  return {
    ...{ task: stop.task, id: stop.id, item: item?.index ?? null, lane: stop.lane, home: host },
    ...{
      scope,
      veiled: veiledAt(scope, turn.walked.standing, item),
      evaluate: ground.evaluate,
      catalogue: charge.catalogue,
    },
    secrets: secretsOf(ground),
    context: on => contextOf(turn, on),
    become: on => charge.plan.hosts[on]?.connection.become ?? { method: 'none', user: '' },
  };
}

function contextOf({ ground, wave, walked, host }: Turn, on: HostName): BirthContext {
  const facts = on === host ? walked.standing.facts : (wave.facts[on] ?? null);
  const migrations = wave.plan?.migrations.filter(one => one.from === on) ?? [];
  const staying = wave.plan?.staying.filter(one => one.host === on) ?? [];
  const { play } = walked.standing;
  const reserve = (other: HostName): number | null => reserveBytes(ground, play, other);
  const named = (other: HostName): string | null => cpuClass(ground, play, other);
  const returns: BirthContext['returns'] = zone => ruleFor(ground.plan.zoneRules, zone)?.returns ?? null;
  const said = { reserveBytes: reserve, cpuClass: named, returns };
  return { host: on, facts, migrations, staying, fleet: wave.facts, ...said };
}

const record = (event: Law): Examined => ({ is: 'record', event });

const skip = ({ id, lane }: TaskStop): Examined => record({ type: 'task-skipped', task: id, lane, why: 'when' });

interface Over {
  readonly outcome: 'unchanged' | 'failed' | 'would-change';
  readonly why: string;
  readonly result: JsonObject;
}

function ended(action: Action, over: Over): Law {
  return { type: 'action-ended', action: action.id, born: action, hidden: action.hidden, ...over };
}

function failed(action: Action, why: string): Examined {
  const result = { changed: false, failed: true, skipped: false, message: why };
  return record(ended(action, { outcome: 'failed', why, result }));
}

/**
 * A condition, a list or an argument that can't be computed. Under --check that is no failure where it rests on what a
 * task only foresaw: nobody can know it yet.
 */
function unasked(turn: Turn, action: Action, what: 'when' | 'loop' | null, why: Unborn): Examined {
  const said = what === null ? '' : `${what}: `;
  const waits = why.is === 'later' && isForeseen(turn, why.after);
  if (waits && turn.state.check) return undecided(action, `${said}known after ${why.after.join(', ')}`);
  const only = waits ? `rests on ${why.after.join(', ')}, which only said what it would do` : inWords(why);
  return failed(action, `${said}${only}`);
}

function isForeseen({ walked }: Turn, after: readonly TaskId[]): boolean {
  const known = awaited(walked.standing.results);
  return after.some(task => known.has(task));
}

/** A block does nothing itself: what is in it is told one by one. */
function undecided(action: Action, why: string): Examined {
  const outcome = action.step === 'block' ? 'unchanged' : 'would-change';
  return record(ended(action, { outcome, why, result: UNDECIDED }));
}

function inWords(unborn: Unborn): string {
  switch (unborn.is) {
    case 'later':
      return `rests on ${unborn.after.join(', ')}, which has not run on this host`;
    case 'at-start':
      return `${unborn.name} was not given at the start`;
    case 'problem':
      return unborn.message;
    default:
      return never(unborn);
  }
}
