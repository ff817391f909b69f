// What people write in a condition when they come from Jinja, and what it is here. Only texts are looked at; what
// looks right is left to the reader of conditions.
import type { ConditionFault } from './condition.ts';

interface Habit {
  readonly pattern: RegExp;
  /** In small letters: one of these is in all that the pattern finds. Most conditions have none, and that is soon seen. */
  readonly signs: readonly string[];
  readonly message: string;
  readonly help: (found: RegExpExecArray, text: string) => string;
}

const HABITS: readonly Habit[] = [
  {
    pattern: /\{\{|\}\}/,
    signs: ['{{', '}}'],
    message: 'a condition stands without braces',
    help: (_, text) => `write ${text.replaceAll(/\{\{\s*|\s*\}\}/g, '')}`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:defined|undefined)\b/,
    signs: ['is'],
    message: '"is defined" is Jinja',
    help: found =>
      (found[1] ?? '').includes('.')
        ? `write ${found[2] === undefined ? '' : '!'}has(${found[1]})`
        : `every name must be there: give "${found[1]}" a value under "vars:" and compare with it`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(succeeded|success|failed|changed|skipped)\b/,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found => `write ${testOf(found[1] ?? 'x', found[2] !== undefined, found[3] ?? 'failed')}`,
  },
  {
    // `(x)`: the values in quotes are blanked before this is asked.
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:match|search|regex)\b(?:\s*\([^)]*\))?/,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found => `write ${found[2] === undefined ? '' : '!'}${found[1]}.matches("pattern")`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:none|null)\b/i,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found => `write ${found[1]} ${found[2] === undefined ? '==' : '!='} null`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(?:not\s+)?in\b/,
    signs: ['is'],
    message: '"is in" is Jinja',
    help: (_, text) => `write ${inWords(text.replace(/\bis\s+not\s+in\b/, 'not in').replace(/\bis\s+in\b/, 'in'))}`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(string|number|integer|float|boolean|mapping|sequence|iterable|list)\b/,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found =>
      `write type(${found[1]}) ${found[2] === undefined ? '==' : '!='} ${TYPES[found[3] ?? ''] ?? 'string'}`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:true|truthy)\b/i,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found => `write ${found[2] === undefined ? '' : '!'}${found[1]}`,
  },
  {
    pattern: /\b([\w.]+)\s+is\s+(not\s+)?(?:false|falsy)\b/i,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: found => `write ${found[2] === undefined ? '!' : ''}${found[1]}`,
  },
  {
    pattern: /\b[\w.]+\s+is\s+(?:not\s+)?\w+/,
    signs: ['is'],
    message: 'a test behind "is" is Jinja',
    help: () => 'compare with ==, !=, <, ask a text with .contains, .startsWith or .matches, a list with size(x)',
  },
  {
    pattern: /\|\s*default\s*\(/,
    signs: ['|'],
    message: 'a filter behind a bar is Jinja',
    help: () => 'write has(x.y) ? x.y : "other", or give the variable a value under "vars:"',
  },
  {
    pattern: /(?<!\|)\|\s*(?:length|count)\b/,
    signs: ['|'],
    message: 'a filter behind a bar is Jinja',
    help: (_, text) => `write ${text.replace(/([\w.]+)\s*\|\s*(?:length|count)\b/, 'size($1)')}`,
  },
  {
    pattern: /(?<!\|)\|(?!\|)\s*(\w+)?/,
    signs: ['|'],
    message: 'a filter behind a bar is Jinja',
    help: found =>
      ['int', 'bool', 'string'].includes(found[1] ?? '')
        ? `write ${found[1]}(x)`
        : 'compute it in a variable: "{{helper x}}"',
  },
  {
    pattern: /\blookup\s*\(|\bquery\s*\(/,
    signs: ['lookup', 'query'],
    message: 'a lookup is Jinja',
    help: () => 'register what a task reads, or give it to a variable with -e',
  },
  {
    pattern: /(\S+)\s+if\s+.+\s+else\s+/,
    signs: ['else'],
    message: '"if … else" is Jinja',
    help: (_, text) => `write ${text.replace(/^(.+?)\s+if\s+(.+?)\s+else\s+(.+)$/, '$2 ? $1 : $3')}`,
  },
  {
    pattern: /("_*"|[\w.]+)\s+(not\s+)?in\s+([\w.]*\.(?:stdout|stderr|msg|message|content))\b/,
    signs: ['in'],
    message: 'a text can\'t be looked for with "in"',
    help: (found, text) => {
      const sought = /("[^"]*"|'[^']*'|[\w.]+)\s+(?:not\s+)?in\s/.exec(text.slice(found.index))?.[1] ?? '"x"';
      return `write ${found[2] === undefined ? '' : '!'}${found[3]}.contains(${sought})`;
    },
  },
  {
    pattern: /(\S+)\s+not\s+in\s+(\S+)/,
    signs: ['not'],
    message: '"not in" is Jinja',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /\b(?:and|or|not)\b/,
    signs: ['and', 'or', 'not'],
    message: 'words between conditions are Jinja',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /\b(?:True|False|None)\b/,
    signs: ['true', 'false', 'none'],
    message: 'true, false and null are written small',
    help: (_, text) => `write ${inWords(text)}`,
  },
  {
    pattern: /\blen\s*\(/,
    signs: ['len'],
    message: '"len" is Python',
    help: (_, text) => `write ${text.replaceAll(/\blen\s*\(/g, 'size(')}`,
  },
  {
    pattern: /\.(startswith|endswith|upper|lower|strip|find|items|keys|values|get)\s*\(/,
    signs: ['('],
    message: 'this is a method of Python',
    help: (found, text) => METHODS[found[1] ?? '']?.(text) ?? 'compute it in a variable: "{{helper x}}"',
  },
  {
    pattern: /\bin\s+\(([^()]*,[^()]*)\)/,
    signs: [','],
    message: 'a list stands in brackets',
    help: (_, text) => `write ${text.replace(/\bin\s+\(([^()]*,[^()]*)\)/, 'in [$1]')}`,
  },
  {
    pattern: /<>/,
    signs: ['<>'],
    message: '<> is no comparison',
    help: (_, text) => `write ${text.replaceAll('<>', '!=')}`,
  },
  {
    pattern: /\s~\s/,
    signs: ['~'],
    message: '~ is Jinja',
    help: (_, text) => `write ${text.replaceAll(/\s~\s/g, ' + ')}`,
  },
  {
    pattern: /\s#\s|\s#$/,
    signs: ['#'],
    message: 'a condition holds no comment',
    help: (_, text) => `write ${text.replace(/\s+#(?:\s.*)?$/, '')}, and the comment outside of the quotes`,
  },
  {
    pattern: /(?<![=!<>])=(?!=)/,
    signs: ['='],
    message: 'one = is no comparison',
    help: (_, text) => `write ${text.replace(/(?<![=!<>])=(?!=)/, '==')}`,
  },
];

/** What Jinja's tests of types are in CEL. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ string: 'string', number: 'double', integer: 'int', float: 'double', boolean: 'bool' },
  ...{ mapping: 'map', sequence: 'list', iterable: 'list', list: 'list' },
};

const METHODS: Readonly<Record<string, (text: string) => string>> = {
  startswith: text => `write ${text.replaceAll('.startswith(', '.startsWith(')}`,
  endswith: text => `write ${text.replaceAll('.endswith(', '.endsWith(')}`,
  find: () => 'write x.contains("text")',
  strip: text => `write ${text.replaceAll('.strip(', '.trim(')}`,
  upper: () => 'compute it in a variable: "{{upper x}}"',
  lower: () => 'compute it in a variable: "{{lower x}}"',
  get: () => 'write has(x.name) ? x.name : "other"',
};

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
          .replaceAll(/(\S+)\s+not\s+in\s+(\S+)/g, '!($1 in $2)')
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
  const small = bare.toLowerCase();
  for (const habit of HABITS) {
    if (!habit.signs.some(sign => small.includes(sign))) continue;
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
