// An action: one task on one host, born with final arguments when its turn comes. And how to put it back, as data.
import type { JsonObject } from '../text/json.ts';
import type { ActionId, HostName, Lane, StepName, TaskId } from './ids.ts';
import type { Become } from './program.ts';

export interface Action {
  readonly id: ActionId;
  readonly task: TaskId;
  /** Who waits for it, owns its failure and owes its undo. */
  readonly lane: Lane;
  /** Where it happens; differs from the lane's host with delegate_to. */
  readonly on: HostName;
  readonly step: StepName;
  readonly args: JsonObject;
  readonly become: Become;
  readonly environment: Readonly<Record<string, string>>;
  /** null: the step's own limit. */
  readonly limitMs: number | null;
  /** Arguments and results are sealed in the journal and never shown. */
  readonly hidden: boolean;
}

/** What putting an action back means. Worked out and journaled before the action is applied. */
export type Undo =
  | { readonly is: 'steps'; readonly steps: readonly { readonly step: StepName; readonly args: JsonObject }[] }
  | { readonly is: 'nothing' }
  /** Can't be put back and harms nothing that came before: listed at the end. */
  | { readonly is: 'left'; readonly why: string }
  /** What came before must not be undone: a rollback stops here. */
  | { readonly is: 'barrier'; readonly why: string };

/** How an action ended. `unknown`: a host went silent and nobody can say what it did. `would-change`: under --check. */
export type Outcome = 'changed' | 'unchanged' | 'failed' | 'unknown' | 'would-change';

/** How a run ended: the worst of its hosts, in this order. */
export const VERDICTS = ['done', 'rolled-back', 'stopped', 'stuck'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function worst(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS[Math.max(0, ...verdicts.map(verdict => VERDICTS.indexOf(verdict)))] ?? 'done';
}

/** An action that can't be undone, nor anything of its lane before it. */
export interface PastBarrier {
  readonly action: Action;
  readonly why: string;
}
