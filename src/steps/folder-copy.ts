// copy of a folder: all its files and folders in one look, and all that differs in one stream. What is in the folder stands
// in the arguments, since the loader has read it; each file is held against its own place, as if it were copied alone. The
// folder at dest itself is given mode and owner only when it is made: it may be /etc.
import { posix } from 'node:path';
import * as z from 'zod';
import type { Undo } from '../model/action.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import { octal } from '../solaris/file-change.ts';
import type { FileLook } from '../solaris/file-look.ts';
import type { TreeWish } from '../solaris/tree-look.ts';
import type { JsonObject } from '../text/json.ts';
import { listed } from '../text/listed.ts';
import { isSound, modeAfter, ownerWords, type Repair, repairOf, repairText } from './attributes.ts';
import { tellDiff } from './file-diff.ts';
import { applyTree, type FileWork, type FolderWork } from './folder-work.ts';
import { eachContent, lookAtAll } from './many-places.ts';
import { inTheWay, KIND_WORDS, lookAt, markOf, nearestOf, notThere, sha256, unreadable } from './place.ts';
import { type Before, beforeOf } from './restore.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { isPlain, newFile, ownerOf } from './written.ts';

interface FolderArgs extends JsonObject {
  readonly dest: string;
  readonly src: string;
  /** Each from the folder on, with a / before it; a folder before what is in it. */
  readonly tree: { readonly folders: readonly string[]; readonly files: readonly string[] };
  readonly force: boolean;
  readonly mode: string | number | null;
  readonly directory_mode: string | number | null;
  readonly owner: string | null;
  readonly group: string | null;
  readonly backup: boolean;
  readonly validate: string | null;
}

interface FolderSeen extends JsonObject {
  readonly mark: string;
  readonly files: readonly (FileWork & JsonObject)[];
  readonly folders: readonly (FolderWork & JsonObject)[];
}

/** A form of `copy`, which holds the arguments against its schema. */
export const folderCopy = stepOf<FolderArgs, FolderSeen>({
  name: 'copy',
  summary: '',
  args: () => z.custom<FolderArgs>(),
  returns: () => z.object({}),
  needsFacts: false,
  limitMs: () => 600_000,
  born: args => withFolder(args),
  say: args => sayFolder(args),
  foresee: () => ({ is: 'unknown', why: 'the files are compared when their turn comes' }),
  check: (args, looker) => folderFound(args, looker),
  undo: (args, seen) => folderUndo(args, seen),
  apply: (args, seen, doer) => folderApplied(args, seen, doer),
  result: folderResult,
});

/** A file beside the playbook. */
interface Want {
  readonly path: string;
  readonly size: number;
  readonly digest: string;
}

/** Where the folder's content goes: with a / at the end of src to dest itself, else into a folder of its name. */
function withFolder(args: FolderArgs): FolderArgs {
  const { src } = args;
  const base = args.dest.replace(/\/+$/, '');
  if (src.endsWith('/')) return { ...args, dest: base === '' ? '/' : base };
  return { ...args, dest: `${base}/${posix.basename(src)}`, src: `${src}/` };
}

const baseOf = ({ dest }: { readonly dest: string }): string => dest.replace(/\/+$/, '');

function sayFolder({ src, dest, tree }: FolderArgs): string {
  const names = tree.files.map(name => name.slice(1));
  return `copy ${src} to ${dest}: ${few(names, 'nothing but folders')}`;
}

/** Beside the playbook. */
const localOf = (args: FolderArgs, path: string): string =>
  baseOf({ dest: args.src }) + path.slice(baseOf(args).length);

const MOST_TOLD = 12;

const few = (words: readonly string[], none: string): string => (words.length === 0 ? none : listed(words, MOST_TOLD));

function wishOf(args: FolderArgs): TreeWish {
  const base = baseOf(args);
  const isOwned = args.owner !== null || args.group !== null;
  return {
    paths: [
      `${base}/`,
      ...args.tree.folders.map(name => `${base}${name}/`),
      ...args.tree.files.map(name => base + name),
    ],
    names: isOwned,
    folders: isOwned || args.directory_mode !== null,
  };
}

