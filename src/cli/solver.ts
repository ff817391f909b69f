// The exact solver, when `--exact` asks for it. It is a package that someone may have left out of the installation: then
// nothing was wrong with the files, and what to do is said.
import { installedSolver } from '../edge/highs.ts';
import type { ExactSolver } from '../model/exact-solver.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

type Solver = { readonly is: 'ready'; readonly exact?: ExactSolver } | { readonly is: 'no'; readonly exit: Exit };

/** Without one when nobody asks for it. */
export async function solverFor(speech: Speech, wanted: boolean, installed = installedSolver): Promise<Solver> {
  if (!wanted) return { is: 'ready' };
  const exact = await installed();
  if (exact !== null) return { is: 'ready', exact };
  speech.err(
    '--exact needs the solver HiGHS, the npm package highs, which is not installed beside zoneferry: `npm install highs` there brings it, or leave --exact out\n',
  );
  return { is: 'no', exit: EXIT.wrong };
}
