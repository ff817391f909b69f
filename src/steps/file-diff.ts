// What --diff shows of a file that changes: a unified diff of text, sizes and digests of what isn't text or is large,
// and mode and owner. Never more than a person reads; hidden tasks show nothing (see the engine's doer).
import type { Looker } from '../model/step.ts';
import { bytesText } from '../text/size.ts';
import { sha256 } from './place.ts';

/** Beyond this nobody compares by eye, and comparing by machine takes long. */
const LARGEST_TEXT = 256 * 1024;
const MOST_LINES = 400;

export interface Change {
  readonly path: string;
  /** null: it isn't there. */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  /** Changes of mode and owner, in words; empty: none. */
  readonly attributes: string;
}

export async function tellDiff(looker: Looker, change: Change): Promise<void> {
  if (!looker.diff) return;
  const content = await contentDiff(change);
  const lines = [content, change.attributes === '' ? '' : `${change.path}: ${change.attributes}`];
  const text = lines.filter(line => line !== '').join('\n');
  if (text !== '') await looker.tell({ type: 'diff', action: looker.action, on: looker.host, text });
}

/** In lines, the last one without its end; empty when nothing differs. */
async function contentDiff({ path, before, after }: Change): Promise<string> {
  const both = [before, after].filter(bytes => bytes !== null);
  if (before !== null && after !== null && Buffer.from(before).equals(after)) return '';
  if (both.length === 0) return '';
  if (both.some(bytes => bytes.length > LARGEST_TEXT)) return inSizes(path, 'too large to show', before, after);
  if (!both.every(isText)) return inSizes(path, 'not text', before, after);
  // Only whoever wants to see a difference waits for the library that makes it.
  const { createTwoFilesPatch } = await import('diff');
  const names = [before === null ? '/dev/null' : path, after === null ? '/dev/null' : path] as const;
  const patch = createTwoFilesPatch(...names, textOf(before), textOf(after));
  return bounded(patch.replace(/^(?:Index: .*\n)?=+\n/, '').replace(/\n$/, ''));
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const textOf = (bytes: Uint8Array | null): string => (bytes === null ? '' : Buffer.from(bytes).toString());

function inSizes(path: string, why: string, before: Uint8Array | null, after: Uint8Array | null): string {
  const words = (bytes: Uint8Array | null): string =>
    bytes === null ? 'not there' : `${bytesText(bytes.length)}, sha256 ${sha256(bytes)}`;
  return `${path}: ${why}\n  before: ${words(before)}\n  after:  ${words(after)}`;
}

function bounded(patch: string): string {
  const lines = patch.split('\n');
  if (lines.length <= MOST_LINES) return patch;
  return [...lines.slice(0, MOST_LINES), `... and ${lines.length - MOST_LINES} more lines`].join('\n');
}
