// Fields that arguments and results of several steps share, each with its documentation.
import * as z from 'zod';
import { DURATION, durationMs } from '../text/duration.ts';

/** A length of time as it was written; `ms` of it is taken where it is used. */
export const duration = (says: string, standard: string) =>
  z
    .union([z.string().regex(DURATION, 'a length of time: 45m, 60s, 2h, or seconds'), z.number().nonnegative()])
    .default(standard)
    .describe(says);

/** @throws for what the schema wouldn't have let through. */
export function ms(written: string | number): number {
  const value = durationMs(written);
  if (value === null) throw new Error(`not a length of time: ${written}`);
  return value;
}

// As zonecfg(8) allows them; also keeps a name from being read as an option.
export const zoneField = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'a zone name');

// beadm(8): no blanks, no slashes; nothing that a program could take for an option or a snapshot.
export const beField = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, 'a boot environment name');

export const hostField = z.string().min(1);

export const migratedField = z.array(z.object({ zone: z.string(), from: z.string(), to: z.string(), was: z.string() }));
export const staysField = z.array(z.object({ zone: z.string(), at: z.string() }));
export const stayedField = z.array(z.object({ zone: z.string(), was: z.string() }));
