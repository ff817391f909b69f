// maintenance.end: opens a host. From then on the host boots zones by itself, so it refuses unless every zone that is
// away is `configured` here and up on exactly the host that the journal names. It doesn't bring zones home.
import * as z from 'zod';
import type { EvacuationRecord } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import { unsigned } from '../model/signature.ts';
import type { Looker } from '../model/step.ts';
import * as maintain from '../solaris/sysadm-maintain.ts';
import { type Abroad, abroadOf } from './abroad.ts';
import { censusesOf, tellPlaces } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt, refusedWith } from './doubt.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { windowOf } from './window.ts';
import { type Censuses, sightingText } from './zone-places.ts';

const args = () =>
  z.strictObject({
    stale_index: z
      .enum(['refuse', 'accept'])
      .default('refuse')
      .describe('accept: a zone that is away may show here as `unavailable`; only after a trial on such a host'),
    windows: z
      .enum(['ours', 'own'])
      .default('ours')
      .describe('own: of this very run, as the way back of maintenance.begin; ours: also of a run that is over'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = {
  readonly message: string;
  readonly away: readonly { readonly zone: string; readonly at: string; readonly was: string }[];
};

export const maintenanceEnd = stepOf<Args, Seen>({
  name: 'maintenance.end',
  summary: 'opens a host, once every zone that is away is seen to be where the journal says',
  args,
  returns: () => z.object({ away: z.array(z.object({ zone: z.string(), at: z.string(), was: z.string() })) }),
  limitMs: () => 5 * 60_000,
  say: () => 'open the host',
  foresee(_, facts) {
    if (facts === null) return { is: 'unknown', why: 'nothing is known of the host' };
    if (facts.maintenance.is === 'unknown') return { is: 'unknown', why: facts.maintenance.why };
    if (facts.maintenance.is === 'open') return { is: 'nothing', result: { away: [] } };
    return { is: 'change', text: 'opened', facts: { ...facts, maintenance: { is: 'open' } }, result: { away: [] } };
  },
  check,
  undo(_, seen) {
    if (seen.away.length === 0) return undoSteps(['maintenance.begin', { message: unsigned(seen.message) }]);
    const zones = seen.away.map(({ zone }) => zone).join(', ');
    return {
      is: 'barrier',
      why: `the host is opened while ${zones} are away: from here they come home, nothing goes back`,
    };
  },
  async apply(_, __, doer) {
    const answer = await doer.do(maintain.end());
    return answer.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(answer.refusal);
  },
  result: (_, before) => ({ away: before.away }),
});

async function check({ stale_index, windows }: Args, looker: Looker): Promise<Found<Seen>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const { maintenance, record } = closure.value;
  const window = windowOf(maintenance, looker.ledger);
  if (window.is === 'unknown') return cannotTell(looker, `whether the host is closed: ${window.why}`);
  if (window.is === 'open') return { is: 'done', seen: { message: '', away: [] }, text: 'the host is open' };
  if (window.is === 'theirs') {
    return { is: 'blocked', seen: { message: '', away: [] }, why: `${looker.host}: ${window.why}` };
  }
  if (windows === 'own' && window.takenOver) {
    const why = `${looker.host}: closed by run ${window.run}, not by this one: ${window.message}`;
    return { is: 'blocked', seen: { message: '', away: [] }, why };
  }
  if (record.is === 'unknown') return cannotTell(looker, `which zones are away: ${record.why}`);
  return mayOpen(looker, record, { message: window.message, stale: stale_index === 'accept' });
}

interface Opening {
  readonly message: string;
  readonly stale: boolean;
}

async function mayOpen(looker: Looker, record: EvacuationRecord, opening: Opening): Promise<Found<Seen>> {
  const { abroad, problems } = abroadOf(looker, record);
  const censuses = await censusesOf(looker, [looker.host, ...abroad.map(({ at }) => at)]);
  if (censuses.is === 'no') return { is: 'no-answer', refusal: censuses.refusal };
  await tellPlaces(
    looker,
    abroad.map(({ zone }) => zone),
    censuses.value,
  );
  const misplaced = abroad.flatMap(zone => misplacedIn(zone, censuses.value, looker.host, opening.stale));
  const reasons = [...(record.is === 'in-progress' ? ['an evacuation is in progress'] : []), ...problems, ...misplaced];
  const seen = { message: opening.message, away: abroad.map(({ zone, at, was }) => ({ zone, at, was })) };
  if (reasons.length > 0) return { is: 'blocked', seen, why: `${looker.host} stays closed: ${reasons.join('; ')}` };
  return { is: 'todo', seen, text: 'the host is closed by us' };
}

function misplacedIn({ zone, at, was }: Abroad, censuses: Censuses, home: HostName, stale: boolean): readonly string[] {
  const here = censuses.get(home)?.get(zone);
  const there = censuses.get(at)?.get(zone);
  const shell = here?.state === 'configured' || (stale && here?.state === 'unavailable');
  return [
    ...(shell ? [] : [`${zone} is ${sightingText(here)} here, expected configured, and would be booted beside ${at}`]),
    ...(there !== undefined && there.state === was && there.aux === ''
      ? []
      : [`${zone} is ${sightingText(there)} on ${at}, expected ${was}`]),
  ];
}

function cannotTell(looker: Looker, why: string): Found<Seen> {
  return { is: 'no-answer', refusal: doubt(`${looker.host}: maintenance.end`, `cannot tell ${why}`) };
}
