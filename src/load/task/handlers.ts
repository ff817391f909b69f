// Handlers: tasks only, or files of them, since a handler runs as one piece. When they are due is for the engine; whether
// what is notified exists is checked in play-handlers.ts.
import { type TaskId, taskId } from '../../model/ids.ts';
import type { TaskEntry } from '../../model/program.ts';
import { problem } from '../../text/diagnostic.ts';
import { complain, type Here, type Reading, textsAt, wrongType } from '../playbook/reading.ts';
import { withPlainKeys } from '../playbook/wrong-keys.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { conditionsAt } from './conditions.ts';
import { checkPlace, type Placed } from './entries.ts';
import { importedName, taskFile } from './included.ts';
import { inTodaysWay } from './older-ways.ts';
import { inside, readTask } from './task.ts';

/** @param id of the n-th handler. */
export async function readHandlers(
  reading: Reading,
  here: Here,
  items: readonly Node[],
  id: (n: number) => string,
): Promise<readonly TaskEntry[]> {
  const handlers: TaskEntry[] = [];
  for (const [index, node] of items.entries()) {
    if (node.is !== 'map') {
      wrongType(reading, node, 'a handler is a mapping');
      continue;
    }
    const item = inTodaysWay(reading, here, withPlainKeys(node));
    if (item === null) {
      here.play.wrongHandlers.push(...heardBy(reading, node));
      continue;
    }
    const own = taskId(id(index + 1));
    const imported = pairOf(item, 'import_tasks');
    if (imported !== null)
      handlers.push(...(await importedHandlers(reading, here, { map: item, pair: imported }, own)));
    else handlers.push(...(await readHandler(reading, here, item, own)));
  }
  return handlers;
}

async function readHandler(reading: Reading, here: Here, map: MapNode, id: TaskId): Promise<readonly TaskEntry[]> {
  const odd = map.pairs.find(pair =>
    ['block', 'include_tasks', 'import_role', 'include_role', 'meta'].includes(pair.key),
  );
  if (odd !== undefined) {
    const message = `a handler is one task, "${odd.key}" can't stand here`;
    complain(reading, problem('unknown-key', odd.keySpan, message, 'let several handlers "listen" to one name'));
    return [];
  }
  const task = await readTask(reading, here, { map, id, place: 'handler' });
  if (task !== null) return [task.entry];
  here.play.wrongHandlers.push(...heardBy(reading, map));
  return [];
}

function heardBy(reading: Reading, map: MapNode): readonly string[] {
  return ['listen', 'name'].flatMap(key => textsAt(reading, map, key).map(one => one.text));
}

/** Each of them a handler of its own; what the import says holds for each. */
async function importedHandlers(reading: Reading, above: Here, at: Placed, id: TaskId): Promise<readonly TaskEntry[]> {
  checkPlace(reading, at.map, 'import_tasks');
  const here = inside(reading, above, at.map);
  const when = conditionsAt(reading, here, pairOf(at.map, 'when')) ?? [];
  const name = importedName(reading, here, at.pair);
  const file = name === null ? null : await taskFile(reading, here, name, at.pair.value.span);
  if (file === null) return [];
  const handlers = await readHandlers(reading, file.here, file.items, n => `${id}.${n}`);
  const [vars] = here.layers;
  return handlers.map(one => ({ ...one, when: [...when, ...one.when], vars: { ...vars, ...one.vars } }));
}
