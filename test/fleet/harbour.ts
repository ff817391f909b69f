// Places for any number of migrations at once, for tests of steps that aren't about them.
import type { Doer } from '../../src/model/step.ts';

export const OPEN_HARBOUR: Doer['harbour'] = {
  fit: () => true,
  take: trips => Promise.resolve({ going: trips, leave: () => undefined }),
};
