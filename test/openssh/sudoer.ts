// A user of this machine whom sudo asks for a password, and one sudoers file about him; neither is there afterwards.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import type { Connection } from '../../src/model/inventory.ts';
import { type Account, account } from './account.ts';
import type { Sshd } from './sshd.ts';

export interface Sudoer extends Account {
  /** What he may, in sudoers' words. Nothing is remembered of a password that was right: each command proves it anew. */
  may(rule: string): void;
  /** How he logs in there. */
  at(server: Sshd): Connection;
}

/** For a `describe`. */
export function sudoer(): Sudoer {
  const { user, password } = account();
  const sudoers = `/etc/sudoers.d/zoneferry-test-${user}`;
  after(() => rmSync(sudoers, { force: true }));
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
