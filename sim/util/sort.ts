// sort: keys, numbers, reverse, unique. Compares code units, as in the C locale.
import type { Main } from '../os/kernel.ts';
import { Input, Output } from './input.ts';
import { Options, UsageError } from './options.ts';

interface Key {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number] | null;
  readonly flags: string;
}

function keyOf(text: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([bdfinrMg]*)(?:,(\d+)(?:\.(\d+))?([bdfinrMg]*))?$/.exec(text);
  if (match === null) throw new UsageError(`invalid key: ${text}`);
  const to = match[4] === undefined ? null : ([Number(match[4]), Number(match[5] ?? '0')] as const);
  return { from: [Number(match[1]), Number(match[2] ?? '1')], to, flags: (match[3] ?? '') + (match[6] ?? '') };
}

function fieldsOf(line: string, separator: string | null): readonly string[] {
  if (separator !== null) return line.split(separator);
  return line.match(/[ \t]*[^ \t]+/g) ?? [line];
}

function keyText(line: string, key: Key, separator: string | null): string {
  const fields = fieldsOf(line, separator);
  const glue = separator ?? '';
  const [first, firstChar] = key.from;
  const end = key.to === null ? fields.length : key.to[0];
  const chosen = fields.slice(first - 1, end);
  const last = chosen.length - 1;
  if (key.to !== null && key.to[1] > 0 && last >= 0 && end <= fields.length)
    chosen[last] = (chosen[last] ?? '').slice(0, key.to[1]);
  return chosen.join(glue).slice(firstChar - 1);
}

function numeric(text: string): number {
  return Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] ?? '0') || 0;
}

function compareBy(flags: string, a: string, b: string): number {
  if (/[ng]/.test(flags)) return numeric(a) - numeric(b);
  const plain = (text: string): string => {
    const trimmed = flags.includes('b') ? text.trimStart() : text;
    return flags.includes('f') ? trimmed.toUpperCase() : trimmed;
  };
  const [x, y] = [plain(a), plain(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const sort: Main = async (proc, argv) => {
  const options = new Options(argv, 'nrufbdiMgmcsk:t:o:T:S:');
  const keys = options.values('k').map(keyOf);
  const separator = options.value('t');
  const common = [...'nfbdiMg'].filter(letter => options.has(letter)).join('');
  const isReversed = options.has('r');
  const byKeys = (a: string, b: string): number => {
    for (const key of keys) {
      const flags = key.flags === '' ? common : key.flags;
      const order = compareBy(flags, keyText(a, key, separator), keyText(b, key, separator));
      if (order !== 0) return (key.flags === '' ? isReversed : key.flags.includes('r')) ? -order : order;
    }
    if (keys.length > 0) return 0;
    const order = compareBy(common, a, b);
    return isReversed ? -order : order;
  };
  const lastResort = (a: string, b: string): number => {
    const order = byKeys(a, b);
    if (order !== 0 || options.has('u') || options.has('s')) return order;
    const plain = a < b ? -1 : a > b ? 1 : 0;
    return isReversed ? -plain : plain;
  };
  const input = new Input(proc, 'sort', options.operands, 2);
  const lines = await input.allLines();
  if (input.status !== 0) return input.status;
  if (options.has('c')) return lines.some((line, i) => i > 0 && byKeys(lines[i - 1] ?? '', line) > 0) ? 1 : 0;
  const sorted = lines.sort(lastResort);
  const shown = options.has('u')
    ? sorted.filter((line, i) => i === 0 || byKeys(sorted[i - 1] ?? '', line) !== 0)
    : sorted;
  const target = options.value('o');
  if (target !== null) proc.install(1, proc.openFile(target, { write: true, create: true, truncate: true }));
  const output = new Output(proc);
  for (const line of shown) await output.put(`${line}\n`);
  await output.flush();
  return 0;
};

export const SORT: Readonly<Record<string, Main>> = { sort };
