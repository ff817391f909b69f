// zones.return: brings zones home: with sysadm's own record where the host still has it, else one by one from where
// they are. From the first zone at home on the way is forward only; it never closes a host. When the last zone is
// home, the evacuation targets of before are put back.
import * as z from 'zod';
import type { EvacuationRecord } from '../model/facts.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { BirthContext, Looker } from '../model/step.ts';
import { abroadOf, isForGood } from './abroad.ts';
import { censusesOf, tellPlaces } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt } from './doubt.ts';
import { duration, hostField, migratedField, ms, staysField, zoneField } from './fields.ts';
import { bringAllHome } from './homecoming.ts';
import { factsOf } from './look.ts';
import { uriFields } from './moves.ts';
import { errorsIn, saidOf } from './settle.ts';
import { type Found, NOTHING_TO_UNDO, stepOf } from './shape.ts';
import { compareTargets, type Target } from './targets.ts';
import { windowOf } from './window.ts';
import { type Censuses, placeOf } from './zone-places.ts';

const args = () =>
  z.strictObject({
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
    return: z
      .enum(['home', 'stay'])
      .default('home')
      .describe(
        'stay: they stay where they are, and their home is there from now on; what the play says, unless said here',
      ),
    staying: z.array(zoneField).default([]).describe('zones that stay whatever `return` says: filled in from the plan'),
    coming: z
      .array(zoneField)
      .default([])
      .describe('zones that come home whatever `return` says: filled in from the plan'),
    ruled: z
      .array(z.strictObject({ zone: zoneField, return: z.enum(['home', 'stay']) }))
      .default([])
      .describe('zones of earlier runs of which the inventory says more than `return` does: filled in from it'),
    leftover: z.enum(['hold']).default('hold').describe('a zone that cannot come home stays where it runs'),
    timeout_per_gib: duration('past it: look and tell, never kill', '60s'),
    gib: z.number().nonnegative().default(0).describe('memory to move, for the time it may take'),
  });
export type ReturnArgs = z.infer<ReturnType<typeof args>>;

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
  /** Zones that stay where they are: nothing brings them home. */
  readonly stays: readonly { readonly zone: string; readonly at: string }[];
};

export const zonesReturn = stepOf<ReturnArgs, ReturnSeen>({
  name: 'zones.return',
  summary: 'brings the zones of an open host home, and puts their targets back',
  takesLong: true,
  args,
  returns: () => z.object({ migrated: migratedField, stays: staysField, restored_targets: z.array(z.string()) }),
  born: (written, context) => ({
    ...written,
    ruled: [...written.ruled, ...ruledIn(context)],
    staying: [...written.staying, ...context.migrations.filter(({ stays }) => stays).map(({ zone }) => zone)],
    coming: [...written.coming, ...context.migrations.filter(({ stays }) => !stays).map(({ zone }) => zone)],
  }),
  limitMs: written => {
    const tries = 2 + written.retry.same_destination;
    return 60 * 60_000 + tries * (ms(written.retry.wait) + written.gib * ms(written.timeout_per_gib));
  },
  say: ({ which, zones, return: way, staying, coming }) =>
    which === 'recorded'
      ? wordsFor(way, staying, coming)
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
      stays: after.stays,
      restored_targets: allHome ? after.targets.map(({ zone }) => zone) : [],
    };
  },
});

function wordsFor(way: 'home' | 'stay', staying: readonly string[], coming: readonly string[]): string {
  const home = coming.length === 0 ? 'bring the zones home' : `bring home ${coming.join(' ')}`;
  if (staying.length === 0) return way === 'stay' && coming.length === 0 ? 'leave the zones where they are' : home;
  const there = `leave ${staying.join(' ')} where they are`;
  return coming.length === 0 ? there : `${home}; ${there}`;
}

/** Of zones that don't leave in this wave: they have been away before it, or are mere configurations here. */
function ruledIn({ facts, migrations, returns }: BirthContext): ReturnArgs['ruled'] {
  const zones = facts?.zones.is === 'known' ? facts.zones.value : [];
  const others = zones.filter(({ name }) => !migrations.some(({ zone }) => zone === name));
  return others.flatMap(({ name, state }) => {
    const said = state === 'configured' ? returns(name) : null;
    return said === null ? [] : [{ zone: name, return: said }];
  });
}

