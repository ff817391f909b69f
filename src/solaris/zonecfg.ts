// zonecfg(8), read-only: how a zone is configured. What follows from it (memory, storage, whether it can move) is in
// zone-configuration.ts; nothing here changes a configuration.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import type { ZoneProperty } from '../model/facts.ts';
import { linesOf, privilegedLook, succeeded } from './reading.ts';

const ZONECFG = '/usr/sbin/zonecfg';

/** Every property, also those that have their default. */
export function info(zone: string): Command<readonly ZoneProperty[]> {
  return privilegedLook([ZONECFG, '-z', zone, 'info', '-a'], readInfo);
}

/** Without defaults: for releases that don't know `-a`. */
export function infoShort(zone: string): Command<readonly ZoneProperty[]> {
  return privilegedLook([ZONECFG, '-z', zone, 'info'], readInfo);
}

/** The commands that would configure it again, for people and for comparing. */
export function exportOf(zone: string): Command<string> {
  return privilegedLook([ZONECFG, '-z', zone, 'export'], readExport);
}

// create -b
// set brand=solaris-kz
function readExport(ended: Finished): Reading<string> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [first = ''] = linesOf(ended.out);
  return first.startsWith('create') ? ok(ended.out) : unreadable(first, 'does not begin by creating a zone');
}

const HEADER = /^([a-z][a-z0-9-]*)(?: \d+)?:$/;
const PROPERTY = /^([a-z][a-z0-9-]*): ?(.*)$/;

// zonename: evac1
// tenant:                       (unset: one blank after the colon)
// [max-lwps: 2000]              (derived from something else)
// device:                       (a resource; its properties follow after a tab)
// 	storage: iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017
export function readInfo(ended: Finished): Reading<readonly ZoneProperty[]> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const properties: ZoneProperty[] = [];
  const seen = new Map<string, number>();
  let resource = '';
  for (const line of linesOf(end.value.out)) {
    const inside = /^\s/.test(line);
    const header = inside ? undefined : HEADER.exec(line)?.[1];
    if (header !== undefined) {
      resource = header;
      seen.set(resource, (seen.get(resource) ?? -1) + 1);
      continue;
    }
    if (!inside) resource = '';
    const property = propertyIn(line.trimStart()) ?? (inside ? wordIn(line.trim()) : null);
    if (property === null) return unreadable(line, 'neither a resource nor a property');
    if (inside && resource === '') return unreadable(line, 'a property of no resource');
    properties.push({ resource, index: seen.get(resource) ?? 0, ...property });
  }
  if (!properties.some(one => one.resource === '' && one.name === 'zonename'))
    return unreadable(linesOf(ended.out)[0] ?? '', 'names no zone');
  return ok(properties);
}

function propertyIn(text: string): Pick<ZoneProperty, 'name' | 'value'> | null {
  // A resource inside a resource: its own properties follow under the same one.
  const nested = HEADER.exec(text)?.[1];
  if (nested !== undefined) return { name: nested, value: '' };
  const found = PROPERTY.exec(unbracketed(text));
  return found?.[1] && found[2] !== undefined ? { name: found[1], value: found[2].trim() } : null;
}

/** Inside a resource a property may stand without a colon, as a key that isn't shown does. */
function wordIn(text: string): Pick<ZoneProperty, 'name' | 'value'> | null {
  const [, name, value = ''] = /^([a-z][a-z0-9-]*)(?: (.*))?$/.exec(text) ?? [];
  return name === undefined ? null : { name, value };
}

/** A derived value stands in brackets; a list of values does so too, but only after its name. */
function unbracketed(line: string): string {
  return line.startsWith('[') && line.endsWith(']') ? line.slice(1, -1) : line;
}
