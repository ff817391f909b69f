// The process of the system's ssh that holds one connection: started, heard until it is logged in, ended. What goes over
// its control socket is in openssh-control.ts. It can ask nobody anything: it has no terminal and no standard input.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { errorCode } from '../files.ts';

/** What it says of a failed login takes a dozen lines; a host's banner could be of any length. */
const HEARD_BYTES = 16 * 1024;

export interface Master {
  /** Its control socket takes connections from then on. */
  readonly ready: Promise<void>;
  /** It is no more: all that it said. */
  readonly gone: Promise<string>;
  /** It says good-bye to the host. */
  end(): void;
  cut(): void;
}

export function startMaster(program: string, words: readonly string[], control: string): Master {
  // In a session of its own: Ctrl-C at our terminal is for us to understand, not for it.
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  return {
    ready: new Promise(resolve => child.stdout.once('data', () => resolve())),
    gone: heardToTheEnd(child).finally(() => rm(control, { force: true })),
    end: () => void child.kill('SIGTERM'),
    cut: () => void child.kill('SIGKILL'),
  };
}

function heardToTheEnd(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  let heard = '';
  child.stderr.on('data', (chunk: Buffer) => {
    heard = (heard + chunk.toString()).slice(-HEARD_BYTES);
  });
  return new Promise(resolve => {
    child.once('error', error => resolve(notStarted(error)));
    // `exit`, not `close`: a ProxyCommand may keep its standard error open for as long as it likes.
    child.once('exit', () => setImmediate(() => resolve(heard)));
  });
}

function notStarted(error: Error): string {
  return errorCode(error) === 'ENOENT' ? NO_PROGRAM : error.message;
}

const NO_PROGRAM = 'there is no ssh on this machine: install OpenSSH\'s client, or leave "transport" out';
