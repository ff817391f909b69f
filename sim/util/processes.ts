// Utilities about processes and users: ps, pgrep, pkill, kill, id, who one is.
import type { Main } from '../os/kernel.ts';
import type { Process } from '../os/process.ts';
import { SIGNAL_NAMES, signalName } from '../os/signals.ts';
import { Options, UsageError } from './options.ts';
import { strftime } from './strftime.ts';

function nameOf(process: Process): string {
  return process.argv[0]?.split('/').pop() ?? '';
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [minutes, hours, days] = [
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 86_400),
  ];
  return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${two(hours)}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly text: (process: Process, now: number) => string;
}

/** What procfs keeps of the arguments for ps (PRARGSZ of procfs.h); whoever counts on more may find less. */
const ARGS_SHOWN = 80;

const argsOf = ({ command }: Process): string => command.slice(0, ARGS_SHOWN);

const COLUMNS: Readonly<Record<string, Column>> = {
  args: { title: 'COMMAND', width: -1, text: argsOf },
  comm: { title: 'COMMAND', width: -1, text: process => process.argv[0] ?? '' },
  etime: { title: 'ELAPSED', width: 11, text: (process, now) => elapsed(now - process.startedAt) },
  fname: { title: 'COMMAND', width: -8, text: nameOf },
  pgid: { title: 'PGID', width: 5, text: process => String(process.pgid) },
  pid: { title: 'PID', width: 5, text: process => String(process.pid) },
  ppid: { title: 'PPID', width: 5, text: process => String(process.ppid) },
  s: { title: 'S', width: 1, text: () => 'S' },
  sid: { title: 'SID', width: 5, text: process => String(process.sid) },
  stime: { title: 'STIME', width: 8, text: process => strftime('%H:%M:%S', process.startedAt) },
  time: { title: 'TIME', width: 5, text: () => '0:00' },
  tty: { title: 'TT', width: -7, text: process => (process.tty ? 'pts/1' : '?') },
  uid: { title: 'UID', width: 5, text: process => String(process.uid) },
  user: { title: 'USER', width: 8, text: process => process.user },
  zone: { title: 'ZONE', width: -8, text: () => 'global' },
};

function row(cells: readonly (readonly [string, number])[]): string {
  const shown = cells.map(([text, width], i) =>
    width > 0 ? text.padStart(width) : i === cells.length - 1 ? text : text.padEnd(-width),
  );
  return `${shown.join(' ')}\n`;
}

async function formatted(proc: Process, chosen: readonly Process[], formats: readonly string[]): Promise<void> {
  const columns = formats
    .flatMap(format => (format.includes('=') ? [format] : format.split(/[,\s]+/)))
    .flatMap(word => (/^[a-z]+=,|^([a-z]+=?,)+/.test(word) ? word.split(',') : [word]))
    .map(word => {
      const [name = '', title] = word.split('=');
      const column = COLUMNS[name];
      if (column === undefined) throw new UsageError(`unknown output format: -o ${name}`);
      return { ...column, title: title ?? column.title };
    });
  if (columns.some(column => column.title !== ''))
    await proc.out(row(columns.map(({ title, width }) => [title, width])));
  for (const process of chosen)
    await proc.out(row(columns.map(({ text, width }) => [text(process, proc.clock.now()), width])));
}

function picked(proc: Process, options: Options): readonly Process[] {
  const all = proc.kernel.processes();
  const list = (letter: string): readonly string[] => options.values(letter).flatMap(word => word.split(/[,\s]+/));
  if (options.has('p')) return all.filter(process => list('p').includes(String(process.pid)));
  if (options.has('u') || options.has('U')) {
    const users = [...list('u'), ...list('U')];
    return all.filter(process => users.includes(process.user) || users.includes(String(process.uid)));
  }
  if (options.has('g')) return all.filter(process => list('g').includes(String(process.pgid)));
  if (options.has('e') || options.has('A') || options.has('z')) return all;
  return all.filter(process => process.sid === proc.sid);
}

const ps: Main = async (proc, argv) => {
  const options = new Options(argv, 'efAadljcyo:p:u:U:g:G:s:t:z:');
  const chosen = picked(proc, options);
  if (options.has('o')) await formatted(proc, chosen, options.values('o'));
  else if (options.has('f')) {
    await proc.out('     UID   PID  PPID   C    STIME TTY         TIME CMD\n');
    for (const one of chosen) {
      const head = `${one.user.padStart(8)} ${String(one.pid).padStart(5)} ${String(one.ppid).padStart(5)}   0`;
      await proc.out(
        `${head} ${strftime('%H:%M:%S', one.startedAt)} ${(one.tty ? 'pts/1' : '?').padEnd(7)}     0:00 ${argsOf(one)}\n`,
      );
    }
  } else {
    await proc.out('   PID TTY         TIME CMD\n');
    for (const one of chosen)
      await proc.out(`${String(one.pid).padStart(6)} ${(one.tty ? 'pts/1' : '?').padEnd(7)}     0:00 ${nameOf(one)}\n`);
  }
  return chosen.length > 0 ? 0 : 1;
};

