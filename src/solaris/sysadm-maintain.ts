// `sysadm maintain`: closing a host for zones, and opening it again. The reading has three values, because silence is
// no proof of an open host: with RAD down sysadm prints an error and no window. Whose window it is, is not judged here.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { EvacuationRecord, Known, Maintenance } from '../model/facts.ts';
import { change, done, linesOf, privilegedLook, wordsOf } from './reading.ts';

const SYSADM = '/usr/sbin/sysadm';

/**
 * Closes the host. Destroys any evacuation record that the host still keeps: never to be sent between evacuation and
 * return. A newline in the message would break every later reading of it, so it is refused here.
 */
export function start(message: string): Command<string> {
  if (/[\n\r\0]/.test(message)) throw new Error('a maintenance message is one line');
  return change([SYSADM, 'maintain', '-s', '-m', message], done);
}

export function end(): Command<string> {
  return change([SYSADM, 'maintain', '-e'], done);
}

/** What the host says of its window, before anyone has proved that sysadm is alive. */
export type Window =
  | { readonly is: 'closed'; readonly user: string; readonly date: string; readonly message: string }
  | { readonly is: 'nothing said' };

/** Alone it can only prove a closed host: for `open`, ask with `sysadm.state()`. */
export function list(): Command<Window> {
  return privilegedLook([SYSADM, 'maintain', '-l'], readWindow);
}

// TYPE   USER     DATE               MESSAGE
// admin  root     2018-02-02 01:10   updating to new build
export function readWindow(ended: Finished): Reading<Window> {
  if (ended.is === 'signalled') return unreadable('', `killed by ${ended.name}`);
  const words = wordsOf(ended).filter(line => line.trim() !== '');
  const row = words.find(line => /^admin(\s|$)/.test(line));
  if (row !== undefined) return ok(closed(row));
  const odd = words.find(line => !/^TYPE\s+USER\s/.test(line) && !line.startsWith('sysadm: '));
  return odd === undefined ? ok({ is: 'nothing said' }) : unreadable(odd, 'neither a maintenance window nor a message');
}

function closed(row: string): Window {
  const found = /^admin\s+(\S+)\s+(\d{4}-\d\d-\d\d \d\d:\d\d)\s*(.*)$/.exec(row);
  // A row of another shape is still a window: whatever else it is, the host isn't open.
  if (!found?.[1] || !found[2]) return { is: 'closed', user: '', date: '', message: row.slice('admin'.length).trim() };
  return { is: 'closed', user: found[1], date: found[2], message: found[3] ?? '' };
}

/** The message alone, in the form for programs: the one way to get it whole. */
export function message(): Command<string> {
  return privilegedLook([SYSADM, 'maintain', '-l', '-p', '-o', 'MESSAGE'], readMessage);
}

export function readMessage(ended: Finished): Reading<string> {
  const [line, ...more] = linesOf(ended.out);
  if (ended.is !== 'exited' || ended.code !== 0) return unreadable(line ?? '', 'no message');
  return line === undefined || more.length > 0 ? unreadable(line ?? '', 'not exactly one line') : ok(unescaped(line));
}

/** `-p` may write `\:` for a colon and `\\` for a backslash; a single field may come plain. Both are taken. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\([:\\])/g, '$1');
}

/**
 * Whether the host is closed. Law: `open` needs the proof, from the same exec, that sysadm can be asked at all: RAD is
 * online and the evacuation record was answered in words that are known.
 */
export function judge(
  window: Reading<Window>,
  whole: Reading<string>,
  proof: { readonly rad: Known<string>; readonly record: EvacuationRecord },
): Maintenance {
  if (window.is !== 'ok')
    return { is: 'unknown', why: window.is === 'refused' ? window.why : `${window.why}: ${window.line}` };
  if (window.value.is === 'closed') return whole.is === 'ok' ? { ...window.value, message: whole.value } : window.value;
  const { rad, record } = proof;
  if (rad.is === 'unknown')
    return { is: 'unknown', why: `nothing said of maintenance, and RAD can't be asked: ${rad.why}` };
  if (rad.value !== 'online') return { is: 'unknown', why: `nothing said of maintenance, but RAD is ${rad.value}` };
  if (record.is === 'unknown')
    return { is: 'unknown', why: `nothing said of maintenance, and of evacuation neither: ${record.why}` };
  return { is: 'open' };
}
