// Private OpenSSH servers on the loopback, each with the configuration, keys and log of its test, and all of them gone
// afterwards. `npm run test:openssh` brings the programs; without a server these tests fail, they don't skip.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/edge/clock.ts';
import { sshHosts, type SshHosts, type SshOptions } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Connection, Hop } from '../../src/model/inventory.ts';
import type { Host } from '../../src/model/ports.ts';
import { connectionTo } from '../edge/connection.ts';
import { freshFolders } from '../edge/folder.ts';
import { type KeyFile, type KeyType, newKeyFile } from './keys.ts';

const SSHD = process.env['SSHD'] ?? '/usr/sbin/sshd';
const SFTP_SERVER = process.env['SFTP_SERVER'] ?? '/usr/lib/openssh/sftp-server';

export interface SshdOptions {
  /** Lines of sshd_config. They stand first, and sshd takes the first value of a keyword: they win over the rig's. */
  readonly config?: readonly string[];
  readonly address?: string;
  /** For a server that comes back where one was. */
  readonly port?: number;
  readonly hostKeys?: readonly KeyType[];
}

export interface Sshd {
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  readonly hostKeys: readonly KeyFile[];
  /** Its one user key, which is let in. */
  readonly userKey: KeyFile;
  /** A file of its host keys. */
  readonly knownHosts: string;
  /** With that key and that file. */
  readonly connection: Connection;
  /** Lets another public key in; `options` as in authorized_keys(5). */
  authorize(publicKey: string, options?: string): void;
  /** How often its log so far says this. */
  logged(pattern: RegExp): number;
  /** Resolves once its log says this so often. */
  says(pattern: RegExp, times?: number): Promise<void>;
  /** Sends a signal to the sessions; with `all`, to the listening process, too. */
  signal(name: NodeJS.Signals, which: 'sessions' | 'all'): void;
  stop(): Promise<void>;
}

/** A server as a stop on the way. */
export function hopAt({ connection }: Sshd): Hop {
  const { transport: _, sshConfig: __, jump: ___, timeScale: ____, become: _____, ...hop } = connection;
  return hop;
}

export function freePort(address = '127.0.0.1'): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, address, () => {
      const bound = probe.address();
      probe.close(() => resolve(typeof bound === 'object' ? (bound?.port ?? 0) : 0));
    });
  });
}

