// One session of a connection: an exec, a shell or the sftp subsystem. It carries bytes and endings between the SSH
// channel and the machine, and says what a real sshd says: the status only after the last byte, a signal as a signal,
// and nothing at all when the host went down under the command.
import type { ServerChannel, Session } from 'ssh2';
import type { Ending, Execution, Machine } from '../os/program.ts';
import { Outlet } from './outlet.ts';
import { Terminal, withReturns } from './terminal.ts';

export interface SessionHost {
  readonly machine: Machine;
  /** Serves SFTP on the channel for that user, until the channel ends or the result is called. */
  readonly sftp: (user: string, channel: ServerChannel) => () => void;
  /** The machine is down: the whole connection goes without a word. */
  readonly cut: () => void;
}

/** What an sshd with its shipped configuration lets through (AcceptEnv). */
const ACCEPTED_ENV = /^(LANG|LC_[A-Z]+)$/;

/** A login shell that reads its commands from the session: `ssh host < script`. */
const FROM_A_STREAM = 'exec "$SHELL" -s';

/** At a terminal: a prompt, a line, its command, as long as there are lines. ^C ends a command, not the shell. */
const AT_A_TERMINAL = `trap : INT
echo "Oracle Solaris 11.4 (simulated host)"
while printf '%s@%s:%s# ' "$LOGNAME" "$(uname -n)" "$PWD" && IFS= read -r line; do eval "$line"; done`;

interface Request {
  readonly env: Record<string, string>;
  tty: boolean;
  running: Running | null;
}

interface Running {
  readonly execution: Execution;
  readonly outlet: Outlet;
  readonly tty: boolean;
  ended: boolean;
}

/** @returns what to call when the connection is lost */
export function serveSession(session: Session, user: string, host: SessionHost): () => void {
  const request: Request = { env: {}, tty: false, running: null };
  session.on('env', (accept, reject, info) => {
    const fits = ACCEPTED_ENV.test(info.key);
    if (fits) request.env[info.key] = info.val;
    answer(fits ? accept : reject);
  });
  session.on('pty', (accept, _reject, info) => {
    request.tty = true;
    request.env['TERM'] = info.term;
    answer(accept);
  });
  session.on('window-change', accept => answer(accept));
  session.on('signal', (_accept, _reject, info) => request.running?.execution.signal(info.name));
  session.on('exec', (accept, _reject, info) => start(accept(), info.command, { request, user, host }));
  session.on('shell', accept => start(accept(), request.tty ? AT_A_TERMINAL : FROM_A_STREAM, { request, user, host }));
  session.on('subsystem', (accept, reject, info) =>
    info.name === 'sftp' ? host.sftp(user, accept()) : answer(reject),
  );
  const lost = (): void => lose(request);
  session.on('close', lost);
  return lost;
}

/** ssh2 hands out no function when the client wants no answer. */
function answer(reply: unknown): void {
  if (typeof reply === 'function') reply();
}

function start(
  channel: ServerChannel,
  command: string,
  { request, user, host }: { readonly request: Request; readonly user: string; readonly host: SessionHost },
): void {
  const outlet = new Outlet(channel);
  const { tty } = request;
  const execution = host.machine.exec(command, {
    user,
    env: request.env,
    tty,
    onOut: bytes => outlet.write('out', tty ? withReturns(bytes) : bytes),
    onErr: bytes => (tty ? outlet.write('out', withReturns(bytes)) : outlet.write('err', bytes)),
  });
  if (execution === null) return host.cut();
  const running: Running = { execution, outlet, tty, ended: false };
  request.running = running;
  feed(channel, running);
  void execution.ended.then(ending => finish(channel, running, ending, host));
}

function feed(channel: ServerChannel, { execution, outlet, tty }: Running): void {
  if (tty) {
    const terminal = new Terminal({
      show: bytes => void outlet.write('out', bytes),
      line: bytes => execution.input(bytes),
      signal: name => execution.signal(name),
    });
    channel.on('data', (bytes: Buffer) => terminal.type(bytes));
  } else {
    channel.on('data', (bytes: Buffer) => void give(channel, execution, bytes));
  }
  channel.on('end', () => execution.input(null));
}

/** Takes no more from the client than the process takes. */
async function give(channel: ServerChannel, execution: Execution, bytes: Buffer): Promise<void> {
  execution.input(bytes);
  channel.pause();
  await execution.hungry();
  channel.resume();
}

async function finish(channel: ServerChannel, running: Running, ending: Ending, host: SessionHost): Promise<void> {
  if (ending.is === 'gone') return host.cut();
  await running.outlet.drained();
  if (running.ended) return;
  running.ended = true;
  if (ending.is === 'exited') channel.exit(ending.status);
  else channel.exit(ending.signal.replace(/^SIG/, ''), false, '');
  channel.end();
  // what the client still sends goes nowhere, but has to be taken, or the channel never closes
  channel.resume();
}

/** The client is gone: without a terminal nothing tells the process, it only can't write any more. */
function lose({ running }: Request): void {
  if (running === null || running.ended) return;
  running.ended = true;
  running.outlet.drop();
  if (running.tty) running.execution.signal('HUP');
  running.execution.detach();
}
