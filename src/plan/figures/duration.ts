// When each step of a wave begins and ends, as far as anybody can say before: migrations by their memory and the links
// they share, other steps by what they took before or are assumed to take. A forecast for people; nothing waits for it.
import { entryOf, type HostName, laneName, type TaskId } from '../../model/ids.ts';
import type { Forecast, Migration, WaveForecast } from '../../model/plan.ts';
import type { Play } from '../../model/program.ts';
import { tasksIn } from '../../model/scope.ts';
import { grouped } from '../../text/grouped.ts';
import { TRIAL } from './kind.ts';
import type { Lasting, Pace } from './pace.ts';
import { cutInto } from './seen.ts';
import type { Flow } from './transfer.ts';
import { argOf, happens } from '../campaign/whether.ts';

/** Milliseconds from the beginning of the wave. */
export interface Timed {
  readonly forecast: Forecast;
  readonly fromMs: number;
  readonly toMs: number;
  /** null: it moves zones, and that is worked out of their memory. */
  readonly lasting: Lasting | null;
}

export interface WaveTimes {
  readonly ms: number;
  readonly timed: readonly Timed[];
}

/** How the hosts of a wave go. */
export interface Gait {
  /** linear: a task begins when every host has left the one before. */
  readonly strategy: Play['strategy'];
  /** So many hosts are at work at once. */
  readonly forks: number;
  /** So many at once at one task; null: as many as there are. */
  readonly throttle: (task: TaskId) => number | null;
  /** Tasks to which all hosts come together, however they go. */
  readonly meet: ReadonlySet<TaskId>;
}

export function gaitOf(play: Play, forks: number): Gait {
  const tasks = play.sections.flatMap(section => section.entries.flatMap(tasksIn));
  const limits = new Map(tasks.flatMap(({ id, throttle }) => (throttle === null ? [] : [[id, throttle] as const])));
  const meet = new Set(tasks.flatMap(({ id, gate }) => (gate === undefined ? [] : [id])));
  return { strategy: play.strategy, forks, meet, throttle: task => limits.get(entryOf(task)) ?? null };
}

export function waveTimes({ plan, actions }: WaveForecast, gait: Gait, pace: Pace): WaveTimes {
  const lanes = new Map<string, number>();
  const timed: Timed[] = [];
  const turnsOf = byTask(actions);
  let barrier = 0;
  for (const [task, turns] of turnsOf) {
    const linear = gait.strategy === 'linear' || gait.meet.has(entryOf(task));
    const durations = durationsOf(turns, plan.migrations, pace);
    const most = Math.max(1, Math.min(gait.forks, gait.throttle(task) ?? gait.forks));
    // When each that may be at it at once is free again.
    const slots = linear && turns.length > most ? Array.from({ length: most }, () => barrier) : null;
    let last = barrier;
    turns.forEach((forecast, n) => {
      const lane = laneName(forecast.lane);
      const { ms, lasting } = durations[n] ?? NO_TIME;
      const fromMs = Math.max(
        lanes.get(lane) ?? 0,
        linear ? barrier : 0,
        slots === null || ms === 0 ? 0 : (slots[0] ?? 0),
      );
      const toMs = fromMs + ms;
      if (slots !== null && ms > 0) slots.splice(0, 1, toMs);
      slots?.sort((a, b) => a - b);
      lanes.set(lane, toMs);
      last = Math.max(last, toMs);
      timed.push({ forecast, fromMs, toMs, lasting });
    });
    barrier = last;
  }
  return { ms: barrier, timed };
}

/** Every host has a line for every task, skipped ones, too: the first that is met gives the order. */
function byTask(actions: readonly Forecast[]): ReadonlyMap<TaskId, readonly Forecast[]> {
  const turns = new Map<TaskId, Forecast[]>();
  for (const action of actions) {
    const own = turns.get(action.task) ?? [];
    turns.set(action.task, own);
    own.push(action);
  }
  return turns;
}

interface Duration {
  readonly ms: number;
  readonly lasting: Lasting | null;
}

const NO_TIME: Duration = { ms: 0, lasting: null };

function durationsOf(turns: readonly Forecast[], migrations: readonly Migration[], pace: Pace): readonly Duration[] {
  const leaving = grouped(migrations, one => one.from);
  const own = (turn: Forecast): readonly Migration[] => leaving.get(hostOf(turn) ?? '') ?? [];
  const lanes = turns.map(turn => (copies(turn) ? batchesOf(turn, own(turn)) : []));
  const copied = pace.copyMs(lanes);
  const atOnce = turns.filter(turn => takesTime(turn) && !copies(turn)).length;
  return turns.map((turn, n) => {
    if (!takesTime(turn)) return NO_TIME;
    if (copies(turn)) return { ms: copied[n] ?? 0, lasting: null };
    const lasting = pace.lasting({
      ...{ step: turn.step, args: name => argOf(turn, name), host: hostOf(turn), atOnce },
      changes: turn.expects === 'change',
    });
    const times = lasting.kind === TRIAL ? own(turn).length : 1;
    return { ms: times * lasting.ms, lasting: times === 0 ? null : lasting };
  });
}

const hostOf = ({ lane }: Forecast): HostName | null => (lane.is === 'host' ? lane.host : null);

/** A pause changes nothing, and that for as long as it says. */
const takesTime = (turn: Forecast): boolean => happens(turn) || (turn.step === 'pause' && turn.when.is !== 'no');

function copies(turn: Forecast): boolean {
  if (!happens(turn)) return false;
  return turn.step === 'zones.return' || (turn.step === 'zones.evacuate' && argOf(turn, 'dry_run') !== true);
}

/** In the order of the wave's migrations, as many at once as the task says. What stays where it went doesn't come home. */
function batchesOf(turn: Forecast, own: readonly Migration[]): readonly (readonly Flow[])[] {
  const home = turn.step === 'zones.return';
  const flows = own.flatMap(({ from, to, bytes, stays }): readonly Flow[] => {
    if (!home) return [{ from, to, bytes }];
    return stays ? [] : [{ from: to, to: from, bytes }];
  });
  const batch = argOf(turn, 'batch');
  return cutInto(flows, typeof batch === 'number' ? batch : null);
}
