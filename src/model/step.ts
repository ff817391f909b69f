// What a step is: the one place where looking, changing and putting back of one kind of work stand side by side.
import type * as z from 'zod';
import type { JsonObject } from '../text/json.ts';
import type { Undo } from './action.ts';
import type { Command } from './command.ts';
import type { Told } from './event.ts';
import type { Facts } from './facts.ts';
import type { ActionId, HostName, RunId, StepName } from './ids.ts';
import type { Ledger } from './ledger.ts';
import type { Trip } from './move-limits.ts';
import type { Foreseen, Migration, Staying } from './plan.ts';
import type { Fetched, Keep, Post } from './ports.ts';
import type { Answer, Refusal } from './refusal.ts';

/** What check found. `seen` is what undo and apply need of the state before, as JSON: it goes to the journal. */
export type Checked =
  | { readonly is: 'done'; readonly seen: JsonObject; readonly text: string }
  | { readonly is: 'todo'; readonly seen: JsonObject; readonly text: string }
  /** Must not, or can't: told with the way out; nothing was changed. `refused` (preflight) doesn't count as a failure before the first change. */
  | { readonly is: 'blocked'; readonly seen: JsonObject; readonly why: string; readonly refused?: true }
  /** Can't tell (a plain command): applied the first time, `unknown` after a crash. */
  | { readonly is: 'unsure'; readonly seen: JsonObject; readonly text: string }
  | { readonly is: 'no-answer'; readonly refusal: Refusal };

/** What apply came back with. The reply is for `result` only: whether it worked is for the second check to say. */
export type Applied =
  | { readonly is: 'applied'; readonly reply: JsonObject }
  /** The same command looked when it had changed everything: `checked` is what `check` would find there now. */
  | { readonly is: 'applied-and-seen'; readonly reply: JsonObject; readonly checked: Checked }
  /** It came to its end, and the reply says all there is (a command's exit status): no second check. */
  | { readonly is: 'answered'; readonly reply: JsonObject }
  | { readonly is: 'refused'; readonly refusal: Refusal };

export interface AskOptions {
  readonly limitMs?: number;
  /** Of a command that is done, never of one that asks. */
  readonly long?: Long;
  /** @param again the journal has it already, by an earlier process of this run: only of what takes long. */
  readonly onOutput?: (stream: 'out' | 'err', text: string, again: boolean) => void;
  /** What it says is for its reader alone, and nobody is told. */
  readonly untold?: true;
}

/**
 * A command that may take minutes runs under a supervisor on its host: neither a cut line nor the end of this process
 * ends it, and a run that is resumed takes up the same one instead of starting a second. It has no standard input.
 */
export interface Long {
  /** What it is about, beside its words: two that differ here are never taken for one another. */
  readonly about: string;
  /** Host time without an answer from the host after which nobody waits on: `lost`. */
  readonly silenceMs: number;
}

/** May look, never change: handing it a command that changes is a bug and throws. All times are host time: the time scale is applied inside. */
export interface Looker {
  readonly host: HostName;
  readonly run: RunId;
  readonly action: ActionId;
  /** Every host of the run, to look at a destination or a home. */
  readonly fleet: readonly HostName[];
  readonly ledger: Ledger;
  readonly keep: Keep;
  ask<T>(command: Command<T>, options?: AskOptions): Promise<Answer<T>>;
  /** With the rights of the login, whoever the task becomes. */
  readFile(path: string): Promise<Answer<{ readonly bytes: Uint8Array; readonly mode: number } | null>>;
  /** A file beside the playbook (copy, template), or null. */
  localFile(path: string): Promise<Uint8Array | null>;
  /** What was brought to this side, and what is brought now: not under --check. */
  readonly fetched: Fetched;
  reconnect(): Promise<Answer<null>>;
  peer(host: HostName): Looker;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** True when the operator wants it to stop now: long waits should end and say where things stand. */
  readonly stopping: () => boolean;
  tell(told: Told): Promise<void>;
  /** --diff: steps that change files tell what in them. */
  readonly diff: boolean;
}

export interface Berthed<T extends Trip> {
  /** Those that may begin; none when the run stops now. */
  readonly going: readonly T[];
  /** They are over: the places are free again. */
  readonly leave: () => void;
}

/** How many migrations may go on at once between hosts, over all lanes of the run. */
export interface Harbour {
  /** Whether they may all go on together when nobody else moves anything. */
  fit(trips: readonly Trip[]): boolean;
  /** Waits for places: with `whole` for all of them, else for as many of them, in their order, as there are at first. */
  take<T extends Trip>(trips: readonly T[], whole?: 'whole'): Promise<Berthed<T>>;
}

