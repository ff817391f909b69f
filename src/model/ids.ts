// Names that must not be swapped for one another. A brand costs nothing at run time.
import { never } from '../text/never.ts';

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

export type HostName = Branded<'HostName'>;
export type ZoneName = Branded<'ZoneName'>;
export type StepName = Branded<'StepName'>;
/** `rolling-upgrade/1.t2.1`: FILE/PLAY.SECTION.PATH, stable as long as the file is. */
export type TaskId = Branded<'TaskId'>;
/** `rolling-upgrade/1.t2.1[4]@nacaozumbi`: a task, an item of its loop, a lane. */
export type ActionId = Branded<'ActionId'>;
/** Eight hex digits. */
export type RunId = Branded<'RunId'>;

export const hostName = (text: string): HostName => text as HostName;
export const zoneName = (text: string): ZoneName => text as ZoneName;
export const stepName = (text: string): StepName => text as StepName;
export const taskId = (text: string): TaskId => text as TaskId;
export const runId = (text: string): RunId => text as RunId;

/** @param item the index in the task's loop, or null when it has none. */
export function actionId(task: TaskId, item: number | null, lane: Lane): ActionId {
  return `${task}${item === null ? '' : `[${item}]`}@${laneName(lane)}` as ActionId;
}

/** A host goes through all plays of a run in one lane; what happens once a run or once a wave has a lane of its own. */
export type Lane =
  | { readonly is: 'host'; readonly host: HostName }
  | { readonly is: 'play'; readonly play: number }
  | { readonly is: 'wave'; readonly play: number; readonly n: number };

/** The names of the last two hold a blank, so no host is ever called so. */
export function laneName(lane: Lane): string {
  switch (lane.is) {
    case 'host':
      return lane.host;
    case 'play':
      return `play ${lane.play}`;
    case 'wave':
      return `play ${lane.play} wave ${lane.n}`;
    default:
      return never(lane);
  }
}

/** The lane's name is what stands after the last `@` of an action's id. */
export const laneNameOf = (action: ActionId): string => action.slice(action.lastIndexOf('@') + 1);

/**
 * A handler may run several times on one lane: once for each place where handlers are flushed, and once after a
 * rollback. Each run has an id of its own, made of the handler's and the place.
 */
export const handlerRun = (handler: TaskId, place: string): TaskId => taskId(`${handler}~${place}`);

/**
 * What stands in a loop over many tasks (an include) is done in rounds. Each round's tasks have ids of their own: the
 * task's and the numbers of the rounds, outermost first. @param round empty outside of such loops.
 */
export const inRound = (task: TaskId, round: string): TaskId => (round === '' ? task : taskId(`${task}~${round}`));

/** The place of the handlers that run because a rollback put something back. What they do is part of the way back, and owes no undo. */
export const AFTER_ROLLBACK = 'undo';
export const isAfterRollback = (task: TaskId): boolean => task.endsWith(`~${AFTER_ROLLBACK}`);

/** The task as the program holds it, also for a run of a handler and a round of a loop. */
export function entryOf(task: TaskId): TaskId {
  const at = task.lastIndexOf('~');
  return at < 0 ? task : taskId(task.slice(0, at));
}