async function folderFound(args: FolderArgs, looker: Looker): Promise<Found<FolderSeen>> {
  const wants = await wantsOf(args, looker);
  if (wants.is === 'missing') return blocked(looker, [`no such file beside the playbook: ${wants.name}`]);
  const answer = await lookAtAll(looker, `look at ${args.dest}`, wishOf(args));
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  return judged(args, looker, { wants: wants.files, looks: answer.value });
}

type Wants =
  | { readonly is: 'files'; readonly files: readonly Want[] }
  | { readonly is: 'missing'; readonly name: string };

async function wantsOf(args: FolderArgs, looker: Looker): Promise<Wants> {
  const files: Want[] = [];
  for (const name of args.tree.files) {
    const local = baseOf({ dest: args.src }) + name;
    const bytes = await looker.localFile(local);
    if (bytes === null) return { is: 'missing', name: local };
    files.push({ path: baseOf(args) + name, size: bytes.length, digest: sha256(bytes) });
  }
  return { is: 'files', files };
}

function blocked(looker: Looker, whys: readonly string[]): Found<FolderSeen> {
  return { is: 'blocked', seen: { mark: markOf(looker), files: [], folders: [] }, why: few(whys, '') };
}

interface Case {
  readonly wants: readonly Want[];
  /** In the order of `wishOf`. */
  readonly looks: readonly FileLook[];
}

async function judged(args: FolderArgs, looker: Looker, { wants, looks }: Case): Promise<Found<FolderSeen>> {
  const [base, ...rest] = looks;
  if (base === undefined) throw new Error('a look without the folder itself');
  const inside = rest.slice(0, args.tree.folders.length);
  const odd = [base, ...inside].flatMap(place => wrongFolder(place) ?? []);
  if (odd.length > 0) return blocked(looker, odd);
  const behind = await behindLinks(looker, rest.slice(args.tree.folders.length));
  if (behind.is === 'no') return { is: 'no-answer', refusal: behind.refusal };
  const places = behind.places;
  const wrong = [...places.flatMap((place, n) => wrongFile(args, place, wants[n]?.path ?? '') ?? []), ...twice(places)];
  if (wrong.length > 0) return blocked(looker, wrong);
  const folders = [...toMake(args, base), ...inside.flatMap(place => folderWork(args, place) ?? [])];
  return compared(args, looker, { wants, places, folders });
}

function wrongFolder(place: FileLook): string | null {
  if (place.kind === 'directory' || place.kind === 'absent') return null;
  if (place.kind === 'link') return `${place.path} is a symbolic link that leads to no directory`;
  return notThere(place) ?? `${place.path} is ${KIND_WORDS[place.kind]}, and a directory should be there`;
}

function wrongFile({ force }: FolderArgs, place: FileLook, path: string): string | null {
  if (place.kind === 'absent' && place.links === 0) return null;
  if (place.kind === 'directory') return `${path} is a directory, and a file should be there`;
  const way = inTheWay(place, path);
  return way !== null || !force ? way : unreadable(place);
}

/** Links may lead two names to one file, which can't hold both. */
function twice(places: readonly FileLook[]): readonly string[] {
  const paths = places.map(({ path }) => path);
  return paths.filter((path, n) => paths.indexOf(path) !== n).map(path => `two of the files lead to ${path}`);
}

type Behind =
  | { readonly is: 'places'; readonly places: readonly FileLook[] }
  | Extract<Awaited<ReturnType<typeof lookAt>>, { readonly is: 'no' }>;

/** A link at a file's place stays, and what it leads to is replaced: each is asked for by itself. */
async function behindLinks(looker: Looker, looks: readonly FileLook[]): Promise<Behind> {
  const places: FileLook[] = [];
  for (const look of looks) {
    const answer = look.kind === 'link' ? await lookAt(looker, look.path, { follow: true, want: 'digest' }) : null;
    if (answer?.is === 'no') return answer;
    const place = answer?.value ?? look;
    places.push(place.bytes === null ? place : { ...place, sha256: sha256(place.bytes) });
  }
  return { is: 'places', places };
}

const forFolders = ({ directory_mode: mode, owner, group }: FolderArgs) => ({ mode, owner, group });

/** The folder itself, with those above it. */
function toMake(args: FolderArgs, base: FileLook): readonly FolderWork[] {
  if (base.kind === 'directory') return [];
  const paths = Array.from({ length: base.missing }, (_, up) => nearestOf({ path: base.path, missing: up }));
  return paths.toReversed().map(path => newFolder(args, path));
}

