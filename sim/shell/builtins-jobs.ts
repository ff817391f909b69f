// Builtins about processes: wait, kill, trap, jobs.
import { signalName, SIGNAL_NAMES, signalNumber } from '../os/signals.ts';
import type { Process } from '../os/process.ts';
import type { Builtin } from './builtins.ts';
import type { Shell } from './interp.ts';
import { alwaysQuoted } from './quote.ts';
import { setTrap } from './traps.ts';

/** The job of `%n`, `%%` or a pid. */
function jobOf(sh: Shell, word: string): Process | null {
  const jobs = [...sh.jobs.values()];
  if (!word.startsWith('%')) return sh.jobs.get(Number(word)) ?? null;
  const index = /^%\d+$/.test(word) ? Number(word.slice(1)) - 1 : jobs.length - 1;
  return jobs[index] ?? null;
}

/** Waits for one job; the status of a caught signal when that comes first, null when the job has ended. */
async function interrupted(sh: Shell, jobs: readonly Process[]): Promise<number | null> {
  while (jobs.every(job => job.ending === null)) {
    const [signal] = sh.proc.pending;
    if (signal !== undefined) return sh.dialect.signalBase + signalNumber(signal);
    await sh.proc.nextEvent(jobs);
  }
  return null;
}

const wait: Builtin = async (sh, argv) => {
  const words = argv.slice(1).filter(word => word !== '--');
  if (words[0] === '-n') return waitForAny(sh);
  if (words.length === 0) {
    for (const [pid, job] of sh.jobs) {
      const status = await interrupted(sh, [job]);
      if (status !== null) return status;
      sh.jobs.delete(pid);
    }
    return 0;
  }
  let status = 0;
  for (const word of words) {
    const job = jobOf(sh, word);
    if (job === null) {
      if (sh.dialect.name === 'bash') await sh.complain(`wait: pid ${word} is not a child of this shell`);
      status = 127;
      continue;
    }
    const signalled = await interrupted(sh, [job]);
    if (signalled !== null) return signalled;
    status = job.ending === null ? 0 : sh.statusOf(job.ending);
  }
  return status;
};

async function waitForAny(sh: Shell): Promise<number> {
  const jobs = [...sh.jobs.values()];
  if (jobs.length === 0) return 127;
  const signalled = await interrupted(sh, jobs);
  if (signalled !== null) return signalled;
  const job = jobs.find(one => one.ending !== null);
  if (job === undefined || job.ending === null) return 127;
  sh.jobs.delete(job.pid);
  return sh.statusOf(job.ending);
}

const kill: Builtin = async (sh, argv) => {
  let words = argv.slice(1);
  let signal = 'TERM';
  const first = words[0] ?? '';
  if (first === '-l' || first === '-L') return listSignals(sh, words[1]);
  if (first === '-s' || first === '-n') {
    signal = words[1] ?? '';
    words = words.slice(2);
  } else if (/^-[A-Za-z0-9]/.test(first) && words.length > 1) {
    signal = first.slice(1);
    words = words.slice(1);
  }
  if (words[0] === '--') words = words.slice(1);
  const name = signal === '0' ? '0' : signalName(signal);
  if (name === null) {
    await sh.complain(`kill: ${signal}: unknown signal`);
    return 1;
  }
  let status = 0;
  for (const word of words) {
    if (send(sh, word, name)) continue;
    await sh.complain(`kill: ${word}: no such process`);
    status = 1;
  }
  return status;
};

function send(sh: Shell, word: string, signal: string): boolean {
  const pid = word.startsWith('%') ? (jobOf(sh, word)?.pid ?? Number.NaN) : Number(word);
  if (!Number.isInteger(pid) || word === '') return false;
  const { kernel, pgid, uid } = sh.proc;
  const target = kernel.process(pid);
  if (target !== null && uid !== 0 && target.uid !== uid) return false;
  if (signal === '0') return pid === 0 || target !== null;
  return kernel.kill(pid === 0 ? -pgid : pid, signal);
}

async function listSignals(sh: Shell, word: string | undefined): Promise<number> {
  if (word === undefined) {
    await sh.proc.out(`${SIGNAL_NAMES.join('\n')}\n`);
    return 0;
  }
  const number = Number(word);
  const name = Number.isInteger(number)
    ? signalName(String(number & 127))
    : String(signalNumber(signalName(word) ?? ''));
  await sh.proc.out(`${name ?? ''}\n`);
  return name === null ? 1 : 0;
}

const trap: Builtin = async (sh, argv) => {
  const words = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (words.length === 0 || (words.length === 1 && words[0] === '-p')) {
    const prefix = sh.dialect.name === 'bash' ? 'SIG' : '';
    const shown = [...sh.traps].sort(([a], [b]) => signalNumber(a) - signalNumber(b));
    for (const [signal, action] of shown) {
      await sh.proc.out(`trap -- ${alwaysQuoted(action)} ${signal === 'EXIT' ? '' : prefix}${signal}\n`);
    }
    return 0;
  }
  const [first = '', ...rest] = words;
  const isReset = first === '-' || (/^\d+$/.test(first) && conditionOf(first) !== null);
  const action = isReset ? null : first;
  let status = 0;
  for (const word of first === '-' || !isReset ? rest : words) {
    const signal = conditionOf(word);
    if (signal === null) {
      await sh.complain(`trap: ${word}: bad trap`);
      status = 1;
    } else setTrap(sh, signal, action);
  }
  return status;
};

function conditionOf(word: string): string | null {
  return word === '0' || word.toUpperCase() === 'EXIT' ? 'EXIT' : signalName(word);
}

const jobs: Builtin = async (sh, argv) => {
  for (const [i, job] of [...sh.jobs.values()].entries()) {
    const state = job.ending === null ? 'Running' : 'Done';
    await sh.proc.out(argv[1] === '-p' ? `${job.pid}\n` : `[${i + 1}] ${state}\t${job.command}\n`);
    if (job.ending !== null) sh.jobs.delete(job.pid);
  }
  return 0;
};

export const JOBS: Readonly<Record<string, Builtin>> = {
  disown: () => 0,
  jobs,
  kill,
  trap,
  wait,
};
