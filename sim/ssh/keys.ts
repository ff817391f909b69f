// Ed25519 key pairs for the lab's user and for each host key of the world. Made when first asked for, so that a big
// fleet starts at once. It writes nothing; who keeps a key says so.
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';

export interface KeyPair {
  /** OpenSSH's private key file. */
  readonly privateText: string;
  /** One line: type, base64, comment. */
  readonly publicText: string;
}

export function makeKeyPair(comment: string): KeyPair {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
  return { privateText: pair.private, publicText: `${pair.public}\n` };
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
