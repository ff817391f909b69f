// One command over one channel, to one of the five endings. A channel that closes without a status is lost, never
// status 0; one that couldn't be opened was not sent. After that line is crossed nothing here claims to know.
import type { Duplex, Readable } from 'node:stream';
import type { Ended } from '../../model/command.ts';
import type { ExecOptions } from '../../model/ports.ts';
import type { AlarmClock } from '../clock.ts';
import { never } from '../../text/never.ts';
import { isForSudo } from '../../text/shell.ts';
import { capturesFor, said, type Texts } from './capture.ts';
import { errorText } from '../files.ts';
import { forAnyShell } from './login-shell.ts';
import { SudoTalk } from './sudo.ts';
import type { Ears, ExecPlace, Piped, Sent } from './transport.ts';

/** Emits `exit` with a status, or with null and a signal; it may close without. */
export interface ExecChannel extends Duplex {
  readonly stderr: Readable;
  /** Asks the host to close it. */
  close(): void;
}

/** The login that carries the command. */
export interface Session {
  /** Answers once: a channel that runs the line, or why there is none. It must be listened to at once. */
  start(line: string, answer: (started: ExecChannel | Error) => void): void;
  alive(): boolean;
}

/** RFC 4254, 5.1: SSH_OPEN_CONNECT_FAILED is what sshd says over MaxSessions, SSH_OPEN_RESOURCE_SHORTAGE means the same. */
const BUSY_REASONS: readonly unknown[] = [2, 4];

/** ssh2's words for a request to run something that wasn't granted. */
export const NOT_STARTED = 'Unable to exec';

/** The host has no channel free. Law: nothing was sent. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && BUSY_REASONS.includes(error.reason);
}

/** Where what comes goes. */
export interface Sink {
  /** @returns null, or a promise to wait for before more is read. */
  take(chunk: Uint8Array): Promise<void> | null;
}

interface Sinks {
  readonly out: Sink;
  readonly err: Sink;
}

/** What a command is given. */
export interface Input {
  write(bytes: Uint8Array): void;
  end(): void;
}

export interface Running extends Sinks {
  readonly line: string;
  /** Called once, when the command runs. */
  readonly feed: (input: Input) => void;
  readonly limitMs: number;
  readonly clock: AlarmClock;
}

/** An ending without what was said before it. */
export type Ending =
  | { readonly is: 'exited'; readonly code: number }
  | { readonly is: 'signalled'; readonly name: string }
  | { readonly is: 'lost' }
  | { readonly is: 'timed-out' }
  | { readonly is: 'busy' }
  | { readonly is: 'not-sent'; readonly why: string };

function notOpened(error: Error, session: Session): Ending {
  if (isBusy(error)) return { is: 'busy' };
  // This is said both when the host refuses the request and when the link dies after it was sent: only the first is known to have done nothing.
  if (error.message === NOT_STARTED && !session.alive()) return { is: 'lost' };
  return { is: 'not-sent', why: error.message };
}

interface Status {
  code: number | null;
  signal: string | null;
}

function feed(stream: Readable, sink: Sink): void {
  stream.on('data', (chunk: Buffer) => {
    const wait = sink.take(chunk);
    if (wait === null) return;
    stream.pause();
    void wait.then(() => stream.resume());
  });
  // Its end comes by `close`, with or without an error before it.
  stream.on('error', () => {});
}

/** Resolves when both streams have ended and the channel is closed. */
function drained(channel: ExecChannel, sinks: Sinks): Promise<Status> {
  const status: Status = { code: null, signal: null };
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
    feed(channel, sinks.out);
    feed(channel.stderr, sinks.err);
  });
}

function endingOf({ code, signal }: Status, session: Session): Ending {
  // With the link gone the status may have come without the rest of the output: not to be read as whole.
  if (!session.alive() || (code === null && signal === null)) return { is: 'lost' };
  if (code !== null) return { is: 'exited', code };
  return { is: 'signalled', name: (signal ?? '').replace(/^SIG/, '') };
}

