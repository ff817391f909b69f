// A lab's folder, seen from outside: the record of who it is and where it listens (lab.json), whether that process
// still lives (a process id alone would one day name a stranger), its last words, and how to remove it all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FILES } from './inventory.ts';

export interface LabRecord {
  readonly v: 1;
  readonly pid: number;
  /** When the process started, in the words of this system; with the pid it names one process for ever. */
  readonly started: string;
  readonly socket: string;
  readonly ports: Readonly<Record<string, number>>;
}

export function writeRecord(dir: string, record: LabRecord): void {
  writeFileSync(join(dir, FILES.record), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Null when there is none, or when it can't be understood: then there is nothing to go by. */
export function readRecord(dir: string): LabRecord | null {
  try {
    const data: unknown = JSON.parse(readFileSync(join(dir, FILES.record), 'utf8'));
    return isRecord(data) ? data : null;
  } catch {
    return null;
  }
}

function isRecord(data: unknown): data is LabRecord {
  if (typeof data !== 'object' || data === null) return false;
  if (!('v' in data) || data.v !== 1 || !('pid' in data) || typeof data.pid !== 'number') return false;
  if (!('started' in data) || typeof data.started !== 'string') return false;
  if (!('socket' in data) || typeof data.socket !== 'string') return false;
  if (!('ports' in data) || typeof data.ports !== 'object' || data.ports === null) return false;
  return Object.values(data.ports).every(port => typeof port === 'number');
}

export function isAlive({ pid, started }: Pick<LabRecord, 'pid' | 'started'>): boolean {
  return startOf(pid) === started;
}

const STAT_START_FIELD = 22;

/** Null when no such process runs. */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in field 2 may hold blanks and brackets
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // a zombie has ended
    return fields[0] === 'Z' ? null : (fields[STAT_START_FIELD - 3] ?? null);
  } catch {
    return askPs(pid);
  }
}

/** For systems without Linux' /proc. */
function askPs(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return text.toString().trim() || null;
  } catch {
    return null;
  }
}

/** Systems allow about 104 bytes for the path of a socket; a folder deep down gets one in the temporary folder. */
const LONGEST_SOCKET_PATH = 100;

export function socketPath(dir: string): string {
  const path = join(resolve(dir), FILES.socket);
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  const digest = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16);
  return join(tmpdir(), `zoneferry-lab-${digest}.sock`);
}

/** Removes what a lab wrote, and the folder if nothing else is in it. */
export function removeFiles(dir: string, socket: string): void {
  for (const name of Object.values(FILES)) rmSync(join(dir, name), { force: true });
  rmSync(join(dir, `${FILES.key}.pub`), { force: true });
  rmSync(socket, { force: true });
  try {
    rmdirSync(dir);
  } catch {
    // somebody keeps something of his own in it
  }
}

/** What a lab that died wrote last, for the operator who started it detached. */
export function lastWords(dir: string): string {
  try {
    return readFileSync(join(dir, FILES.log), 'utf8').trimEnd();
  } catch {
    return '';
  }
}
