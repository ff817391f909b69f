// The live view: listr2 draws, and nothing else. Its one task waits for the end of the run, its lines are a picture made
// elsewhere, bounded to the screen; no work runs inside it, and none of its retries, rollbacks or concurrency is used.
// It draws a few times a second at most, however many events come: it shares its loop with the keepalives of the hosts.
import { setImmediate } from 'node:timers/promises';

export interface Screen {
  readonly columns: number;
  readonly lines: number;
}

export interface Picture {
  readonly title: string;
  readonly rows: readonly { readonly mood: 'running' | 'good' | 'bad' | 'waiting'; readonly text: string }[];
  /** The newest words of a host; empty when there are none. */
  readonly words: string;
}

export interface LiveView {
  /** Draws now, between the regular times. */
  refresh(): void;
  /** Clears the view and gives the terminal back. */
  end(): Promise<void>;
}

export interface LiveViewOptions {
  readonly picture: (screen: Screen) => Picture;
  readonly stream: NodeJS.WriteStream;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** At most so often. A frame costs a few milliseconds: 200 is often enough. null: only `refresh` draws. */
  readonly everyMs: number | null;
}

/** After a drawing at least so many times as long nothing is drawn. */
const REST_FOR_DRAWING = 20;

const MARKS = { running: '▸', good: '✔', bad: '✖', waiting: '·' } as const;
const PLAIN_MARKS = { running: '>', good: '+', bad: 'x', waiting: '.' } as const;
const COLOURS = { running: 36, good: 32, bad: 31, waiting: 2 } as const;

/** Under the title. */
const INDENT = '  ';

/** listr2's mark is that of the title; the rows have marks of their own. */
const iconsFor = (unicode: boolean): Readonly<Record<string, string>> => ({
  PENDING: unicode ? '❯' : '>',
  COMPLETED: unicode ? '✔' : '+',
});

/** Without UTF-8 in the locale the marks would come out as garbage. */
export function speaksUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

export function pictureLines(
  picture: Picture,
  look: { readonly colour: boolean; readonly unicode: boolean },
): readonly string[] {
  const marks = look.unicode ? MARKS : PLAIN_MARKS;
  const mark = (mood: keyof typeof MARKS): string =>
    look.colour ? `\u001b[${COLOURS[mood]}m${marks[mood]}\u001b[0m` : marks[mood];
  // What is indented belongs to the row above it and has that row's mark.
  const rows = picture.rows.map(row => `${row.text.startsWith(' ') ? ' ' : mark(row.mood)} ${row.text}`);
  return picture.words === '' ? rows : [...rows, picture.words];
}

/**
 * listr2 would look whether standard output is a terminal, and cut lines to its width (80 when it goes to a file); what
 * counts is the stream that is drawn on. Lines come cut to that one's width, and are left as they are.
 */
async function rendererFor(stream: NodeJS.WriteStream) {
  const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import('listr2');
  class OnStream extends DefaultRenderer {
    static override nonTTY = true;

    protected override format(text: string, icon: string, level: number): string[] {
      if (text.trim() === '') return [];
      return level === 0 ? [`${icon} ${text}`] : text.split('\n').map(line => `${INDENT}${line}`);
    }
  }
  const logger = new ListrLogger({ processOutput: new ProcessOutput(stream, stream), useIcons: true });
  return { Listr, OnStream, logger };
}

export async function startLiveView(options: LiveViewOptions): Promise<LiveView> {
  const { stream } = options;
  const { Listr, OnStream, logger } = await rendererFor(stream);
  let over = (): void => {};
  const wait = new Promise<void>(resolve => (over = resolve));
  const { promise: started, begin } = starting();
  const list = new Listr<unknown, typeof OnStream>(
    [
      {
        title: ' ',
        rendererOptions: { outputBar: 1 },
        task: async (_context, task) => {
          begin(() => {
            const picture = options.picture({ columns: stream.columns, lines: stream.rows });
            // Each of the wrapper's words would draw anew: title and lines are one drawing.
            task.task.title = picture.title;
            task.output = pictureLines(picture, options).join('\n');
          });
          await wait;
        },
      },
    ],
    {
      renderer: OnStream,
      registerSignalListeners: false,
      rendererOptions: {
        clearOutput: true,
        lazy: true,
        formatOutput: 'truncate',
        logger,
        icon: iconsFor(options.unicode),
      },
    },
  );
  const running = list.run();
  const draw = await started;
  // To load what draws takes as long as a few drawings.
  await setImmediate();
  draw();
  const stop = options.everyMs === null ? () => {} : drawAgain(draw, options.everyMs);
  return {
    refresh: draw,
    end: async () => {
      stop();
      over();
      await running;
    },
  };
}

/** Whoever draws slowly, on a busy machine or of many hosts, draws seldom: a twentieth of a processor is enough for it. */
function drawAgain(draw: () => void, everyMs: number): () => void {
  const next = (afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      const begunMs = performance.now();
      draw();
      timer = next(Math.max(everyMs, (performance.now() - begunMs) * REST_FOR_DRAWING));
    }, afterMs);
  let timer = next(everyMs);
  return () => clearTimeout(timer);
}

/** The renderer is loaded and on the screen only when the task begins. */
function starting(): { readonly promise: Promise<() => void>; readonly begin: (draw: () => void) => void } {
  let begin: (draw: () => void) => void = () => {};
  const promise = new Promise<() => void>(resolve => (begin = resolve));
  return { promise, begin: draw => begin(draw) };
}
