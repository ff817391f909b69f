// What all steps share that put content into a file: copy, template, lineinfile. The old content is kept on this side
// before anything is changed, so that the undo can bring it back byte for byte. A link stays, and the file it leads to is
// replaced.
import * as z from 'zod';
import type { Undo } from '../model/action.ts';
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer, Looker, Step } from '../model/step.ts';
import { type NewFile, octal, setAttributes } from '../solaris/file-change.ts';
import type { Attributes, FileLook } from '../solaris/file-look.ts';
import type { JsonObject } from '../text/json.ts';
import { wordsOfLine } from '../text/words.ts';
import { attributeFields, isSound, modeAfter, ownerWords, type Repair, repairOf, repairText } from './attributes.ts';
import { objection } from './doubt.ts';
import { tellDiff } from './file-diff.ts';
import { change, contentOf, inTheWay, lookAt, markOf, sha256, writeFile } from './place.ts';
import { type Before, beforeOf } from './restore.ts';
import { type Found, type Shape, stepOf, undoSteps } from './shape.ts';

export const writtenFields = () => ({
  ...attributeFields(),
  backup: z
    .boolean()
    .default(false)
    .describe('leave the old content beside the file, too, under a name with the run in it and a ~ at its end'),
  validate: z
    .string()
    .refine(
      words => words.includes('%s') && wordsOfLine(words).length > 0,
      'a command with %s where the new file stands',
    )
    .nullable()
    .default(null)
    .describe('a command that must accept the new content before it counts; %s is the file that holds it'),
});

export const writtenReturns = () => ({
  dest: z.string().describe('the path as given'),
  checksum: z.string().describe('sha256 of the new content'),
  mode: z.string(),
  owner: z.string(),
  group: z.string(),
  size: z.number(),
  backup_file: z.string().describe('where the old content lies as well; empty without backup'),
});

export interface Written extends JsonObject {
  readonly mode: string | number | null;
  readonly owner: string | null;
  readonly group: string | null;
  readonly backup: boolean;
  readonly validate: string | null;
}

export interface Seen extends JsonObject {
  /** Behind links. */
  readonly path: string;
  readonly before: Before;
  /** Of the content that should be there; null: the step says there is nothing to do. */
  readonly digest: string;
  readonly size: number;
  /** As they should be. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** For chown; empty: nobody is asked. */
  readonly chown: string;
  readonly sameContent: boolean;
  readonly backup: string;
  readonly note: string;
}

/** What should be in the file. `enough`: what is there will do, whatever it is. */
export type Wanted =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array; readonly note: string }
  | { readonly is: 'enough'; readonly text: string }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'no'; readonly answer: Extract<Answer<never>, { readonly is: 'no' }> };

export interface Content<A> {
  readonly pathOf: (args: A) => string;
  /** Asked for the old content only where it matters; null: no file is there. */
  readonly wanted: (args: A, looker: Looker, old: Uint8Array | null) => Promise<Wanted>;
  readonly needsOld: boolean;
  readonly extra?: (args: A, seen: Seen) => JsonObject;
}

export type Words<A extends JsonObject> = Pick<Shape<A, Seen>, 'name' | 'summary' | 'args' | 'returns' | 'say'> &
  Partial<Pick<Shape<A, Seen>, 'born' | 'templateFiles' | 'localFile' | 'notOurs'>>;

const TEN_MINUTES = 600_000;

export function writtenStep<A extends Written>(words: Words<A>, content: Content<A>): Step {
  return stepOf<A, Seen>({
    ...words,
    // It is read as words: a value in it must stay one.
    shellArguments: ['validate'],
    needsFacts: false,
    limitMs: () => TEN_MINUTES,
    foresee: () => ({ is: 'unknown', why: 'the file is compared when its turn comes' }),
    check: (args, looker) => writtenFound(args, content, looker),
    undo: (_args, seen) => undoOf(seen),
    apply: (args, seen, doer) => writtenApplied(args, seen, { content, doer }),
    result: (args, before, after, reply) => ({
      ...{ changed: reply !== null, failed: false, skipped: false },
      ...{ dest: content.pathOf(args), checksum: after.digest, mode: octal(after.mode), size: after.size },
      ...{ owner: after.owner, group: after.group, backup_file: reply === null ? '' : before.backup },
      ...content.extra?.(args, before),
    }),
  });
}

