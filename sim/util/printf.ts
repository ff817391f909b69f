// printf(1): the format is used again while arguments are left; missing ones count as empty or zero.
import { unescape } from '../shell/escapes.ts';

export interface Formatted {
  readonly text: string;
  readonly errors: readonly string[];
}

const SPEC = /%(%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|L|q|j|z|t)?([diouxXcsbeEfFgGq]))/g;

class Arguments {
  private readonly words: readonly string[];
  private at = 0;
  readonly errors: string[] = [];
  isCut = false;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get isLeft(): boolean {
    return this.at < this.words.length;
  }

  text(): string {
    return this.words[this.at++] ?? '';
  }

  number(): number {
    const word = this.text();
    if (/^['"]/.test(word)) return word.codePointAt(1) ?? 0;
    const text = word.trim();
    if (text === '') return 0;
    if (/^[-+]?0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
    const value = /^[-+]?0[xX]/.test(text) ? Number.parseInt(text, 16) : Number(text);
    if (!Number.isNaN(value)) return value;
    this.errors.push(`${word}: expected a number`);
    return Number.parseFloat(text) || 0;
  }
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

function pad(text: string, { flags, width }: Spec, isNumber: boolean): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[-+ ]|^0[xX]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function signed(text: string, value: number, flags: string): string {
  if (value < 0) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function integer(value: number, letter: string, spec: Spec): string {
  const whole = Math.trunc(value);
  const radix = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  const isUnsigned = letter !== 'd' && letter !== 'i';
  const plain =
    isUnsigned && whole < 0 ? BigInt.asUintN(64, BigInt(whole)).toString(radix) : Math.abs(whole).toString(radix);
  const digits = plain.padStart(spec.precision ?? 1, '0');
  const prefix = spec.flags.includes('#') && whole !== 0 ? (radix === 16 ? '0x' : radix === 8 ? '0' : '') : '';
  const text = isUnsigned ? prefix + digits : signed(`${whole < 0 ? '-' : ''}${digits}`, whole, spec.flags);
  const padded = pad(text, spec, spec.precision === null);
  return letter === 'X' ? padded.toUpperCase() : padded;
}

export function floating(value: number, letter: string, precision: number): string {
  switch (letter.toLowerCase()) {
    case 'f':
      return value.toFixed(precision);
    case 'e':
      return value.toExponential(precision).replace(/e([-+])(\d)$/, 'e$10$2');
    default: {
      const digits = Math.max(1, precision);
      const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
      if (exponent < -4 || exponent >= digits) {
        const text = value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
        return text.replace(/e([-+])(\d)$/, 'e$10$2');
      }
      const text = value.toFixed(Math.max(0, digits - 1 - exponent));
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    }
  }
}

function convert(letter: string, spec: Spec, args: Arguments): string {
  switch (letter) {
    case 's': {
      const text = args.text();
      return pad(spec.precision === null ? text : text.slice(0, spec.precision), spec, false);
    }
    case 'b': {
      const made = unescape(args.text(), 'echo');
      args.isCut = made.isCut;
      return pad(made.text, spec, false);
    }
    case 'q':
      return pad(`'${args.text().replaceAll("'", "'\\''")}'`, spec, false);
    case 'c':
      return pad(args.text().slice(0, 1), spec, false);
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return integer(args.number(), letter, spec);
    default: {
      const value = args.number();
      return pad(signed(floating(value, letter, spec.precision ?? 6), value, spec.flags), spec, true);
    }
  }
}

function once(pattern: string, args: Arguments): string {
  let text = '';
  let end = 0;
  for (const match of pattern.matchAll(SPEC)) {
    text += unescape(pattern.slice(end, match.index), 'format').text;
    end = match.index + match[0].length;
    const [, all, flags = '', width, precision, letter = 's'] = match;
    if (all === '%') {
      text += '%';
      continue;
    }
    const wide = width === '*' ? args.number() : Number(width ?? 0);
    const hasPoint = match[0].includes('.');
    const spec: Spec = {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.abs(wide),
      precision: hasPoint ? (precision === '*' ? args.number() : Number(precision ?? 0)) : null,
    };
    text += convert(letter, spec, args);
    if (args.isCut) return text;
  }
  return text + unescape(pattern.slice(end), 'format').text;
}

/** `words` are the format and its arguments. */
export function format(words: readonly string[]): Formatted {
  const [pattern = '', ...rest] = words;
  const args = new Arguments(rest);
  let text = once(pattern, args);
  const takes = [...pattern.matchAll(SPEC)].some(match => match[1] !== '%');
  while (takes && args.isLeft && !args.isCut) text += once(pattern, args);
  return { text, errors: args.errors };
}
