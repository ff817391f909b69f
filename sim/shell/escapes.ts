// Backslash escapes of $'...', printf and echo. An octal or hex escape is a byte, whatever text it makes with its
// neighbours (os/bytes.ts).
import { byteText } from '../os/bytes.ts';

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/** The text between the quotes of $'...'. */
export function dollarQuoted(raw: string): string {
  return raw.replace(
    /\\(?:x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|[0-7]{1,3}|c[\s\S]|[\s\S])/g,
    escape => dollarEscape(escape.slice(1)) ?? escape,
  );
}

function dollarEscape(code: string): string | null {
  if (code.length > 1 && code.startsWith('u')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (code.length > 1 && code.startsWith('x')) return byteText(Number.parseInt(code.slice(1), 16));
  if (/^[0-7]/.test(code)) return byteText(Number.parseInt(code, 8) & 255);
  if (code.length > 1) return String.fromCharCode(code.charCodeAt(1) & 31);
  return LETTERS[code] ?? null;
}

export interface Unescaped {
  readonly text: string;
  /** \c was met: nothing after it is printed. */
  readonly isCut: boolean;
}

/** Escapes of printf's format (octal \ddd), or of echo and %b (octal \0ddd, and \c). */
export function unescape(raw: string, style: 'format' | 'echo'): Unescaped {
  if (!raw.includes('\\')) return { text: raw, isCut: false };
  let text = '';
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i] ?? '';
    if (char !== '\\' || i === raw.length - 1) {
      text += char;
      continue;
    }
    const rest = raw.slice(i + 1);
    const octal = (style === 'format' ? /^[0-7]{1,3}/ : /^0[0-7]{0,3}/).exec(rest)?.[0];
    if (octal !== undefined) {
      text += byteText(Number.parseInt(octal, 8) & 255);
      i += octal.length;
      continue;
    }
    const hex = /^x[0-9A-Fa-f]{1,2}/.exec(rest)?.[0];
    if (hex !== undefined) {
      text += byteText(Number.parseInt(hex.slice(1), 16));
      i += hex.length;
      continue;
    }
    const letter = rest[0] ?? '';
    if (letter === 'c' && style === 'echo') return { text, isCut: true };
    const value = 'abfnrtv\\'.includes(letter) ? LETTERS[letter] : undefined;
    text += value ?? `\\${letter}`;
    i++;
  }
  return { text, isCut: false };
}
