// What ssh2 does that costs time and that nobody here needs. It has no options for any of it, so its methods are patched;
// where one isn't as expected, all stays as it is: slower, and no less right.
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Client, ParsedKey } from 'ssh2';
import { patch } from './patch.ts';

const partOf = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;

const protocolOf = (client: Client): unknown => partOf(client, '_protocol');

/**
 * Kinds of keys that sign in one way only, with which digest; null: with their own. RSA keys sign in one of several, and
 * which of them the server takes is said in its answer.
 */
const ONE_WAY: ReadonlyMap<string, string | null> = new Map([
  ['ssh-ed25519', null],
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
]);

/** ssh2 reads the text of a key anew for each signature, and that takes ten times as long as to sign. */
const read = new WeakMap<ParsedKey, KeyObject>();

/** null: it can't sign in this way; ssh2 says what is wrong with it. */
function signedBy(key: ParsedKey, digest: string | null, data: Buffer): Buffer | null {
  try {
    const known = read.get(key) ?? createPrivateKey(key.getPrivatePEM());
    read.set(key, known);
    return sign(digest, data, known);
  } catch {
    return null;
  }
}

/**
 * The only key of a login comes with its signature, without asking first whether it would do: a round trip less, and one
 * look into the server's list of keys. To be called when the client has begun to connect.
 */
export function signAtOnce(client: Client, key: ParsedKey): void {
  const digest = ONE_WAY.get(key.type);
  if (digest === undefined || !key.isPrivateKey()) return;
  patch(protocolOf(client), 'authPK', (show, [user, shown, algorithm, given]) => {
    const signing = (data: Buffer, done: (signature: Buffer) => void): void => {
      const signature = signedBy(key, digest, data);
      if (signature === null) show(user, shown, algorithm);
      else done(signature);
    };
    show(user, shown, algorithm, given ?? signing);
  });
}

/**
 * A server names its other host keys after the login, and ssh2 has it prove each with a signature: of no use to who
 * never writes known_hosts for it. To be called when the client has begun to connect.
 */
export function wantNoOtherHostKeys(client: Client): void {
  const protocol = protocolOf(client);
  patch(partOf(protocol, '_handlers'), 'GLOBAL_REQUEST', (handle, args) => {
    const [, name, wantsReply] = args;
    if (name !== 'hostkeys-00@openssh.com' || wantsReply === true) handle(...args);
    else acknowledge(protocol);
  });
}

/**
 * sshd has one small packet at a time on its way (it leaves Nagle's algorithm on), and a system that has nothing to say
 * to it acknowledges it after 40 ms: so long the answer to the first channel would wait behind the host keys. A packet
 * that says nothing (SSH_MSG_IGNORE; RFC 4253, 11.2) takes the acknowledgement along.
 */
function acknowledge(protocol: unknown): void {
  const writer = partOf(partOf(protocol, '_packetRW'), 'write');
  const [start, alloc] = [partOf(writer, 'allocStart'), partOf(writer, 'alloc')];
  const [cipher, finalize] = [partOf(protocol, '_cipher'), partOf(writer, 'finalize')];
  const encrypt = partOf(cipher, 'encrypt');
  if (partOf(protocol, '_kexinit') !== undefined || typeof start !== 'number') return;
  if (typeof alloc !== 'function' || typeof finalize !== 'function' || typeof encrypt !== 'function') return;
  const packet: unknown = Reflect.apply(alloc, writer, [IGNORE.length]);
  if (!(packet instanceof Uint8Array)) return;
  packet.set(IGNORE, start);
  Reflect.apply(encrypt, cipher, [Reflect.apply(finalize, writer, [packet])]);
}

/** With an empty string. */
const IGNORE = Uint8Array.of(2, 0, 0, 0, 0);

/** A packet is written in three pieces, each of which would travel, and wake the server, by itself: those of one turn go together. */
export function gatherWrites(socket: Socket): void {
  let gathering = false;
  patch(socket, 'write', (write, args) => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write(...args);
  });
}
