// Playbooks into the program: every file that they can ever need, every complaint about all of them, in one pass.
// Nothing is connected and nothing is planned.
import { posix } from 'node:path';
import { createHash } from 'node:crypto';
import type { HostName } from '../../model/ids.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { Files } from '../../model/ports.ts';
import type { Play, Program } from '../../model/program.ts';
import type { Catalogue } from '../../model/step.ts';
import type { Layer } from '../../model/value.ts';
import { type Diagnostic, hasErrors, inOrder, problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { spanOf } from '../../text/span.ts';
import { either } from '../expression/shape.ts';
import { selectHosts, withHostFiles } from '../inventory/patterns.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { bracketWarnings } from './bracket.ts';
import { loginProblems } from './login.ts';
import { nameProblems } from './names.ts';
import type { Words } from './play-vars.ts';
import { type ReadPlay, readPlay } from './play.ts';
import { complain, type Given, type Reading, readYaml, textAt, wrongType } from './reading.ts';
import { playsWithTags, tagWarnings } from './tags.ts';
import { checkKeys, withPlainKeys } from './wrong-keys.ts';

export interface ProgramOptions {
  readonly files: Files;
  readonly catalogue: Catalogue;
  /** null when the inventory can't be read: the playbooks are checked all the same, as far as that goes. */
  readonly inventory: Inventory | null;
  readonly playbooks: readonly string[];
  readonly extra: Layer;
  readonly limit: string | null;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

export interface LoadedProgram {
  /** null when an error is among the diagnostics, or the inventory is missing. */
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of all files read, for drawing. */
  readonly texts: Readonly<Record<string, string>>;
}

export async function loadProgram(options: ProgramOptions): Promise<LoadedProgram> {
  const { files, catalogue, inventory, extra } = options;
  const reading: Reading = { files, catalogue, inventory, extra, found: [], texts: {} };
  const limit = await limitOf(reading, options.limit);
  const plays: ReadPlay[] = [];
  for (const path of options.playbooks)
    await readBook(reading, { path, above: [], at: spanOf(path), limit, plays, imports: [] });
  checkNames(reading, plays);
  const all = plays.map(one => one.play);
  reading.found.push(
    ...loginProblems(
      plays.map(one => ({ play: one.play, at: one.login })),
      inventory,
    ),
  );
  reading.found.push(...tagWarnings(all, options), ...all.flatMap(bracketWarnings));
  const chosen = playsWithTags(
    all.filter(play => play.hosts.length > 0),
    options,
  );
  if (all.length === 0 && !hasErrors(reading.found))
    complain(reading, problem('missing-key', spanOf(options.playbooks.join(' ')), 'the playbook holds no play'));
  else emptiness(reading, { all, chosen, options });
  const diagnostics = inOrder(reading.found);
  const program: Program = { plays: chosen, files: digests(reading.texts) };
  return { program: inventory === null || hasErrors(diagnostics) ? null : program, diagnostics, texts: reading.texts };
}

interface Left {
  readonly all: readonly Play[];
  readonly chosen: readonly Play[];
  readonly options: ProgramOptions;
}

/** Everything is well, but nobody is left to work on, or nothing to do. */
function emptiness(reading: Reading, { all, chosen, options }: Left): void {
  if (options.inventory === null || chosen.length > 0 || hasErrors(reading.found)) return;
  if (all.every(play => play.hosts.length === 0)) {
    complain(
      reading,
      problem(
        'empty-selection',
        spanOf('--limit'),
        `the limit "${options.limit ?? ''}" leaves none of the playbook's hosts`,
      ),
    );
  } else complain(reading, problem('unknown-tag', spanOf('--tags'), 'the tags leave no task to do'));
}

interface Book {
  readonly path: string;
  readonly above: readonly string[];
  readonly at: Span;
  readonly limit: readonly HostName[] | null;
  readonly plays: ReadPlay[];
  readonly imports: readonly Words[];
}

async function readBook(reading: Reading, book: Book): Promise<void> {
  const file = await readYaml(reading, book.path, book.at);
  if (file === null || file.node === null) return;
  const node = file.node;
  if (node.is !== 'list') {
    if (node.is === 'scalar' && node.value === null) return;
    wrongType(reading, node, 'a playbook is a list of plays, each behind a "-"');
    return;
  }
  for (const item of node.items) await readItem(reading, book, { node: item, source: file.source });
}

interface Item {
  readonly node: Node;
  readonly source: Source;
}

async function readItem(reading: Reading, book: Book, { node, source }: Item): Promise<void> {
  if (node.is !== 'map') {
    wrongType(reading, node, 'a play is a mapping');
    return;
  }
  const item = withImport(reading, withPlainKeys(node));
  const path = [...book.above, book.path];
  const imported = pairOf(item, 'import_playbook');
  if (imported === null) {
    const number = book.plays.length + 1;
    book.plays.push(await readPlay(reading, item, { number, path, limit: book.limit, imports: book.imports }));
    return;
  }
  checkKeys(reading, item, 'import_playbook');
  textAt(reading, item, 'name');
  const name = imported.value;
  if (name.is !== 'scalar' || typeof name.value !== 'string') {
    wrongType(reading, name, '"import_playbook" names a file');
    return;
  }
  const target = name.value.startsWith('/')
    ? posix.normalize(name.value)
    : posix.join(posix.dirname(book.path), name.value);
  if (path.some(one => posix.normalize(one) === target)) {
    complain(
      reading,
      problem('import-cycle', name.span, `this import comes back to itself: ${[...path, target].join(' -> ')}`),
    );
    return;
  }
  const imports = [...book.imports, { map: item, source }];
  await readBook(reading, { ...book, path: target, above: path, at: name.span, imports });
}

/** Ansible's older word for an import of plays. */
function withImport(reading: Reading, item: MapNode): MapNode {
  const old = pairOf(item, 'include');
  if (old === null || old.value.is !== 'scalar' || pairOf(item, 'hosts') !== null) return item;
  const help = `write import_playbook: ${old.value.written}`;
  complain(reading, problem('not-ours', old.keySpan, 'Ansible has "include", this language doesn\'t', help));
  return { ...item, pairs: item.pairs.map(pair => (pair === old ? { ...pair, key: 'import_playbook' } : pair)) };
}

/** A host goes through all plays: what an earlier one registered, a later one may use. */
function checkNames(reading: Reading, plays: readonly ReadPlay[]): void {
  const earlier = new Map<string, Given>();
  const { extra, inventory } = reading;
  let isLost = false;
  for (const { play, notes } of plays) {
    isLost ||= notes.lost.length > 0;
    reading.found.push(...nameProblems({ play, notes, earlier: new Map(earlier), extra, inventory, isLost }));
    for (const [name, given] of notes.given) {
      earlier.set(name, { at: given.at, shape: either(earlier.get(name)?.shape, given.shape) });
    }
  }
}

async function limitOf(reading: Reading, limit: string | null): Promise<readonly HostName[] | null> {
  if (limit === null || reading.inventory === null) return null;
  const at = spanOf('--limit');
  const pattern = await withHostFiles(reading.files, limit, at);
  if (typeof pattern !== 'string') {
    complain(reading, pattern);
    return null;
  }
  const selected = selectHosts(reading.inventory, pattern, at);
  reading.found.push(...selected.diagnostics);
  return selected.hosts;
}

function digests(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(texts).map(
    ([path, text]) => [path, createHash('sha256').update(text).digest('hex')] as const,
  );
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
