// The shape of a step as it is written: typed arguments, a typed view of what check saw, and the answers that most
// steps give alike already filled in. What a step does stands in its own file.
import type * as z from 'zod';
import type { Undo } from '../model/action.ts';
import type { Facts } from '../model/facts.ts';
import { stepName } from '../model/ids.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Applied, BirthContext, Doer, Looker, Step } from '../model/step.ts';
import type { Refusal } from '../model/refusal.ts';
import { type JsonObject, trusted } from '../text/json.ts';

/** `Checked` with the type of what was seen. */
export type Found<S extends JsonObject> =
  | { readonly is: 'done' | 'todo' | 'unsure'; readonly seen: S; readonly text: string }
  | { readonly is: 'blocked'; readonly seen: S; readonly why: string; readonly refused?: true }
  | { readonly is: 'no-answer'; readonly refusal: Refusal };

export interface Shape<A extends JsonObject, S extends JsonObject> {
  readonly name: string;
  readonly summary: string;
  /** Made when it is asked for, as `returns`, and once: the catalogue has every step, a playbook needs few. */
  args(): z.ZodType<A>;
  returns(): z.ZodType;
  readonly bareArgument?: string;
  readonly shellArguments?: readonly string[];
  readonly conditionArguments?: readonly string[];
  readonly templateFiles?: Step['templateFiles'];
  readonly localFile?: string;
  readonly notOurs?: Step['notOurs'];
  readonly nameArguments?: readonly string[];
  readonly reads?: true;
  readonly staysHere?: true;
  /** Host steps are planned from facts; a step that isn't says so. */
  readonly needsFacts?: false;
  readonly takesLong?: true;
  readonly undoNeeds?: readonly string[];
  limitMs(args: A): number;
  onlyTries?(args: A): boolean;
  born?(args: A, context: BirthContext): A;
  say(args: A): string;
  foresee(args: A, facts: Facts | null): Foreseen;
  check(args: A, looker: Looker): Promise<Found<S>>;
  undo(args: A, seen: S): Undo;
  apply(args: A, seen: S, doer: Doer): Promise<Applied>;
  result(args: A, before: S, after: S, reply: JsonObject | null): JsonObject;
}

function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => (made[0] ??= make());
}

export function stepOf<A extends JsonObject, S extends JsonObject>(shape: Shape<A, S>): Step {
  const step: Step<A> = {
    name: stepName(shape.name),
    summary: shape.summary,
    args: once(() => shape.args()),
    returns: once(() => shape.returns()),
    bareArgument: shape.bareArgument ?? null,
    shellArguments: shape.shellArguments ?? [],
    conditionArguments: shape.conditionArguments ?? [],
    templateFiles: shape.templateFiles ?? [],
    localFile: shape.localFile ?? null,
    notOurs: shape.notOurs ?? {},
    nameArguments: shape.nameArguments ?? [],
    reads: shape.reads ?? false,
    staysHere: shape.staysHere ?? false,
    takesLong: shape.takesLong ?? false,
    needsFacts: shape.needsFacts ?? true,
    undoNeeds: (shape.undoNeeds ?? []).map(stepName),
    limitMs: args => shape.limitMs(args),
    onlyTries: args => shape.onlyTries?.(args) ?? false,
    born: (args, context) => shape.born?.(args, context) ?? args,
    say: args => shape.say(args),
    foresee: (args, facts) => shape.foresee(args, facts),
    check: (args, looker) => shape.check(args, looker),
    undo: (args, seen) => shape.undo(args, trusted<S>(seen)),
    apply: (args, seen, doer) => shape.apply(args, trusted<S>(seen), doer),
    result: (args, before, after, reply) => shape.result(args, trusted<S>(before), trusted<S>(after), reply),
  };
  return step;
}

/** What a step that only looks answers to `apply`: it is never asked. */
export function neverApplied(step: string): () => Promise<Applied> {
  return () => Promise.reject(new Error(`${step} only looks, it is never applied`));
}

export function undoSteps(...steps: readonly (readonly [name: string, args: JsonObject])[]): Undo {
  return { is: 'steps', steps: steps.map(([name, args]) => ({ step: stepName(name), args })) };
}

export const NOTHING_TO_UNDO: Undo = { is: 'nothing' };