function newFolder(args: FolderArgs, path: string): FolderWork {
  const { mode, owner, group } = forFolders(args);
  const octets = mode === null ? null : modeAfter(mode, 0o755, true);
  return { path, make: true, mode: octets, owner: ownerWords(owner, group), before: null, text: 'a new directory' };
}

function folderWork(args: FolderArgs, place: FileLook): FolderWork | null {
  if (place.kind === 'absent') return newFolder(args, place.path);
  if (place.attributes === null) return null;
  const repair = repairOf(forFolders(args), place.attributes, true);
  if (isSound(repair)) return null;
  const { mode, uid, gid } = place.attributes;
  const before: Before = { is: 'attributes', mode, uid, gid };
  // A / at its end: it may be a link to the folder.
  return { path: `${place.path}/`, make: false, ...repair, before, text: repairText(repair, place.attributes) };
}

interface Sides {
  readonly wants: readonly Want[];
  readonly places: readonly FileLook[];
  readonly folders: readonly FolderWork[];
}

async function compared(
  args: FolderArgs,
  looker: Looker,
  { wants, places, folders }: Sides,
): Promise<Found<FolderSeen>> {
  const unknown = places.filter(place => place.kind === 'file' && place.sha256 === null && args.force);
  const digests = new Map<string, string>();
  const silent = await eachContent(looker, unknown, async ({ path }, bytes) => {
    digests.set(path, sha256(bytes));
    return Promise.resolve();
  });
  if (silent !== null) return without(looker, silent);
  const files = wants.map((want, n) => {
    const place = places[n];
    if (place === undefined) throw new Error(`nothing was seen of ${want.path}`);
    return fileWork(args, want, { ...place, sha256: place.sha256 ?? digests.get(place.path) ?? null }, markOf(looker));
  });
  const seen: FolderSeen = {
    mark: markOf(looker),
    files: files.map(one => ({ ...one })),
    folders: folders.map(one => ({ ...one })),
  };
  const todo = files.filter(({ act }) => act !== 'none');
  if (todo.length === 0 && folders.length === 0) return { is: 'done', seen, text: `${args.dest} is as it should be` };
  const told = await kept(args, looker, { places, todo, folders });
  if (told !== null) return without(looker, told);
  return { is: 'todo', seen, text: few(inWords(args, folders, todo), '') };
}

function without(looker: Looker, content: NonNullable<Awaited<ReturnType<typeof eachContent>>>): Found<FolderSeen> {
  if (content.is === 'blocked') return blocked(looker, [content.why]);
  return { is: 'no-answer', refusal: content.answer.refusal };
}

/** What is to be replaced is in the keep before anything is changed; and --diff shows each. */
async function kept(
  args: FolderArgs,
  looker: Looker,
  { places, todo, folders }: { readonly todo: readonly FileWork[] } & Pick<Sides, 'places' | 'folders'>,
): ReturnType<typeof eachContent> {
  for (const { path, text } of folders)
    await tellDiff(looker, { path: baseOf({ dest: path }), before: null, after: null, attributes: text });
  const works = new Map(todo.map(work => [work.at, work]));
  for (const work of todo) if (work.before.is !== 'file') await diffOf(args, looker, work, null);
  const old = places.filter(({ path }) => works.get(path)?.before.is === 'file');
  return eachContent(looker, old, async ({ path }, bytes) => {
    const work = works.get(path);
    await looker.keep.put(bytes);
    if (work !== undefined) await diffOf(args, looker, work, bytes);
  });
}

async function diffOf(args: FolderArgs, looker: Looker, work: FileWork, before: Uint8Array | null): Promise<void> {
  if (!looker.diff) return;
  const after = work.act === 'attributes' ? before : await looker.localFile(localOf(args, work.path));
  await tellDiff(looker, { path: work.path, before, after, attributes: work.text });
}

const VERBS = { none: 'leave', write: 'replace', attributes: 'change' } as const;

