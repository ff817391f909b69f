// Variables of a play: its own, those asked for at the start, its files, those of the import that brought it.
import { posix } from 'node:path';
import type { Layer } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { evaluate } from '../expression/evaluate.ts';
import { layerOf, varsOf } from '../expression/variables.ts';
import { type ListNode, type MapNode, objectOf, type Pair, pairOf } from '../yaml/node.ts';
import type { ReadPrompt } from './prompts.ts';
import { complain, type Here, notingLazily, readGiving, type Reading, textsAt, wrongType } from './reading.ts';

/** A mapping of keys, and the file that it stands in. */
export interface Words {
  readonly map: MapNode;
  readonly source: Source;
}

function ownVars(reading: Reading, here: Here, { map, source }: Words): Layer {
  return notingLazily(reading, here, notes => layerOf(varsOf(source, pairOf(map, 'vars')?.value ?? null, notes)));
}

/** In Ansible a list among them means the first that is there. */
function filesAt(reading: Reading, map: MapNode): ReturnType<typeof textsAt> {
  const pair = pairOf(map, 'vars_files');
  if (pair?.value.is !== 'list') return textsAt(reading, map, 'vars_files');
  const { items } = pair.value;
  for (const one of items)
    if (one.is === 'list')
      wrongType(reading, one, '"vars_files" is a text or a list of texts', `write one of them: ${fileNames(one)}`);
  const rest: Pair = { ...pair, value: { ...pair.value, items: items.filter(one => one.is !== 'list') } };
  return textsAt(reading, { ...map, pairs: [rest] }, 'vars_files');
}

const fileNames = (list: ListNode): string =>
  list.items.flatMap(one => (one.is === 'scalar' ? [one.written] : [])).join(', or ');

/** The later winning: the play's own, what is asked for, its files, the imports around from the innermost to the outermost. */
export async function playVars(
  reading: Reading,
  here: Here,
  map: MapNode,
  given: { readonly prompts: readonly ReadPrompt[]; readonly imports: readonly Words[] },
): Promise<Layer> {
  const own = ownVars(reading, here, { map, source: here.source });
  const imported = given.imports.toReversed().map(one => ownVars(reading, here, one));
  const around: Layer = Object.assign({}, ...imported);
  const asked = objectOf(given.prompts.map(({ name, at }) => [name, { is: 'at-start', name, at } as const]));
  let vars: Layer = { ...own, ...asked };
  for (const { text, at } of filesAt(reading, map)) {
    const named = evaluate(
      { is: 'expression', language: 'text', source: text, at },
      { layers: [reading.extra, around, own] },
    );
    if (named.is !== 'value' || typeof named.json !== 'string') {
      const why = named.is === 'problem' ? named.message : 'it must be known before the run';
      complain(reading, problem('undefined-variable', at, `this file can't be named: ${why}`));
      here.play.lost.push(text);
      continue;
    }
    const path = named.json.startsWith('/') ? named.json : posix.join(here.folder, named.json);
    const file = await readGiving(reading, here.play, path, at);
    if (file === null) continue;
    vars = { ...vars, ...notingLazily(reading, here, notes => layerOf(varsOf(file.source, file.node, notes))) };
  }
  return { ...vars, ...around };
}
