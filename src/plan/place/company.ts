// Who may not run beside whom, and who must: what the rules of several zones say together. Whether there is room for
// all of them is asked elsewhere.
import type { Facts, ZoneFacts } from '../../model/facts.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import { meansZone, ruleFor } from '../../model/zone-rule.ts';

/** Of one zone, among those that there are. */
export interface Company {
  /** Never on one host with these. */
  readonly rivals: ReadonlySet<string>;
  /** Always on one host with these. */
  readonly mates: ReadonlySet<string>;
  /** Hosts where a mate runs that doesn't leave. */
  readonly anchors: readonly Anchor[];
}

export interface Anchor {
  readonly mate: string;
  readonly host: string;
}

export const ALONE: Company = { rivals: new Set(), mates: new Set(), anchors: [] };

export type CompanyOf = (zone: string) => Company;

/** Law: being apart is mutual, being together is mutual and carries on: whoever is with a mate of mine is with me. */
export function companyIn(rules: readonly SaidOfZones[], hosts: readonly Facts[], leaves: Leaves): CompanyOf {
  if (!rules.some(rule => rule.keepApart.length > 0 || rule.keepTogether.length > 0)) return () => ALONE;
  const names = [...new Set(hosts.flatMap(facts => zonesOf(facts).map(zone => zone.name)))].sort();
  const rivals = mutual(names, rules, 'keepApart');
  const mates = mutual(names, rules, 'keepTogether');
  return zone => {
    const together = closure(zone, mates);
    return { rivals: rivals.get(zone) ?? new Set(), mates: together, anchors: anchorsOf(together, hosts, leaves) };
  };
}

type Leaves = (zone: ZoneFacts, host: string) => boolean;

function mutual(names: readonly string[], rules: readonly SaidOfZones[], key: 'keepApart' | 'keepTogether') {
  const all = new Map<string, Set<string>>();
  const add = (one: string, other: string): void => {
    const set = all.get(one);
    if (set === undefined) all.set(one, new Set([other]));
    else set.add(other);
  };
  for (const name of names) {
    for (const said of ruleFor(rules, name)?.[key] ?? []) {
      for (const other of names.filter(one => one !== name && meansZone(said, one))) {
        add(name, other);
        add(other, name);
      }
    }
  }
  return all;
}

function closure(zone: string, mates: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>([zone]);
  for (const one of found) for (const mate of mates.get(one) ?? []) found.add(mate);
  found.delete(zone);
  return found;
}

function anchorsOf(mates: ReadonlySet<string>, hosts: readonly Facts[], leaves: Leaves): readonly Anchor[] {
  if (mates.size === 0) return [];
  return hosts.flatMap(facts =>
    zonesOf(facts)
      .filter(zone => zone.state === 'running' && mates.has(zone.name) && !leaves(zone, facts.host))
      .map(zone => ({ mate: zone.name, host: facts.host })),
  );
}

const zonesOf = (facts: Facts): readonly ZoneFacts[] => (facts.zones.is === 'known' ? facts.zones.value : []);
