// A zone's configuration as zonecfg keeps it: global properties and resources, in order, as text. Typed questions
// (memory, storage, ...) are asked of it here. It doesn't judge whether a configuration makes sense.

export interface Resource {
  readonly type: string;
  readonly properties: readonly (readonly [string, string])[];
}

export interface ZoneConfig {
  readonly name: string;
  readonly globals: readonly (readonly [string, string])[];
  readonly resources: readonly Resource[];
}

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
export const GIB = 2 ** 30;
export const MIB = 2 ** 20;

/** `4G`, `1.5g`, `512M`, plain bytes; null when it isn't a size. */
export function sizeBytes(text: string): number | null {
  const m = /^([0-9]+(?:\.[0-9]+)?)([KMGT]?)$/i.exec(text.trim());
  if (m === null) return null;
  return Math.round(Number(m[1]) * (UNITS[(m[2] ?? '').toUpperCase()] ?? 1));
}

/** The shortest exact spelling with a unit, as zonecfg prints it. */
export function sizeText(bytes: number): string {
  for (const unit of ['T', 'G', 'M', 'K']) {
    const scaled = bytes / (UNITS[unit] ?? 1);
    if (scaled >= 1 && Number.isInteger(scaled)) return `${scaled}${unit}`;
  }
  return String(bytes);
}

export function globalOf(config: ZoneConfig, name: string): string {
  return config.globals.find(([key]) => key === name)?.[1] ?? '';
}

export function propertyOf(resource: Resource, name: string): string {
  return resource.properties.find(([key]) => key === name)?.[1] ?? '';
}

function resourcesOf(config: ZoneConfig, type: string): readonly Resource[] {
  return config.resources.filter(r => r.type === type);
}

export function withGlobal(config: ZoneConfig, name: string, value: string): ZoneConfig {
  const has = config.globals.some(([key]) => key === name);
  const globals = has
    ? config.globals.map(([k, v]) => [k, k === name ? value : v] as const)
    : [...config.globals, [name, value] as const];
  return { ...config, globals };
}

export const brandOf = (config: ZoneConfig): string => globalOf(config, 'brand');
export const isKernelZone = (config: ZoneConfig): boolean => brandOf(config) === 'solaris-kz';

function firstProperty(config: ZoneConfig, type: string, name: string): string {
  const resource = config.resources.find(r => r.type === type);
  return resource === undefined ? '' : propertyOf(resource, name);
}

/** capped-memory:physical, or the default of a kernel zone (4 GB). */
export function memoryOf(config: ZoneConfig): number {
  return sizeBytes(firstProperty(config, 'capped-memory', 'physical')) ?? (isKernelZone(config) ? 4 * GIB : 0);
}

export function withMemory(config: ZoneConfig, bytes: number): ZoneConfig {
  const others = config.resources.filter(r => r.type !== 'capped-memory');
  return { ...config, resources: [...others, { type: 'capped-memory', properties: [['physical', sizeText(bytes)]] }] };
}

/** Every storage URI that the zone's disks and pools sit on, lower-cased: their hexadecimal ids are case-insensitive. */
export function storageOf(config: ZoneConfig): readonly string[] {
  return config.resources
    .filter(r => r.type === 'device' || r.type === 'rootzpool' || r.type === 'zpool')
    .flatMap(r => r.properties.filter(([key]) => key === 'storage').map(([, value]) => value.toLowerCase()))
    .filter(uri => uri !== '');
}

const isShared = (uri: string): boolean => /^(iscsi|lu|nfs):/.test(uri);

/** Why `zoneadm migrate` can't take this zone anywhere, or null. */
export function immovable(config: ZoneConfig): string | null {
  const local = storageOf(config).find(uri => !isShared(uri));
  if (local !== undefined) return `storage ${local} is not shared`;
  if (storageOf(config).length === 0) return 'no shared storage';
  if (config.resources.some(r => r.type === 'device' && propertyOf(r, 'match') !== '')) return 'device uses match';
  if (!isKernelZone(config) && config.resources.some(r => r.type === 'fs' || r.type === 'dataset'))
    return 'zone has fs or dataset resources';
  return null;
}

const COMPARED: readonly (readonly [string, string])[] = [
  ['capped-memory', 'physical'],
  ['capped-memory', 'pagesize-policy'],
  ['virtual-cpu', 'ncpus'],
];

/** The first thing in which two configurations of one zone may not differ for a migration, or null. */
export function mismatch(source: ZoneConfig, dest: ZoneConfig): string | null {
  for (const [type, name] of COMPARED) {
    if (firstProperty(source, type, name) !== firstProperty(dest, type, name)) return `${type}:${name}`;
  }
  const disks = (c: ZoneConfig): string =>
    resourcesOf(c, 'device')
      .map(r => `${propertyOf(r, 'id')}=${propertyOf(r, 'storage').toLowerCase()}`)
      .sort()
      .join(' ');
  if (disks(source) !== disks(dest)) return 'device:storage';
  if ([...storageOf(source)].sort().join() !== [...storageOf(dest)].sort().join()) return 'rootzpool:storage';
  return null;
}

function assignment(name: string, value: string): string {
  return /[\s;"']/.test(value) ? `set ${name}="${value}"` : `set ${name}=${value}`;
}

/** `zonecfg export`. Properties that are unset are left out. */
export function exportText(config: ZoneConfig): string {
  const lines = ['create -b'];
  for (const [name, value] of config.globals) if (value !== '') lines.push(assignment(name, value));
  for (const resource of config.resources) {
    lines.push(`add ${resource.type}`);
    for (const [name, value] of resource.properties) if (value !== '') lines.push(assignment(name, value));
    lines.push('end');
  }
  return `${lines.join('\n')}\n`;
}