/** Never rejects. Behind `busy` and `not-sent` nothing has happened on the host. */
export function runOver(session: Session, running: Running): Promise<Ending> {
  return new Promise(resolve => {
    let over = false;
    let open: ExecChannel | null = null;
    const end = (ending: Ending): void => {
      if (over) return;
      over = true;
      turnOff();
      resolve(ending);
    };
    const turnOff = running.clock.alarm(running.limitMs, () => {
      end({ is: 'timed-out' });
      open?.close();
    });
    try {
      session.start(forAnyShell(running.line), channel => {
        if (channel instanceof Error) return end(notOpened(channel, session));
        open = channel;
        if (over) return void channel.close();
        void drained(channel, running).then(status => end(endingOf(status, session)));
        running.feed({ write: bytes => void channel.write(bytes), end: () => void channel.end() });
      });
    } catch (error) {
      end({ is: 'not-sent', why: errorText(error) });
    }
  });
}

interface Sending {
  readonly options: ExecOptions;
  readonly place: ExecPlace;
}

/** All at once, whoever reads it. */
export const feeding =
  (stdin: Uint8Array | undefined) =>
  (input: Input): void => {
    if (stdin !== undefined && stdin.length > 0) input.write(stdin);
    input.end();
  };

export async function sendCommand(session: Session, line: string, { options, place }: Sending): Promise<Sent> {
  if (isForSudo(line)) return sendBySudo(session, line, { options, place });
  if (options.feedsSudo === true) return sendWithPassword(session, line, { options, place });
  const captures = capturesFor(place, options.onOutput);
  const { limitMs, stdin } = options;
  const ending = await runOver(session, { line, feed: feeding(stdin), limitMs, clock: place.clock, ...captures });
  return withText(ending, await said(captures));
}

/** Whether the password is right shows later, where that sudo says it. */
async function sendWithPassword(session: Session, line: string, { options, place }: Sending): Promise<Sent> {
  const turn = await place.sudo.turn();
  if (typeof turn === 'string') return { is: 'ended', ended: { is: 'denied', why: turn } };
  const stdin = turn.password === null ? new Uint8Array() : Buffer.from(`${turn.password.reveal()}\n`);
  const sent = await sendCommand(session, line, { options: { ...options, feedsSudo: false, stdin }, place });
  turn.over('untried');
  return sent;
}

async function sendBySudo(session: Session, line: string, { options, place }: Sending): Promise<Sent> {
  const turn = await place.sudo.turn();
  if (typeof turn === 'string') return { is: 'ended', ended: { is: 'denied', why: turn } };
  const { limitMs, stdin = new Uint8Array() } = options;
  const captures = capturesFor(place, options.onOutput);
  const talk = new SudoTalk(turn, stdin, captures.err);
  const feed = (input: Input): void => talk.feed(input);
  const ending = await runOver(session, { line, feed, limitMs, clock: place.clock, out: captures.out, err: talk });
  const texts = await said(captures);
  const why = talk.denial();
  // Its status is sudo's own then, and says nothing of the command.
  if (why !== null && (ending.is === 'exited' || ending.is === 'signalled'))
    return { is: 'ended', ended: { is: 'denied', why } };
  return withText(ending, texts);
}

function withText(ending: Ending, text: Texts): Sent {
  return ending.is === 'busy' ? ending : { is: 'ended', ended: endedWith(ending, text) };
}

function endedWith(ending: Exclude<Ending, { is: 'busy' }>, text: Texts): Ended {
  switch (ending.is) {
    case 'exited':
    case 'signalled':
      return { ...ending, ...text };
    case 'lost':
      return { is: 'lost', ...text };
    case 'timed-out':
      return { is: 'timed-out', ...text };
    case 'not-sent':
      return ending;
    default:
      return never(ending);
  }
}

/** A program that is spoken to while it runs. Never rejects. */
export function openPipe(session: Session, line: string, ears: Ears): Promise<Piped> {
  return new Promise(resolve => {
    try {
      session.start(line, channel => {
        if (channel instanceof Error) return resolve({ is: isBusy(channel) ? 'busy' : 'no' });
        feed(channel, { take: chunk => ears.heard('out', chunk) });
        feed(channel.stderr, { take: chunk => ears.heard('err', chunk) });
        channel.once('close', ears.closed);
        resolve({ is: 'open', pipe: { write: bytes => void channel.write(bytes), close: () => channel.close() } });
      });
    } catch {
      resolve({ is: 'no' });
    }
  });
}
