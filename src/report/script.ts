// The plan as views need it: which hosts in which wave, how many tasks a host has before it, what a task is called.
import { type ActionId, entryOf, type HostName, laneName, laneNameOf, type TaskId, taskId } from '../model/ids.ts';
import { isBracketed } from '../model/left-closed.ts';
import type { Forecast, Plan } from '../model/plan.ts';
import { waveName } from '../model/plan.ts';
import type { Entry, Program, TaskEntry } from '../model/program.ts';
import { never } from '../text/never.ts';
import { visible } from '../text/visible.ts';
import { widthOf } from '../text/width.ts';

export interface ScriptWave {
  /** `1/2`: play and number, as in the state. */
  readonly name: string;
  /** `wave 2`, with the play before it when there are several. */
  readonly title: string;
  readonly hosts: readonly HostName[];
}

export interface Script {
  readonly waves: readonly ScriptWave[];
  /** Every host of any wave, in the order of the waves. */
  readonly hosts: readonly HostName[];
  /** Plays that are about maintenance. */
  readonly brackets: ReadonlySet<number>;
  /** Columns of the longest name of a host. */
  readonly nameWidth: number;
  /** The tasks that are expected on a lane, in order; those that the plan decided to skip are left out. */
  tasksOf(lane: string): readonly TaskId[];
  /** What the author called it, or its step. */
  nameOf(action: ActionId): string;
  /** `4 of 7`, or an empty string for what the plan didn't foresee (a rescue, a handler). */
  placeOf(action: ActionId): string;
}

/** The task of an action as the program holds it: without lane, item of a loop, and place of a handler's run. */
export function taskOf(action: ActionId): TaskId {
  const task = action.slice(0, action.lastIndexOf('@'));
  return entryOf(taskId(/^(.*)\[\d+\]$/.exec(task)?.[1] ?? task));
}

function tasksIn(entries: readonly Entry[]): readonly TaskEntry[] {
  return entries.flatMap(entry => {
    switch (entry.is) {
      case 'task':
        return [entry];
      case 'block':
        return tasksIn([...entry.body, ...entry.rescue, ...entry.always]);
      case 'flush':
      case 'end':
        return [];
      default:
        return never(entry);
    }
  });
}

function namesIn(program: Program): ReadonlyMap<string, string> {
  const tasks = program.plays.flatMap(play => [
    ...tasksIn(play.sections.flatMap(section => section.entries)),
    ...play.handlers,
  ]);
  return new Map(tasks.map(task => [task.id, visible(task.name === '' ? task.step : task.name)]));
}

function expected(forecasts: readonly Forecast[]): ReadonlyMap<string, readonly TaskId[]> {
  const lanes = new Map<string, TaskId[]>();
  for (const { lane, task, when } of forecasts) {
    const tasks = lanes.get(laneName(lane)) ?? [];
    if (when.is !== 'no' && !tasks.includes(task)) tasks.push(task);
    lanes.set(laneName(lane), tasks);
  }
  return lanes;
}

export function scriptOf(plan: Plan): Script {
  const waves = plan.waves.map(({ plan: { wave, hosts } }) => ({
    name: waveName(wave),
    title: plan.program.plays.length > 1 ? `play ${wave.play} wave ${wave.n}` : `wave ${wave.n}`,
    hosts,
  }));
  const names = namesIn(plan.program);
  const lanes = expected(plan.waves.flatMap(wave => wave.actions));
  const tasksOf = (lane: string): readonly TaskId[] => lanes.get(lane) ?? [];
  const hosts = [...new Set(waves.flatMap(wave => wave.hosts))];
  return {
    waves,
    hosts,
    brackets: new Set(plan.program.plays.filter(isBracketed).map(({ number }) => number)),
    nameWidth: Math.max(0, ...hosts.map(widthOf)),
    tasksOf,
    nameOf: action => names.get(taskOf(action)) ?? taskOf(action),
    placeOf: action => {
      const tasks = tasksOf(laneNameOf(action));
      const at = tasks.indexOf(taskOf(action));
      return at < 0 ? '' : `${at + 1} of ${tasks.length}`;
    },
  };
}
