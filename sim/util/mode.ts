// File modes as chmod and umask take them, and as ls shows them.
import type { Stat } from '../os/view.ts';

const WHO: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };
const WHAT: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };

export interface ModeFor {
  readonly umask: number;
  readonly isDir: boolean;
}

/** `755`, `u+x,go-w`; null when it can't be read. */
export function changedMode(text: string, mode: number, { umask, isDir }: ModeFor): number | null {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let changed = mode;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(clause);
    if (match === null) return null;
    const who =
      match[1] === '' ? 0o777 & ~umask : [...(match[1] ?? '')].reduce((mask, one) => mask | (WHO[one] ?? 0), 0);
    for (const [, op = '', letters = ''] of (match[2] ?? '').matchAll(/([-+=])([rwxXst]*)/g)) {
      const bits = bitsOf(letters, isDir || (changed & 0o111) !== 0) & who;
      const sticky = letters.includes('t') ? 0o1000 : 0;
      if (op === '=') changed = (changed & ~who) | bits | sticky;
      else changed = op === '+' ? changed | bits | sticky : changed & ~(bits | sticky);
    }
  }
  return changed;
}

function bitsOf(letters: string, isExecutable: boolean): number {
  return [...letters].reduce((bits, one) => bits | (one === 'X' ? (isExecutable ? 0o111 : 0) : (WHAT[one] ?? 0)), 0);
}

/** u=rwx,g=rx,o= */
export function symbolic(mode: number): string {
  const three = (bits: number): string => [...'rwx'].filter((_, i) => (bits & (4 >> i)) !== 0).join('');
  return `u=${three(mode >> 6)},g=${three(mode >> 3)},o=${three(mode)}`;
}

const KINDS: Readonly<Record<Stat['kind'], string>> = { file: '-', dir: 'd', link: 'l', device: 'c' };

/** drwxr-xr-x */
export function shownMode({ kind, mode }: Stat): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((mode & (0o400 >> i)) !== 0 ? letter : '-'));
  if ((mode & 0o1000) !== 0) bits[8] = bits[8] === 'x' ? 't' : 'T';
  if ((mode & 0o4000) !== 0) bits[2] = bits[2] === 'x' ? 's' : 'S';
  if ((mode & 0o2000) !== 0) bits[5] = bits[5] === 'x' ? 's' : 'S';
  return (KINDS[kind] ?? '-') + bits.join('');
}
