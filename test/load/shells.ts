// Values on their way through a template into a real shell: what the shell made of them.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { render } from '../../src/load/expression/template.ts';

/** Where a placeholder may stand; `a` is the value. Each of them must hand on just the one argument. */
const PLACES: readonly (readonly [template: string, expected: (a: string) => string])[] = [
  ['got {{a}}', a => a],
  ['got before{{a}}behind', a => `before${a}behind`],
  ['got --file={{a}} # a comment', a => `--file=${a}`],
  ['v={{a}}; got "$v"', a => a],
  ['got "quoted "{{a}}" too"', a => `quoted ${a} too`],
  ["got 'single '{{a}}", a => `single ${a}`],
  ['if true; then got {{a}}; fi', a => a],
  ['( got {{a}} )', a => a],
  ['true && { got {{a}}; }', a => a],
  ['got {{a}} </dev/null', a => a],
  ['for v in {{a}}; do got "$v"; done', a => a],
  ['case x in x) got {{a}};; esac', a => a],
];

/** Any text that can stand in an argument: no NUL, and no half of a character. */
export const anyText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...`'"\\\`$!*?[]{}()<>|&;#~=%^- \t\n\r\u001b\u007fé€😀`), maxLength: 20 }),
    fc.constantFrom('', ' ', '-n', '--', '~', '$(id)', '`id`', '!!', '\\', "'", '"', '\n', '*', '{a,b}', 'a\n'),
  )
  .map(text => Buffer.from(text.replaceAll('\0', '')).toString());

/** Which of the texts didn't arrive as they were, as one argument each. */
export function lostOnTheWay(shell: string, texts: readonly string[]): readonly string[] {
  const wanted: string[] = [];
  const lines = texts.flatMap((a, index) => {
    const [template, expected] = PLACES[index % PLACES.length] ?? ['got {{a}}', (one: string) => one];
    wanted.push(`1:${expected(a)}`);
    return [String(render(template, 'shell', Object.assign(Object.create(null), { a })))];
  });
  const script = ['got() { printf \'%s:%s\\0\' "$#" "$1"; }', ...lines, ''].join('\n');
  const ran = spawnSync(shell, { input: script, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.error) throw ran.error;
  const arrived = ran.stdout.split('\0');
  return wanted.filter((one, index) => arrived[index] !== one);
}

export function isThere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}
