// A login by a Kerberos ticket, which only the system's own ssh brings.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Connection } from '../../src/model/inventory.ts';
import { missing, type Realm, startRealm } from './realm.ts';
import { freePort, freshServers, type Sshd } from './sshd.ts';

const limit = { limitMs: 60_000 };
const SERVER = ['GSSAPIAuthentication yes', 'GSSAPIStrictAcceptorCheck no', 'PubkeyAuthentication no'];

describe('GSSAPI by transport: openssh', function () {
  this.timeout(300_000);
  const servers = freshServers();
  const before: NodeJS.ProcessEnv = { ...process.env };
  let realm: Realm;

  beforeEach(async function () {
    const lacking = missing();
    if (lacking.length > 0) {
      process.stderr.write(`no Kerberos realm can be set up here, without ${lacking.join(', ')}\n`);
      return this.skip();
    }
    realm = await startRealm(join(servers.folder(), 'realm'), await freePort(), '127.0.0.1');
    Object.assign(process.env, realm.env);
  });
  afterEach(() => {
    realm?.stop();
    for (const name of Object.keys(realm?.env ?? {})) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  function by({ connection }: Sshd): Connection {
    const sshConfig = join(servers.folder(), 'ssh_config');
    writeFileSync(sshConfig, 'Host *\n  GSSAPIAuthentication yes\n');
    return { ...connection, transport: 'openssh', sshConfig, identityFiles: null };
  }

  it('logs in with a ticket, and without one tells what the host would take', async () => {
    const server = await servers.start({ config: SERVER });
    const connection = by(server);
    const without = await servers.reach(connection).exec('true', limit);
    expect(without.is === 'not-sent' && without.why).to.match(/refuses \S+ \(it takes \S*gssapi-with-mic\S*\)/);
    realm.logIn(connection.user);
    expect(await servers.reach(connection).exec('echo in', limit)).to.include({ is: 'exited', out: 'in\n' });
    expect(server.logged(/^Authorized to \S+, krb5 principal \S+@ZF\.TEST/)).to.equal(1);
    expect(server.logged(/^Accepted gssapi-with-mic/)).to.equal(1);
  });
});
