// Whether a host is closed and what record it keeps, asked in one exec together with the proof that sysadm can be
// asked at all. Everything that is about to change either asks this first.
import { type Command, type Finished, ok, type Reading, refused, unreadable } from '../model/command.ts';
import type { EvacuationRecord, Known, Maintenance, UnreadableLine } from '../model/facts.ts';
import { known, unknown } from '../model/facts.ts';
import { never } from '../text/never.ts';
import { markFor, type Part, partsOf, scriptOf } from './parts.ts';
import { privilegedLook, saidBy, wordsOf } from './reading.ts';
import * as smf from './smf.ts';
import * as evacuate from './sysadm-evacuate.ts';
import * as maintain from './sysadm-maintain.ts';

export interface SysadmState {
  readonly maintenance: Maintenance;
  readonly record: EvacuationRecord;
  /** State of RAD here, e.g. `online`. */
  readonly rad: Known<string>;
}

const MARK = markFor('sysadm');

export const PARTS: readonly Part[] = [
  { name: 'rad', argv: smf.state(smf.RAD_LOCAL).argv },
  { name: 'window', argv: maintain.list().argv },
  { name: 'message', argv: maintain.message().argv },
  { name: 'record list', argv: evacuate.RECORD_ARGV.list },
  { name: 'record states', argv: evacuate.RECORD_ARGV.states },
  { name: 'record destinations', argv: evacuate.RECORD_ARGV.destinations },
  { name: 'record errors', argv: evacuate.RECORD_ARGV.errors },
];

/** Three-valued on both counts: `unknown` must never be followed by a change. */
export function state(): Command<SysadmState> {
  return privilegedLook(['/bin/sh', '-c', scriptOf(MARK, PARTS)], ended => {
    const parts = partsOf(MARK, ended);
    if (parts.size === 0)
      return ended.is === 'exited' && ended.code !== 0 ? refused(saidBy(ended)) : unreadable('', 'no answer');
    return ok(readState(parts));
  });
}

export function readState(parts: ReadonlyMap<string, Finished>): SysadmState {
  const rad = asKnown(readPart(parts, 'rad', smf.readState));
  const record = readRecord(parts);
  const window = readPart(parts, 'window', maintain.readWindow);
  const message = readPart(parts, 'message', maintain.readMessage);
  return { maintenance: maintain.judge(window, message, { rad, record }), record, rad };
}

function readRecord(parts: ReadonlyMap<string, Finished>): EvacuationRecord {
  const list = parts.get('record list');
  const states = parts.get('record states');
  const destinations = parts.get('record destinations');
  const errors = parts.get('record errors');
  if (!list || !states || !destinations || !errors) return { is: 'unknown', why: 'not answered' };
  return evacuate.readRecord({ list, states, destinations, errors });
}

/** Lines of these parts that weren't understood, for the operator. */
export function unreadableLines(parts: ReadonlyMap<string, Finished>): readonly UnreadableLine[] {
  const rad = readPart(parts, 'rad', smf.readState);
  const window = readPart(parts, 'window', maintain.readWindow);
  const record = readRecord(parts);
  const lines = [
    ...(rad.is === 'unreadable' ? [{ part: 'rad', line: rad.line, why: rad.why }] : []),
    ...(window.is === 'unreadable' ? [{ part: 'window', line: window.line, why: window.why }] : []),
  ];
  const list = parts.get('record list');
  if (record.is !== 'unknown' || list === undefined) return lines;
  return [...lines, { part: 'record', line: wordsOf(list)[0] ?? '', why: record.why }];
}

export function readPart<T>(
  parts: ReadonlyMap<string, Finished>,
  name: string,
  read: (ended: Finished) => Reading<T>,
): Reading<T> {
  const ended = parts.get(name);
  return ended ? read(ended) : refused('not answered');
}

/** A reading as a fact: what can't be read is unknown, with the reason. */
export function asKnown<T>(reading: Reading<T>): Known<T> {
  switch (reading.is) {
    case 'ok':
      return known(reading.value);
    case 'refused':
      return unknown(reading.why);
    case 'unreadable':
      return unknown(reading.line === '' ? reading.why : `${reading.why}: ${reading.line.trim()}`);
    default:
      return never(reading);
  }
}
