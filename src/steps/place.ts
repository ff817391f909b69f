// A path on a host as the steps for files see it: what lies there, its content however large, and, in words, why
// nothing can be written there. Everything goes with the rights of the task, not with those of the login.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import * as z from 'zod';
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import type { Command } from '../model/command.ts';
import { type NewFile, writeAndLook } from '../solaris/file-change.ts';
import { chunk, type FileLook, look } from '../solaris/file-look.ts';
import { bytesText } from '../text/size.ts';
import { ourProgram } from './ran.ts';

/** A file is held in memory here and goes into the run's folder for undo: this is for configuration, not for images. */
const LARGEST_BYTES = 64 * 1024 * 1024;
/** Up to here the content comes with the look itself. */
const INLINE_BYTES = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export const pathField = (says: string) =>
  z
    .string()
    .regex(/^\/[^\0]*$/, 'an absolute path')
    .describe(says);

/** Without a slash at its end, without `.` and `..`. */
export function plainPath(path: string): string {
  const plain = posix.normalize(path);
  return plain === '/' ? plain : plain.replace(/\/+$/, '');
}

export interface LookedFor {
  /** Whether a link at the end is followed to what it leads to. */
  readonly follow: boolean;
  /** `digest`: also the bytes when they are few. */
  readonly want: 'attributes' | 'digest';
}

/** @param times whether when it was modified is told, too. */
export async function lookAt(
  looker: Looker,
  path: string,
  { follow, want }: LookedFor,
  times = false,
): Promise<Answer<FileLook>> {
  const mostBytes = want === 'digest' ? INLINE_BYTES : -1;
  return called(`look at ${path}`, await looker.ask(look(plainPath(path), { follow, mostBytes, times })));
}

/** The answer under the name of what was wanted: the script that asked is nothing for people. */
function called<T>(what: string, answer: Answer<T>): Answer<T> {
  return answer.is === 'ok' ? answer : { is: 'no', refusal: { ...answer.refusal, command: what } };
}

/** @returns what lies at `asked` then, or null where that has to be asked for. */
export async function writeFile(
  doer: Doer,
  what: string,
  file: NewFile,
  asked: string,
): Promise<Answer<FileLook | null>> {
  return called(what, await doer.do(writeAndLook(file, plainPath(asked), INLINE_BYTES), { untold: true }));
}

export async function change(doer: Doer, what: string, command: Command<unknown>): Promise<Applied> {
  const answer = called(what, await doer.do(command));
  return answer.is === 'no' ? { is: 'refused', refusal: answer.refusal } : { is: 'applied', reply: {} };
}

export type Content =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'no'; readonly answer: Extract<Answer<never>, { readonly is: 'no' }> };

/** All bytes of an ordinary file. */
export async function contentOf(looker: Looker, place: FileLook): Promise<Content> {
  if (place.bytes !== null) return { is: 'bytes', bytes: place.bytes };
  const why = unreadable(place);
  if (why !== null) return { is: 'blocked', why };
  const whole = await looker.readFile(place.path);
  if (whole.is === 'ok' && whole.value?.bytes.length === place.size) return { is: 'bytes', bytes: whole.value.bytes };
  return inChunks(looker, place);
}

/** What the login itself may not read, or a host without SFTP: with the rights of the task, as hex. */
async function inChunks(looker: Looker, place: FileLook): Promise<Content> {
  const parts: Uint8Array[] = [];
  for (let n = 0; n * CHUNK_BYTES < place.size; n += 1) {
    const part = called(`read ${place.path}`, await looker.ask(chunk(place.path, n)));
    if (part.is === 'no') return { is: 'no', answer: part };
    parts.push(part.value);
  }
  // What was added meanwhile, as to a log, is cut off: the content is that of the look, which its digest shows.
  const bytes = Buffer.concat(parts).subarray(0, place.size);
  const isWhole = bytes.length === place.size && (place.sha256 === null || sha256(bytes) === place.sha256);
  if (isWhole) return { is: 'bytes', bytes };
  return { is: 'blocked', why: `${place.path} changed while it was read` };
}

