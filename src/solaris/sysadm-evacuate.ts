// `sysadm evacuate`: sending zones away, bringing them home, and the host's own record of it. Whether an evacuation
// worked is not decided by its status or its words: the record and the zones themselves say.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { EvacuationRecord, EvacuationRow } from '../model/facts.ts';
import { change, done, everyLine, linesOf, privilegedLook, saidBy, wordsOf } from './reading.ts';
import { unescaped } from './sysadm-maintain.ts';

const SYSADM = '/usr/sbin/sysadm';

export interface Evacuation {
  /** Also zones that aren't running, by cold migration. */
  readonly all: boolean;
  /** Puts the source's configurations over the destination's. */
  readonly overwrite: boolean;
}

/** Sends away every zone that has a target. May be repeated: it takes up what failed. */
export function evacuate({ all, overwrite }: Evacuation): Command<string> {
  return change([SYSADM, 'evacuate', ...(all ? ['-a'] : []), ...(overwrite ? ['-w'] : []), '-v'], done);
}

/** Tries each migration. Not a mere look: running zones are booted as receivers on their destinations meanwhile. */
export function evacuateTrial({ all }: { readonly all: boolean }): Command<string> {
  return change([SYSADM, 'evacuate', ...(all ? ['-a'] : []), '-n', '-v'], done);
}

/** Brings home what went away. Refused by the host while it is in maintenance. */
export function bringHome({ all }: { readonly all: boolean }): Command<string> {
  return change([SYSADM, 'evacuate', '-r', ...(all ? ['-a'] : []), '-v'], done);
}

export type RecordParts = 'list' | 'states' | 'destinations' | 'errors';

/** The questions that together give the record: values that may hold a colon are asked alone. */
export const RECORD_ARGV: Readonly<Record<RecordParts, readonly string[]>> = {
  list: [SYSADM, 'evacuate', '-l'],
  states: [SYSADM, 'evacuate', '-l', '-p', '-o', 'ZONENAME,STATE'],
  destinations: [SYSADM, 'evacuate', '-l', '-p', '-o', 'DEST'],
  errors: [SYSADM, 'evacuate', '-l', '-p', '-o', 'ERROR'],
};

/** The record as far as one question gives it. For the whole, ask with `sysadm.state()`. */
export function list(): Command<EvacuationRecord> {
  return privilegedLook(RECORD_ARGV.list, ended => ok(readList(ended)));
}

// sysadm: no active evacuation
// sysadm: evacuation in progress
// ZONENAME         STATE     DEST                                     ERROR
// kzone1           EVACUATED ssh://global2                            -
export function readList(ended: Finished): EvacuationRecord {
  if (ended.is === 'signalled') return { is: 'unknown', why: `killed by ${ended.name}` };
  const words = wordsOf(ended).filter(line => line.trim() !== '');
  // Both literal answers are taken from either stream, and only when nothing else was said.
  const [only] = words.length === 1 ? words : [];
  if (only === 'sysadm: no active evacuation') return { is: 'none' };
  if (only === 'sysadm: evacuation in progress') return { is: 'in-progress' };
  const [header, ...body] = words;
  if (header === undefined) return { is: 'unknown', why: 'no answer at all' };
  if (!/^ZONENAME\s+STATE\b/.test(header)) return { is: 'unknown', why: saidBy(ended) };
  const rows = everyLine(body, readHumanRow);
  if (rows.is === 'ok' && rows.value.length > 0) return { is: 'rows', rows: rows.value };
  return { is: 'unknown', why: rows.is === 'unreadable' ? `cannot read "${rows.line}"` : 'a table without rows' };
}

function readHumanRow(line: string): Reading<EvacuationRow> {
  const [, zone, word, destination = '', error = ''] =
    /^(\S+)\s+(\S+)(?:\s+(\S+)(?:\s+(\S.*?))?)?\s*$/.exec(line) ?? [];
  const state = stateOf(word);
  if (!zone || state === null) return unreadable(line, 'not a zone and a known state');
  return ok({ zone, state, destination: nothingIfDash(destination), error: nothingIfDash(error) });
}

