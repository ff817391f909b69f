// Ed25519 key pairs for the lab's user and for each host key of the world. Made when first asked for, so that a big
// fleet starts at once. It writes nothing; who keeps a key says so.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';

export interface KeyPair {
  /** OpenSSH's private key file. */
  readonly privateText: string;
  /** One line: type, base64, comment. */
  readonly publicText: string;
}

const TYPE = 'ssh-ed25519';
const WIDTH = 70;

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** SSH's `string`s, one after the other (RFC 4251, section 5). */
function strings(...parts: readonly (string | Uint8Array)[]): Buffer {
  const bytes = parts.map(part => Buffer.from(part));
  return Buffer.concat(bytes.flatMap(part => [lengthOf(part), part]));
}

/** The private key file as OpenSSH's PROTOCOL.key describes it, without a passphrase. */
function privateFile(seed: Buffer, point: Buffer, comment: string): string {
  const check = randomBytes(4);
  const secret = strings(TYPE, point, Buffer.concat([seed, point]), comment);
  const padding = Uint8Array.from({ length: (8 - ((8 + secret.length) % 8)) % 8 }, (_, at) => at + 1);
  const inner = Buffer.concat([check, check, secret, padding]);
  const one = Buffer.from([0, 0, 0, 1]);
  const header = Buffer.concat([Buffer.from('openssh-key-v1\0'), strings('none', 'none', ''), one]);
  const base64 = Buffer.concat([header, strings(strings(TYPE, point), inner)]).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Our own writer: about one in a hundred keys that ssh2 1.17 makes can't be read again. */
export function makeKeyPair(comment: string): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  const publicText = `${TYPE} ${strings(TYPE, point).toString('base64')} ${comment}\n`;
  return { privateText: privateFile(Buffer.from(d, 'base64url'), point, comment), publicText };
}

/** @throws Error when the text isn't a key. */
export function parseKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

/** A line of a known_hosts file. */
export function knownHostLine(address: string, port: number, pair: KeyPair): string {
  const [type = '', base64 = ''] = pair.publicText.split(' ');
  return `[${address}]:${port} ${type} ${base64}\n`;
}

/** The real keys behind the names that a world has for its host keys: the same name, the same key. */
export class Keyring {
  readonly #pairs = new Map<string, KeyPair>();

  get(host: string, name: string): KeyPair {
    const id = `${host} ${name}`;
    const known = this.#pairs.get(id);
    if (known !== undefined) return known;
    const pair = makeKeyPair(host);
    this.#pairs.set(id, pair);
    return pair;
  }
}
