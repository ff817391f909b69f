// The dry run of migrations: one zone at a time, since a live trial boots a receiver that takes the zone's memory on
// the destination; afterwards looked at for what it left behind.
import type { Applied, Doer } from '../model/step.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { hostName } from '../model/ids.ts';
import { censusOf } from './census.ts';
import type { EvacuateArgs } from './departure.ts';
import { objection, refusedWith } from './doubt.ts';
import { uriOf } from './moves.ts';
import { isShell } from './zone-places.ts';

export async function tryAll(written: EvacuateArgs, doer: Doer): Promise<Applied> {
  for (const { zone, to } of written.moves ?? []) {
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
    if (tried.is === 'no') return refusedWith(tried.refusal);
    const there = await censusOf(doer.peer(hostName(to)));
    if (there.is === 'no') return refusedWith(there.refusal);
    const left = there.value.get(zone);
    if (!isShell(left))
      return objection(
        `dry run of ${zone}`,
        `it left ${zone} ${left?.state} on ${to}: look there before anything moves`,
      );
  }
  return { is: 'applied', reply: {} };
}

const TRIAL_MS = 60 * 60_000;