export interface Doer extends Looker {
  /** To a web address, from this side. */
  readonly post: Post;
  readonly harbour: Harbour;
  do<T>(command: Command<T>, options?: AskOptions): Promise<Answer<T>>;
  peer(host: HostName): Doer;
}

/** What an action's arguments may be completed with when it is born; all of it is in the journal by then. */
export interface BirthContext {
  readonly host: HostName;
  readonly facts: Facts | null;
  readonly migrations: readonly Migration[];
  readonly staying: readonly Staying[];
  /** Every host that was observed for the wave. */
  readonly fleet: Readonly<Record<HostName, Facts>>;
  /** What the inventory says a host keeps for itself; null: the standard. */
  readonly reserveBytes: (host: HostName) => number | null;
  /** What the inventory calls a host's processors; null: what they print counts. */
  readonly cpuClass: (host: HostName) => string | null;
  /** What the inventory says of the way home of a zone; null: nothing. */
  readonly returns: (zone: string) => 'home' | 'stay' | null;
}

export interface Step<A extends JsonObject = JsonObject> {
  readonly name: StepName;
  /** One line for `zoneferry steps`. */
  readonly summary: string;
  /** Strict object schemas; `.describe` on each field is its documentation. */
  args(): z.ZodType<A>;
  /** Schema of the result, beyond changed, failed and skipped. */
  returns(): z.ZodType;
  /** The argument that a bare string stands for (`command: uname -a`), or null. */
  readonly bareArgument: string | null;
  /** Arguments that a shell will read: values in their templates are quoted. */
  readonly shellArguments: readonly string[];
  /** Arguments whose strings are conditions (CEL): the step gets them as booleans, in their order. */
  readonly conditionArguments: readonly string[];
  /** Arguments that hold the name of a variable, or of a member: the step gets its value. */
  readonly nameArguments: readonly string[];
  /** Arguments that name a template file beside the playbook: the loader reads it and puts its text, as a template, under the second name. */
  readonly templateFiles: readonly { readonly path: string; readonly text: string }[];
  /** The argument that names a file beside the playbook, or a line of words that begins with one; null: none. */
  readonly localFile: string | null;
  /** Arguments that Ansible's module of this name has and this step doesn't, each with what to write instead. */
  readonly notOurs: Readonly<Record<string, string>>;
  /** Never changes anything: really runs under --check. */
  readonly reads: boolean;
  /** Asks no host anything. */
  readonly staysHere: boolean;
  /** It has commands that take long: what an earlier process of this run left at work is waited for before anything is looked at. */
  readonly takesLong: boolean;
  /** Facts that must be known before planning. */
  readonly needsFacts: boolean;
  /** My undo waits for the undo of earlier actions of these steps on this lane. */
  readonly undoNeeds: readonly StepName[];
  /** Host time after which an action of this step is overdue. */
  limitMs(args: A): number;
  /**
   * With these arguments it only tries (a dry run) and leaves nothing that would have to be put back. Broken off, it is
   * tried again; never heard of again, it has failed and isn't `unknown`; before the first change it is the host that refused.
   */
  onlyTries(args: A): boolean;
  /** Pure: final arguments from what the journal knows (placement, boot time). */
  born(args: A, context: BirthContext): A;
  /** Pure: one line, what this would do, for plan and views. */
  say(args: A): string;
  foresee(args: A, facts: Facts | null): Foreseen;
  check(args: A, looker: Looker): Promise<Checked>;
  /** Pure, from the state before. */
  undo(args: A, seen: JsonObject): Undo;
  /** Bears being run twice. */
  apply(args: A, seen: JsonObject, doer: Doer): Promise<Applied>;
  /**
   * Pure: what `register` gets. `reply` is null when nothing was applied. A step that returns one of these keys keeps
   * its meaning for the engine: `failed: true`: it ran and didn't work (a command's exit status); `changed: false`: it
   * ran and changed nothing; `message`: why, in a line; `variables`: names for the tasks after it on this host
   * (set_fact, include_vars); `left`: as an undo, what it leaves alone and why; `facts`: the host's facts, read anew. The engine adds `unreachable: true` when nothing
   * could be sent, and `foreseen: true` to what was only foreseen.
   */
  result(args: A, before: JsonObject, after: JsonObject, reply: JsonObject | null): JsonObject;
}

/** Steps by name; arguments have passed the schema when they reach a step. */
export interface Catalogue {
  readonly names: readonly StepName[];
  get(name: string): Step | null;
}
