// A copy of a folder: what is in it is known before the run, so its names go into the arguments, and the plan can tell
// them. Links are followed, as Ansible does. Which bytes arrive is for the step.
import { posix } from 'node:path';
import type { Files } from '../../model/ports.ts';
import type { Args } from '../../model/program.ts';
import type { Step } from '../../model/step.ts';
import { known, type Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Span } from '../../text/span.ts';
import { complain, type Here, type Reading } from '../playbook/reading.ts';
import type { Pair } from '../yaml/node.ts';

/** Their names stand in the journal of each host: what is larger travels better as one archive. */
const MOST = 1000;

interface Call {
  readonly step: Step;
  readonly pair: Pair;
  readonly pairs: readonly Pair[];
}

/** The arguments that a folder at `src` stands for, in place of those that are written. */
export async function folderArgs(
  reading: Reading,
  here: Here,
  { step, pair, pairs }: Call,
  args: Args,
): Promise<readonly (readonly [string, Value])[]> {
  if (step.name !== 'copy') return [];
  const at = (name: string): Span => pairs.find(({ key }) => key === name)?.value.span ?? pair.keySpan;
  const folder = await folderOf(reading, here, args, at('src'));
  if (folder === null) {
    if (args['directory_mode'] !== undefined) {
      const help = 'name the folder in the task itself; for one that is there write "file: { path: …, mode: … }"';
      complain(
        reading,
        problem('bad-argument', at('directory_mode'), 'directory_mode goes with a folder as src', help),
      );
    }
    return [];
  }
  const inside = await contentsOf(reading.files, posix.isAbsolute(folder) ? folder : posix.join(here.folder, folder));
  if (inside.odd !== null) {
    const help = 'take it out of the folder, and make it with "file: { state: link, … }"';
    complain(reading, problem('bad-argument', at('src'), inside.odd, help));
    return [];
  }
  if (inside.files.length + inside.folders.length > MOST) {
    const help = 'copy an archive, and unpack it with "command: tar xf FILE", "creates:" and "undo:"';
    complain(reading, problem('bad-argument', at('src'), `this folder holds more than ${MOST} files`, help));
    return [];
  }
  return [
    ['src', known(folder)],
    ['tree', known({ folders: inside.folders, files: inside.files })],
  ];
}

/** By its path from the playbook, with a / at its end where it is written so; null: no folder is copied. */
async function folderOf(reading: Reading, here: Here, args: Args, at: Span): Promise<string | null> {
  const { src, remote_src: remote } = args;
  if (src?.is !== 'known' || typeof src.json !== 'string') return null;
  if (remote !== undefined && !(remote.is === 'known' && remote.json === false)) return null;
  const path = src.json.replace(/(?!^)\/+$/, '');
  const end = src.json.endsWith('/') && path !== '/' ? '/' : '';
  for (const place of path.startsWith('/') ? [path] : [posix.join('files', path), path]) {
    const full = posix.isAbsolute(place) ? place : posix.join(here.folder, place);
    if (await reading.files.isFolder(full)) return place + end;
    if ((await reading.files.list(posix.dirname(full))).includes(posix.basename(full))) break;
  }
  if (end !== '')
    complain(reading, problem('file-missing', at, `no folder ${path} beside the playbook or in its folder "files"`));
  return null;
}

interface Contents {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** What can't be copied, and why; null: all can. */
  readonly odd: string | null;
}

/** Each from the folder on, with a / before it; a folder before what is in it. Stops when it is too much. */
export async function contentsOf(files: Files, written: string): Promise<Contents> {
  const folder = written.replace(/\/$/, '');
  const found: { readonly folders: string[]; readonly files: string[]; odd: string | null } = {
    ...{ folders: [], files: [], odd: null },
  };
  const into = async (above: string, around: readonly string[]): Promise<void> => {
    for (const name of await files.list(`${folder}${above}`)) {
      if (found.odd !== null || found.folders.length + found.files.length > MOST) return;
      const path = `${above}/${name}`;
      const real = await files.real(`${folder}${path}`);
      if (real === null) found.odd = `${name} in it is a symbolic link that leads nowhere, or its name isn't UTF-8`;
      else if (around.includes(real)) found.odd = `${name} in it is a symbolic link back to a folder it lies in`;
      else if (!(await files.isFolder(real))) found.files.push(path);
      else {
        found.folders.push(path);
        await into(path, [...around, real]);
      }
    }
  };
  await into('', [(await files.real(folder)) ?? folder]);
  return found;
}
