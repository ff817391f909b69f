// Names that must not be swapped for one another. A brand costs nothing at run time.

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

/** A host goes through all plays of a run in one lane; tasks that happen once a run or once a wave live in the lane of their play. */
export type Lane = { readonly is: 'host'; readonly host: HostName } | { readonly is: 'play'; readonly play: number };

export function laneName(lane: Lane): string {
  return lane.is === 'host' ? lane.host : `play-${lane.play}`;
}
