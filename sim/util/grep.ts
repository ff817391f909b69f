// grep, egrep, fgrep: status 0 found, 1 not found, 2 something was wrong.
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import { Input } from './input.ts';
import { Options, UsageError } from './options.ts';
import { plainPattern, regex } from './regex.ts';

function matcher(options: Options, patterns: readonly string[], kind: 'basic' | 'extended' | 'fixed'): RegExp[] {
  const flags = options.has('i') || options.has('y') ? 'i' : '';
  return patterns.map(pattern => {
    const base = kind === 'fixed' ? new RegExp(plainPattern(pattern), flags) : regex(pattern, { flavour: kind, flags });
    const bounded = options.has('x') ? `^(?:${base.source})$` : options.has('w') ? `\\b(?:${base.source})\\b` : null;
    return bounded === null ? base : new RegExp(bounded, flags);
  });
}

function filesUnder(proc: Process, names: readonly string[]): readonly string[] {
  return names.flatMap(name => {
    if (proc.files.find(name)?.node?.kind !== 'dir') return [name];
    return filesUnder(
      proc,
      proc.files.list(name).map(entry => `${name.replace(/\/$/, '')}/${entry}`),
    );
  });
}

const grepWith =
  (usual: 'basic' | 'extended' | 'fixed'): Main =>
  async (proc, argv) => {
    const options = new Options(argv, 'EFGvciqnlLhHsxwyorRe:f:m:bA:B:C:');
    const kind = options.has('F') ? 'fixed' : options.has('E') ? 'extended' : usual;
    const hasPattern = options.has('e') || options.has('f');
    const [first, ...others] = options.operands;
    if (!hasPattern && first === undefined) throw new UsageError('a pattern is needed');
    const named = hasPattern ? options.operands : others;
    const given = hasPattern ? [...options.values('e'), ...patternsIn(proc, options.values('f'))] : [first ?? ''];
    const tests = matcher(
      options,
      given.flatMap(pattern => pattern.split('\n')),
      kind,
    );
    const isDeep = options.has('r') || options.has('R');
    const names = isDeep ? filesUnder(proc, named.length === 0 ? ['.'] : named) : named;
    const isNamed = (names.length > 1 || isDeep || options.has('H')) && !options.has('h');
    return search(proc, { options, tests, names: names.length === 0 ? ['-'] : names, isNamed });
  };

function patternsIn(proc: Process, names: readonly string[]): readonly string[] {
  return names.flatMap(name => new TextDecoder().decode(proc.files.read(name)).replace(/\n$/, '').split('\n'));
}

interface Search {
  readonly options: Options;
  readonly tests: readonly RegExp[];
  readonly names: readonly string[];
  readonly isNamed: boolean;
}

async function search(proc: Process, { options, tests, names, isNamed }: Search): Promise<number> {
  let found = false;
  let failed = 0;
  const most = options.number('m', Number.POSITIVE_INFINITY);
  for (const name of names) {
    const input = new Input(options.has('s') ? silenced(proc) : proc, 'grep', [name], 2);
    const prefix = isNamed ? `${name === '-' ? '(standard input)' : name}:` : '';
    let count = 0;
    let number = 0;
    for await (const { text } of input.lines()) {
      number++;
      if (tests.some(test => test.test(text)) === options.has('v')) continue;
      found = true;
      count++;
      if (options.has('q')) return 0;
      if (options.has('l') || options.has('L')) break;
      const place = options.has('n') ? `${prefix}${number}:` : prefix;
      if (options.has('o')) for (const piece of pieces(text, tests)) await proc.out(`${place}${piece}\n`);
      else if (!options.has('c')) await proc.out(`${place}${text}\n`);
      if (count >= most) break;
    }
    failed = Math.max(failed, input.status);
    if (options.has('c')) await proc.out(`${prefix}${count}\n`);
    if ((options.has('l') && count > 0) || (options.has('L') && count === 0 && input.status === 0))
      await proc.out(`${name}\n`);
  }
  return failed > 0 ? failed : found ? 0 : 1;
}

function pieces(text: string, tests: readonly RegExp[]): readonly string[] {
  return tests.flatMap(test =>
    [...text.matchAll(new RegExp(test.source, `${test.flags}g`))].map(match => match[0]).filter(piece => piece !== ''),
  );
}

/** -s: no word about files that can't be read. */
function silenced(proc: Process): Process {
  proc.install(2, proc.openFile('/dev/null', { write: true }));
  return proc;
}

export const GREP: Readonly<Record<string, Main>> = {
  egrep: grepWith('extended'),
  fgrep: grepWith('fixed'),
  grep: grepWith('basic'),
};
