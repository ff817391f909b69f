// One line of the forecast: what is told of a task, or of one item of its loop, with its arguments as far as they are known.
import { type Got, type Unborn, valueOf } from '../../model/birth.ts';
import { type HostName, hostName, type TaskId } from '../../model/ids.ts';
import type { Forecast, Foreseen } from '../../model/plan.ts';
import type { TaskEntry } from '../../model/program.ts';
import type { Item } from '../../model/scope.ts';
import { secretArgumentsOf } from '../../model/secret-arguments.ts';
import type { Step } from '../../model/step.ts';
import { type Evaluate, hidden, known, layerOf, type Layer, type Scope, type Value } from '../../model/value.ts';
import type { JsonObject } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { named, stepOf, type Way } from './host-way.ts';
import type { Whether } from './whether.ts';

/** A task, or one item of its loop, when its turn comes. */
export interface Turn {
  readonly task: TaskEntry;
  /** Differs from the task's own in a round of a loop around it. */
  readonly id: TaskId;
  readonly when: Whether;
  /** null: the whole task. */
  readonly item: Item | null;
  readonly scope: Scope;
}

export function actionLine(way: Way, turn: Turn, args: Got<JsonObject>, foreseen: Foreseen): Forecast {
  const { task, id, when, item, scope } = turn;
  return {
    ...named(way, task, id, item),
    on: placeOf(way, task, scope),
    when,
    args: shown(task, args.is === 'got' ? layerOf(args.value) : partlyKnown(task.args, scope, way.ground.evaluate)),
    expects: foreseen.is,
    text: textOf(stepOf(way, task), args, foreseen),
    wayBack: task.undo === null ? '' : task.undo.map(call => call.step).join(', '),
  };
}

/** What is a secret by what it is stands in no line of a plan. */
function shown({ step }: TaskEntry, args: Layer): Layer {
  const secret = secretArgumentsOf(step).filter(name => Object.hasOwn(args, name));
  return secret.length === 0 ? args : { ...args, ...Object.fromEntries(secret.map(name => [name, hidden(null)])) };
}

/** A loop over a list that nobody knows yet. */
export function loopLine(way: Way, { task, id, when, scope }: Turn, why: Unborn): Forecast {
  const text = `for each item of a list: ${whyUnborn(why)}`;
  const on = placeOf(way, task, scope);
  return { ...named(way, task, id, null), on, when, args: {}, expects: 'unknown', text, wayBack: '' };
}

export function skippedLine(way: Way, task: TaskEntry, id: TaskId, item: Item | null): Forecast {
  const nothing = { args: {}, expects: 'nothing', text: 'skipped', wayBack: '' } as const;
  return { ...named(way, task, id, item), on: way.host, when: { is: 'no' }, ...nothing };
}

/** Where it will happen, as far as that is known. */
function placeOf(way: Way, task: TaskEntry, scope: Scope): HostName | null {
  if (task.on === null) return way.host;
  const found = valueOf(task.on, scope, way.ground.evaluate);
  return found.is === 'got' && typeof found.value === 'string' ? hostName(found.value) : null;
}

function partlyKnown(args: TaskEntry['args'], scope: Scope, evaluate: Evaluate): Layer {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const found = valueOf(value, scope, evaluate);
      return [name, found.is === 'got' ? known(found.value) : laterValue(name, value, found)];
    }),
  );
}

function laterValue(name: string, value: Value, why: Unborn): Value {
  if (value.is !== 'expression') return value;
  if (why.is === 'at-start') return { is: 'at-start', name: why.name, at: value.at };
  return { is: 'later', source: name, after: why.is === 'later' ? why.after : [], at: value.at };
}

function textOf(step: Step, args: Got<JsonObject>, foreseen: Foreseen): string {
  switch (foreseen.is) {
    case 'change':
      return foreseen.text;
    case 'nothing':
      return args.is === 'got' ? step.say(args.value) : '';
    case 'unknown':
      return args.is === 'got' ? `${step.say(args.value)} (${foreseen.why})` : foreseen.why;
    default:
      return never(foreseen);
  }
}

export function whyUnborn(why: Unborn): string {
  switch (why.is) {
    case 'later':
      return `known after ${why.after.join(', ') || 'the task runs'}`;
    case 'at-start':
      return 'known at start';
    case 'problem':
      return why.message;
    default:
      return never(why);
  }
}
