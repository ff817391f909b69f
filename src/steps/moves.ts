// Which zone goes where, as arguments of steps, and how a destination is written for sysadm and zoneadm.
import * as z from 'zod';
import type { Migration } from '../model/plan.ts';
import type { BirthContext } from '../model/step.ts';
import { formatRadUri } from '../solaris/rad-uri.ts';
import { hostField, zoneField } from './fields.ts';

/** Fields of steps that name destinations. */
export const uriFields = {
  scheme: z.enum(['ssh', 'rads', 'radg']).default('ssh').describe('how hosts reach each other (rad-uri(7))'),
  user: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/)
    .default('root')
    .describe('who they log in as; empty: whoever asks'),
};

export type UriWords = { readonly scheme: 'ssh' | 'rads' | 'radg'; readonly user: string };

export function uriOf(host: string, { scheme, user }: UriWords): string {
  return formatRadUri({ scheme, user, host, port: null });
}

export const movesField = z
  .array(z.strictObject({ zone: zoneField, to: hostField, gib: z.number().nonnegative().default(0) }))
  .nullable()
  .default(null)
  .describe('which zone goes where; null: filled in from the plan at birth');

export type Move = { readonly zone: string; readonly to: string; readonly gib: number };

/** The planned migrations of the host that an action is born on. */
export function plannedMoves({ host, migrations }: BirthContext): Move[] {
  return migrations.filter(({ from }) => from === host).map(moveOf);
}

/** Where else the zones of the host fit, when a destination fails. */
export function plannedAlternatives({ host, migrations }: BirthContext) {
  return migrations
    .filter(({ from, others }) => from === host && others.length > 0)
    .map(({ zone, others }) => ({ zone: String(zone), to: others.map(String) }));
}

/** What the inventory says of single zones of the host that stay. */
export function ruledNatives({ host, staying }: BirthContext) {
  const ruled = (as: 'stop' | 'stay') =>
    staying.filter(one => one.host === host && one.ruled === as).map(({ zone }) => String(zone));
  return { stop: ruled('stop'), stay: ruled('stay') };
}

function moveOf({ zone, to, bytes }: Migration): Move {
  return { zone, to, gib: Math.round((bytes / 2 ** 30) * 10) / 10 };
}

export function movesText(moves: readonly Move[] | null): string {
  if (moves === null) return 'as planned';
  if (moves.length === 0) return 'no zone';
  const destinations = [...new Set(moves.map(({ to }) => to))];
  return destinations
    .map(host => `${moves.flatMap(({ zone, to }) => (to === host ? [zone] : [])).join(' ')} to ${host}`)
    .join(', ');
}
