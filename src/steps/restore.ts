// What lay at a path before a step changed it, and how it gets there again: the undo of every step for files. Contents
// come from the run's keep. What somebody else put there meanwhile, or into a folder of ours, is not ours to remove, nor
// to overwrite: what we owe is the undo of what we did, and of that nothing lies there any more. It is left and told,
// since the old content is in the keep still, and theirs is nowhere else.
import * as z from 'zod';
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import type { FileLook } from '../solaris/file-look.ts';
import { makeFolders, makeLink, remove, removeFolders, setAttributes, write } from '../solaris/file-change.ts';
import { never } from '../text/never.ts';
import { objection } from './doubt.ts';
import {
  change,
  contentOf,
  countIn,
  isSameFile,
  KIND_WORDS,
  lookAt,
  markOf,
  nearestOf,
  notThere,
  sha256,
} from './place.ts';

const ids = { uid: z.number().nullable().default(null), gid: z.number().nullable().default(null) };

export const beforeSchema = z.lazy(() =>
  z.union([
    /** `folders`: how many were made, the path itself and those above it; 0: what was made is no folder. */
    z.strictObject({ is: z.literal('absent'), folders: z.number().default(0) }),
    z.strictObject({ is: z.literal('file'), digest: z.string(), mode: z.number(), ...ids }),
    z.strictObject({ is: z.literal('directory'), mode: z.number(), ...ids }),
    z.strictObject({ is: z.literal('link'), target: z.string() }),
    /** Whatever lies there: only its mode and owner were changed. */
    z.strictObject({ is: z.literal('attributes'), mode: z.number(), ...ids }),
  ]),
);
/** What lay there: content by its sha256 in the run's keep. */
export type Before = z.infer<typeof beforeSchema>;

export const wroteSchema = z.lazy(() =>
  z.union([
    z.strictObject({ is: z.literal('file'), digest: z.string() }),
    z.strictObject({ is: z.literal('link'), target: z.string() }),
    /** A second name of the file at this path. */
    z.strictObject({ is: z.literal('same'), as: z.string() }),
    /** It was removed. */
    z.strictObject({ is: z.literal('absent') }),
  ]),
);
/** What the step put there; null where that doesn't matter (attributes, folders), and in journals of before it was kept. */
export type Wrote = z.infer<typeof wroteSchema> | null;

export interface Owed {
  readonly path: string;
  readonly before: Before;
  readonly wrote: Wrote;
}

export type State =
  | { readonly is: 'as-it-was' | 'to-restore'; readonly place: FileLook; readonly text: string }
  /** Somebody else was there since. */
  | { readonly is: 'left'; readonly place: FileLook; readonly text: string }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'no'; readonly answer: Extract<Answer<never>, { readonly is: 'no' }> };

export async function restored(looker: Looker, owed: Owed): Promise<State> {
  const answer = await lookAt(looker, owed.path, { follow: false, want: 'digest' });
  return answer.is === 'no' ? { is: 'no', answer } : restoredAt(looker, answer.value, owed);
}

/** The same of what a look has seen there. */
export async function restoredAt(looker: Looker, place: FileLook, { path, before, wrote }: Owed): Promise<State> {
  if (place.kind === 'locked') return { is: 'blocked', why: notThere(place) ?? '' };
  const ours = isBackAlready(place, before) ? OURS : await isOurs(looker, place, wrote);
  if (ours.is === 'no') return ours;
  if (ours.is === 'blocked') return ours;
  if (ours.is === 'not') return { is: 'left', place, text: `${path} stays as it is: somebody else changed it since` };
  if (before.is === 'absent') return gone(looker, place, before.folders);
  if (before.is === 'attributes' && place.attributes === null) return { is: 'blocked', why: notThere(place) ?? '' };
  if (isAsBefore(place, before)) return { is: 'as-it-was', place, text: `${path} is as it was` };
  const inTheWay = place.kind === 'directory' && !['directory', 'attributes'].includes(before.is);
  if (inTheWay || (place.kind === 'other' && before.is !== 'attributes'))
    return { is: 'blocked', why: `${path} is ${KIND_WORDS[place.kind]} now` };
  if (before.is === 'file' && (await looker.keep.get(before.digest)) === null)
    return { is: 'blocked', why: `the old content (sha256 ${before.digest}) isn't in this run's keep` };
  return { is: 'to-restore', place, text: `put ${path} back as it was` };
}

/** Somebody has put it back already: whose it is now doesn't matter. */
function isBackAlready(place: FileLook, before: Before): boolean {
  return before.is === 'absent' ? notThere(place) !== null : isAsBefore(place, before);
}

type Ours =
  | { readonly is: 'ours' | 'not' }
  | Extract<Awaited<ReturnType<typeof contentOf>>, { readonly is: 'blocked' | 'no' }>;

const OURS: Ours = { is: 'ours' };

