// A private SSH server on the loopback for tests of the SSH edge: what it answers to each command is given by the test.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection as Peer, type ServerChannel, type SFTPWrapper } from 'ssh2';
import type { Connection } from '../../src/model/inventory.ts';
import type { AlarmClock } from '../../src/edge/clock.ts';
import { connectionTo } from './connection.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

type KeyPair = { private: string; public: string };

/** ssh2 now and then writes a key that it can't read itself: one in 150, sealed or not. */
function readable(made: () => KeyPair, passphrase?: string): KeyPair {
  for (;;) {
    const pair = made();
    if (![pair.private, pair.public].some(key => ssh2.utils.parseKey(key, passphrase) instanceof Error)) return pair;
  }
}

export const newKey = (): KeyPair => readable(() => ssh2.utils.generateKeyPairSync('ed25519'));

export function sealedKey(passphrase: string): KeyPair {
  const seal = { passphrase, cipher: 'aes256-ctr', rounds: 2 } as const;
  return readable(() => ssh2.utils.generateKeyPairSync('ed25519', seal), passphrase);
}

export type Answerer = (command: string, channel: ServerChannel, peer: Peer) => void;

export interface Rig {
  readonly connection: Connection;
  readonly hostKey: Buffer;
  /** Commands that arrived, in order. */
  readonly heard: string[];
  readonly logins: () => number;
  /** Channels that were open at the same time, at most. */
  readonly mostChannels: () => number;
  /** The next so many sessions are refused with reason 2. */
  refuseSessions(count: number): void;
  cut(): void;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly folder: string;
  readonly answer?: Answerer;
  /** What it does with a session for files; the result of the argument is what accepts it. */
  readonly files?: (ready: () => SFTPWrapper) => void;
  readonly hostKey?: { private: string };
  readonly userKey?: { private: string; public: string };
  readonly port?: number;
}

/** The socket is not in the types; destroying it cuts without a word, as a dying host does. */
const socketOf = (peer: Peer): Socket => (peer as unknown as { _sock: Socket })._sock;

function blob(key: string): Buffer {
  const parsed = [ssh2.utils.parseKey(key)].flat()[0];
  if (parsed === undefined || parsed instanceof Error) throw new Error('a key made here must be readable');
  return parsed.getPublicSSH();
}

/** The files of this machine, as root or not, over SFTP version 3 without extensions. */
function serveFiles(sftp: SFTPWrapper): void {
  const handles = new Map<string, number>();
  const attempt = (id: number, work: () => void): void => {
    try {
      work();
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      sftp.status(id, missing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.PERMISSION_DENIED, (error as Error).message);
    }
  };
  const ok = (id: number): void => void sftp.status(id, STATUS_CODE.OK);
  const attrs = (path: string) => {
    const { mode, uid, gid, size, atimeMs, mtimeMs } = statSync(path);
    return { mode, uid, gid, size, atime: atimeMs / 1000, mtime: mtimeMs / 1000 };
  };
  sftp.on('OPEN', (id, path, flags) =>
    attempt(id, () => {
      const name = String(handles.size + 1);
      handles.set(name, openSync(path, flags & OPEN_MODE.WRITE ? 'wx' : 'r', 0o600));
      sftp.handle(id, Buffer.from(name));
    }),
  );
  const fd = (handle: Buffer): number => handles.get(handle.toString()) ?? -1;
  sftp.on('READ', (id, handle, offset, length) =>
    attempt(id, () => {
      const buffer = Buffer.alloc(Math.min(length, 32768));
      const count = readSync(fd(handle), buffer, 0, buffer.length, offset);
      if (count === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, count));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    attempt(id, () => (writeSync(fd(handle), data, 0, data.length, offset), ok(id))),
  );
  sftp.on('FSTAT', (id, handle) => attempt(id, () => void sftp.attrs(id, attrs(`/proc/self/fd/${fd(handle)}`))));
  sftp.on('STAT', (id, path) => attempt(id, () => void sftp.attrs(id, attrs(path))));
  sftp.on('SETSTAT', (id, path, change) => attempt(id, () => (chmodSync(path, Number(change.mode)), ok(id))));
  sftp.on('REALPATH', (id, path) =>
    attempt(id, () => void sftp.name(id, [{ filename: path, longname: path, attrs: attrs(path) }])),
  );
  sftp.on('RENAME', (id, from, to) => attempt(id, () => (renameSync(from, to), ok(id))));
  sftp.on('REMOVE', (id, path) => attempt(id, () => (unlinkSync(path), ok(id))));
  sftp.on('CLOSE', (id, handle) => attempt(id, () => (closeSync(fd(handle)), ok(id))));
}

/** What was sent, without the shell that it is handed to whatever the login shell is. */
function insideOf(line: string): string {
  const inside = /^exec \/bin\/sh -c '((?:[^']|'\\''|'\\!')*)'$/.exec(line)?.[1];
  return inside === undefined ? line : inside.replaceAll(`'\\!'`, '!').replaceAll(`'\\''`, "'");
}

