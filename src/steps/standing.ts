// Where a host stands between two boots: when it booted, into what, what boots next, and whether it is up. An answer
// over SSH alone proves nothing: sshd still answers in the first seconds of a shutdown.
import type { BootEnvironments } from '../model/facts.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import * as beadm from '../solaris/beadm.ts';
import * as boot from '../solaris/boot.ts';
import * as smf from '../solaris/smf.ts';
import { from } from './doubt.ts';

export interface Standing {
  /** Epoch seconds by the host's clock. */
  readonly bootTime: number;
  readonly upSeconds: number;
  readonly be: BootEnvironments;
  /** State of the milestone that everything else waits for. */
  readonly milestone: string;
}

export async function standingOf(looker: Looker): Promise<Answer<Standing>> {
  const booted = await looker.ask(boot.bootTime());
  if (booted.is === 'no') return from(looker.host, booted);
  const clock = await looker.ask(boot.clock());
  if (clock.is === 'no') return from(looker.host, clock);
  const be = await looker.ask(beadm.list());
  if (be.is === 'no') return from(looker.host, be);
  const milestone = await looker.ask(smf.state(smf.MULTI_USER_SERVER));
  if (milestone.is === 'no') return from(looker.host, milestone);
  const upSeconds = Math.max(0, clock.value - booted.value);
  return { is: 'ok', value: { bootTime: booted.value, upSeconds, be: be.value, milestone: milestone.value } };
}

export const isUp = ({ milestone }: Standing): boolean => milestone === 'online';

/** Different by more than a set clock could explain; clocks may also have been set back by the boot. */
export function isOtherBoot(before: number, now: number): boolean {
  return isLaterBoot(before, now) || isLaterBoot(now, before);
}

export function isLaterBoot(before: number, now: number): boolean {
  return boot.isNewBoot(before, now, 0);
}

/** What one look says of a host that should have booted, so that check and apply call the same thing up. */
export type Proof =
  | { readonly is: 'up'; readonly standing: Standing }
  /** It answers, but isn't up, or hasn't been so for long enough: look again in so long. */
  | { readonly is: 'coming'; readonly why: string; readonly againMs: number };

/** Up, and in this boot for long enough: the same boot time at two looks that far apart. */
export function proofOf(standing: Standing, stableMs: number): Proof {
  if (!isUp(standing)) {
    return { is: 'coming', why: `multi-user-server is ${standing.milestone}`, againMs: 5_000 };
  }
  const missing = stableMs - standing.upSeconds * 1000;
  if (missing > 0) return { is: 'coming', why: 'it is up, but not for long enough to be believed', againMs: missing };
  return { is: 'up', standing };
}
