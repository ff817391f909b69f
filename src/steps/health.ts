// Conditions of a gate, as pure judgements of what was seen. No answer is neither healthy nor sick: a condition that
// can't be judged says so, and nobody concludes anything from it.
import type { Facts, Known, ZoneFacts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import { bytesText } from '../text/size.ts';
import { windowOf } from './window.ts';
import { isKernelZone } from './zone-places.ts';

export type Health =
  | { readonly is: 'healthy' }
  | { readonly is: 'sick'; readonly reasons: readonly string[] }
  | { readonly is: 'no-answer'; readonly why: string };

/** What the judgement of one host rests on. */
export interface Sight {
  readonly host: HostName;
  readonly facts: Facts;
  /** Of the hosts where this host's zones are. */
  readonly elsewhere: ReadonlyMap<HostName, Facts>;
  readonly ledger: Ledger;
  /** Zones that ran on this host when it was observed. */
  readonly ran: readonly string[];
  /** Services that were unwell already when the host was observed. */
  readonly unwellBefore: readonly string[];
  readonly floorBytes: number;
}

export const CONDITIONS = [
  'services',
  'pools',
  'rad',
  'zones_accounted',
  'zones_running',
  'closed_by_us',
  'no_running_kz',
  'no_migrations_in_flight',
  'nobody_at_work',
  'memory_floor',
] as const;
export type Condition = (typeof CONDITIONS)[number];

const JUDGES: Readonly<Record<Condition, (sight: Sight) => Health>> = {
  services,
  pools,
  rad,
  zones_accounted: zonesAccounted,
  zones_running: zonesRunning,
  closed_by_us: closedByUs,
  no_running_kz: noRunningKernelZone,
  no_migrations_in_flight: noMigrationsInFlight,
  nobody_at_work: nobodyAtWork,
  memory_floor: memoryFloor,
};

export function judge(conditions: readonly Condition[], sight: Sight): Health {
  return together(conditions.map(condition => named(condition, sight.host, JUDGES[condition](sight))));
}

/** One sick condition is enough; without one, a single missing answer leaves the whole open. */
export function together(healths: readonly Health[]): Health {
  const reasons = healths.flatMap(health => (health.is === 'sick' ? health.reasons : []));
  if (reasons.length > 0) return { is: 'sick', reasons };
  return healths.find(health => health.is === 'no-answer') ?? { is: 'healthy' };
}

function named(condition: Condition, host: HostName, health: Health): Health {
  if (health.is === 'healthy') return health;
  if (health.is === 'no-answer') return { is: 'no-answer', why: `${host}: ${condition}: ${health.why}` };
  return { is: 'sick', reasons: health.reasons.map(reason => `${host}: ${reason}`) };
}

function sickIf(reasons: readonly string[]): Health {
  return reasons.length === 0 ? { is: 'healthy' } : { is: 'sick', reasons };
}

function judged<T>(known: Known<T>, judge: (value: T) => Health): Health {
  return known.is === 'known' ? judge(known.value) : { is: 'no-answer', why: known.why };
}

// A zone's own service refuses to come up while its host is closed; zones are judged by their own conditions.
const isZoneService = (fmri: string) => fmri.includes('/system/zones/zone:');

function services({ facts, unwellBefore }: Sight): Health {
  return judged(facts.services, ({ maintenance, degraded, offline, inTransition }) => {
    const unwell = (state: string, fmris: readonly string[]) =>
      fmris
        .filter(fmri => !isZoneService(fmri) && !unwellBefore.includes(fmri))
        .map(fmri => `${fmri} is ${state}; svcs -xv ${fmri}`);
    return sickIf([
      ...unwell('in maintenance', maintenance),
      ...unwell('degraded', degraded),
      ...unwell('offline', offline),
      ...unwell('on its way to another state', inTransition),
    ]);
  });
}

function pools({ facts }: Sight): Health {
  return judged(facts.pools, all =>
    sickIf(all.filter(({ health }) => health !== 'ONLINE').map(({ name, health }) => `pool ${name} ${health}`)),
  );
}

function rad({ facts }: Sight): Health {
  return judged(facts.rad.local, state => sickIf(state === 'online' ? [] : [`RAD is ${state}; svcs -xv rad:local`]));
}

const MIDDLE_STATES: readonly string[] = ['unavailable', 'incomplete', 'ready', 'shutting_down', 'down'];

/** Zones that are away are a mere configuration here and up over there; those that stayed are here; none is half way. */
function zonesAccounted(sight: Sight): Health {
  const { host, ledger, facts } = sight;
  return judged(facts.zones, zones => {
    const away = ledger.away.filter(({ home }) => home === host);
    const here = (name: string) => zones.find(zone => zone.name === name);
    const shells = away.map(({ zone, at }): Health => {
      const state = here(zone)?.state ?? 'absent';
      return sickIf(state === 'configured' ? [] : [`${zone} is ${state} here, expected configured: it is on ${at}`]);
    });
    const over = away.map(({ zone, at, was }) => stateOn(sight, at, zone, was));
    const stayed = ledger.stayed
      .filter(stay => stay.host === host)
      .map(({ zone }) =>
        sickIf((here(zone)?.state ?? 'configured') === 'configured' ? [`${zone} is gone from here`] : []),
      );
    const others = zones.filter(({ name }) => name !== 'global' && !away.some(({ zone }) => zone === name));
    return together([...shells, ...over, ...stayed, ...others.map(halfWay)]);
  });
}

function halfWay({ name, state, aux }: ZoneFacts): Health {
  if (MIDDLE_STATES.includes(state)) return sickIf([`zone ${name} is ${state}`]);
  return judged(aux, text => sickIf(text.startsWith('migrating') ? [`zone ${name} is ${state}/${text}`] : []));
}

function stateOn({ elsewhere }: Sight, host: HostName, zone: string, wanted: string): Health {
  const facts = elsewhere.get(host);
  if (facts === undefined) return { is: 'no-answer', why: `${host}, where ${zone} is, wasn't seen` };
  return judged(facts.zones, zones => {
    const state = zones.find(({ name }) => name === zone)?.state ?? 'absent';
    return sickIf(state === wanted ? [] : [`zone ${zone} is ${state} on ${host}, expected ${wanted}`]);
  });
}

/** Zones that left this host for good in this very run; those of earlier ones weren't at home here when it was observed. */
export function leftForGood(ledger: Ledger, host: HostName, ran: readonly string[]): Ledger['stays'] {
  return ledger.stays.filter(one => one.host === host && ledger.window(one.run) === 'own' && ran.includes(one.zone));
}

/** A zone that ran runs: here, or on the host that the journal names. */
function zonesRunning(sight: Sight): Health {
  const { host, ledger, facts, ran } = sight;
  const away = ledger.away.filter(({ home }) => home === host);
  const stayed = ledger.stayed
    .filter(stay => stay.host === host && stay.was === 'running')
    .map(({ zone }) => String(zone));
  const gone = leftForGood(ledger, host, ran);
  const here = new Set([...ran, ...stayed].filter(name => ![...away, ...gone].some(({ zone }) => zone === name)));
  return together([
    ...gone.map(({ zone, at }) => stateOn(sight, at, zone, 'running')),
    ...away.filter(({ was }) => was === 'running').map(({ zone, at }) => stateOn(sight, at, zone, 'running')),
    judged(facts.zones, zones =>
      sickIf(
        [...here].flatMap(name => {
          const state = zones.find(zone => zone.name === name)?.state ?? 'absent';
          return state === 'running' ? [] : [`zone ${name} is ${state}, expected running`];
        }),
      ),
    ),
  ]);
}

function closedByUs({ facts, ledger }: Sight): Health {
  const window = windowOf(facts.maintenance, ledger);
  if (window.is === 'unknown') return { is: 'no-answer', why: window.why };
  if (window.is === 'ours') return { is: 'healthy' };
  return sickIf([window.is === 'open' ? 'the host is open' : window.why]);
}

function noRunningKernelZone({ facts }: Sight): Health {
  return judged(facts.zones, zones =>
    sickIf(
      zones
        .filter(zone => isKernelZone(zone) && !['configured', 'installed', 'incomplete'].includes(zone.state))
        .map(({ name, state }) => `kernel zone ${name} is ${state}`),
    ),
  );
}

function noMigrationsInFlight({ facts }: Sight): Health {
  const { record } = facts;
  if (record.is === 'unknown') return { is: 'no-answer', why: record.why };
  if (record.is === 'in-progress') return sickIf(['sysadm is evacuating or returning zones']);
  return judged(facts.zones, zones =>
    together(
      zones.map(({ name, aux }) =>
        judged(aux, text => sickIf(text.startsWith('migrating') ? [`zone ${name} is ${text}`] : [])),
      ),
    ),
  );
}

function nobodyAtWork({ facts }: Sight): Health {
  return judged(facts.atWork, lines => sickIf(lines.map(line => `at work: ${line}`)));
}

/** Free memory with what the ZFS cache would give back. */
function memoryFloor({ facts, floorBytes }: Sight): Health {
  const { freeBytes, arcBytes } = facts.memory;
  return judged(freeBytes, free =>
    judged(arcBytes, arc =>
      sickIf(free + arc >= floorBytes ? [] : [`${bytesText(free + arc)} free, expected ${bytesText(floorBytes)}`]),
    ),
  );
}
