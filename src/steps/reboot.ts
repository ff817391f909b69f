// Ordering a reboot and proving it: another boot time at two looks some time apart, the milestone online. The order's
// own lost connection is its normal course. What the proof is worth (which boot environment) is for the step to say.
import type { Refusal } from '../model/refusal.ts';
import { tellRefusal } from '../model/refusal.ts';
import type { Doer } from '../model/step.ts';
import * as boot from '../solaris/boot.ts';
import { durationText } from '../text/duration.ts';
import { doubt } from './doubt.ts';
import { isOtherBoot, proofOf, type Standing, standingOf } from './standing.ts';

export interface Reboot {
  readonly bootTimeBefore: number;
  readonly timeoutMs: number;
  readonly stableMs: number;
  /** An order may have been given before a crash: see for so long whether the host goes down by itself. */
  readonly mayBeGoingMs: number;
}

export type Arrival =
  | { readonly is: 'up'; readonly standing: Standing }
  /** It booted and isn't well. */
  | { readonly is: 'sick'; readonly standing: Standing; readonly why: string }
  /** No other boot was seen: silent, or the old one still answers. Nobody knows what becomes of it. */
  | { readonly is: 'unknown'; readonly refusal: Refusal }
  /** The order itself was refused: the host stays as it is. */
  | { readonly is: 'refused'; readonly refusal: Refusal };

const LOOK_MS = 5_000;
/** A host that was told to go down may answer for minutes while its services and zones end. */
const GOING_MS = 5 * 60_000;

export async function rebootAndProve(doer: Doer, reboot: Reboot): Promise<Arrival> {
  if (!(await goesDownByItself(doer, reboot))) {
    const refusal = await order(doer, reboot);
    if (refusal !== null) return { is: 'refused', refusal };
  }
  return prove(doer, reboot);
}

/** Lost: as a rule it went down before it answered. When the old boot goes on answering, it never heard: once more. */
async function order(doer: Doer, reboot: Reboot): Promise<Refusal | null> {
  for (let unheard = 0; ; unheard += 1) {
    const ordered = await doer.do(boot.reboot());
    if (ordered.is === 'ok') return null;
    const { refusal } = ordered;
    if (refusal.is === 'refused' || refusal.is === 'not-sent') return refusal;
    if (unheard > 0 || (await goesDownByItself(doer, { ...reboot, mayBeGoingMs: GOING_MS }))) return null;
  }
}

async function goesDownByItself(doer: Doer, { bootTimeBefore, mayBeGoingMs }: Reboot): Promise<boolean> {
  const end = doer.now() + mayBeGoingMs;
  while (doer.now() < end) {
    const standing = await standingOf(doer);
    if (standing.is === 'no' || isOtherBoot(bootTimeBefore, standing.value.bootTime)) return true;
    await doer.sleep(LOOK_MS);
  }
  return false;
}

async function prove(doer: Doer, reboot: Reboot): Promise<Arrival> {
  const end = doer.now() + reboot.timeoutMs;
  for (let said = ''; ; ) {
    const look = await lookOnce(doer, reboot);
    if (look.is === 'up') return look;
    const over = doer.now() + look.againMs > end;
    if (over || doer.stopping()) return over ? look.atLast : givenUp(doer, 'stopped by the operator while it boots');
    if (look.why !== said)
      await doer.tell({
        type: 'progress',
        action: doer.action,
        on: doer.host,
        text: look.why,
        zone: null,
        done: null,
        total: null,
      });
    said = look.why;
    await doer.sleep(look.againMs);
  }
}

type Look =
  | { readonly is: 'up'; readonly standing: Standing }
  | { readonly is: 'waiting'; readonly why: string; readonly againMs: number; readonly atLast: Arrival };

async function lookOnce(doer: Doer, reboot: Reboot): Promise<Look> {
  const within = durationText(reboot.timeoutMs);
  const standing = await standingOf(doer);
  if (standing.is === 'no') {
    await doer.reconnect();
    const atLast = givenUp(doer, `no answer within ${within}: ${tellRefusal(standing.refusal)}`);
    return { is: 'waiting', why: 'no answer yet', againMs: LOOK_MS, atLast };
  }
  if (!isOtherBoot(reboot.bootTimeBefore, standing.value.bootTime)) {
    const atLast = givenUp(doer, `the old boot still answers after ${within}`);
    return { is: 'waiting', why: 'the old boot still answers', againMs: LOOK_MS, atLast };
  }
  const proof = proofOf(standing.value, reboot.stableMs);
  if (proof.is === 'up') return proof;
  const why = `it booted, but within ${within}: ${proof.why}`;
  return { ...proof, is: 'waiting', atLast: { is: 'sick', standing: standing.value, why } };
}

/** Nobody concludes anything from it before looking again. */
function givenUp(doer: Doer, why: string): Arrival {
  return { is: 'unknown', refusal: doubt(`${doer.host}: reboot`, why) };
}
