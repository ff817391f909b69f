// What a step under test is told of the run it is in: one task on one host, a ledger in which nothing stands.
import { createHash } from 'node:crypto';
import { actionId, hostName, runId, taskId } from '../../src/model/ids.ts';
import type { Doer } from '../../src/model/step.ts';

/** @param kept what is put aside for undo, by digest. */
export function oneTask(
  kept: Map<string, Uint8Array>,
): Pick<Doer, 'host' | 'run' | 'action' | 'fleet' | 'ledger' | 'keep'> {
  const host = hostName('nacaozumbi');
  return {
    host,
    run: runId('0a1b7f3a'),
    action: actionId(taskId('p/1.t1'), null, { is: 'host', host }),
    fleet: [],
    ledger: { away: [], perhaps: [], stayed: [], stays: [], formerTargets: [], unread: [], window: () => 'unheard-of' },
    keep: {
      put: bytes => {
        const digest = createHash('sha256').update(bytes).digest('hex');
        kept.set(digest, bytes);
        return Promise.resolve(digest);
      },
      get: digest => Promise.resolve(kept.get(digest) ?? null),
    },
  };
}
