// From words to fields: tilde, parameters, substitutions, arithmetic, splitting, file names, quote removal (POSIX 2.6).
import { ArithError, evaluate } from './arith.ts';
import type { ParamOp, Part, Word } from './ast.ts';
import { globbed } from './glob.ts';
import { escapePattern, hasWildcard, replace, trim } from './pattern.ts';
import { FIELD_BREAK, type Field, type Piece, Splitter } from './split.ts';
import type { Shell } from './interp.ts';

type Pieces = (Piece | typeof FIELD_BREAK)[];

/** Whether the word stands where fields are made, or where one text is wanted. */
interface Mode {
  readonly isQuoted: boolean;
  /** Tilde after `=` and `:` too, as in an assignment. */
  readonly isAssignment: boolean;
  /** Literal text is split too: the word of an unquoted ${x-word}. */
  readonly isSplit: boolean;
}

const PLAIN: Mode = { isQuoted: false, isAssignment: false, isSplit: false };

export async function expandWords(sh: Shell, words: readonly Word[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    if (word.plain !== null) fields.push(word.plain);
    else await expandInto(sh, word, fields);
  }
  return fields;
}

async function expandInto(sh: Shell, word: Word, into: string[]): Promise<void> {
  for (const alternative of braces(sh, word)) {
    const pieces: Pieces = [];
    await addParts(sh, alternative.parts, PLAIN, pieces);
    const splitter = new Splitter(sh.value('IFS') ?? ' \t\n');
    for (const piece of pieces) splitter.add(piece);
    for (const field of splitter.done()) {
      const names = sh.has('noglob') ? null : namesFor(sh, field);
      if (names === null) into.push(field.map(piece => piece.text).join(''));
      else into.push(...names);
    }
  }
}

