// An expression of Jinja as a tree, for those who say what it is called here: templates and conditions of Ansible are
// told with the whole of what to write. Reads what people write in playbooks; anything else is null. Computes nothing.

export type Jinja =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'literal'; readonly kind: 'text' | 'number' | 'constant'; readonly written: string }
  | { readonly is: 'list'; readonly items: readonly Jinja[] }
  | { readonly is: 'mapping' }
  | { readonly is: 'member'; readonly of: Jinja; readonly name: string }
  | { readonly is: 'item'; readonly of: Jinja; readonly index: Jinja }
  | { readonly is: 'call'; readonly of: Jinja; readonly args: readonly Argument[] }
  | { readonly is: 'filter'; readonly of: Jinja; readonly name: string; readonly args: readonly Argument[] }
  | {
      readonly is: 'test';
      readonly of: Jinja;
      readonly name: string;
      readonly args: readonly Argument[];
      readonly negated: boolean;
    }
  | { readonly is: 'pair'; readonly sign: string; readonly left: Jinja; readonly right: Jinja }
  | { readonly is: 'not' | 'minus'; readonly of: Jinja }
  | { readonly is: 'choice'; readonly yes: Jinja; readonly test: Jinja; readonly no: Jinja };

export interface Argument {
  /** `attribute=`, or null. */
  readonly name: string | null;
  readonly value: Jinja;
}

interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'sign';
  readonly written: string;
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\*\*|\/\/|[=!<>]=|[-+*/%~<>|.,:()[\]{}=]))/sy;

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(trimmed);
    if (found === null) return null;
    const [, quoted, number, word, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: 'text', written: quoted });
    else if (number !== undefined) tokens.push({ kind: 'number', written: number });
    else if (word !== undefined) tokens.push({ kind: 'word', written: word });
    else tokens.push({ kind: 'sign', written: sign ?? '' });
  }
  return tokens;
}

/** Thrown inside of this file only: this is no Jinja that we read. */
class Unread extends Error {}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  /** What no stack holds is no playbook's. */
  depth: number;
}

const DEEPEST = 60;

/** null when the text is no expression of Jinja, or one that nobody writes in a playbook. */
export function readJinja(text: string): Jinja | null {
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return null;
  const reader: Reader = { tokens, at: 0, depth: 0 };
  try {
    const read = choice(reader);
    return reader.at === tokens.length ? read : null;
  } catch (error) {
    if (error instanceof Unread) return null;
    throw error;
  }
}

function peek(reader: Reader, ...written: readonly string[]): boolean {
  const token = reader.tokens[reader.at];
  return token !== undefined && token.kind !== 'text' && written.includes(token.written);
}

function take(reader: Reader, ...written: readonly string[]): string | null {
  if (!peek(reader, ...written)) return null;
  reader.at += 1;
  return reader.tokens[reader.at - 1]?.written ?? null;
}

function need(reader: Reader, written: string): void {
  if (take(reader, written) === null) throw new Unread();
}

function word(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'word') throw new Unread();
  reader.at += 1;
  return token.written;
}

function choice(reader: Reader): Jinja {
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw new Unread();
  let read = either(reader, 0);
  while (take(reader, 'if') !== null) {
    const test = either(reader, 0);
    need(reader, 'else');
    read = { is: 'choice', yes: read, test, no: choice(reader) };
  }
  reader.depth -= 1;
  return read;
}