/** Processes begun by this one, and by those: a session's process leaves the group of the server. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [{ child: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
    } catch {
      return []; // it ended meanwhile
    }
  });
  const below = (parent: number): readonly number[] =>
    parents.filter(one => one.parent === parent).flatMap(({ child }) => [child, ...below(child)]);
  return below(pid);
}

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

/** The text that a process writes, and waiting for words in it. */
function listening() {
  let text = '';
  const waiting = new Set<() => void>();
  const count = (pattern: RegExp): number => text.match(new RegExp(pattern, 'gm'))?.length ?? 0;
  return {
    hear: (piece: Buffer): void => {
      text += piece.toString();
      for (const look of waiting) look();
    },
    text: () => text,
    count,
    says: (pattern: RegExp, times: number): Promise<void> =>
      new Promise(resolve => {
        const look = (): void => {
          if (count(pattern) < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/**
 * Its sessions have a home of their own, which is empty: what this machine's user wrote for his own shells may take long,
 * and speak. sshd heeds the first line of `SetEnv` alone.
 */
function configLines(folder: string, options: SshdOptions, hostKeys: readonly KeyFile[]): readonly string[] {
  const home = `HOME=${join(folder, 'home')}`;
  return [
    ...(options.config ?? []).map(line => (line.startsWith('SetEnv ') ? `${line} ${home}` : line)),
    `SetEnv ${home}`,
    ...hostKeys.map(key => `HostKey ${key.path}`),
    `AuthorizedKeysFile ${folder}/authorized`,
    'PidFile none',
    'StrictModes no',
    'PermitRootLogin yes',
    'PrintMotd no',
    'PasswordAuthentication no',
    'LogLevel VERBOSE',
    `Subsystem sftp ${SFTP_SERVER}`,
  ];
}

interface Listening {
  readonly child: ChildProcess;
  readonly port: number;
  readonly log: ReturnType<typeof listening>;
  readonly ended: Promise<void>;
}

/** At the port that is wanted, or at one that is free: who finds one doesn't have it yet, and somebody else may take it first. */
async function listeningSshd(
  at: { config: string; address: string },
  lines: readonly string[],
  wanted?: number,
): Promise<Listening> {
  for (;;) {
    const port = wanted ?? (await freePort(at.address));
    writeFileSync(at.config, `${[`ListenAddress ${at.address}:${port}`, ...lines].join('\n')}\n`);
    const child = spawn(SSHD, ['-D', '-e', '-f', at.config], { stdio: ['ignore', 'ignore', 'pipe'] });
    const log = listening();
    child.stderr.on('data', log.hear);
    const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
    const failed = new Promise<'failed'>(resolve => child.on('close', () => resolve('failed')));
    const came = await Promise.race([log.says(/^Server listening/, 1), failed]);
    if (came !== 'failed') return { child, port, log, ended };
    if (wanted !== undefined || log.count(/Address already in use/) === 0)
      throw new Error(`sshd did not start: ${log.text()}`);
  }
}

async function startSshd(folder: string, options: SshdOptions = {}): Promise<Sshd> {
  const address = options.address ?? '127.0.0.1';
  const hostKeys = (options.hostKeys ?? ['ed25519']).map(type => newKeyFile(join(folder, `host-${type}`), type));
  const userKey = newKeyFile(join(folder, 'id'));
  const at = { authorized: join(folder, 'authorized'), known: join(folder, 'known'), config: join(folder, 'config') };
  writeFileSync(at.authorized, `${userKey.public}\n`);
  mkdirSync(join(folder, 'home'), { recursive: true });
  const lines = configLines(folder, options, hostKeys);
  const { child, port, log, ended } = await listeningSshd({ config: at.config, address }, lines, options.port);
  writeFileSync(at.known, hostKeys.map(key => `[${address}]:${port} ${key.public}\n`).join(''));
  const pid = child.pid ?? 0;
  const signal = (name: NodeJS.Signals, which: 'sessions' | 'all'): void =>
    [...(which === 'all' ? [pid] : []), ...descendants(pid)].forEach(one => kill(one, name));
  return {
    ...{ address, port, pid, folder, hostKeys, userKey, knownHosts: at.known },
    connection: connectionTo({
      // What whoever runs the tests has in a configuration of his own must not count.
      ...{ address, port, user: userInfo().username, sshConfig: 'none' },
      ...{ identityFiles: [userKey.path], knownHosts: [at.known] },
    }),
    authorize: (publicKey, allowed = '') =>
      writeFileSync(at.authorized, `${allowed} ${publicKey}\n`.trimStart(), { flag: 'a' }),
    logged: log.count,
    says: (pattern, times = 1) => log.says(pattern, times),
    signal,
    stop: () => {
      signal('SIGKILL', 'all');
      return ended;
    },
  };
}

export interface Servers {
  /** A new folder of the test. */
  readonly folder: () => string;
  start(options?: SshdOptions): Promise<Sshd>;
  /** Our end: a host that is reached by this connection. */
  reach(connection: Connection, options?: Partial<SshOptions>): Host;
  /** Several, in one run. */
  reachAll(connections: Readonly<Record<string, Connection>>, options?: Partial<SshOptions>): SshHosts;
}

/** For a `describe`: what a test started ends with the test. */
export function freshServers(): Servers {
  const folder = freshFolders();
  const [servers, runs]: [Sshd[], SshHosts[]] = [[], []];
  afterEach(async () => {
    await Promise.all(runs.splice(0).map(run => run.close()));
    await Promise.all(servers.splice(0).map(server => server.stop()));
  });
  const reachAll: Servers['reachAll'] = (connections, options) => {
    const connectionOf = (name: string): Connection => connections[name] ?? connectionTo({ address: name });
    const run = sshHosts(connectionOf, { clock: systemClock(), outputFolder: null, ...options });
    runs.push(run);
    return run;
  };
  return {
    folder,
    async start(options) {
      const server = await startSshd(folder(), options);
      servers.push(server);
      return server;
    },
    reach: (connection, options) => reachAll({ bjork: connection }, options).host(hostName('bjork')),
    reachAll,
  };
}
