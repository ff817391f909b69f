// The names that a shell knows itself. The special ones are POSIX.1-2017 2.14.
import { CONTROL } from './builtins-control.ts';
import { JOBS } from './builtins-jobs.ts';
import { PLACES } from './builtins-places.ts';
import { VARIABLES } from './builtins-variables.ts';
import type { Shell } from './interp.ts';

export type Builtin = (sh: Shell, argv: readonly string[]) => Promise<number> | number;

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({ ...CONTROL, ...JOBS, ...PLACES, ...VARIABLES }),
);

const SPECIAL = new Set([
  ':',
  '.',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
]);
const DECLARATIONS = new Set(['export', 'readonly', 'local', 'typeset', 'declare']);

export function isSpecial(name: string): boolean {
  return SPECIAL.has(name);
}

export function isDeclaration(name: string): boolean {
  return DECLARATIONS.has(name);
}
