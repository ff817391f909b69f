// zones.return: brings zones home: with sysadm's own record where the host still has it, else one by one from where
// they are. From the first zone at home on the way is forward only; it never closes a host. When the last zone is
// home, the evacuation targets of before are put back.
import * as z from 'zod';
import type { EvacuationRecord } from '../model/facts.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Looker } from '../model/step.ts';
import { abroadOf } from './abroad.ts';
import { censusesOf, tellPlaces } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt } from './doubt.ts';
import { duration, hostField, migratedField, ms, zoneField } from './fields.ts';
import { bringAllHome } from './homecoming.ts';
import { factsOf } from './look.ts';
import { uriFields } from './moves.ts';
import { errorsIn, saidOf } from './settle.ts';
import { type Found, NOTHING_TO_UNDO, stepOf } from './shape.ts';
import { compareTargets, type Target } from './targets.ts';
import { windowOf } from './window.ts';
import { type Censuses, placeOf } from './zone-places.ts';

const args = z.strictObject({
  ...uriFields,
  which: z
    .enum(['recorded', 'named'])
    .default('recorded')
    .describe('recorded: all that the journals or sysadm know to be away'),
  zones: z
    .array(z.strictObject({ zone: zoneField, at: hostField }))
    .default([])
    .describe('named: zones that may be away, and where'),
  batch: z.int().min(1).nullable().default(null).describe('zones at once where they come one by one'),
  retry: z
    .strictObject({
      same_destination: z.int().min(0).default(1).describe('tries after the first'),
      wait: duration('before another try', '60s'),
    })
    .default({ same_destination: 1, wait: '60s' }),
  leftover: z.enum(['hold']).default('hold').describe('a zone that cannot come home stays where it runs'),
  timeout_per_gib: duration('past it: look and tell, never kill', '60s'),
  gib: z.number().nonnegative().default(0).describe('memory to move, for the time it may take'),
});
export type ReturnArgs = z.infer<typeof args>;

/** @param from where it was last known to be; @param recorded sysadm's own record will bring it. */
export type Returner = {
  readonly zone: string;
  readonly at: string;
  readonly from: string;
  readonly was: string;
  readonly recorded: boolean;
  /** The journals say it is away. */
  readonly journaled: boolean;
};

export type ReturnSeen = {
  readonly home: string;
  readonly zones: readonly Returner[];
  /** Every row that sysadm would bring is wanted. */
  readonly wholeRecord: boolean;
  /** Those of before, once they count again. */
  readonly targets: readonly Target[];
};

export const zonesReturn = stepOf<ReturnArgs, ReturnSeen>({
  name: 'zones.return',
  summary: 'brings the zones of an open host home, and puts their targets back',
  takesLong: true,
  args,
  returns: z.object({ migrated: migratedField, restored_targets: z.array(z.string()) }),
  limitMs: written => {
    const tries = 2 + written.retry.same_destination;
    return 60 * 60_000 + tries * (ms(written.retry.wait) + written.gib * ms(written.timeout_per_gib));
  },
  say: ({ which, zones }) =>
    which === 'recorded'
      ? 'bring the zones home'
      : `bring home ${[...new Set(zones.map(({ zone }) => zone))].join(' ')}`,
  foresee: (_, facts) => ({
    is: 'unknown',
    why: facts === null ? 'nothing is known of the host' : 'which zones come home depends on those that left',
  }),
  check,
  undo: (_, seen) => {
    const coming = seen.zones.filter(({ at }) => at !== seen.home);
    if (coming.length === 0) return NOTHING_TO_UNDO;
    const names = coming.map(({ zone }) => zone).join(', ');
    return { is: 'barrier', why: `${names} come home: from here the way is forward` };
  },
  apply: bringAllHome,
  result(_, before, after) {
    const wasAway = (zone: string) => before.zones.some(one => one.zone === zone && one.at !== before.home);
    const back = after.zones.filter(one => one.at === after.home && (one.journaled || wasAway(one.zone)));
    const allHome = after.zones.every(({ at }) => at === after.home);
    return {
      migrated: back.map(({ zone, from, was }) => ({ zone, from, to: after.home, was })),
      restored_targets: allHome ? after.targets.map(({ zone }) => zone) : [],
    };
  },
});

