// Asks hosts what zones they have: states and auxiliary states, of one host or of several at once.
import type { HostName } from '../model/ids.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { from } from './doubt.ts';
import { type Census, type Censuses, sightingText } from './zone-places.ts';

export async function censusOf(looker: Looker): Promise<Answer<Census>> {
  // States first: a zone that starts to move in between shows with its auxiliary state.
  const listed = await looker.ask(zoneadm.list());
  if (listed.is === 'no') return from(looker.host, listed);
  const auxiliary = await looker.ask(zoneadm.auxiliary());
  if (auxiliary.is === 'no') return from(looker.host, auxiliary);
  const aux = new Map(auxiliary.value.map(row => [row.zone, row.aux]));
  const zones = listed.value.filter(row => row.name !== 'global');
  return {
    is: 'ok',
    value: new Map(zones.map(row => [row.name, { state: row.state, brand: row.brand, aux: aux.get(row.name) ?? '' }])),
  };
}

/** Of several hosts; one that doesn't answer makes the whole unanswered: a zone might be just there. */
export async function censusesOf(looker: Looker, hosts: readonly HostName[]): Promise<Answer<Censuses>> {
  const distinct = [...new Set(hosts)];
  const answers = await Promise.all(
    distinct.map(async host => ({ host, answer: await censusOf(host === looker.host ? looker : looker.peer(host)) })),
  );
  const censuses = new Map<HostName, Census>();
  for (const { host, answer } of answers) {
    if (answer.is === 'no') return answer;
    censuses.set(host, answer.value);
  }
  return { is: 'ok', value: censuses };
}

/** Says where the zones of interest are, for the pages that tell where each zone is and since when that is known. */
export async function tellPlaces(looker: Looker, zones: readonly string[], censuses: Censuses): Promise<void> {
  for (const [host, census] of censuses) {
    const seen = Object.fromEntries(
      zones.filter(zone => census.has(zone)).map(zone => [zone, sightingText(census.get(zone))]),
    );
    await looker.tell({ type: 'looked', on: host, action: looker.action, seen: { zones: seen } });
  }
}
