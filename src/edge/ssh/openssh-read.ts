// A whole file by a command, for a link without SFTP: its mode, all its bytes, or null when there is none. The login's
// own rights are all it has.
import type { Answer, Refusal } from '../../model/refusal.ts';
import type { AlarmClock } from '../clock.ts';
import { durationText } from '../../text/duration.ts';
import { never } from '../../text/never.ts';
import { modeOf } from '../../text/file-mode.ts';
import { quoteAlways } from '../../text/shell.ts';
import { bytesText } from '../../text/size.ts';
import { type Ending, feeding, runOver, type Session, type Sink } from './exec.ts';
import { FILE_LIMIT_MS, LARGEST_FILE_BYTES, type RemoteFile } from './transport.ts';

/** The errors of POSIX behind which there is no file; their words are the same on every system in the C locale. */
const NO_SUCH_FILE = /No such file or directory|Not a directory/;

/** A line with letters and size, then the bytes: behind every link, as SFTP looks. The name stays out of the answer. */
const scriptFor = (path: string): string =>
  [
    'LC_ALL=C; export LC_ALL; set -f',
    `p=${quoteAlways(path)}`,
    'l=`ls -lLnd "$p"` || exit 1',
    'set -- $l',
    `printf '%s %s\\n' "$1" "$5"`,
    'case $1 in -*) exec cat "$p" ;; esac',
  ].join('; ');

class Bytes implements Sink {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  take(chunk: Uint8Array): null {
    this.#length += chunk.length;
    // What is over the limit is counted by ls; it needn't be held.
    if (this.#length <= LARGEST_FILE_BYTES + 4096) this.#parts.push(Uint8Array.from(chunk));
    return null;
  }

  all(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export async function readByCommand(
  session: Session,
  path: string,
  clock: AlarmClock,
): Promise<Answer<RemoteFile | null> | 'busy'> {
  const [out, err] = [new Bytes(), new Bytes()];
  const line = `exec /bin/sh -c ${quoteAlways(scriptFor(path))}`;
  const ending = await runOver(session, { line, feed: feeding(undefined), limitMs: FILE_LIMIT_MS, clock, out, err });
  if (ending.is === 'busy') return 'busy';
  const said = err.all().toString().trim();
  if (ending.is === 'exited' && ending.code === 0) return fileIn(out.all(), path);
  if (ending.is === 'exited' && out.all().length === 0 && NO_SUCH_FILE.test(said)) return { is: 'ok', value: null };
  return { is: 'no', refusal: refusalOf(ending, path, said) };
}

function fileIn(answer: Buffer, path: string): Answer<RemoteFile | null> {
  const end = answer.indexOf('\n');
  const head = /^(.)([-\w]{9})\S* (\d+)/.exec(answer.subarray(0, Math.max(0, end)).toString('latin1'));
  if (head === null) return refused(path, 'exit 0', "what ls says of it can't be read");
  const [, kind, letters = '', size = ''] = head;
  if (kind !== '-') return refused(path, 'exit 0', `${path} is no ordinary file`);
  if (Number(size) > LARGEST_FILE_BYTES)
    return refused(
      path,
      'exit 0',
      `${path} has ${bytesText(Number(size))}, the limit is ${bytesText(LARGEST_FILE_BYTES)}`,
    );
  return { is: 'ok', value: { bytes: answer.subarray(end + 1), mode: modeOf(letters) } };
}

function refused(path: string, status: string, why: string): { readonly is: 'no'; readonly refusal: Refusal } {
  return { is: 'no', refusal: { is: 'refused', command: `read ${path}`, status, out: '', err: '', why } };
}

function refusalOf(ending: Exclude<Ending, { is: 'busy' }>, path: string, said: string): Refusal {
  const command = `read ${path}`;
  switch (ending.is) {
    case 'exited':
      return refused(path, `exit ${ending.code}`, said === '' ? `${path} can't be read` : said).refusal;
    case 'signalled':
      return refused(path, `killed by ${ending.name}`, 'what read it was ended').refusal;
    case 'lost':
      return { is: 'lost', command, status: 'connection lost', out: '', err: said };
    case 'timed-out':
      return { is: 'timed-out', command, status: `no end in ${durationText(FILE_LIMIT_MS)}`, out: '', err: said };
    case 'not-sent':
      return { is: 'not-sent', command, why: ending.why };
    default:
      return never(ending);
  }
}
