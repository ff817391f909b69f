// The figures of a plan: what the inventory says of links, and what journals of earlier runs have seen, handed to the
// planner's own arithmetic. Of the state folder only journals are read, the newest first, and only some of them.
import { stat } from 'node:fs/promises';
import { errorCode } from '../edge/files.ts';
import { listRuns, readKey, type RunPaths, runPaths, stateRoot } from '../edge/state-folder.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import { isLaw, type Stamped } from '../model/event.ts';
import type { PlanFigures } from '../model/figures.ts';
import { bytesVariable, reserveBytes } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import { moveLimits } from '../model/move-limits.ts';
import type { Plan } from '../model/plan.ts';
import { figuresOf } from '../plan/figures/figures.ts';
import { paceOf, type Said } from '../plan/figures/pace.ts';
import { type Around, NOTHING_SEEN, type Seen, seenIn } from '../plan/figures/seen.ts';
import { beforeRun } from '../plan/waves/ways.ts';
import { planChanges } from '../report/plan-steps.ts';
import { catalogue } from '../steps/catalogue.ts';
import { linesOf } from './old-runs.ts';
import { readPlan } from './plan-file.ts';
import type { Speech } from './speech.ts';
import { asksEarlierRuns } from './touched.ts';

/** null: nothing will change, and there is no time to foresee. */
export async function figuresFor(speech: Speech, plan: Plan): Promise<PlanFigures | null> {
  if (!planChanges(plan)) return null;
  const ground = beforeRun(plan, evaluate);
  const [play] = plan.program.plays;
  const variable = (host: HostName, name: string): number | null =>
    play === undefined ? null : bytesVariable(ground, play, host, name);
  const asked = new Map<HostName, Said>();
  const said = (host: HostName): Said => {
    const before = asked.get(host);
    if (before !== undefined) return before;
    const now = {
      linkBytesPerSecond: variable(host, 'migration_link'),
      dirtyBytesPerSecond: variable(host, 'dirty_rate'),
    };
    asked.set(host, now);
    return now;
  };
  const hosts = Object.keys(plan.hosts).map(hostName);
  // Reading them takes longer than most of what isn't planned from facts.
  const seen = asksEarlierRuns(plan, catalogue) ? await seenBefore(stateRoot(speech.env)) : NOTHING_SEEN;
  return figuresOf({
    plan,
    pace: paceOf({ said, hosts, seen, cpuClass: classIn(plan), limits: moveLimits(ground) }),
    reserveBytes: host => (play === undefined ? null : reserveBytes(ground, play, host)),
  });
}

/** So many are read, none that is bigger: a plan waits for it. */
const JOURNALS = 12;
const JOURNAL_BYTES = 32 * 1024 ** 2;

async function seenBefore(root: string): Promise<Seen> {
  const found = await Promise.all((await listRuns(root)).map(async id => newest(runPaths(root, id))));
  const journals = found
    .flatMap(one => (one === null || one.bytes > JOURNAL_BYTES ? [] : [one]))
    .sort((a, b) => b.at - a.at || (a.paths.id < b.paths.id ? -1 : 1))
    .slice(0, JOURNALS);
  let seen = NOTHING_SEEN;
  for (const { paths } of journals) seen = await seenOf(paths, seen);
  return seen;
}

async function newest(paths: RunPaths) {
  try {
    const { mtimeMs, size } = await stat(paths.journal);
    return { paths, at: mtimeMs, bytes: size };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function aroundIn(plan: Plan): Around {
  return {
    scale: host => plan.hosts[host]?.connection.timeScale ?? 1,
    cpuClass: classIn(plan),
    goesFreely: play => plan.program.plays.some(one => one.number === play && one.strategy === 'free'),
  };
}

const classIn =
  ({ restsOn }: Plan) =>
  (host: HostName): string | null => {
    const found = restsOn.facts[host]?.cpuClass;
    return found?.is === 'known' ? found.value : null;
  };

/** A journal or plan that can't be read is told by whoever needs it; a forecast does without. */
async function seenOf(paths: RunPaths, before: Seen): Promise<Seen> {
  try {
    const read = await readPlan(paths.plan);
    if (read.is !== 'plan') return before;
    const { plan } = read;
    const events: Stamped[] = [];
    for await (const event of linesOf(paths, await readKey(paths))) if (isLaw(event)) events.push(event);
    return seenIn(events, aroundIn(plan), before);
  } catch {
    return before;
  }
}
