// The zones of one host that are away, from the two memories there are: our journals and sysadm's own record. Where
// they really are is for a census to say.
import type { EvacuationRecord, EvacuationRow } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Away, Ledger } from '../model/ledger.ts';
import type { Looker } from '../model/step.ts';
import { parseRadUri } from '../solaris/rad-uri.ts';

export interface Abroad {
  readonly zone: string;
  readonly at: HostName;
  /** Its state when it left; a zone that only sysadm's record knows must have been running. */
  readonly was: string;
  /** sysadm's own record lists it: `evacuate -r` will bring it. */
  readonly recorded: boolean;
}

export interface AbroadOf {
  readonly abroad: readonly Abroad[];
  /** Rows whose destination is no host of this run: nobody can look there. */
  readonly problems: readonly string[];
}

export function abroadOf(looker: Looker, record: EvacuationRecord): AbroadOf {
  const rows = record.is === 'rows' ? record.rows.filter(row => row.state === 'EVACUATED') : [];
  const journaled = looker.ledger.away
    .filter(away => away.home === looker.host)
    .map(({ zone, at, was }) => ({ zone, at, was, recorded: rows.some(row => row.zone === zone) }));
  const others = rows.filter(row => !journaled.some(({ zone }) => zone === row.zone) && !isForGood(row, looker));
  const placed = others.map(row => ({ row, at: destinationOf(row, looker.fleet) }));
  return {
    abroad: [
      ...journaled,
      ...placed.flatMap(({ row, at }) => (at === null ? [] : [{ zone: row.zone, at, was: 'running', recorded: true }])),
    ],
    problems: placed
      .filter(({ at }) => at === null)
      .map(({ row }) => `sysadm lists ${row.zone} as evacuated to ${row.destination}, which is no host of this run`),
  };
}

/** The host of the fleet that a target names; names of the inventory may be longer or shorter than the URI's. */
function hostNamed(uri: string, fleet: readonly HostName[]): HostName | null {
  const name = parseRadUri(uri)?.host.toLowerCase();
  if (name === undefined) return null;
  const short = (text: string) => text.toLowerCase().split('.')[0];
  return fleet.find(host => host.toLowerCase() === name) ?? fleet.find(host => short(host) === short(name)) ?? null;
}

/** null: no host of this run, so nobody can look there. */
export const destinationOf = (row: EvacuationRow, fleet: readonly HostName[]) => hostNamed(row.destination, fleet);

/** It went there for good, and our journals say so: the row is accounted for, and nothing brings the zone back. */
export function isForGood(
  row: EvacuationRow,
  { ledger, host, fleet }: Pick<Looker, 'ledger' | 'host' | 'fleet'>,
): boolean {
  const stays = ledger.stays.find(one => one.zone === row.zone && one.host === host);
  if (stays === undefined || row.state !== 'EVACUATED') return false;
  return hostNamed(row.destination, [...fleet, stays.at]) === stays.at;
}

/** A zone that the journals know on another host: a copy of it here is older than its move, whatever its state says. */
export function elsewhereIn(looker: Looker, zone: string): readonly string[] {
  const away = looker.ledger.away.find(one => one.zone === zone && one.at !== looker.host);
  return away === undefined ? [] : [`${zone} is on ${away.at}; its storage is in use there`];
}

/** Why nobody may close this host: a journal that can't be read may hold that zones of it are away, or others' here. */
export function unreadAbout(ledger: Ledger, host: HostName): readonly string[] {
  return ledger.unread
    .filter(({ hosts }) => hosts === null || hosts.includes(host))
    .map(
      ({ run, why, folder }) =>
        `the journal of run ${run} can't be read (${why}), and zones may be away by it: see where they are (zoneferry status), bring home what is away, then move ${folder} aside`,
    );
}

/** Zones of other hosts that are here, or may be: each once. Whether they are is for a census to say. */
export function guestsIn(ledger: Ledger, host: HostName): readonly Away[] {
  const here = [...ledger.away, ...ledger.perhaps].filter(({ at, home }) => at === host && home !== host);
  return here.filter((one, n) => here.findIndex(({ zone, home }) => zone === one.zone && home === one.home) === n);
}

export const guestsOn = (looker: Looker): readonly Away[] => guestsIn(looker.ledger, looker.host);
