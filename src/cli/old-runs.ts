// What the runs of this state folder know: their states, oldest first, and the ledger that follows from them. A journal
// that can't be read is told and left alone; what it could know may be so, and the hosts it could speak of aren't closed.
import { errorCode, errorText } from '../edge/files.ts';
import { readJournal } from '../edge/journal-file.ts';
import { holdOf } from '../edge/lock.ts';
import { listRuns, readKey, type RunPaths, runPaths } from '../edge/state-folder.ts';
import type { Stamped } from '../model/event.ts';
import { empty, fold } from '../model/fold.ts';
import type { HostName, RunId } from '../model/ids.ts';
import type { Ledger, Unread } from '../model/ledger.ts';
import { entriesAfter, isSealed, noEntries } from '../model/ledger-fold.ts';
import type { RunState } from '../model/state.ts';
import { catalogue } from '../steps/catalogue.ts';
import { lookAtPlan } from './plan-file.ts';
import { onlyLooks, touched } from './touched.ts';

export interface OldRun {
  readonly id: RunId;
  readonly paths: RunPaths;
  readonly state: RunState;
  /** Epoch milliseconds of the first and the newest line; null when nothing was written. */
  readonly began: number | null;
  readonly newest: number | null;
  readonly goingOn: boolean;
}

export async function readOldRuns(
  root: string,
): Promise<{ readonly runs: readonly OldRun[]; readonly unread: readonly Unread[] }> {
  const runs: OldRun[] = [];
  const unread: Unread[] = [];
  for (const id of await listRuns(root)) {
    const paths = runPaths(root, id);
    const tell = async (why: string): Promise<void> =>
      void unread.push({ run: id, why, folder: paths.folder, hosts: await hostsOf(paths) });
    try {
      const run = await readOldRun(paths);
      runs.push(run);
      if (isSealed(run.state)) await tell('its key is missing, and where it sent zones is sealed');
    } catch (error) {
      await tell(errorText(error));
    }
  }
  return { runs: runs.sort((a, b) => (a.began ?? 0) - (b.began ?? 0) || (a.id < b.id ? -1 : 1)), unread };
}

/** null when its plan can't be read either: then it may have touched any host. */
async function hostsOf(paths: RunPaths): Promise<readonly HostName[] | null> {
  try {
    const read = await lookAtPlan(paths.plan);
    if (read.is !== 'plan') return null;
    return onlyLooks(read.plan, catalogue) ? [] : [...new Set(touched(read.plan))].sort();
  } catch {
    return null;
  }
}

/** What is at stake, and the way out, for whoever starts something else. */
export function unreadText({ run, why, folder, hosts }: Unread): string {
  const whose = hosts === null ? 'any host' : hosts.join(', ');
  const stake = `zones of ${whose} may be away by it, so none of these is closed`;
  const then = `see where the zones are (zoneferry status), bring home what is away, then move ${folder} aside`;
  return `run ${run} can't be read: ${why}${hosts?.length === 0 ? '' : `; ${stake}: ${then}`}\n`;
}

export async function readOldRun(paths: RunPaths): Promise<OldRun> {
  let state = empty;
  let began: number | null = null;
  let newest: number | null = null;
  for await (const line of linesOf(paths, await readKey(paths))) {
    state = fold(state, line);
    began ??= line.at;
    newest = line.at;
  }
  return { id: paths.id, paths, state, began, newest, goingOn: (await holdOf(paths.lock)).is === 'held' };
}

/** A run whose process ended before it began has no journal: no lines. */
export async function* linesOf(paths: RunPaths, key: Uint8Array | null): AsyncGenerator<Stamped> {
  try {
    yield* readJournal(paths.journal, key).events;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Of all runs but one's own: what they left away, what stayed, and whose windows are whose. */
export function ledgerOf(runs: readonly OldRun[], own: RunId | null, unread: readonly Unread[]): Ledger {
  const others = runs.filter(run => run.id !== own);
  const entries = others.reduce((before, run) => entriesAfter(before, run.state), noEntries);
  return {
    ...entries,
    unread,
    window: id => {
      if (id === own) return 'own';
      if (unread.some(one => one.run === id)) return 'unread';
      const run = others.find(one => one.id === id);
      if (run === undefined || run.state.run === null) return 'unheard-of';
      return run.goingOn ? 'going-on' : 'ended';
    },
  };
}
