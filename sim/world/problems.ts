// The laws of the world, asked after every transition in tests: no zone on two hosts, no host over its memory, no
// running zone gone without somebody having stopped it, nothing forced.
import { activeBe } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { memoryFree } from './memory.ts';
import type { Host } from './state.ts';
import { holds, otherHolder } from './zones.ts';

const runsHere = (host: Host, zone: string): boolean => {
  const live = host.live.get(zone);
  return live !== undefined && live.aux !== 'migrating-in';
};

export function hostsRunning(fleet: Fleet, zone: string): readonly string[] {
  return [...fleet.hosts.values()].filter(h => runsHere(h, zone)).map(h => h.name);
}

/** Hosts that say a zone is theirs (running or installed with its storage). */
export function hostsOf(fleet: Fleet, zone: string): readonly string[] {
  return [...fleet.hosts.values()].filter(h => runsHere(h, zone) || installedHere(fleet, h, zone)).map(h => h.name);
}

function installedHere(fleet: Fleet, host: Host, zone: string): boolean {
  const entry = activeBe(host).index.get(zone);
  return entry !== undefined && entry.state === 'installed' && holds(fleet, host, entry.config);
}

/** Where each zone is, over the whole fleet in one pass. */
function places(fleet: Fleet): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const host of fleet.hosts.values()) {
    for (const zone of new Set([...activeBe(host).index.keys(), ...host.live.keys()])) {
      if (runsHere(host, zone) || installedHere(fleet, host, zone))
        found.set(zone, [...(found.get(zone) ?? []), host.name]);
    }
  }
  return found;
}

/** Zones that are installed here by the index while another host holds their storage, and no fault made it so. */
function claims(fleet: Fleet, host: Host): readonly string[] {
  const entries = [...activeBe(host).index.values()].filter(z => z.state === 'installed' && !z.stale);
  return entries.flatMap(zone => {
    const holder = otherHolder(fleet, host, zone.config);
    return holder === null ? [] : [`zone ${zone.name} is installed on ${host.name} and held by ${holder.host}`];
  });
}

/** What may never be, in words; empty when all is well. */
export function worldProblems(fleet: Fleet): readonly string[] {
  const problems = [...fleet.incidents];
  for (const [zone, on] of places(fleet)) {
    if (on.length > 1) problems.push(`zone ${zone} is on ${on.join(' and ')}`);
  }
  for (const host of fleet.hosts.values()) {
    const free = memoryFree(host);
    problems.push(...claims(fleet, host));
    if (free < 0) problems.push(`host ${host.name} is over its memory by ${-free} bytes`);
  }
  const running = new Set([...fleet.hosts.values()].flatMap(h => [...h.live.keys()].filter(zone => runsHere(h, zone))));
  for (const zone of fleet.shouldRun) {
    if (!running.has(zone)) problems.push(`zone ${zone} ran and is gone, and nobody stopped it`);
  }
  return problems;
}

/** Zones that ran when the fleet was made and don't run now, each with where it is; not an error of the world. */
export function zonesDown(fleet: Fleet): readonly string[] {
  return [...fleet.ranAtStart].filter(zone => hostsRunning(fleet, zone).length === 0).sort();
}
