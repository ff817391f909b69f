// The keys to log in with: the inventory's identity file, or the usual unencrypted ones. Agent, encrypted keys and
// certificates are not there yet, and a message says so instead of a vague refusal by the host.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import type { Connection } from '../../model/inventory.ts';
import { atHome, errorCode, errorText } from '../files.ts';

export type Identity =
  | { readonly is: 'keys'; readonly keys: readonly { readonly path: string; readonly key: ParsedKey }[] }
  | { readonly is: 'none'; readonly why: string };

type ParseKey = (data: Buffer) => ParsedKey | Error;
type OneKey = { readonly is: 'key'; readonly key: ParsedKey } | { readonly is: 'no'; readonly why: string };

const USUAL = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const;

async function keyIn(path: string, parse: ParseKey): Promise<OneKey> {
  let data: Buffer;
  try {
    data = await readFile(path);
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    return {
      is: 'no',
      why: missing ? `identity file ${path} doesn't exist` : `identity file ${path}: ${errorText(error)}`,
    };
  }
  // Despite its type the parser gives a list for some formats.
  const parsed = [parse(data)].flat()[0];
  if (parsed instanceof Error || parsed === undefined) {
    const why = parsed?.message ?? 'no key in it';
    return {
      is: 'no',
      why: /encrypted|passphrase/i.test(why)
        ? `${path} is encrypted: encrypted keys and the agent are not supported yet, use an unencrypted key file`
        : `${path} is no private key: ${why}`,
    };
  }
  return parsed.isPrivateKey()
    ? { is: 'key', key: parsed }
    : { is: 'no', why: `${path} holds a public key, not a private one` };
}

export async function identityOf(connection: Connection, parse: ParseKey): Promise<Identity> {
  const [named] = connection.identityFiles ?? [];
  if (named !== undefined) {
    const path = atHome(named);
    const found = await keyIn(path, parse);
    return found.is === 'key' ? { is: 'keys', keys: [{ path, key: found.key }] } : { is: 'none', why: found.why };
  }
  const paths = USUAL.map(name => join(homedir(), '.ssh', name));
  const found = await Promise.all(paths.map(async path => ({ path, found: await keyIn(path, parse) })));
  const keys = found.flatMap(({ path, found: one }) => (one.is === 'key' ? [{ path, key: one.key }] : []));
  if (keys.length > 0) return { is: 'keys', keys };
  return {
    is: 'none',
    why: `no key to log in with: none of ~/.ssh/{${USUAL.join(',')}} can be used, and the agent is not supported yet; set identity_file in the inventory`,
  };
}