const NOBODY: Attributes = { mode: 0o644, uid: 0, gid: 0, owner: '', group: '' };

async function writtenFound<A extends Written>(args: A, content: Content<A>, looker: Looker): Promise<Found<Seen>> {
  const answer = await lookAt(looker, content.pathOf(args), { follow: true, want: 'digest' });
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  return foundAt(args, content, looker, answer.value);
}

async function foundAt<A extends Written>(
  args: A,
  content: Content<A>,
  looker: Looker,
  place: FileLook,
): Promise<Found<Seen>> {
  const path = content.pathOf(args);
  const way = inTheWay(place, path);
  if (way !== null) return { is: 'blocked', seen: unseen(place), why: way };
  const old = await oldContent(looker, place, content.needsOld);
  if (old.is === 'no') return { is: 'no-answer', refusal: old.answer.refusal };
  if (old.is === 'blocked') return { is: 'blocked', seen: unseen(place), why: old.why };
  const wanted = await content.wanted(args, looker, old.bytes);
  if (wanted.is === 'no') return { is: 'no-answer', refusal: wanted.answer.refusal };
  if (wanted.is === 'blocked') return { is: 'blocked', seen: unseen(place), why: wanted.why };
  if (wanted.is === 'enough') return { is: 'done', seen: unseen(place), text: wanted.text };
  return compared(args, { path, place, wanted, old: old.bytes }, looker);
}

function unseen(place: FileLook): Seen {
  const { mode, owner, group } = place.attributes ?? NOBODY;
  const before: Before = { is: 'absent', folders: 0 };
  const same = { size: place.size, mode, owner, group, chown: '', sameContent: true, backup: '', note: '' };
  return { path: place.path, before, digest: place.sha256 ?? (place.bytes ? sha256(place.bytes) : ''), ...same };
}

type Old =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array | null }
  | Exclude<Awaited<ReturnType<typeof contentOf>>, { readonly is: 'bytes' }>;

/** The digest will do to compare with, where the content isn't needed to make the new one. */
async function oldContent(looker: Looker, place: FileLook, needed: boolean): Promise<Old> {
  if (place.kind !== 'file') return { is: 'bytes', bytes: null };
  if (!needed && place.sha256 !== null) return { is: 'bytes', bytes: null };
  return contentOf(looker, place);
}

interface Case {
  readonly path: string;
  readonly place: FileLook;
  readonly wanted: Extract<Wanted, { readonly is: 'bytes' }>;
  readonly old: Uint8Array | null;
}

async function compared(args: Written, { path, place, wanted, old }: Case, looker: Looker): Promise<Found<Seen>> {
  const digest = sha256(wanted.bytes);
  const was = place.kind === 'file' ? (place.sha256 ?? sha256(old ?? new Uint8Array())) : '';
  const sameContent = place.kind === 'file' && was === digest;
  const there = place.attributes ?? NOBODY;
  const repair = place.attributes === null ? newFile(args) : repairOf(args, there, false);
  const mode = repair.mode ?? there.mode;
  const seen: Seen = {
    ...{ path: place.path, before: beforeOf(place, was) ?? { is: 'absent', folders: 0 }, digest, mode, sameContent },
    ...{ owner: there.owner, group: there.group, chown: repair.owner, size: wanted.bytes.length, note: wanted.note },
    backup: args.backup && place.kind === 'file' && !sameContent ? `${place.path}.${markOf(looker)}~` : '',
  };
  if (sameContent && isSound(repair)) return { is: 'done', seen, text: `${path} is as it should be` };
  const kept = await keepOld(looker, place, old);
  if (kept.is === 'no') return { is: 'no-answer', refusal: kept.answer.refusal };
  if (kept.is === 'blocked') return { is: 'blocked', seen, why: kept.why };
  const attributes = place.attributes === null ? '' : repairText(repair, there);
  await tellDiff(looker, { path, before: kept.bytes, after: wanted.bytes, attributes });
  const what = place.kind === 'file' ? (sameContent ? `change ${path}` : `replace ${path}`) : `create ${path}`;
  const how = [sameContent ? '' : `${wanted.bytes.length} bytes`, attributes].filter(one => one !== '');
  return { is: 'todo', seen, text: `${what} (${how.join(', ')})` };
}