// evac1:EVACUATED, or the same with blanks between: neither value can hold a colon or a blank.
function readStateRow(line: string): Reading<Pick<EvacuationRow, 'zone' | 'state'>> {
  const [, zone, word] = /^([^:\s]+)[:\s]+([^:\s]+)\s*$/.exec(line) ?? [];
  const state = stateOf(word);
  return zone && state !== null ? ok({ zone, state }) : unreadable(line, 'not a zone and a known state');
}

function stateOf(word: string | undefined): EvacuationRow['state'] | null {
  return word === 'EVACUATED' || word === 'SKIPPED' || word === 'FAILED' ? word : null;
}

function nothingIfDash(text: string): string {
  return text === '-' ? '' : text;
}

/**
 * One record from its four answers. The form for programs is believed; where it can't be read the table for people is
 * taken. When the two name different zones the record moved under us: unknown.
 */
export function readRecord(answers: Readonly<Record<RecordParts, Finished>>): EvacuationRecord {
  const told = readList(answers.list);
  const exact = exactRows(answers);
  if (told.is === 'none' && exact !== null)
    return { is: 'unknown', why: 'no record, and a moment later there was one' };
  if (told.is === 'none' || told.is === 'in-progress') return told;
  if (exact === null) return told;
  if (told.is === 'rows' && namesOf(told.rows) !== namesOf(exact))
    return { is: 'unknown', why: 'two listings in a row name different zones' };
  // A table that wasn't understood proves nothing against exact rows: they hold known states only.
  return { is: 'rows', rows: exact };
}

function exactRows(answers: Readonly<Record<RecordParts, Finished>>): readonly EvacuationRow[] | null {
  const { states, destinations, errors } = answers;
  if (states.is !== 'exited' || states.code !== 0) return null;
  const named = everyLine(linesOf(states.out), readStateRow);
  if (named.is !== 'ok' || named.value.length === 0) return null;
  const to = column(destinations, named.value.length);
  if (to === null) return null;
  const why = column(errors, named.value.length);
  return named.value.map((row, i) => ({ ...row, destination: to[i] ?? '', error: why?.[i] ?? '' }));
}

function column(ended: Finished, length: number): readonly string[] | null {
  const lines = linesOf(ended.out);
  if (ended.is !== 'exited' || ended.code !== 0 || lines.length !== length) return null;
  return lines.map(line => nothingIfDash(unescaped(line.trim())));
}

function namesOf(rows: readonly EvacuationRow[]): string {
  return rows
    .map(row => `${row.zone} ${row.state}`)
    .sort()
    .join('\n');
}

/** A line of `-v`. For display only: nothing is decided by it. */
export type Progress =
  | { readonly is: 'counted'; readonly doing: 'preparing' | 'evacuating' | 'returning'; readonly zones: number }
  | { readonly is: 'zone'; readonly zone: string; readonly doing: 'initializing' | 'migrating'; readonly to: string }
  | { readonly is: 'settled'; readonly zone: string; readonly how: string }
  | { readonly is: 'told'; readonly text: string };

const COUNTED = /^(preparing|evacuating|returning) (\d+) zone\(s\)/;
const ZONE = /^(?:(initializing) (?:migration|return) of|(migrating)) (\S+)(?: to (\S+))?(?: \.\.\.)?\s*$/;
const SETTLED = /^([^\s:]+): +(\S.*)$/;

// sysadm: preparing 5 zone(s) for evacuation ...
// sysadm: initializing migration of evac1 to bjork ...
// sysadm: migrating evac1 to bjork ...
// sysadm: evac1: evacuated to ssh://root@bjork
export function progress(line: string): Progress | null {
  const text = /^sysadm: (.*)$/.exec(line)?.[1];
  if (text === undefined) return null;
  const counted = COUNTED.exec(text);
  const doing = counted?.[1];
  if (doing === 'preparing' || doing === 'evacuating' || doing === 'returning')
    return { is: 'counted', doing, zones: Number(counted?.[2]) };
  const moving = ZONE.exec(text);
  if (moving?.[3])
    return { is: 'zone', zone: moving[3], doing: moving[1] ? 'initializing' : 'migrating', to: moving[4] ?? '' };
  const settled = SETTLED.exec(text);
  return settled?.[1] && settled[2]
    ? { is: 'settled', zone: settled[1], how: settled[2] }
    : { is: 'told', text: text.trim() };
}
