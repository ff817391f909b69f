// command and shell: run what the playbook says. `command` reads its text as words and nothing more; `shell` gives it
// to a shell. Without creates, removes, unless or reads nobody can tell whether it was done, and it says so.
import { z } from 'zod';
import type { Doer, Looker, Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { splitWords } from '../text/words.ts';
import { inFolder, program, type Ran, ranResult, shellText } from './ran.ts';
import { type Found, type Shape, stepOf } from './shape.ts';

const guards = {
  chdir: z.string().nullable().default(null).describe('run in this folder'),
  creates: z.string().nullable().default(null).describe('nothing to do when this path exists'),
  removes: z.string().nullable().default(null).describe('nothing to do when this path does not exist'),
  unless: z.string().nullable().default(null).describe('nothing to do when this shell text exits 0; it must only look'),
  reads: z.boolean().default(false).describe('it changes nothing: runs under --check, and is never owed an undo'),
  stdin: z.string().nullable().default(null).describe('standard input'),
};

const commandArgs = z
  .strictObject({
    cmd: z
      .string()
      .nullable()
      .default(null)
      .describe('one line, read as words: quotes count, variables and pipes mean nothing'),
    argv: z.array(z.string()).min(1).nullable().default(null).describe('the words themselves'),
    ...guards,
  })
  .refine(args => (args.cmd === null) !== (args.argv === null), 'give cmd or argv, one of the two')
  .refine(args => args.cmd === null || wordsOf(args.cmd).length > 0, 'the line has no words, or a quote is left open');

const shellArgs = z.strictObject({
  cmd: z.string().min(1).describe('the text for the shell'),
  executable: z.string().default('/bin/sh').describe('the shell, by absolute path'),
  ...guards,
});

const returns = z.object({
  rc: z.number().describe('exit status'),
  stdout: z.string(),
  stdout_lines: z.array(z.string()),
  stderr: z.string(),
  stderr_lines: z.array(z.string()),
  msg: z.string(),
});

interface Guards {
  readonly creates: string | null;
  readonly removes: string | null;
  readonly unless: string | null;
  readonly reads: boolean;
  readonly stdin: string | null;
}

type Seen = { readonly why: string; readonly ran: Ran | null };

const TEN_MINUTES = 600_000;

/** What both have in common; `argvOf` is the only difference. */
function runner<A extends JsonObject & Guards>(
  shape: Pick<Shape<A, Seen>, 'name' | 'summary' | 'args' | 'say'> & { readonly shellArguments: readonly string[] },
  argvOf: (args: A) => readonly string[],
): Step {
  return stepOf<A, Seen>({
    ...shape,
    returns,
    bareArgument: 'cmd',
    needsFacts: false,
    limitMs: () => TEN_MINUTES,
    foresee: args => ({
      is: 'unknown',
      why: args.reads ? 'it is asked when its turn comes' : 'nobody can say what it will do',
    }),
    check: (args, looker) => found(args, argvOf(args), looker),
    undo: args => (args.reads ? { is: 'nothing' } : { is: 'left', why: `${shape.name} without undo` }),
    apply: (args, _seen, doer) => applied(args, argvOf(args), doer),
    result: (_args, before, after, reply) => {
      const ran = reply === null ? (after.ran ?? before.ran) : ranOf(reply);
      return ran === null ? skippedResult(after.why) : ranResult(ran, reply !== null);
    },
  });
}

async function found(args: Guards, argv: readonly string[], looker: Looker): Promise<Found<Seen>> {
  const guard = guardOf(args);
  if (guard !== null) {
    const answer = await looker.ask(program(guard.argv, false));
    if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
    if ((answer.value.rc === 0) === guard.doneWhenZero)
      return { is: 'done', seen: { why: guard.why, ran: null }, text: guard.why };
    return { is: 'todo', seen: { why: '', ran: null }, text: 'run it' };
  }
  if (!args.reads) return { is: 'unsure', seen: { why: '', ran: null }, text: 'run it' };
  const answer = await looker.ask(program(argv, false, args.stdin ?? ''));
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  return { is: 'done', seen: { why: '', ran: answer.value }, text: `exit status ${answer.value.rc}` };
}

interface Guard {
  readonly argv: readonly string[];
  readonly doneWhenZero: boolean;
  readonly why: string;
}

function guardOf(args: Guards): Guard | null {
  if (args.creates !== null)
    return { argv: ['/usr/bin/test', '-e', args.creates], doneWhenZero: true, why: `${args.creates} exists` };
  if (args.removes !== null)
    return { argv: ['/usr/bin/test', '-e', args.removes], doneWhenZero: false, why: `${args.removes} doesn't exist` };
  if (args.unless !== null)
    return { argv: ['/bin/sh', '-c', args.unless], doneWhenZero: true, why: '`unless` says so' };
  return null;
}

async function applied(args: Guards, argv: readonly string[], doer: Doer) {
  const answer = await doer.do(program(argv, true, args.stdin ?? ''));
  if (answer.is === 'no') return { is: 'refused', refusal: answer.refusal } as const;
  return { is: 'applied', reply: answer.value } as const;
}

function ranOf(reply: JsonObject): Ran {
  return { rc: Number(reply.rc), stdout: String(reply.stdout), stderr: String(reply.stderr) };
}

function skippedResult(why: string): JsonObject {
  return { ...ranResult({ rc: 0, stdout: '', stderr: '' }, false), msg: why };
}

function wordsOf(cmd: string): readonly string[] {
  const split = splitWords(cmd);
  return split.is === 'words' ? split.words : [];
}

type CommandArgs = z.infer<typeof commandArgs>;
export const command = runner<CommandArgs & JsonObject>(
  {
    name: 'command',
    summary: 'run a program, without a shell',
    args: commandArgs,
    shellArguments: ['cmd', 'unless'],
    say: args => `run ${args.cmd ?? (args.argv ?? []).join(' ')}`,
  },
  args => inFolder(args.argv ?? wordsOf(args.cmd ?? ''), args.chdir),
);

type ShellArgs = z.infer<typeof shellArgs>;
export const shell = runner<ShellArgs & JsonObject>(
  {
    name: 'shell',
    summary: 'run a text in a shell',
    args: shellArgs,
    shellArguments: ['cmd', 'unless'],
    say: args => `run ${args.cmd.split('\n')[0] ?? ''}`,
  },
  args => shellText(args.cmd, args.chdir, args.executable),
);
