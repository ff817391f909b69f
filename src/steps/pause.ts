// Waiting for a time. Nothing is changed; it really waits under --check too, and an operator's wish to stop ends it.
import * as z from 'zod';
import { durationText } from '../text/duration.ts';
import { neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const pauseArgs = () =>
  z
    .strictObject({
      seconds: z.number().nonnegative().default(0).describe('how long'),
      minutes: z.number().nonnegative().default(0).describe('how long, in minutes'),
    })
    .refine(args => args.seconds + args.minutes > 0, 'give seconds or minutes: no task asks anybody');
type PauseArgs = z.infer<ReturnType<typeof pauseArgs>>;

const ASKS_NOBODY =
  'no task asks anybody, so that a run can go on unattended: ask at the start with "vars_prompt", between two waves with "approve" of the play, or end the playbook there and go on with another';

const pauseMs = (args: PauseArgs): number => args.seconds * 1000 + args.minutes * 60_000;

export const pause = stepOf<PauseArgs, { readonly waitedMs: number }>({
  name: 'pause',
  summary: 'wait for a time',
  args: pauseArgs,
  returns: () => z.object({ delta: z.number().describe('seconds waited') }),
  notOurs: {
    prompt: ASKS_NOBODY,
    echo: ASKS_NOBODY,
  },
  reads: true,
  staysHere: true,
  needsFacts: false,
  limitMs: args => pauseMs(args) + 60_000,
  say: args => `wait ${durationText(pauseMs(args))}`,
  foresee: args => ({ is: 'nothing', result: waited(pauseMs(args)) }),
  check: async (args, looker) => {
    await looker.sleep(pauseMs(args));
    return { is: 'done', seen: { waitedMs: pauseMs(args) }, text: `waited ${durationText(pauseMs(args))}` };
  },
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('pause'),
  result: (_args, before) => waited(before.waitedMs),
});

function waited(ms: number) {
  return { changed: false, failed: false, skipped: false, delta: ms / 1000 };
}
