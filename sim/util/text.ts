// Utilities that work line by line: wc, sort, uniq, cut, tr, grep, paste, nl.
import type { Main } from '../os/kernel.ts';
import { toText } from '../os/process.ts';
import { Input, Output } from './input.ts';
import { Options, UsageError } from './options.ts';

const wc: Main = async (proc, argv) => {
  const options = new Options(argv, 'lwcmC');
  const all = !['l', 'w', 'c', 'm'].some(letter => options.has(letter));
  const input = new Input(proc, 'wc', options.operands);
  const totals = [0, 0, 0];
  const show = async (counts: readonly number[], name: string): Promise<void> => {
    const wanted = [options.has('l') || all, options.has('w') || all, options.has('c') || options.has('m') || all];
    const shown = counts.filter((_, i) => wanted[i] === true).map(count => ` ${String(count).padStart(7)}`);
    await proc.out(`${shown.join('')}${name === '-' ? '' : ` ${name}`}\n`);
  };
  for await (const { name, bytes } of input.files()) {
    const text = toText(bytes);
    const lines = bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
    const counts = [
      lines,
      text.split(/\s+/).filter(word => word !== '').length,
      options.has('m') ? [...text].length : bytes.length,
    ];
    for (const [i, count] of counts.entries()) totals[i] = (totals[i] ?? 0) + count;
    await show(counts, name);
  }
  if (options.operands.length > 1) await show(totals, 'total');
  return input.status;
};

const uniq: Main = async (proc, argv) => {
  const options = new Options(argv, 'cduif:s:');
  const skip = options.number('f', 0);
  const key = (line: string): string => {
    const rest = line.replace(new RegExp(`^(?:\\s*\\S+){0,${skip}}`), '').slice(options.number('s', 0));
    return options.has('i') ? rest.toLowerCase() : rest;
  };
  let last: string | null = null;
  let count = 0;
  const emit = async (): Promise<void> => {
    const isShown = options.has('d') ? count > 1 : options.has('u') ? count === 1 : true;
    if (last !== null && isShown)
      await proc.out(options.has('c') ? `${String(count).padStart(4)} ${last}\n` : `${last}\n`);
  };
  const input = new Input(proc, 'uniq', options.operands.slice(0, 1));
  for await (const { text } of input.lines()) {
    if (last !== null && key(text) === key(last)) {
      count++;
      continue;
    }
    await emit();
    last = text;
    count = 1;
  }
  await emit();
  return input.status;
};

function ranges(list: string): readonly (readonly [number, number])[] {
  return list.split(/[,\s]+/).map(item => {
    const match = /^(\d*)(-?)(\d*)$/.exec(item);
    if (match === null || item === '' || item === '-') throw new UsageError(`bad list for -b, -c or -f: ${list}`);
    const from = match[1] === '' ? 1 : Number(match[1]);
    return [from, match[2] === '' ? from : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])];
  });
}

const cut: Main = async (proc, argv) => {
  const options = new Options(argv, 'b:c:f:d:sn');
  const list = options.value('f') ?? options.value('c') ?? options.value('b');
  if (list === null) throw new UsageError('a list is needed: -b, -c or -f');
  const wanted = ranges(list);
  const isIn = (n: number): boolean => wanted.some(([from, to]) => n >= from && n <= to);
  const delimiter = options.value('d') ?? '\t';
  const cutLine = (line: string): string | null => {
    if (!options.has('f')) return [...line].filter((_, i) => isIn(i + 1)).join('');
    if (!line.includes(delimiter)) return options.has('s') ? null : line;
    return line
      .split(delimiter)
      .filter((_, i) => isIn(i + 1))
      .join(delimiter);
  };
  const input = new Input(proc, 'cut', options.operands);
  for await (const { text } of input.lines()) {
    const line = cutLine(text);
    if (line !== null) await proc.out(`${line}\n`);
  }
  return input.status;
};