function grepped(proc: Process, options: Options): readonly Process[] {
  const [pattern] = options.operands;
  const test = pattern === undefined ? null : new RegExp(options.has('x') ? `^(?:${pattern})$` : pattern);
  const list = (letter: string): readonly string[] => options.values(letter).flatMap(word => word.split(','));
  const fits = (process: Process): boolean =>
    process !== proc &&
    (test === null || test.test(options.has('f') ? argsOf(process) : nameOf(process))) &&
    (!options.has('P') || list('P').includes(String(process.ppid))) &&
    (!options.has('u') || list('u').some(user => user === process.user || user === String(process.uid))) &&
    (!options.has('g') || list('g').includes(String(process.pgid)));
  const found = proc.kernel.processes().filter(process => fits(process) !== options.has('v') && process !== proc);
  return options.has('n') ? found.slice(-1) : options.has('o') ? found.slice(0, 1) : found;
}

const pgrep: Main = async (proc, argv) => {
  const options = new Options(argv, 'flvxnod:P:u:U:g:s:t:z:');
  const found = grepped(proc, options);
  const delimiter = options.value('d') ?? '\n';
  const shown = found.map(process =>
    options.has('l')
      ? `${String(process.pid).padStart(5)} ${options.has('f') ? process.command : nameOf(process)}`
      : String(process.pid),
  );
  if (shown.length > 0) await proc.out(`${shown.join(delimiter)}\n`);
  return found.length > 0 ? 0 : 1;
};

const pkill: Main = (proc, argv) => {
  const named = /^-(?:[A-Z0-9]+)$/.test(argv[1] ?? '') ? signalName((argv[1] ?? '').slice(1)) : null;
  const options = new Options(named === null ? argv : [argv[0] ?? '', ...argv.slice(2)], 'fvxnoP:u:U:g:s:t:z:');
  const found = grepped(proc, options);
  const allowed = found.filter(process => proc.uid === 0 || process.uid === proc.uid);
  for (const process of allowed) process.deliver(named ?? signalName(options.value('s') ?? 'TERM') ?? 'TERM');
  return allowed.length > 0 ? 0 : 1;
};

/** /usr/bin/kill; shells have their own. */
const kill: Main = async (proc, argv) => {
  const words = argv.slice(1);
  if (words[0] === '-l') {
    await proc.out(`${SIGNAL_NAMES.join('\n')}\n`);
    return 0;
  }
  let signal = 'TERM';
  if (words[0] === '-s') signal = words.splice(0, 2)[1] ?? '';
  else if (words[0]?.startsWith('-') === true && words[0] !== '--') signal = (words.shift() ?? '').slice(1);
  if (words[0] === '--') words.shift();
  let status = 0;
  for (const word of words) {
    const pid = Number(word);
    const isThere =
      signal === '0'
        ? proc.kernel.process(pid) !== null
        : proc.kernel.kill(pid === 0 ? -proc.pgid : pid, signalName(signal) ?? 'TERM');
    if (isThere) continue;
    await proc.err(`kill: ${word}: No such process\n`);
    status = 1;
  }
  return status;
};

const id: Main = async (proc, argv) => {
  const options = new Options(argv, 'ugGnrap');
  const [name] = options.operands;
  const account = name === undefined ? proc.account : proc.kernel.accounts.find(one => one.name === name);
  if (account === undefined) {
    await proc.err(`id: invalid user name: "${name ?? ''}"\n`);
    return 1;
  }
  const [gid, group] = account.uid === 0 ? [0, 'root'] : [10, 'staff'];
  const isNamed = options.has('n');
  if (options.has('u')) await proc.out(`${isNamed ? account.name : account.uid}\n`);
  else if (options.has('g') || options.has('G')) await proc.out(`${isNamed ? group : gid}\n`);
  else await proc.out(`uid=${account.uid}(${account.name}) gid=${gid}(${group})\n`);
  return 0;
};

const whoami: Main = async proc => {
  await proc.out(`${proc.user}\n`);
  return 0;
};

const hostname: Main = async proc => {
  await proc.out(`${proc.kernel.hostName}\n`);
  return 0;
};

export const PROCESSES: Readonly<Record<string, Main>> = { hostname, id, kill, pgrep, pkill, ps, whoami };
