// The program: what the playbook files say, as a normalised tree with every file it can ever need already in it.
// It is final once loaded; it names steps and never holds code, so it can be stored, printed and resumed.
import type { Span } from '../text/span.ts';
import type { HostName, StepName, TaskId } from './ids.ts';
import type { Occasion } from './occasion.ts';
import type { Layer, Value } from './value.ts';
import type { Window } from './window.ts';

export type Args = Readonly<Record<string, Value>>;

export interface Become {
  readonly method: 'none' | 'pfexec' | 'sudo' | 'su';
  readonly user: string;
}

export interface Call {
  readonly step: StepName;
  readonly args: Args;
}

/** How an action is tried again. `until` absent means: while it fails. */
export interface Attempts {
  readonly until: readonly Value[];
  readonly retries: Value;
  readonly delayMs: Value;
  /** Each wait is the one before times this. */
  readonly backoff: number;
}

export interface Loop {
  readonly over: Value;
  /** `item` unless loop_control says otherwise. */
  readonly variable: string;
  readonly index: string | null;
  readonly label: Value | null;
  readonly pauseMs: number;
}

/** On every host, or on those alone where its placeholders come to this name. */
export type Notice = string | { readonly name: string; readonly hosts: readonly HostName[] };

export interface TaskEntry extends Call {
  readonly is: 'task';
  readonly id: TaskId;
  readonly name: string;
  readonly at: Span;
  /** A list means AND. */
  readonly when: readonly Value[];
  readonly loop: Loop | null;
  readonly register: string | null;
  readonly attempts: Attempts | null;
  readonly changedWhen: readonly Value[] | null;
  readonly failedWhen: readonly Value[] | null;
  readonly ignoreErrors: Value;
  readonly ignoreUnreachable: boolean;
  /** Names of handlers or topics they listen to. */
  readonly notify: readonly Notice[];
  /** For handlers: the topics this one listens to, besides its name. */
  readonly listen: readonly string[];
  readonly tags: readonly string[];
  readonly vars: Layer;
  readonly environment: Readonly<Record<string, Value>>;
  /** null: as the connection of the host says. */
  readonly become: Become | null;
  readonly once: 'no' | 'run' | 'wave';
  /** delegate_to. */
  readonly on: Value | null;
  readonly throttle: number | null;
  /** Time limit of the whole action; null means the step's own. */
  readonly timeoutMs: number | null;
  /** no_log: arguments and results are sealed in the journal and never shown. */
  readonly hidden: boolean;
  /** Tasks that put this one back, for steps that have no undo of their own. */
  readonly undo: readonly Call[] | null;
  /** Of the role whose handler it is; other tasks have those of the blocks around them. */
  readonly defaults?: Layer;
  /** null: as the run is. */
  readonly checkMode: boolean | null;
  /** null: as --diff says. */
  readonly diff: boolean | null;
  /** Of the play's `gates`. soak: only where another wave follows. Absent: a task that somebody wrote. */
  readonly gate?: 'before' | 'between' | 'soak';
}

export interface BlockEntry {
  readonly is: 'block';
  readonly id: TaskId;
  readonly name: string;
  readonly at: Span;
  /** Asked once, on entering; with a loop, for each item. */
  readonly when: readonly Value[];
  /** All of it once for each item, in rounds. */
  readonly loop: Loop | null;
  readonly vars: Layer;
  /** Said to what is included: above what tasks registered and set. */
  readonly params: Layer;
  /** Below everything else that gives a name a value: defaults of a role. */
  readonly defaults: Layer;
  readonly body: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
}

/** meta: flush_handlers. */
export interface FlushEntry {
  readonly is: 'flush';
  readonly id: TaskId;
  readonly at: Span;
}

/** meta: end_host, end_batch, end_play: what remains of the play is not for this host, its wave, or anybody. */
export interface EndEntry {
  readonly is: 'end';
  readonly id: TaskId;
  readonly name: string;
  readonly at: Span;
  readonly of: 'host' | 'wave' | 'play';
  readonly when: readonly Value[];
}

