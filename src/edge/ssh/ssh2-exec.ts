// One command over one channel, to one of the five endings. A channel that closes without a status is lost, never
// status 0; one that couldn't be opened was not sent. After that line is crossed nothing here claims to know.
import type { Client, ClientChannel } from 'ssh2';
import type { ExecOptions } from '../../model/ports.ts';
import { Capture } from './capture.ts';
import { errorText } from '../files.ts';
import type { ExecPlace, Sent } from './transport.ts';

/** The login that carries the command. */
export interface Session {
  readonly client: Client;
  readonly alive: () => boolean;
}

/** RFC 4254, 5.1: SSH_OPEN_CONNECT_FAILED is what sshd says over MaxSessions, SSH_OPEN_RESOURCE_SHORTAGE means the same. */
const BUSY_REASONS: readonly unknown[] = [2, 4];

/** The host has no channel free. Law: nothing was sent. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && BUSY_REASONS.includes(error.reason);
}

function notOpened(error: Error, session: Session): Sent {
  if (isBusy(error)) return { is: 'busy' };
  // ssh2 says this both when the host refuses the request and when the link dies after it was sent: only the first is known to have done nothing.
  if (error.message === 'Unable to exec' && !session.alive())
    return { is: 'ended', ended: { is: 'lost', out: '', err: '' } };
  return { is: 'ended', ended: { is: 'not-sent', why: error.message } };
}

interface Status {
  code: number | null;
  signal: string | null;
}

/** Resolves when both streams have ended and the channel is closed. */
function drained(channel: ClientChannel, captures: { readonly out: Capture; readonly err: Capture }): Promise<Status> {
  const status: Status = { code: null, signal: null };
  const feed = (stream: NodeJS.ReadableStream, capture: Capture): void => {
    stream.on('data', (chunk: Buffer) => {
      const wait = capture.take(chunk);
      if (wait === null) return;
      stream.pause();
      void wait.then(() => stream.resume());
    });
    // Its end comes by `close`, with or without an error before it.
    stream.on('error', () => {});
  };
  return new Promise(resolve => {
    let open = 2;
    const closed = (): void => {
      open -= 1;
      if (open === 0) resolve(status);
    };
    channel.on('exit', (code: number | null, signal?: string) => {
      status.code = code;
      status.signal = code === null ? (signal ?? '') : null;
    });
    channel.once('close', closed);
    channel.stderr.once('close', closed);
    feed(channel, captures.out);
    feed(channel.stderr, captures.err);
  });
}

function capturesFor(place: ExecPlace, options: ExecOptions): { readonly out: Capture; readonly err: Capture } {
  const one = (stream: 'out' | 'err'): Capture =>
    new Capture({
      limitBytes: place.limitBytes,
      restTo: place.restTo(stream),
      onText: text => options.onOutput?.(stream, text),
    });
  return { out: one('out'), err: one('err') };
}

export function sendCommand(line: string, options: ExecOptions, place: ExecPlace & Session): Promise<Sent> {
  const { clock } = place;
  const captures = capturesFor(place, options);
  const limit = new AbortController();
  return new Promise(resolve => {
    let over = false;
    let open: ClientChannel | null = null;
    const end = (sent: Sent): void => {
      if (over) return;
      over = true;
      limit.abort();
      resolve(sent);
    };
    const said = (): { out: string; err: string } => ({ out: captures.out.end(), err: captures.err.end() });
    const finish = (status: Status): void => {
      if (over) return;
      const text = said();
      // With the link gone the status may have come without the rest of the output: not to be read as whole.
      if (!place.alive() || (status.code === null && status.signal === null))
        end({ is: 'ended', ended: { is: 'lost', ...text } });
      else if (status.code !== null) end({ is: 'ended', ended: { is: 'exited', code: status.code, ...text } });
      else end({ is: 'ended', ended: { is: 'signalled', name: (status.signal ?? '').replace(/^SIG/, ''), ...text } });
    };
    void clock.sleep(options.limitMs, 1, limit.signal).then(() => {
      if (over) return;
      end({ is: 'ended', ended: { is: 'timed-out', ...said() } });
      open?.close();
    });
    try {
      place.client.exec(line, (error, channel) => {
        if (error) return end(notOpened(error, place));
        open = channel;
        if (over) return void channel.close();
        void drained(channel, captures).then(finish);
        channel.end(Buffer.from(options.stdin ?? []));
      });
    } catch (error) {
      end({ is: 'ended', ended: { is: 'not-sent', why: errorText(error) } });
    }
  });
}