async function check(written: ReturnArgs, looker: Looker): Promise<Found<ReturnSeen>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const { maintenance, record } = closure.value;
  if (record.is === 'unknown') return cannotTell(looker, `which zones are away: ${record.why}`);
  if (record.is === 'in-progress') return cannotTell(looker, 'sysadm is moving zones');
  const wanted = wantedOf(written, looker, record);
  if (wanted.problems.length > 0) {
    return { is: 'blocked', seen: nothingSeen(looker.host), why: `${looker.host}: ${wanted.problems.join('; ')}` };
  }
  const censuses = await censusesOf(looker, [looker.host, ...wanted.absent.map(({ from }) => from)]);
  if (censuses.is === 'no') return { is: 'no-answer', refusal: censuses.refusal };
  const zones = [...new Set(wanted.absent.map(({ zone }) => zone))];
  await tellPlaces(looker, zones, censuses.value);
  const unclear = zones.flatMap(zone => {
    const place = placeOf(zone, censuses.value);
    return place.is === 'at' ? [] : [place.text];
  });
  if (unclear.length > 0) return cannotTell(looker, unclear.join('; '));
  const seen = seenIn(looker.host, wanted, censuses.value);
  const away = seen.zones.filter(({ at }) => at !== looker.host);
  if (away.length === 0) return targetsBack(looker, seen);
  const window = windowOf(maintenance, looker.ledger);
  if (window.is === 'unknown') return cannotTell(looker, `whether the host is open: ${window.why}`);
  if (window.is !== 'open') {
    const why = window.is === 'theirs' ? window.why : 'the host is closed; no zone can come in before maintenance.end';
    return { is: 'blocked', seen, why: `${looker.host}: ${why}` };
  }
  const errors = errorsIn(record);
  const text = away.map(({ zone, at, was }) => `${zone} is on ${at}, ${was}${saidOf(zone, errors)}`).join('; ');
  return { is: 'todo', seen, text };
}

interface Wanted {
  /** Where each may be; a zone may stand here more than once. */
  readonly absent: readonly {
    zone: string;
    from: HostName;
    was: string | null;
    recorded: boolean;
    journaled: boolean;
  }[];
  readonly wholeRecord: boolean;
  readonly problems: readonly string[];
}

function wantedOf(written: ReturnArgs, looker: Looker, record: EvacuationRecord): Wanted {
  const { abroad, problems } = abroadOf(looker, record);
  const journaled = (zone: string) => looker.ledger.away.some(one => one.zone === zone && one.home === looker.host);
  const known = abroad.map(({ zone, at, was, recorded }) => ({
    zone,
    from: at,
    was: journaled(zone) ? was : null,
    recorded,
    journaled: journaled(zone),
  }));
  const rows = record.is === 'rows' ? record.rows.filter(({ state }) => state === 'EVACUATED') : [];
  if (written.which === 'recorded') return { absent: known, wholeRecord: rows.length > 0, problems };
  const names = written.zones.map(({ zone }) => zone);
  const named = written.zones.map(({ zone, at }) => ({
    zone,
    from: hostName(at),
    was: null,
    recorded: rows.some(row => row.zone === zone),
    journaled: journaled(zone),
  }));
  const wholeRecord = rows.length > 0 && rows.every(row => names.includes(row.zone));
  return { absent: [...known.filter(({ zone }) => names.includes(zone)), ...named], wholeRecord, problems: [] };
}

function seenIn(home: HostName, wanted: Wanted, censuses: Censuses): ReturnSeen {
  const zones = [...new Set(wanted.absent.map(({ zone }) => zone))].flatMap((zone): Returner[] => {
    const place = placeOf(zone, censuses);
    const known = wanted.absent.find(one => one.zone === zone);
    if (place.is !== 'at' || known === undefined) return [];
    const { recorded, journaled } = known;
    const from = place.host === home ? known.from : place.host;
    return [{ zone, at: place.host, from, was: known.was ?? place.state, recorded, journaled }];
  });
  return { home, zones, wholeRecord: wanted.wholeRecord, targets: [] };
}

const nothingSeen = (home: HostName): ReturnSeen => ({ home, zones: [], wholeRecord: false, targets: [] });

/** Every zone is home: what is left to do is to put back the targets that stood here before. */
async function targetsBack(looker: Looker, seen: ReturnSeen): Promise<Found<ReturnSeen>> {
  const former = looker.ledger.formerTargets.filter(({ host }) => host === looker.host);
  if (former.length === 0) return { is: 'done', seen, text: 'every zone is home' };
  const targets = former.map(({ zone, target }) => ({ zone, target }));
  const facts = await factsOf(looker);
  if (facts.is === 'no') return { is: 'no-answer', refusal: facts.refusal };
  const compared = compareTargets(facts.value, ({ name }) => targets.find(({ zone }) => zone === name)?.target);
  if (compared.is === 'unknown') return cannotTell(looker, compared.why);
  if (compared.differing.length === 0) return { is: 'done', seen: { ...seen, targets }, text: 'every zone is home' };
  return { is: 'todo', seen, text: 'targets are not yet as they were' };
}

function cannotTell(looker: Looker, why: string): Found<ReturnSeen> {
  return { is: 'no-answer', refusal: doubt(`${looker.host}: zones.return`, why) };
}
