// Who this process is and whether another one still lives, as far as this machine can prove it. A process number alone
// proves nothing: numbers are given out again. Only Linux tells start time and boot id; elsewhere they are null and
// fewer things can be proven.
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errorCode } from './files.ts';

export interface ProcessIdentity {
  readonly controller: string;
  readonly pid: number;
  /** Clock ticks since boot at which the process started. */
  readonly started: string | null;
  readonly boot: string | null;
  /** The process number space: in another container the same number is another process. */
  readonly space: string | null;
}

async function textOf(read: Promise<string>): Promise<string | null> {
  try {
    return (await read).trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); the name in field 2 may hold blanks and brackets. */
async function startTime(pid: number): Promise<string | null> {
  const stat = await textOf(readFile(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

let known: Promise<ProcessIdentity> | null = null;

/** It stays who it is. */
export function thisProcess(): Promise<ProcessIdentity> {
  known ??= identity();
  return known;
}

async function identity(): Promise<ProcessIdentity> {
  const [started, boot, space] = await Promise.all([
    startTime(process.pid),
    textOf(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    textOf(readlink('/proc/self/ns/pid')),
  ]);
  return { controller: hostname(), pid: process.pid, started, boot, space };
}

function numberIsFree(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

/** Law: true only when it can't be alive. What can't be proven is taken for alive. */
export async function isProvablyDead(other: ProcessIdentity): Promise<boolean> {
  const here = await thisProcess();
  if (other.controller !== here.controller) return false;
  if (other.boot !== null && here.boot !== null && other.boot !== here.boot) return true;
  if (other.space !== here.space) return false;
  if (numberIsFree(other.pid)) return true;
  const started = await startTime(other.pid);
  return other.started !== null && started !== null && started !== other.started;
}
