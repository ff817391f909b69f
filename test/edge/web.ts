// A far side for webhooks: a real HTTP server on the loopback that keeps what it was told and answers as it is bidden.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Web {
  readonly origin: string;
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}

export type Answering = (answer: ServerResponse, nth: number) => void;

/** Says it once the far side has taken the whole message. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  answer => {
    answer.writeHead(code, headers);
    answer.end('so be it\n');
  };

export async function openWeb(answering: Answering = status(200)): Promise<Web> {
  const heard: Heard[] = [];
  const server = createServer((request, answer) => {
    let body = '';
    request.setEncoding('utf8').on('data', piece => (body += String(piece)));
    request.on('end', () => {
      heard.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      answering(answer, heard.length);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    heard,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Far sides for the tests of a suite, each closed after its test. */
export function farSides(): typeof openWeb {
  const open: Web[] = [];
  afterEach(() => Promise.all(open.splice(0).map(web => web.close())));
  return async (...given) => {
    const made = await openWeb(...given);
    open.push(made);
    return made;
  };
}
