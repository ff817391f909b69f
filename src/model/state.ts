// The state of a run, as a fold of its events. The laws (which event may follow which state) stand in fold.ts.
import type { Json, JsonObject } from '../text/json.ts';
import type { Action, Outcome, Undo, Verdict } from './action.ts';
import type { Towards } from './event.ts';
import type { Facts } from './facts.ts';
import type { ActionId, HostName, Lane, RunId, TaskId } from './ids.ts';
import type { LedgerMarks } from './ledger-marks.ts';
import type { Wave, WavePlan } from './plan.ts';
import type { Sequence } from './sequence.ts';
import type { Table } from './table.ts';
import type { ToldOutput } from './told-output.ts';

export interface Ending {
  /** The number of the event. */
  readonly seq: number;
  readonly outcome: Outcome;
  readonly why: string;
  readonly result: JsonObject;
}

/** `changed_when` may call it a change where nothing was done that would have to be put back. */
export const isChange = ({ outcome, result }: Pick<Ending, 'outcome' | 'result'>): boolean =>
  outcome === 'changed' || outcome === 'would-change' || (outcome === 'unchanged' && result.changed === true);

interface Born {
  readonly action: Action;
  /** `nothing` for an action that never was `started`. */
  readonly undo: Undo;
  readonly undoAfter: readonly ActionId[];
  /** The number of the event that made it known: the order in which actions began. */
  readonly seq: number;
  readonly attempts: readonly JsonObject[];
}

export type ActionState =
  | (Born & { readonly is: 'started'; readonly ended: null })
  | (Born & { readonly is: 'ended'; readonly ended: Ending })
  | (Born & { readonly is: 'undoing'; readonly ended: Ending | null })
  /** `changed`: putting it back changed something, so its handlers are due again. */
  | (Born & { readonly is: 'undone'; readonly ended: Ending | null; readonly changed: boolean; readonly why: string })
  | (Born & { readonly is: 'stuck'; readonly ended: Ending | null; readonly since: number; readonly why: string });

export interface Turned {
  readonly towards: Towards;
  readonly why: string;
  /** The number of the event: what happened after the turn and what before. */
  readonly seq: number;
}

/** What is known of one lane besides its actions. */
export interface LaneState {
  readonly lane: Lane;
  /** The number of the newest event that touched this lane: equal number, equal lane. */
  readonly touched: number;
  readonly skipped: Readonly<Record<TaskId, string>>;
  readonly entered: readonly TaskId[];
  readonly loops: Readonly<Record<TaskId, readonly Json[]>>;
  /** Those of them whose items nobody may read. */
  readonly hiddenLoops: readonly TaskId[];
  readonly turned: Turned | null;
  /** Of this lane, oldest first. */
  readonly actions: Sequence<ActionId>;
}

export interface WaveState {
  readonly wave: Wave;
  /** The number of the event that observed it. */
  readonly seq: number;
  readonly facts: Readonly<Record<HostName, Facts>>;
  readonly silent: Readonly<Record<HostName, string>>;
  readonly plan: WavePlan | null;
  /**
   * The question, before the wave or after it, to which somebody said yes: when it was asked, or by having a run go on
   * that had ended with it. `facts`: those that the question was asked by; `seq`: of the event that said yes. null: nobody
   * said yes to anything.
   */
  readonly agreed: {
    readonly why: string;
    readonly facts: Readonly<Record<HostName, Facts>>;
    readonly seq: number;
  } | null;
  /** The question to which nobody said yes; null: none. Whoever has the run go on takes that back. */
  readonly declined: string | null;
}

/** The newest wave: all before it are over. */
export function presentWave(state: Pick<RunState, 'waves'>): WaveState | null {
  return Object.values(state.waves).at(-1) ?? null;
}

/** What was seen before a wave is old once somebody said yes, or had the run go on: it is looked at again. */
export const isSeenAfresh = ({ seq, agreed }: WaveState, { wentOn }: RunState): boolean =>
  seq > Math.max(wentOn, agreed?.seq ?? 0);

export interface RunState {
  readonly seq: number;
  readonly run: RunId | null;
  readonly planDigest: string | null;
  readonly check: boolean;
  readonly values: JsonObject;
  /** By waveName, in the order they were observed. */
  readonly waves: Readonly<Record<string, WaveState>>;
  /** By laneName. */
  readonly lanes: Table<string, LaneState>;
  /** The names of the lanes that left the way forward, in the order in which they first did. */
  readonly turned: readonly string[];
  readonly actions: Table<ActionId, ActionState>;
  readonly ledgerMarks: LedgerMarks;
  /** Of actions that have no end, or one that nobody knows: what was told of the output of their long commands. */
  readonly toldOutput: Table<ActionId, readonly ToldOutput[]>;
  /** The strongest word said so far. `rollback`: every host on its way goes back; `rollback_all`: said after the end, for the whole run. */
  readonly operator: 'stop' | 'rollback' | 'rollback_all' | 'now' | null;
  /** The way back that was asked since the newest go-on: a `now` hides it and doesn't take it back. */
  readonly backAsked: 'rollback' | 'rollback_all' | null;
  /** The number of the event that said it. */
  readonly saidAt: number;
  /** The number of the newest go-on: hosts that had failed by then no longer hold the others back; lost and held ones do. */
  readonly wentOn: number;
  readonly ended: { readonly verdict: Verdict; readonly why: string } | null;
}
