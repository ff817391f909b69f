// A private OpenSSH server on the loopback, where one is installed (or named by SSHD, with SFTP_SERVER), and a
// connection of ours to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/edge/clock.ts';
import { sshHosts } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { newKey } from './ssh-rig.ts';

const SSHD = process.env['SSHD'] ?? '/usr/sbin/sshd';
const SFTP_SERVER = process.env['SFTP_SERVER'] ?? '/usr/lib/openssh/sftp-server';

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

export interface Server {
  readonly host: Host;
  close(): Promise<void>;
}

/** null: there is no server here, or it doesn't start. */
export async function startSshd(dir: string): Promise<Server | null> {
  if (!existsSync(SSHD)) return null;
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
  const sshd = spawn(SSHD, ['-D', '-e', '-f', join(dir, 'conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (!(await listening(sshd))) return null;
  const hosts = sshHosts(
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
  return {
    host: hosts.host(hostName('bjork')),
    async close() {
      await hosts.close();
      sshd.kill();
    },
  };
}
