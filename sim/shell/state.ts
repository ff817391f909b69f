// What one shell (or subshell) knows: variables, functions, options, parameters, traps, jobs. Copied whole by fork().
import type { Process } from '../os/process.ts';
import type { Command } from './ast.ts';
import type { Dialect } from './dialect.ts';

export interface Variable {
  readonly value: string | null;
  readonly isExported: boolean;
  readonly isReadonly: boolean;
}

/** Something went wrong that ends the command, and a shell without a terminal too when it is fatal. */
export class ShellError extends Error {
  readonly status: number;
  readonly isFatal: boolean;

  constructor(message: string, status: number, isFatal: boolean) {
    super(message);
    this.status = status;
    this.isFatal = isFatal;
  }
}

/** Where control goes instead of the next command. */
export type Flow =
  | { readonly is: 'break' | 'continue'; readonly levels: number }
  | { readonly is: 'return' | 'exit'; readonly status: number };

export const OPTION_LETTERS: Readonly<Record<string, string>> = {
  a: 'allexport',
  b: 'notify',
  C: 'noclobber',
  e: 'errexit',
  f: 'noglob',
  h: 'trackall',
  m: 'monitor',
  n: 'noexec',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
};

const UNSET: Variable = { value: null, isExported: false, isReadonly: false };

export class State {
  readonly proc: Process;
  readonly dialect: Dialect;
  name: string;
  line = 1;
  status = 0;
  params: readonly string[] = [];
  flow: Flow | null = null;
  lastBackground = '';
  /** The pid of the first shell, which $$ names in subshells too. */
  readonly shellPid: number;
  /** Above zero where a failing command is part of a question: set -e looks away. */
  questions = 0;
  loops = 0;
  functionDepth = 0;
  sourceDepth = 0;
  /** The status of the last command substitution of the command being expanded. */
  substituted: number | null = null;
  optionIndex = 1;
  /** Position within bundled letters of getopts. */
  optionOffset = 0;
  /** The command after which this process has nothing to do: it may become it. */
  tail: Command | null = null;
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, Command>;
  readonly options: Set<string>;
  readonly traps: Map<string, string>;
  readonly jobs = new Map<number, Process>();
  /** Variables to put back when the running functions return. */
  readonly frames: Map<string, Variable | null>[] = [];

  constructor(proc: Process, dialect: Dialect, from: State | null) {
    this.proc = proc;
    this.dialect = dialect;
    this.name = from?.name ?? 'sh';
    this.shellPid = from?.shellPid ?? proc.pid;
    this.variables = new Map(from?.variables);
    this.functions = new Map(from?.functions);
    this.options = new Set(from?.options);
    this.traps = new Map();
    if (from === null) return;
    // a handler is reset in a subshell, an ignored signal stays ignored
    for (const [signal, action] of from.traps) if (action === '') this.traps.set(signal, '');
    this.line = from.line;
    this.status = from.status;
    this.params = from.params;
    this.lastBackground = from.lastBackground;
    this.questions = from.questions;
    this.functionDepth = from.functionDepth;
    this.sourceDepth = from.sourceDepth;
    this.optionIndex = from.optionIndex;
  }

  get isAbrupt(): boolean {
    return this.flow !== null;
  }

  has(option: string): boolean {
    return this.options.has(option);
  }

  value(name: string): string | null {
    return this.variables.get(name)?.value ?? null;
  }

  set(name: string, value: string): void {
    const old = this.variables.get(name) ?? UNSET;
    if (old.isReadonly) throw this.fail(this.dialect.readonly(name), 1, true);
    if (name === 'OPTIND') {
      this.optionIndex = Math.max(1, Number(value) || 1);
      this.optionOffset = 0;
    }
    this.variables.set(name, { ...old, value, isExported: old.isExported || this.has('allexport') });
  }

  mark(name: string, marks: Partial<Pick<Variable, 'isExported' | 'isReadonly'>>): void {
    this.variables.set(name, { ...(this.variables.get(name) ?? UNSET), ...marks });
  }

  unset(name: string): void {
    if (this.variables.get(name)?.isReadonly === true) throw this.fail(this.dialect.readonly(name), 1, true);
    this.variables.delete(name);
  }

  /** Makes a variable local to the running function. */
  makeLocal(name: string): void {
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined || frame.has(name)) return;
    frame.set(name, this.variables.get(name) ?? null);
    const old = this.variables.get(name);
    if (old !== undefined && !old.isReadonly) this.variables.set(name, { ...old, value: null });
  }

  restore(saved: ReadonlyMap<string, Variable | null>): void {
    for (const [name, variable] of saved) {
      if (variable === null) this.variables.delete(name);
      else this.variables.set(name, variable);
    }
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, isExported }] of this.variables) if (isExported && value !== null) env.set(name, value);
    return env;
  }

  /** An error with the shell's name and line in front. */
  fail(message: string, status: number, isFatal = false): ShellError {
    return new ShellError(`${this.prefix()}${message}`, status, isFatal);
  }

  prefix(): string {
    return this.dialect.prefix({ name: this.name, line: this.line });
  }

  async complain(message: string): Promise<void> {
    await this.say(`${this.prefix()}${message}\n`);
  }

  /** To standard error, if there is one. */
  async say(text: string): Promise<void> {
    if (this.proc.fds.get(2)?.canWrite === true) await this.proc.err(text);
  }
}
