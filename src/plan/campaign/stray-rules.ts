// Rules of the inventory for zones that no host has: a name misspelt keeps nobody apart. Said with the plan.
import type { Facts } from '../../model/facts.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import { meansZone } from '../../model/zone-rule.ts';
import { nearest } from '../../text/nearest.ts';

/** @param hosts of the whole inventory; nothing is said as long as the zones of any aren't known: it may be there. */
export function strayRules(rules: readonly SaidOfZones[], hosts: readonly (Facts | null)[]): readonly string[] {
  const zones = hosts.flatMap(facts => (facts?.zones.is === 'known' ? [facts.zones.value] : []));
  if (zones.length < hosts.length) return [];
  const names = [...new Set(zones.flat().map(zone => zone.name))].sort();
  const isStray = (said: string): boolean => !names.some(name => meansZone(said, name));
  const perhaps = (said: string): string => {
    const near = nearest(said, names);
    return near === null ? '' : `; did you mean "${near}"?`;
  };
  const own = rules.filter(rule => isStray(rule.zone)).map(rule => rule.zone);
  const named = rules.flatMap(rule =>
    [...rule.keepApart, ...rule.keepTogether].filter(isStray).map(said => ({ said, zone: rule.zone })),
  );
  return [
    ...[...new Set(own)].map(
      said => `the inventory has rules for "${said}", and no host has such a zone${perhaps(said)}`,
    ),
    ...named.map(
      ({ said, zone }) => `the rules for "${zone}" name "${said}", and no host has such a zone${perhaps(said)}`,
    ),
  ];
}
