// Fleet files: YAML to a FleetSpec. All mistakes are collected and said at once, each with its place; an unknown word
// is a mistake, since it would silently mean nothing.
import { parseDocument } from 'yaml';
import { GIB, MIB, sizeBytes } from './config.ts';
import { INSTALLED, OFFERED, SYSADM_GUESS } from './spec.ts';
import type { FleetSpec, HostSpec, SysadmWays, UserSpec, ZoneSpec } from './spec.ts';

export class FleetError extends Error {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(`the fleet file is wrong:\n${mistakes.map(m => `  ${m}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

/** One mapping of the file, with its place; reads fields with defaults and remembers which were asked for. */
class Fields {
  readonly #data: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  readonly place: string;
  readonly mistakes: string[];

  constructor(data: unknown, place: string, mistakes: string[]) {
    this.place = place;
    this.mistakes = mistakes;
    const isMap = typeof data === 'object' && data !== null && !Array.isArray(data);
    if (!isMap && data !== null) mistakes.push(`${place}: a mapping is wanted here`);
    this.#data = isMap ? Object.fromEntries(Object.entries(data)) : {};
  }

  #field<T>(name: string, read: (value: unknown) => T | null, wanted: string, fallback: T): T {
    this.#asked.add(name);
    const value = this.#data[name];
    if (value === undefined || value === null) return fallback;
    const result = read(value);
    if (result !== null) return result;
    this.mistakes.push(`${this.place}.${name}: ${wanted} is wanted, not ${JSON.stringify(value)}`);
    return fallback;
  }

  text(name: string, fallback: string): string {
    return this.#field(
      name,
      v => (typeof v === 'string' || typeof v === 'number' ? String(v) : null),
      'a text',
      fallback,
    );
  }

  optional(name: string): string | null {
    return this.#field<string | null>(name, v => (typeof v === 'string' ? v : null), 'a text', null);
  }

  number(name: string, fallback: number): number {
    return this.#field(name, v => (typeof v === 'number' && v >= 0 ? v : null), 'a number', fallback);
  }

  bytes(name: string, fallback: number): number {
    return this.#field(name, v => sizeBytes(String(v)), 'a size such as 4G', fallback);
  }

  truth(name: string, fallback: boolean): boolean {
    return this.#field(name, v => (typeof v === 'boolean' ? v : null), 'true or false', fallback);
  }

  word<W extends string>(name: string, words: readonly W[], fallback: W): W {
    return this.#field(name, v => words.find(w => w === v) ?? null, `one of ${words.join(', ')}`, fallback);
  }

  texts(name: string, fallback: readonly string[]): readonly string[] {
    const read = (v: unknown): readonly string[] | null =>
      typeof v === 'string' ? [v] : Array.isArray(v) && v.every(i => typeof i === 'string') ? v : null;
    return this.#field(name, read, 'a list of texts', fallback);
  }

  map(name: string): Fields {
    this.#asked.add(name);
    return new Fields(this.#data[name] ?? null, `${this.place}.${name}`, this.mistakes);
  }

  maps(name: string): readonly (readonly [string, Fields])[] {
    this.#asked.add(name);
    const inner = this.#data[name];
    if (inner === undefined) return [];
    const holder = new Fields(inner, `${this.place}.${name}`, this.mistakes);
    return Object.entries(holder.#data).map(([key, value]) => {
      return [key, new Fields(value, `${holder.place}.${key}`, this.mistakes)] as const;
    });
  }