/** File names for a field with wildcards; null when there are none, so that it stays as it is. */
function namesFor(sh: Shell, field: Field): readonly string[] | null {
  if (!field.some(piece => !piece.isQuoted && /[*?[(]/.test(piece.text))) return null;
  const pattern = field.map(piece => (piece.isQuoted ? escapePattern(piece.text) : piece.text)).join('');
  if (!hasWildcard(pattern)) return null;
  const names = globbed(sh.proc.files, pattern);
  return names.length === 0 ? null : names;
}

/** {a,b} of bash and ksh93, only in unquoted literal text without expansions in between. */
function braces(sh: Shell, word: Word): readonly Word[] {
  if (sh.dialect.name === 'plain') return [word];
  const at = word.parts.findIndex(part => part.is === 'lit' && /\{[^{}]*(,|\.\.)[^{}]*\}/.test(part.text));
  const part = word.parts[at];
  if (part?.is !== 'lit') return [word];
  const match = /\{([^{}]*)\}/.exec(part.text);
  const items = match === null ? null : braceItems(match[1] ?? '');
  if (match === null || items === null) return [word];
  const before = part.text.slice(0, match.index);
  const after = part.text.slice(match.index + match[0].length);
  return items.flatMap(item =>
    braces(sh, {
      plain: null,
      parts: [...word.parts.slice(0, at), { is: 'lit', text: before + item + after }, ...word.parts.slice(at + 1)],
    }),
  );
}

function braceItems(text: string): readonly string[] | null {
  if (text.includes(',')) return text.split(',');
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(text);
  if (range === null) return null;
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String(from < to ? from + i : from - i));
}

/** One text, without splitting and file names: assignments, redirections, case words, here-documents. */
export async function expandText(sh: Shell, word: Word, isAssignment = false): Promise<string> {
  if (word.plain !== null) return word.plain;
  const pieces: Pieces = [];
  await addParts(sh, word.parts, { ...PLAIN, isAssignment }, pieces);
  return joined(sh, pieces, piece => piece.text);
}

/** A pattern: what was quoted is escaped. */
export async function expandPattern(sh: Shell, word: Word): Promise<string> {
  const pieces: Pieces = [];
  await addParts(sh, word.parts, PLAIN, pieces);
  return joined(sh, pieces, piece => (piece.isQuoted ? escapePattern(piece.text) : piece.text));
}

/** A regular expression of [[ =~ ]]: what was quoted is plain text. */
export async function expandRegex(sh: Shell, word: Word): Promise<string> {
  const pieces: Pieces = [];
  await addParts(sh, word.parts, PLAIN, pieces);
  return joined(sh, pieces, piece => (piece.isQuoted ? piece.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : piece.text));
}

function joined(sh: Shell, pieces: Pieces, text: (piece: Piece) => string): string {
  const space = pieces.includes(FIELD_BREAK) ? ' ' : (sh.value('IFS') ?? ' ').slice(0, 1);
  return pieces.map(piece => (piece === FIELD_BREAK ? space : text(piece))).join('');
}

async function addParts(sh: Shell, parts: readonly Part[], mode: Mode, into: Pieces): Promise<void> {
  for (const [i, part] of parts.entries()) {
    if (part.is === 'lit') {
      const text = mode.isQuoted
        ? part.text
        : tilde(sh, part.text, { isFirst: i === 0, isLast: i === parts.length - 1 }, mode);
      into.push({ text, isQuoted: mode.isQuoted || text !== part.text, isSplit: mode.isSplit && text === part.text });
    } else if (part.is === 'quoted') into.push({ text: part.text, isQuoted: true, isSplit: false });
    else await addExpansion(sh, part, mode, into);
  }
}

async function addExpansion(
  sh: Shell,
  part: Exclude<Part, { is: 'lit' | 'quoted' }>,
  mode: Mode,
  into: Pieces,
): Promise<void> {
  switch (part.is) {
    case 'double': {
      const before = into.length;
      await addParts(sh, part.parts, { ...mode, isQuoted: true }, into);
      const isOnlyNobody =
        part.parts.length > 0 && part.parts.every(inner => inner.is === 'param' && inner.name === '@');
      if (into.length === before && !isOnlyNobody) into.push({ text: '', isQuoted: true, isSplit: false });
      return;
    }
    case 'command':
      put({ mode, into }, await sh.substitute(part.body));
      return;
    case 'arith':
      put({ mode, into }, String(await arithmetic(sh, part.parts)));
      return;
    case 'param':
      return addParam(sh, part.name, part.op, { mode, into });
  }
}

export async function arithmetic(sh: Shell, parts: readonly Part[]): Promise<bigint> {
  const text = await expandText(sh, { parts: [{ is: 'double', parts }], plain: null });
  const get = (name: string): string => {
    const value = sh.param(name);
    if (value === null && sh.has('nounset')) throw sh.fail(sh.dialect.unset(name), sh.dialect.unsetStatus, true);
    return value ?? '';
  };
  try {
    return evaluate(text, { get, set: (name, value) => sh.set(name, value) });
  } catch (error) {
    if (error instanceof ArithError) throw sh.fail(`${text}: ${error.message}`, 1, true);
    throw error;
  }
}

function tilde(sh: Shell, text: string, place: { isFirst: boolean; isLast: boolean }, mode: Mode): string {
  if (!text.includes('~')) return text;
  const pattern = mode.isAssignment ? /(^|:)~([A-Za-z0-9_.-]*)(?=$|[/:])/g : /(^)~([A-Za-z0-9_.-]*)(?=$|\/)/g;
  return text.replace(pattern, (all: string, before: string, name: string, at: number) => {
    const reachesEnd = at + all.length === text.length;
    if ((before === '' && !place.isFirst) || (reachesEnd && !place.isLast)) return all;
    const home = name === '' ? sh.value('HOME') : sh.homeOf(name);
    return home === null ? all : before + home;
  });
}

interface Target {
  readonly mode: Mode;
  readonly into: Pieces;
}

/** A value, as it stands in this place. */
function put({ mode, into }: Target, text: string): void {
  into.push({ text, isQuoted: mode.isQuoted, isSplit: !mode.isQuoted && !mode.isAssignment });
}

async function addParam(sh: Shell, name: string, op: ParamOp, target: Target): Promise<void> {
  if ((name === '@' || name === '*') && op.is !== 'length') return addAll(sh, name, op, target);
  const value = sh.param(name);
  if (op.is === 'default') return addDefault(sh, name, op, { ...target, value });
  if (value === null && sh.has('nounset')) throw sh.fail(sh.dialect.unset(name), sh.dialect.unsetStatus, true);
  if (op.is === 'length') {
    put(target, String(name === '@' || name === '*' ? sh.params.length : [...(value ?? '')].length));
    return;
  }
  put(target, await changed(sh, value ?? '', op));
}

async function changed(sh: Shell, value: string, op: ParamOp): Promise<string> {
  switch (op.is) {
    case 'trim':
      return trim(value, await expandPattern(sh, op.word), op.op);
    case 'replace': {
      const from = await expandPattern(sh, op.from);
      return replace(value, from, await expandText(sh, op.to), op.where);
    }
    case 'slice': {
      const chars = [...value];
      const start = Number(await arithmetic(sh, op.start.parts));
      const from = start < 0 ? Math.max(0, chars.length + start) : start;
      if (op.length === null) return chars.slice(from).join('');
      const length = Number(await arithmetic(sh, op.length.parts));
      return chars.slice(from, length < 0 ? length : from + length).join('');
    }
    default:
      return value;
  }
}

async function addDefault(
  sh: Shell,
  name: string,
  op: Extract<ParamOp, { is: 'default' }>,
  target: Target & { readonly value: string | null },
): Promise<void> {
  const { value } = target;
  const isMissing = value === null || (op.colon && value === '');
  if (op.op === '+') {
    if (!isMissing) await addParts(sh, op.word.parts, { ...target.mode, isSplit: !target.mode.isQuoted }, target.into);
    else put(target, '');
    return;
  }
  if (!isMissing) {
    put(target, value ?? '');
    return;
  }
  switch (op.op) {
    case '-':
      if (op.word.parts.length === 0) put(target, '');
      return addParts(sh, op.word.parts, { ...target.mode, isSplit: !target.mode.isQuoted }, target.into);
    case '=': {
      const text = await expandText(sh, op.word);
      if (!/^[A-Za-z_]/.test(name)) throw sh.fail(`${name}: bad substitution`, 1, true);
      sh.set(name, text);
      put(target, text);
      return;
    }
    case '?': {
      const text = await expandText(sh, op.word);
      const said = text === '' ? `${name}: parameter ${op.colon ? 'null or not set' : 'not set'}` : `${name}: ${text}`;
      throw sh.fail(said, sh.dialect.unsetStatus, true);
    }
  }
}

/** $@ and $*: many fields, or one. */
async function addAll(sh: Shell, name: string, op: ParamOp, target: Target): Promise<void> {
  const { params } = sh;
  if (op.is === 'default') {
    const isMissing = params.length === 0 || (op.colon && params.every(param => param === ''));
    if (isMissing !== (op.op === '+'))
      return addDefault(sh, name, op, { ...target, value: op.op === '+' ? 'set' : null });
    if (op.op === '+') return;
  }
  const values: string[] = [];
  for (const param of params.slice()) values.push(op.is === 'slice' ? param : await changed(sh, param, op));
  const chosen = op.is === 'slice' ? await sliced(sh, values, op) : values;
  if (name === '*' && (target.mode.isQuoted || target.mode.isAssignment)) {
    put(target, chosen.join((sh.value('IFS') ?? ' ').slice(0, 1)));
    return;
  }
  for (const [i, value] of chosen.entries()) {
    if (i > 0) target.into.push(FIELD_BREAK);
    put(target, value);
  }
}

async function sliced(
  sh: Shell,
  values: readonly string[],
  op: Extract<ParamOp, { is: 'slice' }>,
): Promise<readonly string[]> {
  const start = Number(await arithmetic(sh, op.start.parts));
  const all = [sh.name, ...values];
  const from = start < 0 ? all.length + start : start;
  return all.slice(from, op.length === null ? undefined : from + Number(await arithmetic(sh, op.length.parts)));
}
