// The figures of a plan: when what happens, what is down meanwhile, what room hosts have, behind what nothing goes back,
// and how good it is. Read from the plan alone; the plan is not changed by it.
import type { Facts } from '../../model/facts.ts';
import type { InWindow, PlanFigures, WaveFigures } from '../../model/figures.ts';
import { type HostName, hostName } from '../../model/ids.ts';
import { type Forecast, type Migration, type Plan, playOf, type WaveForecast } from '../../model/plan.ts';
import { roomOf } from '../../model/room.ts';
import { type Opening, openingAt, type Window } from '../../model/window.ts';
import { grouped } from '../../text/grouped.ts';
import { comesHome } from '../campaign/aftermath.ts';
import { bounds, type Leaver } from './bounds.ts';
import { CLOSES } from '../campaign/closings.ts';
import { toldOf } from './contacts.ts';
import { type Gait, gaitOf, type Timed, waveTimes } from './duration.ts';
import { downIn, noReturnsIn } from './outages.ts';
import { type Pace, stepsRestOn } from './pace.ts';
import { buildsIn, lastingIn } from './remains.ts';
import { happens } from '../campaign/whether.ts';

export interface FiguresInput {
  readonly plan: Plan;
  readonly pace: Pace;
  readonly reserveBytes: (host: HostName) => number | null;
}

export function figuresOf({ plan, pace, reserveBytes }: FiguresInput): PlanFigures {
  const rooms = new Rooms(plan.restsOn.facts, reserveBytes);
  let startMs = 0;
  let now = plan.at;
  const gaits = gaitsOf(plan);
  const timed: Timed[] = [];
  const waves = plan.waves.map((wave): WaveFigures => {
    const home = homecomers(wave);
    const times = waveTimes(wave, gaits(wave), pace);
    for (const one of times.timed) timed.push(one);
    const placed = inWindow(playOf(plan, wave.plan.wave).window, now, times.ms);
    const figures = {
      wave: wave.plan.wave,
      startMs,
      ms: times.ms,
      window: placed,
      rooms: rooms.through(wave, one => returns(one, home)),
      down: downIn(wave, times, plan.restsOn.facts),
      noReturn: noReturnsIn(wave, times, plan.restsOn.facts),
      left: lastingIn(wave),
      builds: buildsIn(wave, plan.restsOn.facts),
    };
    startMs += times.ms;
    now = (placed?.startAt ?? now) + times.ms;
    return figures;
  });
  return {
    waves,
    ms: startMs,
    bounds: bounds(questionOf({ plan, pace, reserveBytes }, startMs)),
    told: toldOf(concernedBy(plan, waves), plan.zoneRules),
    restsOn: restsOn(plan, timed, pace),
  };
}

const concernedBy = (plan: Plan, waves: readonly WaveFigures[]) => ({
  moving: plan.waves.flatMap(wave => wave.plan.migrations.map(({ zone }) => zone)),
  down: waves.flatMap(wave => wave.down.map(({ zone }) => zone)),
});

function gaitsOf(plan: Plan): (wave: WaveForecast) => Gait {
  const gaits = new Map(plan.program.plays.map(play => [play.number, gaitOf(play, plan.options.forks)] as const));
  return wave => gaits.get(wave.plan.wave.play) ?? gaitOf(playOf(plan, wave.plan.wave), plan.options.forks);
}

function restsOn({ waves }: Plan, timed: readonly Timed[], pace: Pace): readonly string[] {
  const moves = waves.some(({ plan }) => plan.migrations.length > 0);
  const steps = stepsRestOn(timed.flatMap(({ lasting }) => (lasting === null ? [] : [lasting])));
  return [...steps, ...(moves ? pace.copiesRestOn : [])];
}

/** The first start from `now` on at which a wave of this length may begin and is through before the window ends. */
function inWindow(window: Window | null, now: number, ms: number): InWindow | null {
  if (window === null) return null;
  let opening = openingAt(window, now);
  const latest = (one: Opening): number => Math.min(one.lastStartAt, one.endsAt - ms);
  const fits = latest(opening) >= opening.opensAt;
  if (Math.max(now, opening.opensAt) > latest(opening)) opening = openingAt(window, opening.endsAt);
  const startAt = Math.max(now, opening.opensAt);
  return { startAt, latestAt: latest(opening), fits, offsetMs: startAt - opening.opensAt };
}

/** By host of the wave, what is done in its own lane. */
const lanesOf = ({ actions }: WaveForecast): ReadonlyMap<string, readonly Forecast[]> =>
  grouped(
    actions.filter(action => action.lane.is === 'host'),
    ({ lane }) => (lane.is === 'host' ? lane.host : ''),
  );

/** Hosts of the wave whose own tasks bring their zones back. */
function homecomers(wave: WaveForecast): ReadonlySet<string> {
  return new Set([...lanesOf(wave)].flatMap(([host, actions]) => (comesHome(actions) ? [host] : [])));
}

const returns = ({ from, stays }: Migration, home: ReadonlySet<string>): boolean => !stays && home.has(from);

/** What is given away on each host, wave after wave. */
export class Rooms {
  readonly #taken = new Map<HostName, number>();
  readonly #total = new Map<HostName, number>();

