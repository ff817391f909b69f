// What the inner rooms need of the outside world, as types. `edge` (and the simulator's adapter in tests) fill them.
import type { Ended } from './command.ts';
import type { Event, Stamped } from './event.ts';
import type { Facts } from './facts.ts';
import type { HostName } from './ids.ts';
import type { Chosen, Plan, Wave } from './plan.ts';
import type { Answer } from './refusal.ts';
import type { RunState } from './state.ts';

export interface ExecOptions {
  /** Real milliseconds after which the channel is closed and the answer is `timed-out`. */
  readonly limitMs: number;
  readonly stdin?: Uint8Array;
  /** The line isn't for sudo, but a sudo inside it reads its password from standard input: that is what it is given. */
  readonly feedsSudo?: boolean;
  /** It only looks, so it may share a shell with other looks and may be asked twice. */
  readonly looks?: boolean;
  /** Called with decoded text as it comes, in order. */
  readonly onOutput?: (stream: 'out' | 'err', text: string) => void;
}

/** One host, reached. Connects on first use; a cut connection is `lost`, never status 0. */
export interface Host {
  readonly name: HostName;
  /** @param line one command line for the login shell. Never rejects. */
  exec(line: string, options: ExecOptions): Promise<Ended>;
  read(path: string): Promise<Answer<{ readonly bytes: Uint8Array; readonly mode: number } | null>>;
  /** A new connection, whatever the old one is thought to be. */
  reconnect(): Promise<Answer<null>>;
  close(): Promise<void>;
}

export type Hosts = (name: HostName) => Host;

export type Missing = { readonly is: 'missing'; readonly why: string };
export interface Files {
  read(path: string): Promise<{ readonly is: 'text'; readonly text: string } | Missing>;
  /** Names, sorted; empty when the folder doesn't exist. */
  list(dir: string): Promise<readonly string[]>;
  isFolder(path: string): Promise<boolean>;
  /** Where it is behind all links; null: nothing is there. */
  real(path: string): Promise<string | null>;
}

/** How a program of the controller ended; what it printed, decoded. */
export type Ran =
  | { readonly is: 'exited'; readonly code: number; readonly out: string; readonly err: string }
  | { readonly is: 'signalled'; readonly signal: string; readonly out: string; readonly err: string }
  | { readonly is: 'timed-out'; readonly out: string; readonly err: string }
  | { readonly is: 'not-started'; readonly why: string };

/** Programs on the controller, for inventories that are made by one. Never rejects. */
export interface Programs {
  /** The file may be executed. */
  executable(path: string): Promise<boolean>;
  run(path: string, words: readonly string[], limitMs: number): Promise<Ran>;
}

/** Whose machine this is, as far as an SSH configuration can ask. */
export interface Surroundings {
  readonly home: string;
  readonly user: string;
  readonly uid: number;
  /** This machine's own name. */
  readonly host: string;
  /** null: no such variable. */
  env(name: string): string | null;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  monotonicMs(): number;
  /** Waits `ms / scale`; ends early, without error, when aborted. Of 0: until everything else that is due had its turn. */
  sleep(ms: number, scale: number, abort?: AbortSignal): Promise<void>;
}

export interface Journal {
  /** Resolves when the line is on disk. Appends are ordered as they were called. */
  append<E extends Event>(event: E): Promise<Stamped<E>>;
  read(): AsyncIterable<Stamped>;
}

/** Files brought from hosts to this side; relative paths are beside the playbook. */
export interface Fetched {
  /** null: no such file can be read there. */
  read(path: string): Promise<Uint8Array | null>;
  /** Whole or not at all. null: it is there; otherwise why it isn't. */
  write(path: string, bytes: Uint8Array): Promise<string | null>;
}

/** What is posted to a web address: JSON, with headers of its own beside those that every letter has. */
export interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a letter was received. No word of these texts is of the address behind its host, nor of the answer's body. */
export type Posted =
  | { readonly is: 'taken'; readonly status: number }
  /** An answer, and not a good one. */
  | { readonly is: 'declined'; readonly status: number; readonly why: string }
  /** Nothing of it went out. */
  | { readonly is: 'not-sent'; readonly why: string }
  /** It went out, wholly or in part, and nobody can say whether it was read. */
  | { readonly is: 'unanswered'; readonly why: string };

/** Never rejects; ends within a time of its own, or when it is given up. */
export type Post = (letter: Letter, giveUp?: AbortSignal) => Promise<Posted>;

/** Old file contents for undo, by their sha256. */
export interface Keep {
  put(bytes: Uint8Array): Promise<string>;
  get(digest: string): Promise<Uint8Array | null>;
}

export type PlanWave = (plan: Plan, state: RunState, wave: Wave, facts: Readonly<Record<HostName, Facts>>) => Chosen;
