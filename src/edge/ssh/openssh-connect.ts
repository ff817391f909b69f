// The second transport: the system's ssh logs in, with everything that its own configuration knows (certificates,
// security keys, GSSAPI, any ProxyCommand), and holds the connection as a master of ours alone.
import { connect as connectSocket, type Socket } from 'node:net';
import type { Connection } from '../../model/inventory.ts';
import { errorText } from '../files.ts';
import { openPipe, sendCommand, type Session } from './exec.ts';
import { Control } from './openssh-control.ts';
import { ControlFolder } from './openssh-folder.ts';
import { type Master, startMaster } from './openssh-master.ts';
import { masterWords, type Program } from './openssh-options.ts';
import { readByCommand } from './openssh-read.ts';
import { loginFailure } from './openssh-words.ts';
import { type Connected, GIVEN_UP, type Link, type Transport } from './transport.ts';

const SYSTEM_SSH: Program = { name: 'ssh', words: [] };

/** One folder of sockets for all hosts of a run. */
export function opensshTransport(ssh: Program = SYSTEM_SSH): Transport {
  const folder = new ControlFolder();
  return async (connection, givenUp) => {
    let control: string;
    try {
      control = await folder.enter();
    } catch (error) {
      return { is: 'no', why: `no private folder for ssh's socket: ${errorText(error)}`, again: false };
    }
    const master = startMaster(ssh.name, masterWords(connection, control, ssh), control);
    void master.gone.then(() => folder.leave());
    return loggedIn(master, control, { connection, givenUp });
  };
}

interface Wish {
  readonly connection: Connection;
  readonly givenUp: AbortSignal;
}

async function loggedIn(master: Master, control: string, { connection, givenUp }: Wish): Promise<Connected> {
  const late = AbortSignal.timeout(connection.connectTimeoutMs);
  const over = abortOf(AbortSignal.any([late, givenUp]));
  const came = await Promise.race([
    master.ready.then(() => linked(master, control)),
    master.gone.then(() => null),
    over.then(() => 'over' as const),
  ]);
  if (came !== null && came !== 'over') return { is: 'connected', link: came };
  master.cut();
  if (givenUp.aborted) return { is: 'no', why: GIVEN_UP, again: false };
  return came === 'over' ? tooLate(connection) : { is: 'no', ...loginFailure(await master.gone, connection) };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function tooLate({ address, port, connectTimeoutMs }: Connection): Connected {
  const seconds = Math.round(connectTimeoutMs / 1000);
  return { is: 'no', why: `${address} port ${port}: no SSH session within ${seconds} s`, again: true };
}

/** null: the master went away again, or isn't one. */
function linked(master: Master, path: string): Promise<Link | null> {
  return new Promise(resolve => {
    const socket = connectSocket(path);
    const control = new Control(socket, () => resolve(linkOver(master, socket, control)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      control.gone();
      resolve(null);
    });
  });
}

function linkOver(master: Master, socket: Socket, control: Control): Link {
  const session: Session = {
    start: (line, answer) => control.start(line, answer),
    alive: () => !socket.destroyed && socket.readyState === 'open',
  };
  void master.gone.then(() => socket.destroy());
  // The master may live on without its socket; a link without commands is none.
  socket.on('close', () => master.end());
  return {
    alive: session.alive,
    onGone: listener => void master.gone.then(listener),
    end: () => master.end(),
    cut: () => {
      master.cut();
      socket.destroy();
    },
    exec: (line, options, place) => sendCommand(session, line, { options, place }),
    pipe: (line, ears) => openPipe(session, line, ears),
    read: (path, clock) => readByCommand(session, path, clock),
  };
}
