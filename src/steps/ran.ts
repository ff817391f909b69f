// A program somebody's playbook runs: how it is sent, and what it came to. Any exit status is an answer here; whether it
// is a failure is for the result to say. It matches on no text.
import { type Command, ok, refused } from '../model/command.ts';
import type { JsonObject } from '../text/json.ts';

export interface Ran extends JsonObject {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function program(argv: readonly string[], changes: boolean, stdin: string | Uint8Array = ''): Command<Ran> {
  return {
    argv,
    changes,
    runAs: 'become',
    readBy: 'author',
    stdin,
    read: ended =>
      ended.is === 'exited'
        ? ok({ rc: ended.code, stdout: ended.out, stderr: ended.err })
        : refused(`killed by ${ended.name}`),
  };
}

/** A look of our own with such a program. */
export const ourProgram = (argv: readonly string[]): Command<Ran> => ({ ...program(argv, false), readBy: 'us' });

/** A question that says `yes` or `no`. A status alone would not do: whoever lends the rights refuses with one, too. */
export function yesOrNo(argv: readonly string[]): Command<boolean> {
  return {
    ...ourProgram(argv),
    read: ended => {
      if (ended.is !== 'exited') return refused(`killed by ${ended.name}`);
      if (ended.out === 'yes\n' || ended.out === 'no\n') return ok(ended.out === 'yes\n');
      return refused(ended.err.trim() || `exit status ${ended.code}`);
    },
  };
}

/** A text for /bin/sh, in a folder if one is given. Nothing is put into the text: the folder travels as an argument. */
export function shellText(text: string, chdir: string | null, shell: string): readonly string[] {
  return chdir === null
    ? [shell, '-c', text]
    : ['/bin/sh', '-c', 'cd "$1" || exit; exec "$2" -c "$3"', 'sh', chdir, shell, text];
}

/** An argument list, in a folder if one is given. */
export function inFolder(argv: readonly string[], chdir: string | null): readonly string[] {
  return chdir === null ? argv : ['/bin/sh', '-c', 'cd "$1" || exit; shift; exec "$@"', 'sh', chdir, ...argv];
}

/** Ansible's names. A text loses one trailing newline, as there. */
export function ranResult(ran: Ran, changed: boolean): JsonObject {
  const stdout = ran.stdout.replace(/\n$/, '');
  const stderr = ran.stderr.replace(/\n$/, '');
  const failed = ran.rc !== 0;
  return {
    changed,
    failed,
    skipped: false,
    rc: ran.rc,
    stdout,
    stdout_lines: linesOf(stdout),
    stderr,
    stderr_lines: linesOf(stderr),
    msg: failed ? `exit status ${ran.rc}` : '',
  };
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