/** Two names of one file: a hard link, or the same path written otherwise. */
export async function isSameFile(looker: Looker, one: string, other: string): Promise<Answer<boolean>> {
  const same = await looker.ask(ourProgram(['/bin/sh', '-c', '[ "$1" -ef "$2" ]', 'sh', one, other]));
  return same.is === 'no' ? same : { is: 'ok', value: same.value.rc === 0 };
}

/** How many things lie in a directory. */
export async function countIn(looker: Looker, folder: string): Promise<Answer<number>> {
  const listed = called(`look into ${folder}`, await looker.ask(ourProgram(['/usr/bin/ls', '-A', folder])));
  if (listed.is === 'no') return listed;
  const { rc, stdout, stderr } = listed.value;
  if (rc !== 0) {
    // A directory that may not be read isn't an empty one.
    const said = { command: `ls -A ${folder}`, status: `exit ${rc}`, out: stdout, err: stderr };
    return { is: 'no', refusal: { is: 'refused', ...said, why: `${folder} can't be looked into` } };
  }
  return { is: 'ok', value: stdout === '' ? 0 : stdout.trimEnd().split('\n').length };
}

/** Why the content can't be had, or null. */
export function unreadable(place: FileLook): string | null {
  if (place.kind !== 'file')
    return notThere(place) ?? `${place.path} is ${KIND_WORDS[place.kind]}, not an ordinary file`;
  if (!place.readable) return `${place.path} may not be read by this user: become one that may`;
  if (place.size > LARGEST_BYTES)
    return `${place.path} has ${bytesText(place.size)}; the limit is ${bytesText(LARGEST_BYTES)}`;
  return null;
}

export const KIND_WORDS: Readonly<Record<FileLook['kind'], string>> = {
  file: 'an ordinary file',
  directory: 'a directory',
  link: 'a symbolic link',
  other: 'a device, a socket or a pipe',
  absent: 'not there',
  locked: 'behind a directory that may not be searched',
  astray: 'below something that is no directory',
  circle: 'a circle of symbolic links',
};

/** Why nothing is there that could be looked at, or null when something is. */
export function notThere(place: FileLook): string | null {
  switch (place.kind) {
    case 'absent':
      return place.links > 0
        ? `it is a symbolic link to ${place.path}, which isn't there`
        : place.missing > 1
          ? `${place.path} isn't there, nor is its directory`
          : `${place.path} isn't there`;
    case 'locked':
      return `${nearestOf(place)} may not be searched by this user: become one that may`;
    case 'astray':
      return `${nearestOf(place)} is no directory`;
    case 'circle':
      return `${place.path} is a symbolic link that leads back to itself`;
    default:
      return null;
  }
}

/** The nearest thing on the way that is there. */
export function nearestOf({ path, missing }: Pick<FileLook, 'path' | 'missing'>): string {
  return Array.from({ length: missing }).reduce((at: string) => posix.dirname(at), path);
}

/** Why no file can be put there, or null. What is there already must be an ordinary file. */
export function inTheWay(place: FileLook, path: string): string | null {
  switch (place.kind) {
    case 'file':
      return null;
    case 'absent':
      if (place.links > 0) return `${path} is a symbolic link to ${place.path}, which isn't there`;
      if (place.missing === 1) return null;
      return `the directory ${posix.dirname(path)} isn't there: make it with "file: { path: ${posix.dirname(path)}, state: directory }"`;
    case 'directory':
      return `${path} is a directory: name the file in it`;
    default:
      return notThere(place) ?? `${path} is ${KIND_WORDS[place.kind]}: it is not replaced`;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** For names beside a file: of this run and action, so that no two meet and the same is found again. */
export function markOf(looker: Looker): string {
  return `${looker.run}-${sha256(Buffer.from(looker.action)).slice(0, 8)}`;
}
