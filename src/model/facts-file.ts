// The facts file: observed hosts as JSON, so that a fleet can be planned off line. It writes every fact and reads a
// file back only when each field is there and of its kind; it never fills in what is missing.
import * as z from 'zod';
import type { Facts } from './facts.ts';

const FORMAT = 'zoneferry-facts';
const VERSION = 1;

const unknown = z.strictObject({ is: z.literal('unknown'), why: z.string() });

function known<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('is', [z.strictObject({ is: z.literal('known'), value }), unknown]);
}

const texts = z.array(z.string());
const count = z.number();

const environment = z.strictObject({
  name: z.string(),
  uuid: z.string(),
  flags: z.string(),
  mountpoint: z.string(),
  spaceBytes: count,
  policy: texts,
  created: count,
});

const maintenance = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('open') }),
  z.strictObject({ is: z.literal('closed'), user: z.string(), date: z.string(), message: z.string() }),
  unknown,
]);

const row = z.strictObject({
  zone: z.string(),
  state: z.enum(['EVACUATED', 'SKIPPED', 'FAILED']),
  destination: z.string(),
  error: z.string(),
});

const record = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('none') }),
  z.strictObject({ is: z.literal('in-progress') }),
  z.strictObject({ is: z.literal('rows'), rows: z.array(row) }),
  unknown,
]);

const target = known(
  z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('none') }),
    z.strictObject({ is: z.literal('set'), uri: z.string() }),
  ]),
);

const ram = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('reserved'), bytes: count }),
  z.strictObject({ is: z.literal('capped'), bytes: count }),
  z.strictObject({ is: z.literal('none') }),
  unknown,
]);

const vcpus = z.discriminatedUnion('is', [
  z.strictObject({ is: z.enum(['virtual', 'dedicated', 'capped']), count }),
  z.strictObject({ is: z.literal('none') }),
  unknown,
]);

const movable = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('movable') }),
  z.strictObject({ is: z.literal('bound'), reasons: texts }),
  unknown,
]);

const property = z.strictObject({ resource: z.string(), index: count, name: z.string(), value: z.string() });

const configuration = z.strictObject({
  autoboot: z.boolean(),
  ram,
  vcpus,
  storage: texts,
  cpuArch: z.string(),
  hostCompatible: z.string(),
  autoshutdown: z.string(),
  movable,
  properties: z.array(property),
});

const zone = z.strictObject({
  name: z.string(),
  id: count.nullable(),
  brand: z.string(),
  state: z.enum(['configured', 'incomplete', 'unavailable', 'installed', 'ready', 'running', 'shutting_down', 'down']),
  aux: known(z.string()),
  path: z.string(),
  uuid: z.string(),
  configuration: known(configuration),
  target,
  instanceTarget: target,
});

const os = z.strictObject({
  release: z.string(),
  version: z.string(),
  arch: z.string(),
  platform: z.string(),
  nodename: z.string(),
});

const pool = z.strictObject({
  name: z.string(),
  sizeBytes: count,
  freeBytes: count,
  capacityPercent: count,
  health: z.string(),
});

const facts: z.ZodType<Facts> = z.strictObject({
  host: z.string(),
  at: z.string(),
  clock: known(count),
  os: known(os),
  boot: known(z.strictObject({ time: count })),
  be: known(z.strictObject({ active: z.string(), next: z.string(), names: z.array(environment) })),
  entire: known(z.strictObject({ fmri: z.string(), branch: z.string(), version: z.string() })),
  maintenance,
  record,
  rad: z.strictObject({ local: known(z.string()), remote: known(z.string()) }),
  memory: z.strictObject({ totalBytes: known(count), freeBytes: known(count), arcBytes: known(count) }),
  cpus: known(count),
  cpuClass: known(z.string()),
  pools: known(z.array(pool)),
  services: known(z.strictObject({ maintenance: texts, degraded: texts, offline: texts, inTransition: texts })),
  publishers: known(
    z.array(z.strictObject({ name: z.string(), type: z.string(), status: z.string(), uri: z.string() })),
  ),
  zones: known(z.array(zone)),
  defaultTarget: target,
  rights: z.strictObject({
    user: known(z.strictObject({ name: z.string(), uid: count })),
    profiles: known(texts),
    auths: known(texts),
  }),
  atWork: known(texts),
  unreadable: z.array(z.strictObject({ part: z.string(), line: z.string(), why: z.string() })),
});

const file = z.strictObject({ format: z.literal(FORMAT), version: z.literal(VERSION), hosts: z.array(facts) });

export type FactsFile =
  | { readonly is: 'ok'; readonly hosts: readonly Facts[] }
  | { readonly is: 'wrong'; readonly problems: readonly string[] };

export function writeFacts(hosts: readonly Facts[]): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, hosts }, null, 2)}\n`;
}

/** Every problem of the file at once, each with the path of the value. Never throws. */
export function readFacts(text: string): FactsFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { is: 'wrong', problems: ['not JSON'] };
  }
  const read = file.safeParse(json);
  if (read.success) return { is: 'ok', hosts: read.data.hosts };
  return { is: 'wrong', problems: read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) };
}