export const newFile = (args: Pick<Written, 'mode' | 'owner' | 'group'>): Repair => ({
  mode: args.mode === null ? null : modeAfter(args.mode, NOBODY.mode, false),
  owner: ownerWords(args.owner, args.group),
});

async function keepOld(looker: Looker, place: FileLook, old: Uint8Array | null): Promise<Old> {
  if (place.kind !== 'file') return { is: 'bytes', bytes: null };
  const content = old === null ? await contentOf(looker, place) : { is: 'bytes' as const, bytes: old };
  if (content.is === 'bytes') await looker.keep.put(content.bytes);
  return content;
}

/** Where only mode and owner change, only they go back, whatever is written into the file meanwhile. */
function undoOf({ path, before, backup, digest, sameContent }: Seen): Undo {
  if (sameContent && before.is === 'file') {
    const { mode, uid, gid } = before;
    return undoSteps(['copy', { dest: path, restore: { is: 'attributes', mode, uid, gid } }]);
  }
  const back = ['copy', { dest: path, restore: before, wrote: { is: 'file', digest } }] as const;
  if (backup === '' || before.is !== 'file') return undoSteps(back);
  const wrote = { is: 'file', digest: before.digest };
  return undoSteps(back, ['copy', { dest: backup, restore: { is: 'absent' }, wrote }]);
}

interface Hand<A> {
  readonly content: Content<A>;
  readonly doer: Doer;
}

async function writtenApplied<A extends Written>(args: A, seen: Seen, { content, doer }: Hand<A>): Promise<Applied> {
  const what = `write ${seen.path}`;
  const { before } = seen;
  const mode = before.is === 'file' && before.mode === seen.mode ? null : seen.mode;
  if (seen.sameContent) return change(doer, what, setAttributes(seen.path, seen.chown, mode));
  const old = before.is === 'file' && content.needsOld ? await doer.keep.get(before.digest) : null;
  const wanted = await content.wanted(args, doer, old);
  if (wanted.is === 'no') return { is: 'refused', refusal: wanted.answer.refusal };
  // It was otherwise when it was looked at: whoever was faster is left in peace, and what is gone fails this task alone.
  if (wanted.is === 'enough') return { is: 'applied', reply: {} };
  if (wanted.is === 'blocked') return objection(what, wanted.why);
  const file: NewFile = {
    ...{ path: seen.path, bytes: wanted.bytes, mark: markOf(doer), backup: seen.backup, owner: ownerOf(seen) },
    mode: mode ?? (isPlain(seen.mode) ? null : seen.mode),
    validate: args.validate === null ? [] : wordsOfLine(args.validate),
  };
  const written = await writeFile(doer, what, file, content.pathOf(args));
  if (written.is === 'no') return { is: 'refused', refusal: written.refusal };
  if (written.value === null) return { is: 'applied', reply: {} };
  return { is: 'applied-and-seen', reply: {}, checked: await foundAt(args, content, doer, written.value) };
}

/** Its owner may write it, and writing takes nothing away: such a mode survives the writing. */
export const isPlain = (mode: number): boolean => (mode & 0o7200) === 0o200;

/** The old one's where nothing is said: a copy made by another user would be that user's. */
export function ownerOf({ before, chown }: Pick<Seen, 'before' | 'chown'>): string {
  if (before.is !== 'file' || before.uid === null || before.gid === null) return chown;
  const [owner = '', group = ''] = chown.split(':');
  return `${owner === '' ? before.uid : owner}:${group === '' ? before.gid : group}`;
}
