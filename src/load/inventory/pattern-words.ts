// A host pattern in its words, and each word's own language: globs and regular expressions as Ansible (Python) writes
// them. Which hosts they mean is found in patterns.ts.
import { isHostName } from './host-entry.ts';

export interface Term {
  readonly sign: '+' | '&' | '!';
  readonly text: string;
  /** Where its text begins in the pattern. */
  readonly start: number;
}

/** Commas, colons and blanks part the words; none does inside of brackets, nor inside of (...) and {...} of a ~regex. */
export function termsOf(pattern: string): readonly Term[] {
  const parts = split(pattern, /,/).flatMap(part => (isHostName(part.trim()) ? [part] : split(part, /[:\s]/)));
  let behind = 0;
  return parts
    .map(part => part.trim())
    .filter(part => part !== '')
    .map((part): Term => {
      const sign = part.startsWith('&') ? '&' : part.startsWith('!') ? '!' : '+';
      const text = sign === '+' ? part : part.slice(1);
      const start = pattern.indexOf(part, behind) + part.length - text.length;
      behind = start + text.length;
      return { sign, text, start };
    });
}

function split(text: string, at: RegExp): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let escaped = false;
  for (const character of text) {
    const regex = /^\s*[&!]?~/.test(part);
    if (depth <= 0 && !escaped && at.test(character)) {
      parts.push(part);
      part = '';
      depth = 0;
      continue;
    }
    part += character;
    if (!escaped && (regex ? '([{' : '[').includes(character)) depth += 1;
    if (!escaped && (regex ? ')]}' : ']').includes(character)) depth -= 1;
    escaped = regex && character === '\\' && !escaped;
  }
  return [...parts, part];
}

export interface Slice {
  /** What is sliced. */
  readonly of: string;
  readonly from: number;
  /** Both ends count; null: to the last. Equal to `from` for a single one. */
  readonly to: number | null;
  /** `g[12]` and `g[1-2]` may be sets of characters, too: what a glob means by them. */
  readonly certain: boolean;
}

export function sliceOf(text: string): Slice | null {
  const found = /^(.+)\[(-?\d+)(?:([:-])(-?\d*))?\]$/.exec(text);
  if (found === null) return null;
  const [, of = '', from = '', separator, to = ''] = found;
  const last = separator === undefined ? Number(from) : to === '' ? null : Number(to);
  return { of, from: Number(from), to: last, certain: separator === ':' || from.startsWith('-') };
}

export function sliced<T>(items: readonly T[], { from, to }: Slice): readonly T[] {
  const place = (index: number): number => (index < 0 ? items.length + index : index);
  const last = to === null ? items.length - 1 : place(to);
  return place(from) < 0 ? [] : items.slice(place(from), last + 1);
}

/** * any text, ? one character, [abc] one of them, [!abc] none of them; a bracket that isn't closed is null. */
export function globOf(text: string): RegExp | null {
  let source = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character !== '[') source += character.replace(/[.+^${}()|\]\\/-]/, '\\$&');
    else {
      // A closing bracket right behind the opening one is one of the characters.
      const set = /^\[(!?)(\]?[^\]]*)\]/.exec(text.slice(at));
      if (set === null) return null;
      source += `[${set[1] === '!' ? '^' : ''}${(set[2] ?? '').replaceAll(/[\\\]^[]/g, '\\$&')}]`;
      at += set[0].length - 1;
    }
  }
  return regex(`^${source}$`, 's');
}

/** From the beginning of a name, not to its end, as Python's `match`. */
export function expressionOf(text: string): RegExp | null {
  const flags = /^\(\?([ims]+)\)/.exec(text);
  const source = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll(/\\Z/g, '$(?![\\s\\S])')
    .replaceAll(/\\A/g, '^');
  return regex(`^(?:${source})`, flags?.[1] ?? '');
}

function regex(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}
