// What a placeholder or a statement of Jinja's is called in a template here, or why there is no such thing: for messages
// only, which name the whole of what to write.
import { pathOf } from './jinja-names.ts';
import { type Said, told, Unsaid } from './jinja-said.ts';
import { type Argument, type Jinja, readJinja } from './jinja.ts';

/** `x | upper`, without its braces, as text with placeholders; null when it is no Jinja. */
export function placeholderOfJinja(inside: string): Said | null {
  const read = readJinja(inside);
  return read === null ? null : told(() => top(read));
}

/** For what no helper says. */
export const COMPUTES = 'compare in "when:", choose with {{#if x}} … {{else}} … {{/if}}';

const NUMBERS =
  'a template counts nothing: write what it comes to under "vars:", or compute it in a command and register what that prints';

/** What no helper joins. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['and', 'one inside of the other: {{#if x}}{{#if y}} … {{/if}}{{/if}}'],
  ['or', 'one after the other: {{#if x}} … {{else if y}} … {{/if}}'],
  ...['+', '-', '*', '/', '//', '%', '**'].map(sign => [sign, NUMBERS] as const),
]);

const ESCAPES = 'a text in a template knows no \\n: give it to a variable under "vars:", in double quotes';

/** Where text may stand around a value: a choice becomes a block, two texts stand side by side. */
function top(node: Jinja): string {
  if (node.is === 'choice') return block(node);
  if (node.is === 'filter' && node.name === 'ternary') {
    const [yes, no] = node.args;
    if (yes === undefined || no === undefined) throw new Unsaid(COMPUTES);
    return block({ is: 'choice', test: node.of, yes: yes.value, no: no.value });
  }
  if (node.is === 'pair' && node.sign === '~') return `${top(node.left)}${top(node.right)}`;
  if (node.is === 'pair' && node.sign === '+' && (isText(node.left) || isText(node.right)))
    return `${top(node.left)}${top(node.right)}`;
  if (node.is === 'literal') return isText(node) ? textIn(node) : node.written;
  return `{{${value(node)}}}`;
}

function isText(node: Jinja): boolean {
  return node.is === 'literal' && node.kind === 'text';
}

/** Without its quotes. */
function textIn(node: Jinja): string {
  return node.is === 'literal' ? node.written.slice(1, -1) : '';
}

function block({ test, yes, no }: Extract<Jinja, { is: 'choice' }>): string {
  const other = isText(no) && textIn(no) === '' ? '' : `{{else}}${top(no)}`;
  return `{{#if ${operand(test)}}}${top(yes)}${other}{{/if}}`;
}

