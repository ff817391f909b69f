// The small fixed set of template helpers: pure functions of plain values, each with what it gives and an example. No
// clock, no chance, no user code. A helper that gets nothing where it needs something throws; the template tells where.
import { createHash } from 'node:crypto';
import { dateText, folderOf, HelperFault, keysOf, listOf, textOf, truth } from './helper-values.ts';
import { Unanswered } from './revealed.ts';

/** What a helper gets and gives: plain data, or undefined where the author's path leads nowhere. */
type Given = readonly unknown[];
type Helper = (...given: Given) => unknown;

export interface HelperDefinition {
  readonly name: string;
  /** One line, what it gives. */
  readonly says: string;
  /** A template and what it comes to. */
  readonly example: readonly [template: string, result: string];
  readonly does: Helper;
}

const define = (name: string, says: string, example: HelperDefinition['example'], does: Helper): HelperDefinition => ({
  name,
  says,
  example,
  does,
});

/** For the reader of templates, for messages and for the reference. */
export const HELPERS: readonly HelperDefinition[] = [
  define(
    'default',
    'the value, or another where it is undefined or null; only its first operand may be undefined',
    ['{{default reason "maintenance"}}', 'maintenance'],
    (value, other) => (value === undefined || value === null ? other : value),
  ),
  define('upper', 'in capitals', ['{{upper "evac1"}}', 'EVAC1'], value => textOf(value).toUpperCase()),
  define('lower', 'in small letters', ['{{lower "BJORK"}}', 'bjork'], value => textOf(value).toLowerCase()),
  define('trim', 'without blanks at both ends', ['{{trim "  evac1 "}}', 'evac1'], value => textOf(value).trim()),
  define(
    'join',
    'the items of a list in one text, with something between them; a comma unless said',
    ['{{join zones ", "}}', 'evac1, evac2'],
    (list, between) =>
      listOf(list)
        .map(textOf)
        .join(between === undefined ? ',' : textOf(between)),
  ),
  define(
    'split',
    'the parts of a text as a list; cut at commas unless said',
    ['{{join (split "a:b" ":") " "}}', 'a b'],
    (value, between) => textOf(value).split(between === undefined ? ',' : textOf(between)),
  ),
  define(
    'replace',
    'a text with every occurrence of one text replaced by another',
    ['{{replace "11.4.81" "." "-"}}', '11-4-81'],
    (value, from, to) => textOf(value).replaceAll(textOf(from), () => textOf(to)),
  ),
  define('first', 'the first item of a list', ['{{first zones}}', 'evac1'], list => listOf(list)[0]),
  define('last', 'the last item of a list', ['{{last zones}}', 'evac2'], list => listOf(list).at(-1)),
  define('sort', 'a list in the order of its texts', ['{{join (sort (split "b,a"))}}', 'a,b'], list =>
    listOf(list).map(textOf).sort(),
  ),
  define('json', 'any value as JSON in one line', ['{{json zones}}', '["evac1","evac2"]'], value =>
    JSON.stringify(value),
  ),
  define('length', 'the number of characters, items or members', ['{{length zones}}', '2'], value =>
    typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : keysOf(value).length,
  ),
  define(
    'date',
    'a moment in UTC: %Y %m %d %H %M %S and %%',
    ['{{date "2024-10-07T12:30:00Z" "%Y-%m-%d"}}', '2024-10-07'],
    (value, format) => dateText(value, textOf(format)),
  ),
  define(
    'basename',
    'the last part of a path',
    ['{{basename "/var/log/messages"}}', 'messages'],
    value => textOf(value).replace(/\/+$/, '').split('/').at(-1) ?? '',
  ),
  define('dirname', 'a path without its last part', ['{{dirname "/var/log/messages"}}', '/var/log'], value =>
    folderOf(textOf(value)),
  ),
  define('b64', 'the bytes of a text in base 64', ['{{b64 "evac1"}}', 'ZXZhYzE='], value =>
    Buffer.from(textOf(value), 'utf8').toString('base64'),
  ),
  define(
    'sha256',
    'the SHA-256 of a text, in hex',
    ['{{sha256 ""}}', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    value => createHash('sha256').update(textOf(value)).digest('hex'),
  ),
  define(
    'eq',
    'whether two values are the same; for #if',
    ['{{#if (eq zone "evac1")}}yes{{/if}}', 'yes'],
    (a, b) => a === b,
  ),
  define('not', 'the opposite; for #if', ['{{#if (not (eq zone "evac2"))}}yes{{/if}}', 'yes'], value => !truth(value)),
];

const BY_NAME = new Map(HELPERS.map(helper => [helper.name, helper.does]));

/** By name, for messages. */
export const HELPER_NAMES: readonly string[] = [...BY_NAME.keys()];

/** How many operands may be left out, where some may. */
const OPTIONAL: Readonly<Record<string, number>> = { join: 1, split: 1 };

/** How many operands a helper takes. */
export function operandsOf(name: string): { readonly least: number; readonly most: number } {
  const most = BY_NAME.get(name)?.length ?? 0;
  return { least: most - (OPTIONAL[name] ?? 0), most };
}

/** The example of a helper, for messages. */
export function exampleOf(name: string): string {
  return HELPERS.find(helper => helper.name === name)?.example[0] ?? '';
}

/** @throws HelperFault with what is wrong, in words. */
export function callHelper(name: string, given: Given): unknown {
  const helper = BY_NAME.get(name);
  if (helper === undefined) throw new HelperFault(`no helper is called "${name}"`);
  const missing = given.findIndex((value, index) => value === undefined && !(name === 'default' && index === 0));
  if (missing !== -1) throw new HelperFault(`operand ${missing + 1} of "${name}" is undefined`);
  try {
    return helper(...given);
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    throw new HelperFault(`"${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
