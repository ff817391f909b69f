// file: what lies at a path, and whose it is: a directory, a link, an empty file, nothing. Content is for copy and
// lineinfile. What it takes away it keeps on this side first; a directory with something in it can't be kept, so that
// takes a word of its own and has no undo.
import { posix } from 'node:path';
import { z } from 'zod';
import type { Undo } from '../model/action.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import { makeEmpty, makeFolders, makeLink, octal, remove, setAttributes } from '../solaris/file-change.ts';
import type { FileLook } from '../solaris/file-look.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { attributeFields, isSound, modeAfter, ownerWords, type Repair, repairOf, repairText } from './attributes.ts';
import { tellDiff } from './file-diff.ts';
import { SELINUX } from './not-ours.ts';
import {
  called,
  change,
  contentOf,
  KIND_WORDS,
  lookAt,
  nearestOf,
  notThere,
  pathField,
  plainPath,
  sha256,
} from './place.ts';
import { program } from './ran.ts';
import { type Before, beforeOf } from './restore.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';

const fileArgs = z
  .strictObject({
    path: pathField('where on the host'),
    state: z
      .enum(['file', 'directory', 'absent', 'link', 'hard', 'touch'])
      .nullable()
      .default(null)
      .describe(
        'file: must be there; directory: made with those above it; absent: nothing is there; link, hard: leads to src; touch: an empty file unless one is there; none given: whatever is there',
      ),
    src: z.string().min(1).nullable().default(null).describe('what a link leads to'),
    force: z.boolean().default(false).describe('a link may lead to nothing, and may take the place of a file'),
    recurse: z
      .boolean()
      .default(false)
      .describe('with state: absent, a directory goes with everything in it; this has no undo'),
    ...attributeFields,
  })
  .refine(
    args => (args.src !== null) === (args.state === 'link' || args.state === 'hard'),
    'src goes with state: link or hard, and they with it',
  )
  .refine(args => args.state !== 'hard' || args.src?.startsWith('/'), 'src of a hard link is an absolute path')
  .refine(
    args => !args.recurse || args.state === 'absent',
    'recurse goes with state: absent; for owners use "command: chown -R ..." with an undo',
  )
  .refine(
    args =>
      !['absent', 'link', 'hard'].includes(args.state ?? '') ||
      [args.mode, args.owner, args.group].every(one => one === null),
    'mode, owner and group have no meaning for what is a link or absent',
  );
type FileArgs = z.infer<typeof fileArgs>;

/** What is to be done; `none`: nothing. */
type Act =
  | { readonly is: 'none' }
  | { readonly is: 'attributes'; readonly mode: number | null; readonly owner: string }
  | { readonly is: 'folders'; readonly paths: readonly string[]; readonly mode: number | null; readonly owner: string }
  | { readonly is: 'empty'; readonly mode: number; readonly owner: string }
  | { readonly is: 'remove'; readonly deep: boolean }
  | { readonly is: 'link'; readonly replace: boolean };

interface Seen extends JsonObject {
  readonly path: string;
  readonly act: Act & JsonObject;
  /** null: it can't be put back. */
  readonly before: Before | null;
  readonly kind: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
}

type Decided =
  | { readonly is: 'done'; readonly text: string }
  | { readonly is: 'todo'; readonly text: string; readonly act: Act; readonly before: Before | null }
  | { readonly is: 'blocked'; readonly why: string }
  | Extract<Found<Seen>, { readonly is: 'no-answer' }>;

export const file = stepOf<FileArgs & JsonObject, Seen>({
  name: 'file',
  summary: 'make a directory, a link or an empty file, set mode and owner, or remove',
  args: fileArgs,
  returns: z.object({
    path: z.string(),
    state: z.string().describe('file, directory, link or absent'),
    mode: z.string(),
    owner: z.string(),
    group: z.string(),
    size: z.number(),
  }),
  notOurs: {
    ...SELINUX,
    dest: 'write "path"',
    name: 'write "path"',
    follow: 'leave it out: with state: link the link itself is meant, otherwise what it leads to',
    modification_time: 'leave it out, or use "command: touch -t ..."',
    modification_time_format: 'leave it out',
    access_time: 'leave it out, or use "command: touch -a -t ..."',
    access_time_format: 'leave it out',
    unsafe_writes: 'leave it out: a file is replaced whole or not at all',
  },
  needsFacts: false,
  limitMs: () => 600_000,
  say: args => (args.state === null ? `mode and owner of ${args.path}` : `${args.path}: ${args.state}`),
  foresee: () => ({ is: 'unknown', why: 'it is looked at when its turn comes' }),
  check: fileFound,
  undo: (_args, seen) => undoOf(seen),
  apply: (args, seen, doer) => fileApplied(args, seen, doer),
  result: (args, _before, after, reply) => ({
    ...{ changed: reply !== null, failed: false, skipped: false, path: args.path, state: after.kind },
    ...{ mode: after.mode, owner: after.owner, group: after.group, size: after.size },
  }),
});

/** Only what is made or removed as a link is meant itself; everything else goes to what it leads to. */
const follows = ({ state }: FileArgs): boolean => !['absent', 'link', 'hard'].includes(state ?? '');

