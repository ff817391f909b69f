// zoneadm(8): what zones a host has, and what is done to one of them. Where a zone may go is not known here, and no
// command here ever forces anything.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { ZoneState } from '../model/facts.ts';
import { change, count, done, everyLine, linesOf, look, rows, someRows, succeeded, wordsOf } from './reading.ts';

const ZONEADM = '/usr/sbin/zoneadm';

const STATES: Readonly<Record<string, ZoneState>> = {
  configured: 'configured',
  incomplete: 'incomplete',
  unavailable: 'unavailable',
  installed: 'installed',
  ready: 'ready',
  running: 'running',
  shutting_down: 'shutting_down',
  down: 'down',
};

export interface ZoneRow {
  /** Null when the zone isn't running. */
  readonly id: number | null;
  readonly name: string;
  readonly state: ZoneState;
  readonly path: string;
  readonly uuid: string;
  readonly brand: string;
  readonly ipType: string;
}

/** Every zone of the host, the global one too. */
export function list(): Command<readonly ZoneRow[]> {
  return look([ZONEADM, 'list', '-cp'], readList);
}

// 0:global:running:/::solaris:shared:-:none::
// 2:mqlzrun:running:/system/zones/mqlzrun:995317db-0855-41f7-8d10-b973dc33561e:solaris:excl:-:none::
// -:mqlzexcl:configured:/system/zones/mqlzexcl::solaris:excl:-:fixed-configuration::
export function readList(ended: Finished): Reading<readonly ZoneRow[]> {
  return someRows(ended, readRow);
}

/** The state of one zone. */
export function listOne(zone: string): Command<ZoneRow> {
  return look([ZONEADM, '-z', zone, 'list', '-p'], ended => {
    const read = rows(ended, readRow);
    if (read.is !== 'ok') return read;
    const [row, ...more] = read.value;
    if (row === undefined || more.length > 0) return unreadable(ended.out, 'not exactly one zone');
    return row.name === zone ? ok(row) : unreadable(ended.out, `not zone ${zone}`);
  });
}

function readRow(line: string): Reading<ZoneRow> {
  // Seven fields are understood; later ones came and went with the releases.
  const [id, name, word, path, uuid, brand, ipType] = splitFields(line);
  if (ipType === undefined || path === undefined || uuid === undefined) return unreadable(line, 'fewer than 7 fields');
  if (!name || !brand) return unreadable(line, 'a zone without name or brand');
  const state = word === undefined || !Object.hasOwn(STATES, word) ? undefined : STATES[word];
  if (state === undefined) return unreadable(line, 'not a zone state that is known');
  const zoneId = count(id);
  if (zoneId === null && id !== '-') return unreadable(line, 'not a zone id');
  return ok({ id: zoneId, name, state, path, uuid, brand, ipType });
}

/** A colon inside a field is written `\:`; a backslash itself is not escaped. */
export function splitFields(line: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i] ?? '';
    if (char === '\\' && line[i + 1] === ':') {
      field += ':';
      i += 1;
    } else if (char === ':') {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}

export interface AuxiliaryRow {
  readonly zone: string;
  /** Empty when the zone has no auxiliary state. */
  readonly aux: string;
}

/** Auxiliary states (suspended, migrating-in, migrating-out, ...) of every zone that the table names. */
export function auxiliary(): Command<readonly AuxiliaryRow[]> {
  return look([ZONEADM, 'list', '-cs'], readAuxiliary);
}

// NAME             STATUS           AUXILIARY STATE
// global          running
// kzone3          running            debugging
export function readAuxiliary(ended: Finished): Reading<readonly AuxiliaryRow[]> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [header, ...body] = linesOf(ended.out);
  if (header === undefined || !/^NAME\s+STATUS\s+AUX/.test(header))
    return unreadable(header ?? '', 'the table has no header');
  return everyLine(body, line => {
    const [zone, state, aux = '', ...more] = line.trim().split(/\s+/);
    if (!zone || !state || more.length > 0) return unreadable(line, 'not two or three words');
    return ok({ zone, aux: aux === '-' ? '' : aux });
  });
}

export function boot(zone: string): Command<string> {
  return change([ZONEADM, '-z', zone, 'boot'], done);
}

/** Runs the zone's own shutdown. */
export function shutdown(zone: string): Command<string> {
  return change([ZONEADM, '-z', zone, 'shutdown'], done);
}

/** Stops the zone at once. */
export function halt(zone: string): Command<string> {
  return change([ZONEADM, '-z', zone, 'halt'], done);
}

/** `update` brings a zone that shares the kernel to the level of its new host. */
export function attach(zone: string, how: 'as-is' | 'update'): Command<string> {
  return change([ZONEADM, '-z', zone, 'attach', ...(how === 'update' ? ['-u'] : [])], done);
}

export function detach(zone: string): Command<string> {
  return change([ZONEADM, '-z', zone, 'detach'], done);
}

export interface Migrate {
  readonly zone: string;
  /** RAD URI of the destination. */
  readonly to: string;
  /** `live` refuses a zone that isn't running; `auto` takes the way that the zone's state asks for. */
  readonly type: 'auto' | 'live';
  /** Puts the source's configuration over the destination's. */
  readonly overwrite: boolean;
}

export function migrate(migration: Migrate): Command<string> {
  return change(migrateArgv(migration, []), done);
}

/** Tries it. Not a mere look: a live trial boots the zone in `migrating-in` on the destination and takes its memory. */
export function migrateTrial(migration: Migrate): Command<string> {
  return change(migrateArgv(migration, ['-n']), ended => {
    const end = succeeded(ended);
    if (end.is !== 'ok') return end;
    const words = wordsOf(ended);
    if (words.some(line => line.endsWith('Dry-run migration successful.'))) return ok(words.join('\n'));
    return unreadable(words.at(-1) ?? '', 'no word about a successful trial');
  });
}

function migrateArgv({ zone, to, type, overwrite }: Migrate, flags: readonly string[]): readonly string[] {
  return [ZONEADM, '-z', zone, 'migrate', ...flags, ...(overwrite ? ['-w'] : []), '-t', type, to];
}

/** `zoneadm: zone 'kzone1': Starting migration.` For display only: nothing is decided by it. */
export function progress(line: string): { readonly zone: string; readonly text: string } | null {
  const found = /^zoneadm: zone '([^']+)': (.*)$/.exec(line);
  return found?.[1] && found[2] ? { zone: found[1], text: found[2] } : null;
}

/** True for the words with which a host in maintenance refuses to take a zone in. */
export function refusedByMaintenance(text: string): boolean {
  return text.includes('prevented due to system maintenance: see sysadm(8)');
}
