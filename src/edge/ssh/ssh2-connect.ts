// One SSH connection: from an inventory's words to a client that is logged in, or to one line that says why not.
// ssh2 is loaded on first use, so that commands which connect nowhere never pay for it. The socket is ours, because ssh2
// destroys none that it has begun to end: one whose peer is gone would stay.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AnyAuthMethod, Client, ConnectConfig, KexAlgorithm } from 'ssh2';
import type { Hop } from '../../model/inventory.ts';
import type { Clock } from '../../model/ports.ts';
import { errorText } from '../files.ts';
import type { HostKeyJudge, HostKeys } from './host-keys.ts';
import { jumpHosts, type No, type Opened } from './jump-hosts.ts';
import type { Identity, Keyring } from './keyring.ts';
import { explained, type Failure } from './login-failure.ts';
import { readRemote } from './sftp.ts';
import { gatherWrites, signAtOnce, wantNoOtherHostKeys } from './ssh2-savings.ts';
import { openPipe, sendCommand, type Session } from './exec.ts';
import { Turns } from './turns.ts';
import { GIVEN_UP, type Link, type Transport } from './transport.ts';

// What costs least comes first (docs/decisions/key-exchange.md), group exchange last: Node checks the server's prime, which
// holds up the whole process for seconds.
const KEX: KexAlgorithm[] = [
  'ecdh-sha2-nistp256',
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp384',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group-exchange-sha1',
];

function configOf(hop: Hop): ConnectConfig {
  return {
    username: hop.user,
    readyTimeout: hop.connectTimeoutMs,
    keepaliveInterval: hop.keepalive.everyMs,
    keepaliveCountMax: hop.keepalive.count,
  };
}

/** Publickey at once, without asking first what else there would be. */
function methodsOf(hop: Hop, { agent, files }: Identity): AnyAuthMethod[] {
  const username = hop.user;
  return [
    ...(agent === null ? [] : [{ type: 'agent' as const, username, agent }]),
    ...files.map(({ key }) => ({ type: 'publickey' as const, username, key })),
  ];
}

/** The client's errors are always listened to: one nobody hears would end this process. */
function linked(client: Client, socket: Duplex): Link {
  let alive = true;
  let closed = false;
  // Not listeners of the client's: a jump host has two for each host behind it, and Node warns of more than ten.
  const listeners: (() => void)[] = [];
  const gone = (): void => {
    alive = false;
  };
  client.on('end', gone).on('close', () => {
    gone();
    closed = true;
    for (const listener of listeners.splice(0)) listener();
  });
  // Who hung up reads nothing more. Channels hear of the end only when the socket is closed, and what still waits to be
  // written would hold that up for ever.
  socket.on('end', () => socket.destroy());
  const session: Session = {
    start: (line, answer) => void client.exec(line, (error, channel) => answer(error ?? channel)),
    alive: () => alive,
  };
  return {
    alive: session.alive,
    onGone: listener => void listeners.push(listener),
    end: () => {
      // When all is said nothing is waited for: to hang up takes the server as long as a login.
      if (socket instanceof Socket) socket.once('finish', () => socket.destroy());
      client.end();
    },
    cut: () => {
      socket.destroy();
      // A channel through a jump host only asks that one to close it, and would wait for ever if it is frozen.
      if (!closed && !(socket instanceof Socket)) socket.emit('close');
    },
    exec: (line, options, place) => sendCommand(session, line, { options, place }),
    pipe: (line, ears) => openPipe(session, line, ears),
    read: (path, clock) => readRemote({ client, alive: session.alive, clock }, path),
  };
}

/** One who was asked and doesn't close it would hold it, and with it this process, for ever. */
const GOODBYE_MS = 1000;

function leave(link: Link): void {
  const late = setTimeout(link.cut, GOODBYE_MS);
  link.onGone(() => clearTimeout(late));
  link.end();
}

/** What every login needs. */
export interface Means {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly hostKeys: HostKeys;
  readonly keyring: Keyring;
}

type LoggedIn = Opened & { readonly link: Link };

/** The transport that needs nothing but this program. */
export function ssh2Transport(means: Means): Transport {
  const turns = new Turns(means.clock);
  const logInTo = (hop: Hop, stream: Duplex | null, givenUp: AbortSignal) =>
    logIn(hop, { ...means, turns, stream, givenUp });
  const jumps = jumpHosts(logInTo);
  return async (connection, givenUp) => {
    const through = connection.jump.length === 0 ? null : await jumps.streamTo(connection.jump, connection, givenUp);
    if (through?.is === 'no') return through;
    const found = await logInTo(connection, through?.stream ?? null, givenUp);
    if (found.is === 'no') through?.done();
    else if (through !== null) found.onGone(through.done);
    return found.is === 'no' ? found : { is: 'connected', link: found.link };
  };
}

