// One identity file: a private key, one behind a passphrase, or only the public half of a key that an agent holds.
import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import type { Secret } from '../../text/secret.ts';
import { errorCode, errorText } from '../files.ts';

export type ParseKey = (data: Buffer, passphrase?: string) => ParsedKey | readonly ParsedKey[] | Error;

export type KeyFile =
  | { readonly is: 'key'; readonly path: string; readonly key: ParsedKey }
  | { readonly is: 'public'; readonly path: string; readonly key: ParsedKey }
  /** `key`: its public half, where that can be known without the passphrase. */
  | { readonly is: 'locked'; readonly path: string; readonly key: ParsedKey | null; readonly data: Buffer }
  | { readonly is: 'none'; readonly path: string; readonly there: boolean; readonly why: string };

/** Despite its type the parser gives a list for some formats. */
function parsed(parse: ParseKey, data: Buffer, passphrase?: Secret): ParsedKey | Error {
  const found = [parse(data, passphrase?.reveal())].flat()[0];
  return found ?? new Error('no key in it');
}

export async function readKeyFile(path: string, parse: ParseKey): Promise<KeyFile> {
  let data: Buffer;
  try {
    data = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      return { is: 'none', path, there: false, why: `identity file ${path} doesn't exist` };
    return { is: 'none', path, there: true, why: `identity file ${path}: ${errorText(error)}` };
  }
  const key = parsed(parse, data);
  if (!(key instanceof Error)) return { is: key.isPrivateKey() ? 'key' : 'public', path, key };
  if (/encrypted|passphrase/i.test(key.message))
    return { is: 'locked', path, key: await publicHalf(path, data, parse), data };
  return { is: 'none', path, there: true, why: `${path} is no private key: ${key.message}` };
}

/** null: it is not the passphrase. */
export function unlocked(locked: KeyFile & { is: 'locked' }, passphrase: Secret, parse: ParseKey): KeyFile | null {
  const key = parsed(parse, locked.data, passphrase);
  return key instanceof Error ? null : { is: 'key', path: locked.path, key };
}

const MAGIC = Buffer.from('openssh-key-v1\0');

/** It stands in the clear in OpenSSH's own format; else beside the file. */
async function publicHalf(path: string, data: Buffer, parse: ParseKey): Promise<ParsedKey | null> {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*)-----END/.exec(data.toString('latin1'))?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  const text = bytes.subarray(0, MAGIC.length).equals(MAGIC)
    ? lineOf(keyInside(bytes))
    : await readFile(`${path}.pub`).catch(() => null);
  const key = text === null ? null : parsed(parse, text);
  return key instanceof Error ? null : key;
}

/** PROTOCOL.key of OpenSSH: cipher, KDF, its options, the number of keys, the public key; each with its length first. */
function keyInside(bytes: Buffer): Buffer {
  let at = MAGIC.length;
  const next = (): Buffer => {
    const end = at + 4 + bytes.readUInt32BE(at);
    const field = bytes.subarray(at + 4, end);
    at = end;
    return field;
  };
  for (let field = 0; field < 3; field++) next();
  at += 4;
  return next();
}

/** As in a `.pub` file. */
function lineOf(key: Buffer): Buffer {
  const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
  return Buffer.from(`${type} ${key.toString('base64')}`);
}
