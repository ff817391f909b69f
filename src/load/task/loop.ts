// A loop of a task or an include: what it goes over, and what loop_control says of its items.
import type { Loop } from '../../model/program.ts';
import { problem } from '../../text/diagnostic.ts';
import { valueOf } from '../expression/values.ts';
import { nameProblem } from '../expression/variables.ts';
import { complain, durationAt, type Here, noting, type Reading, textAt, wrongType } from '../playbook/reading.ts';
import { checkKeys } from '../playbook/wrong-keys.ts';
import { type MapNode, type Node, type Pair, pairOf } from '../yaml/node.ts';

interface Control {
  readonly variable: string;
  readonly index: string | null;
  readonly label: Node | null;
  readonly pauseMs: number;
}

const USUAL: Control = { variable: 'item', index: null, label: null, pauseMs: 0 };

export interface Looping {
  /** What an item and its number are called inside. */
  readonly names: readonly string[];
  /** @param here inside the loop, where its label is read. */
  readonly of: (here: Here) => Loop | null;
}

/** @param above outside of the loop: the list itself can't use the name of its items. */
export function loopAt(reading: Reading, above: Here, map: MapNode): Looping {
  const control = controlOf(reading, pairOf(map, 'loop_control'));
  const pair = pairOf(map, 'loop');
  if (pair !== null) {
    // A name that can be no variable has been told, and its uses are no second mistake.
    const names = [control.variable, ...namesInControl(map)];
    return { names, of: here => loopOf(reading, { above, here }, pair, control) };
  }
  const alone = pairOf(map, 'loop_control');
  const older = map.pairs.some(one => one.key.startsWith('with_'));
  if (alone !== null && !older)
    complain(reading, problem('missing-key', alone.keySpan, '"loop_control" stands without "loop"'));
  return { names: [], of: () => null };
}

function controlOf(reading: Reading, pair: Pair | null): Control {
  if (pair === null) return USUAL;
  const map = pair.value;
  if (map.is !== 'map') {
    wrongType(reading, map, '"loop_control" is a mapping');
    return USUAL;
  }
  checkKeys(reading, map, 'loop_control');
  return {
    variable: nameAt(reading, map, 'loop_var') ?? 'item',
    index: nameAt(reading, map, 'index_var'),
    label: labelOf(reading, map),
    pauseMs: durationAt(reading, map, 'pause') ?? 0,
  };
}

function labelOf(reading: Reading, map: MapNode): Node | null {
  const label = pairOf(map, 'label')?.value ?? null;
  return label === null || label.is === 'scalar' ? label : wrongType(reading, label, '"label" is a text');
}

function nameAt(reading: Reading, map: MapNode, key: string): string | null {
  const name = textAt(reading, map, key);
  const at = pairOf(map, key)?.value.span;
  if (name === null || at === undefined || name === 'item') return name;
  const wrong = nameProblem(name, at);
  if (wrong !== null) complain(reading, wrong);
  return wrong === null ? name : null;
}

/** What loop_control calls the item and its number, as it is written. */
export function namesInControl(map: MapNode): readonly string[] {
  const control = pairOf(map, 'loop_control')?.value;
  return ['loop_var', 'index_var'].flatMap(key => {
    const name = control?.is === 'map' ? pairOf(control, key)?.value : undefined;
    return name?.is === 'scalar' ? [name.written] : [];
  });
}

interface Around {
  readonly above: Here;
  readonly here: Here;
}

function loopOf(reading: Reading, { above, here }: Around, pair: Pair, control: Control): Loop {
  const node = pair.value;
  const template = node.is === 'scalar' && typeof node.value === 'string' && node.value.includes('{{');
  if (node.is !== 'list' && !template) {
    const isName = node.is === 'scalar' && /^[A-Za-z_][\w.]*$/.test(node.written);
    const help = isName ? [`write "{{${node.written}}}" for the variable`] : [];
    wrongType(reading, node, '"loop" is a list, or a placeholder for one', ...help);
  }
  const { variable, index, label, pauseMs } = control;
  return {
    over: noting(reading, above, notes => valueOf(here.source, node, 'text', notes)),
    ...{ variable, index, pauseMs },
    label: label === null ? null : noting(reading, here, notes => valueOf(here.source, label, 'text', notes)),
  };
}
