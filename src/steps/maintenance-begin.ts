// maintenance.begin: closes a host. Starting maintenance makes sysadm forget which zones are where, so it never starts
// while any row of an old record is unaccounted for, while the host holds another host's zone, or while anything is
// unknown. It doesn't move zones.
import * as z from 'zod';
import type { EvacuationRow } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import { signed } from '../model/signature.ts';
import type { Looker } from '../model/step.ts';
import * as maintain from '../solaris/sysadm-maintain.ts';
import { destinationOf, guestsOn, isForGood, unreadAbout } from './abroad.ts';
import { censusesOf, censusOf } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt, refusedWith } from './doubt.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { windowOf } from './window.ts';
import { type Census, type Censuses, isShell, placeOf } from './zone-places.ts';

const args = () =>
  z.strictObject({
    message: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\n\r:\\]*$/, 'one line without colon or backslash: sysadm prints it between separators')
      .describe('why the host is closed, as every admin will read it; ` run ID` is added'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = {
  readonly message: string;
  /** Another run's window that this one goes on with. */
  readonly taken_over: string | null;
  /** The rows of an old record, which starting again wipes: kept here. */
  readonly rows: readonly { readonly zone: string; readonly state: string; readonly destination: string }[];
};

const NOTHING_SEEN: Seen = { message: '', taken_over: null, rows: [] };

export const maintenanceBegin = stepOf<Args, Seen>({
  name: 'maintenance.begin',
  summary: 'closes a host: no zone boots, attaches or comes in until maintenance.end',
  args,
  returns: () =>
    z.object({
      closed_with: z.string().describe('the message as sysadm keeps it'),
      taken_over: z.string().nullable().describe('the run whose window was open already, or null'),
      rows: z.array(z.object({ zone: z.string(), state: z.string(), destination: z.string() })),
    }),
  bareArgument: 'message',
  limitMs: () => 5 * 60_000,
  say: ({ message }) => `close the host: ${message}`,
  foresee({ message }, facts) {
    if (facts === null) return { is: 'unknown', why: 'nothing is known of the host' };
    const { maintenance } = facts;
    if (maintenance.is === 'unknown') return { is: 'unknown', why: maintenance.why };
    if (maintenance.is === 'closed') {
      return { is: 'unknown', why: `the host is closed already (${maintenance.message}): its journal tells by whom` };
    }
    const closed = { is: 'closed', user: '', date: '', message } as const;
    return {
      is: 'change',
      text: `closed: ${message}`,
      facts: { ...facts, maintenance: closed, record: { is: 'none' } },
      result: { closed_with: message, taken_over: null, rows: [] },
    };
  },
  check: (_, looker) => check(looker),
  undo: () => undoSteps(['maintenance.end', { stale_index: 'refuse', windows: 'own' }]),
  async apply({ message }, _, doer) {
    const answer = await doer.do(maintain.start(signed(message, doer.run)));
    return answer.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(answer.refusal);
  },
  result: (_, before, after) => ({ closed_with: after.message, taken_over: after.taken_over, rows: before.rows }),
});

async function check(looker: Looker): Promise<Found<Seen>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const { maintenance, record } = closure.value;
  const window = windowOf(maintenance, looker.ledger);
  if (window.is === 'unknown') return cannotTell(looker, `whether the host is closed: ${window.why}`);
  if (window.is === 'theirs') return { is: 'blocked', seen: NOTHING_SEEN, why: `${looker.host}: ${window.why}` };
  if (window.is === 'ours') {
    const takenOver = window.takenOver ? window.run : null;
    const text = window.takenOver ? `closed already by run ${window.run}, taken over` : 'closed by this run';
    return { is: 'done', seen: { message: window.message, taken_over: takenOver, rows: [] }, text };
  }
  if (record.is === 'unknown') return cannotTell(looker, `whether zones are away: ${record.why}`);
  if (record.is === 'in-progress') {
    return {
      is: 'blocked',
      seen: NOTHING_SEEN,
      why: `${looker.host}: somebody is evacuating it right now; wait for its end`,
    };
  }
  return mayStart(looker, record.is === 'rows' ? record.rows : []);
}

