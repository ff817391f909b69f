// The SSH edge against a real OpenSSH server on the loopback, where one is installed (or named by SSHD, with
// SFTP_SERVER). Where there is none, the tests say that they were skipped.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Host } from '../../src/model/ports.ts';
import { freshFolders } from './folder.ts';
import { type Server, startSshd } from './sshd.ts';

const limit = { limitMs: 60_000 };

describe('a real OpenSSH server', () => {
  const folder = freshFolders();
  let server: Server | null = null;

  async function start(context: Mocha.Context): Promise<Host> {
    server = await startSshd(folder());
    return server?.host ?? context.skip();
  }

  afterEach(async () => {
    await server?.close();
    server = null;
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

  it('reads a file with its mode, and knows when there is none', async function () {
    const host = await start(this);
    const path = join(folder(), 'motd');
    writeFileSync(path, 'new', { mode: 0o640 });
    const read = await host.read(path);
    expect(read.is === 'ok' && read.value && [Buffer.from(read.value.bytes).toString(), read.value.mode]).to.deep.equal(
      ['new', 0o640],
    );
    expect(await host.read(`${path}.none`)).to.deep.equal({ is: 'ok', value: null });
  });
});
