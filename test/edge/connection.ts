// A connection with nothing special about it, for tests to say only what they are about.
import type { Connection } from '../../src/model/inventory.ts';

const PLAIN: Connection = {
  transport: 'ssh2',
  sshConfig: null,
  address: '127.0.0.1',
  port: 22,
  user: 'root',
  identityFiles: null,
  identitiesOnly: false,
  agent: { is: 'none' },
  knownHosts: null,
  hostKeyAlias: null,
  hostKeyPolicy: 'yes',
  connectTimeoutMs: 10_000,
  keepalive: { everyMs: 15_000, count: 3 },
  jump: [],
  timeScale: 1,
  become: { method: 'none', user: 'root' },
};

export function connectionTo(what: Partial<Connection>): Connection {
  return { ...PLAIN, ...what };
}