/** Nothing there is nobody's: the old content harms no one then. */
async function isOurs(looker: Looker, place: FileLook, wrote: Wrote): Promise<Ours> {
  if (wrote === null || place.kind === 'absent') return OURS;
  const told = (ours: boolean): Ours => ({ is: ours ? 'ours' : 'not' });
  switch (wrote.is) {
    case 'absent':
      return told(false);
    case 'link':
      return told(place.kind === 'link' && place.target === wrote.target);
    case 'same': {
      const same = await isSameFile(looker, wrote.as, place.path);
      return same.is === 'no' ? { is: 'no', answer: same } : told(place.kind === 'file' && same.value);
    }
    case 'file': {
      if (place.kind !== 'file') return told(false);
      const digest = digestOf(place);
      if (digest !== null) return told(digest === wrote.digest);
      const content = await contentOf(looker, place);
      return content.is === 'bytes' ? told(sha256(content.bytes) === wrote.digest) : content;
    }
    default:
      return never(wrote);
  }
}

async function gone(looker: Looker, place: FileLook, folders: number): Promise<State> {
  const { path, missing } = place;
  const isThere = notThere(place) === null;
  if (folders === 0) {
    if (!isThere) return { is: 'as-it-was', place, text: `${path} isn't there` };
    return place.kind === 'directory'
      ? { is: 'blocked', why: `${path} is a directory now` }
      : { is: 'to-restore', place, text: `remove ${path}` };
  }
  if (isThere && place.kind !== 'directory') return { is: 'blocked', why: `${path} is ${KIND_WORDS[place.kind]} now` };
  if (missing >= folders) return { is: 'as-it-was', place, text: `${path} isn't there` };
  const innermost = nearestOf(place);
  const inside = await countIn(looker, innermost);
  if (inside.is === 'no') return { is: 'no', answer: inside };
  return inside.value === 0
    ? { is: 'to-restore', place, text: `remove the directory ${innermost}` }
    : { is: 'as-it-was', place, text: `${innermost} stays: something else lies in it` };
}

function isAsBefore(place: FileLook, before: Exclude<Before, { readonly is: 'absent' }>): boolean {
  if (before.is === 'link') return place.kind === 'link' && place.target === before.target;
  if ((place.kind !== before.is && before.is !== 'attributes') || place.attributes === null) return false;
  const { mode, uid, gid } = place.attributes;
  if (mode !== before.mode || uid !== (before.uid ?? uid) || gid !== (before.gid ?? gid)) return false;
  return before.is !== 'file' || digestOf(place) === before.digest;
}

const digestOf = (place: FileLook): string | null => (place.bytes === null ? place.sha256 : sha256(place.bytes));

/** Looks again: between the look and the change others are at work. */
export async function restore(doer: Doer, owed: Owed): Promise<Applied> {
  const { path, before } = owed;
  const what = `put ${path} back`;
  const state = await restored(doer, owed);
  if (state.is === 'no') return { is: 'refused', refusal: state.answer.refusal };
  if (state.is === 'blocked') return objection(what, state.why);
  if (state.is !== 'to-restore') return { is: 'applied', reply: {} };
  const { place } = state;
  switch (before.is) {
    case 'absent':
      if (before.folders === 0) return change(doer, `remove ${path}`, remove(path, 'file'));
      return change(doer, `remove ${path}`, removeFolders(foldersFrom(place, before.folders)));
    case 'link':
      return change(doer, what, makeLink({ path, target: before.target, hard: false }, { replace: true }));
    case 'directory': {
      if (place.kind === 'link') await doer.do(remove(path, 'file'));
      return change(doer, what, makeFolders([path], idsOf(before), before.mode));
    }
    case 'attributes':
      return change(doer, what, setAttributes(path, idsOf(before), before.mode));
    case 'file': {
      const bytes = await doer.keep.get(before.digest);
      if (bytes === null) return objection(what, `the old content (sha256 ${before.digest}) isn't in this run's keep`);
      if (place.kind === 'link') await doer.do(remove(path, 'file'));
      const file = { path, bytes, mode: before.mode, owner: idsOf(before), mark: markOf(doer) };
      return change(doer, what, write({ ...file, backup: '', validate: [] }));
    }
    default:
      return never(before);
  }
}

export const idsOf = ({ uid, gid }: { readonly uid: number | null; readonly gid: number | null }): string =>
  uid === null || gid === null ? '' : `${uid}:${gid}`;

/** Those of our folders that are there, innermost first. */
function foldersFrom({ path, missing }: FileLook, count: number): readonly string[] {
  return Array.from({ length: Math.max(0, count - missing) }, (_, up) => nearestOf({ path, missing: missing + up }));
}

/** What a look saw, as the undo will need it; the content must be in the keep. */
export function beforeOf(place: FileLook, digest: string): Before | null {
  if (place.kind === 'absent') return { is: 'absent', folders: 0 };
  if (place.kind === 'link') return { is: 'link', target: place.target ?? '' };
  if (place.attributes === null) return null;
  const { mode, uid, gid } = place.attributes;
  if (place.kind === 'directory') return { is: 'directory', mode, uid, gid };
  return place.kind === 'file' ? { is: 'file', digest, mode, uid, gid } : null;
}
