// A long command by sudo where a packet takes longer than the line that starts it.
import { createServer, connect, type AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import { beginLine, forgetLine, lookLine, readReport } from '../../src/run/detached/lines.ts';
import { freshRun, prepared } from '../detached/kit.ts';
import { Secret } from '../../src/text/secret.ts';
import { commandLine } from '../../src/text/shell.ts';
import { freshServers, type Sshd } from './sshd.ts';
import { sudoer } from './sudoer.ts';

const ONE_WAY_MS = 400;
const limit = { limitMs: 60_000 };
const place = { run: freshRun(), key: 'aaaa-1' };

describe('a long command by sudo over a slow line', function () {
  this.timeout(300_000);
  const servers = freshServers();
  const joan = sudoer();
  const ends: (() => void)[] = [];
  afterEach(() => ends.splice(0).forEach(end => end()));

  /** Another port of the server: what goes in there comes out late, both ways. */
  async function farAway(server: Sshd): Promise<number> {
    const relay = createServer(near => {
      const far = connect(server.port, server.address);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (piece: Buffer) => setTimeout(() => to.write(piece), ONE_WAY_MS));
        from.on('error', () => undefined).on('close', () => to.destroy());
      }
      ends.push(() => near.destroy());
    });
    ends.push(() => relay.close());
    await new Promise<void>(resolve => relay.listen(0, server.address, resolve));
    const { port } = relay.address() as AddressInfo;
    const known = readFileSync(server.knownHosts, 'utf8');
    writeFileSync(server.knownHosts, known.replaceAll(`:${server.port} `, `:${port} `));
    return port;
  }

  it('gets its password, however late that comes', async () => {
    joan.may('ALL=(ALL) ALL');
    const server = await servers.start();
    const port = await farAway(server);
    const passwordOf = () => new Secret(joan.password);
    const host = servers.reachAll({ bjork: { ...joan.at(server), port } }, { passwordOf }).host(hostName('bjork'));
    const line = commandLine(['/usr/bin/id', '-un'], { method: 'sudo', user: 'root' });
    const folder = await prepared({ exec: text => host.exec(text, limit) }, line, place);
    await host.exec(beginLine(folder, line), { ...limit, feedsSudo: true });
    const looked = await host.exec(lookLine(folder, { out: 0, err: null }, 5), limit);
    await host.exec(forgetLine(place.run, [place.key]), limit);
    if (looked.is !== 'exited') throw new Error(looked.is);
    const report = readReport(looked);
    if (report.is !== 'ok') throw new Error(report.is);
    expect(report.value.state).to.deep.equal({ is: 'exited', code: 0 });
    expect(Buffer.from(report.value.out.bytes).toString()).to.equal('root\n');
  });
});
