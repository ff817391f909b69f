// zoneferry resume and rollback: go on with a run, or put back what it did, from its plan and its journal alone.
import { holdOf } from '../edge/lock.ts';
import { findRun, type RunPaths, stateRoot } from '../edge/state-folder.ts';
import { laneName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { scriptOf } from '../report/script.ts';
import { owedBy } from '../run/run.ts';
import { catalogue } from '../steps/catalogue.ts';
import { visible } from '../text/visible.ts';
import { EXIT, type Exit } from './exit.ts';
import { goingOn } from './held.ts';
import { readOldRun } from './old-runs.ts';
import type { Running } from './options.ts';
import { passwordsFor } from './passwords.ts';
import { type PlanRead, readPlan } from './plan-file.ts';
import { connectTo } from './planning.ts';
import { answersTo } from './prompting.ts';
import { confirmed, inventoryIn } from './run.ts';
import { carryOut, type Way } from './running.ts';
import type { Speech } from './speech.ts';
import { onlyLooks } from './touched.ts';

export function resume(speech: Speech, options: Running, prefix: string): Promise<Exit> {
  return again(speech, options, prefix, 'resume');
}

export function rollback(speech: Speech, options: Running, prefix: string): Promise<Exit> {
  return again(speech, options, prefix, 'rollback');
}

async function again(speech: Speech, options: Running, prefix: string, way: Way): Promise<Exit> {
  const paths = await foundRun(speech, prefix);
  if (paths === null) return EXIT.wrong;
  const hold = await holdOf(paths.lock);
  if (hold.is === 'held' && hold.by !== null) return goingOn(speech, hold.by);
  const read = await readPlan(paths.plan);
  if (read.is !== 'plan') return unfit(speech, paths, read);
  const { plan } = read;
  const old = await readOldRun(paths);
  if (old.state.run === null && way === 'rollback') {
    speech.err(`run ${paths.id} never began: there is nothing to put back\n`);
    return EXIT.done;
  }
  if (plan.options.check) {
    const what = onlyLooks(plan, catalogue) ? 'it changed nothing and' : 'what "check_mode: no" did stays, and it';
    speech.err(`run ${paths.id} was a --check: ${what} can't be carried on\n`);
    return EXIT.wrong;
  }
  if (way === 'rollback') {
    const said = await shown(speech, options, plan, owedBy(old.state));
    if (said !== 'yes') return said === 'no' ? EXIT.interrupted : EXIT.wrong;
  }
  // It broke off before its first word: what was answered then is lost with it.
  const asked = old.state.run === null ? await answersTo(speech, plan) : ({ is: 'answers', values: {} } as const);
  if (asked.is === 'nobody') return EXIT.wrong;
  const passwords = await passwordsFor(speech, options);
  if (passwords === null) return EXIT.wrong;
  const hosts = connectTo(inventoryIn(plan), paths.output, passwords);
  try {
    return await carryOut(speech, { plan, hosts, options, passwords, values: asked.values, paths, way });
  } finally {
    await hosts.close();
  }
}

function unfit(speech: Speech, { id }: RunPaths, read: Exclude<PlanRead, { is: 'plan' }>): Exit {
  speech.err(`${read.why}; nothing was touched\n`);
  const begun =
    read.is === 'other-version' ? `carry run ${id} on, or roll it back, with the version that began it; ` : '';
  speech.err(`${begun}zoneferry show ${id} tells what it did, zoneferry status where the zones are\n`);
  return EXIT.wrong;
}

/** What would be undone, and the question. Whether it may be, behind a barrier, is for the run itself to say. */
async function shown(
  speech: Speech,
  options: Running,
  plan: Plan,
  owed: ReturnType<typeof owedBy>,
): Promise<'yes' | 'no' | 'nobody'> {
  const script = scriptOf(plan);
  for (const { action, undo } of owed) {
    const how = undo.is === 'steps' ? undo.steps.map(step => step.step).join(', ') : undo.is;
    speech.err(`  ${laneName(action.lane)}: undo "${script.nameOf(action.id)}": ${how}\n`);
  }
  return owed.length === 0 || options.yes ? 'yes' : confirmed(speech);
}

export async function foundRun(speech: Speech, prefix: string): Promise<RunPaths | null> {
  const found = await findRun(stateRoot(speech.env), prefix);
  if (found.is === 'found') return found.paths;
  speech.err(
    found.is === 'none'
      ? `no run is called "${visible(prefix)}"; zoneferry runs lists them\n`
      : `${prefix} fits several runs: ${found.ids.join(', ')}\n`,
  );
  return null;
}
