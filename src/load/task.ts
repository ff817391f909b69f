// One task: its words besides the step, read into an entry of the program. What blocks and plays hand down is mixed in.
import type { TaskId } from '../model/ids.ts';
import type { Attempts, Call, Loop, TaskEntry } from '../model/program.ts';
import { known, type Layer, type Value } from '../model/value.ts';
import { problem } from '../text/diagnostic.ts';
import { durationMs } from '../text/duration.ts';
import { becomeOf, becomeSaid } from './become.ts';
import { type ReadCall, readCall, stepPairs } from './call.ts';
import { cyclesIn } from './cycles.ts';
import { kindOf, type MapNode, type Node, type Pair, pairOf } from './node.ts';
import {
  complain,
  give,
  notingLazily,
  type Here,
  listAt,
  noting,
  type Reading,
  textAt,
  textsAt,
  truthAt,
  wrongType,
} from './reading.ts';
import { ANY, resultShape } from './shape.ts';
import { valueOf } from './values.ts';
import { layerOf, nameProblem, varsOf } from './variables.ts';
import { checkKeys } from './wrong-keys.ts';

export interface ReadTask {
  readonly entry: TaskEntry;
  readonly call: ReadCall;
}

export async function readTask(reading: Reading, above: Here, map: MapNode, id: TaskId): Promise<ReadTask | null> {
  const steps = stepPairs(map);
  checkKeys(reading, map, 'task', steps);
  const control = loopControl(reading, pairOf(map, 'loop_control'));
  const looping = pairOf(map, 'loop');
  const loopNames = looping === null ? [] : [control.variable, ...(control.index === null ? [] : [control.index])];
  const here = inside(reading, { ...above, local: [...above.local, ...loopNames] }, map);
  const call = await readCall(reading, here, map);
  const register = registerOf(reading, map);
  const when = conditionsAt(reading, here, pairOf(map, 'when')) ?? [];
  giveNames(here, map, { call, register, looped: looping !== null });
  if (call === null) return null;
  const loop = looping === null ? null : loopOf(reading, { above, here }, looping, control);
  if (looping === null && control.at !== null)
    complain(reading, problem('missing-key', control.at, '"loop_control" stands without "loop"'));
  const entry: TaskEntry = {
    is: 'task',
    id,
    name: textAt(reading, map, 'name') ?? call.step.name,
    at: call.pair.keySpan,
    step: call.step.name,
    args: call.args,
    when,
    loop,
    register,
    attempts: attemptsOf(reading, here, map),
    changedWhen: conditionsAt(reading, here, pairOf(map, 'changed_when')),
    failedWhen: conditionsAt(reading, here, pairOf(map, 'failed_when')),
    ...handedDown(here),
    ignoreUnreachable: false,
    notify: notified(reading, here, map),
    listen: textsAt(reading, map, 'listen').map(one => one.text),
    vars: varsAt(reading, here, map),
    environment: {},
    once: 'no',
    on: null,
    throttle: null,
    timeoutMs: durationAt(reading, map, 'timeout'),
    undo: await undoOf(reading, here, map, register),
    checkMode: null,
  };
  return { entry, call };
}

interface Gives {
  readonly call: ReadCall | null;
  readonly register: string | null;
  readonly looped: boolean;
}

/** A name counts even when its step is unknown: its uses are no second mistake. */
function giveNames(here: Here, map: MapNode, { call, register, looped }: Gives): void {
  const at = pairOf(map, 'register')?.value.span ?? map.span;
  if (register !== null)
    give(here.play, register, { at, shape: call === null ? ANY : resultShape(call.step.returns, looped) });
  if (call?.step.name !== 'set_fact') return;
  for (const name of Object.keys(call.args)) give(here.play, name, { at: call.pair.keySpan, shape: ANY });
}

/** What holds inside a task or block: what is above, and what it says itself. */
export function inside(reading: Reading, above: Here, map: MapNode): Here {
  const vars = pairOf(map, 'vars')?.value;
  const names = vars?.is === 'map' ? vars.pairs.map(pair => pair.key) : [];
  const here: Here = {
    ...above,
    local: [...above.local, ...names],
    become: becomeSaid(reading, map, above.become),
    tags: [...new Set([...above.tags, ...textsAt(reading, map, 'tags', true).map(one => one.text)])],
    hidden: truthAt(reading, map, 'no_log') ?? above.hidden,
  };
  return { ...here, ignoreErrors: ignoreErrorsOf(reading, here, map) ?? above.ignoreErrors };
}

function handedDown(here: Here): Pick<TaskEntry, 'ignoreErrors' | 'tags' | 'become' | 'hidden'> {
  return { ignoreErrors: here.ignoreErrors, tags: here.tags, become: becomeOf(here.become), hidden: here.hidden };
}

export function varsAt(reading: Reading, here: Here, map: MapNode): Layer {
  const vars = pairOf(map, 'vars')?.value ?? null;
  const layer = notingLazily(reading, here, notes => layerOf(varsOf(here.source, vars, notes)));
  reading.found.push(...cyclesIn(layer));
  return layer;
}

export function conditionsAt(reading: Reading, here: Here, pair: Pair | null): readonly Value[] | null {
  if (pair === null) return null;
  const items = pair.value.is === 'list' ? pair.value.items : [pair.value];
  return noting(reading, here, notes => items.map(item => valueOf(here.source, item, 'condition', notes)));
}

function ignoreErrorsOf(reading: Reading, here: Here, map: MapNode): Value | null {
  const node = pairOf(map, 'ignore_errors')?.value;
  if (node === undefined) return null;
  if (node.is !== 'scalar' || (typeof node.value !== 'boolean' && typeof node.value !== 'string')) {
    return wrongType(reading, node, '"ignore_errors" is yes or no');
  }
  const template = typeof node.value === 'string' && node.value.includes('{{');
  return noting(reading, here, notes => valueOf(here.source, node, template ? 'text' : 'condition', notes));
}

