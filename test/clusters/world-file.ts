// Reads a world of clusters/worlds: a few hosts, their zones, what the inventory and the play say, and which of all that
// is the rule the world is for. It knows nothing of what a plan is.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Facts, ZoneFacts } from '../../src/model/facts.ts';
import { known } from '../../src/model/facts.ts';
import { bytesIn } from '../../src/text/size.ts';
import { GiB, host, zone } from '../plan/world.ts';

const aZone = z.preprocess(
  said => (typeof said === 'string' ? { memory: said } : said),
  z.strictObject({
    memory: z.string().default('4G'),
    cpus: z.number().default(2),
    brand: z.string().default('solaris-kz'),
    state: z.enum(['running', 'installed', 'configured']).default('running'),
    storage: z.string().nullable().default(null),
    target: z.string().nullable().default(null),
    cpu_arch: z.string().default(''),
    autoboot: z.boolean().default(false),
    bound: z.string().nullable().default(null),
    memory_pool: z.string().nullable().default(null),
  }),
);

const aHost = z.strictObject({
  memory: z.string().default('64G'),
  /** Free this moment; without it, all that no zone has. */
  free: z.string().optional(),
  cpus: z.number().default(32),
  processors: z.string().default('x86'),
  arch: z.enum(['i386', 'sparc']).default('i386'),
  release: z.string().default('11.4.80.0.1.189.2'),
  closed: z.string().optional(),
  /** As in the inventory. */
  vars: z.record(z.string(), z.unknown()).default({}),
  zones: z.record(z.string(), aZone).default({}),
});

const aWorld = z.strictObject({
  /**
   * The rule, as the way to it in this file; it is taken away, or becomes what stands behind it
   * (null: taken away, too).
   */
  without: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** A line of the plan that isn't there without the rule, and one that is there only then. */
  shows: z.string(),
  instead: z.string(),
  hosts: z.record(z.string(), aHost),
  /** As in the inventory. */
  zones: z.record(z.string(), z.unknown()).default({}),
  /** Keys of the play; it is about all hosts unless it says which. */
  play: z.record(z.string(), z.unknown()).default({}),
  /** Arguments of `zones.evacuate`. */
  evacuate: z.record(z.string(), z.unknown()).default({}),
  /** Zones that earlier runs left away. */
  away: z.array(z.strictObject({ zone: z.string(), home: z.string(), at: z.string() })).default([]),
});

export type World = z.infer<typeof aWorld>;
type AHost = z.infer<typeof aHost>;
type AZone = z.infer<typeof aZone>;

export interface WorldFile {
  readonly firstLine: string;
  readonly world: World;
  readonly withoutRule: World;
}

export function readWorld(path: string): WorldFile {
  const text = readFileSync(path, 'utf8');
  const asked = parse(text) as Record<string, unknown>;
  const world = aWorld.parse(asked);
  const changes = typeof world.without === 'string' ? { [world.without]: null } : world.without;
  const changed = Object.entries(changes).reduce((all, [way, value]) => replaced(all, way.split('.'), value), asked);
  return { firstLine: text.split('\n', 1)[0] ?? '', world, withoutRule: aWorld.parse(changed) };
}

/** What isn't there can't be taken away: that is a mistake in the file. */
function replaced(node: Record<string, unknown>, way: readonly string[], value: unknown): Record<string, unknown> {
  const [key, ...rest] = way;
  if (key === undefined) throw new Error('a way has at least one word');
  const goes = rest.length === 0 && value === null;
  if (goes && !(key in node)) throw new Error(`there is no ${key} to take away`);
  const below = (node[key] ?? {}) as Record<string, unknown>;
  const put = rest.length === 0 ? value : replaced(below, rest, value);
  const others = Object.entries(node).filter(([name]) => name !== key);
  return Object.fromEntries(goes ? others : [...others, [key, put]]);
}

/** What its hosts would answer. */
export function factsIn({ hosts }: World): readonly Facts[] {
  return Object.entries(hosts).map(([name, one]) => factsOf(name, one));
}

function factsOf(name: string, one: AHost): Facts {
  const zones = Object.entries(one.zones).map(([zoneName, words]) => zoneOf(zoneName, words));
  const memory = gibOf(one.memory);
  const used = Object.values(one.zones).reduce((sum, words) => sum + takenGib(words), 0);
  return host(name, zones, {
    ...{ gib: memory, cpus: one.cpus, arch: one.arch, version: one.release, cpuClass: one.processors },
    freeGib: one.free === undefined ? memory - used : gibOf(one.free),
    ...(one.closed === undefined ? {} : { closed: one.closed }),
  });
}

function takenGib({ memory, brand, state }: AZone): number {
  return brand === 'solaris-kz' && state === 'running' ? gibOf(memory) * 1.05 + 0.25 : 0;
}

function zoneOf(name: string, words: AZone): ZoneFacts {
  const { memory, cpus, brand, state, storage, target, bound, autoboot, memory_pool: pool } = words;
  const made = zone({
    ...{ name, gib: gibOf(memory), vcpus: cpus, brand, state, autoboot, cpuArch: words.cpu_arch },
    ...(target === null ? {} : { target }),
    ...(bound === null ? {} : { bound }),
    ...(storage === null ? {} : { storage: [storage] }),
  });
  if (pool === null || made.configuration.is === 'unknown') return made;
  const property = { resource: 'capped-memory', index: 0, name: 'memory-reserve', value: pool };
  return { ...made, configuration: known({ ...made.configuration.value, properties: [property] }) };
}

function gibOf(text: string): number {
  const bytes = bytesIn(text);
  if (bytes === null) throw new Error(`${text} is no size`);
  return bytes / GiB;
}
