// diff: the usual form and -u, by the longest common subsequence. Directories are not compared.
import type { Main } from '../os/kernel.ts';
import { Input } from './input.ts';
import { Options } from './options.ts';

interface Change {
  /** Lines [from, to) of the left file give way to lines [from, to) of the right one. */
  readonly left: readonly [number, number];
  readonly right: readonly [number, number];
}

function changes(a: readonly string[], b: readonly string[]): readonly Change[] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const found: Change[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [startA, startB] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) i++;
      else j++;
    }
    found.push({ left: [startA, i], right: [startB, j] });
  }
  return found;
}

function span([from, to]: readonly [number, number]): string {
  if (to - from === 0) return String(from);
  return to - from === 1 ? String(to) : `${from + 1},${to}`;
}

function normal(change: Change, a: readonly string[], b: readonly string[]): string {
  const removed = a.slice(...change.left).map(line => `< ${line}\n`);
  const added = b.slice(...change.right).map(line => `> ${line}\n`);
  const kind = removed.length === 0 ? 'a' : added.length === 0 ? 'd' : 'c';
  return `${span(change.left)}${kind}${span(change.right)}\n${removed.join('')}${kind === 'c' ? '---\n' : ''}${added.join('')}`;
}

function unified(all: readonly Change[], a: readonly string[], b: readonly string[]): string {
  let text = '';
  for (let i = 0; i < all.length; ) {
    let last = i;
    while (last + 1 < all.length && (all[last + 1]?.left[0] ?? 0) - (all[last]?.left[1] ?? 0) <= 6) last++;
    const [first, final] = [all[i], all[last]];
    if (first === undefined || final === undefined) break;
    const from = Math.max(0, first.left[0] - 3);
    const to = Math.min(a.length, final.left[1] + 3);
    const fromB = first.right[0] - (first.left[0] - from);
    const toB = final.right[1] + (to - final.left[1]);
    const range = (start: number, end: number): string =>
      end - start === 1 ? String(start + 1) : `${end === start ? start : start + 1},${end - start}`;
    text += `@@ -${range(from, to)} +${range(fromB, toB)} @@\n`;
    let at = from;
    for (const change of all.slice(i, last + 1)) {
      text += a
        .slice(at, change.left[0])
        .map(line => ` ${line}\n`)
        .join('');
      text += a
        .slice(...change.left)
        .map(line => `-${line}\n`)
        .join('');
      text += b
        .slice(...change.right)
        .map(line => `+${line}\n`)
        .join('');
      at = change.left[1];
    }
    text += a
      .slice(at, to)
      .map(line => ` ${line}\n`)
      .join('');
    i = last + 1;
  }
  return text;
}

const diff: Main = async (proc, argv) => {
  const options = new Options(argv, 'uqbwicN');
  const [left = '', right = ''] = options.operands;
  const input = new Input(proc, 'diff', [left], 2);
  const other = new Input(proc, 'diff', [right], 2);
  const [a, b] = [await input.allLines(), await other.allLines()];
  if (input.status + other.status > 0) return 2;
  const all = changes(a, b);
  if (all.length === 0) return 0;
  if (options.has('q')) await proc.out(`Files ${left} and ${right} differ\n`);
  else if (options.has('u')) await proc.out(`--- ${left}\n+++ ${right}\n${unified(all, a, b)}`);
  else await proc.out(all.map(change => normal(change, a, b)).join(''));
  return 1;
};

export const DIFF: Readonly<Record<string, Main>> = { diff };
