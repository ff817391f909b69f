// Whose zones a plan moves or takes down: by the contact that the inventory names for each zone.
import type { Told, WaveFigures } from '../../model/figures.ts';
import type { ZoneName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { grouped } from '../../text/grouped.ts';

/** Empty when nobody is named for any of them. */
export function toldOf({ waves, zoneRules }: Plan, figures: readonly WaveFigures[]): readonly Told[] {
  const moving = unique(waves.flatMap(({ plan }) => plan.migrations.map(({ zone }) => zone)));
  const down = unique(figures.flatMap(wave => wave.down.map(({ zone }) => zone)));
  if (zoneRules.every(({ contact }) => contact === null)) return [];
  const contactOf = new Map(
    unique([...moving, ...down]).map(zone => [zone, ruleFor(zoneRules, zone)?.contact ?? null]),
  );
  const named = [...grouped([...contactOf], ([, contact]) => contact ?? '')].map(([, all]): Told => {
    const theirs = new Set(all.map(([zone]) => zone));
    const contact = all[0]?.[1] ?? null;
    return { contact, moving: moving.filter(zone => theirs.has(zone)), down: down.filter(zone => theirs.has(zone)) };
  });
  return named.sort((a, b) => Number(a.contact === null) - Number(b.contact === null));
}

const unique = (zones: readonly ZoneName[]): readonly ZoneName[] => [...new Set(zones)];