async function fileFound(args: FileArgs, looker: Looker): Promise<Found<Seen>> {
  const want = args.state === 'absent' || args.force ? 'digest' : 'attributes';
  const answer = await lookAt(looker, args.path, { follow: follows(args), want });
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const place = answer.value;
  const decided = await decide(args, place, looker);
  const none = { is: 'none' } as const;
  switch (decided.is) {
    case 'no-answer':
      return decided;
    case 'blocked':
      return { is: 'blocked', seen: seenOf(place, none, null), why: decided.why };
    case 'done':
      return { is: 'done', seen: seenOf(place, none, null), text: decided.text };
    case 'todo':
      return { is: 'todo', seen: seenOf(place, decided.act, decided.before), text: decided.text };
    default:
      return never(decided);
  }
}

function seenOf(place: FileLook, act: Act, before: Before | null): Seen {
  const { mode, owner, group } = place.attributes ?? { mode: 0, owner: '', group: '' };
  const kind = place.attributes === null ? 'absent' : place.kind;
  return { path: place.path, act, before, kind, mode: octal(mode), owner, group, size: place.size };
}

async function decide(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  const { state } = args;
  switch (state) {
    case 'absent':
      return toRemove(args, place, looker);
    case 'link':
    case 'hard':
      return toLink(args, place, looker);
    case 'directory':
      return toFolder(args, place, looker);
    case 'touch':
      return place.kind === 'absent' ? toEmpty(args, place) : toRepair(args, place, looker);
    case 'file':
    case null:
      if (state === 'file' && place.attributes !== null && place.kind !== 'file')
        return { is: 'blocked', why: `${args.path} is ${KIND_WORDS[place.kind]}, not an ordinary file` };
      return toRepair(args, place, looker);
    default:
      return never(state);
  }
}

async function toRepair(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  const missing = notThere(place);
  if (missing !== null || place.attributes === null) return { is: 'blocked', why: missing ?? '' };
  const repair = repairOf(args, place.attributes, place.kind === 'directory');
  if (isSound(repair)) return { is: 'done', text: `${args.path} is as it should be` };
  const { mode, uid, gid } = place.attributes;
  const attributes = repairText(repair, place.attributes);
  await tellDiff(looker, { path: args.path, before: null, after: null, attributes });
  return {
    ...{ is: 'todo', text: `change ${args.path} (${attributes})`, act: { is: 'attributes', ...repair } },
    before: { is: 'attributes', mode, uid, gid },
  };
}

async function toFolder(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  if (place.kind === 'directory') return toRepair(args, place, looker);
  if (place.kind !== 'absent' || place.links > 0)
    return { is: 'blocked', why: `${args.path} is ${KIND_WORDS[place.kind]}: nothing is put in its place` };
  const paths = Array.from({ length: place.missing }, (_, up) =>
    nearestOf({ path: place.path, missing: up }),
  ).toReversed();
  const act: Act = { is: 'folders', paths, ...fresh(args, 0o755, true) };
  await tellDiff(looker, { path: args.path, before: null, after: null, attributes: 'a new directory' });
  return { is: 'todo', text: `make ${paths.join(', ')}`, act, before: { is: 'absent', folders: place.missing } };
}

function fresh(args: FileArgs, standard: number, isFolder: boolean): Repair {
  const mode = args.mode === null ? null : modeAfter(args.mode, standard, isFolder);
  return { mode, owner: ownerWords(args.owner, args.group) };
}

function toEmpty(args: FileArgs, place: FileLook): Decided {
  if (place.missing > 1 || place.links > 0) return { is: 'blocked', why: notThere(place) ?? '' };
  const { mode, owner } = fresh(args, 0o644, false);
  const act: Act = { is: 'empty', mode: mode ?? 0o644, owner };
  return { is: 'todo', text: `make an empty file ${args.path}`, act, before: { is: 'absent', folders: 0 } };
}

async function toRemove(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  if (place.kind === 'locked') return { is: 'blocked', why: notThere(place) ?? '' };
  if (place.attributes === null) return { is: 'done', text: `${args.path} isn't there` };
  if (place.path === '/') return { is: 'blocked', why: '/ is not removed' };
  if (place.kind === 'directory') return toRemoveFolder(args, place, looker);
  const kept = await keptBefore(place, looker);
  if ('is' in kept && (kept.is === 'blocked' || kept.is === 'no-answer')) return kept;
  await tellDiff(looker, { path: args.path, before: place.bytes, after: null, attributes: 'removed' });
  return { is: 'todo', text: `remove ${args.path}`, act: { is: 'remove', deep: false }, before: kept.before };
}

