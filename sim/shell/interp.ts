// Runs what the parser read: lists, loops, functions, subshells. Simple commands are in simple.ts, pipelines and other
// children in children.ts. `flow` says when control leaves the straight line; nothing here throws for that.
import { breathe } from '../os/breath.ts';
import { statusOf } from '../os/process.ts';
import type { Command } from './ast.ts';
import { runBackground, runPipeline, runSubshell, substitute } from './children.ts';
import { holds } from './conditions.ts';
import { arithmetic, expandPattern, expandText, expandWords } from './expand.ts';
import { Parser } from './parse.ts';
import { matches } from './pattern.ts';
import { redirectForNow, undo } from './redirect.ts';
import { runSimple } from './simple.ts';
import { Incomplete, ShellSyntaxError } from './source.ts';
import { ShellError, State } from './state.ts';
import { runExitTrap, runTraps } from './traps.ts';

const NODES_A_BREATH = 1024;
const DEEPEST_CALL = 900;

let nodes = 0;

export class Shell extends State {
  /** A subshell: the same state in a process of its own. */
  fork(): Shell {
    const child = new Shell(this.proc.kernel.spawn(this.proc), this.dialect, this);
    child.proc.env = this.proc.env;
    return child;
  }

  /** Runs a body as the whole life of this shell's process: EXIT trap and fatal errors included. */
  async live(body: () => Promise<number>): Promise<number> {
    try {
      this.status = await body();
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      await this.say(`${error.message}\n`);
      this.status = error.status;
    }
    if (this.flow?.is === 'exit') this.status = this.flow.status;
    this.flow = null;
    await runTraps(this);
    return runExitTrap(this);
  }

  async run(command: Command): Promise<number> {
    if (++nodes % NODES_A_BREATH === 0) await breathe();
    // a loop of builtins makes no call that would notice
    if (this.proc.ending !== null) return new Promise<never>(() => {});
    const status = await this.perform(command);
    this.status = status;
    if (this.proc.pending.length > 0) await runTraps(this);
    return this.status;
  }

  private async perform(command: Command): Promise<number> {
    switch (command.is) {
      case 'simple':
        return this.checked(await runSimple(this, command));
      case 'pipe':
        return this.pipeline(command);
      case 'and':
      case 'or': {
        const left = await this.asQuestion(command.left);
        if (this.isAbrupt || (left === 0) !== (command.is === 'and')) return left;
        return this.run(command.right);
      }
      case 'list':
        return this.list(command);
      case 'if':
        return this.branch(command);
      case 'while':
        return this.loop(command);
      case 'for':
        return this.each(command);
      case 'case':
        return this.select(command);
      case 'function':
        this.functions.set(command.name, command.body);
        return 0;
      case 'group':
        return this.run(command.body);
      case 'subshell':
        return this.checked(await runSubshell(this, command.body));
      case 'condition':
        this.line = command.line;
        return this.checked((await holds(this, command.test)) ? 0 : 1);
      case 'arithmetic':
        return this.checked((await arithmetic(this, command.expression)) === 0n ? 1 : 0);
      case 'redirected':
        return this.redirected(command);
    }
  }

  /** With set -e a failure that nobody asks about ends the shell. */
  private checked(status: number): number {
    if (status !== 0 && this.questions === 0 && !this.isAbrupt && this.has('errexit'))
      this.flow = { is: 'exit', status };
    return status;
  }

  private async asQuestion(command: Command): Promise<number> {
    this.questions++;
    try {
      return await this.run(command);
    } finally {
      this.questions--;
    }
  }

  private async pipeline(command: Extract<Command, { is: 'pipe' }>): Promise<number> {
    const { commands, isNegated } = command;
    const [only] = commands;
    if (isNegated) this.questions++;
    try {
      const status =
        commands.length === 1 && only !== undefined ? await this.run(only) : await runPipeline(this, commands);
      if (!isNegated) return this.checked(status);
      return this.isAbrupt ? status : status === 0 ? 1 : 0;
    } finally {
      if (isNegated) this.questions--;
    }
  }

  private async list(command: Extract<Command, { is: 'list' }>): Promise<number> {
    let status = 0;
    for (const item of command.items) {
      status = item.isBackground ? runBackground(this, item.command) : await this.run(item.command);
      this.status = status;
      if (this.isAbrupt) return status;
    }
    return status;
  }

  private async branch(command: Extract<Command, { is: 'if' }>): Promise<number> {
    const status = await this.asQuestion(command.condition);
    if (this.isAbrupt) return status;
    if (status === 0) return this.run(command.yes);
    return command.no === null ? 0 : this.run(command.no);
  }

  /** After a round of a loop: whether to leave it. */
  private isLoopOver(): boolean {
    if (this.flow?.is !== 'break' && this.flow?.is !== 'continue') return this.isAbrupt;
    const { is, levels } = this.flow;
    this.flow = levels > 1 ? { is, levels: levels - 1 } : null;
    return levels > 1 || is === 'break';
  }

  private async loop(command: Extract<Command, { is: 'while' }>): Promise<number> {
    let status = 0;
    this.loops++;
    try {
      for (;;) {
        const test = await this.asQuestion(command.condition);
        if (this.isAbrupt) {
          if (this.isLoopOver()) return this.isAbrupt ? test : status;
          continue;
        }
        if ((test === 0) === command.isUntil) return status;
        status = await this.run(command.body);
        if (this.isLoopOver()) return status;
      }
    } finally {
      this.loops--;
    }
  }

