// Where the program speaks: answers on standard output, talk on standard error. Handed to every subcommand, so that
// tests can listen.

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

export function processSpeech(): Speech {
  const { stdout, stderr, stdin, env } = process;
  return {
    out: text => stdout.write(text),
    err: text => stderr.write(text),
    env,
    columns: stderr.columns ?? 100,
    interactive: stdin.isTTY === true && stderr.isTTY === true && env['CI'] === undefined,
    colour: stderr.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}
