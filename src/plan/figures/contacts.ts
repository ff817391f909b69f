// Whose zones are moved or taken down: by the contact that the inventory names for each zone.
import type { Told } from '../../model/figures.ts';
import type { ZoneName } from '../../model/ids.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { grouped } from '../../text/grouped.ts';

interface Concerned {
  readonly moving: readonly ZoneName[];
  readonly down: readonly ZoneName[];
}

/** Each zone once, however often it moves. Empty when nobody is named for any zone. */
export function toldOf(concerned: Concerned, rules: readonly SaidOfZones[]): readonly Told[] {
  if (rules.every(({ contact }) => contact === null)) return [];
  const [moving, down] = [unique(concerned.moving), unique(concerned.down)];
  const contactOf = new Map(unique([...moving, ...down]).map(zone => [zone, ruleFor(rules, zone)?.contact ?? null]));
  const named = [...grouped([...contactOf], ([, contact]) => contact ?? '')].map(([, all]): Told => {
    const theirs = new Set(all.map(([zone]) => zone));
    const contact = all[0]?.[1] ?? null;
    return { contact, moving: moving.filter(zone => theirs.has(zone)), down: down.filter(zone => theirs.has(zone)) };
  });
  return named.sort((a, b) => Number(a.contact === null) - Number(b.contact === null));
}

const unique = (zones: readonly ZoneName[]): readonly ZoneName[] => [...new Set(zones)];
