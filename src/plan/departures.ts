// Which zones of a host leave when it is emptied, which stay, and which stand in the way: told before anything is touched.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import { hostName, zoneName } from '../model/ids.ts';
import type { Staying } from '../model/plan.ts';

/** What `zones.evacuate` was asked to do. */
export interface Evacuation {
  /** `all`: installed zones too, cold. */
  readonly which: 'running' | 'all';
  readonly native: 'stay' | 'stop' | 'move';
  /** `as_set`: where the operator's `evacuation/target` says. */
  readonly placement: 'spread' | 'as_set';
}

export interface Departures {
  readonly leaving: readonly ZoneFacts[];
  readonly staying: readonly Staying[];
  /** Zones that should leave and can't, with the reason. */
  readonly bound: readonly Staying[];
}

type Fate = { readonly is: 'leaves' } | { readonly is: 'stays' | 'bound'; readonly why: string };

export function departures(facts: Facts, evacuation: Evacuation): Departures {
  if (facts.zones.is === 'unknown') return { leaving: [], staying: [], bound: [] };
  const fates = facts.zones.value
    .filter(zone => zone.name !== 'global' && zone.state !== 'configured')
    .map(zone => ({ zone, fate: fateOf(zone, evacuation) }));
  const told = (is: 'stays' | 'bound'): readonly Staying[] =>
    fates.flatMap(({ zone, fate }) =>
      fate.is === is ? [{ zone: zoneName(zone.name), host: hostName(facts.host), why: fate.why }] : [],
    );
  return {
    leaving: fates.filter(({ fate }) => fate.is === 'leaves').map(({ zone }) => zone),
    staying: told('stays'),
    bound: told('bound'),
  };
}

function fateOf(zone: ZoneFacts, evacuation: Evacuation): Fate {
  if (zone.state === 'installed') return installedFate(zone, evacuation);
  if (zone.state !== 'running') return { is: 'bound', why: `it is ${zone.state}` };
  if (zone.brand === 'solaris-kz') return movableFate(zone);
  if (evacuation.native === 'move')
    return {
      is: 'bound',
      why: `a running ${zone.brand} zone can't move live: shut it down first, or let it stay (native: stay)`,
    };
  const then =
    evacuation.native === 'stop'
      ? 'is shut down before the evacuation'
      : 'goes down with the host and is started again';
  return { is: 'stays', why: `a running ${zone.brand} zone can't move live: it ${then}` };
}

function installedFate(zone: ZoneFacts, evacuation: Evacuation): Fate {
  if (evacuation.which === 'running') return { is: 'stays', why: 'it is installed and not running' };
  if (zone.brand !== 'solaris-kz' && evacuation.native !== 'move')
    return { is: 'stays', why: `${zone.brand} zones stay (native: ${evacuation.native})` };
  return movableFate(zone);
}

function movableFate(zone: ZoneFacts): Fate {
  if (zone.aux.is === 'known' && zone.aux.value !== '')
    return { is: 'bound', why: `it is ${zone.state}/${zone.aux.value}` };
  if (zone.configuration.is === 'unknown')
    return { is: 'bound', why: `its configuration isn't known: ${zone.configuration.why}` };
  const { movable } = zone.configuration.value;
  switch (movable.is) {
    case 'movable':
      return { is: 'leaves' };
    case 'bound':
      return { is: 'bound', why: movable.reasons.join('; ') };
    case 'unknown':
      return { is: 'bound', why: `nobody can say if it can move: ${movable.why}` };
  }
}
