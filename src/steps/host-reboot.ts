// host.reboot: reboots into what runs now, and proves it. The boot time of before is fixed at birth, so that a later
// boot is known for what it is after a crash. host.wait waits until a host is reachable, or up.
import * as z from 'zod';
import type { Applied, Doer, Looker } from '../model/step.ts';
import { doubt, objection, refusedWith } from './doubt.ts';
import { duration, ms } from './fields.ts';
import { gateForZones, unwellField, unwellIn } from './gate.ts';
import { kernelZonesField, mayGoDown } from './kernel-zones.ts';
import { waitFor } from './look.ts';
import { rebootAndProve } from './reboot.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';
import { isLaterBoot, isUp, proofOf, standingOf } from './standing.ts';

const args = () =>
  z.strictObject({
    timeout: duration('for the host to come back and be up', '45m'),
    stable_for: duration('it must have been up in one boot', '60s'),
    console: z.boolean().default(false).describe('the host has a console that a page may name'),
    kernel_zones: kernelZonesField,
    boot_time: z.int().nullable().default(null).describe('of the boot before; filled in at birth from the facts'),
    unwell: unwellField,
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly boot_time: number };

export const hostReboot = stepOf<Args, Seen>({
  name: 'host.reboot',
  summary: 'reboots the host and proves that it did; before a second one in a wave, read the facts anew',
  args,
  returns: () => z.object({ boot_time: z.number().describe('of the new boot, by the host clock') }),
  limitMs: ({ timeout, stable_for }) => ms(timeout) + 2 * ms(stable_for) + 10 * 60_000,
  born: (written, { facts }) => ({
    ...written,
    boot_time: written.boot_time ?? (facts?.boot.is === 'known' ? facts.boot.value.time : null),
    unwell: written.unwell ?? [...unwellIn(facts)],
  }),
  say: () => 'reboot',
  foresee(_, facts) {
    if (facts === null || facts.boot.is === 'unknown') return { is: 'unknown', why: 'nothing is known of its boots' };
    return { is: 'change', text: 'rebooted', facts, result: { boot_time: facts.boot.value.time } };
  },
  check,
  undo: ({ unwell }) => undoSteps(gateForZones(unwell ?? [])),
  apply,
  result: (_, __, after) => ({ boot_time: after.boot_time }),
});

async function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  const standing = await standingOf(looker);
  if (standing.is === 'no') return { is: 'no-answer', refusal: standing.refusal };
  const { bootTime, be, upSeconds } = standing.value;
  const seen = { boot_time: bootTime };
  if (written.boot_time === null) {
    return { is: 'blocked', seen, why: `${looker.host}: its boot time wasn't known, so a reboot couldn't be proved` };
  }
  if (!isLaterBoot(written.boot_time, bootTime)) {
    if (be.next !== be.active)
      return { is: 'blocked', seen, why: `${looker.host}: ${be.next} would boot, not ${be.active}; use be.boot` };
    return mayReboot(written, looker, seen);
  }
  const proof = proofOf(standing.value, ms(written.stable_for));
  if (proof.is === 'up') return { is: 'done', seen, text: 'it has booted' };
  if (upSeconds * 1000 > ms(written.timeout)) return { is: 'blocked', seen, why: `${looker.host}: ${proof.why}` };
  return { is: 'no-answer', refusal: doubt(`${looker.host}: host.reboot`, proof.why) };
}

async function mayReboot(written: Args, looker: Looker, seen: Seen): Promise<Found<Seen>> {
  const down = await mayGoDown(written, looker, seen);
  return down.is === 'no' ? down.found : { is: 'todo', seen, text: 'the old boot still runs' };
}

async function apply(written: Args, seen: Seen, doer: Doer): Promise<Applied> {
  const arrival = await rebootAndProve(doer, {
    bootTimeBefore: written.boot_time ?? seen.boot_time,
    timeoutMs: ms(written.timeout),
    stableMs: ms(written.stable_for),
    mayBeGoingMs: 0,
  });
  switch (arrival.is) {
    case 'up':
      return { is: 'applied', reply: {} };
    case 'sick':
      return objection(`${doer.host}: reboot`, arrival.why);
    default:
      return refusedWith(arrival.refusal);
  }
}

const waitArgs = () =>
  z.strictObject({
    until: z.enum(['reachable', 'up']).default('up').describe('up: its multi-user milestone is online'),
    timeout: duration('when it gives up', '10m'),
    every: duration('between two looks', '5s'),
  });

type Waited = { readonly boot_time: number };

export const hostWait = stepOf<z.infer<ReturnType<typeof waitArgs>>, Waited>({
  name: 'host.wait',
  summary: 'waits until the host answers, or is up',
  args: waitArgs,
  returns: () => z.object({ boot_time: z.number() }),
  reads: true,
  needsFacts: false,
  limitMs: ({ timeout }) => ms(timeout) + 60_000,
  say: ({ until }) => `wait until the host is ${until}`,
  foresee: () => ({ is: 'unknown', why: 'it is seen when it is reached' }),
  async check({ until, timeout, every }, looker) {
    const waiting = { everyMs: ms(every), withinMs: ms(timeout) };
    const look = async () => {
      const standing = await standingOf(looker);
      if (standing.is === 'no') await looker.reconnect();
      return standing;
    };
    const standing = await waitFor(
      looker,
      waiting,
      look,
      one => one.is === 'ok' && (until === 'reachable' || isUp(one.value)),
    );
    if (standing.is === 'no') return { is: 'no-answer', refusal: standing.refusal };
    const seen = { boot_time: standing.value.bootTime };
    if (until === 'reachable' || isUp(standing.value)) return { is: 'done', seen, text: `it is ${until}` };
    return { is: 'blocked', seen, why: `${looker.host}: multi-user-server is ${standing.value.milestone}` };
  },
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('host.wait'),
  result: (_, __, after) => after,
});
