// The dry run of migrations: one zone at a time, since a live trial boots a receiver that takes the zone's memory on
// the destination. Before and after each, the destination is looked at for what an earlier one left behind; nothing is
// cleaned up here.
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer } from '../model/step.ts';
import { atWork } from '../solaris/host.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { hostName } from '../model/ids.ts';
import { censusOf } from './census.ts';
import type { EvacuateArgs } from './departure.ts';
import { doubt, objection, refusedWith } from './doubt.ts';
import { uriOf } from './moves.ts';
import { isShell, sightingText } from './zone-places.ts';

interface Trial {
  readonly zone: string;
  readonly to: string;
}

export async function tryAll(written: EvacuateArgs, doer: Doer): Promise<Applied> {
  for (const trial of written.moves ?? []) {
    const { going, leave } = await doer.harbour.take([{ from: doer.host, to: hostName(trial.to) }]);
    if (going.length === 0) return objection(`${doer.host}: dry run`, 'stopped by the operator');
    const tried = await tryOne(written, trial, doer).finally(leave);
    if (tried.is === 'refused') return tried;
  }
  return DONE;
}

const DONE: Applied = { is: 'applied', reply: {} };

async function tryOne(written: EvacuateArgs, { zone, to }: Trial, doer: Doer): Promise<Applied> {
  const before = await cleared({ zone, to }, doer);
  if (before.is === 'refused') return before;
  await doer.tell({
    type: 'progress',
    action: doer.action,
    on: doer.host,
    text: `dry run to ${to}`,
    zone,
    done: null,
    total: null,
  });
  const uri = uriOf(to, written);
  const tried = await doer.do(zoneadm.migrateTrial({ zone, to: uri, type: 'auto', overwrite: false }), {
    limitMs: TRIAL_MS,
  });
  if (tried.is === 'ok') return cleared({ zone, to }, doer);
  const { refusal } = tried;
  if (refusal.is !== 'refused') return refusedWith(refusal);
  const after = await cleared({ zone, to }, doer);
  const left = after.is === 'refused' && after.refusal.is === 'refused' ? `; ${after.refusal.why}` : '';
  return refusedWith({ ...refusal, why: `${refusal.why}${left}` });
}

const TRIAL_MS = 60 * 60_000;
/** What a trial that is over takes away by itself is gone by then; the rest was left behind. */
const CLEANUP_MS = 2 * 60_000;
const LOOK_MS = 5_000;

/**
 * A trial whose line was cut may be at work still, and its receiver be there until it is over: that is waited for. A
 * receiver that stays when none is at work is for a person.
 */
async function cleared(trial: Trial, doer: Doer): Promise<Applied> {
  const { zone, to } = trial;
  const begun = doer.now();
  for (let quietSince = begun; ; ) {
    const busy = await isMoving(zone, doer);
    if (busy.is === 'no') return refusedWith(busy.refusal);
    const there = await censusOf(doer.peer(hostName(to)));
    if (there.is === 'no') return refusedWith(there.refusal);
    const left = there.value.get(zone);
    if (!busy.value && isShell(left)) return DONE;
    if (busy.value) quietSince = doer.now();
    const seen = `${zone} is ${sightingText(left)} on ${to}`;
    if (doer.now() - quietSince >= CLEANUP_MS)
      return objection(`dry run of ${zone}`, `${seen}, left behind: look there before anything moves`);
    if (doer.stopping() || doer.now() - begun >= TRIAL_MS)
      return refusedWith(doubt(`dry run of ${zone}`, busy.value ? 'a migration of it is at work' : seen));
    await doer.sleep(LOOK_MS);
  }
}

/** A migration or the trial of one, by the command line that started it. */
async function isMoving(zone: string, doer: Doer): Promise<Answer<boolean>> {
  const working = await doer.ask(atWork());
  if (working.is === 'no') return working;
  const words = working.value.map(line => line.split(' '));
  return { is: 'ok', value: words.some(argv => argv.includes('migrate') && argv[argv.indexOf('-z') + 1] === zone) };
}
