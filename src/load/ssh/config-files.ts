// SSH configurations read: the user's and the system's, or one that is named, with everything they include. What of it
// holds for a host is for settings.ts. A file that isn't there says nothing, as with ssh itself, unless it was named.
import { posix } from 'node:path';
import type { Files, Surroundings } from '../../model/ports.ts';
import { type Diagnostic, problem, warning } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { sourceOf, spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { SSH_KEYWORDS, sshKeyword } from '../tables/ssh-keywords.ts';
import { configWords } from './config-words.ts';
import { fits } from '../../text/wildcards.ts';

export type ConfigLine =
  | { readonly is: 'host' | 'match'; readonly words: readonly string[]; readonly at: Span }
  /** The keyword in lower case. */
  | { readonly is: 'set'; readonly keyword: string; readonly words: readonly string[]; readonly at: Span }
  | { readonly is: 'include'; readonly files: readonly (readonly ConfigLine[])[] };

/** Files in the order in which they count. */
export interface SshConfig {
  readonly files: readonly (readonly ConfigLine[])[];
  readonly texts: Readonly<Record<string, string>>;
  readonly found: readonly Diagnostic[];
}

export const NO_SSH_CONFIG: SshConfig = { files: [], texts: {}, found: [] };

const DEEPEST = 16;
const SYSTEM = '/etc/ssh';

interface Reading {
  readonly files: Files;
  readonly around: Surroundings;
  readonly texts: Record<string, string>;
  readonly found: Diagnostic[];
}

/** What ssh reads when nothing is said. */
export async function usualSshConfig(files: Files, around: Surroundings): Promise<SshConfig> {
  const reading: Reading = { files, around, texts: {}, found: [] };
  const own = await linesOf(reading, { path: `${around.home}/.ssh/config`, base: `${around.home}/.ssh`, depth: 0 });
  const system = await linesOf(reading, { path: `${SYSTEM}/ssh_config`, base: SYSTEM, depth: 0 });
  return { ...reading, files: [own ?? [], system ?? []] };
}

/** As `ssh -F`: the system's is left out. @param at where it is named. */
export async function namedSshConfig(
  files: Files,
  around: Surroundings,
  named: { readonly path: string; readonly at: Span },
): Promise<SshConfig> {
  const reading: Reading = { files, around, texts: {}, found: [] };
  const path = atHome(around, named.path);
  const lines = await linesOf(reading, { path, base: `${around.home}/.ssh`, depth: 0 });
  if (lines === null) reading.found.push(problem('file-missing', named.at, `${named.path} can't be read`));
  return { ...reading, files: [lines ?? []] };
}

interface Place {
  readonly path: string;
  /** Where relative paths start. */
  readonly base: string;
  readonly depth: number;
}

/** null: it can't be read. */
async function linesOf(reading: Reading, place: Place): Promise<readonly ConfigLine[] | null> {
  const read = await reading.files.read(place.path);
  if (read.is === 'missing') return null;
  reading.texts[place.path] = read.text;
  const source = sourceOf(place.path, read.text);
  const lines: ConfigLine[] = [];
  for (const [index, start] of source.lineStarts.entries()) {
    const text = read.text.slice(start, source.lineStarts[index + 1]).trimEnd();
    const indent = /^\s*/.exec(text)?.[0].length ?? 0;
    const line = await lineOf(reading, place, text, spanIn(source, start + indent, start + text.length));
    if (line !== null) lines.push(line);
  }
  return lines;
}

async function lineOf(reading: Reading, place: Place, text: string, at: Span): Promise<ConfigLine | null> {
  const line = configWords(text);
  if (line.is === 'nothing') return null;
  const wrong = (why: string): null => {
    reading.found.push(problem('bad-ssh-config', at, why));
    return null;
  };
  if (line.is === 'wrong') return wrong(line.why);
  const { words } = line;
  const keyword = line.keyword.toLowerCase();
  if (words.length === 0) return wrong(`"${line.keyword}" says nothing`);
  if (keyword === 'host' || keyword === 'match') return { is: keyword, words, at };
  if (keyword === 'include') return included(reading, place, words, at);
  if (sshKeyword(keyword) === null) reading.found.push(unknownKeyword(line.keyword, at));
  return { is: 'set', keyword, words, at };
}

function unknownKeyword(keyword: string, at: Span): Diagnostic {
  const names = SSH_KEYWORDS.map(one => one.name);
  const near = didYouMean(
    keyword.toLowerCase(),
    names.map(name => name.toLowerCase()),
  );
  return warning('bad-ssh-config', at, `OpenSSH has no keyword "${keyword}"`, ...near);
}

async function included(
  reading: Reading,
  { base, depth }: Place,
  words: readonly string[],
  at: Span,
): Promise<ConfigLine | null> {
  if (depth >= DEEPEST) {
    reading.found.push(problem('bad-ssh-config', at, `files include each other more than ${DEEPEST} deep`));
    return null;
  }
  const files: (readonly ConfigLine[])[] = [];
  for (const word of words) {
    for (const path of await pathsOf(reading, posix.resolve(base, atHome(reading.around, word)))) {
      const lines = await linesOf(reading, { path, base, depth: depth + 1 });
      if (lines !== null) files.push(lines);
    }
  }
  return { is: 'include', files };
}

/** Wildcards stand for names in a folder; names that begin with a dot are never meant. */
async function pathsOf({ files }: Reading, pattern: string): Promise<readonly string[]> {
  let paths = ['/'];
  for (const part of pattern.split('/').filter(Boolean)) {
    if (!/[*?]/.test(part)) {
      paths = paths.map(path => posix.join(path, part));
      continue;
    }
    const below = await Promise.all(
      paths.map(async path =>
        (await files.list(path))
          .filter(name => !name.startsWith('.') && fits(part, name))
          .map(name => posix.join(path, name)),
      ),
    );
    paths = below.flat();
  }
  return paths;
}

function atHome({ home }: Surroundings, path: string): string {
  return path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;
}
