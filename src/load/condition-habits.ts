// What people write in a condition when they come from Jinja, and what it is here. Only texts are looked at; what
// looks right is left to the reader of conditions.
import type { ConditionFault } from './condition.ts';

interface Habit {
  readonly pattern: RegExp;
  readonly message: string;
  readonly help: (found: RegExpExecArray, text: string) => string;
}

const HABITS: readonly Habit[] = [
  {
    pattern: /\{\{|\}\}/,
    message: 'a condition stands without braces',
    help: (_, text) => `write ${text.replaceAll(/\{\{\s*|\s*\}\}/g, '')}`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:defined|undefined)\b/,
    message: '"is defined" is Jinja',
    help: found =>
      (found[1] ?? '').includes('.')
        ? `write ${found[2] === undefined ? '' : '!'}has(${found[1]})`
        : `every name must be there: give "${found[1]}" a value under "vars:" and compare with it`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(succeeded|success|failed|changed|skipped)\b/,
    message: 'a test behind "is" is Jinja',
    help: found => `write ${testOf(found[1] ?? 'x', found[2] !== undefined, found[3] ?? 'failed')}`,
  },
  {
    pattern: /\bis\s+(?:not\s+)?(?:match|search|regex)\b/,
    message: 'a test behind "is" is Jinja',
    help: () => 'write x.matches("pattern")',
  },
  {
    pattern: /\|\s*default\s*\(/,
    message: 'a filter behind a bar is Jinja',
    help: () => 'write has(x.y) ? x.y : "other", or give the variable a value under "vars:"',
  },
  {
    pattern: /(?<!\|)\|\s*(?:length|count)\b/,
    message: 'a filter behind a bar is Jinja',
    help: () => 'write size(x)',
  },
  {
    pattern: /(?<!\|)\|(?!\|)\s*(\w+)?/,
    message: 'a filter behind a bar is Jinja',
    help: found =>
      ['int', 'bool', 'string'].includes(found[1] ?? '')
        ? `write ${found[1]}(x)`
        : 'compute it in a variable: "{{helper x}}"',
  },
  {
    pattern: /(\S+)\s+not\s+in\s+(\S+)/,
    message: '"not in" is Jinja',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /\b(?:and|or|not)\b/,
    message: 'words between conditions are Jinja',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /\b(?:True|False|None)\b/,
    message: 'true, false and null are written small',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /(?<![=!<>])=(?!=)/,
    message: 'one = is no comparison',
    help: (_, text) => `write ${text.replace(/(?<![=!<>])=(?!=)/, '==')}`,
  },
];

function testOf(name: string, negated: boolean, test: string): string {
  const good = test === 'succeeded' || test === 'success';
  const member = good ? 'failed' : test;
  return `${good === negated ? '' : '!'}${name}.${member}`;
}

/** The same condition with CEL's signs, outside of quotes. */
function inWords(text: string): string {
  return text.replaceAll(/"[^"]*"|'[^']*'|[^"']+/g, piece =>
    /^["']/.test(piece)
      ? piece
      : piece
          .replaceAll(/(\S+)\s+not\s+in\s+/g, '!($1 in ')
          .replaceAll(/\band\b/g, '&&')
          .replaceAll(/\bor\b/g, '||')
          .replaceAll(/\bnot\s+/g, '!')
          .replaceAll(/\bTrue\b/g, 'true')
          .replaceAll(/\bFalse\b/g, 'false')
          .replaceAll(/\bNone\b/g, 'null'),
  );
}

export function jinjaHabit(text: string): ConditionFault | null {
  // Same length, nothing inside quotes.
  const bare = text.replaceAll(/"[^"]*"|'[^']*'/g, quoted => `"${'_'.repeat(Math.max(0, quoted.length - 2))}"`);
  for (const habit of HABITS) {
    const found = habit.pattern.exec(bare);
    if (found === null) continue;
    return {
      message: habit.message,
      help: [habit.help(found, text)],
      start: found.index,
      end: found.index + found[0].length,
    };
  }
  return null;
}