const TR_CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  cntrl: /[\x00-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** The characters that a set of tr stands for, in order. */
function trSet(set: string): string[] {
  const chars: string[] = [];
  const plain = set.replace(/\\([0-7]{1,3}|.)/g, (_, code: string) => {
    const letters: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      f: '\f',
      v: '\v',
      a: '\x07',
      b: '\b',
    };
    return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (letters[code] ?? code);
  });
  for (let i = 0; i < plain.length; i++) {
    const named = /^\[:([a-z]+):\]/.exec(plain.slice(i));
    if (named !== null) {
      const test = TR_CLASSES[named[1] ?? ''] ?? /(?!)/;
      for (let code = 0; code < 256; code++)
        if (test.test(String.fromCharCode(code))) chars.push(String.fromCharCode(code));
      i += named[0].length - 1;
    } else if (plain[i + 1] === '-' && i + 2 < plain.length) {
      const [from, to] = [plain.charCodeAt(i), plain.charCodeAt(i + 2)];
      for (let code = from; code <= to; code++) chars.push(String.fromCharCode(code));
      i += 2;
    } else chars.push(plain[i] ?? '');
  }
  return chars;
}

const tr: Main = async (proc, argv) => {
  const options = new Options(argv, 'cCdst');
  const [first = '', second] = options.operands;
  const from = new Set(trSet(first));
  const isComplement = options.has('c') || options.has('C');
  const isIn = (char: string): boolean => from.has(char) !== isComplement;
  const to = trSet(second ?? '');
  const places = new Map([...trSet(first)].map((char, i) => [char, i]));
  const last = to[to.length - 1] ?? '';
  const mapped = (char: string): string => (isComplement ? last : (to[places.get(char) ?? 0] ?? last));
  const squeezed = new Set(
    options.has('s') ? ((second === undefined ? first : second) === first && second === undefined ? [] : to) : [],
  );
  const isSqueezed = (char: string): boolean =>
    options.has('s') && (second === undefined ? isIn(char) : squeezed.has(char));
  let before = '';
  const output = new Output(proc);
  const text = toText(await proc.readAll());
  for (const char of text) {
    let made = char;
    if (isIn(char)) {
      if (options.has('d')) continue;
      if (second !== undefined) made = mapped(char);
    }
    if (made === before && isSqueezed(made)) continue;
    before = made;
    await output.put(made);
  }
  await output.flush();
  return 0;
};

const paste: Main = async (proc, argv) => {
  const options = new Options(argv, 'sd:');
  const delimiters = (options.value('d') ?? '\t').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  const joined = (cells: readonly string[]): string =>
    cells.reduce((line, cell, i) => line + (i === 0 ? '' : (delimiters[(i - 1) % delimiters.length] ?? '')) + cell, '');
  const columns: string[][] = [];
  for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
    columns.push(await new Input(proc, 'paste', [name]).allLines());
  }
  if (options.has('s')) for (const column of columns) await proc.out(`${joined(column)}\n`);
  else {
    const height = Math.max(...columns.map(column => column.length));
    for (let row = 0; row < height; row++) await proc.out(`${joined(columns.map(column => column[row] ?? ''))}\n`);
  }
  return 0;
};

const tac: Main = async (proc, argv) => {
  const lines = await new Input(proc, 'tac', argv.slice(1)).allLines();
  for (const line of lines.reverse()) await proc.out(`${line}\n`);
  return 0;
};

const nl: Main = async (proc, argv) => {
  const options = new Options(argv, 'b:');
  let number = 0;
  for await (const { text } of new Input(proc, 'nl', options.operands).lines()) {
    const isCounted = text !== '' || options.value('b') === 'a';
    await proc.out(isCounted ? `${String(++number).padStart(6)}\t${text}\n` : `       ${text}\n`);
  }
  return 0;
};

const comm: Main = async (proc, argv) => {
  const options = new Options(argv, '123');
  const [left = '', right = ''] = options.operands;
  const a = await new Input(proc, 'comm', [left]).allLines();
  const b = await new Input(proc, 'comm', [right]).allLines();
  const show = async (column: 1 | 2 | 3, line: string): Promise<void> => {
    if (options.has(String(column))) return;
    const indent = [1, 2].filter(before => before < column && !options.has(String(before))).length;
    await proc.out(`${'\t'.repeat(indent)}${line}\n`);
  };
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      await show(3, x);
      i++;
      j++;
    } else if (y === undefined || (x !== undefined && x < y)) {
      await show(1, x ?? '');
      i++;
    } else {
      await show(2, y);
      j++;
    }
  }
  return 0;
};

export const TEXT: Readonly<Record<string, Main>> = { comm, cut, nl, paste, tac, tr, uniq, wc };
