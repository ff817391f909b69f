// A Kerberos realm of the test's own: a KDC on the loopback, its configuration, database and keys in a folder of the test.
// Nothing of the system's own Kerberos is read.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const KDC = '/usr/sbin/krb5kdc';
const PROGRAMS = [KDC, '/usr/sbin/kdb5_util', '/usr/sbin/kadmin.local', '/usr/bin/kinit'];
const REALM = 'ZF.TEST';

export const missing = (): readonly string[] => PROGRAMS.filter(path => !existsSync(path));

export interface Realm {
  /** For the server and for the client. */
  readonly env: Readonly<Record<string, string>>;
  /** He has a ticket from then on. */
  logIn(user: string): void;
  stop(): void;
}

function files(folder: string, port: number): void {
  const logging = `[logging]\n default = FILE:${folder}/log\n kdc = FILE:${folder}/log\n`;
  writeFileSync(
    join(folder, 'krb5.conf'),
    [
      `[libdefaults]\n default_realm = ${REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false`,
      ' dns_canonicalize_hostname = false\n rdns = false\n udp_preference_limit = 1',
      `[realms]\n ${REALM} = {\n kdc = 127.0.0.1:${port}\n }`,
      logging,
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'kdc.conf'),
    [
      `[kdcdefaults]\n kdc_listen = 127.0.0.1:${port}\n kdc_tcp_listen = 127.0.0.1:${port}`,
      `[realms]\n ${REALM} = {\n database_name = ${folder}/principal\n key_stash_file = ${folder}/stash`,
      ` acl_file = ${folder}/acl\n }`,
      logging,
    ].join('\n'),
  );
}

/** @param host whose name it is that a client asks for. */
export async function startRealm(folder: string, port: number, host: string): Promise<Realm> {
  mkdirSync(folder, { recursive: true });
  files(folder, port);
  const env = {
    KRB5_CONFIG: join(folder, 'krb5.conf'),
    KRB5_KDC_PROFILE: join(folder, 'kdc.conf'),
    KRB5_KTNAME: `FILE:${folder}/keytab`,
    KRB5CCNAME: `FILE:${folder}/tickets`,
    KRB5RCACHENAME: 'none:',
  };
  const run = (program: string, ...words: readonly string[]): void => {
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, ...env } });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  const admin = (query: string): void => run('/usr/sbin/kadmin.local', '-r', REALM, '-q', query);
  run('/usr/sbin/kdb5_util', 'create', '-s', '-W', '-r', REALM, '-P', 'of the master');
  admin(`addprinc -randkey host/${host}`);
  admin(`ktadd -k ${folder}/keytab host/${host}`);
  const kdc: ChildProcess = spawn(KDC, ['-n', '-r', REALM], { env: { ...process.env, ...env }, stdio: 'ignore' });
  while (!(await listens(port))) {
    if (kdc.exitCode !== null) throw new Error(`the KDC ended: ${kdc.exitCode}`);
    await pause(20);
  }
  return {
    env,
    logIn(user) {
      admin(`addprinc -randkey ${user}`);
      admin(`ktadd -k ${folder}/user ${user}`);
      run('/usr/bin/kinit', '-k', '-t', `${folder}/user`, user);
    },
    stop: () => void kdc.kill('SIGKILL'),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
