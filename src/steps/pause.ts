// Waiting: for a time, or for a path on the host. Nothing is changed; both really wait under --check too.
import { z } from 'zod';
import type { Looker } from '../model/step.ts';
import { durationText } from '../text/duration.ts';
import { duration, ms } from './fields.ts';
import { program } from './ran.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const pauseArgs = z
  .strictObject({
    seconds: z.number().nonnegative().default(0).describe('how long'),
    minutes: z.number().nonnegative().default(0).describe('how long, in minutes'),
  })
  .refine(args => args.seconds + args.minutes > 0, 'give seconds or minutes');
type PauseArgs = z.infer<typeof pauseArgs>;

const pauseMs = (args: PauseArgs): number => args.seconds * 1000 + args.minutes * 60_000;

export const pause = stepOf<PauseArgs, { readonly waitedMs: number }>({
  name: 'pause',
  summary: 'wait for a time',
  args: pauseArgs,
  returns: z.object({ delta: z.number().describe('seconds waited') }),
  reads: true,
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

const waitArgs = z.strictObject({
  path: z.string().min(1).describe('a path on the host'),
  state: z.enum(['present', 'absent']).default('present').describe('until the path is there, or gone'),
  search: z.string().nullable().default(null).describe('until a line of the file holds this text'),
  timeout: duration('give up after', '5m'),
  sleep: duration('look again after', '1s'),
});
type WaitArgs = z.infer<typeof waitArgs>;

export const waitFor = stepOf<WaitArgs, { readonly elapsedMs: number }>({
  name: 'wait_for',
  summary: 'wait until a path is there or gone, or a file holds a text',
  args: waitArgs,
  returns: z.object({ elapsed: z.number().describe('seconds waited'), path: z.string() }),
  bareArgument: 'path',
  reads: true,
  needsFacts: false,
  limitMs: args => ms(args.timeout) + 60_000,
  say: args => `wait until ${wanted(args)}`,
  foresee: args => ({ is: 'unknown', why: `it waits until ${wanted(args)}` }),
  check: (args, looker) => waitFound(args, looker),
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('wait_for'),
  result: (args, before) => ({
    changed: false,
    failed: false,
    skipped: false,
    path: args.path,
    elapsed: before.elapsedMs / 1000,
  }),
});

function wanted(args: WaitArgs): string {
  if (args.state === 'absent') return `${args.path} is gone`;
  return args.search === null ? `${args.path} is there` : `${args.path} holds ${JSON.stringify(args.search)}`;
}

async function waitFound(args: WaitArgs, looker: Looker): Promise<Found<{ readonly elapsedMs: number }>> {
  const started = looker.now();
  const test =
    args.search === null ? ['/usr/bin/test', '-e', args.path] : ['/usr/bin/grep', '-F', '-e', args.search, args.path];
  for (;;) {
    const answer = await looker.ask(program(test, false));
    if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
    const elapsedMs = looker.now() - started;
    if ((answer.value.rc === 0) === (args.state === 'present'))
      return { is: 'done', seen: { elapsedMs }, text: wanted(args) };
    const why = `not after ${durationText(elapsedMs)}: ${wanted(args)}`;
    if (elapsedMs >= ms(args.timeout)) return { is: 'blocked', seen: { elapsedMs }, why };
    if (looker.stopping()) return { is: 'blocked', seen: { elapsedMs }, why: `${why} (stopped)` };
    await looker.sleep(ms(args.sleep));
  }
}
