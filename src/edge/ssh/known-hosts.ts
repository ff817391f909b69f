// known_hosts as sshd(8) describes it, as pure data: plain, pattern and hashed names, [host]:port, several key types a
// host, @revoked. Lines with @cert-authority are kept apart: the SSH library can't use certificates. It reads and
// writes no file.
import { createHash, createHmac } from 'node:crypto';
import { anyFits } from '../../text/wildcards.ts';

export interface KnownHost {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** As in the file: comma-separated patterns, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly key: Uint8Array;
  /** `FILE:LINE`, for messages. */
  readonly at: string;
}

export interface Address {
  readonly address: string;
  readonly port: number;
}

export type Judged =
  | { readonly is: 'known' }
  | { readonly is: 'unknown'; readonly authorities: boolean }
  /** The host is known, but by none of the keys it can show now. */
  | { readonly is: 'changed'; readonly known: readonly KnownHost[] }
  | { readonly is: 'revoked'; readonly by: KnownHost };

const MARKERS = { '@revoked': 'revoked', '@cert-authority': 'cert-authority' } as const;

function markerOf(word: string): KnownHost['marker'] | null {
  return word === '@revoked' || word === '@cert-authority' ? MARKERS[word] : null;
}

/** Lines that can't be read are left out, as every SSH program does: an unknown host is refused anyway. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    const marker = markerOf(words[0] ?? '');
    const [names, type, key] = marker === null ? words : words.slice(1);
    if (!names || !type || !key || names.startsWith('#')) return [];
    return [{ marker: marker ?? 'none', names, type, key: Buffer.from(key, 'base64'), at: `${file}:${index + 1}` }];
  });
}

/** The name under which a host's keys are filed: the port only when it isn't the usual one. */
export function filedAs({ address, port }: Address): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function hashMatches(hashed: string, name: string): boolean {
  const [, , salt, hash] = hashed.split('|');
  if (!salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matches(names: string, name: string): boolean {
  if (names.startsWith('|1|')) return hashMatches(names, name);
  return anyFits(names.toLowerCase().split(','), name);
}

const sameKey = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function entriesOf(hosts: readonly KnownHost[], where: Address): readonly KnownHost[] {
  const name = filedAs(where);
  return hosts.filter(host => matches(host.names, name));
}

/** A host on another port counts as known, too, when its very key is filed under the bare name (as ssh does). */
export function judge(hosts: readonly KnownHost[], where: Address, key: Uint8Array): Judged {
  const bare = entriesOf(hosts, { ...where, port: 22 });
  const filed = entriesOf(hosts, where);
  const revoked = [...filed, ...bare].find(host => host.marker === 'revoked' && sameKey(host.key, key));
  if (revoked) return { is: 'revoked', by: revoked };
  const plain = (host: KnownHost): boolean => host.marker === 'none';
  const known = filed.filter(plain);
  if ([...known, ...bare.filter(plain)].some(host => sameKey(host.key, key))) return { is: 'known' };
  if (known.length > 0) return { is: 'changed', known };
  return { is: 'unknown', authorities: filed.some(host => host.marker === 'cert-authority') };
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A public key begins with the name of its type, length first (RFC 4253, 6.6). */
export function typeOfKey(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  return bytes.length < 4 ? '' : bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1');
}

export function knownHostsLine(where: Address, key: Uint8Array): string {
  return `${filedAs(where)} ${typeOfKey(key)} ${Buffer.from(key).toString('base64')}`;
}

const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

export type HostKeyAlgorithm = (typeof HOST_KEY_ALGORITHMS)[number];

const keyTypeOf = (algorithm: HostKeyAlgorithm): string => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);

/** Types we know first: a host with several keys must not look changed because it shows another one. */
export function hostKeyOrder(hosts: readonly KnownHost[], where: Address): HostKeyAlgorithm[] {
  const named = [...entriesOf(hosts, where), ...entriesOf(hosts, { ...where, port: 22 })];
  const types = new Set(named.filter(host => host.marker === 'none').map(host => host.type));
  const known = HOST_KEY_ALGORITHMS.filter(algorithm => types.has(keyTypeOf(algorithm)));
  return [...known, ...HOST_KEY_ALGORITHMS.filter(algorithm => !known.includes(algorithm))];
}
