// The person at the terminal: whether there is one, a question with yes or no, and what Ctrl-C means. It shows no run.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export type OperatorWord = 'stop' | 'rollback' | 'now';

export type Renderer = 'default' | 'simple' | 'verbose' | 'silent';

/** How a run is shown: a live view needs a screen that somebody looks at. */
export type ViewKind = 'live' | 'lines' | 'verbose-lines' | 'silent';

export interface TerminalFacts {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function viewKind(renderer: Renderer, verbose: boolean, { isTTY, env }: TerminalFacts): ViewKind {
  if (renderer === 'silent') return 'silent';
  if (renderer === 'verbose' || verbose) return 'verbose-lines';
  const dumb = !isTTY || Boolean(env['CI']) || env['TERM'] === 'dumb';
  return renderer === 'simple' || dumb ? 'lines' : 'live';
}

/** https://no-color.org: any value but the empty one turns colours off. */
export function hasColour({ isTTY, env }: TerminalFacts): boolean {
  return isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

interface Streams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Standard output is for the answer of the program: questions are talk. Looked up late, since that opens standard input. */
const here = (): Streams => ({ input: process.stdin, output: process.stderr });

/** Only a clear yes is a yes; Ctrl-C, the end of the input and a terminal that is gone are a no. */
export function confirm(question: string, streams: Streams = here()): Promise<boolean> {
  const reader = createInterface({ ...streams, terminal: false });
  return new Promise(resolve => {
    const answer = (yes: boolean): void => {
      resolve(yes);
      reader.close();
    };
    reader.on('SIGINT', () => answer(false));
    reader.on('error', () => answer(false));
    reader.on('close', () => resolve(false));
    reader.on('line', line => answer(isYes(line)));
    streams.output.write(`${question} [y/N] `);
  });
}

/** What waits to be read when a question comes up was typed before it; a terminal hands it over at once. */
const TYPED_BEFORE_MS = 100;
const CTRL_C = '\u0003';

export interface Late {
  readonly limitMs: number;
  /** A no. */
  readonly giveUp: AbortSignal;
}

/** What no end of line was typed for a terminal keeps to itself, unless it is raw. */
type LateStreams = Streams & { readonly input: { setRawMode?(raw: boolean): unknown } };

/** As `confirm`, in the middle of something: what was typed before the question isn't its answer. `none`: nobody answered in time. */
export async function confirmLate(
  question: string,
  late: Late,
  streams: LateStreams = here(),
): Promise<'yes' | 'no' | 'none'> {
  const said = (await discardTyped(streams.input, late.giveUp)) ? await answered(question, late, streams) : 'broken';
  if (said === 'yes' || said === 'no') return said;
  // Nobody typed an end of line.
  streams.output.write('\n');
  return said === 'none' ? 'none' : 'no';
}

/** What was typed before, half a line of it, too. @returns false: there is nobody to be asked, or it was given up. */
function discardTyped(input: LateStreams['input'], giveUp: AbortSignal): Promise<boolean> {
  if (!input.readable) return Promise.resolve(false);
  return new Promise(resolve => {
    let isOver = false;
    const over = (cleared: boolean): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(settled);
      giveUp.removeEventListener('abort', no);
      input.setRawMode?.(false);
      input.off('data', heard).off('end', no).off('error', no).pause();
      resolve(cleared);
    };
    const no = (): void => over(false);
    // No signal while the terminal is raw.
    const heard = (typed: unknown): void => void (String(typed).includes(CTRL_C) && no());
    // Whoever was held up for longer than that reads first.
    const settled = setTimeout(() => setImmediate(over, true), TYPED_BEFORE_MS);
    giveUp.addEventListener('abort', no);
    input.on('error', no).on('end', no).on('data', heard).resume();
    input.setRawMode?.(true);
  });
}

function answered(
  question: string,
  { limitMs, giveUp }: Late,
  streams: Streams,
): Promise<'yes' | 'no' | 'none' | 'broken'> {
  const reader = createInterface({ ...streams, terminal: false });
  return new Promise(resolve => {
    const answer = (said: 'yes' | 'no' | 'none' | 'broken'): void => {
      clearTimeout(late);
      giveUp.removeEventListener('abort', broken);
      reader.off('close', broken).close();
      resolve(said);
    };
    const broken = (): void => answer('broken');
    const late = setTimeout(answer, limitMs, 'none');
    reader.on('line', line => answer(isYes(line) ? 'yes' : 'no'));
    reader.on('error', broken).once('close', broken);
    giveUp.addEventListener('abort', broken);
    streams.output.write(`${question} [y/N] `);
  });
}

const isYes = (line: string): boolean => /^\s*(y|yes)\s*$/i.test(line);

/**
 * One line; null at the end of the input and on Ctrl-C.
 * @param secret what is typed isn't shown: the line goes to a terminal that writes nothing.
 */
export function ask(question: string, secret: boolean, { input, output }: Streams = here()): Promise<string | null> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: secret ? hidden : output, terminal: secret });
  // Only now: a terminal still shows what is typed, or pasted, before its reader has taken it over.
  output.write(question);
  return new Promise(resolve => {
    const answer = (line: string | null): void => {
      resolve(line);
      if (secret) output.write('\n');
      reader.close();
    };
    reader.once('SIGINT', () => answer(null));
    reader.on('error', () => answer(null));
    reader.once('close', () => resolve(null));
    reader.once('line', line => answer(line));
  });
}

const WORDS: readonly OperatorWord[] = ['stop', 'rollback', 'now'];

/** What the n-th Ctrl-C of a run means: start nothing more, roll back, stop at once. */
function interruptWord(n: number): OperatorWord {
  return WORDS[Math.min(n, WORDS.length) - 1] ?? 'now';
}

/** Short enough for a narrow terminal: a view that is drawn there must not be pushed by a wrapped line. */
export const INTERRUPT_HELP: Readonly<Record<OperatorWord, string>> = {
  stop: 'stopping: what runs comes to its end. Ctrl-C again rolls back',
  rollback: 'rolling back what is on its way. Ctrl-C again stops at once',
  now: 'stopping now; nothing on the hosts is killed',
};

interface Signals {
  on(name: NodeJS.Signals, listener: () => void): unknown;
  off(name: NodeJS.Signals, listener: () => void): unknown;
}

/** Ctrl-C, a closed terminal and a plain kill say the next word each, unless they mean something else now. @returns how to stop listening */
export function onInterrupts(
  say: (word: OperatorWord) => void,
  isTaken: () => boolean = () => false,
  signals: Signals = process,
): () => void {
  let count = 0;
  const heard = (): void => {
    if (isTaken()) return;
    count += 1;
    say(interruptWord(count));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) signals.on(name, heard);
  return () => {
    for (const name of names) signals.off(name, heard);
  };
}
