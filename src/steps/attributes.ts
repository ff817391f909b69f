// Mode, owner and group as a task says them, against what a file has. Modes in digits or in the letters of chmod(1).
import * as z from 'zod';
import type { Attributes } from '../solaris/file-look.ts';
import { octal } from '../solaris/file-change.ts';

const CLAUSE = '[ugoa]*(?:[-+=][rwxXst]*)+';
const MODE = new RegExp(`^(?:[0-7]{3,4}|${CLAUSE}(?:,${CLAUSE})*)$`);

export const modeField = () =>
  z
    .union([
      z.string().regex(MODE, "a mode in digits, '0644', or in letters, 'u=rw,g=r,o='"),
      z.number().int().min(0).max(0o7777),
    ])
    .nullable()
    .default(null)
    .describe("permissions: '0644' or 'u=rw,go=r'; none given: those of the old file, or 0644");

const nameField = (says: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_.][^:\s]*$/, 'a name or a number')
    .nullable()
    .default(null)
    .describe(says);

export const attributeFields = () => ({
  mode: modeField(),
  owner: nameField('its user, by name or number; none given: as it is'),
  group: nameField('its group, by name or number; none given: as it is'),
});

export interface Wish {
  readonly mode: string | number | null;
  readonly owner: string | null;
  readonly group: string | null;
}

/** What should be, against what is: null says that nothing needs to be done about it. */
export interface Repair {
  readonly mode: number | null;
  /** For chown; empty: nothing. */
  readonly owner: string;
}

export const isSound = (repair: Repair): boolean => repair.mode === null && repair.owner === '';

export function repairOf(wish: Wish, there: Attributes, isFolder: boolean): Repair {
  const mode = wish.mode === null ? there.mode : modeAfter(wish.mode, there.mode, isFolder);
  const owner = wish.owner !== null && !isSame(wish.owner, there.owner, there.uid) ? wish.owner : null;
  const group = wish.group !== null && !isSame(wish.group, there.group, there.gid) ? wish.group : null;
  return { mode: mode === there.mode ? null : mode, owner: ownerWords(owner, group) };
}

const isSame = (wished: string, name: string, id: number): boolean => wished === name || wished === String(id);

/** As chown takes it; empty when neither is said. */
export function ownerWords(owner: string | null, group: string | null): string {
  return group === null ? (owner ?? '') : `${owner ?? ''}:${group}`;
}

/** In words, for a look and a diff: `mode 0644 -> 0600, owner root:root -> oracle`. */
export function repairText(repair: Repair, there: Attributes): string {
  const mode = repair.mode === null ? [] : [`mode ${octal(there.mode)} -> ${octal(repair.mode)}`];
  const owner = repair.owner === '' ? [] : [`owner ${there.owner}:${there.group} -> ${repair.owner}`];
  return [...mode, ...owner].join(', ');
}

/** @throws for what the schema wouldn't have let through. */
export function modeAfter(wish: string | number, before: number, isFolder: boolean): number {
  if (typeof wish === 'number') return wish;
  if (/^[0-7]+$/.test(wish)) return Number.parseInt(wish, 8);
  return wish.split(',').reduce((mode, clause) => withClause(mode, clause, isFolder), before);
}

const CLASSES: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const LETTERS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };

/** `go-w`; without a class it is for all, whatever the umask: the far end's is nobody's wish. */
function withClause(mode: number, clause: string, isFolder: boolean): number {
  const who = /^[ugoa]*/.exec(clause)?.[0] ?? '';
  const mask = [...(who === '' ? 'a' : who)].reduce((bits, one) => bits | (CLASSES[one] ?? 0), 0);
  let after = mode;
  for (const [, sign = '', letters = ''] of clause.slice(who.length).matchAll(/([-+=])([rwxXst]*)/g)) {
    const runs = isFolder || (after & 0o111) !== 0;
    const bits = [...letters].reduce((all, one) => all | (LETTERS[one === 'X' && runs ? 'x' : one] ?? 0), 0) & mask;
    if (sign === '+') after |= bits;
    else if (sign === '-') after &= ~bits;
    // A folder keeps its set-ID bits unless they are named, as chmod does it.
    else after = (after & ~(mask & (isFolder ? 0o1777 : 0o7777))) | bits;
  }
  return after;
}
