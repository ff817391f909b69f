// What is to be done for `file`, from what lies at the path: decided by looking, changing nothing. What would be taken
// away is in the keep before anybody acts on it.
import { posix } from 'node:path';
import * as z from 'zod';
import type { Refusal } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import type { Removal } from '../solaris/file-change.ts';
import type { FileLook } from '../solaris/file-look.ts';
import { never } from '../text/never.ts';
import { attributeFields, isSound, modeAfter, ownerWords, type Repair, repairOf, repairText } from './attributes.ts';
import { tellDiff } from './file-diff.ts';
import {
  contentOf,
  countIn,
  isSameFile,
  KIND_WORDS,
  lookAt,
  nearestOf,
  notThere,
  pathField,
  plainPath,
  sha256,
} from './place.ts';
import { type Before, beforeOf } from './restore.ts';

export const fileArgs = () =>
  z
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
      ...attributeFields(),
    })
    .refine(
      args => (args.src !== null) === (args.state === 'link' || args.state === 'hard'),
      'src goes with state: link or hard, and they with it',
    )
    .refine(args => args.state !== 'hard' || args.src?.startsWith('/'), 'src of a hard link is an absolute path')
    .refine(
      args => !args.recurse || args.state === 'absent',
      'recurse goes with state: absent; for a tree that is there write "command: chown -R ...", with an "undo:"',
    )
    .refine(
      args =>
        !['absent', 'link', 'hard'].includes(args.state ?? '') ||
        [args.mode, args.owner, args.group].every(one => one === null),
      'mode, owner and group have no meaning for what is a link or absent',
    );
export type FileArgs = z.infer<ReturnType<typeof fileArgs>>;

/** What is to be done; `none`: nothing. */
export type Act =
  | { readonly is: 'none' }
  | { readonly is: 'attributes'; readonly mode: number | null; readonly owner: string }
  | { readonly is: 'folders'; readonly paths: readonly string[]; readonly mode: number | null; readonly owner: string }
  | { readonly is: 'empty'; readonly mode: number; readonly owner: string }
  | { readonly is: 'remove'; readonly what: Removal }
  | { readonly is: 'link'; readonly replace: boolean };

export type Decided =
  | { readonly is: 'done'; readonly text: string }
  | { readonly is: 'todo'; readonly text: string; readonly act: Act; readonly before: Before | null }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'no-answer'; readonly refusal: Refusal };

export async function decide(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
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
  return { is: 'todo', text: `remove ${args.path}`, act: { is: 'remove', what: 'file' }, before: kept.before };
}

async function toRemoveFolder(args: FileArgs, place: FileLook, looker: Looker): Promise<Decided> {
  const inside = await countIn(looker, place.path);
  if (inside.is === 'no') return { is: 'no-answer', refusal: inside.refusal };
  const count = inside.value;
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
  const what = count === 0 ? 'empty' : 'whole';
  return { is: 'todo', text: `remove ${args.path} with ${count} in it`, act: { is: 'remove', what }, before };
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
  const same = await isSameFile(looker, path, place.path);
  if (same.is === 'no') return { is: 'no-answer', refusal: same.refusal };
  return { is: place.kind === 'file' && same.value ? 'same' : 'other' };
}
