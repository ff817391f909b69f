// A text that must be known when the playbook is read: the name of a task, its tags, the user whose rights it takes. Its
// placeholders may rest on -e and on variables of the play, its blocks and the task, nothing that differs by host.
import { problem } from '../../text/diagnostic.ts';
import { evaluate } from '../expression/evaluate.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { valueOf } from '../expression/values.ts';
import { type MapNode, pairOf, type ScalarNode } from '../yaml/node.ts';
import { complain, type Here, type Reading, textAt, textsAt } from './reading.ts';

export function fixedTextAt(reading: Reading, here: Here, map: MapNode, key: string): string | null {
  const text = textAt(reading, map, key);
  const node = pairOf(map, key)?.value;
  if (text === null || node?.is !== 'scalar') return text;
  return fixedText(reading, here, { key, text, node });
}

/** Tags, apart by commas. */
export function fixedTagsAt(reading: Reading, here: Here, map: MapNode): readonly { readonly text: string }[] {
  const written = textsAt(reading, map, 'tags');
  const texts = written.map(one => fixedText(reading, here, { key: 'tags', ...one }) ?? '');
  const tags = texts.flatMap(text => text.split(',').map(tag => tag.trim()));
  return tags.filter(tag => tag !== '').map(text => ({ text }));
}

interface Written {
  readonly key: string;
  readonly text: string;
  readonly node: ScalarNode;
}

/** What is wrong with a template's own text, told, so that nothing else has to be said of it. */
export function isWellWritten(reading: Reading, here: Here, node: ScalarNode): boolean {
  const before = reading.found.length;
  valueOf(here.source, node, 'text', { found: reading.found, uses: [] });
  return reading.found.length === before;
}

function fixedText(reading: Reading, here: Here, { key, text, node }: Written): string | null {
  if (!hasTemplate(text)) return text;
  if (!isWellWritten(reading, here, node)) return null;
  const at = node.span;
  const layers = [reading.extra, ...here.layers];
  const found = evaluate({ is: 'expression', language: 'text', source: text, at }, { layers });
  if (found.is === 'value' && typeof found.json !== 'object') return String(found.json);
  const why = found.is === 'problem' ? found.message : 'it rests on something that is known later';
  const help = `a "${key}" is the same on every host: it may rest on -e and on variables of the play`;
  complain(reading, problem('undefined-variable', at, `"${key}" can't be known before the run: ${why}`, help));
  return null;
}