/** Weakest first. */
const SIGNS: readonly (readonly string[])[] = [['or'], ['and']];
const COUNTING: readonly (readonly string[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%'], ['**']];

function either(reader: Reader, level: number): Jinja {
  const signs = SIGNS[level];
  if (signs === undefined) return negation(reader);
  let left = either(reader, level + 1);
  for (let sign = take(reader, ...signs); sign !== null; sign = take(reader, ...signs))
    left = { is: 'pair', sign, left, right: either(reader, level + 1) };
  return left;
}

function negation(reader: Reader): Jinja {
  if (!peek(reader, 'not')) return comparison(reader);
  let nots = 0;
  while (take(reader, 'not') !== null) nots += 1;
  const of = comparison(reader);
  return nots % 2 === 0 ? of : { is: 'not', of };
}

/** A chain, `1 < x < 5`, is `1 < x and x < 5`: in CEL it would be something else. */
function comparison(reader: Reader): Jinja {
  let left = counting(reader, 0);
  let read: Jinja | null = null;
  for (let sign = comparisonSign(reader); sign !== null; sign = comparisonSign(reader)) {
    const right = counting(reader, 0);
    const next: Jinja = { is: 'pair', sign, left, right };
    read = read === null ? next : { is: 'pair', sign: 'and', left: read, right: next };
    left = right;
  }
  return read ?? left;
}

function comparisonSign(reader: Reader): string | null {
  const isNotIn = peek(reader, 'not') && reader.tokens[reader.at + 1]?.written === 'in';
  if (!isNotIn) return take(reader, '==', '!=', '<', '<=', '>', '>=', 'in');
  reader.at += 2;
  return 'not in';
}

function counting(reader: Reader, level: number): Jinja {
  const signs = COUNTING[level];
  if (signs === undefined) return unary(reader);
  let left = counting(reader, level + 1);
  for (let sign = take(reader, ...signs); sign !== null; sign = take(reader, ...signs))
    left = { is: 'pair', sign, left, right: counting(reader, level + 1) };
  return left;
}

function unary(reader: Reader): Jinja {
  if (take(reader, '-') !== null) return { is: 'minus', of: postfix(reader) };
  let read = postfix(reader);
  for (;;) {
    if (take(reader, '|') !== null) read = filtered(reader, read);
    else if (take(reader, 'is') !== null) read = tested(reader, read);
    else return read;
  }
}

/** `ansible.builtin.b64decode` is b64decode. */
function longName(reader: Reader): string {
  let name = word(reader);
  while (take(reader, '.') !== null) name = word(reader);
  return name;
}

function filtered(reader: Reader, of: Jinja): Jinja {
  const name = longName(reader);
  return { is: 'filter', of, name, args: peek(reader, '(') ? argumentsOf(reader) : [] };
}

function tested(reader: Reader, of: Jinja): Jinja {
  const negated = take(reader, 'not') !== null;
  const name = longName(reader);
  const next = reader.tokens[reader.at];
  // A test takes one operand without parentheses, too: `is version "1.2"`, `is in [1, 2]`.
  const bare =
    next !== undefined &&
    (next.kind === 'text' ||
      next.kind === 'number' ||
      next.written === '[' ||
      (next.kind === 'word' && !['and', 'or', 'else', 'if', 'is', 'in', 'not'].includes(next.written)));
  const args = peek(reader, '(') ? argumentsOf(reader) : bare ? [{ name: null, value: postfix(reader) }] : [];
  return { is: 'test', of, name, args, negated };
}

function argumentsOf(reader: Reader): readonly Argument[] {
  need(reader, '(');
  const args: Argument[] = [];
  while (take(reader, ')') === null) {
    const named = reader.tokens[reader.at]?.kind === 'word' && reader.tokens[reader.at + 1]?.written === '=';
    const name = named ? word(reader) : null;
    if (named) need(reader, '=');
    args.push({ name, value: choice(reader) });
    if (take(reader, ',') === null && !peek(reader, ')')) throw new Unread();
  }
  return args;
}

function postfix(reader: Reader): Jinja {
  let read = primary(reader);
  for (;;) {
    if (take(reader, '.') !== null) read = { is: 'member', of: read, name: memberName(reader) };
    else if (take(reader, '[') !== null) {
      const index = choice(reader);
      need(reader, ']');
      read = { is: 'item', of: read, index };
    } else if (peek(reader, '(')) read = { is: 'call', of: read, args: argumentsOf(reader) };
    else return read;
  }
}

function memberName(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === 'text' || !/^\w+$/.test(token.written)) throw new Unread();
  reader.at += 1;
  return token.written;
}

function primary(reader: Reader): Jinja {
  if (take(reader, '(') !== null) {
    const inner = choice(reader);
    if (take(reader, ')') !== null) return inner;
    need(reader, ',');
    return { is: 'list', items: [inner, ...itemsOf(reader, ')')] };
  }
  if (take(reader, '[') !== null) return { is: 'list', items: itemsOf(reader, ']') };
  if (take(reader, '{') !== null) return mapping(reader);
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === 'sign') throw new Unread();
  reader.at += 1;
  if (token.kind !== 'word') return { is: 'literal', kind: token.kind, written: token.written };
  const constant = Object.hasOwn(CONSTANTS, token.written) ? CONSTANTS[token.written] : undefined;
  if (constant !== undefined) return { is: 'literal', kind: 'constant', written: constant };
  if (['and', 'or', 'not', 'in', 'is', 'if', 'else'].includes(token.written)) throw new Unread();
  return { is: 'name', name: token.written };
}

const CONSTANTS: Readonly<Record<string, string>> = {
  ...{ true: 'true', True: 'true', false: 'false', False: 'false' },
  ...{ none: 'null', None: 'null', null: 'null' },
};

function itemsOf(reader: Reader, close: string): readonly Jinja[] {
  const items: Jinja[] = [];
  while (take(reader, close) === null) {
    items.push(choice(reader));
    if (take(reader, ',') === null && !peek(reader, close)) throw new Unread();
  }
  return items;
}

function mapping(reader: Reader): Jinja {
  while (take(reader, '}') === null) {
    choice(reader);
    need(reader, ':');
    choice(reader);
    if (take(reader, ',') === null && !peek(reader, '}')) throw new Unread();
  }
  return { is: 'mapping' };
}
