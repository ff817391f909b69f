// Where every zone of interest is now, judged by what each host itself says of it. Exit statuses and old journals are
// never asked. It only judges; census.ts does the asking.
import type { ZoneState } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';

/** What one host says of one zone. */
export interface Sighting {
  readonly state: ZoneState;
  /** Empty when there is none. */
  readonly aux: string;
  readonly brand: string;
}

/** What one host says of all its zones, the global one left out. */
export type Census = ReadonlyMap<string, Sighting>;

export type Censuses = ReadonlyMap<HostName, Census>;

export type Place =
  | { readonly is: 'at'; readonly host: HostName; readonly state: ZoneState; readonly aux: string }
  /** In flight, or just arrived and not yet let go on the other side. */
  | { readonly is: 'moving'; readonly text: string }
  /** More than a shell on two hosts: nobody may touch it. */
  | { readonly is: 'twice'; readonly text: string }
  /** No host of interest has more than a shell of it. */
  | { readonly is: 'nowhere'; readonly text: string };

/** A zone with a kernel of its own: it can move while it runs. */
export const isKernelZone = ({ brand }: { readonly brand: string }): boolean => brand === 'solaris-kz';

const UP: readonly ZoneState[] = ['running', 'ready', 'shutting_down', 'down'];

const isMigrating = (sighting: Sighting): boolean => sighting.aux.startsWith('migrating');

/** A zone whose configuration alone is left is `configured`: nothing of it can run there. */
export const isShell = (sighting: Sighting | undefined): boolean =>
  sighting === undefined || sighting.state === 'configured';

export function placeOf(zone: string, censuses: Censuses): Place {
  const seen = [...censuses].flatMap(([host, census]) => {
    const sighting = census.get(zone);
    return sighting === undefined ? [] : [{ host, sighting }];
  });
  const text = seen.map(({ host, sighting }) => `${sightingText(sighting)} on ${host}`).join(', ');
  if (seen.some(({ sighting }) => isMigrating(sighting))) return { is: 'moving', text: `${zone} is ${text}` };
  const present = seen.filter(({ sighting }) => !isShell(sighting));
  const [only, second] = present;
  if (only === undefined)
    return { is: 'nowhere', text: `${zone} is ${text || 'not known'} (looked on ${[...censuses.keys()].join(', ')})` };
  if (second !== undefined) return { is: 'twice', text: `${zone} is ${text}` };
  return { is: 'at', host: only.host, state: only.sighting.state, aux: only.sighting.aux };
}

export const isUp = (state: ZoneState): boolean => UP.includes(state);

export function sightingText(sighting: Sighting | undefined): string {
  if (sighting === undefined) return 'absent';
  return sighting.aux === '' ? sighting.state : `${sighting.state}/${sighting.aux}`;
}
