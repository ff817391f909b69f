// One SSH connection: from an inventory's words to a client that is logged in, or to one line that says why not.
// ssh2 is loaded on first use, so that commands which connect nowhere never pay for it. The socket is ours, because ssh2
// destroys none that it has begun to end: one whose peer is gone would stay.
import { Socket } from 'node:net';
import type { Client, ConnectConfig, KexAlgorithm } from 'ssh2';
import type { Connection } from '../../model/inventory.ts';
import { errorCode, errorText } from '../files.ts';
import type { HostKeys } from './host-keys.ts';
import { filedAs } from './known-hosts.ts';
import { identityOf } from './identity.ts';
import { readRemote } from './sftp.ts';
import { openPipe, sendCommand, type Session } from './exec.ts';
import type { Connected, Link, Transport } from './transport.ts';

// Group exchange comes last: Node checks the server's prime, which holds up the whole process for seconds.
const KEX: KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group-exchange-sha1',
];

const SOCKET_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to its network',
  ENOTFOUND: 'no such name',
  ECONNRESET: 'it cut the connection',
};

type Failure = Error & { readonly level?: string };

function explained(error: Failure, connection: Connection, tried: readonly string[]): { why: string; again: boolean } {
  const place = `${connection.address} port ${connection.port}`;
  switch (error.level) {
    case 'client-authentication':
      return { why: `${filedAs(connection)} refuses ${connection.user} with ${tried.join(', ')}`, again: false };
    case 'client-timeout':
      return {
        why: `${place}: no SSH session within ${Math.round(connection.connectTimeoutMs / 1000)} s`,
        again: true,
      };
    case 'client-socket': {
      const code = errorCode(error);
      return { why: `${place}: ${SOCKET_WORDS[code] ?? error.message}`, again: code !== 'ENOTFOUND' };
    }
    case 'handshake':
      return { why: `${place}: no SSH handshake: ${error.message}`, again: false };
    default:
      return { why: `${place}: ${error.message}`, again: true };
  }
}

function configOf(connection: Connection): ConnectConfig {
  return {
    username: connection.user,
    readyTimeout: connection.connectTimeoutMs,
    keepaliveInterval: connection.keepalive.everyMs,
    keepaliveCountMax: connection.keepalive.count,
  };
}

/** The client's errors are always listened to: one nobody hears would end this process. */
function linked(client: Client, socket: Socket): Link {
  let alive = true;
  const gone = (): void => {
    alive = false;
  };
  client.on('close', gone).on('end', gone);
  // Who hung up reads nothing more. Channels hear of the end only when the socket is closed, and what still waits to be
  // written would hold that up for ever.
  socket.on('end', () => socket.destroy());
  const session: Session = {
    start: (line, answer) => void client.exec(line, (error, channel) => answer(error ?? channel)),
    alive: () => alive,
  };
  return {
    alive: session.alive,
    onGone: listener => void client.on('close', listener),
    end: () => void client.end(),
    cut: () => void socket.destroy(),
    exec: (line, options, place) => sendCommand(session, line, { options, place }),
    pipe: (line, ears) => openPipe(session, line, ears),
    read: (path, clock) => readRemote({ client, alive: session.alive, clock }, path),
  };
}

/** The transport that needs nothing but this program. */
export function ssh2Transport(keys: HostKeys): Transport {
  return connection => connect(connection, keys);
}

async function connect(connection: Connection, keys: HostKeys): Promise<Connected> {
  const { Client: SshClient, utils } = (await import('ssh2')).default;
  const identity = await identityOf(connection, data => utils.parseKey(data));
  if (identity.is === 'none') return { is: 'no', why: identity.why, again: false };
  const judge = await keys.of(connection).catch(errorText);
  if (typeof judge === 'string') return { is: 'no', why: `the known host keys can't be read: ${judge}`, again: false };
  const client = new SshClient();
  const socket = new Socket();
  const link = linked(client, socket);
  const tried = identity.keys.map(key => key.path);
  let denied: string | null = null;
  return new Promise(resolve => {
    const no = (error: Failure): void => {
      link.cut();
      resolve(
        denied === null
          ? { is: 'no', ...explained(error, connection, tried) }
          : { is: 'no', why: denied, again: false },
      );
    };
    client
      .on('error', no)
      .on('close', () => no(new Error('it cut the connection before the login')))
      .on('connect', () => client.setNoDelay(true))
      .on('ready', () => resolve({ is: 'connected', link }));
    const believe = (key: Buffer, verify: (valid: boolean) => void): void => {
      judge
        .judge(key)
        .catch((error: unknown) => `the host key can't be checked: ${errorText(error)}`)
        .then(why => {
          denied = why;
          verify(why === null);
        }, no);
    };
    try {
      client.connect({
        ...configOf(connection),
        sock: socket.connect({ host: connection.address, port: connection.port }),
        algorithms: { kex: KEX, serverHostKey: judge.order },
        hostVerifier: believe,
        authHandler: identity.keys.map(({ key }) => ({
          type: 'publickey' as const,
          username: connection.user,
          key,
        })),
      });
    } catch (error) {
      no(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
