// What an unquoted YAML scalar means, by the rules of YAML 1.1 as Ansible's reader (PyYAML) applies them. Differs on
// purpose in two places: a date stays text, and a number too large to be exact stays text.

const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries(
  ['yes', 'true', 'on', 'no', 'false', 'off'].flatMap(word => {
    const title = `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
    return [word, title, word.toUpperCase()].map(form => [form, ['yes', 'true', 'on'].includes(word)]);
  }),
);

const NULLS = ['', '~', 'null', 'Null', 'NULL'];
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const HEX = /^[-+]?0x[0-9a-fA-F_]+$/;
const BINARY = /^[-+]?0b[01_]+$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;

export function plainValue(text: string): null | boolean | number | string {
  if (NULLS.includes(text)) return null;
  const truth = Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
  if (truth !== undefined) return truth;
  const number = plainNumber(text);
  return number !== null && Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text;
}

function plainNumber(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  if (digits === '') return null;
  if (DECIMAL.test(text)) return sign * Number(digits);
  if (OCTAL.test(text)) return sign * Number.parseInt(digits, 8);
  if (HEX.test(text)) return sign * Number.parseInt(digits.slice(2), 16);
  if (BINARY.test(text)) return sign * Number.parseInt(digits.slice(2), 2);
  if (SEXAGESIMAL.test(text)) return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  return null;
}