  private async each(command: Extract<Command, { is: 'for' }>): Promise<number> {
    const values = command.words === null ? this.params : await expandWords(this, command.words);
    let status = 0;
    this.loops++;
    try {
      for (const value of values) {
        this.set(command.name, value);
        status = await this.run(command.body);
        if (this.isLoopOver()) break;
      }
    } finally {
      this.loops--;
    }
    return status;
  }

  private async select(command: Extract<Command, { is: 'case' }>): Promise<number> {
    const text = await expandText(this, command.word);
    let status = 0;
    let isFalling = false;
    for (const arm of command.arms) {
      if (!isFalling && !(await this.fits(text, arm.patterns))) continue;
      if (arm.body !== null) status = await this.run(arm.body);
      if (arm.then === 'stop' || this.isAbrupt) return status;
      isFalling = arm.then === 'fall';
    }
    return status;
  }

  private async fits(
    text: string,
    patterns: Extract<Command, { is: 'case' }>['arms'][number]['patterns'],
  ): Promise<boolean> {
    for (const pattern of patterns) if (matches(text, await expandPattern(this, pattern))) return true;
    return false;
  }

  private async redirected(command: Extract<Command, { is: 'redirected' }>): Promise<number> {
    let saved: Awaited<ReturnType<typeof redirectForNow>>;
    try {
      saved = await redirectForNow(this, command.redirects);
    } catch (error) {
      if (!(error instanceof ShellError) || error.isFatal) throw error;
      await this.say(`${error.message}\n`);
      return this.checked(error.status);
    }
    try {
      return await this.run(command.command);
    } finally {
      undo(this.proc, saved);
    }
  }

  /** Calls a function with these parameters. */
  async call(body: Command, argv: readonly string[]): Promise<number> {
    if (this.functionDepth >= DEEPEST_CALL) throw this.fail(`${argv[0] ?? ''}: recursion too deep`, 1, true);
    const { params, loops } = this;
    const frame = new Map();
    this.params = argv.slice(1);
    this.loops = 0;
    this.functionDepth++;
    this.frames.push(frame);
    try {
      const status = await this.run(body);
      if (this.flow?.is !== 'return') return status;
      const { status: returned } = this.flow;
      this.flow = null;
      return returned;
    } finally {
      this.frames.pop();
      this.restore(frame);
      this.functionDepth--;
      this.params = params;
      this.loops = loops;
    }
  }

  /** Runs a whole text in this shell: sh -c, a file, eval, a trap. */
  async runText(text: string, firstLine = 1): Promise<number> {
    const parser = new Parser(text, firstLine);
    let status = 0;
    while (!this.isAbrupt) {
      const command = this.nextCommand(parser);
      if (command === null) break;
      status = await this.run(command);
    }
    return status;
  }

  nextCommand(parser: Parser): Command | null {
    const start = parser.line;
    try {
      return parser.complete();
    } catch (error) {
      if (error instanceof ShellSyntaxError) throw this.syntaxError(error);
      if (error instanceof Incomplete) throw this.syntaxError(new ShellSyntaxError(start, null));
      throw error;
    }
  }

  syntaxError({ line, token }: ShellSyntaxError): ShellError {
    this.line = line;
    const said = this.dialect.syntax(token, { name: this.name, line });
    return new ShellError(said, this.dialect.syntaxStatus, true);
  }

  substitute(body: Command | null): Promise<string> {
    return substitute(this, body);
  }

  /** A parameter of any kind: variable, positional, special; null when it isn't set. */
  param(name: string): string | null {
    if (/^[1-9]/.test(name)) return this.params[Number(name) - 1] ?? null;
    switch (name) {
      case '0':
        return this.name;
      case '?':
        return String(this.status);
      case '$':
        return String(this.shellPid);
      case '!':
        return this.lastBackground === '' ? null : this.lastBackground;
      case '#':
        return String(this.params.length);
      case '-':
        return this.flags();
      case '@':
      case '*':
        return this.params.join(' ');
      case 'RANDOM':
        return this.variables.has(name) ? String((this.proc.clock.now() * 7919 + nodes * 104729) & 32767) : null;
      case 'LINENO':
        return String(this.line);
      case 'SECONDS':
        return String(Math.floor((this.proc.clock.now() - this.startedAt) / 1000));
      case 'PPID':
        return this.value(name) ?? String(this.proc.ppid);
      case 'PWD':
        return this.value(name) ?? this.proc.cwd;
      default:
        return this.value(name);
    }
  }

  private readonly startedAt = this.proc.clock.now();

  private flags(): string {
    const letters = { allexport: 'a', errexit: 'e', noglob: 'f', nounset: 'u', xtrace: 'x', noclobber: 'C' };
    return Object.entries(letters)
      .filter(([option]) => this.has(option))
      .map(([, letter]) => letter)
      .join('');
  }

  homeOf(user: string): string | null {
    return this.proc.kernel.accounts.find(account => account.name === user)?.home ?? null;
  }

  statusOf(ending: Parameters<typeof statusOf>[0]): number {
    return statusOf(ending, this.dialect.signalBase);
  }
}
