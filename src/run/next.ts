// What decide answers and what it is given: the words between the pure half of the engine and the one that acts.
import type { Action, Undo, Verdict } from '../model/action.ts';
import type { Law } from '../model/event.ts';
import type { Facts } from '../model/facts.ts';
import { type ActionId, entryOf, type HostName, type Lane } from '../model/ids.ts';
import type { Plan, Wave } from '../model/plan.ts';
import type { PlanWave } from '../model/ports.ts';
import type { TaskEntry } from '../model/program.ts';
import type { Catalogue } from '../model/step.ts';
import type { Evaluate, Scope } from '../model/value.ts';
import type { Question } from './question.ts';

/** What decide is handed for the whole run; none of it changes. */
export interface Charge {
  readonly plan: Plan;
  readonly evaluate: Evaluate;
  readonly catalogue: Catalogue;
  readonly planWave: PlanWave;
}

export interface ApplyMove {
  readonly is: 'apply';
  readonly lane: Lane;
  readonly action: Action;
  readonly task: TaskEntry;
  /** For conditions on its own result. */
  readonly scope: Scope;
  /** From the task's `undo:`; null means the step knows. */
  readonly undo: Undo | null;
  readonly undoAfter: readonly ActionId[];
  /** Its `started` is in the journal without an end: look before anything else. */
  readonly resumed: boolean;
  /** Its lane goes back: it is looked at, and not applied again. */
  readonly lookOnly: boolean;
  /** What was known of the host when it was born. */
  readonly facts: Facts | null;
  /** Under --check, after something on this host was only foreseen: `facts` are as they would be then. */
  readonly foreseen: boolean;
  /** Between the items of a loop. */
  readonly pauseMs: number;
}

export interface UndoMove {
  readonly is: 'undo';
  readonly lane: Lane;
  readonly action: Action;
  readonly steps: Extract<Undo, { readonly is: 'steps' }>['steps'];
  /** Its `undo-started` is in the journal without an end. */
  readonly resumed: boolean;
}

export interface ObserveMove {
  readonly is: 'observe';
  readonly wave: Wave;
  readonly hosts: readonly HostName[];
}

/** Somebody at the terminal is asked; nothing else is on its way. */
export interface AskMove {
  readonly is: 'ask';
  readonly question: Question;
}

export type Move = ApplyMove | UndoMove | ObserveMove | AskMove;

/** By the name of the lane, of which each has at most one move at a time; an observation and a question have names of their own. */
export type InFlight = ReadonlyMap<string, Move>;
export const OBSERVING = 'observing';
export const ASKING = 'asking';

export type Next =
  /** Decisions that cost nothing, to be made durable before anything rests on them. */
  | { readonly is: 'record'; readonly events: readonly Law[] }
  /** To be started now; an empty list means: wait for what is in flight. */
  | { readonly is: 'moves'; readonly moves: readonly Move[] }
  /** A person is to be asked; where nobody is, or nobody says yes, the run ends with it. */
  | { readonly is: 'ask'; readonly move: AskMove; readonly verdict: Verdict }
  | { readonly is: 'end'; readonly verdict: Verdict; readonly why: string };

/** As many as its throttle allows are at it already. Asked for each host: most tasks have none, and then nothing is counted. */
export function throttled(task: TaskEntry, ...underWay: readonly InFlight[]): boolean {
  if (task.throttle === null) return false;
  const moves = underWay.flatMap(some => [...some.values()]);
  return moves.filter(move => move.is === 'apply' && entryOf(move.action.task) === task.id).length >= task.throttle;
}
