// What a plan must know of other runs of this state folder: zones that they left away from home, and hosts that a run
// which is going on right now holds. Where zones go is for that run to say there: it may still close such a host, or
// fill it, so nobody else counts on its room.
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
  readonly held: ReadonlyMap<HostName, RunId>;
}

const NOBODY: Neighbours = { away: [], held: new Map() };

/** Read only for a program that moves zones: to read all journals takes long where there are many. */
export async function neighboursOf(speech: Speech, program: Program): Promise<Neighbours> {
  if (!tasksOf(program).some(({ step }) => /^zones[.]|^maintenance[.]/.test(step))) return NOBODY;
  const { runs, unread } = await readOldRuns(stateRoot(speech.env));
  const ledger = ledgerOf(runs, null, unread);
  const held = new Map<HostName, RunId>();
  for (const { id, paths } of runs.filter(run => run.goingOn))
    for (const host of await hostsHeld(paths.plan)) held.set(host, id);
  return { away: [...ledger.away, ...ledger.perhaps], held };
}

async function hostsHeld(path: string): Promise<readonly HostName[]> {
  try {
    const read = await lookAtPlan(path);
    return read.is !== 'plan' || onlyLooks(read.plan, catalogue) ? [] : touched(read.plan);
  } catch {
    // Its locks stand all the same: whoever needs one of them is told then.
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
  for (const [host, run] of theirs)
    speech.err(`host ${host}: run ${run} is at work there, so no zones are planned onto it\n`);
  const names = new Set<string>(theirs.map(([host]) => host));
  return Object.fromEntries(Object.entries(facts).filter(([host]) => !names.has(host)));
}
