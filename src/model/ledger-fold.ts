// The ledger after a run: what its results say of zones that moved, stayed or started, and of targets that were
// changed. What was put back counts as never done. Pure.
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import { type ActionId, type HostName, hostName, type RunId, type ZoneName, zoneName } from './ids.ts';
import type { Away, Ledger } from './ledger.ts';
import { type LedgerMarks, noMarks } from './ledger-marks.ts';
import type { Ending, RunState } from './state.ts';

export type Entries = Pick<Ledger, 'away' | 'perhaps' | 'stayed' | 'stays' | 'formerTargets' | 'unread'>;

export const noEntries: Entries = { away: [], perhaps: [], stayed: [], stays: [], formerTargets: [], unread: [] };

export function entriesAfter(before: Entries, state: RunState): Entries {
  return entriesSince(before)(state);
}

/**
 * The same for a run that goes on, asked with ever later states of it: each end is entered once. What it remembers
 * between calls only saves work.
 */
export function entriesSince(before: Entries): (state: RunState) => Entries {
  let at: LedgerMarks = noMarks;
  let [done, now] = [before, before];
  return state => {
    const { run, ledgerMarks: marks } = state;
    if (run === null || marks === at) return now;
    const goesOn = at.told.every((id, index) => marks.told[index] === id);
    const known = goesOn ? at.told.length : 0;
    const news = marks.told.slice(known).flatMap(id => spoken(state, id));
    done = news.reduce((entries, one) => entered(entries, one, run), goesOn ? done : before);
    const perhaps = [...done.perhaps, ...marks.open.flatMap(id => sending(state, id))];
    const back = marks.takenBack.flatMap(id => spoken(state, id)).toSorted((a, b) => b.ended.seq - a.ended.seq);
    now = back.reduce(takenBack, { ...done, perhaps });
    at = marks;
    return now;
  };
}

/** An end that says something to the ledger. */
interface Spoken {
  readonly host: HostName;
  /** It brings zones to their home, where others may bring a guest. */
  readonly bringsHome: boolean;
  readonly ended: Ending;
}

function spoken({ actions }: RunState, id: ActionId): readonly Spoken[] {
  const state = actions.get(id);
  return state?.ended
    ? [{ host: state.action.on, bringsHome: state.action.step === 'zones.return', ended: state.ended }]
    : [];
}

/** What it did with zones can't be told: that was hidden, and the key to it is gone. */
export function isSealed({ actions }: RunState): boolean {
  const sealed = (json: JsonObject | undefined): boolean => typeof json?.['sealed'] === 'string';
  return actions
    .values()
    .some(({ action, ended }) => /^zones?[.]/.test(action.step) && (sealed(action.args) || sealed(ended?.result)));
}

/** What an evacuation was told to do: nobody knows how far it came. */
function sending({ actions, run }: RunState, id: ActionId): readonly Away[] {
  const action = actions.get(id)?.action;
  if (action === undefined || run === null) return [];
  const others = rows(action.args.alternatives).flatMap(row => texts(row.to).map(to => ({ zone: row.zone ?? '', to })));
  return [...rows(action.args.moves), ...others].map(row => ({
    ...{ zone: zoneOf(row), home: action.on, at: hostName(text(row.to)), was: 'running', run },
  }));
}

