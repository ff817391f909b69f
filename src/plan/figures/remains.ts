// What a wave leaves behind that no rollback takes away: steps without a way back, and disk that new systems take.
import type { Facts } from '../../model/facts.ts';
import type { Build, Left } from '../../model/figures.ts';
import { type HostName, zoneName } from '../../model/ids.ts';
import type { Forecast, WaveForecast } from '../../model/plan.ts';
import { argOf, happens } from '../campaign/whether.ts';

/** Steps that say `left` of themselves when nobody gives them an undo. */
const UNDONE_BY_NOBODY = ['command', 'shell', 'script'];

export function lastingIn({ actions }: WaveForecast): readonly Left[] {
  const found = new Map<string, { readonly step: string; readonly why: string; readonly hosts: HostName[] }>();
  for (const action of actions) {
    const why = whyLeft(action);
    if (why === null || action.on === null) continue;
    const key = `${action.task} ${why}`;
    const one = found.get(key) ?? { step: action.step, why, hosts: [] };
    if (!one.hosts.includes(action.on)) one.hosts.push(action.on);
    found.set(key, one);
  }
  return [...found.values()];
}

function whyLeft(action: Forecast): string | null {
  if (!happens(action) || action.wayBack !== '') return null;
  const name = action.name === '' || action.name === action.step ? '' : ` "${action.name}"`;
  if (action.step === 'be.destroy') return `be.destroy${name}: a boot environment can't be made again`;
  if (UNDONE_BY_NOBODY.includes(action.step) && argOf(action, 'reads') !== true)
    return `${action.step}${name}: it has no undo`;
  return null;
}

export function buildsIn({ actions }: WaveForecast, facts: Readonly<Record<HostName, Facts>>): readonly Build[] {
  return actions.flatMap(action => {
    const name = argOf(action, 'be_name');
    const builds = action.step === 'be.update' || action.step === 'be.create';
    if (!builds || !happens(action) || action.on === null) return [];
    return [buildOn(action.on, typeof name === 'string' ? name : '(known later)', facts[action.on])];
  });
}

function buildOn(host: HostName, name: string, facts: Facts | undefined): Build {
  const zones = facts?.zones.is === 'known' ? facts.zones.value : [];
  const native = zones.filter(
    ({ brand, state }) => brand === 'solaris' && (state === 'running' || state === 'installed'),
  );
  const running = facts?.be.is === 'known' ? facts.be.value.names.find(one => one.name === activeIn(facts)) : undefined;
  return {
    ...{ host, name, freeBytes: freeOn(facts), systemBytes: running?.spaceBytes ?? null },
    zones: native.map(zone => zoneName(zone.name)),
  };
}

const activeIn = ({ be }: Facts): string => (be.is === 'known' ? be.value.active : '');

/** The pool that hosts boot from is called so unless somebody installed them otherwise. */
const BOOT_POOL = 'rpool';

function freeOn(facts: Facts | undefined): number | null {
  if (facts === undefined || facts.pools.is === 'unknown') return null;
  return facts.pools.value.find(pool => pool.name === BOOT_POOL)?.freeBytes ?? null;
}
