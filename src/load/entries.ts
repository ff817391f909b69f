// A list of tasks as entries of the program: blocks, imported files (which are blocks), flushes of handlers, tasks.
// Ids are paths, so that the same file gives the same ids: rescue counts as r1, always as a1.
import { posix } from 'node:path';
import { type TaskId, taskId } from '../model/ids.ts';
import type { BlockEntry, Entry, TaskEntry } from '../model/program.ts';
import { andAt, problem } from '../text/diagnostic.ts';
import { spanIn } from '../text/source.ts';
import { stepPairs } from './call.ts';
import { expanded } from './expansions.ts';
import type { Place } from './keys.ts';
import { type MapNode, type Node, type Pair, pairOf } from './node.ts';
import { complain, type Here, listAt, type Reading, readYaml, textAt, wrongType } from './reading.ts';
import { conditionsAt, inside, readTask, varsAt } from './task.ts';
import { checkKeys } from './wrong-keys.ts';

/** @param id of the n-th entry. */
export async function readEntries(
  reading: Reading,
  here: Here,
  items: readonly Node[],
  id: (n: number) => string,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const [index, item] of items.entries()) {
    if (item.is !== 'map') {
      wrongType(reading, item, 'a task is a mapping');
      continue;
    }
    const entry = await readEntry(reading, here, item, taskId(id(index + 1)));
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** Tasks only: a handler runs as one piece. */
export async function readHandlers(
  reading: Reading,
  here: Here,
  items: readonly Node[],
  id: (n: number) => string,
): Promise<readonly TaskEntry[]> {
  const handlers: TaskEntry[] = [];
  for (const [index, item] of items.entries()) {
    if (item.is !== 'map') {
      wrongType(reading, item, 'a handler is a mapping');
      continue;
    }
    const odd = item.pairs.find(pair => ['block', 'import_tasks', 'meta'].includes(pair.key));
    if (odd !== undefined) {
      complain(
        reading,
        problem(
          'unknown-key',
          odd.keySpan,
          `a handler is one task, "${odd.key}" can't stand here`,
          'let several handlers "listen" to one name',
        ),
      );
      continue;
    }
    const task = await readTask(reading, here, item, taskId(id(index + 1)));
    if (task !== null) handlers.push(task.entry);
  }
  return handlers;
}

async function readEntry(reading: Reading, here: Here, map: MapNode, id: TaskId): Promise<Entry | null> {
  const block = pairOf(map, 'block');
  if (block !== null) return readBlock(reading, here, map, id);
  for (const key of ['rescue', 'always']) {
    const alone = pairOf(map, key);
    if (alone === null) continue;
    complain(reading, problem('missing-key', alone.keySpan, `"${key}" stands without "block"`));
    return null;
  }
  const imported = pairOf(map, 'import_tasks');
  if (imported !== null) return readImport(reading, here, { map, pair: imported }, id);
  const meta = pairOf(map, 'meta');
  if (meta !== null) return readMeta(reading, map, meta, id);
  const book = pairOf(map, 'import_playbook');
  if (book !== null) {
    complain(
      reading,
      problem(
        'unknown-key',
        book.keySpan,
        '"import_playbook" stands beside plays, not among tasks',
        'write "import_tasks: FILE"',
      ),
    );
    return null;
  }
  const task = await readTask(reading, here, map, id);
  return task === null ? null : expanded(task.entry, reading.catalogue);
}

function keysAllowed(reading: Reading, map: MapNode, place: Place): void {
  const steps = stepPairs(map);
  const what = place === 'block' ? 'a block' : 'an import';
  for (const pair of steps) {
    complain(
      reading,
      problem(
        'no-step',
        pair.keySpan,
        `${what} has no step of its own, but here is "${pair.key}"`,
        `write it as a task of its own`,
      ),
    );
  }
  checkKeys(reading, map, place, steps);
}

function blockOf(
  reading: Reading,
  here: Here,
  map: MapNode,
  id: TaskId,
): Omit<BlockEntry, 'body' | 'rescue' | 'always'> {
  return {
    is: 'block',
    id,
    name: textAt(reading, map, 'name') ?? '',
    at: map.pairs[0]?.keySpan ?? map.span,
    when: conditionsAt(reading, here, pairOf(map, 'when')) ?? [],
    vars: varsAt(reading, here, map),
  };
}

async function readBlock(reading: Reading, above: Here, map: MapNode, id: TaskId): Promise<Entry> {
  keysAllowed(reading, map, 'block');
  const here = inside(reading, above, map);
  const rescuing: Here = { ...here, local: [...here.local, 'failed'] };
  return {
    ...blockOf(reading, here, map, id),
    body: await readEntries(reading, here, listAt(reading, pairOf(map, 'block')), n => `${id}.${n}`),
    rescue: await readEntries(reading, rescuing, listAt(reading, pairOf(map, 'rescue')), n => `${id}.r${n}`),
    always: await readEntries(reading, here, listAt(reading, pairOf(map, 'always')), n => `${id}.a${n}`),
  };
}

async function readImport(
  reading: Reading,
  above: Here,
  at: { readonly map: MapNode; readonly pair: Pair },
  id: TaskId,
): Promise<Entry | null> {
  keysAllowed(reading, at.map, 'import_tasks');
  const here = inside(reading, above, at.map);
  const block = blockOf(reading, here, at.map, id);
  const path = await importedPath(reading, here, at.pair);
  if (path === null) return null;
  if (here.path.some(one => posix.normalize(one) === path)) {
    const circle = problem(
      'import-cycle',
      at.pair.value.span,
      `this import comes back to itself: ${[...here.path, path].join(' -> ')}`,
    );
    complain(reading, circle);
    return null;
  }
  const file = await readYaml(reading, path, at.pair.value.span);
  if (file === null) return null;
  const inFile: Here = { ...here, source: file.source, path: [...here.path, path] };
  const items = taskList(reading, file.node, path);
  const body = await readEntries(reading, inFile, items, n => `${id}.${n}`);
  return { ...block, name: block.name === '' ? path : block.name, body, rescue: [], always: [] };
}

function taskList(reading: Reading, node: Node | null, path: string): readonly Node[] {
  if (node === null || (node.is === 'scalar' && node.value === null)) return [];
  if (node.is !== 'list') {
    wrongType(reading, node, `${path} is a list of tasks, each behind a "-"`);
    return [];
  }
  const play = node.items.find(item => item.is === 'map' && pairOf(item, 'hosts') !== null);
  if (play === undefined) return node.items;
  complain(
    reading,
    problem(
      'wrong-type',
      spanIn(
        { file: play.span.file, text: reading.texts[path] ?? '', lineStarts: [0] },
        play.span.start,
        play.span.start + 1,
      ),
      'this file holds plays, not tasks',
      'import it with "import_playbook" beside the plays, or import its task file',
    ),
  );
  return [];
}

/** Beside the file that imports, then beside the playbook. */
async function importedPath(reading: Reading, here: Here, pair: Pair): Promise<string | null> {
  const node = pair.value;
  if (node.is !== 'scalar' || typeof node.value !== 'string')
    return wrongType(reading, node, '"import_tasks" names a file');
  if (node.value.includes('{{')) {
    complain(
      reading,
      problem(
        'not-yet',
        node.span,
        'an import whose file depends on a variable is planned, not here yet',
        'name the file, and choose with "when:"',
      ),
    );
    return null;
  }
  if (node.value.startsWith('/')) return posix.normalize(node.value);
  const beside = posix.join(posix.dirname(here.path.at(-1) ?? '.'), node.value);
  const inFolder = posix.join(here.folder, node.value);
  if (beside === inFolder || reading.texts[beside] !== undefined) return beside;
  return (await reading.files.read(beside)).is === 'text' ? beside : inFolder;
}

function readMeta(reading: Reading, map: MapNode, meta: Pair, id: TaskId): Entry | null {
  for (const pair of map.pairs) {
    if (pair === meta || pair.key === 'name' || pair.key === 'tags') continue;
    complain(
      reading,
      andAt(problem('unknown-key', pair.keySpan, `"meta" has no key "${pair.key}"`), meta.keySpan, 'of this'),
    );
  }
  const word = meta.value.is === 'scalar' ? meta.value.written : '';
  if (word === 'flush_handlers') return { is: 'flush', id, at: meta.keySpan };
  const planned = [
    'noop',
    'end_host',
    'end_play',
    'clear_facts',
    'remind',
    'refresh_inventory',
    'reset_connection',
    'clear_host_errors',
    'end_batch',
  ].includes(word);
  complain(
    reading,
    planned
      ? problem('not-yet', meta.value.span, `"meta: ${word}" is planned, not here yet`)
      : problem('bad-argument', meta.value.span, `"meta" knows no "${word}"`, 'write "meta: flush_handlers"'),
  );
  return null;
}
