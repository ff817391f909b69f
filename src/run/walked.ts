// What a walk through the program comes back with: where a host stands, what stopped it there, what it learned on its
// way. Types alone; the walk itself is in walk.ts.
import type { HostName, Lane, TaskId } from '../model/ids.ts';
import type { BlockEntry, EndEntry, TaskEntry } from '../model/program.ts';
import type { Ground, Standing } from '../model/scope.ts';
import type { ActionState, RunState, WaveState } from '../model/state.ts';
import type { Catalogue } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';

export interface Failure {
  /** The task's name, as the author wrote it. */
  readonly name: string;
  /** Differs from the host's own when the task runs once for all. */
  readonly lane: Lane;
  readonly why: string;
  readonly result: JsonObject;
  /** Nobody may read the result. */
  readonly secret: boolean;
  /** Preflight said no: not a failure as long as nothing was changed. */
  readonly refused: boolean;
  /** It was asked before the first wave: a refusal for every host, whatever earlier plays did. */
  readonly atGate: boolean;
}

/** The first thing the journal doesn't know. A block's condition that can't be asked fails under the block's own id, a loop's under the task's. */
export type Stop =
  /** Nobody has asked yet whether this task is for this host, or its next item hasn't been born. */
  | {
      readonly is: 'task';
      readonly task: TaskEntry;
      readonly id: TaskId;
      readonly lane: Lane;
      readonly item: number | null;
    }
  | { readonly is: 'block'; readonly block: BlockEntry; readonly id: TaskId }
  /** Nobody has asked yet what a loop over many tasks goes over. */
  | { readonly is: 'rounds'; readonly block: BlockEntry; readonly id: TaskId }
  /** Nobody has asked yet whether the play ends here. */
  | { readonly is: 'end'; readonly end: EndEntry; readonly id: TaskId; readonly lane: Lane }
  /** It began and has no end: in flight, or to be looked at after a crash. */
  | {
      readonly is: 'begun';
      readonly task: TaskEntry;
      readonly lane: Lane;
      readonly action: ActionState;
      readonly item: number | null;
    };

interface Gathered {
  readonly standing: Standing;
  readonly foreseen: boolean;
}

export type Walked = Gathered &
  /** @param undecided under --check: why nobody can say yet whether a block around is for this host. */
  (
    | { readonly is: 'at'; readonly stop: Stop; readonly position: number; readonly undecided: string | null }
    | { readonly is: 'failed'; readonly failure: Failure }
    | { readonly is: 'unknown'; readonly lane: Lane; readonly why: string }
    | { readonly is: 'through' }
  );

export interface Way {
  readonly ground: Ground;
  readonly catalogue: Catalogue;
  readonly state: RunState;
  readonly host: HostName;
  /** The waves that this host is in, oldest first; the last one is the present. */
  readonly waves: readonly WaveState[];
}
