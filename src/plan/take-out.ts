// Whether hosts can be taken out together, and where everything goes: the question of a wave without any playbook. The
// same planner as in a plan; here with how good its answer is.
import type { ExactSolver } from '../model/exact-solver.ts';
import type { Facts } from '../model/facts.ts';
import type { HostRoom, Told } from '../model/figures.ts';
import type { HostSettings } from '../model/host-variable.ts';
import type { HostName, ZoneName } from '../model/ids.ts';
import type { SaidOfZones } from '../model/inventory.ts';
import type { Migration, Relocation, Shortfall, Staying, WavePlan } from '../model/plan.ts';
import { counted } from '../text/fit.ts';
import { bytesText } from '../text/size.ts';
import type { Evacuation } from './place/departures.ts';
import { toldOf } from './figures/contacts.ts';
import { Rooms } from './figures/figures.ts';
import { preferencesFor } from './place/preference.ts';
import { planWaveFrom, type WaveQuestion } from './waves/wave-plan.ts';
import { withWaysOut } from './shortfall/ways-out.ts';
import { withoutZone, withZone } from './place/world.ts';

export interface TakeOut {
  readonly hosts: readonly HostName[];
  readonly facts: Readonly<Record<HostName, Facts>>;
  readonly evacuation: Evacuation;
  readonly rules: readonly SaidOfZones[];
  readonly settings: (host: HostName) => HostSettings;
  /** The exact pass; absent: nobody asked for it. */
  readonly exact?: ExactSolver;
}

/** How far from the best the answer can be at most. */
export interface Goodness {
  readonly of: 'use' | 'destinations';
  readonly value: number;
  readonly least: number;
  readonly how: string;
}

export type TakenOut =
  | {
      readonly is: 'yes';
      /** Zones of other hosts that would have to go first, in this order; only with `makeRoom`. */
      readonly first: readonly Relocation[];
      readonly plan: WavePlan;
      readonly rooms: readonly HostRoom[];
      readonly goodness: Goodness;
      /** Zones that run and don't leave. */
      readonly down: readonly ZoneName[];
      /** By contact, those without one last; empty when the rules name nobody. */
      readonly told: readonly Told[];
    }
  | { readonly is: 'no'; readonly shortfall: Shortfall };

const WAVE = { play: 1, n: 1 };

function questionOf({ evacuation, ...asked }: TakeOut): WaveQuestion {
  return { ...asked, wave: WAVE, evacuation: () => evacuation, preferences: preferencesFor('home') };
}

/** @param makeRoom zones of other hosts may be asked to go first, which no run does by itself. */
export function takeOut(asked: TakeOut, makeRoom: boolean): TakenOut {
  const planned = planWaveFrom(questionOf(asked));
  if (planned.is === 'planned') return yes(asked, planned.plan, []);
  const shortfall = withWaysOut(questionOf(asked), planned);
  const first = shortfall.ways.flatMap(way => (way.is === 'move-first' ? way.moves : []));
  if (!makeRoom || first.length === 0) return { is: 'no', shortfall };
  const facts = first.reduce(afterMove, asked.facts);
  const again = planWaveFrom(questionOf({ ...asked, facts }));
  if (again.is === 'shortfall') return { is: 'no', shortfall };
  return yes({ ...asked, facts }, again.plan, first);
}

function yes(asked: TakeOut, plan: WavePlan, first: readonly Relocation[]): TakenOut {
  const down = plan.staying.filter(one => isRunning(asked, one)).map(({ zone }) => zone);
  const moving = [...first, ...plan.migrations].map(({ zone }) => zone);
  return { is: 'yes', first, plan, ...judged(asked, plan), down, told: toldOf({ moving, down }, asked.rules) };
}

function isRunning({ facts }: TakeOut, { zone, host }: Staying): boolean {
  const zones = facts[host]?.zones;
  return zones?.is === 'known' && zones.value.some(one => one.name === zone && one.state === 'running');
}

function afterMove(facts: TakeOut['facts'], { zone, from, to }: Relocation): TakeOut['facts'] {
  const [source, destination] = [facts[from], facts[to]];
  const moving = source?.zones.is === 'known' ? source.zones.value.find(one => one.name === zone) : undefined;
  if (source === undefined || destination === undefined || moving === undefined) return facts;
  return { ...facts, [from]: withoutZone(source, moving), [to]: withZone(destination, moving) };
}

function judged(asked: TakeOut, plan: WavePlan): { readonly rooms: readonly HostRoom[]; readonly goodness: Goodness } {
  const reserveBytes = (host: HostName): number | null => asked.settings(host).reserveBytes;
  const all = new Rooms(asked.facts, reserveBytes);
  const rooms = all.through({ plan }, () => true);
  const left = all.all().filter(({ host }) => !asked.hosts.includes(host));
  const pack = asked.evacuation.placement === 'pack';
  return { rooms, goodness: pack ? fewestHosts(left, plan.migrations) : leastUse(left, rooms, plan.migrations) };
}

interface Taken {
  readonly host: HostName;
  readonly taken: number;
  readonly total: number;
}

/** Of memory; processors are looked at by the planner, and are not part of this bound. */
function leastUse(left: readonly Taken[], rooms: readonly HostRoom[], migrations: readonly Migration[]): Goodness {
  const during = new Map(rooms.map(room => [room.host, room.during]));
  const value = Math.max(0, ...left.map(({ host, taken, total }) => (during.get(host) ?? taken) / total));
  const sum = (pick: (one: Taken) => number): number => left.reduce((all, one) => all + pick(one), 0);
  const moved = migrations.reduce((all, { bytes }) => all + bytes, 0);
  const bounds = [
    {
      least:
        (sum(one => one.taken) + moved) /
        Math.max(
          1,
          sum(one => one.total),
        ),
      how: 'that is the mean of the hosts that stay: one of them has at least as much',
    },
    ...left.map(({ host, taken, total }) => ({ least: taken / total, how: `${host} is that full now` })),
    ...migrations.map(({ zone, bytes }) => ({
      least: Math.min(...left.map(({ taken, total }) => (taken + bytes) / total)),
      how: `wherever ${zone} (${bytesText(bytes)}) goes, that host is at least that full`,
    })),
  ];
  const best = bounds.reduce((a, b) => (b.least > a.least ? b : a));
  return { of: 'use', value, ...best };
}

function fewestHosts(left: readonly Taken[], migrations: readonly Migration[]): Goodness {
  const value = new Set(migrations.map(one => one.to)).size;
  const free = left.map(({ taken, total }) => total - taken).sort((a, b) => b - a);
  let missing = migrations.reduce((all, { bytes }) => all + bytes, 0);
  let least = 0;
  while (missing > 0 && least < free.length) {
    missing -= free[least] ?? 0;
    least += 1;
  }
  return {
    of: 'destinations',
    value,
    least,
    how: `the ${counted(least, 'host')} with the most room could hold it all, cut up`,
  };
}
