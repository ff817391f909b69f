// awk's own functions.
import type { Expr, Place } from './awk-ast.ts';
import { splitFields } from './awk-record.ts';
import type { AwkEvaluator as Awk } from './awk-evaluate.ts';
import { fromInput, numeric, textual, toNumber, type Value } from './awk-values.ts';
import { UsageError } from './options.ts';

type Function = (awk: Awk, args: readonly Expr[]) => Promise<Value>;

const NOTHING: Expr = { is: 'string', value: '' };
const RECORD: Place = { is: 'field', index: { is: 'number', value: 0 } };

async function number(awk: Awk, expr: Expr | undefined): Promise<number> {
  return expr === undefined ? 0 : toNumber(await awk.value(expr));
}

async function patternOf(awk: Awk, expr: Expr): Promise<RegExp> {
  return awk.pattern(expr.is === 'regex' ? expr.source : await awk.string(expr));
}

const math =
  (act: (x: number, y: number) => number): Function =>
  async (awk, [x, y]) =>
    numeric(act(await number(awk, x), await number(awk, y)));

const length: Function = async (awk, [arg]) => {
  if (arg?.is === 'variable' && awk.globals.get(arg.name) instanceof Map) return numeric(awk.array(arg.name).size);
  return numeric((arg === undefined ? awk.record() : await awk.string(arg)).length);
};

const substr: Function = async (awk, [text = NOTHING, from, count]) => {
  const whole = await awk.string(text);
  const start = Math.round(await number(awk, from));
  const end = count === undefined ? whole.length + 1 : start + Math.round(await number(awk, count));
  return textual(whole.slice(Math.max(0, start - 1), Math.max(0, end - 1)));
};

const split: Function = async (awk, [text = NOTHING, into, by]) => {
  if (into?.is !== 'variable') throw new UsageError('split: an array is needed');
  const whole = await awk.string(text);
  const separator = by === undefined ? awk.text('FS') : by.is === 'regex' ? `(?:${by.source})` : await awk.string(by);
  const pieces = by?.is === 'regex' ? splitRegex(whole, awk.pattern(by.source)) : splitFields(whole, separator);
  const array = awk.array(into.name);
  array.clear();
  for (const [i, piece] of pieces.entries()) array.set(String(i + 1), fromInput(piece));
  return numeric(pieces.length);
};

function splitRegex(text: string, by: RegExp): readonly string[] {
  if (text === '') return [];
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(by.source, 'g'))) {
    if (match[0] === '') continue;
    pieces.push(text.slice(at, match.index));
    at = match.index + match[0].length;
  }
  return [...pieces, text.slice(at)];
}

const substitute =
  (isGlobal: boolean): Function =>
  async (awk, [pattern = NOTHING, to = NOTHING, given]) => {
    const place = given ?? RECORD;
    if (place.is !== 'variable' && place.is !== 'element' && place.is !== 'field')
      throw new UsageError('sub: a variable is needed');
    const test = new RegExp((await patternOf(awk, pattern)).source, isGlobal ? 'g' : '');
    const replacement = await awk.string(to);
    let count = 0;
    const text = (await awk.string(place)).replace(test, (...groups: readonly unknown[]) => {
      count++;
      const found = typeof groups[0] === 'string' ? groups[0] : '';
      return replacement.replace(/\\(\\|&)|&/g, (_, char?: string) => char ?? found);
    });
    if (count > 0) await awk.store(place, textual(text));
    return numeric(count);
  };

const match: Function = async (awk, [text = NOTHING, pattern = NOTHING]) => {
  const found = (await patternOf(awk, pattern)).exec(await awk.string(text));
  awk.setScalar('RSTART', numeric(found === null ? 0 : found.index + 1));
  awk.setScalar('RLENGTH', numeric(found === null ? -1 : found[0].length));
  return awk.scalar('RSTART');
};

/** A small generator of its own: the same seed gives the same numbers on every host. */
let seed = 1;

function random(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x80000000;
}

const FUNCTIONS: Readonly<Record<string, Function>> = {
  atan2: math(Math.atan2),
  close: async (awk, [name = NOTHING]) => numeric(await awk.streams.close(await awk.string(name))),
  cos: math(Math.cos),
  exp: math(Math.exp),
  fflush: async awk => {
    await awk.streams.flush();
    return numeric(0);
  },
  gsub: substitute(true),
  index: async (awk, [text = NOTHING, part = NOTHING]) =>
    numeric((await awk.string(text)).indexOf(await awk.string(part)) + 1),
  int: math(Math.trunc),
  length,
  log: math(Math.log),
  match,
  rand: async () => numeric(random()),
  sin: math(Math.sin),
  split,
  sprintf: async (awk, args) => textual(await awk.formatted(args)),
  sqrt: math(Math.sqrt),
  srand: async (awk, [value]) => {
    const before = seed;
    seed = await number(awk, value);
    return numeric(before);
  },
  sub: substitute(false),
  substr,
  system: async (awk, [command = NOTHING]) => numeric(await awk.streams.system(await awk.string(command))),
  tolower: async (awk, [text = NOTHING]) => textual((await awk.string(text)).toLowerCase()),
  toupper: async (awk, [text = NOTHING]) => textual((await awk.string(text)).toUpperCase()),
};

export async function callBuiltin(awk: Awk, name: string, args: readonly Expr[]): Promise<Value> {
  const body = FUNCTIONS[name];
  if (body === undefined) throw new UsageError(`calling undefined function ${name}`);
  return body(awk, args);
}
