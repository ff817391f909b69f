// One letter to a web address: a POST of JSON with a time limit, over a connection of its own. No redirect is followed
// (it would carry the letter to somebody who wasn't named), and of the answer only the status counts: its body is let
// in up to a bound and read by nobody. What went wrong is told without the address behind its host.
import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Letter, Post, Posted } from '../model/ports.ts';
import { originOf } from '../text/web-address.ts';

export const POST_LIMIT_MS = 10_000;
const MOST_BODY_BYTES = 16_384;

export const post: Post = (letter, giveUp) => postWithin(letter, POST_LIMIT_MS, giveUp);

export function postWithin(letter: Letter, limitMs: number, giveUp?: AbortSignal): Promise<Posted> {
  return new Promise(resolve => {
    const sent = begun(letter);
    if ('is' in sent) return resolve(sent);
    let connected = false;
    const end = (posted: Posted): void => {
      clearTimeout(timer);
      giveUp?.removeEventListener('abort', stop);
      resolve(posted);
    };
    const broken = (answer: string, connection: string): void => {
      end(connected ? { is: 'unanswered', why: answer } : { is: 'not-sent', why: connection });
      sent.destroy();
    };
    const stop = (): void => broken('it was given up', 'it was given up');
    const within = `in ${limitMs / 1000} s`;
    const timer = setTimeout(() => broken(`no answer ${within}`, `no connection ${within}`), limitMs);
    giveUp?.addEventListener('abort', stop, { once: true });
    // Over TLS the letter waits until the far side has shown who it is.
    const ready = letter.url.startsWith('https:') ? 'secureConnect' : 'connect';
    sent.on('socket', socket => socket.once(ready, () => (connected = true)));
    sent.on('error', error => end(failure(error, connected)));
    sent.on('response', answer => {
      letIn(answer, sent);
      end(judged(answer));
    });
    sent.end(letter.body);
  });
}

function begun({ url, headers, body }: Letter): ClientRequest | Posted {
  const own = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'zoneferry',
    connection: 'close',
  };
  const options = { method: 'POST', agent: false, headers: { ...own, ...lowered(headers) } };
  try {
    const address = new URL(url);
    return address.protocol === 'https:' ? overHttps(address, options) : overHttp(address, options);
  } catch (error) {
    return { is: 'not-sent', why: wordsOf(error) };
  }
}

/** So that one that is said in other letters stands there once. */
const lowered = (headers: Letter['headers']): Letter['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Nobody waits for the end of the body; a far side that never ends it keeps no process alive. */
function letIn(answer: IncomingMessage, sent: ClientRequest): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) sent.destroy();
  });
  answer.on('error', () => undefined);
  answer.socket.unref();
}

function judged({ statusCode: status = 0, headers: { location } }: IncomingMessage): Posted {
  if (status >= 200 && status < 300) return { is: 'taken', status };
  const redirected = status >= 300 && status < 400;
  const whither = location === undefined || !URL.canParse(location) ? 'elsewhere' : `to ${originOf(location)}`;
  const why = redirected
    ? `it answered ${status}, a redirect ${whither}, which is not followed`
    : `it answered ${status}`;
  return { is: 'declined', status, why };
}

function failure(error: Error, connected: boolean): Posted {
  return { is: connected ? 'unanswered' : 'not-sent', why: wordsOf(error) };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Where a name has several addresses, each of them may have refused, and the error around them has no words. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join('; ');
  return error instanceof Error && error.message !== '' ? error.message : codeOf(error) || 'it could not be sent';
}
