// Mappings of variables as they stand in files: which names may be variables, and where each one was said.
import type { Layer, Value } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { kindOf, type Node, objectOf } from '../yaml/node.ts';
import { type Notes, valueOf } from './values.ts';

/** A variable as one file says it. */
export interface Said {
  readonly value: Value;
  readonly at: Span;
}

export type SaidVars = ReadonlyMap<string, Said>;

/** Names that mean something by themselves in every template and condition. */
const GIVEN_NAMES = ['facts', 'host', 'groups', 'hostvars', 'run', 'item', 'failed'] as const;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Words of CEL: a condition could never name such a variable.
const WORDS_OF_CONDITIONS = ['in', 'true', 'false', 'null', 'has', 'this'];

export function nameProblem(name: string, at: Span): Diagnostic | null {
  if (!NAME.test(name)) {
    const better = name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    const help = NAME.test(better) && !name.includes('{{') ? [`call it "${better}"`] : [];
    return problem('bad-name', at, `"${name}" can't be a variable: letters, digits and _ make a name`, ...help);
  }
  if (GIVEN_NAMES.some(given => given === name)) {
    return problem('bad-name', at, `"${name}" has a meaning of its own and can't be a variable`);
  }
  if (WORDS_OF_CONDITIONS.includes(name)) {
    return problem('bad-name', at, `"${name}" is a word of conditions and can't be a variable`);
  }
  return null;
}

/** @param node a mapping, or nothing. */
export function varsOf(source: Source, node: Node | null, notes: Notes): SaidVars {
  const vars = new Map<string, Said>();
  if (node === null || (node.is === 'scalar' && node.value === null)) return vars;
  if (node.is !== 'map') {
    notes.found.push(
      problem('wrong-type', node.span, `variables are a mapping of names to values, this is ${kindOf(node)}`),
    );
    return vars;
  }
  for (const pair of node.pairs) {
    const wrong = nameProblem(pair.key, pair.keySpan);
    if (wrong !== null) notes.found.push(wrong);
    else vars.set(pair.key, { value: valueOf(source, pair.value, 'text', notes), at: pair.keySpan });
  }
  return vars;
}

export function layerOf(vars: SaidVars): Layer {
  return objectOf([...vars].map(([name, said]) => [name, said.value]));
}
