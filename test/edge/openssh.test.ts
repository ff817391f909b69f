// The SSH edge against a real OpenSSH server on the loopback, where one is installed (or named by SSHD, with
// SFTP_SERVER). Where there is none, the tests say that they were skipped.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { sshHosts, type SshHosts } from '../../src/edge/connections.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { freshFolders } from './folder.ts';
import { newKey } from './ssh-rig.ts';

const SSHD = process.env['SSHD'] ?? '/usr/sbin/sshd';
const SFTP_SERVER = process.env['SFTP_SERVER'] ?? '/usr/lib/openssh/sftp-server';
const limit = { limitMs: 60_000 };

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** Resolves when sshd says it listens; false when it ends before. */
function listening(sshd: ChildProcess): Promise<boolean> {
  return new Promise(resolve => {
    let said = '';
    sshd.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening')) resolve(true);
    });
    sshd.on('exit', () => resolve(false));
  });
}

describe('a real OpenSSH server', () => {
  const folder = freshFolders();
  let sshd: ChildProcess | null = null;
  let hosts: SshHosts | null = null;

  async function start(context: Mocha.Context): Promise<Host> {
    if (!existsSync(SSHD)) context.skip();
    const dir = folder();
    const [hostKey, userKey, port] = [newKey(), newKey(), await freePort()];
    writeFileSync(join(dir, 'host'), hostKey.private, { mode: 0o600 });
    writeFileSync(join(dir, 'id'), userKey.private, { mode: 0o600 });
    writeFileSync(join(dir, 'authorized'), `${userKey.public}\n`);
    writeFileSync(join(dir, 'known'), `[127.0.0.1]:${port} ${hostKey.public}\n`);
    const config = [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${dir}/host`,
      `AuthorizedKeysFile ${dir}/authorized`,
      'PidFile none',
      'StrictModes no',
      'PermitRootLogin yes',
      'MaxSessions 2',
      `Subsystem sftp ${SFTP_SERVER}`,
    ];
    writeFileSync(join(dir, 'conf'), `${config.join('\n')}\n`);
    sshd = spawn(SSHD, ['-D', '-e', '-f', join(dir, 'conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    if (!(await listening(sshd))) context.skip();
    hosts = sshHosts(
      () => ({
        address: '127.0.0.1',
        port,
        user: userInfo().username,
        identityFile: join(dir, 'id'),
        knownHosts: join(dir, 'known'),
        hostKeyPolicy: 'yes',
        connectTimeoutMs: 10_000,
        timeScale: 1,
        become: { method: 'none', user: 'root' },
      }),
      { clock: systemClock(), outputFolder: null },
    );
    return hosts.host(hostName('bjork'));
  }

  afterEach(async () => {
    await hosts?.close();
    sshd?.kill();
    [hosts, sshd] = [null, null];
  });

  it('runs commands to each of their ends, more at once than it has sessions for', async function () {
    const host = await start(this);
    const endings = await Promise.all(Array.from({ length: 20 }, (_, n) => host.exec(`exit ${n}`, limit)));
    expect(endings.map(ended => ended.is === 'exited' && ended.code)).to.deep.equal(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(await host.exec('cat; echo oops >&2', { ...limit, stdin: Buffer.from('evac1') })).to.deep.equal({
      is: 'exited',
      code: 0,
      out: 'evac1',
      err: 'oops\n',
    });
    expect(await host.exec('kill -TERM $$', limit)).to.include({ is: 'signalled', name: 'TERM' });
    expect(await host.exec('kill -9 $PPID', limit)).to.include({ is: 'lost' });
    expect(await host.exec('echo back', limit)).to.include({ is: 'exited', out: 'back\n' });
  });

  it('replaces a file that is there, whole, keeping its owner', async function () {
    const host = await start(this);
    const path = join(folder(), 'motd');
    writeFileSync(path, 'old');
    expect(await host.write(path, Buffer.from('new'), 0o640)).to.deep.equal({ is: 'ok', value: null });
    expect(readFileSync(path, 'utf8')).to.equal('new');
    const read = await host.read(path);
    expect(read.is === 'ok' && read.value?.mode).to.equal(0o640);
    expect(await host.read(`${path}.none`)).to.deep.equal({ is: 'ok', value: null });
  });
});