  constructor(facts: Readonly<Record<HostName, Facts>>, reserveBytes: (host: HostName) => number | null) {
    for (const one of Object.values(facts)) {
      const host = hostName(one.host);
      const room = roomOf(one, reserveBytes(host));
      if (room.is === 'unknown') continue;
      this.#taken.set(host, room.value.takenBytes);
      this.#total.set(host, room.value.totalBytes);
    }
  }

  all(): readonly { readonly host: HostName; readonly taken: number; readonly total: number }[] {
    return [...this.#total].map(([host, total]) => ({ host, total, taken: this.#taken.get(host) ?? 0 }));
  }

  through({ plan }: Pick<WaveForecast, 'plan'>, returns: (migration: Migration) => boolean): WaveFigures['rooms'] {
    const touched = [...new Set(plan.migrations.flatMap(({ from, to }) => [from, to]))];
    return touched.flatMap(host => {
      const [before, totalBytes] = [this.#taken.get(host), this.#total.get(host)];
      if (before === undefined || totalBytes === undefined) return [];
      const shift = (moves: readonly Migration[]): number =>
        moves.reduce((sum, { from, to, bytes }) => sum + (to === host ? bytes : 0) - (from === host ? bytes : 0), 0);
      const during = before + shift(plan.migrations);
      const after = before + shift(plan.migrations.filter(one => !returns(one)));
      this.#taken.set(host, after);
      return [{ host, totalBytes, before, during, after }];
    });
  }
}

function questionOf({ plan, pace, reserveBytes }: FiguresInput, ms: number): Parameters<typeof bounds>[0] {
  const gaits = gaitsOf(plan);
  const homes = homesOf(plan);
  const leavers = new Map<string, Leaver>();
  const moved = { migrations: 0, bytes: 0 };
  for (const wave of plan.waves) {
    const comers = homecomers(wave);
    for (const one of wave.plan.migrations) {
      const comes = returns(one, comers);
      moved.migrations += comes ? 2 : 1;
      moved.bytes += comes ? 2 * one.bytes : one.bytes;
      const home = homes.get(one.zone)?.length === 1 ? (homes.get(one.zone)?.[0] ?? one.from) : one.from;
      const key = `${one.zone} ${home}`;
      if (!leavers.has(key)) leavers.set(key, { zone: one.zone, home, bytes: one.bytes, returns: comes });
    }
  }
  const emptied = plan.waves.filter(wave => wave.actions.some(takesOut));
  const said = plan.program.plays.flatMap(play => (play.maxOut === null ? [] : [play.maxOut]));
  return {
    leavers: [...leavers.values()],
    moved,
    out: emptied.flatMap(wave => outIn(wave, gaits(wave), pace)),
    waves: emptied.length,
    maxOut: said.length === 0 ? null : Math.min(...said),
    ms,
    ...capacityOf(plan, [...leavers.values()], reserveBytes),
  };
}

const OUT = [...CLOSES, 'zones.evacuate'];

const takesOut = (action: Forecast): boolean => OUT.includes(action.step) && happens(action);

/** Hosts of a wave that go out, each with what it would take with all links to itself. */
function outIn(wave: WaveForecast, gait: Gait, pace: Pace): Parameters<typeof bounds>[0]['out'] {
  const lanes = lanesOf(wave);
  const leaving = grouped(wave.plan.migrations, one => one.from);
  return wave.plan.hosts.flatMap(host => {
    const actions = lanes.get(host) ?? [];
    if (!actions.some(takesOut)) return [];
    const alone = { plan: { ...wave.plan, migrations: leaving.get(host) ?? [] }, actions };
    return [{ host, aloneMs: waveTimes(alone, gait, pace).ms }];
  });
}

/** Where each zone is before the first wave. */
function homesOf(plan: Plan): ReadonlyMap<string, readonly HostName[]> {
  const homes = new Map<string, HostName[]>();
  for (const facts of Object.values(plan.restsOn.facts))
    for (const zone of facts.zones.is === 'known' ? facts.zones.value : [])
      if (zone.state !== 'configured') homes.set(zone.name, [...(homes.get(zone.name) ?? []), hostName(facts.host)]);
  return homes;
}

/** Memory for zones on every host, and what has to fit there while others are out: zones that never leave count only where their host stays up. */
function capacityOf(plan: Plan, leavers: readonly Leaver[], reserveBytes: (host: HostName) => number | null) {
  const out = new Set(plan.waves.flatMap(wave => wave.plan.hosts));
  const rooms = Object.values(plan.restsOn.facts).map(facts => ({
    host: hostName(facts.host),
    room: roomOf(facts, reserveBytes(hostName(facts.host))),
    reserve: roomOf({ ...facts, zones: { is: 'known', value: [] } }, reserveBytes(hostName(facts.host))),
  }));
  let demand = leavers.reduce((sum, one) => sum + one.bytes, 0);
  const room: { readonly host: HostName; readonly bytes: number }[] = [];
  for (const one of rooms) {
    if (one.room.is === 'unknown' || one.reserve.is === 'unknown') return { room: null, demand };
    room.push({ host: one.host, bytes: one.reserve.value.freeBytes });
    if (!out.has(one.host)) demand += one.room.value.takenBytes - one.reserve.value.takenBytes;
  }
  return { room, demand };
}
