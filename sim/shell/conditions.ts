// Answers [[ ... ]]: files and numbers as test does, == against a pattern, =~ against a regular expression.
import { checkTest } from '../util/test.ts';
import type { Condition } from './ast.ts';
import { expandPattern, expandRegex, expandText } from './expand.ts';
import type { Shell } from './interp.ts';
import { matches } from './pattern.ts';

export async function holds(sh: Shell, test: Condition): Promise<boolean> {
  switch (test.is) {
    case 'not':
      return !(await holds(sh, test.test));
    case 'both':
      return (await holds(sh, test.left)) && holds(sh, test.right);
    case 'either':
      return (await holds(sh, test.left)) || holds(sh, test.right);
    case 'unary':
      return ask(sh, [test.op, await expandText(sh, test.word)]);
    case 'binary':
      return binary(sh, test);
  }
}

async function binary(sh: Shell, { op, left, right }: Extract<Condition, { is: 'binary' }>): Promise<boolean> {
  const text = await expandText(sh, left);
  switch (op) {
    case '=':
    case '==':
      return matches(text, await expandPattern(sh, right));
    case '!=':
      return !matches(text, await expandPattern(sh, right));
    case '=~':
      return fits(sh, text, await expandRegex(sh, right));
    case '<':
      return text < (await expandText(sh, right));
    case '>':
      return text > (await expandText(sh, right));
    default:
      return ask(sh, [text, op, await expandText(sh, right)]);
  }
}

function fits(sh: Shell, text: string, pattern: string): boolean {
  const source = pattern.replaceAll('[[:space:]]', '\\s').replaceAll('[:digit:]', '0-9');
  try {
    return new RegExp(source).test(text);
  } catch {
    throw sh.fail(`[[: ${pattern}: invalid regular expression`, 2);
  }
}

function ask(sh: Shell, words: readonly string[]): boolean {
  const answer = checkTest(sh.proc, ['test', ...words]);
  if (typeof answer === 'boolean') return answer;
  throw sh.fail(`[[: ${answer.problem}`, 2);
}
