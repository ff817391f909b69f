// The journal's lines. `Law` is what decide reads: each on disk before the next effect. `Told` is for people: durable,
// not read by decide; how far a long command's output was told is for whoever takes that up. The meaning of an event that
// was ever written never changes.
import type { Json, JsonObject } from '../text/json.ts';
import type { Action, Outcome, Undo, Verdict } from './action.ts';
import type { Facts } from './facts.ts';
import type { ActionId, HostName, Lane, RunId, TaskId } from './ids.ts';
import type { Wave, WavePlan } from './plan.ts';

/** Where a lane goes after it left the way forward. `continue` and `stop` leave the host as it is. */
export type Towards = 'rollback' | 'hold' | 'stop' | 'continue' | 'refused' | 'stuck';

/** What a person said to a question. */
export type Answered = 'yes' | 'no' | 'none';

export type Law =
  /**
   * @param plan sha256 of plan.json. @param values prompts, `run.id`: what was fixed at the start. @param hidden names of
   * those that are sealed; journals of before there were any don't have it.
   */
  | {
      readonly type: 'run-started';
      readonly run: RunId;
      readonly plan: string;
      readonly by: string;
      readonly check: boolean;
      readonly values: JsonObject;
      readonly hidden?: readonly string[];
    }
  | {
      readonly type: 'observed';
      readonly wave: Wave;
      readonly facts: Readonly<Record<HostName, Facts>>;
      readonly silent: Readonly<Record<HostName, string>>;
    }
  /** @param differs in words, against the plan that was approved; empty when equal. */
  | { readonly type: 'wave-planned'; readonly wave: Wave; readonly plan: WavePlan; readonly differs: readonly string[] }
  | { readonly type: 'task-skipped'; readonly task: TaskId; readonly lane: Lane; readonly why: string }
  | { readonly type: 'block-entered'; readonly task: TaskId; readonly lane: Lane }
  | {
      readonly type: 'loop-fixed';
      readonly task: TaskId;
      readonly lane: Lane;
      readonly items: readonly Json[];
      readonly hidden: boolean;
    }
  | {
      readonly type: 'action-started';
      readonly action: Action;
      readonly undo: Undo;
      readonly undoAfter: readonly ActionId[];
    }
  | {
      readonly type: 'attempt-ended';
      readonly action: ActionId;
      readonly n: number;
      readonly result: JsonObject;
      readonly hidden: boolean;
    }
  /** Without a `started` before it: there was nothing to do, or it failed before any change. `born` says what it was then. */
  | {
      readonly type: 'action-ended';
      readonly action: ActionId;
      readonly born: Action | null;
      readonly outcome: Outcome;
      readonly why: string;
      readonly result: JsonObject;
      readonly hidden: boolean;
    }
  | { readonly type: 'undo-started'; readonly action: ActionId }
  | { readonly type: 'undo-ended'; readonly action: ActionId; readonly outcome: Outcome; readonly why: string }
  /** This lane goes back now (or, when it holds, nowhere). */
  | {
      readonly type: 'turned';
      readonly lane: Lane;
      readonly towards: Towards;
      readonly why: string;
    }
  /**
   * Also the only thing that may follow `run-ended`: then `rollback`, `go-on` and `go-back` open the run again. `go-on`
   * takes back what was said; `go-back` finishes the way back that was asked before a `now`.
   */
  | {
      readonly type: 'operator-said';
      readonly word: 'stop' | 'rollback' | 'now' | 'go-on' | 'go-back' | 'no';
      readonly who: string;
      readonly host: HostName | null;
    }
  /** Of the newest wave: a question between two waves, in its own words. `none`: nobody answered in time. @param who at whose terminal */
  | {
      readonly type: 'answered';
      readonly question: string;
      readonly answer: Answered;
      readonly who: string;
    }
  | { readonly type: 'run-ended'; readonly verdict: Verdict; readonly why: string };

export type Told =
  /**
   * @param of only of a long command: the name of its folder on its host, and how many bytes of that stream end with this
   * text. Journals of before there was such a word have none.
   */
  | {
      readonly type: 'output';
      readonly action: ActionId;
      readonly on: HostName;
      readonly stream: 'out' | 'err';
      readonly text: string;
      readonly of?: { readonly folder: string; readonly upTo: number };
    }
  /** @param done of @param total units; both null when nobody can count. @param zone what it is about, or null. */
  | {
      readonly type: 'progress';
      readonly action: ActionId;
      readonly on: HostName;
      readonly text: string;
      readonly zone: string | null;
      readonly done: number | null;
      readonly total: number | null;
    }
  /** What would change, or changes, in a file: a unified diff, told with --diff. */
  | { readonly type: 'diff'; readonly action: ActionId; readonly on: HostName; readonly text: string }
  /** Something was looked at: what was seen, for the pages that tell where each zone is and since when that is known. */
  | { readonly type: 'looked'; readonly on: HostName; readonly action: ActionId | null; readonly seen: JsonObject }
  | { readonly type: 'noted'; readonly level: 'note' | 'warning'; readonly text: string };

export type Event = Law | Told;

/** As a line of the journal: numbered and chained at append, by the journal alone. */
export type Stamped<E extends Event = Event> = E & {
  readonly v: 1;
  readonly seq: number;
  readonly at: number;
  readonly prev: string;
};

const TOLD: readonly Event['type'][] = ['output', 'progress', 'diff', 'looked', 'noted'];
export function isLaw(event: Event): event is Law {
  return !TOLD.includes(event.type);
}
