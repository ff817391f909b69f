// zoneferry runs and show: old journals, read and told. Nothing is changed and no host is asked.
import { errorText } from '../edge/files.ts';
import { holdOf } from '../edge/lock.ts';
import { listRuns, readKey, runPaths, stateRoot } from '../edge/state-folder.ts';
import type { Stamped } from '../model/event.ts';
import type { RunId } from '../model/ids.ts';
import { jsonLine } from '../report/json-lines.ts';
import { type RunRow, runRow, runsTable, shownRun } from '../report/show.ts';
import { asJson, canonical } from '../text/json.ts';
import { EXIT, type Exit } from './exit.ts';
import { linesOf } from './old-runs.ts';
import { lookAtPlan } from './plan-file.ts';
import { foundRun } from './resume.ts';
import type { Speech } from './speech.ts';
import { timeZone } from './viewing.ts';

export async function runs(speech: Speech, json: boolean): Promise<Exit> {
  const root = stateRoot(speech.env);
  const rows: RunRow[] = [];
  for (const id of await listRuns(root)) {
    try {
      rows.push(await rowOf(root, id));
    } catch (error) {
      speech.err(`run ${id} can't be read: ${errorText(error)}\n`);
    }
  }
  const newestFirst = rows.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  if (rows.length === 0) speech.err(`no runs in ${root}\n`);
  else if (json) for (const row of newestFirst) speech.out(`${canonical(asJson(row))}\n`);
  else speech.out(runsTable(newestFirst, { columns: speech.columns, timeZone: timeZone() }));
  return EXIT.done;
}

async function rowOf(root: string, id: RunId): Promise<RunRow> {
  const paths = runPaths(root, id);
  const read = await lookAtPlan(paths.plan);
  if (read.is !== 'plan') throw new Error(read.why);
  const going = (await holdOf(paths.lock)).is === 'held';
  let first: Stamped | null = null;
  let last: Stamped | null = null;
  let damage = '';
  try {
    for await (const line of linesOf(paths, null)) {
      first ??= line;
      last = line;
    }
  } catch (error) {
    damage = errorText(error);
  }
  return runRow(read.plan, { first, last }, { id, going, damage });
}

export interface Showing {
  readonly json: boolean;
  readonly verbose: boolean;
}

export async function show(speech: Speech, prefix: string, { json, verbose }: Showing): Promise<Exit> {
  const paths = await foundRun(speech, prefix);
  if (paths === null) return EXIT.wrong;
  const lines: Stamped[] = [];
  try {
    for await (const line of linesOf(paths, json ? null : await readKey(paths))) {
      if (json) speech.out(jsonLine(line));
      else lines.push(line);
    }
  } catch (error) {
    speech.err(`run ${paths.id}: ${errorText(error)}; what stands before is shown\n`);
  }
  if (json) return EXIT.done;
  const cut = lines.at(-1)?.type !== 'run-ended' && (await holdOf(paths.lock)).is === 'free';
  const read = await lookAtPlan(paths.plan);
  if (read.is !== 'plan') return unshown(speech, read.why);
  const { plan } = read;
  speech.out(shownRun(plan, lines, { columns: speech.columns, timeZone: timeZone(), verbose }));
  if (cut && !plan.options.check)
    speech.err(
      `nobody works on run ${paths.id} any more; zoneferry resume ${paths.id} looks at the hosts and goes on\n`,
    );
  return EXIT.done;
}

/** The journal speaks for itself. */
function unshown(speech: Speech, why: string): Exit {
  speech.err(`${why}; --json shows the journal alone\n`);
  return EXIT.wrong;
}
