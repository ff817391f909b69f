// Values of awk: numbers, strings, and strings from input that count as numbers when they look like one.
import { floating } from './printf.ts';

/** `input`: a string that came from outside. */
export type Value =
  | { readonly is: 'number'; readonly number: number }
  | { readonly is: 'string'; readonly text: string }
  | { readonly is: 'input'; readonly text: string };

export type AwkArray = Map<string, Value>;

export const EMPTY: Value = { is: 'input', text: '' };

export function numeric(number: number): Value {
  return { is: 'number', number };
}

export function textual(text: string): Value {
  return { is: 'string', text };
}

export function fromInput(text: string): Value {
  return { is: 'input', text };
}

export function toNumber(value: Value): number {
  if (value.is === 'number') return value.number;
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(value.text);
  return match === null ? 0 : Number(match[1]);
}

/** A number as text: whole ones as they are, others by the format (%.6g). */
export function toText(value: Value, format = '%.6g'): string {
  if (value.is !== 'number') return value.text;
  const { number } = value;
  if (Number.isInteger(number) && Math.abs(number) < 1e16) return number === 0 ? '0' : String(number);
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const precision = /^%\.(\d+)([gfe])$/.exec(format);
  return floating(number, precision?.[2] ?? 'g', Number(precision?.[1] ?? '6'));
}

function looksNumeric(value: Value): boolean {
  if (value.is === 'number') return true;
  return value.is === 'input' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value.text);
}

export function isTrue(value: Value): boolean {
  if (value.is === 'number') return value.number !== 0;
  return looksNumeric(value) ? toNumber(value) !== 0 : value.text !== '';
}

/** Below, at or above zero. The unset value compares as a number with numbers. */
export function compare(a: Value, b: Value): number {
  const isNumeric =
    (looksNumeric(a) || a === EMPTY) && (looksNumeric(b) || b === EMPTY) && !(a === EMPTY && b === EMPTY);
  if (isNumeric) return toNumber(a) - toNumber(b);
  const [x, y] = [toText(a), toText(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
