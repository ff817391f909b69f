// A simulated host: file trees that outlive a reboot, and a kernel that doesn't. Made lazily, so that a fleet of a
// thousand costs nothing until somebody looks. Knows nothing of Solaris: programs register themselves.
import { loginShells } from '../shell/main.ts';
import { TOOLS } from '../util/tools.ts';
import { Forest } from './forest.ts';
import { Kernel, type Main } from './kernel.ts';
import type { EndCount } from './pipe.ts';
import type { Account, ExecOptions, Execution, Machine, MachineOptions, ProcessLine, Trees } from './program.ts';
import { startSession } from './session.ts';
import { FileView } from './view.ts';

const tools: ReadonlyMap<string, Main> = new Map([...TOOLS, ...loginShells()]);

export class SimMachine implements Machine {
  readonly name: string;
  private readonly options: MachineOptions;
  private readonly count: EndCount = { ends: 0 };
  private grown: Forest | null = null;
  private kernel: Kernel | null = null;
  private isOn = true;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.options = options;
  }

  get isUp(): boolean {
    return this.isOn;
  }

  get trees(): Trees {
    return this.forest();
  }

  exec(command: string, options: ExecOptions): Execution | null {
    if (!this.isOn) return null;
    const account = this.account(options.user);
    return startSession(this.running(), { command, account, path: this.options.path, options });
  }

  processes(): readonly ProcessLine[] {
    const all = this.kernel?.processes() ?? [];
    return all.map(({ pid, ppid, user, command }) => ({ pid, ppid, user, command }));
  }

  kill(pid: number, signal: string): boolean {
    return this.kernel?.kill(pid, signal) ?? false;
  }

  halt(): void {
    this.isOn = false;
    this.kernel?.halt();
    this.kernel = null;
    this.grown?.vfs.power(false);
  }

  boot(root: string): void {
    this.halt();
    this.forest().mount(root);
    this.forest().vfs.power(true);
    this.isOn = true;
  }

  /** The file tree as this user sees it through the running host. */
  files(user: string): FileView {
    const { uid } = this.account(user);
    return new FileView(this.forest().vfs, { uid, cwd: this.account(user).home, umask: 0o022 });
  }

  /** How many ends of pipes are open: none when no process is left. */
  openPipeEnds(): number {
    return this.count.ends;
  }

  private account(name: string): Account {
    const account = this.options.accounts.find(one => one.name === name);
    if (account === undefined) throw new Error(`${this.name} has no account ${name}`);
    return account;
  }

  private forest(): Forest {
    this.grown ??= new Forest({
      root: this.options.root,
      hostName: this.name,
      accounts: this.options.accounts,
      files: this.options.files ?? {},
      programs: [this.options.programs, tools],
      now: () => this.options.clock.now(),
    });
    return this.grown;
  }

  private running(): Kernel {
    this.kernel ??= new Kernel({
      vfs: this.forest().vfs,
      clock: this.options.clock,
      accounts: this.options.accounts,
      programs: this.options.programs,
      tools,
      count: this.count,
      hostName: this.name,
      connects: this.options.connects ?? (() => 'refused'),
    });
    return this.kernel;
  }
}

/** A machine that is up, with `options.root` as its root tree. */
export function makeMachine(options: MachineOptions): SimMachine {
  return new SimMachine(options);
}
