// Connections that are opened before their hosts' turn.
import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { sshHosts } from '../../src/edge/ssh/hosts.ts';
import type { Transport } from '../../src/edge/ssh/transport.ts';
import { type HostName, hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import { connectionTo } from './connection.ts';
import { freshFolders } from './folder.ts';
import { type Answerer, handClock, type Rig, startRig } from './ssh-rig.ts';

const limit = { limitMs: 60_000 };
const [nacaozumbi, bjork, gone] = [hostName('nacaozumbi'), hostName('bjork'), hostName('gone')];

/** What is asked is really asked. */
const shellOf: Answerer = (command, channel) => {
  const child = spawn('/bin/sh', ['-c', command]);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('close', code => {
    channel.exit(code ?? 1);
    channel.end();
  });
};

describe('connections opened ahead', () => {
  const folder = freshFolders();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function fleet(answer?: Answerer) {
    const rigs = new Map<HostName, Rig>();
    for (const name of [nacaozumbi, bjork]) {
      const rig = await startRig({ folder: folder(), ...(answer && { answer }) });
      rigs.set(name, rig);
      open.push(rig);
    }
    const nowhere = connectionTo({ port: 1 });
    const connectionOf = (name: HostName): Connection => rigs.get(name)?.connection ?? nowhere;
    const hosts = sshHosts(connectionOf, { clock: handClock({ ends: 'at-once' }), outputFolder: null });
    open.unshift(hosts);
    const logins = (name: HostName): number => rigs.get(name)?.logins() ?? 0;
    const heard = (name: HostName): readonly string[] => rigs.get(name)?.heard ?? [];
    return { hosts, logins, heard };
  }

  it('are there when their host is asked for the first time', async () => {
    const { hosts, logins } = await fleet();
    await hosts.host(nacaozumbi).exec('true', limit);
    hosts.ahead([bjork]);
    while (logins(bjork) === 0) await hosts.host(nacaozumbi).exec('true', limit);
    await hosts.host(bjork).exec('true', limit);
    expect(logins(bjork)).to.equal(1);
  });

  it('are none in a run that has needed none', async () => {
    const { hosts, logins } = await fleet();
    hosts.ahead([nacaozumbi]);
    await hosts.host(bjork).exec('true', limit);
    expect(logins(nacaozumbi)).to.equal(0);
  });

  it('are there from the start where somebody says so', async () => {
    const { hosts, logins } = await fleet();
    hosts.open({ now: [nacaozumbi], next: [] });
    while (logins(nacaozumbi) === 0) await hosts.host(bjork).exec('true', limit);
    await hosts.host(nacaozumbi).exec('true', limit);
    expect(logins(nacaozumbi)).to.equal(1);
  });

  it('are made a few at a time, in turn, and one that is needed waits for no other', async () => {
    const names = Array.from({ length: 12 }, (_, n) => hostName(`host${n}`));
    const begun: string[] = [];
    const transport: Transport = (connection, givenUp) => {
      begun.push(connection.address);
      return new Promise(resolve =>
        givenUp.addEventListener('abort', () => resolve({ is: 'no', why: '', again: false })),
      );
    };
    const clock = handClock({ ends: 'at-once' });
    const connectionOf = (name: HostName): Connection => ({ ...connectionTo({ port: 1 }), address: name });
    const hosts = sshHosts(connectionOf, { clock, outputFolder: null, transport });
    const [now = nacaozumbi, ...next] = names;
    const last = next.at(-1) ?? now;
    hosts.open({ now: [now], next });
    const needed = hosts.host(last).exec('true', limit);
    await new Promise(resolve => setImmediate(resolve));
    expect(begun).to.have.members([now, ...next.slice(0, 4), last]);
    await hosts.close();
    expect((await needed).is).to.equal('not-sent');
  });

  it('bring the shell for looks along, where looks have needed one', async () => {
    const { hosts, heard } = await fleet(shellOf);
    await hosts.host(nacaozumbi).exec('true', { ...limit, looks: true });
    hosts.ahead([bjork]);
    while (!heard(bjork).includes('exec /bin/sh')) await hosts.host(nacaozumbi).exec('true', limit);
    expect((await hosts.host(bjork).exec('true', { ...limit, looks: true })).is).to.equal('exited');
    expect(heard(bjork)).to.deep.equal(['exec /bin/sh']);
  });

  it('say nothing of a host that is away before its turn', async () => {
    const { hosts } = await fleet();
    await hosts.host(nacaozumbi).exec('true', limit);
    hosts.ahead([gone]);
    expect((await hosts.host(nacaozumbi).exec('true', limit)).is).to.equal('exited');
    expect((await hosts.host(gone).exec('true', limit)).is).to.equal('not-sent');
  });
});
