// The files of include_vars: every one that may be chosen is read and checked with the rest, before any host is asked.
// A single one is like vars_files, so its variables may use one another; of several, each must stand for itself.
import { posix } from 'node:path';
import type { Layer, Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Json } from '../../text/json.ts';
import type { Span } from '../../text/span.ts';
import { cyclesIn } from '../expression/cycles.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import type { Notes } from '../expression/values.ts';
import { layerOf, nameProblem, varsOf } from '../expression/variables.ts';
import { complain, type Here, notingLazily, readGiving, type Reading } from '../playbook/reading.ts';
import { type Node, objectOf, type Pair } from '../yaml/node.ts';

export interface IncludedVars {
  /** For the step: what each file says, by the name that the task has for it. */
  readonly args: readonly (readonly [string, Value])[];
  /** For the values themselves: what they may use of one another. */
  readonly vars: Layer;
  /** What tasks from here on may use. */
  readonly names: readonly string[];
}

interface Candidate {
  readonly file: string;
  readonly at: Span;
}

export async function includedVars(
  reading: Reading,
  here: Here,
  pairs: readonly Pair[],
  call: Span,
): Promise<IncludedVars> {
  const candidates = candidatesOf(reading, pairs);
  if (candidates.length === 0) here.play.lost.push('include_vars');
  const files: (readonly [string, Layer])[] = [];
  for (const candidate of candidates) {
    const layer = await layerIn(reading, here, candidate, candidates.length > 1);
    if (layer !== null) files.push([candidate.file, layer]);
  }
  const source = objectOf(files.map(([file, layer]) => [file, sourceOf(layer)] as const));
  const into = intoOf(reading, pairs);
  const names = into === null ? [...new Set(files.flatMap(([, layer]) => Object.keys(layer)))] : [into];
  const value: Value = { is: 'expression', language: 'text', source, at: call };
  return {
    args: [['variables', value]],
    vars: candidates.length > 1 ? {} : (files[0]?.[1] ?? {}),
    names,
  };
}

function intoOf(reading: Reading, pairs: readonly Pair[]): string | null {
  const node = pairs.find(pair => pair.key === 'name')?.value;
  if (node?.is !== 'scalar' || typeof node.value !== 'string') return null;
  const wrong = nameProblem(node.value, node.span);
  if (wrong !== null) complain(reading, wrong);
  return node.value;
}

function candidatesOf(reading: Reading, pairs: readonly Pair[]): readonly Candidate[] {
  const from = pairs.find(pair => pair.key === 'from')?.value;
  const file = pairs.find(pair => pair.key === 'file')?.value;
  const nodes = from === undefined ? (file === undefined ? [] : [file]) : from.is === 'list' ? from.items : [from];
  return nodes.flatMap(node => candidateOf(reading, node, from === undefined));
}

function candidateOf(reading: Reading, node: Node, alone: boolean): readonly Candidate[] {
  if (node.is !== 'scalar' || typeof node.value !== 'string') return [];
  if (!hasTemplate(node.value)) return [{ file: node.value, at: node.span }];
  const help = alone
    ? `list every file it may be: { file: "${node.value}", from: [a.yml, b.yml] }`
    : 'write the names as they are';
  complain(reading, problem('bad-argument', node.span, 'which file this is must be known before the run', help));
  return [];
}

async function layerIn(reading: Reading, here: Here, { file, at }: Candidate, isOneOf: boolean): Promise<Layer | null> {
  const found = await readGiving(reading, here.play, await pathOf(reading, here, file), at);
  if (found === null) return null;
  const read = (notes: Notes): Layer => layerOf(varsOf(found.source, found.node, notes));
  const names = found.node?.is === 'map' ? found.node.pairs.map(pair => pair.key) : [];
  const layer = notingLazily(reading, { ...here, local: [...here.local, ...names] }, notes => {
    const made = read(notes);
    for (const use of isOneOf ? notes.uses : [])
      if (names.includes(use.path[0] ?? '')) {
        const message = `"${use.path[0] ?? ''}" stands in this file, which is one of several`;
        complain(reading, problem('undefined-variable', use.at, message, 'write its value here'));
      }
    return made;
  });
  reading.found.push(...cyclesIn(layer));
  return layer;
}

/** Beside the playbook or in its folder "vars"; in a role, there first. */
async function pathOf(reading: Reading, here: Here, file: string): Promise<string> {
  if (file.startsWith('/')) return file;
  const folders = here.role === null ? [here.folder] : [here.role, here.folder];
  const places = folders.flatMap(folder => [posix.join(folder, 'vars', file), posix.join(folder, file)]);
  for (const path of places) if ((await reading.files.read(path)).is === 'text') return path;
  return posix.join(here.folder, file);
}

const sourceOf = (layer: Layer): Json =>
  objectOf(
    Object.entries(layer).flatMap(([name, value]) =>
      value.is === 'known'
        ? [[name, value.json] as const]
        : value.is === 'expression'
          ? [[name, value.source] as const]
          : [],
    ),
  );
