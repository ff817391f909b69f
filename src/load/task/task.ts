// One task: its words besides the step, read into an entry of the program. What blocks and plays hand down is mixed in.
import type { TaskId } from '../../model/ids.ts';
import type { TaskEntry } from '../../model/program.ts';
import { cyclesIn } from '../expression/cycles.ts';
import { ANY, resultShape } from '../expression/shape.ts';
import { layerOf, nameProblem, varsOf } from '../expression/variables.ts';
import { fixedTextAt } from '../playbook/fixed-text.ts';
import { asTask, handedDown } from '../playbook/handed-down.ts';
import { complain, give, type Here, notingLazily, type Reading, textAt, textsAt } from '../playbook/reading.ts';
import { checkKeys } from '../playbook/wrong-keys.ts';
import type { Place } from '../tables/keys.ts';
import { type MapNode, pairOf } from '../yaml/node.ts';
import { attemptsOf } from './attempts.ts';
import { type ReadCall, readCall, stepPairs } from './call.ts';
import { conditionsAt } from './conditions.ts';
import { loopAt, namesInControl } from './loop.ts';
import { undoOf } from './undo.ts';

export interface ReadTask {
  readonly entry: TaskEntry;
  readonly call: ReadCall;
}

export interface TaskPlace {
  readonly map: MapNode;
  readonly id: TaskId;
  readonly place: Extract<Place, 'task' | 'handler'>;
}

export async function readTask(reading: Reading, above: Here, { map, id, place }: TaskPlace): Promise<ReadTask | null> {
  checkKeys(reading, map, place, stepPairs(map));
  const looping = loopAt(reading, above, map);
  const here = inside(reading, { ...above, local: [...above.local, ...looping.names] }, map);
  const call = await readCall(reading, here, map);
  const register = registerOf(reading, here, map);
  const when = conditionsAt(reading, here, pairOf(map, 'when')) ?? [];
  if (call?.step.name === 'set_fact') checkNames(reading, call);
  giveNames(here, map, { call, register, looped: looping.names.length > 0 });
  if (call === null) return null;
  const entry: TaskEntry = {
    is: 'task',
    id,
    name: fixedTextAt(reading, here, map, 'name') ?? call.step.name,
    at: call.pair.keySpan,
    step: call.step.name,
    args: call.args,
    when,
    loop: looping.of(here),
    register,
    attempts: attemptsOf(reading, here, map),
    changedWhen: conditionsAt(reading, here, pairOf(map, 'changed_when')),
    failedWhen: conditionsAt(reading, here, pairOf(map, 'failed_when')),
    ...asTask(here.down),
    listen: textsAt(reading, map, 'listen').map(one => one.text),
    vars: { ...call.vars, ...here.layers[0] },
    undo: await undoOf(reading, here, map, register),
  };
  return { entry, call };
}

interface Gives {
  readonly call: ReadCall | null;
  readonly register: string | null;
  readonly looped: boolean;
}

/** The names of facts are its arguments. */
function checkNames(reading: Reading, { pair: { value } }: ReadCall): void {
  for (const { key, keySpan } of value.is === 'map' ? value.pairs : []) {
    const wrong = nameProblem(key, keySpan);
    if (wrong !== null) complain(reading, wrong);
  }
}

/** A name counts even when its step is unknown: its uses are no second mistake. */
function giveNames(here: Here, map: MapNode, { call, register, looped }: Gives): void {
  const at = pairOf(map, 'register')?.value.span ?? map.span;
  if (register !== null)
    give(here.play, register, { at, shape: call === null ? ANY : resultShape(call.step.returns(), looped) });
  if (call === null) return;
  for (const name of call.names) give(here.play, name, { at: call.pair.keySpan, shape: ANY });
}

/** What holds inside a task or block: what is above, and what it says itself. */
export function inside(reading: Reading, above: Here, map: MapNode): Here {
  const vars = pairOf(map, 'vars')?.value;
  const names = vars?.is === 'map' ? vars.pairs.map(pair => pair.key) : [];
  const here: Here = { ...above, local: [...above.local, ...names, ...itemsOfNoLoop(map)] };
  const layer = notingLazily(reading, here, notes => layerOf(varsOf(here.source, vars ?? null, notes)));
  reading.found.push(...cyclesIn(layer));
  const within: Here = { ...here, layers: [layer, ...above.layers] };
  return { ...within, down: handedDown(reading, within, map) };
}

/** A loop that is written otherwise here, or where there is none, is told once: what it calls its items is no second mistake. */
function itemsOfNoLoop(map: MapNode): readonly string[] {
  const older = map.pairs.some(pair => pair.key.startsWith('with_'));
  const none = ['block', 'import_tasks', 'import_role', 'role'].some(key => pairOf(map, key) !== null);
  if (!older && !(none && pairOf(map, 'loop') !== null)) return [];
  return ['item', ...namesInControl(map)];
}

function registerOf(reading: Reading, here: Here, map: MapNode): string | null {
  const name = textAt(reading, map, 'register');
  const at = pairOf(map, 'register')?.value.span;
  if (name === null || at === undefined) return null;
  const wrong = nameProblem(name, at);
  if (wrong === null) return name;
  complain(reading, wrong);
  give(here.play, name, { at, shape: ANY });
  return null;
}
