// What a command comes to on a real OpenSSH server when the server, the line or the command itself misbehaves.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { observe } from '../../src/cli/observing.ts';
import { hostName } from '../../src/model/ids.ts';
import { freshServers } from './sshd.ts';

const limit = { limitMs: 60_000 };

describe('a command on a real OpenSSH server', () => {
  const servers = freshServers();

  /** Begins a command that never ends by itself; `begun` resolves when it is at work. */
  function endless(host: ReturnType<typeof servers.reach>) {
    let heard = (): void => undefined;
    const begun = new Promise<void>(resolve => (heard = resolve));
    return { begun, ended: host.exec('echo begun; sleep 600', { ...limit, onOutput: () => heard() }) };
  }

  it('is lost when the server is killed in the middle of it', async () => {
    const server = await servers.start();
    const work = endless(servers.reach(server.connection));
    await work.begun;
    server.signal('SIGKILL', 'all');
    expect(await work.ended).to.include({ is: 'lost' });
  });

  it('is lost when the server freezes: nobody answers the questions of keepalive', async () => {
    const server = await servers.start();
    // One that merely waits for a processor, before the command begins, must not count as frozen.
    const work = endless(servers.reach({ ...server.connection, keepalive: { everyMs: 700, count: 2 } }));
    await work.begun;
    server.signal('SIGSTOP', 'all');
    expect(await work.ended).to.include({ is: 'lost' });
  });

  for (const sessions of [1, 10]) {
    it(`runs beside many others where MaxSessions is ${sessions}`, async () => {
      const server = await servers.start({ config: [`MaxSessions ${sessions}`] });
      const host = servers.reach(server.connection);
      const ended = await Promise.all(Array.from({ length: 12 }, (_, n) => host.exec(`exit ${n}`, limit)));
      expect(ended.map(one => one.is === 'exited' && one.code)).to.deep.equal(ended.map((_, n) => n));
      expect(server.logged(/^Accepted publickey/)).to.equal(1);
    });
  }

  it('may print 50 MB: the first are kept, the rest goes to a file, and nothing is lost', async () => {
    const server = await servers.start();
    const outputFolder = servers.folder();
    const host = servers.reach(server.connection, { outputFolder, outputLimitBytes: 1000 });
    const ended = await host.exec('head -c 50000000 /dev/zero | tr "\\0" x', limit);
    expect(ended.is).to.equal('exited');
    const names = execFileSync('ls', [outputFolder], { encoding: 'utf8' }).trim().split('\n');
    expect(names).to.have.length(1);
    const size = readFileSync(join(outputFolder, names[0] ?? '')).length;
    expect(size).to.be.within(49_999_000, 50_000_000);
  });

  it('may print without a last newline, in no encoding at all, and die of a signal', async () => {
    const server = await servers.start();
    const host = servers.reach(server.connection);
    expect(await host.exec("printf 'no newline'", limit)).to.include({ code: 0, out: 'no newline' });
    expect(await host.exec("printf 'a\\377\\376b\\303'", limit)).to.include({ code: 0, out: 'a\ufffd\ufffdb\ufffd' });
    expect(await host.exec('kill -KILL $$', limit)).to.include({ is: 'signalled', name: 'KILL' });
  });

  for (const shell of ['tcsh', 'csh', 'fish', 'zsh', 'ksh', 'mksh', 'bash --posix']) {
    it(`means the same to a user whose login shell is ${shell}`, async () => {
      const server = await servers.start({ config: [`ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`] });
      const host = servers.reach(server.connection);
      const text = `it's "all" \\ !there! $HOME *\nand here\\n\t~ %b\r#`;
      const quoted = `'${text.replaceAll("'", `'\\''`)}'`;
      expect(await host.exec(`LC_ALL=C x=1 printf %s ${quoted} 2>/dev/null; exit 7`, limit)).to.include({
        code: 7,
        out: text,
      });
      expect(await host.exec('test "$(echo a!b)" = "a!b" && echo yes >&2', limit)).to.include({
        code: 0,
        err: 'yes\n',
      });
      expect(await host.exec('kill -TERM $$', limit)).to.include({ is: 'signalled', name: 'TERM' });
    });
  }

  it('tells the time of its host, not ours', async () => {
    const preload = execFileSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1'], { encoding: 'utf8' }).trim();
    const server = await servers.start({ config: [`SetEnv LD_PRELOAD=${preload} FAKETIME=-3h`] });
    const host = servers.reach(server.connection);
    const ended = await host.exec('date +%s', limit);
    const behind = Date.now() / 1000 - (ended.is === 'exited' ? Number(ended.out) : 0);
    expect(behind).to.be.within(3 * 3600 - 60, 3 * 3600 + 60);
    // How old facts are is a matter of one clock: ours.
    const { facts } = await observe(
      [hostName('bjork')],
      () => host,
      systemClock(),
      () => ({ method: 'none', user: '' }),
    );
    expect(Date.now() - Date.parse(facts[hostName('bjork')]?.at ?? '')).to.be.within(0, 60_000);
  });
});
