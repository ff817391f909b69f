// Many paths on a host at once, as the steps for files see them: what lies there and what is in it, in as few questions as
// their words fit into.
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import type { FileLook } from '../solaris/file-look.ts';
import { contentsOf, lookAtTree, type TreeWish } from '../solaris/tree-look.ts';
import { type Content, contentOf, sha256 } from './place.ts';

/** Words of one command. A server need take no packet longer than 35,000 bytes (RFC 4253, 6.1), and the line is one. */
const MOST_WORDS = 24 * 1024;
const MOST_PATHS = 200;
/** Contents of one command: both sides hold them in memory. */
const MOST_BYTES = 1024 * 1024;

/** In order, each part with as much as fits. One that is too much by itself is a part of its own. */
export function inParts<T>(
  all: readonly T[],
  weigh: (one: T) => { readonly words: number; readonly bytes: number },
  mostBytes = MOST_BYTES,
): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let [words, bytes] = [0, 0];
  for (const one of all) {
    const weight = weigh(one);
    const last = parts.at(-1);
    const fits = words + weight.words <= MOST_WORDS && bytes + weight.bytes <= mostBytes;
    if (last !== undefined && fits && last.length < MOST_PATHS) last.push(one);
    else {
      parts.push([one]);
      [words, bytes] = [0, 0];
    }
    words += weight.words;
    bytes += weight.bytes;
  }
  return parts;
}

/** A blank beside each, and quotes where they are needed. */
export const wordsIn = (path: string): number => Buffer.byteLength(path) + 3;

export async function lookAtAll(looker: Looker, what: string, wish: TreeWish): Promise<Answer<readonly FileLook[]>> {
  const looks: FileLook[] = [];
  for (const paths of inParts(wish.paths, path => ({ words: wordsIn(path), bytes: 0 }))) {
    const part = await looker.ask(lookAtTree({ ...wish, paths }));
    if (part.is === 'no') return { is: 'no', refusal: { ...part.refusal, command: what } };
    looks.push(...part.value);
  }
  return { is: 'ok', value: looks };
}

/**
 * Every one's bytes, handed on part by part. What can't be had so (it is large, or isn't what it was a moment ago) is asked
 * for by itself. The first that can't be had at all ends it.
 */
export async function eachContent(
  looker: Looker,
  places: readonly FileLook[],
  take: (place: FileLook, bytes: Uint8Array) => Promise<void>,
): Promise<Exclude<Content, { readonly is: 'bytes' }> | null> {
  for (const part of inParts(places, ({ path, size }) => ({ words: wordsIn(path), bytes: size }))) {
    const together = part.some(({ size }) => size > MOST_BYTES) ? null : await looker.ask(contentsOf(part));
    for (const [n, place] of part.entries()) {
      const bytes = together?.is === 'ok' ? together.value?.[n] : undefined;
      const isIt = bytes !== undefined && (place.sha256 === null || sha256(bytes) === place.sha256);
      const content: Content = isIt ? { is: 'bytes', bytes } : await contentOf(looker, place);
      if (content.is !== 'bytes') return content;
      await take(place, content.bytes);
    }
  }
  return null;
}
