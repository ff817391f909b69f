// Whoever doesn't answer on the way to a host (a frozen jump host, an agent, a master of the system's ssh) is waited for
// within limits, and holds neither the commands nor this process when a run goes on or ends without it.
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { opensshTransport } from '../../src/edge/ssh/openssh-connect.ts';
import { SudoRights } from '../../src/edge/ssh/sudo.ts';
import { hostName } from '../../src/model/ids.ts';
import { freshServers, hopAt } from './sshd.ts';

const limit = { limitMs: 60_000 };

/** Connections that hold this process. */
const held = (): number => process.getActiveResourcesInfo().filter(what => what === 'TCPSocketWrap').length;

/** A real ssh that hangs can't be had at will: this one makes its socket and says nothing there. */
const DUMB_MASTER = `#!/usr/bin/env node
const path = process.argv.find(word => word.startsWith('ControlPath=')).slice('ControlPath='.length);
require('node:net').createServer(() => {}).listen(path, () => console.log(''));
`;

describe('without an answer', () => {
  const servers = freshServers();

  it('of a jump host, a run that ends holds no connection to it', async () => {
    const [gate, far] = await Promise.all([servers.start(), servers.start()]);
    const before = held();
    const run = servers.reachAll({ bjork: { ...far.connection, jump: [hopAt(gate)] } });
    await run.host(hostName('bjork')).exec('true', limit);
    gate.signal('SIGSTOP', 'all');
    await run.close();
    while (held() > before) await pause(20);
  });

  it('of a jump host, what was at work behind it is lost when the connection is made anew', async () => {
    const [gate, far] = await Promise.all([servers.start(), servers.start()]);
    let isFrozen = false;
    const jump = [
      {
        ...hopAt(gate),
        get connectTimeoutMs() {
          return isFrozen ? 500 : 60_000;
        },
      },
    ];
    const host = servers.reach({ ...far.connection, jump });
    let heard = (): void => undefined;
    const begun = new Promise<void>(resolve => (heard = resolve));
    const work = host.exec('echo begun; sleep 60', { ...limit, onOutput: () => heard() });
    await begun;
    gate.signal('SIGSTOP', 'all');
    isFrozen = true;
    expect(await host.reconnect()).to.include({ is: 'no' });
    expect(await work).to.include({ is: 'lost' });
  });

  it('of an agent, the keys in files are used', async () => {
    const server = await servers.start();
    const path = join(servers.folder(), 'agent');
    const asking = new Set<Socket>();
    const agent = createServer(socket => asking.add(socket.resume().on('close', () => asking.delete(socket)))).listen(
      path,
    );
    const host = servers.reach({
      ...server.connection,
      agent: { is: 'socket', path },
      // The agent's time; the server has all that it needs.
      get connectTimeoutMs() {
        return asking.size === 0 ? 1000 : 60_000;
      },
    });
    expect(await host.exec('echo in', limit)).to.include({ is: 'exited', out: 'in\n' });
    while (asking.size > 0) await pause(20);
    agent.close();
  });

  it("of the system's ssh, the login ends in time", async () => {
    const server = await servers.start();
    const name = join(servers.folder(), 'ssh');
    writeFileSync(name, DUMB_MASTER);
    chmodSync(name, 0o755);
    const connected = await opensshTransport({ name, words: [] })(
      { ...server.connection, connectTimeoutMs: 1500 },
      new AbortController().signal,
    );
    expect(connected).to.include({ is: 'no', again: true });
  });

  it("of the system's ssh, because it is gone, a command wasn't sent", async () => {
    const server = await servers.start();
    const connected = await opensshTransport()(server.connection, new AbortController().signal);
    if (connected.is === 'no') throw new Error(connected.why);
    const gone = new Promise<void>(resolve => connected.link.onGone(resolve));
    connected.link.cut();
    await gone;
    const place = { clock: systemClock(), limitBytes: 1000, restTo: () => null, sudo: new SudoRights(null) };
    const sent = await connected.link.exec('true', limit, place);
    expect(sent.is === 'ended' && sent.ended.is).to.equal('not-sent');
  });
});
