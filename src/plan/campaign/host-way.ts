// One host's way through one play: what stays the same while it is foreseen, and what that means for a task.
import { actionId, type HostName, type Lane, laneName, type TaskId } from '../../model/ids.ts';
import type { Forecast } from '../../model/plan.ts';
import type { Play, TaskEntry } from '../../model/program.ts';
import type { Ground, Item } from '../../model/scope.ts';
import type { BirthContext, Catalogue, Step } from '../../model/step.ts';

export interface Way {
  readonly ground: Ground;
  readonly catalogue: Catalogue;
  readonly play: Play;
  readonly host: HostName;
  /** Tasks that happen once a wave, or once a run, and are foreseen on a host before this one: see `onceKey`. */
  readonly taken: ReadonlySet<string>;
  /** Counts from 1 within the play. */
  readonly n: number;
  /** No other wave of the play follows. */
  readonly isLast: boolean;
  readonly context: Pick<BirthContext, 'migrations' | 'staying' | 'fleet'>;
}

/** @param id differs from the task's own in a round of a loop around it. */
export function onceKey(way: Way, task: TaskEntry, id: TaskId): string {
  return `${laneName(laneOf(way, task))} ${id}`;
}

export function isElsewhere(way: Way, task: TaskEntry, id: TaskId): boolean {
  return task.once !== 'no' && way.taken.has(onceKey(way, task, id));
}

export function laneOf({ play: { number: play }, n, host }: Way, task: TaskEntry): Lane {
  if (task.once === 'run') return { is: 'play', play };
  return task.once === 'wave' ? { is: 'wave', play, n } : { is: 'host', host };
}

export function stepOf(way: Way, task: TaskEntry): Step {
  const step = way.catalogue.get(task.step);
  if (step === null) throw new Error(`the catalogue lacks ${task.step}, which the loader let through`);
  return step;
}

type Named = Pick<Forecast, 'id' | 'task' | 'lane' | 'name' | 'step' | 'hidden'>;

/** @param id differs from the task's own in a round of a loop around it. @param item null: the whole task. */
export function named(way: Way, task: TaskEntry, id: TaskId, item: Item | null): Named {
  const lane = laneOf(way, task);
  const { name, step, hidden } = task;
  return { id: actionId(id, item === null ? null : item.index, lane), task: task.id, lane, name, step, hidden };
}
