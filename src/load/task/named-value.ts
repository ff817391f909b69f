// An argument that is the name of a variable, or of a member of one, as `debug: { var: result.stdout }`: the step gets
// the value, as if the name stood in a placeholder of its own.
import type { Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { type Notes, valueOf } from '../expression/values.ts';
import type { Node } from '../yaml/node.ts';

const NAME = /^[A-Za-z_]\w*(?:\.\w+)*$/;

export function namedValue(source: Source, node: Node, notes: Notes): Value {
  const text = node.is === 'scalar' && typeof node.value === 'string' ? node.value.trim() : '';
  if (hasTemplate(text)) return valueOf(source, node, 'text', notes);
  if (!NAME.test(text)) {
    const help = 'for anything else write msg: "{{ … }}"';
    notes.found.push(problem('bad-argument', node.span, 'this must be a name, like result.stdout', help));
  } else notes.uses.push({ path: text.split('.'), optional: false, at: node.span });
  return { is: 'expression', language: 'text', source: `{{${text}}}`, at: node.span };
}
