// The undo of a task, as its author writes it. It is fixed before the task runs, so it can't know what comes of it.
import type { Call } from '../../model/program.ts';
import { secretArgumentsOf } from '../../model/secret-arguments.ts';
import { problem } from '../../text/diagnostic.ts';
import { fixedTextAt } from '../playbook/fixed-text.ts';
import { complain, type Here, listAt, type Reading, wrongType } from '../playbook/reading.ts';
import { keysOn } from '../tables/keys.ts';
import { type MapNode, pairOf } from '../yaml/node.ts';
import { readCall, stepPairs } from './call.ts';

export async function undoOf(
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
    if (item.is === 'map') calls.push(...(await oneStep(reading, here, item, register)));
    else wrongType(reading, item, 'an undo is a step with its arguments');
  }
  return calls;
}

async function oneStep(reading: Reading, here: Here, item: MapNode, register: string | null): Promise<readonly Call[]> {
  const steps = stepPairs(item);
  for (const part of item.pairs) {
    if (steps.includes(part) || keysOn('undo').includes(part.key)) continue;
    const message = `an undo is a step with its arguments, "${part.key}" can't stand here`;
    complain(reading, problem('bad-undo', part.keySpan, message));
  }
  fixedTextAt(reading, here, item, 'name');
  const before = here.play.uses.length;
  const call = await readCall(reading, here, item);
  for (const use of call === null ? [] : here.play.uses.splice(before)) {
    if (register === null || use.path[0] !== register) here.play.uses.push(use);
    else {
      const message = `the undo is fixed before the task runs: it can't know "${register}"`;
      complain(reading, problem('bad-undo', use.at, message));
    }
  }
  if (call !== null && secretArgumentsOf(call.step.name).length > 0) {
    const at = steps[0]?.keySpan ?? item.span;
    const help = 'put it into "rescue", or let "on_event" of the play tell of failed hosts';
    complain(reading, problem('bad-undo', at, `"${call.step.name}" puts nothing back`, help));
  }
  return call === null ? [] : [{ step: call.step.name, args: call.args }];
}
