// A copy of a folder: what is in it is known before the run, so the task becomes a block of two loops, one that makes the
// folders and one that copies the files. Every file has then a check, a diff and an undo of its own, as if its name stood
// in the playbook. Which bytes arrive is for the step.
import { posix } from 'node:path';
import { stepName, taskId } from '../../model/ids.ts';
import type { Args, BlockEntry, Loop, TaskEntry } from '../../model/program.ts';
import { known, type Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { resultShape } from '../expression/shape.ts';
import { objectOf, pairOf } from '../yaml/node.ts';
import { complain, give, type Here, type Reading } from '../playbook/reading.ts';
import type { ReadTask } from './task.ts';

/** Each of them is an action with several looks: what is larger travels better as one archive. */
const MOST = 1000;
/** What the part of a path is called that differs from file to file. */
const NAME = 'copied_name';

/** The folder that a task copies, by its path from the playbook; null: it copies none. */
export async function copiedFolder(reading: Reading, here: Here, { entry, call }: ReadTask): Promise<string | null> {
  const { src, remote_src: remote } = entry.args;
  if (call.step.name !== 'copy' || src?.is !== 'known' || typeof src.json !== 'string') return null;
  if (remote !== undefined && !(remote.is === 'known' && remote.json === false)) return null;
  const path = src.json.replace(/(?!^)\/+$/, '');
  for (const place of path.startsWith('/') ? [path] : [posix.join('files', path), path]) {
    const full = posix.isAbsolute(place) ? place : posix.join(here.folder, place);
    if (await reading.files.isFolder(full)) return place;
    if ((await reading.files.list(posix.dirname(full))).includes(posix.basename(full))) break;
  }
  if (src.json.endsWith('/')) {
    const at = placeOf({ entry, call });
    complain(reading, problem('file-missing', at, `no folder ${path} beside the playbook or in its folder "files"`));
  }
  return null;
}

const placeOf = ({ entry, call }: ReadTask) =>
  (call.pair.value.is === 'map' ? pairOf(call.pair.value, 'src')?.value.span : undefined) ?? entry.at;

/** @param folder of copiedFolder. @returns null with a complaint where it can't be done. */
export async function folderBlock(
  reading: Reading,
  here: Here,
  task: ReadTask,
  folder: string,
): Promise<BlockEntry | null> {
  const { entry } = task;
  if (entry.loop !== null) {
    const message = "a folder is copied in a loop of its own, and can't be in another one";
    complain(reading, problem('bad-argument', placeOf(task), message, 'write one task for each folder'));
    return null;
  }
  const inside = await contentsOf(reading, posix.isAbsolute(folder) ? folder : posix.join(here.folder, folder));
  if (inside.files.length + inside.folders.length > MOST) {
    const help = 'copy an archive, and unpack it with "command: tar xf FILE", "creates:" and "undo:"';
    complain(reading, problem('bad-argument', placeOf(task), `this folder holds more than ${MOST} files`, help));
    return null;
  }
  const { register } = entry;
  if (register !== null) give(here.play, register, { at: entry.at, shape: resultShape(task.call.step.returns, true) });
  const base = destinationOf(entry, folder);
  const { owner, group } = entry.args;
  const folders: Args = {
    ...{ path: below(entry, base), state: known('directory') },
    ...objectOf(Object.entries({ owner, group }).flatMap(([name, value]) => (value ? [[name, value] as const] : []))),
  };
  const files: Args = { ...entry.args, src: below(entry, folder), dest: below(entry, base) };
  const body = [
    {
      ...part(entry, 1, [base === '' ? '/' : '', ...inside.folders]),
      ...ONLY_MADE,
      step: stepName('file'),
      args: folders,
    },
    { ...part(entry, 2, inside.files), args: files },
  ];
  const { id, name, at, when, vars } = entry;
  return {
    ...{ is: 'block', id, name, at, when, vars, body },
    loop: null,
    params: {},
    defaults: {},
    rescue: [],
    always: [],
  };
}

/** As Ansible: with a / at the end of src its content goes to dest, else the folder itself. */
function destinationOf({ args: { src, dest } }: TaskEntry, folder: string): string {
  const written = dest?.is === 'known' ? dest.json : dest?.is === 'expression' ? dest.source : '';
  const base = typeof written === 'string' ? written.replace(/\/+$/, '') : '';
  const isContent = src?.is === 'known' && typeof src.json === 'string' && src.json.endsWith('/');
  return isContent ? base : `${base}/${posix.basename(folder)}`;
}

const below = ({ at }: TaskEntry, base: string): Value => ({
  ...{ is: 'expression', language: 'text', source: `${base}{{${NAME}}}`, at },
});

/** What judges or tells how the copy itself went isn't asked of its folders. */
const ONLY_MADE = { register: null, attempts: null, changedWhen: null, failedWhen: null, undo: null } as const;

function part(entry: TaskEntry, n: number, names: readonly string[]): TaskEntry {
  const loop: Loop = { over: known(names), variable: NAME, index: null, label: null, pauseMs: 0 };
  return { ...entry, id: taskId(`${entry.id}.${n}`), when: [], vars: {}, loop };
}

interface Contents {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Each from the folder on, with a / before it; a folder before what is in it. Stops when it is too much. */
async function contentsOf({ files }: Reading, folder: string): Promise<Contents> {
  const found: { readonly folders: string[]; readonly files: string[] } = { folders: [], files: [] };
  const into = async (above: string): Promise<void> => {
    for (const name of await files.list(`${folder}${above}`)) {
      if (found.folders.length + found.files.length > MOST) return;
      const path = `${above}/${name}`;
      if (!(await files.isFolder(`${folder}${path}`))) found.files.push(path);
      else {
        found.folders.push(path);
        await into(path);
      }
    }
  };
  await into('');
  return found;
}