function inWords({ dest }: FolderArgs, folders: readonly FolderWork[], todo: readonly FileWork[]): readonly string[] {
  const base = baseOf({ dest });
  const made = folders.map(one => (one.make ? `make ${one.path}` : `change ${one.path} (${one.text})`));
  const named = ({ path }: FileWork): string => path.slice(base.length + 1);
  const how = (one: FileWork): string => (one.text === '' ? '' : ` (${one.text})`);
  const written = todo.map(one => `${one.before.is === 'absent' ? 'create' : VERBS[one.act]} ${named(one)}${how(one)}`);
  return [...made, ...(written.length === 0 ? [] : [`in ${dest}: ${written[0] ?? ''}`, ...written.slice(1)])];
}

/** One file against its place. */
function fileWork(args: FolderArgs, want: Want, place: FileLook, mark: string): FileWork {
  const file = {
    path: want.path,
    at: place.path,
    size: want.size,
    digest: want.digest,
    backup: '',
    text: '',
    oldSize: place.size,
  };
  const there = place.attributes;
  if (place.kind !== 'file' || there === null) {
    const { mode, owner } = newFile(args);
    return { ...file, act: 'write', before: { is: 'absent', folders: 0 }, mode, owner };
  }
  const before = beforeOf(place, place.sha256 ?? '') ?? { is: 'absent', folders: 0 };
  const repair: Repair = repairOf(args, there, false);
  const isSame = place.sha256 === want.digest;
  if (!args.force || (isSame && isSound(repair))) return { ...file, act: 'none', before, mode: null, owner: '' };
  const text = repairText(repair, there);
  if (isSame) return { ...file, act: 'attributes', before, mode: repair.mode, owner: repair.owner, text };
  return {
    ...{ ...file, act: 'write', before, text, owner: ownerOf({ before, chown: repair.owner }) },
    mode: repair.mode ?? (isPlain(there.mode) ? null : there.mode),
    backup: args.backup ? `${place.path}.${mark}~` : '',
  };
}

/** Where only mode and owner change, only they go back. */
function folderUndo({ dest }: FolderArgs, { mark, files, folders }: FolderSeen): Undo {
  const changed = files.flatMap(one => owedFor(one));
  const repaired = folders.flatMap(({ path, before }) => (before === null ? [] : [{ path, before, wrote: null }]));
  const made = folders.flatMap(({ path, make }) => (make ? [path] : []));
  return undoSteps(['copy', { dest, restore: { is: 'tree', mark, files: [...changed, ...repaired], folders: made } }]);
}

function owedFor({ act, at, before, digest, backup, oldSize: size }: FileWork): readonly JsonObject[] {
  if (act === 'none') return [];
  if (act === 'attributes' && before.is === 'file') {
    const { mode, uid, gid } = before;
    return [{ path: at, before: { is: 'attributes', mode, uid, gid }, wrote: null }];
  }
  const own = { path: at, before, wrote: { is: 'file', digest }, size };
  if (backup === '' || before.is !== 'file') return [own];
  return [own, { path: backup, before: { is: 'absent' }, wrote: { is: 'file', digest: before.digest } }];
}

async function folderApplied(args: FolderArgs, seen: FolderSeen, doer: Doer): Promise<Applied> {
  const wants = seen.files.map(({ path, size, digest }) => ({ path, size, digest }));
  const done = await applyTree(doer, {
    ...{ ...seen, dest: args.dest, validate: args.validate, look: wishOf(args) },
    async bytesOf({ path }) {
      const local = localOf(args, path);
      return (await doer.localFile(local)) ?? `no such file beside the playbook: ${local}`;
    },
  });
  if (done.is === 'refused') return done;
  if (done.looks === null) return { is: 'applied', reply: {} };
  return { is: 'applied-and-seen', reply: {}, checked: await judged(args, doer, { wants, looks: done.looks }) };
}

function folderResult(args: FolderArgs, before: FolderSeen, after: FolderSeen, reply: JsonObject | null): JsonObject {
  const written = reply === null ? [] : before.files.filter(({ act }) => act !== 'none').map(({ path }) => path);
  return {
    ...{ changed: reply !== null, failed: false, skipped: false, dest: args.dest, files: written },
    ...{ checksum: '', owner: '', group: '', backup_file: '' },
    mode: args.mode === null ? '' : octal(modeAfter(args.mode, 0o644, false)),
    size: after.files.reduce((sum, { size }) => sum + size, 0),
  };
}