function registerOf(reading: Reading, map: MapNode): string | null {
  const name = textAt(reading, map, 'register');
  const at = pairOf(map, 'register')?.value.span;
  if (name === null || at === undefined) return null;
  const wrong = nameProblem(name, at);
  if (wrong !== null) complain(reading, wrong);
  return wrong === null ? name : null;
}

interface Control {
  readonly variable: string;
  readonly index: string | null;
  readonly label: Node | null;
  readonly pauseMs: number;
  readonly at: Pair['keySpan'] | null;
}

function loopControl(reading: Reading, pair: Pair | null): Control {
  const none: Control = { variable: 'item', index: null, label: null, pauseMs: 0, at: pair?.keySpan ?? null };
  if (pair === null) return none;
  const map = pair.value;
  if (map.is !== 'map') {
    wrongType(reading, map, '"loop_control" is a mapping');
    return none;
  }
  checkKeys(reading, map, 'loop_control');
  return {
    ...none,
    variable: textAt(reading, map, 'loop_var') ?? 'item',
    index: textAt(reading, map, 'index_var'),
    label: pairOf(map, 'label')?.value ?? null,
    pauseMs: durationAt(reading, map, 'pause') ?? 0,
  };
}

/** The list itself can't use the name of its items; the label can. */
function loopOf(
  reading: Reading,
  at: { readonly above: Here; readonly here: Here },
  pair: Pair,
  control: Control,
): Loop {
  const node = pair.value;
  const template = node.is === 'scalar' && typeof node.value === 'string' && node.value.includes('{{');
  if (node.is !== 'list' && !template) {
    const name =
      node.is === 'scalar' && /^[A-Za-z_][\w.]*$/.test(node.written)
        ? [`write "{{${node.written}}}" for the variable`]
        : [];
    wrongType(reading, node, '"loop" is a list, or a placeholder for one', ...name);
  }
  const label = control.label;
  return {
    over: noting(reading, at.above, notes => valueOf(at.here.source, node, 'text', notes)),
    variable: control.variable,
    index: control.index,
    label: label === null ? null : noting(reading, at.here, notes => valueOf(at.here.source, label, 'text', notes)),
    pauseMs: control.pauseMs,
  };
}

const RETRIES = 3;
const DELAY_MS = 5000;

/** As in Ansible: three retries five seconds apart, where only one of the words stands. */
function attemptsOf(reading: Reading, here: Here, map: MapNode): Attempts | null {
  const until = pairOf(map, 'until');
  const retries = pairOf(map, 'retries');
  if (until === null && retries === null) {
    const delay = pairOf(map, 'delay');
    if (delay !== null)
      complain(reading, problem('missing-key', delay.keySpan, '"delay" stands without "until" or "retries"'));
    return null;
  }
  const node = retries?.value;
  const fits =
    node === undefined ||
    (node.is === 'scalar' &&
      (typeof node.value === 'number'
        ? Number.isInteger(node.value) && node.value >= 0
        : typeof node.value === 'string' && node.value.includes('{{')));
  if (!fits) wrongType(reading, node, '"retries" is a whole number');
  return {
    until: conditionsAt(reading, here, until) ?? [],
    retries:
      node === undefined || !fits
        ? known(RETRIES)
        : noting(reading, here, notes => valueOf(here.source, node, 'text', notes)),
    delayMs: known(durationAt(reading, map, 'delay') ?? DELAY_MS),
    backoff: 1,
  };
}

function durationAt(reading: Reading, map: MapNode, key: string): number | null {
  const node = pairOf(map, key)?.value;
  if (node === undefined) return null;
  const ms =
    node.is === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'string')
      ? durationMs(node.value)
      : null;
  if (ms !== null) return ms;
  complain(
    reading,
    problem(
      'wrong-type',
      node.span,
      `"${key}" is a length of time, this is ${kindOf(node)}`,
      'write seconds, or 90s, 45m, 1h30m',
    ),
  );
  return null;
}

function notified(reading: Reading, here: Here, map: MapNode): readonly string[] {
  const names = textsAt(reading, map, 'notify');
  here.play.notified.push(...names.map(one => ({ name: one.text, at: one.at })));
  return names.map(one => one.text);
}

/** Tasks that put this one back: steps with arguments, nothing more. They are fixed before the task runs. */
async function undoOf(
  reading: Reading,
  here: Here,
  map: MapNode,
  register: string | null,
): Promise<readonly Call[] | null> {
  const pair = pairOf(map, 'undo');
  if (pair === null) return null;
  const items = pair.value.is === 'map' ? [pair.value] : listAt(reading, pair);
  const calls: Call[] = [];
  for (const item of items) {
    if (item.is !== 'map') {
      wrongType(reading, item, 'an undo is a step with its arguments');
      continue;
    }
    const steps = stepPairs(item);
    for (const part of item.pairs)
      if (!steps.includes(part) && part.key !== 'name')
        complain(
          reading,
          problem('bad-undo', part.keySpan, `an undo is a step with its arguments, "${part.key}" can't stand here`),
        );
    const before = here.play.uses.length;
    const call = await readCall(reading, here, item);
    if (call === null) continue;
    for (const use of here.play.uses.splice(before)) {
      if (register === null || use.path[0] !== register) here.play.uses.push(use);
      else
        complain(
          reading,
          problem('bad-undo', use.at, `the undo is fixed before the task runs: it can't know "${register}"`),
        );
    }
    calls.push({ step: call.step.name, args: call.args });
  }
  return calls;
}
