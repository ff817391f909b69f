// The SSH server in front of one simulated host. The port is open while the world says so; connections live on when it
// closes (sshd's children do) and are cut when the host goes down. It decides nothing about the host itself.
import { createServer } from 'node:net';
import type { Server as NetServer, Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { Connection, ParsedKey, Server, ServerChannel } from 'ssh2';
import type { Machine } from '../os/program.ts';
import type { KeyPair } from './keys.ts';
import { answerLogin } from './login.ts';
import { serveSession } from './session.ts';

export interface DoorHost {
  readonly machine: Machine;
  readonly hasUser: (user: string) => boolean;
  /** The host key as of now; asked anew for each connection. */
  readonly hostKey: () => KeyPair;
  readonly sftp: (user: string, channel: ServerChannel) => () => void;
}

export interface DoorPlace {
  readonly address: string;
  readonly port: number;
  /** Public key of whoever may log in. */
  readonly key: ParsedKey;
}

const MAX_SESSIONS = 10;
const NEVER_MS = 2 ** 31 - 1;
const IDENT = 'OpenSSH_9.6';

export class Door {
  readonly #host: DoorHost;
  readonly #place: DoorPlace;
  readonly #sockets = new Set<Socket>();
  #listener: NetServer | null = null;
  #server: { readonly key: KeyPair; readonly server: Server } | null = null;

  constructor(host: DoorHost, place: DoorPlace) {
    this.#host = host;
    this.#place = place;
  }

  get port(): number {
    return this.#place.port;
  }

  get isOpen(): boolean {
    return this.#listener !== null;
  }

  /** Accepts connections from now on. Rejects when the port is taken. */
  open(): Promise<void> {
    if (this.#listener !== null) return Promise.resolve();
    const listener = createServer(socket => this.#greet(socket));
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      listener.once('error', error => {
        if (this.#listener === listener) this.#listener = null;
        reject(error);
      });
      listener.listen({ host: this.#place.address, port: this.#place.port, exclusive: true }, resolve);
    });
  }

  /** New connections are refused; those that are there stay. */
  shut(): void {
    this.#listener?.close();
    this.#listener = null;
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#serverNow().injectSocket(socket);
  }

  #serverNow(): Server {
    const key = this.#host.hostKey();
    if (this.#server !== null && this.#server.key === key) return this.#server.server;
    const options = { hostKeys: [key.privateText], ident: IDENT, keepaliveInterval: NEVER_MS };
    const server = new ssh2.Server(options, connection => this.#serve(connection));
    this.#server = { key, server };
    return server;
  }

  #serve(connection: Connection): void {
    const { machine, hasUser, sftp } = this.#host;
    let user = '';
    const open = new Set<() => void>();
    connection.on('error', () => {});
    connection.on('authentication', context => {
      user = context.username;
      answerLogin(context, hasUser, this.#place.key);
    });
    connection.on('session', (accept, reject) => {
      if (open.size >= MAX_SESSIONS) return reject();
      const session = accept();
      const lost = serveSession(session, user, { machine, sftp, cut: () => this.cut() });
      open.add(lost);
      session.on('close', () => open.delete(lost));
    });
    // ssh2 tells the sessions of a broken connection nothing
    connection.on('close', () => {
      for (const lost of open) lost();
      open.clear();
    });
  }
}
