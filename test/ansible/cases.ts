// The corpus: inventories as texts, several in a file, each with the words that name its sources. A case is laid out in
// a folder of its own, for Ansible and for us.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Case {
  /** `ini: names alone`. */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly sources: readonly string[];
  readonly playbookFolder: string | null;
  readonly extra: readonly string[];
  readonly patterns: readonly Pattern[];
  /** Where we differ on purpose: the key of the reason in docs/coming-from-ansible.md. */
  readonly differs: string | null;
}

export interface Pattern {
  readonly pattern: string;
  readonly limit: string | null;
  readonly differs: string | null;
}

const corpus = join(dirname(fileURLToPath(import.meta.url)), 'corpus');

export function allCases(): readonly Case[] {
  return readdirSync(corpus)
    .sort()
    .flatMap(file => casesIn(file.replace(/\.txt$/, ''), readFileSync(join(corpus, file), 'utf8')));
}

function casesIn(theme: string, text: string): readonly Case[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map(part => caseOf(theme, part));
}

function caseOf(theme: string, text: string): Case {
  const [head = '', ...parts] = text.split(/^-- (?=\S+ --$)/m);
  const blocks = parts.map(part => [part.slice(0, part.indexOf(' --')), part.slice(part.indexOf('\n') + 1)] as const);
  const files = Object.fromEntries(
    blocks.filter(([name]) => name !== 'patterns').map(([name, body]) => [name, trimmed(body)]),
  );
  const [title = '', ...lines] = head.split('\n');
  const words = lines
    .find(line => line.startsWith('$ '))
    ?.slice(2)
    .split(' ') ?? ['-i', Object.keys(files)[0] ?? ''];
  const after = (option: string): readonly string[] => words.filter((_, index) => words[index - 1] === option);
  return {
    name: `${theme}: ${title}`,
    files,
    sources: after('-i'),
    playbookFolder: after('--playbook-dir')[0] ?? null,
    extra: after('-e'),
    patterns: patternsOf(blocks.find(([name]) => name === 'patterns')?.[1] ?? ''),
    differs: lines.find(line => line.startsWith('differs: '))?.slice('differs: '.length) ?? null,
  };
}

/** One blank line before the next heading belongs to the corpus, not to the file. */
const trimmed = (body: string): string => body.replace(/\n\n$/, '\n');

/** `PATTERN`, `PATTERN -l LIMIT`, and behind two blanks and a `|` the key of a difference. */
function patternsOf(text: string): readonly Pattern[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('# '))
    .map(line => {
      const [said = '', differs = null] = line.split('  | ');
      const [pattern = '', limit = null] = said.split(' -l ');
      return { pattern, limit, differs };
    });
}

/** Writes the files of a case; what begins with #! may be executed. */
export function layOut(one: Case, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(one.files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  }
}

/** Another input has another one: a record that was made of something else is noticed. */
export function digestOf({ files, sources, playbookFolder, extra }: Case): string {
  const text = JSON.stringify([files, sources, playbookFolder, extra]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
