// When each step of a wave begins and ends, as far as anybody can say before: migrations by their memory and the links
// they share, other steps by what they took before or are assumed to take. A forecast for people; nothing waits for it.
import { type HostName, laneName } from '../model/ids.ts';
import type { Forecast, Migration, WaveForecast } from '../model/plan.ts';
import type { Play } from '../model/program.ts';
import type { Pace } from './pace.ts';
import { type Flow, transferMs } from './transfer.ts';
import { argOf, happens } from './whether.ts';

/** Milliseconds from the beginning of the wave. */
export interface Timed {
  readonly forecast: Forecast;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WaveTimes {
  readonly ms: number;
  readonly timed: readonly Timed[];
}

/** Of one zone tried on its destination, nothing copied. Ours, not measured. */
const TRIAL_MS = 20_000;

/** @param strategy linear: a task begins when every host has left the one before. */
export function waveTimes({ plan, actions }: WaveForecast, strategy: Play['strategy'], pace: Pace): WaveTimes {
  const lanes = new Map<string, number>();
  const timed: Timed[] = [];
  let barrier = 0;
  for (const task of tasksInOrder(actions)) {
    const turns = actions.filter(action => action.task === task);
    const durations = durationsOf(turns, plan.migrations, pace);
    let last = barrier;
    turns.forEach((forecast, n) => {
      const lane = laneName(forecast.lane);
      const fromMs = Math.max(lanes.get(lane) ?? 0, strategy === 'linear' ? barrier : 0);
      const toMs = fromMs + (durations[n] ?? 0);
      lanes.set(lane, toMs);
      last = Math.max(last, toMs);
      timed.push({ forecast, fromMs, toMs });
    });
    barrier = last;
  }
  return { ms: barrier, timed };
}

/** Every host has a line for every task, skipped ones, too: the first that is met gives the order. */
function tasksInOrder(actions: readonly Forecast[]): readonly Forecast['task'][] {
  return [...new Set(actions.map(action => action.task))];
}

function durationsOf(turns: readonly Forecast[], migrations: readonly Migration[], pace: Pace): readonly number[] {
  const lanes = turns.map(turn => (copies(turn) ? batchesOf(turn, migrations) : []));
  const copied = transferMs(lanes, pace);
  return turns.map((turn, n) => (copies(turn) ? (copied[n] ?? 0) : plainMs(turn, migrations, pace)));
}

const hostOf = ({ lane }: Forecast): HostName | null => (lane.is === 'host' ? lane.host : null);

function plainMs(turn: Forecast, migrations: readonly Migration[], pace: Pace): number {
  if (!happens(turn)) return 0;
  if (turn.step !== 'zones.evacuate') return pace.stepMs(turn.step);
  return migrations.filter(one => one.from === hostOf(turn)).length * TRIAL_MS;
}

function copies(turn: Forecast): boolean {
  if (!happens(turn)) return false;
  return turn.step === 'zones.return' || (turn.step === 'zones.evacuate' && argOf(turn, 'dry_run') !== true);
}

/** In the order of the wave's migrations, as many at once as the task says. */
function batchesOf(turn: Forecast, migrations: readonly Migration[]): readonly (readonly Flow[])[] {
  const home = turn.step === 'zones.return';
  const own = migrations.filter(one => one.from === hostOf(turn));
  const flows = own.map(({ from, to, bytes }): Flow => (home ? { from: to, to: from, bytes } : { from, to, bytes }));
  const batch = argOf(turn, 'batch');
  const size = typeof batch === 'number' ? batch : Math.max(1, flows.length);
  return Array.from({ length: Math.ceil(flows.length / size) }, (_, n) => flows.slice(n * size, (n + 1) * size));
}
