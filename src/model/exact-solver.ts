// The port to a solver of mixed integer programs. It is limited by nodes, never by time.

export type ExactAnswer = Answered | { readonly is: 'broken'; readonly why: string };

interface Answered {
  /** `stopped`: at its limit; what it has, if anything, may not be the best. */
  readonly is: 'optimal' | 'stopped' | 'infeasible';
  /** Names of the variables that are 1; null: it has no solution. */
  readonly chosen: readonly string[] | null;
  readonly value: number | null;
}

/** @param model in the LP format. */
export type ExactSolver = (model: string, nodes: number) => ExactAnswer;