async function mayStart(looker: Looker, rows: readonly EvacuationRow[]): Promise<Found<Seen>> {
  const census = await censusOf(looker);
  if (census.is === 'no') return { is: 'no-answer', refusal: census.refusal };
  const open = rows.filter(row => !isForGood(row, looker));
  const asked = open.filter(row => !isUpHere(row, census.value)).flatMap(row => elsewhere(row, looker));
  const others = await censusesOf(looker, asked);
  if (others.is === 'no') return { is: 'no-answer', refusal: others.refusal };
  const censuses = new Map([...others.value, [looker.host, census.value]]);
  const reasons = [
    ...unreadAbout(looker.ledger, looker.host),
    ...zonesOfOthers(looker, census.value),
    ...open.filter(row => !isHome(row, looker.host, censuses)).map(row => unaccounted(row, looker)),
  ];
  const kept = rows.map(({ zone, state, destination }) => ({ zone, state, destination }));
  const seen = { message: '', taken_over: null, rows: kept };
  if (reasons.length > 0) return { is: 'blocked', seen, why: `${looker.host}: ${reasons.join('; ')}` };
  return { is: 'todo', seen, text: 'the host is open' };
}

/** Zones of other hosts: closing here would send them on, and their own host's return would no longer find them. */
function zonesOfOthers(looker: Looker, census: Census): readonly string[] {
  return guestsOn(looker)
    .filter(away => !isShell(census.get(away.zone)))
    .map(away => `holds ${away.zone} of ${away.home}; bring it home first (zones.return on ${away.home})`);
}

const journaled = ({ zone }: EvacuationRow, { ledger, host }: Looker) =>
  ledger.away.find(away => away.zone === zone && away.home === host);

const isUpHere = ({ zone }: EvacuationRow, here: Census): boolean => {
  const sighting = here.get(zone);
  return sighting !== undefined && ['running', 'ready'].includes(sighting.state);
};

/** Where else the zone of a row may be, by the journals and by sysadm. */
function elsewhere(row: EvacuationRow, looker: Looker): readonly HostName[] {
  const at = journaled(row, looker)?.at;
  const to = row.state === 'EVACUATED' ? destinationOf(row, looker.fleet) : null;
  return [at, to].flatMap(host => (host && host !== looker.host && looker.fleet.includes(host) ? [host] : []));
}

/** A zone that left and shows as `unavailable` or half way is an old copy of one that runs elsewhere. */
function isHome({ zone, state }: EvacuationRow, home: HostName, censuses: Censuses): boolean {
  const place = placeOf(zone, censuses);
  if (place.is !== 'at' || place.host !== home) return false;
  return state !== 'EVACUATED' || ['running', 'ready', 'installed'].includes(place.state);
}

/**
 * Whoever left it away, this run or an earlier one: the row is what brings it home, and starting again wipes it. That a
 * zone is away in a journal says where it is; it doesn't say that it stays there.
 */
function unaccounted(row: EvacuationRow, looker: Looker): string {
  const away = journaled(row, looker);
  const then = 'starting again would make sysadm forget it';
  if (away?.run === looker.run) return `${row.zone} is on ${away.at} since this very run; ${then}`;
  if (away !== undefined)
    return `${row.zone} is on ${away.at} since run ${away.run}; ${then}: bring it home first (zones.return, as in return.yml)`;
  const where = row.destination === '' ? 'nowhere' : row.destination;
  return `sysadm still lists ${row.zone} as ${row.state} to ${where} and no journal knows where it is; ${then}`;
}

function cannotTell(looker: Looker, why: string): Found<Seen> {
  return { is: 'no-answer', refusal: doubt(`${looker.host}: maintenance.begin`, `cannot tell ${why}`) };
}
