// The way to a host, to its end or to the line that says why not: keys, agents, passphrases, host keys, jump hosts, servers
// that are too busy or say nothing. Real servers, real agents, real keys.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import type { Agent } from '../../src/model/inventory.ts';
import type { Host } from '../../src/model/ports.ts';
import { Secret } from '../../src/text/secret.ts';
import { said } from '../debian/openssh.ts';
import { type KeyType, newKeyFile, told } from './keys.ts';
import { freshServers, type Sshd } from './sshd.ts';

const limit = { limitMs: 60_000 };
const IN = { is: 'exited', code: 0, out: 'in\n' };

async function whyNot(host: Host): Promise<string> {
  const ended = await host.exec('echo in', limit);
  return ended.is === 'not-sent' ? ended.why : `it is ${JSON.stringify(ended)}`;
}

describe('logging in to a real OpenSSH server', () => {
  const servers = freshServers();
  const stops: (() => void)[] = [];
  afterEach(() => stops.splice(0).forEach(stop => stop()));

  /** An ssh-agent of the test, with these keys. */
  async function agentWith(...keys: readonly string[]): Promise<Agent> {
    const socket = join(servers.folder(), 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    stops.push(() => agent.kill());
    await said(agent, /SSH_AUTH_SOCK/);
    for (const key of keys) told('env', `SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', key);
    return { is: 'socket', path: socket };
  }

  const loggedIn = (server: Sshd): number => server.logged(/^Accepted publickey/);

  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const satisfies readonly KeyType[]) {
    it(`with a key without a passphrase: ${type}`, async () => {
      const server = await servers.start();
      const key = newKeyFile(join(servers.folder(), 'id'), type);
      server.authorize(key.public);
      const host = servers.reach({ ...server.connection, identityFiles: [key.path] });
      expect(await host.exec('echo in', limit)).to.include(IN);
    });

    it(`without asking first whether the only key would do, where it signs in one way: ${type}`, async () => {
      const server = await servers.start();
      const key = newKeyFile(join(servers.folder(), 'id'), type);
      server.authorize(key.public);
      const host = servers.reach({ ...server.connection, identityFiles: [key.path] });
      expect(await host.exec('echo in', limit)).to.include(IN);
      expect(server.logged(/^Postponed publickey/)).to.equal(type === 'rsa' ? 1 : 0);
    });

    it(`with a key that an agent holds: ${type}`, async () => {
      const server = await servers.start();
      const key = newKeyFile(join(servers.folder(), 'id'), type);
      server.authorize(key.public);
      const host = servers.reach({ ...server.connection, identityFiles: [], agent: await agentWith(key.path) });
      expect(await host.exec('echo in', limit)).to.include(IN);
    });

    it(`with a key whose passphrase is asked for, once for all hosts: ${type}`, async () => {
      const server = await servers.start();
      const key = newKeyFile(join(servers.folder(), 'id'), type, 'open sesame');
      server.authorize(key.public);
      const connection = { ...server.connection, identityFiles: [key.path] };
      const asked: [string, boolean][] = [];
      const run = servers.reachAll(
        { bjork: connection, evac1: connection },
        {
          passphrase: async (path, wrong) => {
            asked.push([path, wrong]);
            return new Secret(wrong ? 'open sesame' : 'open');
          },
        },
      );
      const ended = await Promise.all(['bjork', 'evac1'].map(name => run.host(name as never).exec('echo in', limit)));
      for (const one of ended) expect(one).to.include(IN);
      expect(asked).to.deep.equal([
        [key.path, false],
        [key.path, true],
      ]);
    });
  }

  it('an agent shows first the keys that are named, and with IdentitiesOnly no others', async () => {
    const server = await servers.start({ config: ['MaxAuthTries 2'] });
    const [one, two, named] = ['a', 'b', 'c'].map(name => newKeyFile(join(servers.folder(), name)));
    server.authorize(named?.public ?? '');
    const agent = await agentWith(one?.path ?? '', two?.path ?? '', named?.path ?? '');
    // Only the public half of the named key is on this disk.
    const half = join(servers.folder(), 'c.pub');
    writeFileSync(half, `${named?.public}\n`);
    const connection = { ...server.connection, identityFiles: [half], agent };
    expect(await servers.reach(connection).exec('echo in', limit)).to.include(IN);
    expect(server.logged(/^Failed publickey/)).to.equal(0);
    expect(await servers.reach({ ...connection, identitiesOnly: true }).exec('echo in', limit)).to.include(IN);
    expect(
      await whyNot(servers.reach({ ...connection, identitiesOnly: true, identityFiles: [`${one?.path}`] })),
    ).to.match(/refuses \w+ with .*\/a$/);
  });

  it('says of keys it could not use why not', async () => {
    const server = await servers.start();
    const sealed = newKeyFile(join(servers.folder(), 'sealed'), 'ed25519', 'secret');
    const stranger = newKeyFile(join(servers.folder(), 'stranger'));
    const agent: Agent = { is: 'socket', path: '/nowhere/agent' };
    const connection = { ...server.connection, agent, identityFiles: [sealed.path, stranger.path, '/nowhere/id'] };
    const why = await whyNot(servers.reach(connection));
    expect(why).to.match(/refuses \w+ with \S+stranger; not tried: the agent at \/nowhere\/agent doesn't answer; /);
    expect(why).to.match(/sealed is encrypted: .*; identity file \/nowhere\/id doesn't exist$/);
    expect(await whyNot(servers.reach({ ...connection, identityFiles: [sealed.path] }))).to.match(
      /^no key to log in with: .*sealed is encrypted: give it to an agent with ssh-add, or its passphrase at a terminal$/,
    );
  });

  it('knows a host by a hashed name, whichever of its keys it is known by', async () => {
    const server = await servers.start({ hostKeys: ['rsa', 'ecdsa', 'ed25519'] });
    for (const key of server.hostKeys) {
      const file = join(servers.folder(), 'known');
      writeFileSync(file, `[127.0.0.1]:${server.port} ${key.public}\n`);
      told('ssh-keygen', '-q', '-H', '-f', file);
      expect(readFileSync(file, 'utf8')).to.match(/^\|1\|/);
      expect(await servers.reach({ ...server.connection, knownHosts: [file] }).exec('echo in', limit)).to.include(IN);
    }
  });

  it('refuses a host whose key has changed, with both fingerprints and the line to remove', async () => {
    const server = await servers.start();
    const before = newKeyFile(join(servers.folder(), 'before'));
    const file = join(servers.folder(), 'known');
    writeFileSync(file, `# ours\n[127.0.0.1]:${server.port} ${before.public}\n`);
    for (const hostKeyPolicy of ['yes', 'accept-new'] as const) {
      const why = await whyNot(servers.reach({ ...server.connection, knownHosts: [file], hostKeyPolicy }));
      for (const path of [`${server.folder}/host-ed25519.pub`, `${before.path}.pub`])
        expect(why).to.include(told('ssh-keygen', '-l', '-f', path).split(' ')[1]);
      expect(why).to.include(`${file}:2`);
    }
    expect(loggedIn(server)).to.equal(0);
  });

  it('refuses a revoked key, and takes a new one where that is the policy', async () => {
    const server = await servers.start();
    const [key] = server.hostKeys;
    const file = join(servers.folder(), 'known');
    writeFileSync(file, `@revoked * ${key?.public}\n`);
    const connection = { ...server.connection, knownHosts: [file], hostKeyPolicy: 'accept-new' as const };
    expect(await whyNot(servers.reach(connection))).to.include(`is revoked (${file}:1)`);
    writeFileSync(file, '');
    expect(await servers.reach(connection).exec('echo in', limit)).to.include(IN);
    expect(await servers.reach({ ...connection, hostKeyPolicy: 'yes' }).exec('echo in', limit)).to.include(IN);
    const alias = { ...connection, hostKeyAlias: 'bjork' };
    expect(await whyNot(servers.reach({ ...alias, hostKeyPolicy: 'yes' }))).to.include(
      'host key of bjork is not known',
    );
    expect(await servers.reach(alias).exec('echo in', limit)).to.include(IN);
    expect(readFileSync(file, 'utf8')).to.match(/^bjork ssh-ed25519 /m);
  });

  it("says of a host that only an authority vouches for that it takes the system's ssh", async () => {
    const server = await servers.start();
    const file = join(servers.folder(), 'known');
    writeFileSync(file, `@cert-authority * ${newKeyFile(join(servers.folder(), 'ca')).public}\n`);
    expect(await whyNot(servers.reach({ ...server.connection, knownHosts: [file] }))).to.include('transport: openssh');
  });

  it('comes through a banner and a message of the day, and they are no output', async () => {
    const text = join(servers.folder(), 'text');
    writeFileSync(text, 'Authorized use only!\n'.repeat(200));
    const server = await servers.start({
      config: [`Banner ${text}`, 'PrintMotd yes', `VersionAddendum welcome to bjork`],
    });
    expect(await servers.reach(server.connection).exec('echo in', limit)).to.deep.equal({ ...IN, err: '' });
  });

  it('tries again where a server has too many logins under way', async () => {
    const server = await servers.start({ config: ['MaxStartups 1'] });
    const held = connect(server.port, '127.0.0.1');
    stops.push(() => void held.destroy());
    await once(held, 'data');
    const ended = servers.reach(server.connection).exec('echo in', limit);
    await server.says(/past MaxStartups|beginning MaxStartups throttling/);
    held.destroy();
    expect(await ended).to.include(IN);
  });

  it('gives up on what takes a connection and says nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', () => resolve()));
    stops.push(() => silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const server = await servers.start();
    const clock = { ...systemClock(), monotonicMs: () => 0, sleep: () => Promise.resolve() };
    const host = servers.reach({ ...server.connection, port, connectTimeoutMs: 300 }, { clock });
    expect(await whyNot(host)).to.match(/no SSH session within 0 s/);
  });
});
