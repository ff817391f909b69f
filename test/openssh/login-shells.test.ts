// Users whose login shell is none of POSIX': a long command of theirs is started, watched and cleared away by a real
// OpenSSH server as anybody's is.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { expect } from 'chai';
import { forgetLine } from '../../src/run/detached/lines.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import { endOf, freshRun, jobOf, lineFor } from '../detached/kit.ts';
import { freshServers } from './sshd.ts';

const limit = { limitMs: 60_000 };

for (const shell of ['/bin/bsd-csh', '/bin/tcsh', '/usr/bin/zsh', '/usr/bin/fish']) {
  describe(`a user whose login shell is ${shell}`, function () {
    this.timeout(300_000);
    const servers = freshServers();
    const user = `zf-${randomBytes(4).toString('hex')}`;
    before(function () {
      if (process.getuid?.() !== 0 || spawnSync(shell, ['-c', 'true']).status !== 0) return this.skip();
      const added = spawnSync('useradd', ['--create-home', '--password', '*', '--shell', shell, user], {
        encoding: 'utf8',
      });
      if (added.status !== 0) throw new Error(added.stderr);
    });
    after(() => void spawnSync('userdel', ['--force', '--remove', user]));

    it('has long commands that run once, are heard, and leave nothing', async () => {
      const server = await servers.start();
      chmodSync(server.folder, 0o755);
      const host = servers.reach({ ...server.connection, user });
      const place = { run: freshRun(), key: 'aaaa-1' };
      const far = {
        exec: (line: string) => host.exec(line, limit),
        reconnect: () => host.reconnect(),
        now: () => performance.now(),
        sleep: () => Promise.resolve(),
        stopping: () => false,
        stopped: new Promise<void>(() => undefined),
      };
      const text = `echo ran >>marks; echo "it's !all! \\$HOME"; sleep 1; echo wrong >&2; exit 7`;
      const clear = () => host.exec(forgetLine(place.run, [place.key]), limit);
      const both = await Promise.all([1, 2].map(() => supervise(far, jobOf(lineFor(text), { place })))).finally(clear);
      const whole = { is: 'exited', code: 7, out: "it's !all! $HOME\n", err: 'wrong\n' };
      expect(both.map(endOf)).to.deep.equal([whole, whole]);
      expect(await host.exec('cat marks', limit)).to.include({ out: 'ran\n' });
      expect(await host.exec(`ls -d /var/tmp/zoneferry-*/${place.run}`, limit)).to.include({ out: '' });
    });
  });
}
