// What the inventory says of a host for the planner and for the checks before a move: one reading for both.
import { isObject, type Json, type JsonObject } from '../text/json.ts';
import { bytesIn } from '../text/size.ts';
import { NOTHING_AROUND } from './around.ts';
import type { HostName } from './ids.ts';
import type { InventoryHost } from './inventory.ts';
import type { Play } from './program.ts';
import { type Ground, scopeAt } from './scope.ts';

/** null when the inventory doesn't say it, or it can't be told before the run. */
export function hostVariable(ground: Ground, play: Play, host: HostName, name: string): Json | null {
  const value = ground.plan.hosts[host]?.vars[name];
  if (value === undefined) return null;
  const standing = { ...NOTHING_AROUND, host, play, facts: null, results: {}, failed: null };
  const scope = scopeAt(ground, standing, null, null);
  const found = ground.evaluate(value, scope);
  return found.is === 'value' ? found.json : null;
}

/** `16G`, `512M` or bytes; null for what is no size. */
function bytesOf(json: Json | null): number | null {
  return typeof json === 'string' ? bytesIn(json) : typeof json === 'number' ? json : null;
}

/** `reserve_memory`: what the host keeps for itself; null: the standard. */
export function reserveBytes(ground: Ground, play: Play, host: HostName): number | null {
  return bytesOf(hostVariable(ground, play, host, 'reserve_memory'));
}

/** A size, or bytes a second; null: nobody says it. */
export function bytesVariable(ground: Ground, play: Play, host: HostName, name: string): number | null {
  return bytesOf(hostVariable(ground, play, host, name));
}

/** What an operator says of a host as a place for zones. */
export interface HostSettings {
  /** `reserve_memory`; null: the standard. */
  readonly reserveBytes: number | null;
  /** `placement: { accept: no }` keeps a host from taking zones. */
  readonly accepts: boolean;
  /** `placement: { weight: 2 }`: it counts as twice as large when zones are spread. */
  readonly weight: number;
  /** `cpu_class`: hosts of one class have equal processors, whatever they print; null: what they print counts. */
  readonly cpuClass: string | null;
  /** `cpu_overcommit`: how often each processor may be promised; null: as often as you like. */
  readonly cpuOvercommit: number | null;
  /** `placement: { pools: [zones] }`: memory reservation pools that are there; no fact tells. */
  readonly pools: readonly string[];
}

/** Of a host of which nothing is said. */
export const NO_SETTINGS: HostSettings = {
  ...{ reserveBytes: null, accepts: true, weight: 1, cpuClass: null, cpuOvercommit: null, pools: [] },
};

/** `cpu_class`: the name that its processors have, whatever they print; null: nobody gave them one. */
export function cpuClass(ground: Ground, play: Play, host: HostName): string | null {
  return nameIn(hostVariable(ground, play, host, 'cpu_class'));
}

const nameIn = (said: Json | null): string | null =>
  typeof said === 'string' || typeof said === 'number' ? String(said) : null;

export function hostSettings(ground: Ground, play: Play, host: HostName): HostSettings {
  return settingsSaid(name => hostVariable(ground, play, host, name));
}

/** Without any playbook: only what stands in the inventory as it is, no template. */
export function plainSettings({ vars }: InventoryHost): HostSettings {
  return settingsSaid(name => {
    const value = vars[name];
    return value?.is === 'known' ? value.json : null;
  });
}

function settingsSaid(said: (name: string) => Json | null): HostSettings {
  const placement = objectIn(said('placement'));
  const { pools } = placement;
  return {
    reserveBytes: bytesOf(said('reserve_memory')),
    accepts: placement['accept'] !== false,
    weight: positive(placement['weight']) ?? 1,
    cpuClass: nameIn(said('cpu_class')),
    cpuOvercommit: positive(said('cpu_overcommit')),
    pools: [pools].flat().filter(one => typeof one === 'string'),
  };
}

function objectIn(json: Json | null): JsonObject {
  return json !== null && isObject(json) ? json : {};
}

function positive(json: Json | undefined): number | null {
  const number = typeof json === 'string' && json.trim() !== '' ? Number(json) : json;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}
