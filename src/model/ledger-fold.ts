// The ledger after a run: what its results say of zones that moved, stayed or started, and of targets that were
// changed. What was put back counts as never done. Pure.
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import { type HostName, hostName, type RunId, type ZoneName, zoneName } from './ids.ts';
import { type Away, type Ledger, LEDGER_KEYS } from './ledger.ts';
import type { ActionState, Ending, RunState } from './state.ts';

export type Entries = Pick<Ledger, 'away' | 'perhaps' | 'stayed' | 'formerTargets' | 'unread'>;

export const noEntries: Entries = { away: [], perhaps: [], stayed: [], formerTargets: [], unread: [] };

export function entriesAfter(before: Entries, state: RunState): Entries {
  const { run } = state;
  if (run === null) return before;
  const speaking = [...state.actions.values()].flatMap(spoken).toSorted((a, b) => a.ended.seq - b.ended.seq);
  const done = speaking.reduce((entries, one) => entered(entries, one, run), before);
  const sent = [...state.actions.values()].filter(isWithoutEnd).flatMap(action => sending(action, run));
  const perhaps = [...done.perhaps, ...sent];
  return speaking
    .filter(one => one.undone)
    .toReversed()
    .reduce(takenBack, { ...done, perhaps });
}

/** An end that says something to the ledger. */
interface Spoken {
  readonly host: HostName;
  readonly ended: Ending;
  readonly undone: boolean;
}

function spoken({ is, action, ended }: ActionState): readonly Spoken[] {
  // What --check only foresaw did not happen.
  if (ended === null || ended.outcome === 'would-change') return [];
  const speaks = LEDGER_KEYS.some(key => ended.result[key] !== undefined);
  return speaks ? [{ host: action.on, ended, undone: is === 'undone' }] : [];
}

/** What it did with zones can't be told: that was hidden, and the key to it is gone. */
export function isSealed({ actions }: RunState): boolean {
  const sealed = (json: JsonObject | undefined): boolean => typeof json?.['sealed'] === 'string';
  return [...actions.values()].some(
    ({ action, ended }) => /^zones?[.]/.test(action.step) && (sealed(action.args) || sealed(ended?.result)),
  );
}

function isWithoutEnd({ is, undo, ended }: ActionState): boolean {
  if (is === 'undone') return false;
  if (ended === null || ended.outcome === 'unknown') return true;
  return ended.outcome === 'failed' && undo.is !== 'nothing' && ended.result.migrated === undefined;
}

/** What an evacuation was told to do: nobody knows how far it came. */
function sending({ action }: ActionState, run: RunId): readonly Away[] {
  if (action.step !== 'zones.evacuate' || action.args.dry_run === true) return [];
  const others = rows(action.args.alternatives).flatMap(row => texts(row.to).map(to => ({ zone: row.zone ?? '', to })));
  return [...rows(action.args.moves), ...others].map(row => ({
    ...{ zone: zoneOf(row), home: action.on, at: hostName(text(row.to)), was: 'running', run },
  }));
}

function entered(entries: Entries, { host, ended: { result } }: Spoken, run: RunId): Entries {
  const started = texts(result.started);
  const restored = texts(result.restored_targets);
  const stayed = rows(result.stayed).map(row => ({ zone: zoneOf(row), host, was: text(row.was), run }));
  const left = rows(result.migrated).map(row => ({ zone: zoneOf(row), host: hostName(text(row.from)) }));
  const former = rows(result.former_targets)
    .map(row => ({ zone: zoneOf(row), host, target: typeof row.target === 'string' ? row.target : null }))
    .filter(one => !entries.formerTargets.some(old => sameZone(old, one)));
  return {
    away: rows(result.migrated).reduce((away, row) => moved(away, row, run), entries.away),
    perhaps: entries.perhaps.filter(one => !rows(result.migrated).some(row => speaksOf(row, one))),
    stayed: [...entries.stayed.filter(old => !stayed.some(one => sameZone(old, one))), ...stayed].filter(
      one => !(one.host === host && started.includes(one.zone)) && !left.some(gone => sameZone(gone, one)),
    ),
    formerTargets: [...entries.formerTargets, ...former].filter(
      one => !(one.host === host && restored.includes(one.zone)),
    ),
    unread: entries.unread,
  };
}

/** A zone that comes to its home isn't away any more; one that moves on is away from the same home. */
function moved(away: readonly Away[], row: JsonObject, run: RunId): readonly Away[] {
  const zone = zoneOf(row);
  const from = hostName(text(row.from));
  const to = hostName(text(row.to));
  const own = away.filter(one => one.zone === zone);
  // People move zones too: one that comes to its home is home, wherever it came from.
  const before = own.find(one => one.at === from) ?? own.find(one => one.home === to);
  const home = before?.home ?? from;
  const others = away.filter(one => one.zone !== zone || one.home !== home);
  if (home === to) return others;
  return [...others, before ? { ...before, at: to } : { zone, home, at: to, was: text(row.was), run }];
}

function takenBack(entries: Entries, { host, ended: { result } }: Spoken): Entries {
  const back = rows(result.migrated).map(row => ({ ...row, from: text(row.to), to: text(row.from) }));
  const stayed = rows(result.stayed).map(zoneOf);
  const former = rows(result.former_targets).map(zoneOf);
  const run = entries.away[0]?.run;
  return {
    perhaps: entries.perhaps,
    away: run === undefined ? entries.away : back.reduce((away, row) => moved(away, row, run), entries.away),
    stayed: entries.stayed.filter(one => !(one.host === host && stayed.includes(one.zone))),
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
