// The utilities of a host by path. Each lies in the file of its kin; all take (process, argv) and give a status.
import type { Main } from '../os/kernel.ts';
import { AWK } from './awk.ts';
import { DIFF } from './diff.ts';
import { FILE_CHANGES } from './file-changes.ts';
import { FIND } from './find.ts';
import { GREP } from './grep.ts';
import { LS } from './ls.ts';
import { UsageError } from './options.ts';
import { PROCESSES } from './processes.ts';
import { SED } from './sed.ts';
import { SMALL } from './small.ts';
import { SORT } from './sort.ts';
import { STARTING } from './starting.ts';
import { STREAMS } from './streams.ts';
import { TEXT } from './text.ts';

const ALL: Readonly<Record<string, Main>> = {
  ...AWK,
  ...DIFF,
  ...FILE_CHANGES,
  ...FIND,
  ...GREP,
  ...LS,
  ...PROCESSES,
  ...SED,
  ...SMALL,
  ...SORT,
  ...STARTING,
  ...STREAMS,
  ...TEXT,
};

/** Names that Solaris keeps in /usr/gnu/bin or /usr/xpg4/bin too. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  '/usr/gnu/bin': [
    'awk',
    'cat',
    'cp',
    'cut',
    'date',
    'diff',
    'find',
    'grep',
    'head',
    'ls',
    'mktemp',
    'mv',
    'readlink',
    'rm',
    'sed',
    'seq',
    'sha256sum',
    'sort',
    'tac',
    'tail',
    'timeout',
    'tr',
    'wc',
    'xargs',
  ],
  '/usr/xpg4/bin': ['awk', 'grep', 'egrep', 'fgrep', 'id', 'ls', 'sed', 'sort', 'tail', 'tr', 'expr', 'date', 'find'],
};

const WRONG_USAGE = 2;

/** A wrong option is told the same way everywhere. */
function guarded(name: string, main: Main): Main {
  return async (proc, argv) => {
    try {
      return await main(proc, argv);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      await proc.err(`${name}: ${error.message}\n`);
      return WRONG_USAGE;
    }
  };
}

function byPath(): Map<string, Main> {
  const tools = new Map<string, Main>();
  for (const [name, main] of Object.entries(ALL)) tools.set(`/usr/bin/${name}`, guarded(name, main));
  for (const [dir, names] of Object.entries(ELSEWHERE)) {
    for (const name of names) {
      const main = tools.get(`/usr/bin/${name}`);
      if (main !== undefined) tools.set(`${dir}/${name}`, main);
    }
  }
  return tools;
}

export const TOOLS: ReadonlyMap<string, Main> = byPath();