interface Login extends Means {
  readonly turns: Turns;
  /** null: a socket of its own. */
  readonly stream: Duplex | null;
  readonly givenUp: AbortSignal;
}

const never = (why: string): No => ({ is: 'no', why, again: false });

const CUT_BEFORE = 'it cut the connection before the login';

/** Ours, which a server is shown, and how its own is judged. */
interface Keys {
  readonly identity: Identity;
  readonly judge: HostKeyJudge;
}

async function keysFor(
  hop: Hop,
  { hostKeys, keyring, givenUp }: Pick<Login, 'hostKeys' | 'keyring' | 'givenUp'>,
): Promise<Keys | No> {
  const identity = await keyring.of(hop);
  if (typeof identity === 'string') return never(identity);
  const judge = await hostKeys.of(hop).catch(errorText);
  if (typeof judge === 'string') return never(`the known host keys can't be read: ${judge}`);
  return givenUp.aborted ? never(GIVEN_UP) : { identity, judge };
}

/** Whoever is asked for a passphrase takes longer to type it than a server may want to wait. */
const STALE_MS = 5_000;

/** Before it is needed: the server has its own part to do while this process reads its keys. */
function dialled(hop: Hop, turns: Turns): Socket {
  const socket = new Socket().connect({ host: hop.address, port: hop.port });
  gatherWrites(socket);
  turns.share(socket);
  // The handshake asks for it (`errored`); an error that nobody listens to would end this process.
  return socket.on('error', () => undefined);
}

/** Over a socket of our own, or on the way through a jump host, which is there already. */
async function logIn(hop: Hop, { stream, clock, turns, ...means }: Login): Promise<LoggedIn | No> {
  const begunMs = clock.monotonicMs();
  const early = stream ?? dialled(hop, turns);
  const isOurs = stream === null;
  const { Client: SshClient } = (await import('ssh2')).default;
  const keys = await keysFor(hop, means);
  const isStale = isOurs && clock.monotonicMs() - begunMs > STALE_MS;
  if (isStale || (isOurs && 'is' in keys)) early.destroy();
  if ('is' in keys) return keys;
  const socket = isStale ? dialled(hop, turns) : early;
  return shakeHands(new SshClient(), { hop, keys, socket, givenUp: means.givenUp });
}

interface Handshake {
  readonly hop: Hop;
  readonly keys: Keys;
  readonly socket: Duplex;
  readonly givenUp: AbortSignal;
}

function shakeHands(client: Client, { hop, keys, socket, givenUp }: Handshake): Promise<LoggedIn | No> {
  const { identity, judge } = keys;
  const link = linked(client, socket);
  let denied: string | null = null;
  const believe = (key: Buffer, verify: (valid: boolean) => void): void => {
    void judge
      .judge(key)
      .catch((error: unknown) => `the host key can't be checked: ${errorText(error)}`)
      .then((why: string | null) => {
        denied = why;
        verify(why === null);
      });
  };
  return new Promise(resolve => {
    const settle = (found: LoggedIn | No): void => {
      givenUp.removeEventListener('abort', over);
      resolve(found);
    };
    const over = (): void => {
      link.cut();
      settle(never(GIVEN_UP));
    };
    const no = (error: Failure): void => {
      link.cut();
      settle(denied === null ? explained(error, hop, identity) : never(denied));
    };
    if (socket.errored) return no(Object.assign(socket.errored, { level: 'client-socket' }));
    // Nobody would hear of it any more: that it was closed is said only once.
    if (socket.destroyed) return no(new Error(CUT_BEFORE));
    givenUp.addEventListener('abort', over);
    client
      .on('error', no)
      .on('close', () => no(new Error(CUT_BEFORE)))
      .on('connect', () => client.setNoDelay(true))
      .on('ready', () =>
        settle({ is: 'opened', client, alive: link.alive, onGone: link.onGone, leave: () => leave(link), link }),
      );
    try {
      client.connect({
        ...configOf(hop),
        sock: socket,
        algorithms: { kex: KEX, serverHostKey: judge.order },
        hostVerifier: believe,
        authHandler: methodsOf(hop, identity),
      });
      const [only, ...others] = identity.files;
      wantNoOtherHostKeys(client);
      if (identity.agent === null && only !== undefined && others.length === 0) signAtOnce(client, only.key);
    } catch (error) {
      no(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