function entered(entries: Entries, { host, bringsHome, ended: { result } }: Spoken, run: RunId): Entries {
  const started = texts(result.started);
  const restored = texts(result.restored_targets);
  const stayed = rows(result.stayed).map(row => ({ zone: zoneOf(row), host, was: text(row.was), run }));
  const left = rows(result.migrated).map(row => ({ zone: zoneOf(row), host: hostName(text(row.from)) }));
  const stays = rows(result.stays).map(row => ({ zone: zoneOf(row), host, at: hostName(text(row.at)), run }));
  const isForGood = (one: Placed): boolean => stays.some(gone => sameZone(gone, one));
  const home = bringsHome ? host : null;
  // What another host sends here is its guest; what leaves again was at home again, whoever brought it.
  const wasGuest = (one: Placed): boolean => entries.away.some(({ zone, at }) => sameZone({ zone, host: at }, one));
  const isOver = (one: Placed): boolean =>
    left.some(gone => sameZone(gone, one) && !wasGuest(gone)) || cameTo(result, home, one);
  const former = rows(result.former_targets)
    .map(row => ({ zone: zoneOf(row), host, target: typeof row.target === 'string' ? row.target : null }))
    .filter(one => !entries.formerTargets.some(old => sameZone(old, one)));
  return {
    away: rows(result.migrated)
      .reduce((away, row) => moved(away, { row, home, run }), entries.away)
      .filter(({ zone, home }) => !isForGood({ zone, host: home })),
    perhaps: entries.perhaps.filter(one => !rows(result.migrated).some(row => speaksOf(row, one))),
    stayed: [...entries.stayed.filter(old => !stayed.some(one => sameZone(old, one))), ...stayed].filter(
      one => !(one.host === host && started.includes(one.zone)) && !left.some(gone => sameZone(gone, one)),
    ),
    stays: [...entries.stays.filter(old => !isForGood(old) && !isOver(old)), ...stays],
    formerTargets: [...entries.formerTargets, ...former].filter(
      one => !(one.host === host && restored.includes(one.zone)) && !isForGood(one),
    ),
    unread: entries.unread,
  };
}

const cameTo = ({ migrated }: JsonObject, home: HostName | null, one: Placed): boolean =>
  one.host === home && rows(migrated).some(row => text(row.to) === home && zoneOf(row) === one.zone);

interface Moved {
  readonly row: JsonObject;
  /** Zones that come there are at home there; null: they may be guests. */
  readonly home: HostName | null;
  readonly run: RunId;
}

/** A zone that comes to its home isn't away any more; one that moves on is away from the same home. */
function moved(away: readonly Away[], { row, home: theirs, run }: Moved): readonly Away[] {
  const zone = zoneOf(row);
  const from = hostName(text(row.from));
  const to = hostName(text(row.to));
  const own = away.filter(one => one.zone === zone);
  // People move zones too: one that comes to its home is home, wherever it came from.
  const before = own.find(one => one.at === from) ?? own.find(one => one.home === to);
  const home = before?.home ?? (to === theirs ? theirs : from);
  const others = away.filter(one => one.zone !== zone || one.home !== home);
  if (home === to) return others;
  return [...others, before ? { ...before, at: to } : { zone, home, at: to, was: text(row.was), run }];
}

function takenBack(entries: Entries, { host, ended: { result } }: Spoken): Entries {
  const back = rows(result.migrated).map(row => ({ ...row, from: text(row.to), to: text(row.from) }));
  const stayed = rows(result.stayed).map(zoneOf);
  const forGood = rows(result.stays).map(zoneOf);
  const former = rows(result.former_targets).map(zoneOf);
  const run = entries.away[0]?.run;
  return {
    perhaps: entries.perhaps,
    away:
      run === undefined
        ? entries.away
        : back.reduce((away, row) => moved(away, { row, home: host, run }), entries.away),
    stayed: entries.stayed.filter(one => !(one.host === host && stayed.includes(one.zone))),
    stays: entries.stays.filter(
      one => !(one.host === host && forGood.includes(one.zone)) && !cameTo({ migrated: back }, host, one),
    ),
    formerTargets: entries.formerTargets.filter(one => !(one.host === host && former.includes(one.zone))),
    unread: entries.unread,
  };
}

const speaksOf = (row: JsonObject, { zone, home }: Away): boolean =>
  zoneOf(row) === zone && (text(row.from) === home || text(row.to) === home);

interface Placed {
  readonly zone: ZoneName;
  readonly host: HostName;
}

const sameZone = (a: Placed, b: Placed): boolean => a.zone === b.zone && a.host === b.host;
const rows = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);
const texts = (value: Json | undefined): readonly string[] => (isArray(value) ? value.map(text) : []);
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const zoneOf = (row: JsonObject): ZoneName => zoneName(text(row.zone));
