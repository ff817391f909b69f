// Many files and folders put on a host in as few streams as they fit into: for the copy of a folder, and for its undo. What
// is to be accepted by a program first, or leaves its old content beside it, goes file by file.
import type { Applied, Doer } from '../model/step.ts';
import type { FileLook } from '../solaris/file-look.ts';
import { type Place, type TreeFile, writeTree } from '../solaris/tree-change.ts';
import type { TreeWish } from '../solaris/tree-look.ts';
import { wordsOfLine } from '../text/words.ts';
import { objection } from './doubt.ts';
import { inParts, wordsIn } from './many-places.ts';
import { sha256, writeFile } from './place.ts';
import type { Before } from './restore.ts';

export interface FileWork {
  /** As asked for. */
  readonly path: string;
  /** Behind links. */
  readonly at: string;
  readonly act: 'none' | 'write' | 'attributes';
  readonly before: Before;
  /** Of what is to be there. */
  readonly digest: string;
  readonly size: number;
  /** Of what was there. */
  readonly oldSize: number;
  /** null: that of the old file, or the usual. */
  readonly mode: number | null;
  readonly owner: string;
  /** A path that gets the old content; empty: none. */
  readonly backup: string;
  /** Changes of mode and owner, in words. */
  readonly text: string;
}

export interface FolderWork extends Place {
  /** null: it is made. */
  readonly before: Before | null;
  readonly text: string;
}

export interface Job {
  /** For messages. */
  readonly dest: string;
  readonly mark: string;
  readonly files: readonly FileWork[];
  readonly folders: readonly FolderWork[];
  readonly validate: string | null;
  /** What the last command looks at, when one will do. */
  readonly look: TreeWish | null;
  /** A string: why they can't be had. */
  bytesOf(work: FileWork): Promise<Uint8Array | string>;
}

export type Done =
  /** null: nothing was looked at. */
  { readonly is: 'done'; readonly looks: readonly FileLook[] | null } | Extract<Applied, { readonly is: 'refused' }>;

type Item = { readonly is: 'place'; readonly place: Place } | { readonly is: 'file'; readonly work: FileWork };

/** Digest, umask and the like beside the path. */
const MORE_WORDS = 90;
const STREAM_BYTES = 16 * 1024 * 1024;

export async function applyTree(doer: Doer, job: Job): Promise<Done> {
  const written = job.files.filter(({ act }) => act === 'write');
  const isAlone = job.validate !== null || written.some(({ backup }) => backup !== '');
  const items = [...placesOf(job), ...(isAlone ? [] : written.map(work => ({ is: 'file', work }) as const))];
  const parts = inParts(items, weightOf, STREAM_BYTES);
  const together = inParts([...items, ...(job.look?.paths ?? [])], weightOf, STREAM_BYTES);
  const look = together.length === 1 && !isAlone ? job.look : null;
  let looks: readonly FileLook[] | null = null;
  for (const part of parts) {
    const done = await applyPart(doer, job, { part, look });
    if (done.is === 'refused') return done;
    looks = done.looks;
  }
  return isAlone ? applyEach(doer, job, written) : { is: 'done', looks };
}

function weightOf(one: Item | string): { readonly words: number; readonly bytes: number } {
  if (typeof one === 'string') return { words: wordsIn(one), bytes: 0 };
  if (one.is === 'place') return { words: wordsIn(one.place.path) + MORE_WORDS, bytes: 0 };
  return { words: wordsIn(one.work.at) + MORE_WORDS, bytes: one.work.size };
}

function placesOf({ folders, files }: Job): readonly Item[] {
  const repaired = files.filter(({ act }) => act === 'attributes');
  return [...folders, ...repaired.map(({ at, mode, owner }) => ({ path: at, make: false, mode, owner }))].map(
    place => ({
      is: 'place',
      place,
    }),
  );
}

interface Part {
  readonly part: readonly Item[];
  readonly look: TreeWish | null;
}

async function applyPart(doer: Doer, job: Job, { part, look }: Part): Promise<Done> {
  const what = `write into ${job.dest}`;
  const files: TreeFile[] = [];
  for (const item of part) {
    if (item.is === 'place') continue;
    const bytes = await bytesFor(job, item.work);
    if (typeof bytes === 'string') return refusedFor(what, bytes);
    const { at, digest, mode, owner, before } = item.work;
    files.push({ path: at, bytes, sha256: digest, replaces: before.is === 'file', mode, owner });
  }
  const places = part.flatMap(item => (item.is === 'place' ? [item.place] : []));
  const answer = await doer.do(writeTree({ mark: job.mark, places, files, look }), { untold: true });
  if (answer.is === 'ok') return { is: 'done', looks: answer.value };
  return { is: 'refused', refusal: { ...answer.refusal, command: what } };
}

async function bytesFor(job: Job, work: FileWork): Promise<Uint8Array | string> {
  const bytes = await job.bytesOf(work);
  if (typeof bytes === 'string' || sha256(bytes) === work.digest) return bytes;
  return `what was to go to ${work.path} changed since it was looked at`;
}

function refusedFor(what: string, why: string): Done {
  const refused = objection(what, why);
  if (refused.is !== 'refused') throw new Error('an objection that is none');
  return refused;
}

async function applyEach(doer: Doer, job: Job, written: readonly FileWork[]): Promise<Done> {
  for (const work of written) {
    const what = `write ${work.at}`;
    const bytes = await bytesFor(job, work);
    if (typeof bytes === 'string') return refusedFor(what, bytes);
    const { at, mark, owner, backup } = { ...work, mark: job.mark };
    const file = { path: at, bytes, mark, mode: work.mode ?? (work.before.is === 'absent' ? 0o644 : null) };
    const validate = job.validate === null ? [] : wordsOfLine(job.validate);
    const answer = await writeFile(doer, what, { ...file, owner, backup, validate }, at);
    if (answer.is === 'no') return { is: 'refused', refusal: answer.refusal };
  }
  return { is: 'done', looks: null };
}
