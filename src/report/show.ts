// Old runs as text: the list of runs, and one run from its journal, lines first, summary last.
import type { Verdict } from '../model/action.ts';
import type { Stamped } from '../model/event.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { durationText } from '../text/duration.ts';
import { type Column, table } from '../text/fit.ts';
import { dateText } from '../text/moment.ts';
import { visible } from '../text/visible.ts';
import { plainLines } from './lines.ts';
import { scriptOf } from './script.ts';
import { Story } from './story.ts';
import { stuckPages } from './stuck-page.ts';
import { summaryLines } from './summary.ts';

/** A run, as far as its folder could be read. */
export interface RunRow {
  readonly id: RunId;
  readonly playbooks: readonly string[];
  readonly hosts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly by: string;
  /** null: not over, or nobody wrote its end; `going`: whether a process works on it right now. */
  readonly verdict: Verdict | null;
  readonly going: boolean;
  readonly check: boolean;
  /** What is wrong with the journal, or an empty string. */
  readonly damage: string;
}

/** A row from the run's first and last lines: a million lines between them needn't be read. */
export function runRow(
  plan: Plan,
  ends: { readonly first: Stamped | null; readonly last: Stamped | null },
  seen: { readonly id: RunId; readonly going: boolean; readonly damage: string },
): RunRow {
  const { first, last } = ends;
  const began = first?.type === 'run-started' ? first : null;
  return {
    ...seen,
    playbooks: plan.playbooks,
    hosts: new Set(plan.waves.flatMap(wave => wave.plan.hosts)).size,
    startedAt: began?.at ?? null,
    endedAt: last?.type === 'run-ended' ? last.at : null,
    by: began?.by ?? '',
    verdict: last?.type === 'run-ended' ? last.verdict : null,
    check: began?.check ?? false,
  };
}

function stateText(row: RunRow): string {
  if (row.damage !== '') return 'damaged';
  if (row.verdict !== null) return row.check ? `${row.verdict} (check)` : row.verdict;
  if (row.going) return 'running';
  return row.startedAt === null ? 'not started' : 'interrupted';
}

/** Narrower than this, how long a run took and who started it are left out. */
const WIDE = 72;
const ONLY_WIDE: readonly number[] = [2, 5];

/** Newest first. */
export function runsTable(
  rows: readonly RunRow[],
  options: { readonly columns: number; readonly timeZone: string },
): string {
  const columns = [
    { title: 'RUN' },
    { title: 'STARTED' },
    { title: 'TOOK', side: 'right' },
    { title: 'STATE' },
    { title: 'HOSTS', side: 'right' },
    { title: 'BY', least: 6 },
    { title: 'PLAYBOOK', least: 12 },
  ] as const;
  const cells = rows
    .toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))
    .map(row => [
      row.id,
      row.startedAt === null ? '' : dateText(row.startedAt, options.timeZone),
      row.startedAt === null || row.endedAt === null ? '' : durationText(row.endedAt - row.startedAt),
      stateText(row),
      String(row.hosts),
      visible(row.by),
      visible(row.playbooks.join(', ')),
    ]);
  const kept = <T>(list: readonly T[]): readonly T[] =>
    list.filter((_, at) => options.columns >= WIDE || !ONLY_WIDE.includes(at));
  const damage = rows.flatMap(row => (row.damage === '' ? [] : [`${row.id}: ${visible(row.damage)}`]));
  return [
    ...table(kept<Column>(columns), cells.map(kept), options.columns),
    ...(damage.length === 0 ? [] : ['', ...damage]),
    '',
  ].join('\n');
}

export interface ShowOptions {
  readonly columns: number;
  readonly timeZone: string;
  readonly verbose: boolean;
}

/** One run, whole: what happened line by line, the summary, and a page for each host that needs a person. */
export function shownRun(plan: Plan, lines: Iterable<Stamped>, options: ShowOptions): string {
  const [story, script] = [new Story(), scriptOf(plan)];
  const told: string[] = [];
  for (const line of lines) {
    story.see(line);
    told.push(...plainLines(story, script, line, options));
  }
  const pages = stuckPages(story, plan, script, options);
  const text = [...told, '', ...summaryLines(story, script, options), ''].join('\n');
  return [text, ...pages].join('\n');
}
