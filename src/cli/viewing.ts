// How a run is shown while it goes on and when it is over: one story, told live, as lines, as JSON or not at all. The
// views only fold what is already on disk.
import { localDate } from '../edge/clock.ts';
import { type LiveView, startLiveView, speaksUnicode } from '../edge/live-view.ts';
import type { RunJournal } from '../edge/journal-file.ts';
import type { RunPaths } from '../edge/state-folder.ts';
import { viewKind } from '../edge/terminal.ts';
import type { Stamped } from '../model/event.ts';
import { jsonLine } from '../report/json-lines.ts';
import { plainLines } from '../report/lines.ts';
import type { PlanLook } from '../report/plan-text.ts';
import { rowsOf } from '../report/rows.ts';
import { scriptOf } from '../report/script.ts';
import { Story } from '../report/story.ts';
import { stuckPages } from '../report/stuck-page.ts';
import { summaryText } from '../report/summary.ts';
import type { Plan } from '../model/plan.ts';
import { linesOf } from './old-runs.ts';
import type { Running } from './options.ts';
import type { Speech } from './speech.ts';

export interface View {
  /** Gives the terminal back. */
  end(): Promise<void>;
  /** Gives the terminal back for as long as this takes. */
  readonly aside: <T>(during: () => Promise<T>) => Promise<T>;
  /** What stands at the end: the summary, and a page for each host that needs a person. */
  closing(): void;
}

export interface Shown {
  readonly plan: Plan;
  readonly options: Pick<Running, 'json' | 'renderer' | 'verbose'>;
}

export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone is looked up where a time is told, and only there: it takes as long as the rest of a small run. */
const toldAt = (columns: number): { readonly columns: number; readonly timeZone: string } => ({
  columns,
  get timeZone() {
    return timeZone();
  },
});

export function planLook(speech: Speech, { verbose }: Pick<Running, 'verbose'>, plan: Plan): PlanLook {
  return Object.assign(toldAt(speech.columns), { made: localDate(plan.at), verbose });
}

export async function viewOf(
  speech: Speech,
  { plan, options }: Shown,
  paths: RunPaths,
  journal: RunJournal,
): Promise<View> {
  const story = new Story();
  const script = scriptOf(plan);
  for await (const line of linesOf(paths, null)) story.see(line);
  // A diff is read line by line: no live view takes it away again.
  const renderer = options.renderer === 'default' && plan.options.diff ? 'simple' : options.renderer;
  const facts = { isTTY: speech.interactive, env: speech.env };
  const kind = options.json ? 'silent' : viewKind(renderer, options.verbose, facts);
  const drawn = (): Promise<LiveView> | null =>
    kind === 'live' ? liveOf(speech, screen => rowsOf(story, script, screen, Date.now())) : null;
  let live = await drawn();
  const tell = (line: Stamped): void => {
    if (options.json) speech.out(jsonLine(line));
    if (kind !== 'lines' && kind !== 'verbose-lines') return;
    for (const text of plainLines(story, script, line, { verbose: kind === 'verbose-lines' })) speech.err(`${text}\n`);
  };
  const hush = journal.subscribe(line => {
    story.see(line);
    tell(line);
  });
  return {
    end: async () => {
      hush();
      await live?.end();
    },
    aside: async during => {
      await live?.end();
      const done = await during();
      live = await drawn();
      return done;
    },
    closing: () => {
      if (options.json) return;
      const look = toldAt(speech.columns);
      speech.out(`\n${summaryText(story, script, look)}`);
      for (const page of stuckPages(story, plan, script, look)) speech.out(`\n${page}`);
    },
  };
}

function liveOf(speech: Speech, picture: Parameters<typeof startLiveView>[0]['picture']): Promise<LiveView> {
  return startLiveView({
    picture,
    stream: process.stderr,
    colour: speech.colour,
    unicode: speaksUnicode(speech.env),
    everyMs: 200,
  });
}