export type Entry = TaskEntry | BlockEntry | FlushEntry | EndEntry;

export type OnFailure = 'rollback' | 'rollback_all' | 'hold' | 'stop' | 'continue';

/** A wave's size: hosts, or a share of the play's hosts rounded down, at least one. */
export type Share =
  | { readonly is: 'hosts'; readonly count: number }
  | { readonly is: 'percent'; readonly percent: number };

/** A variable of a play that is asked for when the run starts. */
export interface Prompt {
  readonly name: string;
  readonly question: string;
  /** Taken when nobody is there to be asked, or the answer is empty; null: there must be an answer. */
  readonly standard: string | null;
  /** Not shown while it is typed, sealed in the journal, and shown by nothing. */
  readonly secret: boolean;
  /** Asked twice. */
  readonly confirm: boolean;
}

/** Who logs in and where, for hosts of which the inventory doesn't say. */
export interface Login {
  readonly user: string | null;
  readonly port: number | null;
}

/** How far a wave that is planned again may be from the approved one before somebody is asked; in percent. */
export interface Replan {
  readonly zones: number;
  readonly bytes: number;
}

/** Who is told of what while the play is carried out, over the web. */
export interface Telling {
  readonly on: readonly Occasion[];
  /** A secret, once it is computed: whoever knows it may post there. */
  readonly url: Value;
  readonly headers: Readonly<Record<string, Value>>;
}

export interface Play {
  /** Counts from 1 over all playbooks of the run. */
  readonly number: number;
  readonly name: string;
  /** The playbook file's name without folder and ending: the first part of its tasks' ids. */
  readonly file: string;
  readonly at: Span;
  /** Selected; never empty. */
  readonly hosts: readonly HostName[];
  /** as_listed: as `hosts` has them. `least_loaded` is known with the facts. */
  readonly order: 'as_listed' | 'least_loaded';
  /** Empty: all hosts in one wave. The last size repeats. */
  readonly serial: readonly Share[];
  /** auto: the planner finds who goes together, and `serial` is empty. */
  readonly waves: 'serial' | 'auto';
  /** So many go first, in a wave of their own; 0: nobody. */
  readonly canary: number;
  /** What becomes of zones when their host is done, unless the inventory says it of a zone. */
  readonly returns: 'home' | 'stay';
  readonly replan: Replan;
  readonly approve: Approve;
  /** null: at any time. */
  readonly window: Window | null;
  /** Absent: nobody is told of anything. */
  readonly onEvent?: readonly Telling[];
  readonly strategy: 'linear' | 'free';
  /** How many hosts may fail before no further one is started. */
  readonly maxFailures: number;
  readonly maxOut: number | null;
  readonly onFailure: OnFailure;
  /** One failed host fails every host of its wave that isn't through. */
  readonly anyErrorsFatal: boolean;
  /** null: facts are read where something asks for them. */
  readonly gatherFacts: boolean | null;
  readonly login: Login;
  readonly prompts: readonly Prompt[];
  /** Play vars, vars_files above them, vars of roles above those. */
  readonly vars: Layer;
  /** Defaults of its roles: below the inventory. */
  readonly defaults: Layer;
  /** Run in this order, handlers flushed at the end of each. */
  readonly sections: readonly Section[];
  readonly handlers: readonly TaskEntry[];
}

/** After which waves a person must say yes before the next one begins. */
export type Approve = 'no_wave' | 'first_wave' | 'each_wave';

export interface Section {
  /** b, g: the gates before the first wave and those at the end of each, where every host comes, whatever ended its tasks. */
  readonly letter: 'b' | 'p' | 't' | 'o' | 'g';
  readonly entries: readonly Entry[];
}

export interface Program {
  readonly plays: readonly Play[];
  /** Text of every file that diagnostics or births may have to point into: path -> sha256. */
  readonly files: Readonly<Record<string, string>>;
}
