// The state of a run, as a fold of its events. The laws (which event may follow which state) stand in fold.ts.
import type { Json, JsonObject } from '../text/json.ts';
import type { Action, Outcome, Undo, Verdict } from './action.ts';
import type { Facts } from './facts.ts';
import type { ActionId, HostName, RunId, TaskId } from './ids.ts';
import type { WavePlan } from './plan.ts';

export type ActionState =
  | {
      readonly is: 'started' | 'undoing';
      readonly action: Action;
      readonly undo: Undo;
      readonly undoAfter: readonly ActionId[];
      readonly seq: number;
      readonly attempts: readonly JsonObject[];
      readonly ended: Ending | null;
    }
  | {
      readonly is: 'ended';
      readonly action: Action;
      readonly undo: Undo;
      readonly undoAfter: readonly ActionId[];
      readonly seq: number;
      readonly attempts: readonly JsonObject[];
      readonly ended: Ending;
    }
  | {
      readonly is: 'undone' | 'stuck';
      readonly action: Action;
      readonly undo: Undo;
      readonly undoAfter: readonly ActionId[];
      readonly seq: number;
      readonly attempts: readonly JsonObject[];
      readonly ended: Ending | null;
      readonly why: string;
    };

export interface Ending {
  readonly outcome: Outcome;
  readonly why: string;
  readonly result: JsonObject;
}

/** What is known of one lane besides its actions. */
export interface LaneState {
  readonly skipped: Readonly<Record<TaskId, string>>;
  readonly entered: readonly TaskId[];
  readonly loops: Readonly<Record<TaskId, readonly Json[]>>;
  readonly turned: {
    readonly towards: 'rollback' | 'hold' | 'stop' | 'continue' | 'refused' | 'stuck';
    readonly why: string;
  } | null;
  /** Of this lane, oldest first. */
  readonly actions: readonly ActionId[];
}

export interface WaveState {
  /** null until observed. */
  readonly facts: Readonly<Record<HostName, Facts>> | null;
  readonly silent: Readonly<Record<HostName, string>>;
  readonly plan: WavePlan | null;
}

export interface RunState {
  readonly seq: number;
  readonly run: RunId | null;
  readonly planDigest: string | null;
  readonly check: boolean;
  readonly values: JsonObject;
  /** By waveName. */
  readonly waves: Readonly<Record<string, WaveState>>;
  /** By laneName. */
  readonly lanes: Readonly<Record<string, LaneState>>;
  readonly actions: Readonly<Record<ActionId, ActionState>>;
  /** The strongest word said so far. */
  readonly operator: 'stop' | 'rollback' | 'now' | null;
  readonly ended: { readonly verdict: Verdict; readonly why: string } | null;
}
