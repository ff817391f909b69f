// The undo of a copied folder: every file as it was, and the folders that were made gone, unless somebody put something
// into them. File by file it is what restore.ts says of one; what somebody else wrote since stays, and is told.
import * as z from 'zod';
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import type { FileLook } from '../solaris/file-look.ts';
import { type Inside, lookInside, removeAll, removeEmpty, tidy } from '../solaris/tree-change.ts';
import { type FileWork, applyTree, type FolderWork } from './folder-work.ts';
import { inParts, lookAtAll, wordsIn } from './many-places.ts';
import { change } from './place.ts';
import type { JsonObject } from '../text/json.ts';
import { beforeSchema, idsOf, restoredAt, type State, wroteSchema } from './restore.ts';
import { type Found, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const fileSchema = z.lazy(() =>
  z.strictObject({
    path: z.string(),
    before: beforeSchema,
    wrote: wroteSchema.nullable(),
    /** Of the old content. */
    size: z.number().default(0),
  }),
);

export const folderBeforeSchema = z.lazy(() =>
  z.strictObject({
    is: z.literal('tree'),
    /** Of what a writing that was broken off left beside them. */
    mark: z.string().regex(/^[\w-]+$/),
    files: z.array(fileSchema),
    /** Those that were made, outermost first. */
    folders: z.array(z.string()),
  }),
);
type FolderBefore = z.infer<typeof folderBeforeSchema>;

type OwedFile = z.infer<typeof fileSchema>;

interface One {
  readonly owed: OwedFile;
  readonly state: Exclude<State, { readonly is: 'no' }>;
}

interface Seen {
  readonly states: readonly One[];
  /** Ours that hold nothing of anybody's. */
  readonly empty: readonly string[];
  readonly littered: readonly string[];
}

type FolderState =
  | { readonly is: 'todo' | 'done'; readonly text: string; readonly left: string; readonly seen: Seen }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'no'; readonly answer: Extract<Answer<never>, { readonly is: 'no' }> };

async function folderState(looker: Looker, dest: string, owed: FolderBefore): Promise<FolderState> {
  const paths = owed.files.map(({ path }) => path);
  const looks = await lookAtAll(looker, `look at ${dest}`, { paths, names: false, folders: true });
  if (looks.is === 'no') return { is: 'no', answer: looks };
  const states: One[] = [];
  for (const [n, one] of owed.files.entries()) {
    const state = await restoredAt(looker, lookOf(looks.value, n), one);
    if (state.is === 'no') return state;
    states.push({ owed: one, state });
  }
  const inside = await insideOf(looker, owed);
  return inside.is === 'no' ? { is: 'no', answer: inside } : stateOf(dest, owed, { states, ...inside.value });
}

function lookOf(looks: readonly FileLook[], n: number): FileLook {
  const look = looks[n];
  if (look === undefined) throw new Error('fewer looks than paths');
  return look;
}

/** Of the folders that were made, and of those in which something was written. */
async function insideOf(looker: Looker, owed: FolderBefore): Promise<Answer<Omit<Seen, 'states'>>> {
  const within = owed.files.map(({ path }) => path.slice(0, path.lastIndexOf('/')) || '/');
  const folders = [...new Set([...owed.folders, ...within])];
  const inside: Inside[] = [];
  for (const part of inParts(folders, path => ({ words: wordsIn(path), bytes: 0 }))) {
    const answer = await looker.ask(lookInside(owed.mark, part));
    if (answer.is === 'no') return answer;
    inside.push(...answer.value);
  }
  const empty = folders.filter((path, n) => owed.folders.includes(path) && inside[n]?.is === 'empty');
  return { is: 'ok', value: { empty, littered: folders.filter((_, n) => inside[n]?.isLittered === true) } };
}

