// What is told of a key that can't stand where it stands: planned, Ansible's own, a slip, or nothing at all. The keys
// themselves stand in keys.ts.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean, nearest } from '../../text/nearest.ts';
import { ABSENT_KEYS } from '../tables/absent-keys.ts';
import { BUILTIN, KEYS_LIKE_MODULES, keysOn, type Place, TASK_PLACES, TASK_WORDS } from '../tables/keys.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { flowOf } from '../task/free-form.ts';
import type { MapNode, Pair } from '../yaml/node.ts';
import { complain, type Reading } from './reading.ts';

/** How a place is called in a sentence. */
const CALLED: Readonly<Record<Place, string>> = {
  play: 'a play',
  import_playbook: 'an import of plays',
  task: 'a task',
  handler: 'a handler',
  block: 'a block',
  import_tasks: 'an import',
  include_tasks: 'an include',
  import_role: 'an import of a role',
  include_role: 'an include of a role',
  role: 'a role',
  meta: '"meta"',
  undo: 'an undo',
  loop_control: '"loop_control"',
  prompt: 'a prompt',
  replan: '"replan"',
  window: '"window"',
  on_event: '"on_event"',
  gates: '"gates"',
  between: '"between"',
  'include_tasks file': '"include_tasks"',
  'role name': 'the name of a role',
};

/** Ansible's loops by name, and how the same is written here. */
const OLD_LOOPS: Readonly<Record<string, string>> = {
  dict: 'write "loop:" with a list of { key: …, value: … }',
  fileglob: 'write "loop:" with the names of the files',
  first_found: 'write "include_tasks: { file: …, from: [...] }", or a condition on each',
  sequence: 'write "loop:" with the numbers',
  nested: 'write "loop:" with the pairs, each a mapping',
  together: 'write "loop:" with the pairs, each a mapping',
  subelements: 'write "loop:" with the pairs, each a mapping',
  inventory_hostnames: 'write "loop: \'{{groups.all}}\'"',
  lines: 'run the command in a task of its own, and write "loop: \'{{NAME.stdout_lines}}\'"',
};

/** What has no loop itself, and what has one instead. */
const LOOPED: Readonly<Partial<Record<Place, string>>> = {
  import_tasks: 'write "include_tasks: FILE" with the loop',
  import_role: 'write "include_role: NAME" with the loop',
  role: 'write "include_role: NAME" with the loop, under "tasks:"',
  block: 'put its tasks into a file, and write "include_tasks: FILE" with the loop',
};

/** `ansible.builtin.meta` is meta. */
export function withPlainKeys(map: MapNode): MapNode {
  const plain = (pair: Pair): Pair => {
    const key = pair.key.replace(BUILTIN, '');
    return key !== pair.key && [...KEYS_LIKE_MODULES, 'include'].includes(key) ? { ...pair, key } : pair;
  };
  return map.pairs.some(pair => BUILTIN.test(pair.key)) ? { ...map, pairs: map.pairs.map(plain) } : map;
}

/** Any other key of a role is one of its variables, unless it is a word of tasks, or nearly one of its own. */
export function isRoleVariable(key: string): boolean {
  return !taskWords.has(key) && !key.startsWith('with_') && nearest(key, keysOn('role')) === null;
}

/** Complains about every key of a mapping that can't stand there, but for those that another reader answers for. */
export function checkKeys(reading: Reading, map: MapNode, place: Place, others: readonly Pair[] = []): void {
  const here = keysOn(place);
  for (const pair of map.pairs)
    if (!others.includes(pair) && !here.includes(pair.key)) complain(reading, wrongKey(pair, place));
}

function wrongKey(pair: Pair, place: Place): Diagnostic {
  const { key, keySpan } = pair;
  const isTask = place === 'role' || TASK_PLACES.includes(place);
  if (isTask && key.startsWith('with_')) {
    const old = key.replace(/^with_(?:ansible\.builtin\.)?/, '');
    const instead = Object.hasOwn(OLD_LOOPS, old) ? OLD_LOOPS[old] : undefined;
    const help = LOOPED[place] ?? instead ?? (['items', 'list'].includes(old) ? loopWith(pair) : LIST);
    return problem('not-ours', keySpan, `"${key}" is Ansible's older way to loop`, help);
  }
  const looped = ['loop', 'loop_control'].includes(key) ? LOOPED[place] : undefined;
  if (looped !== undefined) return problem('unknown-key', keySpan, `${CALLED[place]} has no loop`, looped);
  const absent = ABSENT_KEYS.find(one => one.key === key && (one.on === 'task' ? isTask : one.on === place));
  if (absent !== undefined)
    return problem('not-ours', keySpan, `Ansible has "${key}", this language doesn't`, absent.instead);
  const elsewhere = belongsElsewhere(key, place);
  if (elsewhere !== null) return problem('unknown-key', keySpan, ...elsewhere);
  const there = keysOn(place);
  const near = didYouMean(key, there);
  const help = near.length > 0 ? [...near] : [`there are: ${there.join(', ')}`];
  if (place === 'role') help.push(`for a variable of the role write vars: { ${key}: … }`);
  return problem('unknown-key', keySpan, `${CALLED[place]} has no key "${key}"`, ...help);
}

const LIST = 'write "loop:" with the list';

/** Ansible flattens what it is given by one step: only of a text or of plain items is it the same list. */
function loopWith({ value }: Pair): string {
  const isList = value.is === 'list' && value.items.every(one => one.is === 'scalar' && !hasTemplate(one.written));
  return isList || (value.is === 'scalar' && value.value !== null) ? `write loop: ${flowOf(value)}` : LIST;
}

/** A key of the language that stands in the wrong place: what is wrong, and where it goes. */
function belongsElsewhere(key: string, place: Place): readonly [string, string] | null {
  if (place === 'play' && keysOfTasks.has(key))
    return [`"${key}" belongs to a task, not to a play`, 'put it under "tasks:"'];
  if (!TASK_PLACES.includes(place)) return null;
  if (ONLY_PLAYS.has(key)) return [`"${key}" belongs to a play, not to a task`, 'put it beside "hosts:"'];
  const isSingle = place === 'task' || place === 'handler';
  if (isSingle || place === 'meta' || !keysOn('task').includes(key)) return null;
  return [`${CALLED[place]} has no key "${key}"`, 'say it on each task inside'];
}

const keysOfTasks = new Set(TASK_PLACES.flatMap(keysOn));
/** But for what is a module of Ansible's, too. */
const ONLY_PLAYS: ReadonlySet<string> = new Set(
  keysOn('play').filter(key => !keysOfTasks.has(key) && key !== 'gather_facts'),
);

const taskWords = new Set(TASK_WORDS);

/** Known to be a task's key of some kind, so not a step that nobody has. */
export function isTaskWord(key: string): boolean {
  return taskWords.has(key) || ONLY_PLAYS.has(key) || key.startsWith('with_');
}

/** What a misspelt key of a task most likely was. */
export const OWN_WORDS: readonly string[] = [...new Set(TASK_PLACES.flatMap(place => keysOn(place)))];
