// SMF: services and their properties (svcs, svcadm, svcprop, svccfg), and the one property this program is about:
// where a zone is evacuated to. Which value is wanted is not known here.
import { type Command, type Finished, mapReading, ok, type Reading, unreadable } from '../model/command.ts';
import type { EvacuationTarget, Services } from '../model/facts.ts';
import { change, done, linesOf, look, someRows, succeeded } from './reading.ts';

const SVCS = '/usr/bin/svcs';
const SVCPROP = '/usr/bin/svcprop';
const SVCADM = '/usr/sbin/svcadm';
const SVCCFG = '/usr/sbin/svccfg';

export const RAD_LOCAL = 'svc:/system/rad:local';
export const RAD_REMOTE = 'svc:/system/rad:remote';
export const MULTI_USER_SERVER = 'svc:/milestone/multi-user-server:default';
/** The service whose target holds for every zone without its own. */
export const ZONE_SERVICE = 'svc:/system/zones/zone';
export const EVACUATION_TARGET = 'evacuation/target';

export function zoneInstance(zone: string): string {
  return `${ZONE_SERVICE}:${zone}`;
}

const STATES = ['uninitialized', 'offline', 'online', 'degraded', 'maintenance', 'disabled', 'legacy_run'] as const;
export type ServiceState = (typeof STATES)[number];

export interface ServiceRow {
  readonly fmri: string;
  readonly state: ServiceState;
  /** On its way to another state. */
  readonly inTransition: boolean;
}

/** Every enabled service. */
export function list(): Command<readonly ServiceRow[]> {
  return look([SVCS, '-H', '-o', 'state,fmri'], readList);
}

// online          svc:/system/rad:local
// offline*        svc:/milestone/multi-user-server:default
export function readList(ended: Finished): Reading<readonly ServiceRow[]> {
  return someRows(ended, line => {
    const [, word = '', star, fmri] = /^([a-z_]+)(\*?)\s+(\S+)\s*$/.exec(line) ?? [];
    const state = STATES.find(one => one === word);
    if (state === undefined || !fmri) return unreadable(line, 'not a known state and an FMRI');
    return ok({ fmri, state, inTransition: star === '*' });
  });
}

/** One service's state as one word; `online*` while on its way. */
export function readState(ended: Finished): Reading<string> {
  const read = readList(ended);
  if (read.is !== 'ok') return read;
  const [row, ...more] = read.value;
  if (row === undefined || more.length > 0) return unreadable(ended.out, 'not exactly one service');
  return ok(`${row.state}${row.inTransition ? '*' : ''}`);
}

export function state(fmri: string): Command<string> {
  return look([SVCS, '-H', '-o', 'state,fmri', fmri], readState);
}

export function ailing(services: readonly ServiceRow[]): Services {
  const of = (wanted: (row: ServiceRow) => boolean) => services.filter(wanted).map(row => row.fmri);
  return {
    maintenance: of(row => row.state === 'maintenance'),
    degraded: of(row => row.state === 'degraded'),
    offline: of(row => row.state === 'offline'),
    inTransition: of(row => row.inTransition),
  };
}

/** What `svcs -xv` tells of one unhealthy service. */
export interface Explained {
  readonly fmri: string;
  /** The word after `State:`, e.g. maintenance. */
  readonly state: string;
  /** All of it, for a person. */
  readonly text: string;
}

/** Unhealthy services with their reasons; none when all is well. */
export function explain(): Command<readonly Explained[]> {
  return look([SVCS, '-xv'], readExplained);
}

// svc:/network/dns/client:default (DNS resolver)
//  State: online since Sun Dec  1 22:09:02 2019
// Impact: None.
function readExplained(ended: Finished): Reading<readonly Explained[]> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const entries: string[][] = [];
  for (const line of linesOf(ended.out)) {
    if (/^(svc|lrc):\//.test(line)) entries.push([line]);
    else if (entries.length > 0) entries.at(-1)?.push(line);
    else if (line.trim() !== '') return unreadable(line, 'a line before the first service');
  }
  return ok(entries.map(explained));
}

function explained(lines: readonly string[]): Explained {
  const text = lines.join('\n').trimEnd();
  return { fmri: lines[0]?.split(' ')[0] ?? '', state: /^ *State: (\S+)/m.exec(text)?.[1] ?? '', text };
}

