// Which members a value has, as far as that is known before the run: results of steps by their schemas, and the
// names that the runner itself gives. `any`: nobody can say.
import { z } from 'zod';
import type { Facts } from '../model/facts.ts';
import { asJson, isObject, type Json } from '../text/json.ts';

export type Shape =
  | { readonly is: 'any' }
  | { readonly is: 'members'; readonly members: Readonly<Record<string, Shape>> };

export const ANY: Shape = { is: 'any' };

/** What every registered result has besides its step's own members. */
const ALWAYS = ['changed', 'failed', 'skipped', 'attempts', 'message', 'unreachable', 'foreseen'];

export function members(...names: readonly string[]): Shape {
  return { is: 'members', members: Object.fromEntries(names.map(name => [name, ANY])) };
}

const FACTS = {
  host: true,
  at: true,
  clock: true,
  os: true,
  boot: true,
  be: true,
  entire: true,
  maintenance: true,
  record: true,
  rad: true,
  memory: true,
  cpus: true,
  cpuClass: true,
  pools: true,
  services: true,
  publishers: true,
  zones: true,
  rights: true,
  atWork: true,
  unreadable: true,
} satisfies Partial<Record<keyof Facts, true>>;

/** The names that scopes are given, with their members. */
export const GIVEN_SHAPES: Readonly<Record<string, Shape>> = {
  facts: members(...Object.keys(FACTS)),
  host: members('name', 'groups', 'address', 'port', 'user'),
  groups: ANY,
  hostvars: ANY,
  run: members('id', 'date', 'playbook', 'dir', 'check'),
};

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
