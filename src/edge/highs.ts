// HiGHS, the exact solver, behind the planner's port. Loaded only when it is asked for: most plans need none.
import { errorText } from './files.ts';
import type { ExactAnswer, ExactSolver } from '../model/exact-solver.ts';

interface Solution {
  readonly Status: string;
  readonly ObjectiveValue: number;
  readonly Columns: Readonly<Record<string, { readonly Primal?: number | boolean }>>;
}

interface Highs {
  solve(model: string, options: Readonly<Record<string, boolean | number | string>>): Solution;
}

/** One thread and one seed: the same model has the same answer. */
const STEADY = { output_flag: false, mip_rel_gap: 0.001, threads: 1, random_seed: 1 };

export async function exactSolver(): Promise<ExactSolver> {
  const solver = await installedSolver();
  if (solver === null) throw new Error('the package highs is not installed');
  return solver;
}

/** null: its package isn't here. @param bring how it is loaded. */
export async function installedSolver(
  bring: () => Promise<unknown> = () => import('highs'),
): Promise<ExactSolver | null> {
  const found = await bring().catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found === null) return null;
  // Its types speak of one kind of module, what is installed is another.
  const load = typeof found === 'object' && 'default' in found ? found.default : null;
  if (!isLoader(load)) throw new Error('the package highs has no loader');
  const highs = await load();
  return (model, nodes) => {
    try {
      return answerOf(highs.solve(model, { ...STEADY, mip_max_nodes: nodes }));
    } catch (error) {
      // Out of memory, or a model that it doesn't take: the quick search has its answer all the same.
      return { is: 'broken', why: errorText(error) };
    }
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');

const isLoader = (thing: unknown): thing is () => Promise<Highs> => typeof thing === 'function';

function answerOf({ Status, ObjectiveValue, Columns }: Solution): ExactAnswer {
  if (Status === 'Infeasible') return { is: 'infeasible', chosen: null, value: null };
  const columns = Object.entries(Columns);
  const chosen = columns.flatMap(([name, { Primal }]) => (typeof Primal === 'number' && Primal > 0.5 ? [name] : []));
  if (Status === 'Optimal') return { is: 'optimal', chosen, value: ObjectiveValue };
  const some = columns.some(([, { Primal }]) => typeof Primal === 'number');
  return { is: 'stopped', chosen: some ? chosen : null, value: null };
}
