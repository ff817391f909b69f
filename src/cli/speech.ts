// Where the program speaks: answers on standard output, talk on standard error. Handed to every subcommand, so that
// tests can listen.

import { EXIT } from './exit.ts';

export interface Speech {
  /** The answer. Ends with a newline. */
  out(text: string): void;
  /** Talk: progress, questions, what is wrong. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of standard error, where the live view is. */
  readonly columns: number;
  /** Somebody is there to be asked. */
  readonly interactive: boolean;
  readonly colour: boolean;
}

const LEAST_COLUMNS = 40;

export function processSpeech(): Speech {
  const { stdout, stderr, stdin, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', error => unheard(stream, error));
  return {
    out: text => stdout.write(text),
    err: text => stderr.write(text),
    env,
    columns: Math.max(LEAST_COLUMNS, stderr.columns ?? (Number(env['COLUMNS']) || 100)),
    interactive: stdin.isTTY === true && stderr.isTTY === true && env['CI'] === undefined,
    colour: stderr.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}

/** Nobody listens any more (`| head`), or the disk is full: a run goes on all the same, its journal tells the story. */
function unheard(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || stream === process.stderr) return;
  // The subcommand may have ended, with a status of its own, before the disk says no; said once.
  if (process.exitCode !== undefined && process.exitCode !== EXIT.done) return;
  process.exitCode = EXIT.wrong;
  process.stderr.write(`standard output can't be written: ${error.message}\n`);
}
