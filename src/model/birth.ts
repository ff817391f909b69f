// How an action comes to be: its conditions asked, its arguments final, its undo (where the playbook gives one) and
// what that undo waits for. Pure, and used by the forecast and by the run: the same words in, the same action out.
import { isArray, type Json, type JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import type { Action, Undo } from './action.ts';
import { type ActionId, actionId, type HostName, hostName, type Lane, type StepName, type TaskId } from './ids.ts';
import type { Args, Become, Call, TaskEntry } from './program.ts';
import { holdsSecret } from './scope.ts';
import { secretArgumentsOf } from './secret-arguments.ts';
import type { BirthContext, Catalogue, Step } from './step.ts';
import { type Evaluate, holdsHidden, type Scope, type Value } from './value.ts';

/** Not to be had yet, or never. At run time each of them is a failure of the task; the plan shows the first two as known later. */
export type Unborn =
  | { readonly is: 'later'; readonly after: readonly TaskId[] }
  | { readonly is: 'at-start'; readonly name: string }
  | { readonly is: 'problem'; readonly message: string };

export type Got<T> = { readonly is: 'got'; readonly value: T } | Unborn;

const got = <T>(value: T): Got<T> => ({ is: 'got', value });
const problem = (message: string): Unborn => ({ is: 'problem', message });

export function valueOf(value: Value, scope: Scope, evaluate: Evaluate): Got<Json> {
  const found = evaluate(value, scope);
  switch (found.is) {
    case 'value':
      return got(found.json);
    case 'at-start':
    case 'later':
      return found;
    case 'problem':
      return problem(found.message);
    default:
      return never(found);
  }
}

/** All conditions hold: a list means AND, asked in order up to the first that doesn't. */
export function allHold(conditions: readonly Value[], scope: Scope, evaluate: Evaluate): Got<boolean> {
  for (const condition of conditions) {
    const found = valueOf(condition, scope, evaluate);
    if (found.is !== 'got') return found;
    if (typeof found.value !== 'boolean') return problem(`a condition is yes or no, not ${told(found.value, scope)}`);
    if (!found.value) return got(false);
  }
  return got(true);
}

export function itemsOf(over: Value, scope: Scope, evaluate: Evaluate): Got<readonly Json[]> {
  const found = valueOf(over, scope, evaluate);
  if (found.is !== 'got') return found;
  if (!isArray(found.value)) return problem(`a loop goes over a list, not ${told(found.value, scope)}`);
  return got(found.value);
}

/** As it is, unless it may be made of what nobody may read. */
function told(json: Json, { layers }: Scope): string {
  if (!layers.some(holdsHidden)) return JSON.stringify(json);
  return isArray(json) ? 'a list' : json === null ? 'nothing' : `a hidden ${typeof json}`;
}

/** What this and the schema make of the arguments, in the order they are written. */
function argsOf(args: Args, scope: Scope, evaluate: Evaluate): Got<JsonObject> {
  const json: (readonly [string, Json])[] = [];
  for (const [name, value] of Object.entries(args)) {
    const found = valueOf(value, scope, evaluate);
    if (found.is !== 'got') return found.is === 'problem' ? problem(`${name}: ${found.message}`) : found;
    json.push([name, found.value]);
  }
  return got(Object.fromEntries(json));
}

export interface Cradle {
  readonly task: TaskEntry;
  /** Differs from the task's own for a run of a handler. */
  readonly id: TaskId;
  readonly item: number | null;
  readonly lane: Lane;
  /** The host it happens on when it isn't delegated. */
  readonly home: HostName;
  readonly scope: Scope;
  /** The same without what nobody may read; null: it holds nothing of that kind. */
  readonly veiled: Scope | null;
  readonly evaluate: Evaluate;
  readonly catalogue: Catalogue;
  /** Texts that nothing may show: an action that holds one is hidden. */
  readonly secrets: readonly string[];
  readonly context: (on: HostName) => BirthContext;
  /** What a host's connection says, for a task that says nothing. */
  readonly become: (on: HostName) => Become;
}

export interface Born {
  readonly action: Action;
  /** From the task's own `undo:`; null means the step knows. */
  readonly undo: Undo | null;
}

export function born(cradle: Cradle): Got<Born> {
  const { task } = cradle;
  const on = hostOf(cradle);
  if (on.is !== 'got') return on;
  const args = finalArgs(cradle, task, on.value);
  if (args.is !== 'got') return args;
  const environment = environmentOf(cradle);
  if (environment.is !== 'got') return environment;
  const undo = task.undo === null ? got(null) : undoOf(cradle, task.undo, on.value);
  if (undo.is !== 'got') return undo;
  const named = nameOf(cradle, on.value);
  const given = [args.value, environment.value, ...argumentsOf(undo.value)];
  const hidden = named.hidden || holdsSecret(given, cradle.secrets) || isGivenHidden(cradle);
  const action = { ...named, hidden, args: args.value, environment: environment.value };
  return got({ action, undo: undo.value });
}

/** Something that nobody may read flows into what it is given. Asked of what has a value already. */
function isGivenHidden({ task, veiled, evaluate }: Cradle): boolean {
  const calls = [task.args, task.environment, ...(task.undo ?? []).map(({ args }) => args)];
  return calls.some(args => Object.values(args).some(value => flowsHidden(value, veiled, evaluate)));
}

/** @param veiled the scope in which it has a value, without what nobody may read. */
export const flowsHidden = (value: Value, veiled: Scope | null, evaluate: Evaluate): boolean =>
  veiled !== null && evaluate(value, veiled).is !== 'value';

/** They stand in the journal as those of the action itself do. */
const argumentsOf = (undo: Undo | null): readonly JsonObject[] =>
  undo?.is === 'steps' ? undo.steps.map(({ args }) => args) : [];

/** An action that couldn't be born, as the journal names it: without arguments. */
export function stillborn(cradle: Cradle): Action {
  return { ...nameOf(cradle, cradle.home), args: {}, environment: {} };
}

/** What the undo of a new action of this step waits for: earlier actions of the lane whose steps it needs undone first. */
export function undoAfter(
  step: Step,
  earlier: readonly { readonly id: ActionId; readonly step: StepName }[],
): readonly ActionId[] {
  return earlier.filter(action => step.undoNeeds.includes(action.step)).map(action => action.id);
}

function nameOf(cradle: Cradle, on: HostName): Omit<Action, 'args' | 'environment'> {
  const { task, id, item, lane } = cradle;
  const { step, timeoutMs: limitMs } = task;
  const hidden = task.hidden || secretArgumentsOf(step).length > 0;
  const become = task.become ?? cradle.become(on);
  return { id: actionId(id, item, lane), task: id, lane, on, step, become, limitMs, hidden };
}

function hostOf({ task, home, scope, evaluate }: Cradle): Got<HostName> {
  if (task.on === null) return got(home);
  const found = valueOf(task.on, scope, evaluate);
  if (found.is !== 'got') return found;
  if (typeof found.value === 'string') return got(hostName(found.value));
  return problem(`delegate_to: ${told(found.value, scope)} is not the name of a host`);
}

function finalArgs(cradle: Cradle, call: Call, on: HostName): Got<JsonObject> {
  const step = cradle.catalogue.get(call.step);
  if (step === null) return problem(`no step is called ${call.step}`);
  const args = checkedArgs(cradle, step, call.args);
  return args.is === 'got' ? got(step.born(args.value, cradle.context(on))) : args;
}

const checkedBefore = new WeakMap<Step, WeakMap<Args, Got<JsonObject>>>();

/** What rests on nothing is the same on every host, and checked once. */
function checkedArgs(cradle: Cradle, step: Step, args: Args): Got<JsonObject> {
  if (!Object.values(args).every(value => value.is === 'known')) return checkedNow(cradle, step, args);
  const known = checkedBefore.get(step) ?? new WeakMap<Args, Got<JsonObject>>();
  checkedBefore.set(step, known);
  const checked = known.get(args) ?? checkedNow(cradle, step, args);
  known.set(args, checked);
  return checked;
}

function checkedNow({ scope, evaluate }: Cradle, step: Step, given: Args): Got<JsonObject> {
  const args = argsOf(given, scope, evaluate);
  if (args.is !== 'got') return args;
  const parsed = step.args().safeParse(args.value);
  if (parsed.success) return got(parsed.data);
  const wrong = parsed.error.issues.map(issue => `${[step.name, ...issue.path].join('.')}: ${issue.message}`);
  return problem(wrong.join('; '));
}

function environmentOf({ task, scope, evaluate }: Cradle): Got<Readonly<Record<string, string>>> {
  const values = argsOf(task.environment, scope, evaluate);
  if (values.is !== 'got') return values;
  const texts = Object.entries(values.value).map(([name, value]) => {
    return [name, typeof value === 'string' ? value : JSON.stringify(value)] as const;
  });
  return got(Object.fromEntries(texts));
}

function undoOf(cradle: Cradle, calls: readonly Call[], on: HostName): Got<Undo> {
  const steps: { step: StepName; args: JsonObject }[] = [];
  for (const call of calls) {
    const args = finalArgs(cradle, call, on);
    if (args.is !== 'got') return args.is === 'problem' ? problem(`undo: ${args.message}`) : args;
    steps.push({ step: call.step, args: args.value });
  }
  return got<Undo>({ is: 'steps', steps });
}
