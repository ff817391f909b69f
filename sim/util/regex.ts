// POSIX basic and extended regular expressions as JavaScript's. Alternatives are tried in order, not by length.
import { bracket } from '../shell/pattern.ts';
import { UsageError } from './options.ts';

export type Flavour = 'basic' | 'extended';

const cache = new Map<string, RegExp>();

function escaped(char: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char;
}

/** In a bracket expression of a regular expression a backslash is plain. */
function setAt(pattern: string, at: number, isAwk: boolean): { readonly source: string; readonly end: number } | null {
  if (isAwk) return bracket(pattern, at);
  const end = closing(pattern, at);
  if (end < 0) return null;
  const inside = pattern.slice(at, end).replaceAll('\\', '\\\\');
  return { source: bracket(inside, 0)?.source ?? '(?!)', end };
}

function closing(pattern: string, at: number): number {
  let i = at + 1;
  if (pattern[i] === '^') i++;
  if (pattern[i] === ']') i++;
  for (; i < pattern.length; i++) {
    if (pattern[i] === '[' && /[:.=]/.test(pattern[i + 1] ?? '')) {
      const end = pattern.indexOf(`${pattern[i + 1] ?? ''}]`, i + 2);
      if (end > 0) i = end + 1;
    } else if (pattern[i] === ']') return i + 1;
  }
  return -1;
}

class Translator {
  private readonly pattern: string;
  private readonly isBasic: boolean;
  private readonly isAwk: boolean;
  private at = 0;
  private source = '';
  /** True where an atom could begin: a star is plain there in basic ones. */
  private isStart = true;

  constructor(pattern: string, flavour: Flavour, isAwk: boolean) {
    this.pattern = pattern;
    this.isBasic = flavour === 'basic';
    this.isAwk = isAwk;
  }

  run(): string {
    while (this.at < this.pattern.length) this.step();
    return this.source;
  }

  private put(source: string, isStart = false): void {
    this.source += source;
    this.isStart = isStart;
  }

  private step(): void {
    const char = this.pattern[this.at] ?? '';
    if (char === '\\') return this.backslash();
    if (char === '[') {
      const set = setAt(this.pattern, this.at, this.isAwk);
      if (set === null) throw new UsageError('bad regular expression: [ ] imbalance');
      this.at = set.end;
      return this.put(set.source);
    }
    this.at++;
    switch (char) {
      case '*':
        return this.put(this.isStart ? '\\*' : '*');
      case '.':
        return this.put(this.isAwk ? '[\\s\\S]' : '.');
      case '^':
        return this.put(this.isBasic && !this.isStart ? '\\^' : '^', true);
      case '$':
        return this.put(this.isBasic && !this.isEnd() ? '\\$' : '$');
      case '(':
      case '|':
        return this.isBasic ? this.put(escaped(char)) : this.put(char, true);
      case ')':
      case '+':
      case '?':
        return this.put(this.isBasic || (this.isStart && char !== ')') ? escaped(char) : char);
      case '{':
        if (!this.isBasic && /^\d+(,\d*)?\}/.test(this.pattern.slice(this.at))) return this.interval('}');
        return this.put('\\{');
      default:
        return this.put(escaped(char));
    }
  }

  private isEnd(): boolean {
    const rest = this.pattern.slice(this.at);
    return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|');
  }

  private interval(close: string): void {
    const end = this.pattern.indexOf(close, this.at);
    if (end < 0) throw new UsageError('bad regular expression: { } imbalance');
    this.put(`{${this.pattern.slice(this.at, end)}}`);
    this.at = end + close.length;
  }

  private backslash(): void {
    const next = this.pattern[this.at + 1] ?? '';
    this.at += 2;
    if (this.isBasic && next === '{') return this.interval('\\}');
    if (this.isBasic && (next === '(' || next === '|')) return this.put(next, true);
    if (this.isBasic && (next === ')' || next === '+' || next === '?')) return this.put(next);
    if (/[1-9]/.test(next) && !this.isAwk) return this.put(`\\${next}`);
    if (next === '<' || next === '>') return this.put('\\b');
    if ('wWsSbB'.includes(next) && next !== '') return this.put(`\\${next}`);
    if ('nrtfv'.includes(next) && next !== '' && (this.isAwk || next === 'n' || next === 't'))
      return this.put(`\\${next}`);
    this.put(next === '' ? '\\\\' : escaped(next));
  }
}

export interface RegexWay {
  readonly flavour: Flavour;
  readonly isAwk?: boolean;
  /** JavaScript flags: i, g. */
  readonly flags?: string;
}

export function regex(pattern: string, way: RegexWay): RegExp {
  const { flavour, isAwk = false, flags = '' } = way;
  const key = `${flavour}${isAwk ? 'a' : ''}${flags}:${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) {
    known.lastIndex = 0;
    return known;
  }
  if (cache.size > 1000) cache.clear();
  const source = new Translator(pattern, flavour, isAwk).run();
  try {
    const made = new RegExp(source, flags);
    cache.set(key, made);
    return made;
  } catch {
    throw new UsageError(`bad regular expression: ${pattern}`);
  }
}

export function plainPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
