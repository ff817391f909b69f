// What the inventory says of a host for the planner and for the checks before a move: one reading for both.
import type { Json } from '../text/json.ts';
import { NOTHING_AROUND } from './around.ts';
import type { HostName } from './ids.ts';
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

/** Each 1024 times the one before. */
const UNITS = ['', 'k', 'm', 'g', 't'];

/** `16G`, `512M` or bytes; null for what is no size. */
function bytesOf(json: Json | null): number | null {
  if (typeof json === 'number') return json;
  const found = typeof json === 'string' ? /^(\d+(?:\.\d+)?)([kmgt]?)i?b?$/i.exec(json) : null;
  return found ? Math.round(Number(found[1]) * 1024 ** UNITS.indexOf((found[2] ?? '').toLowerCase())) : null;
}

/** `reserve_memory`: what the host keeps for itself; null: the standard. */
export function reserveBytes(ground: Ground, play: Play, host: HostName): number | null {
  return bytesOf(hostVariable(ground, play, host, 'reserve_memory'));
}
