// What says of a program somebody's playbook runs whether there is anything to do: creates, removes, unless, reads. And
// what all such steps share: how they run, and what becomes of the answer.
import * as z from 'zod';
import { type Command, mapReading } from '../model/command.ts';
import type { Applied, Doer, Looker, Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { objection } from './doubt.ts';
import { inFolder, program, type Ran, ranResult, yesOrNo } from './ran.ts';
import { type Found, type Shape, stepOf } from './shape.ts';

export const guardFields = () => ({
  chdir: z
    .string()
    .nullable()
    .default(null)
    .describe('run in this folder; creates and removes are seen from there, too'),
  creates: z.string().nullable().default(null).describe('nothing to do when this path, or one of this pattern, exists'),
  removes: z.string().nullable().default(null).describe('nothing to do when no such path exists'),
  unless: z.string().nullable().default(null).describe('nothing to do when this shell text exits 0; it must only look'),
  reads: z.boolean().default(false).describe('it changes nothing: runs under --check, and is never owed an undo'),
});

export const stdinFields = () => ({
  stdin: z.string().nullable().default(null).describe('standard input'),
  stdin_add_newline: z.boolean().default(true).describe('put a line end after stdin'),
});

const programReturns = () =>
  z.object({
    rc: z.number().describe('exit status'),
    stdout: z.string(),
    stdout_lines: z.array(z.string()),
    stderr: z.string(),
    stderr_lines: z.array(z.string()),
    msg: z.string(),
  });

const NOT_OURS_PROGRAM: Readonly<Record<string, string>> = {
  warn: 'leave it out: there are no such warnings',
  strip_empty_ends: 'leave it out: one line end is taken from stdout and stderr',
  expand_argument_vars: 'leave it out: "shell" expands variables, "command" does not',
  free_form: 'write "cmd"',
  _raw_params: 'write "cmd"',
  _uses_shell: 'write the step "shell"',
};

export interface Guards {
  readonly chdir: string | null;
  readonly creates: string | null;
  readonly removes: string | null;
  readonly unless: string | null;
  readonly reads: boolean;
}

export type Seen = { readonly why: string; readonly ran: Ran | null };

/** How it is sent: words, and what it reads. A string: it can't be, and why. */
export type Sending = { readonly argv: readonly string[]; readonly stdin: string | Uint8Array } | string;

const TEN_MINUTES = 600_000;

export type ProgramShape<A extends JsonObject> = Pick<Shape<A, Seen>, 'name' | 'summary' | 'args' | 'say'> &
  Partial<Pick<Shape<A, Seen>, 'born' | 'localFile' | 'notOurs'>> & { readonly shellArguments: readonly string[] };

/** @param sending the only difference between those steps. */
export function programStep<A extends JsonObject & Guards>(
  shape: ProgramShape<A>,
  sending: (args: A, looker: Looker) => Promise<Sending>,
): Step {
  return stepOf<A, Seen>({
    ...shape,
    notOurs: { ...NOT_OURS_PROGRAM, ...shape.notOurs },
    returns: programReturns,
    bareArgument: 'cmd',
    needsFacts: false,
    limitMs: () => TEN_MINUTES,
    foresee: args => ({
      is: 'unknown',
      why: args.reads ? 'it is asked when its turn comes' : 'nobody can say what it will do',
    }),
    check: async (args, looker) => found(args, await sending(args, looker), looker),
    undo: args => (args.reads ? { is: 'nothing' } : { is: 'left', why: `${shape.name} without undo` }),
    apply: async (args, _seen, doer) => applied(await sending(args, doer), doer),
    result: (_args, before, after, reply) => {
      const ran = reply === null ? (after.ran ?? before.ran) : ranOf(reply);
      return ran === null ? skippedResult(after.why) : ranResult(ran, reply !== null);
    },
  });
}

async function found(args: Guards, sending: Sending, looker: Looker): Promise<Found<Seen>> {
  const nothing = { why: '', ran: null };
  if (typeof sending === 'string') return { is: 'blocked', seen: nothing, why: sending };
  const guards = guardsOf(args);
  for (const guard of guards) {
    const answer = await looker.ask(guard.asks);
    if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
    if (answer.value === guard.doneWhen) return { is: 'done', seen: { why: guard.why, ran: null }, text: guard.why };
  }
  if (guards.length > 0 && !args.reads) return { is: 'todo', seen: nothing, text: 'run it' };
  if (!args.reads) return { is: 'unsure', seen: nothing, text: 'run it' };
  const answer = await looker.ask(program(sending.argv, false, sending.stdin));
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  return { is: 'done', seen: { why: '', ran: answer.value }, text: `exit status ${answer.value.rc}` };
}

interface Guard {
  readonly asks: Command<boolean>;
  readonly doneWhen: boolean;
  readonly why: string;
}

function guardsOf({ creates, removes, unless, chdir }: Guards): readonly Guard[] {
  const guards: Guard[] = [];
  if (creates !== null) guards.push({ asks: exists(creates, chdir), doneWhen: true, why: `${creates} exists` });
  if (removes !== null) guards.push({ asks: exists(removes, chdir), doneWhen: false, why: `${removes} doesn't exist` });
  if (unless !== null) {
    const asks = program(inFolder(['/bin/sh', '-c', unless], chdir), false);
    const succeeds: Command<boolean> = { ...asks, read: ended => mapReading(asks.read(ended), ({ rc }) => rc === 0) };
    guards.push({ asks: succeeds, doneWhen: true, why: '`unless` says so' });
  }
  return guards;
}

/** A pattern is spread by the shell, blanks in it and all. */
function exists(path: string, chdir: string | null): Command<boolean> {
  const test = /[*?[]/.test(path)
    ? 'IFS=; for f in $1; do if [ -e "$f" ]; then echo yes; exit; fi; done; echo no'
    : 'if [ -e "$1" ]; then echo yes; else echo no; fi';
  return yesOrNo(inFolder(['/bin/sh', '-c', test, 'sh', path], chdir));
}

async function applied(sending: Sending, doer: Doer): Promise<Applied> {
  if (typeof sending === 'string') return objection('run it', sending);
  const answer = await doer.do(program(sending.argv, true, sending.stdin));
  if (answer.is === 'no') return { is: 'refused', refusal: answer.refusal };
  return { is: 'answered', reply: answer.value };
}

function ranOf(reply: JsonObject): Ran {
  return { rc: Number(reply['rc']), stdout: String(reply['stdout']), stderr: String(reply['stderr']) };
}

function skippedResult(why: string): JsonObject {
  return { ...ranResult({ rc: 0, stdout: '', stderr: '' }, false), msg: why };
}