/** What may stand inside of braces. */
function value(node: Jinja): string {
  const path = pathOf(node);
  if (path !== null) return dotted(path);
  switch (node.is) {
    case 'literal':
      // A text here knows no escapes but those of its quotes.
      if (isText(node) && /\\[^'"]/.test(node.written)) throw new Unsaid(ESCAPES);
      return node.written;
    case 'filter':
      return filtered(node);
    case 'test':
      return tested(node);
    case 'not':
      return `not ${operand(node.of)}`;
    case 'pair':
      if (node.sign === '==') return `eq ${operand(node.left)} ${operand(node.right)}`;
      if (node.sign === '!=') return `not (eq ${operand(node.left)} ${operand(node.right)})`;
      throw new Unsaid(PAIRS.get(node.sign) ?? COMPUTES);
    case 'call':
      return called(node);
    case 'item':
      throw new Unsaid('which member this is must be written out: {{x.name}}, {{x.[a-name]}} or {{list.[0]}}');
    case 'list':
    case 'mapping':
      throw new Unsaid('give the list or mapping to a variable under "vars:"');
    default:
      throw new Unsaid(COMPUTES);
  }
}

/** As an operand of a helper: a call of another one stands in parentheses. */
function operand(node: Jinja): string {
  const text = value(node);
  return isText(node) || !text.includes(' ') ? text : `(${text})`;
}

function dotted(path: readonly string[]): string {
  return path.map((name, at) => (at === 0 || /^[A-Za-z_]\w*$/.test(name) ? name : `[${name}]`)).join('.');
}

function tested({ of, name, args, negated }: Extract<Jinja, { is: 'test' }>): string {
  const [only] = args;
  if (['eq', 'equalto', '=='].includes(name) && only !== undefined) {
    const same = `eq ${operand(of)} ${operand(only.value)}`;
    return negated ? `not (${same})` : same;
  }
  if (['succeeded', 'success', 'failed', 'changed', 'skipped'].includes(name)) {
    const good = name.startsWith('succe');
    const member = `${operand(of)}.${good ? 'failed' : name}`;
    return good === negated ? member : `not ${member}`;
  }
  if (name === 'defined' || name === 'undefined')
    throw new Unsaid('every name must be there: write {{default x "other"}}, or give it a value under "vars:"');
  throw new Unsaid(COMPUTES);
}

/** Filters that are called otherwise here, with the operands that belong to the name. */
const HELPERS: Readonly<Record<string, string>> = {
  ...{ d: 'default', count: 'length', b64encode: 'b64', to_json: 'json' },
  ...{ upper: 'upper', lower: 'lower', trim: 'trim', first: 'first', last: 'last', sort: 'sort', length: 'length' },
  ...{ basename: 'basename', dirname: 'dirname', default: 'default', replace: 'replace', split: 'split' },
};

/** A value keeps its kind from where it is said to where it is used, so these have nothing to do. */
const NEEDLESS = ['int', 'list', 'string', 'safe'];

const WALK = 'walk the list: {{#each list as |one|}} … {{/each}}, or give the values to a variable under "vars:"';
const MADE = 'write what it comes to under "vars:"';

/** Filters without a helper, and what is done instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  dict2items: `write the list under "vars:", each item as { key: …, value: … }`,
  ...{ map: WALK, selectattr: WALK, rejectattr: WALK, select: WALK, reject: WALK, subelements: WALK, product: WALK },
  ...{ combine: MADE, union: MADE, difference: MADE, intersect: MADE, unique: MADE, flatten: MADE, zip: MADE },
  ...{ items2dict: MADE, random: MADE, min: MADE, max: MADE, sum: MADE, reverse: MADE, float: MADE },
  ...{ regex_replace: 'write {{replace x "from" "to"}} for plain texts, or compute it in a command' },
  ...{ regex_search: 'ask in "when:" with x.matches("pattern"), or compute it in a command' },
  bool: 'give the variable a real yes or no',
  quote: 'leave the filter out: in "command:" and "shell:" every value is quoted as one word',
  b64decode: 'read the file with "command: { argv: [cat, FILE], reads: true }": what it prints is text',
  mandatory: 'leave the filter out: every name must be there',
};

function filtered({ of, name, args }: Extract<Jinja, { is: 'filter' }>): string {
  if (NEEDLESS.includes(name)) return value(of);
  if (['to_json', 'to_nice_json', 'tojson'].includes(name)) return `json ${operand(of)}`;
  if (name === 'join') return call('join', of, args.length === 0 ? [TEXT_NOTHING] : args);
  if (name === 'hash' && args[0]?.value.is === 'literal' && textIn(args[0].value) === 'sha256')
    return `sha256 ${operand(of)}`;
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  // The second operand of `default` lets empty texts count as undefined: an operand too many for ours.
  if (helper === 'default') return defaulted(of, args);
  if (helper !== undefined) return call(helper, of, args);
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
  throw new Unsaid(instead ?? `no helper does what "${name}" does: compute it in a command, or write it under "vars:"`);
}

const TEXT_NOTHING: Argument = { name: null, value: { is: 'literal', kind: 'text', written: "''" } };

function defaulted(of: Jinja, args: readonly Argument[]): string {
  const [other] = args;
  if (other?.value.is === 'name' && other.value.name === 'omit')
    throw new Unsaid('give the variable a value under "vars:", or the task twice, each with a "when:"');
  return call('default', of, [other ?? TEXT_NOTHING]);
}

function call(helper: string, of: Jinja, args: readonly Argument[]): string {
  if (args.some(one => one.name !== null)) throw new Unsaid(COMPUTES);
  return [helper, operand(of), ...args.map(one => operand(one.value))].join(' ');
}

const METHODS: Readonly<Record<string, string>> = { upper: 'upper', lower: 'lower', strip: 'trim', split: 'split' };

function called({ of, args }: Extract<Jinja, { is: 'call' }>): string {
  const name = of.is === 'name' ? of.name : of.is === 'member' ? of.name : '';
  if (['lookup', 'query', 'q'].includes(name))
    throw new Unsaid('give what it looks up to a variable: under "vars:", with -e NAME=VALUE, or registered by a task');
  if (name === 'range') throw new Unsaid(`write the numbers out${numbers(args)}`);
  if (of.is === 'member' && name === 'replace') return call('replace', of.of, args);
  const helper = of.is === 'member' && Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (of.is !== 'member' || helper === undefined) throw new Unsaid(COMPUTES);
  return call(helper, of.of, args);
}

const MOST_NUMBERS = 20;

function numbers(args: readonly Argument[]): string {
  const given = args.map(one => (one.value.is === 'literal' ? Number(one.value.written) : Number.NaN));
  const [from, to] = given.length === 1 ? [0, given[0]] : given;
  if (from === undefined || to === undefined || given.length > 2 || !(to > from && to - from <= MOST_NUMBERS))
    return '';
  return `: [${Array.from({ length: to - from }, (_, at) => from + at).join(', ')}]`;
}

// ---- statements

/** What to write for `{% … %}`, given what stands between. */
export function statementOfJinja(inside: string): string {
  const [, word = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(inside.trim()) ?? [];
  const say = (text: string): Said => {
    const read = readJinja(text);
    return read === null ? { is: 'unsaid', why: COMPUTES } : told(() => operand(read));
  };
  const worded = (said: Said, text: (ours: string) => string): string =>
    said.is === 'said' ? `write ${text(said.text)}` : said.why;
  switch (word) {
    case 'if':
      return worded(say(rest), ours => `{{#if ${ours}}}`);
    case 'elif':
      return worded(say(rest), ours => `{{else if ${ours}}}`);
    case 'else':
      return 'write {{else}}';
    case 'endif':
      return 'write {{/if}}';
    case 'endfor':
      return 'write {{/each}}';
    case 'for':
      return eachOf(rest, say);
    case 'set':
      return 'give it to a variable under "vars:" of the task';
    case 'raw':
    case 'endraw':
      return 'leave it out: only {{ means something here, and \\{{ is written as it is';
    default:
      return 'a template is one file: {{#if x}}, {{#unless x}}, {{#each list as |one|}}, {{#with x}}';
  }
}

function eachOf(rest: string, say: (text: string) => Said): string {
  const found = /^(\w+)(?:\s*,\s*(\w+))?\s+in\s+(.+)$/s.exec(rest);
  const [, first = 'one', second, listed = 'list'] = found ?? [];
  if (/\sif\s/.test(listed.replaceAll(/"[^"]*"|'[^']*'/g, '')))
    return 'ask inside of the loop: {{#each list as |one|}}{{#if x}} … {{/if}}{{/each}}';
  const pairs =
    second === undefined ? null : /^(.+?)(?:\.items\(\)|\.iteritems\(\)|\s*\|\s*(?:dictsort|items))$/s.exec(listed);
  const list = say(pairs?.[1] ?? listed);
  if (list.is === 'unsaid') return list.why;
  // The value comes first here, then its key.
  return `write {{#each ${list.text} as |${second === undefined ? first : `${second} ${first}`}|}}`;
}
