// What a step says of itself when it has nothing special to say: toys of the tests are made on top of it, so that a new
// word of steps is added here alone.
import { z } from 'zod';
import type { Step } from '../../src/model/step.ts';

export const PLAIN_STEP = {
  returns: () => z.any(),
  takesLong: false,
  staysHere: false,
  bareArgument: null,
  shellArguments: [],
  conditionArguments: [],
  templateFiles: [],
  localFile: null,
  notOurs: {},
  nameArguments: [],
  reads: false,
  undoNeeds: [],
  onlyTries: () => false,
  born: args => args,
  foresee: () => ({ is: 'unknown', why: 'a toy' }),
  undo: () => ({ is: 'nothing' }),
  result: () => ({}),
} satisfies Partial<Step>;
