// command and shell: run what the playbook says. `command` reads its text as words and nothing more; `shell` gives it
// to a shell. Without creates, removes, unless or reads nobody can tell whether it was done, and it says so.
import * as z from 'zod';
import type { JsonObject } from '../text/json.ts';
import { wordsOfLine } from '../text/words.ts';
import { guardFields, programStep, stdinFields } from './guards.ts';
import { inFolder, shellText } from './ran.ts';

const commandArgs = () =>
  z
    .strictObject({
      cmd: z
        .string()
        .nullable()
        .default(null)
        .describe('one line, read as words: quotes count, variables and pipes mean nothing'),
      argv: z.array(z.string()).min(1).nullable().default(null).describe('the words themselves'),
      ...guardFields(),
      ...stdinFields(),
    })
    .refine(args => (args.cmd === null) !== (args.argv === null), 'give cmd or argv, one of the two')
    .refine(
      args => args.cmd === null || wordsOfLine(args.cmd).length > 0,
      'the line has no words, or a quote is left open',
    );

const shellArgs = () =>
  z.strictObject({
    cmd: z.string().min(1).describe('the text for the shell'),
    executable: z.string().startsWith('/').default('/bin/sh').describe('the shell, by absolute path'),
    ...guardFields(),
    ...stdinFields(),
  });

interface Input {
  readonly stdin: string | null;
  readonly stdin_add_newline: boolean;
}

const inputOf = ({ stdin, stdin_add_newline: ended }: Input): string =>
  stdin === null ? '' : ended ? `${stdin}\n` : stdin;

type CommandArgs = z.infer<ReturnType<typeof commandArgs>>;
export const command = programStep<CommandArgs & JsonObject>(
  {
    name: 'command',
    summary: 'run a program, without a shell',
    args: commandArgs,
    notOurs: { executable: 'write the step "shell", or give the program as the first word' },
    shellArguments: ['cmd', 'unless'],
    say: args => `run ${args.cmd ?? (args.argv ?? []).join(' ')}`,
  },
  args =>
    Promise.resolve({ argv: inFolder(args.argv ?? wordsOfLine(args.cmd ?? ''), args.chdir), stdin: inputOf(args) }),
);

type ShellArgs = z.infer<ReturnType<typeof shellArgs>>;
export const shell = programStep<ShellArgs & JsonObject>(
  {
    name: 'shell',
    summary: 'run a text in a shell',
    args: shellArgs,
    notOurs: { argv: 'write the step "command"' },
    shellArguments: ['cmd', 'unless'],
    say: args => `run ${args.cmd.split('\n')[0] ?? ''}`,
  },
  args => Promise.resolve({ argv: shellText(args.cmd, args.chdir, args.executable), stdin: inputOf(args) }),
);
