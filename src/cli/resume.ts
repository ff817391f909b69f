// zoneferry resume and rollback: go on with a run, or put back what it did, from its plan and its journal alone.
import { findRun, type RunPaths, stateRoot } from '../edge/state-folder.ts';
import { owedBy } from '../run/run.ts';
import { EXIT, type Exit } from './exit.ts';
import { readOldRun, readPlan } from './old-runs.ts';
import type { Running } from './options.ts';
import { connectTo } from './planning.ts';
import { confirmed, inventoryIn } from './run.ts';
import { carryOut, type Way } from './running.ts';
import type { Speech } from './speech.ts';

export function resume(speech: Speech, options: Running, prefix: string): Promise<Exit> {
  return again(speech, options, prefix, 'resume');
}

export function rollback(speech: Speech, options: Running, prefix: string): Promise<Exit> {
  return again(speech, options, prefix, 'rollback');
}

async function again(speech: Speech, options: Running, prefix: string, way: Way): Promise<Exit> {
  const paths = await foundRun(speech, prefix);
  if (paths === null) return EXIT.wrong;
  const { plan } = await readPlan(paths.plan);
  const old = await readOldRun(paths);
  if (old.state.run === null && way === 'rollback') {
    speech.err(`run ${paths.id} never began: there is nothing to put back\n`);
    return EXIT.done;
  }
  if (plan.options.check) {
    speech.err(`run ${paths.id} was a --check: it changed nothing and can't be carried on\n`);
    return EXIT.wrong;
  }
  if (way === 'rollback') {
    const owed = owedBy(old.state);
    if (owed.length === 0) speech.err('nothing is left to be undone\n');
    for (const one of owed)
      speech.err(
        `  undo ${one.action.id}: ${one.undo.is === 'steps' ? one.undo.steps.map(step => step.step).join(', ') : one.undo.is}\n`,
      );
    if (owed.length > 0 && !options.yes) {
      const said = await confirmed(speech);
      if (said !== 'yes') return said === 'no' ? EXIT.interrupted : EXIT.wrong;
    }
  }
  const hosts = connectTo(inventoryIn(plan), paths.output);
  try {
    return await carryOut(speech, { plan, hosts, options, paths, way });
  } finally {
    await hosts.close();
  }
}

export async function foundRun(speech: Speech, prefix: string): Promise<RunPaths | null> {
  const found = await findRun(stateRoot(speech.env), prefix);
  if (found.is === 'found') return found.paths;
  speech.err(
    found.is === 'none'
      ? `no run is called ${prefix}; zoneferry runs lists them\n`
      : `${prefix} fits several runs: ${found.ids.join(', ')}\n`,
  );
  return null;
}
