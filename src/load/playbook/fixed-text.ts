// A text that must be known when the playbook is read: the name of a task, the user whose rights it takes. Its
// placeholders may rest on -e and on variables of the play, its blocks and the task, nothing that differs by host.
import { problem } from '../../text/diagnostic.ts';
import { evaluate } from '../expression/evaluate.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { type MapNode, pairOf } from '../yaml/node.ts';
import { complain, type Here, type Reading, textAt } from './reading.ts';

export function fixedTextAt(reading: Reading, here: Here, map: MapNode, key: string): string | null {
  const written = textAt(reading, map, key);
  const at = pairOf(map, key)?.value.span ?? map.span;
  if (written === null || !hasTemplate(written)) return written;
  const layers = [reading.extra, ...here.layers];
  const found = evaluate({ is: 'expression', language: 'text', source: written, at }, { layers });
  if (found.is === 'value' && typeof found.json !== 'object') return String(found.json);
  const why = found.is === 'problem' ? found.message : 'it rests on something that is known later';
  const help = `a "${key}" is the same on every host: it may rest on -e and on variables of the play`;
  complain(reading, problem('undefined-variable', at, `"${key}" can't be known before the run: ${why}`, help));
  return null;
}
