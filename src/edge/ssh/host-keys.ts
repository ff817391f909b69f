// Whether to believe a host's key: the known_hosts files, the policy, and what the operator reads when the answer is no.
import { appendFile, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Connection } from '../../model/inventory.ts';
import { makeFolder } from '../durable.ts';
import { atHome, errorCode } from '../files.ts';
import {
  filedAs,
  fingerprint,
  hostKeyOrder,
  type HostKeyAlgorithm,
  judge,
  type KnownHost,
  knownHostsLine,
  parseKnownHosts,
  typeOfKey,
} from './known-hosts.ts';

export interface HostKeyJudge {
  readonly order: HostKeyAlgorithm[];
  /** null: believed. Otherwise why not, and what to do. */
  judge(key: Uint8Array): Promise<string | null>;
}

export interface HostKeys {
  of(connection: Connection): Promise<HostKeyJudge>;
}

interface Read {
  readonly stamp: string;
  readonly hosts: readonly KnownHost[];
}

const USUAL = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2', '/etc/ssh/ssh_known_hosts'];

function filesOf(connection: Connection): readonly [string, ...string[]] {
  const [first, ...rest] = (connection.knownHosts ?? USUAL).map(atHome);
  if (first === undefined) throw new Error('a connection without any file of known hosts');
  return [first, ...rest];
}

async function stampOf(path: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function add(path: string, line: string): Promise<void> {
  const stamp = await stampOf(path);
  const before = stamp === null ? '' : await readFile(path, 'utf8');
  await makeFolder(dirname(path));
  await appendFile(path, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`, { mode: 0o600 });
}

function changed(connection: Connection, key: Uint8Array, known: readonly KnownHost[]): string {
  const before = known.map(host => `${host.type} ${fingerprint(host.key)} (${host.at})`).join(', ');
  return [
    `the host key of ${filedAs(connection)} has changed: it shows ${typeOfKey(key)} ${fingerprint(key)}, known is ${before}`,
    `find out at its console why; only then remove the old one: ssh-keygen -R '${filedAs(connection)}' -f ${filesOf(connection)[0]}`,
  ].join('; ');
}

function unknown(connection: Connection, key: Uint8Array): string {
  const { address, port } = connection;
  return [
    `the host key of ${filedAs(connection)} is not known: it shows ${typeOfKey(key)} ${fingerprint(key)}`,
    `compare that at its console, then: ssh-keyscan -p ${port} ${address} >> ${filesOf(connection)[0]}`,
    `or say host_key_policy: accept-new in the inventory`,
  ].join('; ');
}

export function hostKeys(): HostKeys {
  const cache = new Map<string, Read>();
  // One who adds at a time: two hosts that are new at once must not both judge the file to lack a last newline.
  let adding: Promise<void> = Promise.resolve();

  async function hostsIn(path: string): Promise<readonly KnownHost[]> {
    const stamp = await stampOf(path);
    if (stamp === null) return [];
    const cached = cache.get(path);
    if (cached?.stamp === stamp) return cached.hosts;
    const hosts = parseKnownHosts(await readFile(path, 'utf8'), path);
    cache.set(path, { stamp, hosts });
    return hosts;
  }

  async function answer(connection: Connection, hosts: readonly KnownHost[], key: Uint8Array): Promise<string | null> {
    const judged = judge(hosts, connection, key);
    switch (judged.is) {
      case 'known':
        return null;
      case 'revoked':
        return `the host key of ${filedAs(connection)}, ${fingerprint(key)}, is revoked (${judged.by.at}): whoever answers there must not be trusted`;
      case 'changed':
        return changed(connection, key, judged.known);
      case 'unknown':
        if (connection.hostKeyPolicy === 'yes')
          return `${unknown(connection, key)}${judged.authorities ? '; host certificates are not supported yet' : ''}`;
        adding = adding.then(() => add(filesOf(connection)[0], knownHostsLine(connection, key)));
        await adding;
        return null;
      default:
        throw new Error(`not a judgement: ${JSON.stringify(judged satisfies never)}`);
    }
  }

  return {
    async of(connection) {
      const hosts = (await Promise.all(filesOf(connection).map(hostsIn))).flat();
      return { order: hostKeyOrder(hosts, connection), judge: key => answer(connection, hosts, key) };
    },
  };
}
