// What is foreseen of a host at a point of its way: how it will be by then, what its tasks will have taught it, and what
// was foreseen up to there. A value: each task makes a new one.
import type { Around } from '../../model/around.ts';
import type { Got } from '../../model/birth.ts';
import type { Facts } from '../../model/facts.ts';
import { laterNames, laterValue } from '../../model/foreseen-result.ts';
import { type HostName, inRound, type TaskId } from '../../model/ids.ts';
import type { Forecast } from '../../model/plan.ts';
import type { BlockEntry, EndEntry, TaskEntry } from '../../model/program.ts';
import { type Item, scopeAt } from '../../model/scope.ts';
import { known, layerOf, type Layer, type Scope, type Value } from '../../model/value.ts';
import { isObject, type JsonObject } from '../../text/json.ts';
import type { Way } from './host-way.ts';
import { both, type Whether } from './whether.ts';

export interface Outlook extends Around {
  /** As the host will be by then: what steps foresee with. */
  readonly facts: Facts | null;
  /** As the run will have observed them: what expressions and births see. A change is not seen before it is looked at. */
  readonly told: Facts | null;
  readonly results: Layer;
  /** Of the loops around, as in the ids of a run. */
  readonly round: string;
  /** Of the blocks around: `later` marks everything inside. */
  readonly when: Whether;
  /** `no` behind an end of the play that is certain, `later` behind one that isn't. */
  readonly over: Whether;
  readonly seen: readonly Forecast[];
  readonly problems: readonly Problem[];
  readonly took: readonly string[];
}

type Flawed = TaskEntry | BlockEntry | EndEntry;

/** Something that will go wrong for certain, if its task is reached: known before anything is touched. */
export interface Problem {
  readonly task: Flawed;
  readonly host: HostName;
  readonly message: string;
}

export const SKIPPED: JsonObject = { skipped: true, changed: false, failed: false };

export const idOf = (here: Outlook, task: TaskEntry): TaskId => inRound(task.id, here.round);

/** Whether the host comes there at all. */
export const reached = (here: Outlook): Whether => both(here.when, here.over);

/** What a task's expressions see there; the conditions of a block are asked without a task. */
export function scopeOf(way: Way, here: Outlook, task: TaskEntry | null, item: Item | null): Scope {
  const { params, blocks, defaults, told: facts, results } = here;
  const standing = { params, blocks, defaults, host: way.host, play: way.play, facts, results, failed: null };
  return scopeAt(way.ground, standing, task, item);
}

export function withProblem(way: Way, here: Outlook, task: Flawed, got: Got<unknown>): Outlook {
  if (got.is !== 'problem' || reached(here).is === 'no') return here;
  return { ...here, problems: [...here.problems, { task, host: way.host, message: got.message }] };
}

/** @param result null: known only when the task has run; until then the name stands for something later. */
export function registered(here: Outlook, task: TaskEntry, result: JsonObject | null): Outlook {
  if (task.register === null) return here;
  const value = result === null ? laterValue(task, task.register) : foreseen(task, result);
  return { ...here, results: { ...here.results, [task.register]: value } };
}

/** Names that the task itself gives (set_fact, include_vars); when its result isn't known, what it names is known only later. */
export function given(here: Outlook, task: TaskEntry, result: JsonObject | null): Outlook {
  const variables = result?.variables;
  if (isObject(variables)) return { ...here, results: { ...here.results, ...layerOf(variables) } };
  return { ...here, results: { ...here.results, ...laterNames(task) } };
}

/** Of a task that is skipped all is known; what a step foresees of its result needn't be all of it. */
const foreseen = (task: TaskEntry, result: JsonObject): Value =>
  result === SKIPPED ? known(result) : { is: 'foreseen', json: result, after: [task.id] };
