// Whether to believe a host's key: the known_hosts files, the policy, and what the operator reads when the answer is no.
import { appendFile, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Hop } from '../../model/inventory.ts';
import { makeFolder } from '../durable.ts';
import { atHome, errorCode } from '../files.ts';
import {
  type Address,
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
  of(hop: Hop): Promise<HostKeyJudge>;
}

interface Read {
  readonly stamp: string;
  readonly hosts: readonly KnownHost[];
}

interface Look {
  readonly atMs: number;
  readonly hosts: Promise<readonly KnownHost[]>;
}

/** Hosts that are logged in to together share one look at each file. */
const FRESH_MS = 1_000;

const USUAL = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2', '/etc/ssh/ssh_known_hosts'];

/** Under an alias the port says nothing. */
const placeOf = ({ address, port, hostKeyAlias: alias }: Hop): Address =>
  alias === null ? { address, port } : { address: alias, port: 22 };

function filesOf(hop: Hop): readonly [string, ...string[]] {
  const [first, ...rest] = (hop.knownHosts ?? USUAL).map(atHome);
  if (first === undefined) throw new Error('a login without any file of known hosts');
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

function changed(hop: Hop, key: Uint8Array, known: readonly KnownHost[]): string {
  const before = known.map(host => `${host.type} ${fingerprint(host.key)} (${host.at})`).join(', ');
  return [
    `the host key of ${filedAs(placeOf(hop))} has changed: it shows ${typeOfKey(key)} ${fingerprint(key)}, known is ${before}`,
    `find out at its console why; only then remove the old one: ssh-keygen -R '${filedAs(placeOf(hop))}' -f ${filesOf(hop)[0]}`,
  ].join('; ');
}

function unknown(hop: Hop, key: Uint8Array): string {
  const { address, port, hostKeyAlias } = hop;
  const renamed = hostKeyAlias === null ? '' : ` | sed 's/^[^ ]*/${hostKeyAlias}/'`;
  const scan = `ssh-keyscan -p ${port} ${address}${renamed}`;
  return [
    `the host key of ${filedAs(placeOf(hop))} is not known: it shows ${typeOfKey(key)} ${fingerprint(key)}`,
    `compare that at its console, then: ${scan} >> ${filesOf(hop)[0]}`,
    `or say host_key_policy: accept-new in the inventory`,
  ].join('; ');
}

const AUTHORITY =
  "; an authority for host certificates is known, and only the system's own ssh can check those: transport: openssh";

export function hostKeys(): HostKeys {
  const cache = new Map<string, Read>();
  const looks = new Map<string, Look>();
  // One who adds at a time: two hosts that are new at once must not both judge the file to lack a last newline.
  let adding: Promise<unknown> = Promise.resolve();

  function hostsIn(path: string): Promise<readonly KnownHost[]> {
    const last = looks.get(path);
    const atMs = Date.now();
    if (last !== undefined && Math.abs(atMs - last.atMs) < FRESH_MS) return last.hosts;
    const hosts = look(path);
    looks.set(path, { atMs, hosts });
    hosts.catch(() => looks.delete(path));
    return hosts;
  }

  async function look(path: string): Promise<readonly KnownHost[]> {
    const stamp = await stampOf(path);
    if (stamp === null) return [];
    const cached = cache.get(path);
    if (cached?.stamp === stamp) return cached.hosts;
    const hosts = parseKnownHosts(await readFile(path, 'utf8'), path);
    cache.set(path, { stamp, hosts });
    return hosts;
  }

  const hostsFor = async (hop: Hop): Promise<readonly KnownHost[]> =>
    (await Promise.all(filesOf(hop).map(hostsIn))).flat();

  /** Judged again in its turn: whoever was faster may have been filed under the same name with another key. */
  function learnt(hop: Hop, key: Uint8Array): Promise<string | null> {
    const now = adding.then(async () => {
      looks.clear();
      const hosts = await hostsFor(hop);
      if (judge(hosts, placeOf(hop), key).is !== 'unknown') return answer(hop, hosts, key);
      await add(filesOf(hop)[0], knownHostsLine(placeOf(hop), key));
      looks.clear();
      return null;
    });
    adding = now.catch(() => undefined);
    return now;
  }

  async function answer(hop: Hop, hosts: readonly KnownHost[], key: Uint8Array): Promise<string | null> {
    const judged = judge(hosts, placeOf(hop), key);
    switch (judged.is) {
      case 'known':
        return null;
      case 'revoked':
        return `the host key of ${filedAs(placeOf(hop))}, ${fingerprint(key)}, is revoked (${judged.by.at}): whoever answers there must not be trusted`;
      case 'changed':
        return changed(hop, key, judged.known);
      case 'unknown':
        if (hop.hostKeyPolicy === 'yes') return `${unknown(hop, key)}${judged.authorities ? AUTHORITY : ''}`;
        return learnt(hop, key);
      default:
        throw new Error(`not a judgement: ${JSON.stringify(judged satisfies never)}`);
    }
  }

  return {
    async of(hop) {
      const hosts = await hostsFor(hop);
      return { order: hostKeyOrder(hosts, placeOf(hop)), judge: key => answer(hop, hosts, key) };
    },
  };
}
