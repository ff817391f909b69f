// A user of this machine whom sudo asks for a password, and one sudoers file about him; neither is there afterwards.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import type { Connection } from '../../src/model/inventory.ts';
import type { Sshd } from './sshd.ts';

export interface Sudoer {
  readonly user: string;
  readonly password: string;
  /** What he may, in sudoers' words. Nothing is remembered of a password that was right: each command proves it anew. */
  may(rule: string): void;
  /** How he logs in there. */
  at(server: Sshd): Connection;
}

function admin(program: string, words: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(program, words, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** For a `describe`. */
export function sudoer(): Sudoer {
  const user = `zf-${randomBytes(4).toString('hex')}`;
  const password = `it's $a "pass word" ${randomBytes(6).toString('hex')}`;
  const sudoers = `/etc/sudoers.d/zoneferry-test-${user}`;
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
    admin('useradd', ['--create-home', '--shell', '/bin/sh', user]);
    admin('chpasswd', [], `${user}:${password}\n`);
  });
  after(() => {
    rmSync(sudoers, { force: true });
    // A command of his may still be on its way out.
    spawnSync('userdel', ['--force', '--remove', user]);
  });
  return {
    user,
    password,
    may: rule =>
      writeFileSync(sudoers, `Defaults:${user} timestamp_timeout=0, lecture=always\n${user} ${rule}\n`, {
        mode: 0o440,
      }),
    at(server) {
      // sshd reads his keys as he would.
      chmodSync(server.folder, 0o755);
      return { ...server.connection, user };
    },
  };
}