async function toRemoveFolder(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  const listed = called(`look into ${place.path}`, await looker.ask(program(['/usr/bin/ls', '-A', place.path], false)));
  if (listed.is === 'no') return { is: 'no-answer', refusal: listed.refusal };
  const count = listed.value.stdout === '' ? 0 : listed.value.stdout.trimEnd().split('\n').length;
  if (count > 0 && !args.recurse)
    return {
      is: 'blocked',
      why: `${args.path} isn't empty (${count}): "recurse: yes" removes it with all that is in it, without undo`,
    };
  await tellDiff(looker, {
    path: args.path,
    before: null,
    after: null,
    attributes: `directory removed, with ${count} in it`,
  });
  const before = count === 0 ? beforeOf(place, '') : null;
  return { is: 'todo', text: `remove ${args.path} with ${count} in it`, act: { is: 'remove', deep: true }, before };
}

type Kept =
  | { readonly is: 'kept'; readonly before: Before | null }
  | Extract<Decided, { readonly is: 'blocked' | 'no-answer' }>;

/** A file's content is in the keep before anything is taken away. */
async function keptBefore(place: FileLook, looker: Looker): Promise<Kept> {
  if (place.kind !== 'file') return { is: 'kept', before: beforeOf(place, '') };
  const content = await contentOf(looker, place);
  if (content.is === 'no') return { is: 'no-answer', refusal: content.answer.refusal };
  if (content.is === 'blocked') return content;
  await looker.keep.put(content.bytes);
  return { is: 'kept', before: beforeOf(place, sha256(content.bytes)) };
}

async function toLink(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  const target = args.src ?? '';
  const wrong = await sourceProblem(args, place, looker);
  if (wrong.is === 'no-answer' || wrong.is === 'blocked') return wrong;
  if (wrong.is === 'same') return { is: 'done', text: `${args.path} leads to ${target}` };
  const inTheWay = wayOfLink(args, place);
  if (inTheWay !== null) return { is: 'blocked', why: inTheWay };
  const kept = await keptBefore(place, looker);
  if (kept.is !== 'kept') return kept;
  const attributes = `${place.kind === 'link' ? `link to ${place.target ?? ''}` : KIND_WORDS[place.kind]} -> link to ${target}`;
  await tellDiff(looker, { path: args.path, before: null, after: null, attributes });
  const act: Act = { is: 'link', replace: place.kind !== 'absent' };
  return { is: 'todo', text: `link ${args.path} to ${target}`, act, before: kept.before };
}

function wayOfLink(args: FileArgs, place: FileLook): string | null {
  const { kind, missing, path } = place;
  if (kind === 'absent') return missing === 1 ? null : `the directory ${posix.dirname(path)} isn't there`;
  if (kind === 'link') return null;
  if (kind === 'file' && args.force) return null;
  if (kind === 'file') return `${args.path} is an ordinary file: "force: yes" puts the link in its place`;
  return notThere(place) ?? `${args.path} is ${KIND_WORDS[kind]}: nothing is put in its place`;
}

type Source = { readonly is: 'same' | 'other' } | Extract<Decided, { readonly is: 'blocked' | 'no-answer' }>;

/** Is the link there already, and does it lead anywhere? */
async function sourceProblem(args: FileArgs, place: FileLook, looker: Looker): Promise<Source> {
  const target = args.src ?? '';
  if (args.state === 'link' && place.kind === 'link' && place.target === target) return { is: 'same' };
  if (args.state === 'link' && args.force) return { is: 'other' };
  const path = posix.resolve(posix.dirname(plainPath(args.path)), target);
  const answer = await lookAt(looker, path, { follow: true, want: 'attributes' });
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const source = answer.value;
  if (source.attributes === null) {
    const way = args.state === 'link' ? ': "force: yes" makes the link all the same' : '';
    return { is: 'blocked', why: `src: ${notThere(source) ?? ''}${way}` };
  }
  if (args.state === 'link') return { is: 'other' };
  if (source.kind !== 'file')
    return { is: 'blocked', why: `src: ${path} is ${KIND_WORDS[source.kind]}, which can't have a hard link` };
  const same = await looker.ask(program(['/bin/sh', '-c', '[ "$1" -ef "$2" ]', 'sh', path, place.path], false));
  if (same.is === 'no') return { is: 'no-answer', refusal: same.refusal };
  return { is: place.kind === 'file' && same.value.rc === 0 ? 'same' : 'other' };
}

function undoOf(seen: Seen): Undo {
  if (seen.before === null) return { is: 'left', why: `${seen.path} was removed with what was in it` };
  return undoSteps(['copy', { dest: seen.path, restore: seen.before }]);
}

function fileApplied(args: FileArgs, { path, act }: Seen, doer: Doer): Promise<Applied> {
  switch (act.is) {
    case 'attributes':
      return change(doer, `change ${path}`, setAttributes(path, act.owner, act.mode));
    case 'folders':
      return change(doer, `make ${path}`, makeFolders(act.paths, act.owner, act.mode));
    case 'empty':
      return change(doer, `make ${path}`, makeEmpty(path, act.owner, act.mode));
    case 'remove':
      return change(doer, `remove ${path}`, remove(path, { deep: act.deep }));
    case 'link': {
      const link = { path, target: args.src ?? '', hard: args.state === 'hard' };
      return change(doer, `link ${path}`, makeLink(link, { replace: act.replace }));
    }
    case 'none':
      throw new Error(`applied although there was nothing to do: ${path}`);
    default:
      return never(act);
  }
}