/** Takes a service out of maintenance, to try again. */
export function clear(fmri: string): Command<string> {
  return change([SVCADM, 'clear', fmri], done);
}

/** Without it a property that was set has no effect. */
export function refresh(fmri: string): Command<string> {
  return change([SVCADM, 'refresh', fmri], done);
}

export interface Property {
  readonly fmri: string;
  /** `group/name`. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Sets it; `refresh` makes it count. Fails when the property group isn't there yet: then `addGroup` first. */
export function setProperty({ fmri, name, type, value }: Property): Command<string> {
  return change([SVCCFG, '-s', fmri, 'setprop', name, '=', `${type}:`, svccfgWord(value)], done);
}

function deleteProperty(fmri: string, name: string): Command<string> {
  return change([SVCCFG, '-s', fmri, 'delprop', name], done);
}

function addGroup(fmri: string, group: string): Command<string> {
  return change([SVCCFG, '-s', fmri, 'addpg', group, 'application'], done);
}

/** svccfg takes its arguments apart once more, as a shell would. */
function svccfgWord(value: string): string {
  if (/^[A-Za-z0-9_/.,:@%+=-]+$/.test(value)) return value;
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** The value that counts: the instance's own, or its service's, as of the last refresh. */
export function property(fmri: string, name: string): Command<PropertyValue> {
  return look([SVCPROP, '-p', name, fmri], ended => readProperty(name, ended));
}

export type PropertyValue = { readonly is: 'none' } | { readonly is: 'set'; readonly value: string };

// ssh://root@bjork
// svcprop: Couldn't find property group `config/search' for instance `svc:/network/dns/client:default'.
function readProperty(name: string, ended: Finished): Reading<PropertyValue> {
  const missing = linesOf(ended.err).some(
    line => /^svcprop: Couldn't find property(?: group)? `/.test(line) && mentions(line, name),
  );
  if (missing && ended.is === 'exited' && ended.code !== 0 && ended.out === '') return ok({ is: 'none' });
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [line, ...more] = linesOf(ended.out);
  if (line === undefined || more.length > 0) return unreadable(line ?? '', 'not exactly one line');
  return ok({ is: 'set', value: plainValue(line) });
}

/** `evacuation/target`, or its group alone. */
function mentions(line: string, name: string): boolean {
  return line.includes(`\`${name}'`) || line.includes(`\`${name.split('/')[0] ?? name}'`);
}

/** svcprop puts a backslash before what a shell would take for its own, and prints an empty text as two quotes. */
export function plainValue(printed: string): string {
  const text = printed.trimEnd();
  return text === '""' ? '' : text.replaceAll(/\\(.)/g, '$1');
}

/** Where sysadm would send a zone now: its own target or everybody's. */
export function target(zone: string): Command<EvacuationTarget> {
  return look([SVCPROP, '-p', EVACUATION_TARGET, zoneInstance(zone)], readTarget);
}

/** The target that the zone has of its own. */
export function ownTarget(zone: string): Command<EvacuationTarget> {
  return look([SVCPROP, '-C', '-p', EVACUATION_TARGET, zoneInstance(zone)], readTarget);
}

/** The target of every zone without its own. */
export function defaultTarget(): Command<EvacuationTarget> {
  return look([SVCPROP, '-p', EVACUATION_TARGET, ZONE_SERVICE], readTarget);
}

export function readTarget(ended: Finished): Reading<EvacuationTarget> {
  return mapReading(readProperty(EVACUATION_TARGET, ended), read =>
    read.is === 'none' ? { is: 'none' } : { is: 'set', uri: read.value },
  );
}

/** Sets a zone's own target; counts after `refresh(zoneInstance(zone))`. When it fails for want of the group: `addGroup` first. */
export function setTarget(zone: string, uri: string): Command<string> {
  return setProperty({ fmri: zoneInstance(zone), name: EVACUATION_TARGET, type: 'astring', value: uri });
}

export function deleteTarget(zone: string): Command<string> {
  return deleteProperty(zoneInstance(zone), EVACUATION_TARGET);
}

export function addTargetGroup(zone: string): Command<string> {
  return addGroup(zoneInstance(zone), 'evacuation');
}
