// Host names with ranges, as inventories write them: `node[01:12]`, `node[1:9:2]`, `rack[a:c]`, several in one name.
// Leading zeros of the first number say how wide the numbers are; small letters come before capitals.

const RANGE = /^(.*?)\[([0-9]+|[A-Za-z]|):([0-9]+|[A-Za-z])(?::([0-9]+))?\](.*)$/s;
/** More hosts than anyone has: a slip of the finger, not a fleet. */
const MOST = 100_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export type Expanded =
  | { readonly is: 'names'; readonly names: readonly string[] }
  | { readonly is: 'wrong'; readonly why: string };

export function expandRange(text: string): Expanded {
  const wrong = (why: string): Expanded => ({ is: 'wrong', why });
  if (!/[[\]]/.test(text)) return { is: 'names', names: [text] };
  const found = RANGE.exec(text);
  if (found === null) return wrong('a range is [1:9], [01:12:2] or [a:f]');
  const [, before = '', from = '', to = '', step = '1', after = ''] = found;
  const middle = between(from === '' ? '0' : from, to, Number(step));
  if (typeof middle === 'string') return wrong(middle);
  const rest = expandRange(after);
  if (rest.is === 'wrong') return rest;
  if (middle.length * rest.names.length > MOST) return wrong(`this range means more than ${MOST} hosts`);
  return { is: 'names', names: middle.flatMap(one => rest.names.map(end => `${before}${one}${end}`)) };
}

function between(from: string, to: string, step: number): readonly string[] | string {
  const digits = /^[0-9]/.test(from);
  if (digits !== /^[0-9]/.test(to)) return 'a range goes from number to number, or from letter to letter';
  const padded = digits && from.length > 1 && from.startsWith('0');
  if (padded && from.length !== to.length) {
    return `with leading zeros both ends are equally long: write [${from}:${to.padStart(from.length, '0')}]`;
  }
  const first = digits ? Number(from) : LETTERS.indexOf(from);
  const last = digits ? Number(to) : LETTERS.indexOf(to);
  if (step < 1) return 'the step of a range is at least 1';
  if (last < first) return `the range ends before it begins: ${from} comes after ${to}`;
  if ((last - first) / step >= MOST) return `this range means more than ${MOST} hosts`;
  const width = padded ? from.length : 0;
  const name = (at: number): string => (digits ? String(at).padStart(width, '0') : (LETTERS[at] ?? ''));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => name(first + index * step));
}
