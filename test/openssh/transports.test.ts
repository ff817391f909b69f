// Commands and files over a real OpenSSH server, the same by both ways to it.
import { randomBytes } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Connection } from '../../src/model/inventory.ts';
import { freshServers, type Sshd, type SshdOptions } from './sshd.ts';

const limit = { limitMs: 60_000 };

for (const transport of ['ssh2', 'openssh'] as const) {
  describe(`a real OpenSSH server, by ${transport}`, () => {
    const servers = freshServers();

    async function start(options: SshdOptions = {}, more: Partial<Connection> = {}) {
      const server: Sshd = await servers.start(options);
      return { server, host: servers.reach({ ...server.connection, ...more, transport }) };
    }

    it('tells the status of a command, 255 as well, and its two streams apart', async () => {
      const { host } = await start();
      const ended = await host.exec('cat; echo oops >&2; exit 255', { ...limit, stdin: Buffer.from('evac1') });
      expect(ended).to.deep.equal({ is: 'exited', code: 255, out: 'evac1', err: 'oops\n' });
    });

    it('a command that is killed is signalled, by name', async () => {
      const { host } = await start();
      expect(await host.exec('kill -TERM $$', limit)).to.include({ is: 'signalled', name: 'TERM' });
      expect(await host.exec('kill -KILL $$', limit)).to.include({ is: 'signalled', name: 'KILL' });
      expect(await host.exec('exit 143', limit)).to.include({ is: 'exited', code: 143 });
    });

    it('a server that is killed in the middle of a command: lost, with what it said before, and then a new login', async () => {
      const { server, host } = await start();
      const ended = await host.exec('echo begun; sleep 1000', {
        ...limit,
        onOutput: () => server.signal('SIGKILL', 'sessions'),
      });
      expect(ended).to.deep.equal({ is: 'lost', out: 'begun\n', err: '' });
      expect(await host.exec('echo back', limit)).to.include({ is: 'exited', out: 'back\n' });
    });

    it('a frozen server is found by the keepalive, and what it was at is lost', async () => {
      const { server, host } = await start({}, { keepalive: { everyMs: 1000, count: 1 } });
      const ended = await host.exec('echo begun; sleep 1000', {
        ...limit,
        onOutput: () => server.signal('SIGSTOP', 'sessions'),
      });
      expect(ended).to.include({ is: 'lost', out: 'begun\n' });
      server.signal('SIGCONT', 'sessions');
    });

    it('a command over its time limit is let go, and the connection stays', async () => {
      const { server, host } = await start();
      expect(await host.exec('echo begun; sleep 1000', { limitMs: 300 })).to.include({ is: 'timed-out' });
      expect(await host.exec('echo on', limit)).to.include({ is: 'exited', out: 'on\n' });
      expect(server.logged(/^Accepted publickey/)).to.equal(1);
    });

    it('a server with one session at a time takes one command after the other', async () => {
      const { server, host } = await start({ config: ['MaxSessions 1'] });
      const ended = await Promise.all([1, 2, 3].map(n => host.exec(`exit ${n}`, limit)));
      expect(ended.map(one => one.is === 'exited' && one.code)).to.deep.equal([1, 2, 3]);
      expect(server.logged(/^Accepted publickey/)).to.equal(1);
    });

    it('a server with few sessions takes many commands, each in its turn', async () => {
      const { host } = await start({ config: ['MaxSessions 2'] });
      const ended = await Promise.all(Array.from({ length: 20 }, (_, n) => host.exec(`exit ${n}`, limit)));
      expect(ended.map(one => one.is === 'exited' && one.code)).to.deep.equal(Array.from({ length: 20 }, (_, n) => n));
    });

    it('output comes as it is said, whole up to the limit; the rest lies in a file', async () => {
      const server = await servers.start();
      const outputFolder = servers.folder();
      const host = servers.reach({ ...server.connection, transport }, { outputFolder, outputLimitBytes: 1000 });
      let heard = '';
      const ended = await host.exec('head -c 50000000 /dev/zero | tr "\\0" z', {
        ...limit,
        onOutput: (_, text) => (heard += text),
      });
      const { out } = ended.is === 'exited' ? ended : { out: '' };
      const file = /are in (\S+)\]/.exec(out)?.[1] ?? '';
      expect(out.slice(0, 1000)).to.equal('z'.repeat(1000));
      expect(heard).to.equal(out);
      expect(readFileSync(file)).to.have.length(50_000_000 - 1000);
    });

    it('bytes on standard input arrive as they are, more than a window holds', async () => {
      const { host } = await start();
      const stdin = randomBytes(5_000_000);
      const path = join(servers.folder(), 'image');
      expect(await host.exec(`cat > ${path}`, { ...limit, stdin })).to.include({ is: 'exited', code: 0 });
      expect(readFileSync(path).equals(stdin)).to.equal(true);
    });

    it('a command that reads none of its input ends all the same', async () => {
      const { host } = await start();
      const ended = await host.exec('exec <&-; echo done', { ...limit, stdin: randomBytes(5_000_000) });
      expect(ended).to.include({ is: 'exited', code: 0, out: 'done\n' });
    });

    it('reads a file with its bytes and its mode, behind a link as well', async () => {
      const { host } = await start();
      const path = join(servers.folder(), "it's a * file\n");
      const bytes = Buffer.concat([Buffer.from([0, 255, 10, 13]), randomBytes(300_000)]);
      writeFileSync(path, bytes, { mode: 0o640 });
      symlinkSync(path, `${path}.link`);
      for (const name of [path, `${path}.link`]) {
        const read = await host.read(name);
        const file = read.is === 'ok' ? read.value : null;
        expect(file?.mode).to.equal(0o640);
        expect(Buffer.from(file?.bytes ?? []).equals(bytes)).to.equal(true);
      }
    });

    it('knows when there is no file, and refuses what is none', async () => {
      const { host } = await start();
      const path = join(servers.folder(), 'motd');
      writeFileSync(path, '');
      expect(await host.read(`${path}.none`)).to.deep.equal({ is: 'ok', value: null });
      expect(await host.read(`${path}/below`)).to.deep.equal({ is: 'ok', value: null });
      const folder = await host.read('/etc');
      expect(folder.is === 'no' && folder.refusal).to.include({ is: 'refused', why: '/etc is no ordinary file' });
    });
  });
}