function stateOf(dest: string, owed: FolderBefore, seen: Seen): FolderState {
  const { states, empty, littered } = seen;
  const left = states.flatMap(({ state }) => (state.is === 'left' ? [state.text] : [])).join('; ');
  const back = states.filter(({ state }) => state.is === 'to-restore').length;
  if (back + empty.length + littered.length > 0)
    return { is: 'todo', text: `put ${dest} back as it was (${back} of ${owed.files.length} files)`, left, seen };
  const why = states.flatMap(({ state }) => (state.is === 'blocked' ? [state.why] : []));
  if (why.length > 0) return { is: 'blocked', why: why.join('; ') };
  return { is: 'done', text: left === '' ? `${dest} is as it was` : left, left, seen };
}

/** Looks again: between the look and the change others are at work. */
async function restoreFolder(doer: Doer, dest: string, owed: FolderBefore): Promise<Applied> {
  const state = await folderState(doer, dest, owed);
  if (state.is === 'no') return { is: 'refused', refusal: state.answer.refusal };
  if (state.is !== 'todo') return { is: 'applied', reply: {} };
  const { states, littered } = state.seen;
  const back = states.flatMap(one => (one.state.is === 'to-restore' ? [one.owed] : []));
  const written = await applyTree(doer, {
    ...{ dest, mark: owed.mark, validate: null, look: null },
    ...{ files: back.flatMap(fileBack), folders: back.flatMap(attributesBack) },
    async bytesOf({ at, digest }) {
      return (await doer.keep.get(digest)) ?? `${at}: the old content (sha256 ${digest}) isn't in this run's keep`;
    },
  });
  if (written.is === 'refused') return written;
  const commands = [
    ...inParts(back.flatMap(goneAgain), path => ({ words: wordsIn(path), bytes: 0 })).map(removeAll),
    ...(littered.length > 0 ? [tidy(owed.mark, littered)] : []),
    ...inParts(owed.folders.toReversed(), path => ({ words: wordsIn(path), bytes: 0 })).map(removeEmpty),
  ];
  for (const command of commands) {
    const done = await change(doer, `put ${dest} back as it was`, command);
    if (done.is === 'refused') return done;
  }
  return { is: 'applied', reply: {} };
}

const goneAgain = ({ path, before }: OwedFile): readonly string[] => (before.is === 'absent' ? [path] : []);

function fileBack({ path, before, size }: OwedFile): readonly FileWork[] {
  if (before.is !== 'file') return [];
  const { digest, mode } = before;
  const none = { size, oldSize: 0, backup: '', text: '' };
  return [{ ...none, path, at: path, act: 'write', before, digest, mode, owner: idsOf(before) }];
}

function attributesBack({ path, before }: OwedFile): readonly FolderWork[] {
  if (before.is !== 'attributes') return [];
  return [{ path, make: false, mode: before.mode, owner: idsOf(before), before: null, text: '' }];
}

type BackArgs = { readonly dest: string; readonly restore: FolderBefore } & JsonObject;

interface BackSeen extends JsonObject {
  /** What stays as it is, and why; empty: nothing. */
  readonly left: string;
}

/** The undo's own form of copy. */
export const folderBack = stepOf<BackArgs, BackSeen>({
  name: 'copy',
  summary: '',
  args: () => z.custom<BackArgs>(),
  returns: () => z.object({}),
  needsFacts: false,
  limitMs: () => 600_000,
  say: args => `put ${args.dest} back as it was`,
  foresee: () => ({ is: 'unknown', why: 'the files are compared when their turn comes' }),
  check: (args, looker) => backFound(args, looker),
  undo: () => NOTHING_TO_UNDO,
  apply: (args, _seen, doer) => restoreFolder(doer, args.dest, folderBeforeSchema.parse(args.restore)),
  result: (args, _before, { left }, reply) => ({
    ...{ changed: reply !== null, failed: false, skipped: false, dest: args.dest },
    ...(left === '' ? {} : { left }),
  }),
});

async function backFound(args: BackArgs, looker: Looker): Promise<Found<BackSeen>> {
  const state = await folderState(looker, args.dest, folderBeforeSchema.parse(args.restore));
  if (state.is === 'no') return { is: 'no-answer', refusal: state.answer.refusal };
  if (state.is === 'blocked') return { is: 'blocked', seen: { left: '' }, why: state.why };
  return { is: state.is, seen: { left: state.left }, text: state.text };
}
