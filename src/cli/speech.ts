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
  /** From here on hosts may be touched: whatever can't be told now, it isn't that nothing was. */
  begun(run: Begun): void;
}

/** A run whose journal is open. */
export interface Begun {
  readonly id: string;
  readonly journal: string;
}

const LEAST_COLUMNS = 40;

export function processSpeech(): Speech {
  const { stdout, stderr, stdin, env } = process;
  const lost: Lost = { run: null, said: false };
  for (const stream of [stdout, stderr]) stream.on('error', error => unheard(stream, error, lost));
  return {
    out: text => stdout.write(text),
    err: text => stderr.write(text),
    env,
    columns: Math.max(LEAST_COLUMNS, stderr.columns ?? (Number(env['COLUMNS']) || 100)),
    interactive: stdin.isTTY === true && stderr.isTTY === true && env['CI'] === undefined,
    colour: stderr.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
    begun: run => {
      lost.run = run;
    },
  };
}

interface Lost {
  run: Begun | null;
  said: boolean;
}

/** The journal has what could not be told. */
export function toldBy({ id, journal }: Begun): string {
  return `zoneferry show ${id} tells it; its journal is ${journal}`;
}

/** Nobody listens any more (`| head`), or the disk is full: a run goes on all the same, its journal tells the story. */
function unheard(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException, lost: Lost): void {
  if (error.code === 'EPIPE' || stream === process.stderr || lost.said) return;
  // The subcommand may have ended, with a status of its own, before the disk says no.
  if (process.exitCode !== undefined && process.exitCode !== EXIT.done && lost.run === null) return;
  lost.said = true;
  const what = `standard output can't be written: ${error.message}`;
  // A run ends with its own status: what it did to the hosts is what a script asks for.
  if (lost.run !== null) {
    process.stderr.write(`${what}; run ${lost.run.id} is carried out all the same: ${toldBy(lost.run)}\n`);
    return;
  }
  process.exitCode = EXIT.wrong;
  process.stderr.write(`${what}\n`);
}
