// The small fixed set of template helpers: pure functions of plain values. No clock, no chance, no user code. A
// helper that gets nothing where it needs something throws; the template tells where.
import { createHash } from 'node:crypto';

/** What a helper gets and gives: plain data, or undefined where the author's path leads nowhere. */
type Given = readonly unknown[];
type Helper = (...given: Given) => unknown;

const TABLE: Readonly<Record<string, Helper>> = {
  default: (value, other) => (value === undefined || value === null ? other : value),
  upper: value => textOf(value).toUpperCase(),
  lower: value => textOf(value).toLowerCase(),
  trim: value => textOf(value).trim(),
  join: (list, between) =>
    listOf(list)
      .map(textOf)
      .join(between === undefined ? ',' : textOf(between)),
  split: (value, between) => textOf(value).split(between === undefined ? ',' : textOf(between)),
  replace: (value, from, to) => textOf(value).replaceAll(textOf(from), () => textOf(to)),
  first: list => listOf(list)[0],
  last: list => listOf(list).at(-1),
  sort: list => listOf(list).map(textOf).sort(),
  json: value => JSON.stringify(value),
  length: value =>
    typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : keysOf(value).length,
  date: (value, format) => dateText(value, textOf(format)),
  basename: value => textOf(value).replace(/\/+$/, '').split('/').at(-1) ?? '',
  dirname: value => dirname(textOf(value)),
  b64: value => Buffer.from(textOf(value), 'utf8').toString('base64'),
  sha256: value => createHash('sha256').update(textOf(value)).digest('hex'),
  eq: (a, b) => a === b,
  not: value => !truth(value),
};

/** By name, for messages and for the reference. */
export const HELPERS: readonly string[] = Object.keys(TABLE);

export class HelperFault extends Error {}

/** @throws HelperFault with what is wrong, in words. */
export function callHelper(name: string, given: Given): unknown {
  const helper = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
  if (helper === undefined) throw new HelperFault(`no helper is called "${name}"`);
  const missing = given.findIndex((value, index) => value === undefined && !(name === 'default' && index === 0));
  if (missing !== -1) throw new HelperFault(`operand ${missing + 1} of "${name}" is undefined`);
  try {
    return helper(...given);
  } catch (error) {
    throw new HelperFault(`"${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What #if takes for yes: as Handlebars, where an empty list is no. */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

/** A scalar as text; lists and mappings have none of their own. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      break;
  }
  if (value === null) return '';
  throw new HelperFault(
    Array.isArray(value)
      ? 'a list has no text: use {{join x ", "}}'
      : 'a mapping has no text: name a member, or use {{json x}}',
  );
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new HelperFault('a list is needed');
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.keys(value);
  throw new HelperFault('a text, a list or a mapping is needed');
}

function dirname(path: string): string {
  const cut = path.replace(/\/+$/, '').lastIndexOf('/');
  return cut < 0 ? '.' : cut === 0 ? '/' : path.slice(0, cut);
}

/** In UTC, so that the same plan reads the same everywhere. */
function dateText(value: unknown, format: string): string {
  const date = new Date(typeof value === 'number' ? value : textOf(value));
  if (Number.isNaN(date.getTime())) throw new HelperFault('not a date');
  const two = (number: number): string => String(number).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getUTCFullYear()),
    m: two(date.getUTCMonth() + 1),
    d: two(date.getUTCDate()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) =>
    Object.hasOwn(parts, letter) ? (parts[letter] ?? all) : all,
  );
}
