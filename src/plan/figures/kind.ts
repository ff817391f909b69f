// Which actions are alike in how long they take, and what is assumed of them where nobody has seen any. None of these
// times was measured on a real host; the plan says which of them it rests on.
import { durationMs, durationText } from '../../text/duration.ts';
import type { Json } from '../../text/json.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** An argument of an action by its name; null: it isn't said, or not known yet. */
export type Args = (name: string) => Json | null;

/** Steps that wait as long as their arguments say are alike when those are. */
export function kindOf(step: string, args: Args): string {
  if (step === 'gate') return `gate (${looksOf(args)} looks ${everyMs(args) / SECOND}s apart)`;
  if (step === 'pause') return `pause (${durationText(assumedMs(step, args))})`;
  if (step === 'zones.evacuate' && args('dry_run') === true) return TRIAL;
  return step;
}

/** Of one zone tried on its destination, nothing copied. */
export const TRIAL = 'dry run of a migration';

const STEPS_MS: Readonly<Record<string, number>> = {
  [TRIAL]: 20 * SECOND,
  'be.update': 20 * MINUTE,
  'zone.shutdown': 2 * MINUTE,
  'zones.start_stayed': 3 * MINUTE,
  'zone.boot': 2 * MINUTE,
  preflight: 30 * SECOND,
  'maintenance.begin': 10 * SECOND,
  'maintenance.end': 10 * SECOND,
};
const ELSE_MS = 5 * SECOND;
/** Self-tests of large SPARC hosts take long; nobody is sure of others. */
const BOOT_MS = 15 * MINUTE;
/** Until a host that is well looks well, before the looks that count. */
const SETTLE_MS = 30 * SECOND;

export function assumedMs(step: string, args: Args): number {
  switch (step) {
    case 'gate':
      return SETTLE_MS + (looksOf(args) - 1) * everyMs(args);
    case 'be.boot':
    case 'host.reboot':
      return BOOT_MS + lengthOf(args('stable_for'), 0);
    case 'pause':
      return numberOf(args('seconds'), 0) * SECOND + numberOf(args('minutes'), 0) * MINUTE;
    default:
      return STEPS_MS[kindOf(step, args)] ?? ELSE_MS;
  }
}

const looksOf = (args: Args): number => numberOf(args('consecutive'), 3);
const everyMs = (args: Args): number => lengthOf(args('every'), 10 * SECOND);

const numberOf = (json: Json | null, otherwise: number): number => (typeof json === 'number' ? json : otherwise);

const lengthOf = (json: Json | null, otherwise: number): number =>
  (typeof json === 'string' || typeof json === 'number' ? durationMs(json) : null) ?? otherwise;
