// How long the random tests of the loader go on: a short form in every run, `npm run fuzz` takes many times as many.
export const runs = (short: number): { readonly numRuns: number } => ({
  numRuns: short * Number(process.env['FUZZ'] ?? 1),
});

export const patience = (shortMs: number): number => shortMs * Number(process.env['FUZZ'] ?? 1);