  record(name: string): Readonly<Record<string, string>> {
    this.#asked.add(name);
    const inner = this.#data[name];
    if (inner === undefined) return {};
    const fields = new Fields(inner, `${this.place}.${name}`, this.mistakes);
    return Object.fromEntries(Object.keys(fields.#data).map(key => [key, fields.text(key, '')]));
  }

  /** To be called last: says which words nobody asked for. */
  done(): void {
    for (const key of Object.keys(this.#data)) {
      if (!this.#asked.has(key))
        this.mistakes.push(`${this.place}.${key}: unknown; known here: ${[...this.#asked].sort().join(', ')}`);
    }
  }
}

function readZone(name: string, fields: Fields): ZoneSpec {
  const brand = fields.word('brand', ['solaris', 'solaris-kz', 'solaris10'], 'solaris-kz');
  const spec: ZoneSpec = {
    name,
    brand,
    state: fields.word('state', ['running', 'installed', 'configured'], 'running'),
    id: fields.number('id', 0) || null,
    memoryBytes: fields.bytes('memory', brand === 'solaris-kz' ? 4 * GIB : 0),
    vcpus: fields.number('vcpus', brand === 'solaris-kz' ? 4 : 0),
    storage: fields.texts('storage', []),
    autoboot: fields.truth('autoboot', false),
    autoshutdown: fields.word('autoshutdown', ['shutdown', 'halt', 'suspend'], 'shutdown'),
    target: fields.optional('target'),
    dirtyBytesPerSecond: fields.bytes('dirty', 20 * MIB),
    cpuArch: fields.text('cpu_arch', 'generic'),
    properties: fields.record('properties'),
  };
  fields.done();
  return spec;
}

function readUser(name: string, fields: Fields): UserSpec {
  const spec = { name, uid: fields.number('uid', 100), profiles: fields.texts('profiles', []) };
  fields.done();
  return spec;
}

function readWays(fields: Fields): SysadmWays {
  const ways: SysadmWays = {
    streams: fields.word('streams', ['split', 'stdout', 'stderr'], SYSADM_GUESS.streams),
    killed: fields.word('killed', ['cancels', 'goes-on'], SYSADM_GUESS.killed),
    machine: fields.word('machine', ['escaped', 'plain', 'blank'], SYSADM_GUESS.machine),
    open: fields.word('open', ['nothing', 'header', 'words'], SYSADM_GUESS.open),
  };
  fields.done();
  return ways;
}

function readHost(name: string, fields: Fields, installed: string): HostSpec {
  const poolBytes = fields.bytes('pool', 200 * GIB);
  const spec: HostSpec = {
    name,
    domain: fields.text('domain', 'example.com'),
    platform: fields.word('platform', ['i86pc', 'sun4v'], 'i86pc'),
    memoryBytes: fields.bytes('memory', 256 * GIB),
    reserveBytes: fields.bytes('reserve', 4 * GIB),
    cpus: fields.number('cpus', 32),
    cpuClass: fields.text('cpu_class', 'class1'),
    linkBytesPerSecond: fields.bytes('link', 1100 * MIB),
    bootMs: fields.number('boot_seconds', 90) * 1000,
    poolBytes,
    poolFreeBytes: fields.bytes('pool_free', Math.floor(poolBytes * 0.6)),
    be: fields.text('be', 'solaris'),
    entire: fields.text('entire', installed),
    nextZoneId: fields.number('next_zone_id', 1),
    users: fields.maps('users').map(([user, inner]) => readUser(user, inner)),
    missing: fields.texts('missing', []),
    zones: fields.maps('zones').map(([zone, inner]) => readZone(zone, inner)),
  };
  fields.done();
  return spec;
}

/** Mistakes that no single field shows: a zone up on two hosts, a zone without a disk. */
function contradictions(hosts: readonly HostSpec[]): readonly string[] {
  const home = new Map<string, string>();
  const mistakes: string[] = [];
  for (const host of hosts) {
    for (const zone of host.zones) {
      const place = `hosts.${host.name}.zones.${zone.name}`;
      if (zone.storage.length === 0) mistakes.push(`${place}.storage: at least one storage URI is wanted`);
      if (zone.state === 'configured') continue;
      const other = home.get(zone.name);
      if (other !== undefined) mistakes.push(`${place}: the zone is ${zone.state} here and also on ${other}`);
      home.set(zone.name, host.name);
    }
  }
  return mistakes;
}

/** Reads a fleet file; throws a FleetError that names every mistake. */
export function readFleet(yamlText: string): FleetSpec {
  const document = parseDocument(yamlText);
  if (document.errors.length > 0) throw new FleetError(document.errors.map(e => e.message));
  const mistakes: string[] = [];
  const fields = new Fields(document.toJS(), 'fleet', mistakes);
  const installed = fields.text('entire', INSTALLED);
  const hosts = fields.maps('hosts').map(([name, inner]) => readHost(name, inner, installed));
  const spec: FleetSpec = {
    name: fields.text('name', 'lab'),
    seed: fields.number('seed', 1),
    offered: fields.texts('offered', [installed, OFFERED]),
    trust: fields.word('trust', ['all', 'none'], 'all'),
    sysadm: readWays(fields.map('sysadm')),
    hosts,
  };
  fields.done();
  if (hosts.length === 0) mistakes.push('fleet.hosts: at least one host is wanted');
  mistakes.push(...contradictions(hosts));
  if (mistakes.length > 0) throw new FleetError(mistakes);
  return spec;
}
