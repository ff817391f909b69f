// Keys as OpenSSH's own ssh-keygen makes them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface KeyFile {
  /** The private half; the public one lies beside it, with `.pub`. */
  readonly path: string;
  /** `TYPE BASE64`, as it stands in authorized_keys and behind a name in known_hosts. */
  readonly public: string;
}

/** Runs one of OpenSSH's programs to its end and gives what it printed. @throws when it fails. */
export function told(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

export function newKeyFile(path: string, type: KeyType = 'ed25519', passphrase = ''): KeyFile {
  // Small and quickly sealed: nothing but time is at stake here.
  const quick = type === 'rsa' ? ['-b', '2048', '-a', '1'] : ['-a', '1'];
  told('ssh-keygen', '-q', '-t', type, ...quick, '-N', passphrase, '-C', '', '-f', path);
  return { path, public: readFileSync(`${path}.pub`, 'utf8').trim() };
}

/** Makes the certificate of a key, beside it; `words` as ssh-keygen takes them. */
export function certify(key: KeyFile, authority: KeyFile, words: readonly string[]): void {
  told('ssh-keygen', '-q', '-s', authority.path, ...words, `${key.path}.pub`);
}
