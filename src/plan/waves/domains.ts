// Failure domains: which hosts fail together (a rack, a power feed), and how many of each may be out at once. All of it
// is the operator's word in the inventory: `rack`, `domain`, `domain_max_out`.
import { hostVariable } from '../../model/host-variable.ts';
import type { HostName } from '../../model/ids.ts';
import type { Play } from '../../model/program.ts';
import type { Ground } from '../../model/scope.ts';
import { isArray, isObject, type Json } from '../../text/json.ts';

export interface Domains {
  /** As they are told: `rack r1`, `power p2`. */
  readonly of: (host: HostName) => readonly string[];
  /** How many of its hosts may be out at once: the least that any of them says. */
  readonly mostOut: (domain: string) => number;
}

const STANDARD = 1;

/** @param hosts all that may be out. */
export function domainsOf(ground: Ground, play: Play, hosts: readonly HostName[]): Domains {
  const named = new Map<HostName, readonly string[]>();
  const most = new Map<string, number>();
  for (const host of hosts) {
    const say = (name: string): Json | null => hostVariable(ground, play, host, name);
    const own = [...namesIn('rack', say('rack')), ...namesIn('domain', say('domain'))];
    const limit = numberIn(say('domain_max_out'));
    named.set(host, own);
    if (limit !== null) for (const domain of own) most.set(domain, Math.min(limit, most.get(domain) ?? limit));
  }
  return { of: host => named.get(host) ?? [], mostOut: domain => most.get(domain) ?? STANDARD };
}

function namesIn(kind: string, json: Json | null): readonly string[] {
  if (json === null) return [];
  if (isArray(json)) return json.flatMap(one => namesIn(kind, one));
  if (isObject(json)) return Object.entries(json).flatMap(([key, value]) => namesIn(key, value ?? null));
  return [`${kind} ${String(json)}`];
}

function numberIn(json: Json | null): number | null {
  const number = typeof json === 'string' && json !== '' ? Number(json) : json;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 ? number : null;
}
