// Zones that are up on two hosts: the same by shared storage, whatever they are called. Zones of one name on disks of
// their own are two zones; one whose configuration isn't known has nothing to compare, and row 9 keeps it here. Pure.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import { parseSuri } from '../solaris/suri.ts';

export interface Copy {
  readonly zone: string;
  readonly host: string;
}

type Fleet = Readonly<Record<HostName, Facts>>;

/** More than a configuration; an `unavailable` one is an old index entry of a zone that is up elsewhere. */
const UP: readonly string[] = ['installed', 'running', 'ready', 'shutting_down', 'down'];

/** By what a zone is known, on each host where it is up. */
type Index = ReadonlyMap<string, readonly Copy[]>;

/** Made once for a look at the fleet: each host of a large one asks. */
const indexes = new WeakMap<Fleet, Index>();

/** Other hosts on which a zone of this one is up too. */
export function copiesOf(here: Facts, fleet: Fleet): readonly Copy[] {
  const index = indexOf(fleet);
  const found = zonesUp(here).flatMap(zone =>
    marksOf(zone).flatMap(mark =>
      (index.get(mark) ?? []).filter(({ host }) => host !== here.host).map(({ host }) => ({ zone: zone.name, host })),
    ),
  );
  return found.filter((one, n) => found.findIndex(({ zone, host }) => zone === one.zone && host === one.host) === n);
}

/** In words, from the facts of two hosts as they are now. */
export function twiceUp(here: Facts, there: Facts): readonly { readonly text: string }[] {
  if (there.zones.is === 'unknown') return [{ text: `${there.host}: its zones can't be told: ${there.zones.why}` }];
  return zonesUp(here).flatMap(zone =>
    zonesUp(there)
      .filter(other => marksOf(zone).some(mark => marksOf(other).includes(mark)))
      .map(other => {
        const name = other.name === zone.name ? '' : `, as ${other.name},`;
        return {
          text: `zone ${zone.name} is ${zone.state} on ${here.host} and${name} ${other.state} on ${there.host}`,
        };
      }),
  );
}

function indexOf(fleet: Fleet): Index {
  const known = indexes.get(fleet);
  if (known !== undefined) return known;
  const index = new Map<string, Copy[]>();
  for (const facts of Object.values(fleet))
    for (const zone of zonesUp(facts))
      for (const mark of marksOf(zone)) {
        const copy = { zone: zone.name, host: facts.host };
        const others = index.get(mark);
        if (others === undefined) index.set(mark, [copy]);
        else others.push(copy);
      }
  indexes.set(fleet, index);
  return index;
}

const zonesUp = ({ zones }: Facts): readonly ZoneFacts[] =>
  zones.is === 'known' ? zones.value.filter(({ state }) => UP.includes(state)) : [];

/** What two zones must have in common to be one: storage that both hosts reach. */
function marksOf({ configuration }: ZoneFacts): readonly string[] {
  if (configuration.is === 'unknown') return [];
  return configuration.value.storage.flatMap(text => {
    const suri = parseSuri(text);
    return suri.is === 'shared' ? [suri.key] : [];
  });
}
