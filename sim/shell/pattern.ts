// Shell patterns: one compiler for case, ${x#p}, [[ == ]], file names and find -name. A backslash makes the next
// character plain; callers escape what was quoted.

const cache = new Map<string, RegExp>();
const MOST_CACHED = 2000;

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: 'A-Fa-f0-9',
};

export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\()|@+!-]/g, '\\$&');
}

export function hasWildcard(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*([*?]|\[[^]+\])/.test(pattern) || /[@+!]\(/.test(pattern);
}

export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** The inside of a bracket expression as JavaScript writes it, and where it ends; null when it never closes. */
export function bracket(pattern: string, start: number): { readonly source: string; readonly end: number } | null {
  let i = start + 1;
  let source = '[';
  if (pattern[i] === '!' || pattern[i] === '^') {
    source += '^';
    i++;
  }
  for (let isFirst = true; i < pattern.length; isFirst = false) {
    const char = pattern[i] ?? '';
    if (char === ']' && !isFirst) return { source: source === '[' ? '(?!)' : `${source}]`, end: i + 1 };
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(i, i + 12));
    const single = /^\[[.=](.)[.=]\]/.exec(pattern.slice(i, i + 5));
    if (named !== null) {
      source += CLASSES[named[1] ?? ''] ?? '';
      i += named[0].length;
    } else if (single !== null) {
      source += (single[1] ?? '').replace(/[\]\\^-]/g, '\\$&');
      i += single[0].length;
    } else if (char === '\\' && i + 1 < pattern.length) {
      source += (pattern[i + 1] ?? '').replace(/[\]\\^[-]/g, '\\$&');
      i += 2;
    } else {
      source += char === '-' ? '-' : char.replace(/[\]\\^[]/g, '\\$&');
      i++;
    }
  }
  return null;
}

const EXTENDED: Readonly<Record<string, readonly [string, string]>> = {
  '@': ['(?:', ')'],
  '?': ['(?:', ')?'],
  '*': ['(?:', ')*'],
  '+': ['(?:', ')+'],
};

interface Glue {
  readonly close: string[];
}

function translate(pattern: string, any: string): string {
  const glue: Glue = { close: [] };
  let source = '';
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i] ?? '';
    const group = pattern[i + 1] === '(' ? EXTENDED[char] : undefined;
    if (group !== undefined && pattern.includes(')', i)) {
      source += group[0];
      glue.close.push(group[1]);
      i += 2;
    } else if (glue.close.length > 0 && (char === '|' || char === ')')) {
      source += char === '|' ? '|' : (glue.close.pop() ?? '');
      i++;
    } else if (char === '[') {
      const set = bracket(pattern, i);
      source += set === null ? '\\[' : set.source;
      i = set === null ? i + 1 : set.end;
    } else if (char === '\\' && i + 1 < pattern.length) {
      source += escapeRegExp(pattern[i + 1] ?? '');
      i += 2;
    } else {
      source += char === '*' ? `${any}*` : char === '?' ? any : escapeRegExp(char);
      i++;
    }
  }
  return source;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** The pattern against a whole text. */
function patternFor(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (cache.size >= MOST_CACHED) cache.clear();
  const compiled = compile(`^(?:${translate(pattern, '[\\s\\S]')})$`);
  cache.set(pattern, compiled);
  return compiled;
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    try {
      return new RegExp(source);
    } catch {
      // a range the wrong way round matches nothing
      return /(?!)/;
    }
  }
}

export function matches(text: string, pattern: string): boolean {
  return patternFor(pattern).test(text);
}

/** The text without the shortest or longest matching prefix or suffix. */
export function trim(text: string, pattern: string, op: '#' | '##' | '%' | '%%'): string {
  const expression = patternFor(pattern);
  const { length } = text;
  for (let n = 0; n <= length; n++) {
    const size = op === '#' || op === '%' ? n : length - n;
    const isPrefix = op === '#' || op === '##';
    const piece = isPrefix ? text.slice(0, size) : text.slice(length - size);
    if (expression.test(piece)) return isPrefix ? text.slice(size) : text.slice(0, length - size);
  }
  return text;
}

/** ${x/pattern/to}: longest match at each place. */
export function replace(text: string, pattern: string, to: string, where: 'first' | 'all' | 'start' | 'end'): string {
  if (pattern === '') return text;
  const body = translate(pattern, '[\\s\\S]');
  const source = where === 'start' ? `^(?:${body})` : where === 'end' ? `(?:${body})$` : `(?:${body})`;
  return text.replace(new RegExp(source, where === 'all' ? 'g' : ''), () => to);
}
