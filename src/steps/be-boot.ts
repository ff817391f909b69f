// be.boot: boots a boot environment and proves it. A host that comes back in the old one by itself is not rebooted a
// second time: the old one is activated, so that the next power cut doesn't take the new one again. The way back is
// the same step with the old one and a gate before any zone comes home, unless zones that share the kernel have written in the new one.
import * as z from 'zod';
import { type BootEnvironments, type Facts, known } from '../model/facts.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import * as beadm from '../solaris/beadm.ts';
import { kernelVersionOf } from '../solaris/pkg-version.ts';
import { closureOf } from './closure.ts';
import { doubt, objection, refusedWith } from './doubt.ts';
import { beField, duration, ms, zoneField } from './fields.ts';
import { gateForZones, unwellField, unwellIn } from './gate.ts';
import { type Arrival, rebootAndProve } from './reboot.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { kernelZonesField, mayGoDown } from './kernel-zones.ts';
import { isLaterBoot, proofOf, type Standing, standingOf } from './standing.ts';
import { isKernelZone } from './zone-places.ts';

const args = () =>
  z.strictObject({
    be_name: beField.describe('the boot environment to run'),
    timeout: duration('for the host to come back and be up', '45m'),
    stable_for: duration('it must have been up in one boot', '60s'),
    console: z.boolean().default(false).describe('the host has a console that a page may name'),
    accept_loss: z
      .array(zoneField)
      .default([])
      .describe('zones that share the kernel whose writes in the new system may be lost by going back'),
    kernel_zones: kernelZonesField,
    going_back: z.boolean().default(false).describe('this is the way back: refused where zones would lose writes'),
    boot_time: z.int().nullable().default(null).describe('of the boot before; filled in at birth'),
    unwell: unwellField,
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = {
  readonly active: string;
  readonly next: string;
  readonly boot_time: number;
  /** Zones that share the kernel and will run in the wanted one as soon as it boots: the host is open. */
  readonly exposed: readonly string[];
};

export const beBoot = stepOf<Args, Seen>({
  name: 'be.boot',
  summary: 'activates and boots a boot environment, and proves that it runs',
  args,
  returns: () => z.object({ be: z.string(), from: z.string().describe('what ran before'), boot_time: z.number() }),
  bareArgument: 'be_name',
  limitMs: ({ timeout, stable_for }) => ms(timeout) + 2 * ms(stable_for) + 10 * 60_000,
  born: (written, { facts }) => ({
    ...written,
    boot_time: written.boot_time ?? (facts?.boot.is === 'known' ? facts.boot.value.time : null),
    unwell: written.unwell ?? [...unwellIn(facts)],
  }),
  say: ({ be_name }) => `boot ${be_name}`,
  foresee,
  check,
  undo(written, seen) {
    const lost = seen.exposed.filter(zone => !written.accept_loss.includes(zone));
    if (seen.active === written.be_name) return undoSteps(['be.activate', { be_name: seen.next }]);
    if (lost.length > 0) {
      return {
        is: 'barrier',
        why: `${lost.join(', ')} run in ${written.be_name} from its boot on; going back would lose what they write`,
      };
    }
    const back = { ...written, be_name: seen.active, going_back: true, boot_time: null };
    return undoSteps(['be.boot', back], gateForZones(written.unwell ?? []));
  },
  apply,
  result: ({ be_name }, before, after) => ({ be: be_name, from: before.active, boot_time: after.boot_time }),
});

async function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  const standing = await standingOf(looker);
  if (standing.is === 'no') return { is: 'no-answer', refusal: standing.refusal };
  const { be, bootTime } = standing.value;
  const seen = { active: be.active, next: be.next, boot_time: bootTime, exposed: [] };
  if (be.active === written.be_name) return running(written, looker, standing.value, seen);
  const wanted = be.names.find(({ name }) => name === written.be_name);
  const host = looker.host;
  if (wanted === undefined)
    return { is: 'blocked', seen, why: `${host}: no boot environment is called ${written.be_name}` };
  if (beadm.cannotBoot(wanted)) return { is: 'blocked', seen, why: `${host}: ${written.be_name} can't be booted` };
  const ownReboot = written.boot_time !== null && isLaterBoot(written.boot_time, bootTime);
  if (ownReboot && be.next === written.be_name) {
    return { is: 'blocked', seen, why: `${host} came back in ${be.active} by itself; it isn't rebooted a second time` };
  }
  if (ownReboot) {
    const why = `${host} has booted since it was looked at, into ${be.active}, which boots next; read the facts anew before another boot`;
    return { is: 'blocked', seen, why };
  }
  return mayBoot(written, looker, seen);
}

/** It runs: proven, on its way, or sick. */
async function running(written: Args, looker: Looker, standing: Standing, seen: Seen): Promise<Found<Seen>> {
  if (seen.next !== written.be_name)
    return { is: 'todo', seen, text: `${written.be_name} runs, but ${seen.next} boots next` };
  const proof = proofOf(standing, ms(written.stable_for));
  if (proof.is === 'up') return { is: 'done', seen, text: `${written.be_name} runs` };
  if (standing.upSeconds * 1000 > ms(written.timeout)) {
    return { is: 'blocked', seen, why: `${looker.host} runs ${written.be_name}, but ${proof.why}` };
  }
  return { is: 'no-answer', refusal: doubt(`${looker.host}: be.boot`, proof.why) };
}

async function mayBoot(written: Args, looker: Looker, seen: Seen): Promise<Found<Seen>> {
  const down = await mayGoDown(written, looker, seen);
  if (down.is === 'no') return down.found;
  const natives = [...down.census].filter(([, sighting]) => !isKernelZone(sighting));
  const inUse = natives.filter(([zone, { state }]) => state === 'running' && !written.accept_loss.includes(zone));
  if (written.going_back && inUse.length > 0) {
    const zones = inUse.map(([zone]) => zone).join(', ');
    return {
      is: 'blocked',
      seen,
      why: `${looker.host}: ${zones} ran in ${seen.active}; going back to ${written.be_name} would lose what they wrote (accept_loss)`,
    };
  }
  const closure = await closureOf(looker);
  const open = closure.is === 'no' || closure.value.maintenance.is !== 'closed';
  const exposed = open ? natives.filter(([, { state }]) => state === 'running').map(([zone]) => zone) : [];
  return { is: 'todo', seen: { ...seen, exposed }, text: `${seen.active} runs` };
}

async function apply(written: Args, seen: Seen, doer: Doer): Promise<Applied> {
  const standing = await standingOf(doer);
  if (standing.is === 'no') return refusedWith(standing.refusal);
  const { be, bootTime } = standing.value;
  if (be.next !== written.be_name) {
    const activated = await doer.do(beadm.activate(written.be_name));
    if (activated.is === 'no') return refusedWith(activated.refusal);
  }
  if (be.active === written.be_name) return { is: 'applied', reply: {} };
  const arrival = await rebootAndProve(doer, {
    bootTimeBefore: bootTime,
    timeoutMs: ms(written.timeout),
    stableMs: ms(written.stable_for),
    mayBeGoingMs: seen.next === written.be_name ? 60_000 : 0,
  });
  return arrived(written, arrival, doer);
}

async function arrived(written: Args, arrival: Arrival, doer: Doer): Promise<Applied> {
  const about = `${doer.host}: boot ${written.be_name}`;
  if (arrival.is === 'unknown' || arrival.is === 'refused') return refusedWith(arrival.refusal);
  const { active } = arrival.standing.be;
  if (active === written.be_name) {
    return arrival.is === 'up' ? { is: 'applied', reply: {} } : objection(about, arrival.why);
  }
  // The new one still boots next, and the next power cut would take it.
  const activated = await doer.do(beadm.activate(active));
  const then =
    activated.is === 'ok'
      ? `${active} is activated again`
      : `${active} could not be activated: beadm activate ${active}`;
  return objection(about, `it came back in ${active} by itself; ${then}; it isn't rebooted a second time`);
}

function foresee({ be_name }: Args, facts: Facts | null): Foreseen {
  if (facts === null || facts.be.is === 'unknown')
    return { is: 'unknown', why: 'nothing is known of its boot environments' };
  const be = facts.be.value;
  const time = facts.boot.is === 'known' ? facts.boot.value.time : 0;
  const result = { be: be_name, from: be.active, boot_time: time };
  if (be.active === be_name && be.next === be_name) return { is: 'nothing', result };
  if (!be.names.some(({ name }) => name === be_name))
    return { is: 'unknown', why: `no boot environment is called ${be_name} yet` };
  const text = be.active === be_name ? `activate ${be_name}` : `reboot into ${be_name}`;
  return {
    is: 'change',
    text,
    facts: { ...facts, ...systemIn(be, be_name, facts), be: known(booted(be, be_name)) },
    result,
  };
}

/** What runs in it, where an update foresaw that. */
function systemIn({ names }: BootEnvironments, name: string, { os, entire }: Facts): Pick<Facts, 'os' | 'entire'> {
  const level = names.find(one => one.name === name)?.level ?? '';
  const version = kernelVersionOf(level);
  if (version === null || os.is === 'unknown' || entire.is === 'unknown') return { os, entire };
  const fmri = `pkg://solaris/entire@11.4-${level}`;
  return {
    os: known({ ...os.value, version }),
    entire: known({ fmri, branch: level, version: `${entire.value.version.split('-')[0]}-${level}` }),
  };
}

function booted(be: BootEnvironments, name: string): BootEnvironments {
  const names = be.names.map(one => ({ ...one, flags: one.name === name ? 'NR' : one.flags.replace(/[NR]/g, '') }));
  return { active: name, next: name, names };
}
