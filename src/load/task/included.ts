// Which files of tasks an import or an include stands for, and what is in them. All of them are read before the run:
// a file that is known only when its turn comes has every candidate listed.
import { posix } from 'node:path';
import type { Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { valueOf } from '../expression/values.ts';
import { computed, computedOnHosts } from '../playbook/computed.ts';
import { complain, type Here, noting, readGiving, type Reading, textsAt, wrongType } from '../playbook/reading.ts';
import { checkKeys } from '../playbook/wrong-keys.ts';
import { type Node, type Pair, pairOf } from '../yaml/node.ts';

export interface TaskFile {
  /** Inside the file. */
  readonly here: Here;
  readonly path: string;
  readonly items: readonly Node[];
}

/** @param name as written, without placeholders. */
export async function taskFile(reading: Reading, here: Here, name: string, at: Span): Promise<TaskFile | null> {
  const path = await importedPath(reading, here, name);
  if (here.path.some(one => posix.normalize(one) === path)) {
    const circle = `this import comes back to itself: ${[...here.path, path].join(' -> ')}`;
    complain(reading, problem('import-cycle', at, circle));
    return null;
  }
  const file = await readGiving(reading, here.play, path, at);
  if (file === null) return null;
  const inFile: Here = { ...here, source: file.source, path: [...here.path, path] };
  return { here: inFile, path, items: taskList(reading, file.node, path) };
}

/** Beside the file that imports, then beside the playbook. */
async function importedPath(reading: Reading, here: Here, name: string): Promise<string> {
  if (name.startsWith('/')) return posix.normalize(name);
  const beside = posix.join(posix.dirname(here.path.at(-1) ?? '.'), name);
  const inRole = here.role === null ? beside : posix.join(here.role, 'tasks', name);
  const inFolder = posix.join(here.folder, name);
  if (beside === inFolder || reading.texts[beside] !== undefined) return beside;
  for (const path of [beside, inRole]) if ((await reading.files.read(path)).is === 'text') return path;
  return inFolder;
}

export function taskList(reading: Reading, node: Node | null, path: string): readonly Node[] {
  if (node === null || (node.is === 'scalar' && node.value === null)) return [];
  if (node.is !== 'list') {
    wrongType(reading, node, `${path} is a list of tasks, each behind a "-"`);
    return [];
  }
  const play = node.items.find(item => item.is === 'map' && pairOf(item, 'hosts') !== null);
  if (play === undefined) return node.items;
  const text = { file: play.span.file, text: reading.texts[path] ?? '', lineStarts: [0] };
  complain(
    reading,
    problem(
      'wrong-type',
      spanIn(text, play.span.start, play.span.start + 1),
      'this file holds plays, not tasks',
      'import it with "import_playbook" beside the plays, or import its task file',
    ),
  );
  return [];
}

/** The file of an import: it may rest on `-e` and on variables of the playbook, for there is one for all hosts. */
export function importedName(reading: Reading, here: Here, pair: Pair): string | null {
  const node = pair.value;
  if (node.is !== 'scalar' || typeof node.value !== 'string')
    return wrongType(reading, node, `"${pair.key}" names a file`, `write "${pair.key}: FILE"`);
  if (!node.value.includes('{{')) return node.value;
  const named = computed({ reading, here, below: {} }, node.value, node.span);
  if (named.is === 'name') return named.name;
  const help = 'write "include_tasks" for a file that differs from host to host or is known only later';
  complain(
    reading,
    problem('undefined-variable', node.span, `this file can't be named before the run: ${named.why}`, help),
  );
  return null;
}

export interface Candidate {
  readonly name: string;
  readonly at: Span;
}

export type Included =
  | { readonly is: 'file'; readonly file: Candidate }
  /** Which of the files it is is said by a value. */
  | { readonly is: 'choice'; readonly name: Value; readonly files: readonly Candidate[] };

export function includedNames(reading: Reading, here: Here, pair: Pair): Included | null {
  const { value: given } = pair;
  if (given.is === 'map') checkKeys(reading, given, 'include_tasks file');
  const node = given.is === 'map' ? pairOf(given, 'file')?.value : given;
  if (node === undefined) {
    complain(
      reading,
      problem('missing-key', pair.keySpan, '"include_tasks" needs "file"', 'write "include_tasks: FILE"'),
    );
    return null;
  }
  if (node.is !== 'scalar' || typeof node.value !== 'string')
    return wrongType(reading, node, '"include_tasks" names a file');
  const listed = given.is === 'map' ? textsAt(reading, given, 'from') : [];
  if (!node.value.includes('{{')) {
    return { is: 'file', file: { name: node.value, at: node.span } };
  }
  const before = reading.found.length;
  const name = noting(reading, here, notes => valueOf(here.source, node, 'text', notes));
  // What is wrong with its text has been told: which file it is, nobody can know yet.
  if (listed.length === 0 && reading.found.length > before) return null;
  const files =
    listed.length > 0
      ? listed.map(one => ({ name: one.text, at: one.at }))
      : onEachHost(reading, here, node.value, node.span);
  return files === null ? null : { is: 'choice', name, files };
}

/** What the inventory and the playbook make of it on each host of the play. */
function onEachHost(reading: Reading, here: Here, text: string, at: Span): readonly Candidate[] | null {
  const found = computedOnHosts(reading, here, text, at);
  if (found.is === 'names') return [...found.hosts.keys()].map(name => ({ name, at }));
  const message = `this file is known only when its turn comes: ${found.why}`;
  complain(
    reading,
    problem('missing-key', at, message, 'list every file that it may be: { file: …, from: [a.yml, b.yml] }'),
  );
  return null;
}
