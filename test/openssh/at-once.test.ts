// What two do at the same time: file a new host key under one name, ask for a new connection, wait to log in while the
// run ends.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import { freshServers, type Sshd } from './sshd.ts';

const limit = { limitMs: 60_000 };
const held = (): number => process.getActiveResourcesInfo().filter(what => what === 'TCPSocketWrap').length;

describe('at the same time', () => {
  const servers = freshServers();
  const accepting = ({ connection }: Sshd, knownHosts: string, more: Partial<Connection> = {}): Connection => ({
    ...connection,
    ...more,
    knownHosts: [knownHosts],
    hostKeyPolicy: 'accept-new',
  });

  it('only one of two different keys is believed under one new name', async () => {
    const [one, two] = await Promise.all([servers.start(), servers.start()]);
    const known = join(servers.folder(), 'known');
    const alias = { hostKeyAlias: 'bjork' };
    const run = servers.reachAll({ one: accepting(one, known, alias), two: accepting(two, known, alias) });
    const ended = await Promise.all(['one', 'two'].map(name => run.host(hostName(name)).exec('true', limit)));
    expect(ended.map(({ is }) => is).sort()).to.deep.equal(['exited', 'not-sent']);
    expect(readFileSync(known, 'utf8').trim().split('\n')).to.have.length(1);
  });

  it('a file that takes no key keeps none out of another file', async () => {
    const [one, two] = await Promise.all([servers.start(), servers.start()]);
    const run = servers.reachAll({
      one: accepting(one, '/proc/none/known'),
      two: accepting(two, join(servers.folder(), 'known')),
    });
    const [first, second] = ['one', 'two'].map(name => run.host(hostName(name)));
    expect(await first?.exec('true', limit)).to.include({ is: 'not-sent' });
    expect(await second?.exec('true', limit)).to.include({ is: 'exited' });
  });

  it('all who ask for a new connection get the same', async () => {
    const server = await servers.start();
    const before = held();
    const run = servers.reachAll({ bjork: server.connection });
    const host = run.host(hostName('bjork'));
    await host.exec('true', limit);
    await Promise.all([host.reconnect(), host.reconnect(), host.exec('true', limit)]);
    await run.close();
    while (held() > before) await pause(20);
    expect(server.logged(/^Accepted publickey/)).to.equal(2);
  });

  it("one who asks for a new connection doesn't cut what another has at work, as long as the host answers", async () => {
    const server = await servers.start();
    const go = join(servers.folder(), 'go');
    const host = servers.reach(server.connection);
    let heard = (): void => undefined;
    const begun = new Promise<void>(resolve => (heard = resolve));
    const line = `echo begun; until [ -f ${go} ]; do sleep 0.05; done; exit 7`;
    const work = host.exec(line, { ...limit, onOutput: () => heard() });
    await begun;
    expect(await host.reconnect()).to.deep.equal({ is: 'ok', value: null });
    writeFileSync(go, '');
    expect(await work).to.include({ is: 'exited', code: 7 });
    expect(server.logged(/^Accepted publickey/)).to.equal(1);
  });

  it("a login that waits for its turn isn't begun when the run is over", async () => {
    const server = await servers.start();
    const names = Array.from({ length: 100 }, (_, index) => hostName(`evac${index}`));
    let [begun, letGo] = [0, (): void => undefined];
    const gate = new Promise<void>(resolve => (letGo = resolve));
    const run = servers.reachAll(Object.fromEntries(names.map(name => [name, server.connection])), {
      transport: async () => {
        begun += 1;
        await gate;
        return { is: 'no', why: 'it is asleep', again: false };
      },
    });
    const ended = Promise.all(names.map(name => run.host(name).exec('true', limit)));
    await new Promise(setImmediate);
    const first = begun;
    const closed = run.close();
    letGo();
    await Promise.all([closed, ended]);
    expect([first, begun]).to.deep.equal([first, first]);
    expect(first).to.be.within(1, 99);
  });
});
