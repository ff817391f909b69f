// Talking to a running lab: one line of JSON to its socket, one line back. The lab's side answers with what `handle`
// gives; what the words mean is not known here.
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export type Answer = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: string };

export type Handle = (request: unknown) => Answer;

/** Listens on the socket; a dead one in its place is replaced. `then` is called when an answer has gone out. */
export function listen(path: string, handle: Handle, then: (request: unknown) => void): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer(socket => serve(socket, handle, then));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

function serve(socket: Socket, handle: Handle, then: (request: unknown) => void): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (piece: string) => {
    text += piece;
    const end = text.indexOf('\n');
    if (end < 0) return;
    const request = parsed(text.slice(0, end));
    text = '';
    socket.write(`${JSON.stringify(handle(request))}\n`, () => then(request));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Null when nobody answers there. With `untilGone` it waits until the lab has closed its end. */
export function ask(path: string, request: object, untilGone = false): Promise<Answer | null> {
  return new Promise(resolve => {
    let text = '';
    const answer = (): Answer | null => {
      const data = parsed(text);
      return isAnswer(data) ? data : null;
    };
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`));
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (piece: string) => {
      text += piece;
      if (!untilGone && text.endsWith('\n')) socket.destroy();
    });
    socket.on('close', () => resolve(answer()));
  });
}

function isAnswer(data: unknown): data is Answer {
  if (typeof data !== 'object' || data === null || !('ok' in data)) return false;
  return data.ok === true ? 'data' in data : 'error' in data && typeof data.error === 'string';
}