const QUIET: Answerer = (_command, channel) => {
  channel.exit(0);
  channel.end();
};

export async function startRig(options: RigOptions): Promise<Rig> {
  const hostKey = options.hostKey ?? newKey();
  const userKey = options.userKey ?? newKey();
  const [heard, peers]: [string[], Set<Peer>] = [[], new Set()];
  let [logins, channels, most, refusals] = [0, 0, 0, 0];
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, peer => {
    peers.add(peer);
    socketOf(peer).setNoDelay(true);
    peer.on('error', () => {});
    peer.on('close', () => peers.delete(peer));
    peer.on('authentication', context => {
      if (context.method === 'publickey' && context.key.data.equals(blob(userKey.public))) context.accept();
      else context.reject(['publickey']);
    });
    peer.on('ready', () => (logins += 1));
    peer.on('session', (accept, reject) => {
      if (refusals > 0) {
        refusals -= 1;
        // @ts-expect-error the reason is there, only not in the types
        reject(2);
        return;
      }
      const session = accept();
      session.on('sftp', ready => (options.files ?? (accept => serveFiles(accept())))(ready));
      session.on('exec', (ready, _refuse, info) => {
        const command = insideOf(info.command);
        heard.push(command);
        const channel = ready();
        channels += 1;
        most = Math.max(most, channels);
        channel.on('close', () => (channels -= 1));
        channel.on('error', () => {});
        (options.answer ?? QUIET)(command, channel, peer);
        if (channel.listenerCount('data') === 0) channel.resume();
      });
    });
  });
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  mkdirSync(options.folder, { recursive: true });
  const name = randomBytes(4).toString('hex');
  const identityFile = join(options.folder, `id-${name}`);
  const knownHosts = join(options.folder, `known-${name}`);
  writeFileSync(identityFile, userKey.private, { mode: 0o600 });
  const key = blob(hostKey.private);
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ssh-ed25519 ${key.toString('base64')}\n`);
  return {
    connection: connectionTo({ port, identityFiles: [identityFile], knownHosts: [knownHosts] }),
    hostKey: key,
    heard,
    logins: () => logins,
    mostChannels: () => most,
    refuseSessions: count => (refusals = count),
    cut: () => peers.forEach(peer => socketOf(peer).destroy()),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        peers.forEach(peer => peer.end());
      }),
  };
}

/** A clock whose waits end when the test says so; `waits` are those that were asked for, and the alarms. */
export interface HandClock extends AlarmClock {
  readonly waits: number[];
  /** Ends every wait that is under way, or each that is no longer than that, and rings every such alarm. */
  ring(upToMs?: number): void;
}

/** @param at waits may end at once; alarms are always rung by hand. */
export function handClock(at: { ends: 'by-hand' | 'at-once' }): HandClock {
  const [waits, ending]: [number[], Map<() => void, number>] = [[], new Map()];
  const wait = (ms: number, over: () => void): (() => void) => {
    const end = (): void => {
      ending.delete(end);
      over();
    };
    waits.push(ms);
    ending.set(end, ms);
    return () => void ending.delete(end);
  };
  return {
    waits,
    now: () => 0,
    monotonicMs: () => 0,
    alarm: wait,
    sleep: (ms, _scale, abort) =>
      new Promise(resolve => {
        const forget = wait(ms, resolve);
        const end = (): void => {
          forget();
          resolve();
        };
        if (at.ends === 'at-once') end();
        abort?.addEventListener('abort', end, { once: true });
      }),
    ring: (upToMs = Number.POSITIVE_INFINITY) =>
      ending.forEach((ms, end) => {
        if (ms <= upToMs) end();
      }),
  };
}
