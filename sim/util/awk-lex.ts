// Tokens of awk. Whether a slash begins a regular expression depends on what stood before it.
import { UsageError } from './options.ts';

export interface Token {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'call' | 'builtin' | 'keyword' | 'op' | 'newline' | 'end';
  readonly text: string;
}

const KEYWORDS = new Set(
  'BEGIN END function func if else while for do in delete break continue next exit return print printf getline'.split(
    ' ',
  ),
);
const BUILTIN_NAMES = new Set(
  'length substr index split sub gsub match sprintf toupper tolower int sqrt exp log sin cos atan2 rand srand system close fflush'.split(
    ' ',
  ),
);
const OPERATORS = [
  '**=',
  '&&',
  '||',
  '==',
  '<=',
  '>=',
  '!=',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '>>',
  '!~',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
];

function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'op') return [')', ']', '$', '++', '--'].includes(token.text);
  return ['number', 'string', 'regex', 'name', 'builtin'].includes(token.kind);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

export function awkString(raw: string): string {
  return raw.replace(/\\([0-7]{1,3}|[\s\S])/g, (all, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? (code === '\n' ? '' : all);
  });
}

export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  const put = (kind: Token['kind'], token: string, length = token.length): void => {
    found.push({ kind, text: token });
    at += length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^(?:[ \t\r]|\\\r?\n|#[^\n]*)+/.exec(rest)?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest)?.[0];
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    const string = /^"((?:[^"\\\n]|\\[\s\S])*)"/.exec(rest);
    const regex = endsValue(found[found.length - 1])
      ? null
      : /^\/((?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\])*)\//.exec(rest);
    if (rest.startsWith('\n')) put('newline', '\n');
    else if (number !== undefined) put('number', number);
    else if (string !== null) put('string', awkString(string[1] ?? ''), string[0].length);
    else if (regex !== null) put('regex', (regex[1] ?? '').replaceAll('\\/', '/'), regex[0].length);
    else if (name !== undefined) put(kindOf(name, rest[name.length] === '('), name);
    else {
      const op = OPERATORS.find(one => rest.startsWith(one));
      if (op === undefined) throw new UsageError(`syntax error near ${rest.slice(0, 10)}`);
      put('op', op);
    }
  }
  found.push({ kind: 'end', text: '' });
  return found;
}

function kindOf(name: string, isCalled: boolean): Token['kind'] {
  if (KEYWORDS.has(name)) return 'keyword';
  if (BUILTIN_NAMES.has(name)) return 'builtin';
  return isCalled ? 'call' : 'name';
}
