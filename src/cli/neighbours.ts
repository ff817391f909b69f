// What a plan must know of other runs of this state folder: zones that they left away from home, and hosts that a run
// which is going on right now holds. Where zones go is for that run to say there: it may still close such a host, or
// fill it, so nobody else counts on its room.
import { hostsHeld } from '../edge/lock.ts';
import { stateRoot } from '../edge/state-folder.ts';
import type { Facts } from '../model/facts.ts';
import type { HostName, RunId } from '../model/ids.ts';
import type { Away } from '../model/ledger.ts';
import type { Program } from '../model/program.ts';
import { tasksOf } from '../model/scope.ts';
import { catalogue } from '../steps/catalogue.ts';
import { ledgerOf, readOldRuns } from './old-runs.ts';
import { lookAtPlan } from './plan-file.ts';
import type { Speech } from './speech.ts';
import { onlyLooks, touched } from './touched.ts';

export interface Neighbours {
  /** Zones that are not at home, or may not be, by the journals. */
  readonly away: readonly Away[];
  /** By which run; null: by somebody who can't be read. */
  readonly held: ReadonlyMap<HostName, RunId | null>;
}

const NOBODY: Neighbours = { away: [], held: new Map() };

/** Read only for a program that moves zones: to read all journals takes long where there are many. */
export async function neighboursOf(speech: Pick<Speech, 'env'>, program: Program): Promise<Neighbours> {
  if (!tasksOf(program).some(({ step }) => /^zones[.]|^maintenance[.]/.test(step))) return NOBODY;
  const root = stateRoot(speech.env);
  const { runs, unread } = await readOldRuns(root);
  const ledger = ledgerOf(runs, null, unread);
  const held = new Map<HostName, RunId | null>();
  for (const { id, paths } of runs.filter(run => run.goingOn))
    for (const host of await hostsIn(paths.plan)) held.set(host, id);
  // Whatever its plan or journal looks like: a run at work holds locks, and those say so for themselves.
  for (const [host, by] of await hostsHeld(root)) held.set(host, by?.run ?? null);
  return { away: [...ledger.away, ...ledger.perhaps], held };
}

/** What a run that is about to begin will hold. */
async function hostsIn(path: string): Promise<readonly HostName[]> {
  try {
    const read = await lookAtPlan(path);
    return read.is !== 'plan' || onlyLooks(read.plan, catalogue) ? [] : touched(read.plan);
  } catch {
    return [];
  }
}

/** The world without hosts that another run holds; those that this one works on itself stay, and are refused when it starts. */
export function besideThem(
  speech: Pick<Speech, 'err'>,
  facts: Readonly<Record<HostName, Facts>>,
  { program, held }: { readonly program: Program; readonly held: Neighbours['held'] },
): Readonly<Record<HostName, Facts>> {
  const own = new Set(program.plays.flatMap(play => play.hosts));
  const theirs = [...held].filter(([host]) => facts[host] !== undefined && !own.has(host));
  for (const [host, run] of theirs) speech.err(`host ${host}: ${whoIsThere(run)}, so no zones are planned onto it\n`);
  const names = new Set<string>(theirs.map(([host]) => host));
  return Object.fromEntries(Object.entries(facts).filter(([host]) => !names.has(host)));
}

const whoIsThere = (run: RunId | null): string =>
  run === null ? "somebody holds it whose lock can't be read" : `run ${run} is at work there`;
