// Commands and files over a real OpenSSH server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshServers } from './sshd.ts';

const limit = { limitMs: 60_000 };

describe('a real OpenSSH server', () => {
  const servers = freshServers();

  it('runs commands to each of their ends, more at once than it has sessions for', async () => {
    const server = await servers.start({ config: ['MaxSessions 2'] });
    const host = servers.reach(server.connection);
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

  it('reads a file with its mode, and knows when there is none', async () => {
    const server = await servers.start();
    const host = servers.reach(server.connection);
    const path = join(servers.folder(), 'motd');
    writeFileSync(path, 'new', { mode: 0o640 });
    const read = await host.read(path);
    expect(read.is === 'ok' && read.value && [Buffer.from(read.value.bytes).toString(), read.value.mode]).to.deep.equal(
      ['new', 0o640],
    );
    expect(await host.read(`${path}.none`)).to.deep.equal({ is: 'ok', value: null });
  });
});
