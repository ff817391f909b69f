// Which members a value has, as far as that is known before the run: results of steps by their schemas, and the
// names that the runner itself gives. `any`: nobody can say.
import * as z from 'zod';
import type { Facts } from '../../model/facts.ts';
import { asJson, isObject, type Json } from '../../text/json.ts';

export type Shape =
  | { readonly is: 'any' }
  | { readonly is: 'members'; readonly members: Readonly<Record<string, Shape>> };

export const ANY: Shape = { is: 'any' };

/** What every registered result has besides its step's own members. */
const ALWAYS = ['changed', 'failed', 'skipped', 'attempts', 'message', 'unreachable', 'foreseen'];

export function members(...names: readonly string[]): Shape {
  return { is: 'members', members: Object.fromEntries(names.map(name => [name, ANY])) };
}

/** A name that the runner itself gives. */
export interface GivenName {
  readonly name: string;
  readonly says: string;
  /** Its members, or null where they are hosts or groups. */
  readonly members: Readonly<Record<string, string>> | null;
}

/** As an author sees them in conditions and templates. */
const FACTS: Readonly<Record<Exclude<keyof Facts, 'defaultTarget'>, string>> = {
  host: 'the name of the host',
  at: 'when the host was asked, ISO 8601 in UTC',
  clock: "the host's own clock, in seconds since 1970",
  os: 'release, version, arch, platform, nodename',
  boot: 'time: when the running system booted',
  be: 'boot environments: active, next, names',
  entire: 'the version of the package entire',
  maintenance: 'is: closed, open or unknown; and its message',
  record: "the host's own record of zones that it evacuated",
  rad: 'whether the remote administration daemon answers',
  memory: 'totalBytes, freeBytes and arcBytes, which the ZFS cache holds',
  cpus: 'virtual processors of the global zone',
  cpuClass: 'the processor models, one text',
  pools: 'storage pools and how they are',
  services: 'services in maintenance, and others that matter',
  publishers: 'package publishers and where they point',
  zones: 'of every zone but the global one: name, brand, state, aux, path, uuid, configuration, target',
  rights: 'what the login may do',
  atWork: 'command lines of programs that a maintenance must not meet',
  unreadable: 'every line of the host that no reader understood',
};

export const GIVEN_NAMES: readonly GivenName[] = [
  {
    name: 'facts',
    says: 'what was observed on this host; a fact that could not be had makes a condition on it an error',
    members: FACTS,
  },
  {
    name: 'host',
    says: 'this host as the inventory has it',
    members: {
      name: 'its name in the inventory',
      groups: 'the groups it is in',
      address: 'where it is reached',
      port: 'the SSH port',
      user: 'who logs in',
    },
  },
  { name: 'groups', says: 'the hosts of each group, by its name', members: null },
  { name: 'hostvars', says: 'the variables of each host, by its name', members: null },
  {
    name: 'run',
    says: 'this run',
    members: {
      id: 'its number, known at the start',
      date: 'when the plan was made',
      playbook: 'the file of the play, without its ending',
      dir: 'its folder',
      check: 'whether it is run with --check',
    },
  },
];

/** The names that scopes are given, with their members. */
export const GIVEN_SHAPES: Readonly<Record<string, Shape>> = Object.fromEntries(
  GIVEN_NAMES.map(one => [one.name, one.members === null ? ANY : members(...Object.keys(one.members))]),
);

/** @param looped a loop registers the results of its items; its own conditions ask each item's. */
export function resultShape(returns: z.ZodType, looped: boolean): Shape {
  const shape = shapeOf(schemaOf(returns));
  return either(shape, members(...ALWAYS, ...(looped ? ['results'] : [])));
}

/** Two tasks may register one name: then only what neither has is wrong. */
export function either(a: Shape | undefined, b: Shape): Shape {
  if (a === undefined) return b;
  if (a.is === 'any' || b.is === 'any') return ANY;
  return { is: 'members', members: { ...a.members, ...b.members } };
}

const schemas = new WeakMap<z.ZodType, Json>();

export function schemaOf(type: z.ZodType): Json {
  const there = schemas.get(type);
  if (there !== undefined) return there;
  const made = drawnSchema(type);
  schemas.set(type, made);
  return made;
}

function drawnSchema(type: z.ZodType): Json {
  try {
    return asJson(z.toJSONSchema(type, { unrepresentable: 'any', io: 'input' }));
  } catch {
    // A schema that can't be drawn says nothing; what it checks, it still checks.
    return {};
  }
}

function shapeOf(schema: Json): Shape {
  if (!isObject(schema) || !isObject(schema['properties'])) return ANY;
  const open = schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false;
  if (open) return ANY;
  return { is: 'members', members: Object.fromEntries(Object.keys(schema['properties']).map(name => [name, ANY])) };
}
