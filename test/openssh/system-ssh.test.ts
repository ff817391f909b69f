// What only the system's ssh brings: certificates of users and hosts, its own words when a login fails, and a process
// that must never outlive the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import { certify, newKeyFile } from './keys.ts';
import { freshServers, type Sshd } from './sshd.ts';

const limit = { limitMs: 60_000 };
const ONE_COMMAND = fileURLToPath(new URL('one-command.ts', import.meta.url));

/** The socket of each master that logs in at that port. */
function mastersAt(port: number): readonly string[] {
  return readdirSync('/proc').flatMap(name => {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const control = words.find(word => word.startsWith('ControlPath='))?.slice('ControlPath='.length);
      return words.includes(String(port)) && control !== undefined ? [control] : [];
    } catch {
      return []; // no process, or none any more
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

function said(child: ChildProcess, words: string): Promise<void> {
  let text = '';
  return new Promise(resolve =>
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes(words)) resolve();
    }),
  );
}

describe("the system's ssh", () => {
  const servers = freshServers();
  const by = (server: Sshd, more: Partial<Connection> = {}): Connection => ({
    ...server.connection,
    ...more,
    transport: 'openssh',
  });

  async function whyNot(connection: Connection): Promise<string> {
    const ended = await servers.reach(connection).exec('true', limit);
    return ended.is === 'not-sent' ? ended.why : ended.is;
  }

  it('logs in with a certificate, which the built-in way can not', async () => {
    const folder = servers.folder();
    const authority = newKeyFile(join(folder, 'authority'));
    const key = newKeyFile(join(folder, 'maint'));
    const server = await servers.start({ config: [`TrustedUserCAKeys ${authority.path}.pub`] });
    const connection = by(server, { identityFiles: [key.path], identitiesOnly: true });
    expect(await whyNot(connection)).to.match(/refuses \S+ \(it takes \S*publickey\S*\)$/);
    certify(key, authority, ['-I', 'night-shift', '-n', connection.user]);
    expect(await servers.reach(connection).exec('echo in', limit)).to.include({ is: 'exited', out: 'in\n' });
    expect(await whyNot({ ...connection, transport: 'ssh2' })).to.contain('refuses');
  });

  it('believes a host by the certificate of an authority', async () => {
    const folder = servers.folder();
    const authority = newKeyFile(join(folder, 'authority'));
    const hostKey = newKeyFile(join(folder, 'host'));
    certify(hostKey, authority, ['-h', '-I', 'bjork', '-n', '127.0.0.1']);
    const server = await servers.start({
      config: [`HostKey ${hostKey.path}`, `HostCertificate ${hostKey.path}-cert.pub`],
    });
    const known = join(folder, 'known');
    writeFileSync(known, `@cert-authority [127.0.0.1]:${server.port} ${authority.public}\n`);
    const connection = by(server, { knownHosts: [known] });
    expect(await servers.reach(connection).exec('true', limit)).to.include({ is: 'exited', code: 0 });
  });

  it('goes through two hosts on the way, each with its own key and known hosts', async () => {
    const [first, second, last] = await Promise.all([1, 2, 3].map(() => servers.start()));
    if (first === undefined || second === undefined || last === undefined) throw new Error('three servers');
    const connection = by(last, { jump: [first.connection, second.connection] });
    expect(await servers.reach(connection).exec('echo through', limit)).to.include({ is: 'exited', out: 'through\n' });
    for (const server of [first, second, last]) expect(server.logged(/^Accepted publickey/)).to.equal(1);
  });

  it('a changed host key is told in one line, with both places and what to do', async () => {
    const server = await servers.start();
    const other = newKeyFile(join(servers.folder(), 'other'));
    const known = join(servers.folder(), 'known');
    writeFileSync(known, `[127.0.0.1]:${server.port} ${other.public}\n`);
    const why = await whyNot(by(server, { knownHosts: [known] }));
    expect(why).to.match(
      /^the host key of \[127.0.0.1\]:\d+ has changed: it shows ED25519 SHA256:\S+, another is known \(\S+known:1\); find out at its console why; only then remove the old one: ssh-keygen -f '?"?\S+ -R \S+$/,
    );
  });

  it('a revoked host key and an unknown one are told apart; accept-new writes the unknown one down', async () => {
    const server = await servers.start();
    const known = join(servers.folder(), 'known');
    const [hostKey] = server.hostKeys;
    writeFileSync(known, `@revoked [127.0.0.1]:${server.port} ${hostKey?.public ?? ''}\n`);
    expect(await whyNot(by(server, { knownHosts: [known] }))).to.contain('is marked @revoked');
    const empty = join(servers.folder(), 'empty');
    expect(await whyNot(by(server, { knownHosts: [empty] }))).to.match(/is not known; .*ssh-keyscan -p \d+ 127.0.0.1/);
    const accepting = servers.reach(by(server, { knownHosts: [empty], hostKeyPolicy: 'accept-new' }));
    expect(await accepting.exec('true', limit)).to.include({ is: 'exited', code: 0 });
    expect(readFileSync(empty, 'utf8')).to.contain(hostKey?.public);
  });

  it('where nothing listens, that is said', async () => {
    const server = await servers.start();
    await server.stop();
    expect(await whyNot(by(server))).to.match(/^127.0.0.1 port \d+: nothing listens there \(connection refused\)$/);
  });

  it('a server that takes the connection and says nothing: no session in time', async () => {
    const server = await servers.start();
    server.signal('SIGSTOP', 'all');
    expect(await whyNot(by(server, { connectTimeoutMs: 500 }))).to.match(/no SSH session within 1 s$|no answer$/);
    server.signal('SIGCONT', 'all');
  });

  it('neither process nor socket is left when the run closes its connections', async () => {
    const server = await servers.start();
    const hosts = servers.reachAll({ bjork: by(server) });
    await hosts.host(hostName('bjork')).exec('true', limit);
    const [control = ''] = mastersAt(server.port);
    expect(existsSync(control)).to.equal(true);
    expect(dirname(control).length, 'room for a socket').to.be.lessThan(80);
    await hosts.close();
    expect(mastersAt(server.port)).to.deep.equal([]);
    await until(() => !existsSync(dirname(control)));
  });

  describe('and a process that runs a command', () => {
    const started: ChildProcess[] = [];
    afterEach(() => started.splice(0).forEach(child => child.kill('SIGKILL')));

    function runner(server: Sshd, line: string): ChildProcess {
      const words = ['--import', 'tsx', ONE_COMMAND, JSON.stringify(by(server)), line];
      // A group of its own, as a shell at a terminal makes one.
      const child = spawn(process.execPath, words, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
      started.push(child);
      return child;
    }

    it('killed by SIGKILL leaves no ssh behind', async () => {
      const server = await servers.start();
      const child = runner(server, 'echo begun; sleep 1000');
      await said(child, 'begun');
      const [control = ''] = mastersAt(server.port);
      child.kill('SIGKILL');
      await until(() => mastersAt(server.port).length === 0);
      await until(() => !existsSync(`${dirname(control)}.gone`));
      expect(existsSync(dirname(control))).to.equal(false);
    });

    it('hears Ctrl-C alone: the command comes to its end', async () => {
      const server = await servers.start();
      const go = join(servers.folder(), 'go');
      const child = runner(server, `echo begun; while [ ! -e ${go} ]; do sleep 0.05; done; exit 7`);
      await said(child, 'begun');
      const interrupted = said(child, 'heard SIGINT');
      const ended = said(child, '"is":"exited","code":7');
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await interrupted;
      writeFileSync(go, '');
      await ended;
    });
  });
});
