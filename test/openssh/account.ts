// A user of this machine, made for one `describe` and gone afterwards: with a home that nobody has written into.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface Account {
  readonly user: string;
  readonly password: string;
}

function admin(program: string, words: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(program, words, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** For a `describe`. Only root can make one: who isn't root skips. */
export function account(): Account {
  const user = `zf-${randomBytes(4).toString('hex')}`;
  const password = `it's $a "pass word" ${randomBytes(6).toString('hex')}`;
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
    admin('useradd', ['--create-home', '--shell', '/bin/sh', user]);
    admin('chpasswd', [], `${user}:${password}\n`);
  });
  after(() => {
    // A command of his may still be on its way out.
    spawnSync('userdel', ['--force', '--remove', user]);
  });
  return { user, password };
}
