// Values of an INI inventory: what reads as a Python literal is one (`5`, `True`, `'5'`, `[1, 2]`, `{'a': None}`), all
// else stays text, as in Ansible. So `yes` and `0644` are texts here and `5  # five` is 5. Numbers too large to be
// exact, sets and complex numbers stay text, too.
import { isArray, isObject, type Json } from '../../text/json.ts';

/** The literal's value, or null when the text is none. */
export function pythonLiteral(text: string): { readonly json: Json } | null {
  // The usual case, a word or an address that can't be a literal, is decided without reading it.
  if (!mayBeLiteral(text)) return null;
  const reader: Reader = { text, at: 0, depth: 0 };
  try {
    const json = listOrOne(reader);
    blanks(reader);
    return reader.at < text.length ? null : { json };
  } catch (error) {
    if (error instanceof NoLiteral) return null;
    throw error;
  }
}

const NUMBER_ALONE = /^[-+]?[ \t]*(?:0[xXoObB]\w+|[\d_]*\.?[\d_]*(?:[eE][-+]?[\d_]+)?)[ \t]*$/;

function mayBeLiteral(text: string): boolean {
  const first = text.trimStart()[0] ?? '';
  if (/['"[({]/.test(first)) return true;
  if (/[-+.\d]/.test(first)) return /[,#]/.test(text) || NUMBER_ALONE.test(text.trimStart());
  return /^[ \t]*(?:(?:True|False|None)(?!\w)|[rRbBuU]{1,2}['"])/.test(text);
}

class NoLiteral extends Error {}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const MOST_DEEP = 90;

function fail(): never {
  throw new NoLiteral();
}

/** Blanks, and a comment to the end. */
function blanks(reader: Reader): void {
  const found = /^[ \t\f]*(?:#.*$)?/s.exec(reader.text.slice(reader.at));
  reader.at += found?.[0].length ?? 0;
}

function next(reader: Reader, character: string): boolean {
  blanks(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function taken(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found !== null) reader.at += found[0].length;
  return found;
}

/** `1, 2` and `1,` are tuples without their brackets. */
function listOrOne(reader: Reader): Json {
  const first = item(reader);
  if (!next(reader, ',')) return first;
  const items = [first];
  for (;;) {
    blanks(reader);
    if (reader.at >= reader.text.length) return items;
    items.push(item(reader));
    if (!next(reader, ',')) return items;
  }
}

function item(reader: Reader): Json {
  if (reader.depth > MOST_DEEP) fail();
  reader.depth += 1;
  blanks(reader);
  const first = reader.text[reader.at] ?? '';
  const json = isOpening(first) ? bracketed(reader, first) : bare(reader);
  reader.depth -= 1;
  return json === undefined ? fail() : json;
}

const isOpening = (character: string): boolean => ['[', '(', '{'].includes(character);

function bracketed(reader: Reader, opening: string): Json {
  if (opening === '[') return items(reader, ']');
  return opening === '(' ? tuple(reader) : dictionary(reader);
}

function bare(reader: Reader): Json | undefined {
  const known = word(reader);
  return known === undefined ? (strings(reader) ?? number(reader)) : known;
}

function items(reader: Reader, end: string): Json[] {
  reader.at += 1;
  const found: Json[] = [];
  while (!next(reader, end)) {
    found.push(item(reader));
    if (!next(reader, ',')) {
      if (!next(reader, end)) fail();
      break;
    }
  }
  return found;
}

/** `(1)` is 1; only a comma makes a tuple. */
function tuple(reader: Reader): Json {
  const start = reader.at;
  const found = items(reader, ')');
  const commas = /,[ \t]*\)$/.test(reader.text.slice(start, reader.at));
  return found.length === 1 && !commas ? (found[0] ?? null) : found;
}

function dictionary(reader: Reader): Json {
  reader.at += 1;
  const pairs = new Map<string, Json>();
  while (!next(reader, '}')) {
    const key = keyText(item(reader));
    if (!next(reader, ':')) fail();
    pairs.set(key, item(reader));
    if (!next(reader, ',')) {
      if (!next(reader, '}')) fail();
      break;
    }
  }
  return Object.fromEntries(pairs);
}

/** As Python writes a key of JSON. */
function keyText(key: Json): string {
  if (isArray(key) || isObject(key)) return fail();
  return typeof key === 'string' ? key : String(key);
}

const WORDS: Readonly<Record<string, Json>> = { True: true, False: false, None: null };

function word(reader: Reader): Json | undefined {
  const found = taken(reader, /(?:True|False|None)(?![\w'"])/y);
  return found === null ? undefined : WORDS[found[0]];
}

const INTEGER =
  /([-+]?)[ \t]*(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?\d)*|0(?:_?0)*)(?![\w.])/y;
const FLOAT =
  /([-+]?)[ \t]*((?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][-+]?\d(?:_?\d)*)|\d(?:_?\d)*\.)(?![\w.])/y;

function number(reader: Reader): Json | undefined {
  const found = taken(reader, INTEGER) ?? taken(reader, FLOAT);
  if (found === null) return undefined;
  const value = Number((found[2] ?? '').replaceAll('_', ''));
  const whole = !/[.eE]/.test(found[2] ?? '') || /^0[xX]/.test(found[2] ?? '');
  if (!Number.isFinite(value) || (whole && value > Number.MAX_SAFE_INTEGER)) return fail();
  return found[1] === '-' && value !== 0 ? -value : value;
}

/** One string, or several side by side, which are one. */
function strings(reader: Reader): Json | undefined {
  let whole: string | undefined;
  for (;;) {
    const found = taken(reader, /([rRbBuU]|[rR][bB]|[bB][rR])?("""|'''|"|')/y);
    if (found === null) return whole;
    whole = (whole ?? '') + oneString(reader, found[2] ?? '', /r/i.test(found[1] ?? ''));
    blanks(reader);
  }
}

function oneString(reader: Reader, quote: string, raw: boolean): string {
  let text = '';
  while (!reader.text.startsWith(quote, reader.at)) {
    if (reader.at >= reader.text.length) fail();
    if (reader.text[reader.at] === '\\') text += raw ? rawEscape(reader) : escaped(reader);
    else text += reader.text[reader.at++];
  }
  reader.at += quote.length;
  return text;
}

function rawEscape(reader: Reader): string {
  reader.at += 2;
  return reader.text.slice(reader.at - 2, reader.at);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function escaped(reader: Reader): string {
  const code = taken(reader, /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/y);
  if (code !== null) {
    const point =
      code[4] === undefined ? Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16) : Number.parseInt(code[4], 8);
    return point > 0x10ffff ? fail() : String.fromCodePoint(point);
  }
  const letter = reader.text[reader.at + 1] ?? fail();
  if (/[xuUN]/.test(letter)) fail();
  reader.at += 2;
  // An escape that Python doesn't know keeps its backslash.
  return Object.hasOwn(ESCAPES, letter) ? (ESCAPES[letter] ?? '') : `\\${letter}`;
}