/** What an undo names comes home in any case. */
function staysAway(written: ReturnArgs, zone: string): boolean {
  if (written.which === 'named') return false;
  if (written.staying.includes(zone)) return true;
  if (written.coming.includes(zone)) return false;
  return (written.ruled.find(one => one.zone === zone)?.return ?? written.return) === 'stay';
}

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
  const seen = seenIn(looker.host, wanted, { written, censuses: censuses.value });
  const halves = seen.stays.flatMap(({ zone }) => halfThere(zone, censuses.value));
  if (halves.length > 0) return cannotTell(looker, halves.join('; '));
  const away = seen.zones.filter(({ at }) => at !== looker.host);
  if (away.length === 0 && seen.stays.length === 0) return targetsBack(looker, seen);
  const window = windowOf(maintenance, looker.ledger);
  if (window.is === 'unknown') return cannotTell(looker, `whether the host is open: ${window.why}`);
  if (window.is !== 'open') {
    const why = window.is === 'theirs' ? window.why : closedFor(away.length === 0);
    return { is: 'blocked', seen, why: `${looker.host}: ${why}` };
  }
  if (away.length === 0) return targetsBack(looker, seen);
  const errors = errorsIn(record);
  const text = away.map(({ zone, at, was }) => `${zone} is on ${at}, ${was}${saidOf(zone, errors)}`).join('; ');
  return { is: 'todo', seen, text };
}

/** maintenance.end looks where each zone is that is away: one that is said to stay would be no business of its own. */
const closedFor = (nobodyComes: boolean): string =>
  nobodyComes
    ? 'the host is closed; nothing says that zones stay away before maintenance.end'
    : 'the host is closed; no zone can come in before maintenance.end';

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
  if (written.which === 'recorded') {
    const alone = rows.some(({ zone }) => staysAway(written, zone)) || rows.some(row => isForGood(row, looker));
    return { absent: known, wholeRecord: rows.length > 0 && !alone, problems };
  }
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

interface Asked {
  readonly written: ReturnArgs;
  readonly censuses: Censuses;
}

function seenIn(home: HostName, wanted: Wanted, { written, censuses }: Asked): ReturnSeen {
  const all = [...new Set(wanted.absent.map(({ zone }) => zone))].flatMap((zone): Returner[] => {
    const place = placeOf(zone, censuses);
    const known = wanted.absent.find(one => one.zone === zone);
    if (place.is !== 'at' || known === undefined) return [];
    const { recorded, journaled } = known;
    const from = place.host === home ? known.from : place.host;
    return [{ zone, at: place.host, from, was: known.was ?? place.state, recorded, journaled }];
  });
  const forGood = all.filter(({ zone, at }) => at !== home && staysAway(written, zone));
  const zones = all.filter(one => !forGood.includes(one));
  const stays = forGood.map(({ zone, at }) => ({ zone, at }));
  return { home, zones, wholeRecord: wanted.wholeRecord, targets: [], stays };
}

const nothingSeen = (home: HostName): ReturnSeen => ({ home, zones: [], wholeRecord: false, targets: [], stays: [] });

/** A zone that didn't arrive whole can't be said to stay: its record is what brings it home. */
function halfThere(zone: string, censuses: Censuses): readonly string[] {
  const place = placeOf(zone, censuses);
  if (place.is !== 'at' || (place.state !== 'unavailable' && place.state !== 'incomplete')) return [];
  return [`${zone} is ${place.state} on ${place.host}: nothing says that it stays there`];
}

/** Every zone is home, or stays for good: what is left to do is to put back the targets that stood here before. */
async function targetsBack(looker: Looker, seen: ReturnSeen): Promise<Found<ReturnSeen>> {
  const gone = seen.stays.map(({ zone, at }) => `${zone} stays on ${at}`);
  const text = gone.length === 0 ? 'every zone is home' : gone.join('; ');
  const former = looker.ledger.formerTargets.filter(
    ({ host, zone }) => host === looker.host && !seen.stays.some(one => one.zone === zone),
  );
  if (former.length === 0) return { is: 'done', seen, text };
  const targets = former.map(({ zone, target }) => ({ zone, target }));
  const facts = await factsOf(looker);
  if (facts.is === 'no') return { is: 'no-answer', refusal: facts.refusal };
  const compared = compareTargets(facts.value, ({ name }) => targets.find(({ zone }) => zone === name)?.target);
  if (compared.is === 'unknown') return cannotTell(looker, compared.why);
  if (compared.differing.length === 0) return { is: 'done', seen: { ...seen, targets }, text };
  return { is: 'todo', seen, text: 'targets are not yet as they were' };
}

function cannotTell(looker: Looker, why: string): Found<ReturnSeen> {
  return { is: 'no-answer', refusal: doubt(`${looker.host}: zones.return`, why) };
}
