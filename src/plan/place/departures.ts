// Which zones of a host leave when it is emptied, which stay, and which stand in the way: told before anything is touched.
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import { hostName, zoneName } from '../../model/ids.ts';
import type { ZoneRule } from '../../model/inventory.ts';
import type { Staying } from '../../model/plan.ts';
import { never } from '../../text/never.ts';

/** What `zones.evacuate` was asked to do. */
export interface Evacuation {
  /** `all`: installed zones too, cold. */
  readonly which: 'running' | 'all';
  readonly native: 'stay' | 'stop' | 'move';
  /** `spread`: the host used most is used least; `pack`: as few hosts as can be; `as_set`: where `evacuation/target` says. */
  readonly placement: 'spread' | 'pack' | 'as_set';
}

export interface Departures {
  readonly leaving: readonly ZoneFacts[];
  readonly staying: readonly Staying[];
  /** Zones that should leave and can't, with the reason. */
  readonly bound: readonly Staying[];
}

type Fate = { readonly is: 'leaves' } | { readonly is: 'stays' | 'bound'; readonly why: string };

/** What counts for each zone beside its facts. */
export interface Said {
  /** What the inventory says of it; null: nothing. */
  readonly rule: (zone: string) => ZoneRule | null;
  /** Another host where the very same zone is up, too; null: none. */
  readonly alsoUp: (zone: ZoneFacts, host: string) => string | null;
}

const NOTHING_SAID: Said = { rule: () => null, alsoUp: () => null };

export function departures(facts: Facts, evacuation: Evacuation, said: Said = NOTHING_SAID): Departures {
  if (facts.zones.is === 'unknown') return { leaving: [], staying: [], bound: [] };
  const fates = facts.zones.value
    .filter(zone => zone.name !== 'global' && zone.state !== 'configured')
    .map(zone => ({ zone, fate: fateIn(facts.host, zone, evacuation, said) }));
  const host = hostName(facts.host);
  const told = (is: 'stays' | 'bound'): readonly Staying[] =>
    fates.flatMap(({ zone, fate }) =>
      fate.is === is ? [{ zone: zoneName(zone.name), host, why: fate.why, ruled: ruledOf(said.rule(zone.name)) }] : [],
    );
  return {
    leaving: fates.filter(({ fate }) => fate.is === 'leaves').map(({ zone }) => zone),
    staying: told('stays'),
    bound: told('bound'),
  };
}

function ruledOf(rule: ZoneRule | null): Staying['ruled'] {
  if (rule?.stays) return 'stay';
  return rule?.native === 'stop' || rule?.native === 'stay' ? rule.native : null;
}

/** By the zone itself first, then by what the inventory adds for one that would leave. */
function fateIn(host: string, zone: ZoneFacts, evacuation: Evacuation, said: Said): Fate {
  const rule = said.rule(zone.name);
  const up = zone.state === 'running' || zone.state === 'installed';
  if (rule !== null && up) {
    const ruled = ruledFate(host, zone, rule);
    if (ruled !== null) return ruled;
  }
  const fate = fateOf(zone, { ...evacuation, native: rule?.native ?? evacuation.native });
  if (fate.is !== 'leaves') return fate;
  const twin = said.alsoUp(zone, host);
  if (twin !== null)
    return { is: 'bound', why: `it is up on ${twin} too, with the same storage: find out which is right` };
  if (rule?.pin === host)
    return { is: 'bound', why: 'it is pinned to this host: shut it down first, or say that it stays (stays: yes)' };
  return fate;
}

function ruledFate(host: string, zone: ZoneFacts, rule: ZoneRule): Fate | null {
  const running = zone.state === 'running';
  if (rule.stays)
    return {
      is: 'stays',
      why: running ? 'the inventory says so: it goes down with the host and is started again' : 'the inventory says so',
    };
  if (rule.managedBy === null) return null;
  return running
    ? { is: 'bound', why: `${rule.managedBy} moves it, we never do: have it moved away from ${host} first` }
    : { is: 'stays', why: `${rule.managedBy} moves it, we never do` };
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
    default:
      return never(movable);
  }
}
