// What a wave leaves behind, for the wave after it: its hosts as their own tasks leave them, and the zones where they went
// or at home again. Foreseen, never observed.
import { type Facts, known } from '../../model/facts.ts';
import { type HostName, hostName } from '../../model/ids.ts';
import type { WaveForecast, WavePlan } from '../../model/plan.ts';
import type { Guest } from './guests.ts';
import { shellOf, withoutZone, withZone } from '../place/world.ts';

export type FactsByHost = Readonly<Record<HostName, Facts>>;

/** What was foreseen on one host of the wave. */
interface Foreseen {
  readonly host: HostName;
  readonly facts: Facts | null;
  readonly actions: WaveForecast['actions'];
}

export function aftermath(plan: WavePlan, before: FactsByHost, foresights: readonly Foreseen[]): FactsByHost {
  const own = foresights.flatMap(({ host, facts, actions }) =>
    facts ? [[host, comesHome(actions) ? zonesBack(plan, facts, before[host]) : facts] as const] : [],
  );
  return arrivals(plan, { ...before, ...Object.fromEntries(own) });
}

/** Once the zones that earlier runs left away are home again. */
export function guestsHome(facts: FactsByHost, guests: readonly Guest[]): FactsByHost {
  const world: Record<HostName, Facts> = { ...facts };
  for (const { zone, home, at } of guests) {
    const [own, host] = [world[home], world[at]];
    const there = host?.zones.is === 'known' ? host.zones.value.find(({ name }) => name === zone) : undefined;
    if (own === undefined || host === undefined || there === undefined) continue;
    world[at] = withoutZone(host, there);
    world[home] = withZone(own, there);
  }
  return world;
}

/** The host's own tasks bring its zones home. Which of them, the step can't foresee: those that the wave sent away. */
export function comesHome(actions: WaveForecast['actions']): boolean {
  const left = actions.findIndex(action => action.step === 'zones.evacuate' && action.when.is !== 'no');
  const back = actions.findLastIndex(action => action.step === 'zones.return' && action.when.is !== 'no');
  return left >= 0 && back > left;
}

function zonesBack(plan: WavePlan, facts: Facts, before: Facts | undefined): Facts {
  if (before === undefined || before.zones.is === 'unknown') return facts;
  const away = new Set<string>(
    plan.migrations.filter(({ from, stays }) => from === facts.host && !stays).map(({ zone }) => zone),
  );
  const home = before.zones.value.filter(zone => away.has(zone.name));
  return home.reduce(withZone, facts);
}

/**
 * Zones that left and didn't return run at their destinations when the next wave begins; of those that did, their
 * configuration stays behind there.
 */
function arrivals(plan: WavePlan, facts: FactsByHost): FactsByHost {
  const world: Record<HostName, Facts> = { ...facts };
  for (const { zone, from, to } of plan.migrations) {
    const source = world[from];
    const destination = world[to];
    if (!source || !destination || source.zones.is === 'unknown') continue;
    const there = source.zones.value.find(one => one.name === zone);
    if (there === undefined) continue;
    const away = there.state === 'configured';
    const arrived = away
      ? { ...there, state: 'running' as const }
      : { ...shellOf(there), instanceTarget: known({ is: 'none' } as const) };
    world[hostName(destination.host)] = withZone(destination, arrived);
  }
  return world;
}
