// A whole file over SFTP: all its bytes and its mode, or null when there is none. Writing isn't done here: a file is put in
// place by a command, with the rights of the task.
import type { Client, SFTPWrapper, Stats } from 'ssh2';
import { type AlarmClock, orLate } from '../clock.ts';
import type { Answer, Refusal } from '../../model/refusal.ts';
import { durationText } from '../../text/duration.ts';
import { bytesText } from '../../text/size.ts';
import { errorText } from '../files.ts';
import { isBusy } from './exec.ts';
import { FILE_LIMIT_MS, LARGEST_FILE_BYTES, type RemoteFile } from './transport.ts';

const NO_SUCH_FILE = 2;

export interface FilesPlace {
  readonly client: Client;
  readonly alive: () => boolean;
  readonly clock: AlarmClock;
}

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/** A request as a promise. ssh2 throws on the spot when the server lacks an extension. */
function asked<T>(request: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => request((error, value) => (error ? reject(error) : resolve(value))));
}

class Refused extends Error {}
/** Nothing is known of the request that was under way. */
class SessionGone extends Error {}
class TimedOut extends Error {}

function statusOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}

function refusalOf(error: unknown, command: string, place: FilesPlace): Refusal {
  const why = errorText(error);
  const status = statusOf(error);
  if (error instanceof TimedOut) return { is: 'timed-out', command, status: 'time limit', out: '', err: '' };
  if (error instanceof SessionGone || (!place.alive() && status === null))
    return { is: 'lost', command, status: 'connection lost', out: '', err: '' };
  return { is: 'refused', command, status: status === null ? 'sftp' : `sftp status ${status}`, out: '', err: why, why };
}

async function inTime<T>(work: Promise<T>, clock: AlarmClock): Promise<T> {
  const answer = await orLate(work, clock, FILE_LIMIT_MS);
  if (answer === 'late') throw new TimedOut();
  return answer;
}

/** ssh2 leaves requests on an ended session without an answer, so the end of the session is one. */
function whileOpen<T>(work: Promise<T>, sftp: SFTPWrapper): Promise<T> {
  const gone = new Promise<never>((_, reject) => sftp.on('close', () => reject(new SessionGone())));
  return Promise.race([work, gone]);
}

/** A session for one piece of work, closed whatever happens: open ones count as channels on the host. */
async function inSession<T>(
  place: FilesPlace,
  command: string,
  work: (sftp: SFTPWrapper) => Promise<T>,
): Promise<Answer<T> | 'busy'> {
  let sftp: SFTPWrapper;
  try {
    sftp = await opened(place.client, place.clock);
  } catch (error) {
    if (isBusy(error)) return 'busy';
    const why = error instanceof TimedOut ? `no answer in ${durationText(FILE_LIMIT_MS)}` : errorText(error);
    return { is: 'no', refusal: { is: 'not-sent', command, why: `no SFTP session: ${why}` } };
  }
  try {
    return { is: 'ok', value: await inTime(whileOpen(work(sftp), sftp), place.clock) };
  } catch (error) {
    return { is: 'no', refusal: refusalOf(error, command, place) };
  } finally {
    sftp.end();
  }
}

async function opened(client: Client, clock: AlarmClock): Promise<SFTPWrapper> {
  let isLate = false;
  const opening = asked<SFTPWrapper>(done => client.sftp(done)).then(sftp => {
    if (isLate) sftp.end();
    // A session that breaks tells each waiting request; the event of its own must only not end this process.
    return sftp.on('error', () => {});
  });
  try {
    return await inTime(opening, clock);
  } catch (error) {
    isLate = true;
    throw error;
  }
}

async function statOf(sftp: SFTPWrapper, path: string) {
  try {
    return await asked<Stats>(done => sftp.stat(path, done));
  } catch (error) {
    if (statusOf(error) === NO_SUCH_FILE) return null;
    throw error;
  }
}

export function readRemote(place: FilesPlace, path: string): Promise<Answer<RemoteFile | null> | 'busy'> {
  return inSession(place, `sftp: read ${path}`, async sftp => {
    const stat = await statOf(sftp, path);
    if (stat === null) return null;
    if (!stat.isFile()) throw new Refused(`${path} is no ordinary file`);
    if (stat.size > LARGEST_FILE_BYTES)
      throw new Refused(`${path} has ${bytesText(stat.size)}, the limit is ${bytesText(LARGEST_FILE_BYTES)}`);
    const bytes = await asked<Buffer>(done => sftp.readFile(path, done));
    return { bytes, mode: stat.mode & 0o7777 };
  });
}
