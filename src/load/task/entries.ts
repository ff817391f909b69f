// A list of tasks as entries of the program: blocks, files of tasks (which are blocks), words to the runner, tasks.
// Ids are paths, so that the same file gives the same ids: rescue counts as r1, always as a1.
import { stepName, type TaskId, taskId } from '../../model/ids.ts';
import type { BlockEntry, Entry, TaskEntry } from '../../model/program.ts';
import type { Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { fixedTextAt } from '../playbook/fixed-text.ts';
import { asTask } from '../playbook/handed-down.ts';
import { complain, type Here, listAt, type Reading, wrongType } from '../playbook/reading.ts';
import { namesUnder, roleBlock } from '../playbook/role-entries.ts';
import { roleNameOf } from '../playbook/roles.ts';
import { checkKeys, withPlainKeys } from '../playbook/wrong-keys.ts';
import type { Place } from '../tables/keys.ts';
import { type MapNode, type Node, type Pair, pairOf } from '../yaml/node.ts';
import { stepPairs } from './call.ts';
import { conditionsAt } from './conditions.ts';
import { expanded } from './expansions.ts';
import { importedName, includedNames, taskFile } from './included.ts';
import { loopAt } from './loop.ts';
import { readMeta } from './meta.ts';
import { inTodaysWay } from './older-ways.ts';
import { inside, readTask } from './task.ts';

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
    const map = inTodaysWay(reading, here, withPlainKeys(item));
    const entry = map === null ? null : await readEntry(reading, here, map, taskId(id(index + 1)));
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

export interface Placed {
  readonly map: MapNode;
  /** The key that makes it what it is. */
  readonly pair: Pair;
}

type Reader = (reading: Reading, here: Here, at: Placed, id: TaskId) => Promise<Entry | null>;

const READERS: Readonly<Record<string, Reader>> = {
  block: readBlock,
  import_tasks: readImport,
  include_tasks: readInclude,
  import_role: readRoleTask,
  include_role: readRoleTask,
  meta: async (reading, here, { map, pair }, id) => readMeta(reading, here, { map, meta: pair, id }),
};

async function readEntry(reading: Reading, here: Here, map: MapNode, id: TaskId): Promise<Entry | null> {
  for (const [key, read] of Object.entries(READERS)) {
    const pair = pairOf(map, key);
    if (pair !== null) return read(reading, here, { map, pair }, id);
  }
  const lost = map.pairs.find(pair => ['rescue', 'always', 'import_playbook'].includes(pair.key));
  if (lost !== undefined) {
    const isBook = lost.key === 'import_playbook';
    complain(
      reading,
      isBook
        ? problem(
            'unknown-key',
            lost.keySpan,
            '"import_playbook" stands beside plays, not among tasks',
            'write "import_tasks: FILE"',
          )
        : problem('missing-key', lost.keySpan, `"${lost.key}" stands without "block"`),
    );
    return null;
  }
  const task = await readTask(reading, here, { map, id, place: 'task' });
  return task === null ? null : expanded(task.entry, reading.catalogue);
}

const CALLED: Readonly<Partial<Record<Place, string>>> = {
  block: 'a block',
  import_tasks: 'an import',
  include_tasks: 'an include',
  import_role: 'an import of a role',
  include_role: 'an include of a role',
};

export function checkPlace(reading: Reading, map: MapNode, place: Place): void {
  const steps = stepPairs(map);
  for (const pair of steps) {
    const message = `${CALLED[place] ?? place} has no step of its own, but here is "${pair.key}"`;
    complain(reading, problem('no-step', pair.keySpan, message, 'write it as a task of its own'));
  }
  checkKeys(reading, map, place, steps);
}

type Frame = Omit<BlockEntry, 'body' | 'rescue' | 'always'>;

/** @param here inside it. */
function blockOf(reading: Reading, here: Here, { map, id }: { readonly map: MapNode; readonly id: TaskId }): Frame {
  return {
    is: 'block',
    id,
    name: fixedTextAt(reading, here, map, 'name') ?? '',
    at: map.pairs[0]?.keySpan ?? map.span,
    when: conditionsAt(reading, here, pairOf(map, 'when')) ?? [],
    loop: null,
    vars: here.layers[0] ?? {},
    params: {},
    defaults: {},
  };
}

async function readBlock(reading: Reading, above: Here, { map }: Placed, id: TaskId): Promise<Entry> {
  checkPlace(reading, map, 'block');
  const here = inside(reading, above, map);
  const rescuing: Here = { ...here, local: [...here.local, 'failed'] };
  return {
    ...blockOf(reading, here, { map, id }),
    body: await readEntries(reading, here, listAt(reading, pairOf(map, 'block')), n => `${id}.${n}`),
    rescue: await readEntries(reading, rescuing, listAt(reading, pairOf(map, 'rescue')), n => `${id}.r${n}`),
    always: await readEntries(reading, here, listAt(reading, pairOf(map, 'always')), n => `${id}.a${n}`),
  };
}

async function readImport(reading: Reading, above: Here, { map, pair }: Placed, id: TaskId): Promise<Entry | null> {
  checkPlace(reading, map, 'import_tasks');
  const here = inside(reading, above, map);
  const block = blockOf(reading, here, { map, id });
  const name = importedName(reading, here, pair);
  if (name !== null) return fileBlock(reading, here, block, { name, at: pair.value.span });
  here.play.lost.push(pair.key);
  return null;
}

/** A block whose body is what stands in a file. */
async function fileBlock(
  reading: Reading,
  here: Here,
  block: Frame,
  { name, at }: { readonly name: string; readonly at: Node['span'] },
): Promise<BlockEntry | null> {
  const file = await taskFile(reading, here, name, at);
  if (file === null) return null;
  const body = await readEntries(reading, file.here, file.items, n => `${block.id}.${n}`);
  return { ...block, name: block.name === '' ? file.path : block.name, body, rescue: [], always: [] };
}

/** What the file's name is called inside an include that chooses. */
const CHOSEN = 'include_file';

async function readInclude(reading: Reading, above: Here, { map, pair }: Placed, id: TaskId): Promise<Entry | null> {
  checkPlace(reading, map, 'include_tasks');
  const looping = loopAt(reading, above, map);
  const here = inside(reading, { ...above, local: [...above.local, ...looping.names] }, map);
  const { vars: params, ...said } = blockOf(reading, here, { map, id });
  const block: Frame = { ...said, loop: looping.of(here), vars: {}, params };
  const included = includedNames(reading, here, pair);
  if (included === null) return null;
  if (included.is === 'file') return fileBlock(reading, here, block, included.file);
  const body: Entry[] = [];
  for (const [index, file] of included.files.entries()) {
    const when = [isChosen(`${CHOSEN} == ${JSON.stringify(file.name)}`, file.at)];
    const one: Frame = { ...bare(block, taskId(`${id}.${index + 1}`), file.name), when };
    const read = await fileBlock(reading, here, one, file);
    if (read !== null) body.push(read);
  }
  const names = included.files.map(file => file.name);
  const none = noneChosen(reading, here, block, {
    id: taskId(`${id}.${names.length + 1}`),
    names,
    at: pair.value.span,
  });
  const name = block.name === '' ? 'include_tasks' : block.name;
  return {
    ...block,
    name,
    params: { ...params, [CHOSEN]: included.name },
    body: [...body, ...none],
    rescue: [],
    always: [],
  };
}

async function readRoleTask(reading: Reading, above: Here, { map, pair }: Placed, id: TaskId): Promise<Entry | null> {
  const place = pair.key === 'include_role' ? 'include_role' : 'import_role';
  checkPlace(reading, map, place);
  if (pair.value.is === 'map') checkKeys(reading, pair.value, 'role name');
  const name = roleNameOf(reading, pair.value);
  if (name === null) return null;
  const looping = loopAt(reading, above, map);
  const around = { ...above, local: [...above.local, ...looping.names] };
  const isIncluded = place === 'include_role';
  const params = isIncluded ? namesUnder(pairOf(map, 'vars')) : [];
  const how = { reading, readList: readEntries, isPublic: !isIncluded };
  const block = await roleBlock(how, around, { name, map, id, once: false, params });
  return block === null ? null : { ...block, loop: looping.of(around) };
}

const isChosen = (source: string, at: Node['span']): Value => ({ is: 'expression', language: 'condition', source, at });

const bare = (block: Frame, id: TaskId, name: string): Frame => ({
  ...block,
  id,
  name,
  when: [],
  loop: null,
  params: {},
});

interface NoneChosen {
  readonly id: TaskId;
  readonly names: readonly string[];
  readonly at: Node['span'];
}

/** The end of the list: it came to be a file that nobody listed, so nobody has checked. */
function noneChosen(reading: Reading, here: Here, block: Frame, none: NoneChosen): readonly TaskEntry[] {
  const step = reading.catalogue.get('fail');
  if (step === null) return [];
  const { id, names, at } = none;
  const source = `{{${CHOSEN}}} is not among the files that this include lists: ${names.join(', ')}`;
  const task: TaskEntry = {
    ...{ is: 'task', id, name: `${block.name === '' ? 'include_tasks' : block.name}: which file`, at },
    ...{ step: stepName('fail'), args: { msg: { is: 'expression', language: 'text', source, at } } },
    when: [isChosen(`!(${CHOSEN} in ${JSON.stringify(names)})`, at)],
    ...asTask(here.down),
    ...{ loop: null, register: null, attempts: null, changedWhen: null, failedWhen: null },
    ...{ on: null, once: 'no', notify: [], listen: [], vars: {}, environment: {}, undo: null },
  };
  return [task];
}

/** The same entries under more conditions, asked of each. */
export function guarded(entries: readonly Entry[], conditions: readonly Value[]): readonly Entry[] {
  if (conditions.length === 0) return entries;
  return entries.map(entry => (entry.is === 'flush' ? entry : { ...entry, when: [...conditions, ...entry.when] }));
}
