// Waits until nothing is on its way any more: no migration in progress, no zone between two hosts. Then says where the
// zones are and what sysadm's record says of each. After a cut this is the only way to know.
import type { EvacuationRecord } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import { censusesOf } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt } from './doubt.ts';
import { type Censuses, placeOf } from './zone-places.ts';

export interface Settling {
  readonly zones: readonly string[];
  /** Where they may be, besides the host itself. */
  readonly hosts: readonly HostName[];
  readonly budgetMs: number;
}

export interface Rest {
  readonly censuses: Censuses;
  /** What the record says of zones that failed. */
  readonly errors: ReadonlyMap<string, string>;
}

const EVERY_MS = 5_000;

export async function settled(looker: Looker, settling: Settling): Promise<Answer<Rest>> {
  const end = looker.now() + settling.budgetMs;
  for (;;) {
    const rest = await restOnce(looker, settling);
    if (rest.is === 'ok' || looker.now() + EVERY_MS > end || looker.stopping()) return rest;
    if (rest.refusal.is === 'lost' || rest.refusal.is === 'not-sent') await looker.reconnect();
    await looker.sleep(EVERY_MS);
  }
}

async function restOnce(looker: Looker, { zones, hosts }: Settling): Promise<Answer<Rest>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return closure;
  const { record } = closure.value;
  if (record.is === 'in-progress') return still(looker, 'sysadm is moving zones');
  const censuses = await censusesOf(looker, [looker.host, ...hosts]);
  if (censuses.is === 'no') return censuses;
  const between = zones.flatMap(zone => {
    const place = placeOf(zone, censuses.value);
    return place.is === 'at' ? [] : [place.text];
  });
  if (between.length > 0) return still(looker, between.join('; '));
  return { is: 'ok', value: { censuses: censuses.value, errors: errorsIn(record) } };
}

/** What sysadm's record says of zones that failed. */
export function errorsIn(record: EvacuationRecord): ReadonlyMap<string, string> {
  const rows = record.is === 'rows' ? record.rows : [];
  return new Map(rows.filter(({ error }) => error !== '').map(({ zone, error }) => [zone, error]));
}

/** The host's words, to stand behind a sentence about a zone. */
export function saidOf(zone: string, errors: ReadonlyMap<string, string>): string {
  const error = errors.get(zone);
  return error === undefined ? '' : ` (sysadm says: ${error})`;
}

function still(looker: Looker, why: string): Answer<Rest> {
  return { is: 'no', refusal: doubt(`${looker.host}: where the zones are`, why) };
}
