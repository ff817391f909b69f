// One command started from outside, as sshd starts it: the account's login shell with -c, its three streams, its end.
// The end is told when the shell has ended and no process can write to the streams any more, as sshd closes a channel.
import type { Kernel } from './kernel.ts';
import { Outlet, Pipe } from './pipe.ts';
import type { Account, Ending, ExecOptions, Execution } from './program.ts';
import { signalName } from './signals.ts';

export interface SessionStart {
  readonly command: string;
  readonly account: Account;
  readonly path: string;
  readonly options: ExecOptions;
}

function environment({ account, path, options }: SessionStart): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      HOME: account.home,
      LOGNAME: account.name,
      USER: account.name,
      PATH: path,
      SHELL: account.shell,
      MAIL: `/var/mail/${account.name}`,
      ...options.env,
    }),
  );
}

export function startSession(kernel: Kernel, start: SessionStart): Execution {
  const { account, options } = start;
  const isTerminal = options.tty ?? false;
  const name = account.shell.split('/').pop() ?? account.shell;
  const leader = kernel.spawnLeader(account, environment(start), [name, '-c', start.command]);
  let finish: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>(resolve => {
    finish = resolve;
  });
  const look = (): void => {
    if (leader.ending !== null && outlets.every(outlet => outlet.isDone)) finish(leader.ending);
  };
  const out = new Outlet(options.onOut, isTerminal, look);
  // a terminal is one stream
  const err = isTerminal ? out : new Outlet(options.onErr, false, look);
  const outlets = [out, err];
  const stdin = new Pipe(kernel.count);
  stdin.writer.retain();
  let isFed = true;
  const endInput = (): void => {
    if (isFed) stdin.writer.release();
    isFed = false;
  };
  leader.install(0, stdin.reader);
  leader.install(1, out);
  leader.install(2, err);
  leader.ended.add(() => {
    endInput();
    look();
  });
  leader.begin((proc, argv) => proc.exec(kernel.findProgram(proc, account.shell), argv));
  return {
    ended,
    input(bytes) {
      if (bytes === null) endInput();
      else if (isFed) stdin.feed(bytes);
    },
    hungry: () => stdin.room(),
    detach() {
      endInput();
      for (const outlet of outlets) outlet.leave();
      if (isTerminal) kernel.kill(-leader.pgid, 'HUP');
    },
    signal(word) {
      const signal = signalName(word);
      if (signal !== null) kernel.kill(-leader.pgid, signal);
    },
  };
}
