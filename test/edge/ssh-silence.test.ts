// Hosts that answer no more: one that takes what it is asked and says nothing, one that hangs up without reading, one
// that doesn't let go. Nobody here waits for them longer than the limit says.
import { once } from 'node:events';
import { connect, createServer, type Server, Socket } from 'node:net';
import { expect } from 'chai';
import { type SshHosts, sshHosts } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import type { Host } from '../../src/model/ports.ts';
import { freshFolders } from './folder.ts';
import { handClock, type HandClock, type RigOptions, type Rig, startRig } from './ssh-rig.ts';

const BJORK = hostName('bjork');
const HOUR = 3_600_000;
const COMMANDS = ['cat 1', 'cat 2', 'cat 3', 'cat 4'];
const MORE_THAN_THE_LINE_HOLDS = 8 * 1024 * 1024;
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('a host over SSH that answers no more', () => {
  const folder = freshFolders();
  const open: (() => Promise<unknown>)[] = [];
  const lines: Socket[] = [];
  let clock: HandClock;
  beforeEach(() => {
    clock = handClock({ ends: 'by-hand' });
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.destroy();
    for (const close of open.splice(0)) await close();
  });

  async function rigWith(options: Partial<RigOptions> = {}): Promise<Rig> {
    const rig = await startRig({ folder: folder(), ...options });
    open.push(() => rig.close());
    return rig;
  }

  function hostsAt(connection: Connection): SshHosts & { readonly one: Host } {
    const hosts = sshHosts(() => connection, { clock, outputFolder: null });
    return { ...hosts, one: hosts.host(BJORK) };
  }

  /** Something between us and the host, which takes our connections and does with them what the test says. */
  async function between(rig: Rig, take: (ours: Socket) => void): Promise<Connection> {
    const server: Server = createServer({ allowHalfOpen: true }, ours => {
      lines.push(ours);
      ours.on('error', () => {});
      take(ours);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    open.unshift(() => once(server.close(), 'close'));
    const place = server.address();
    if (place === null || typeof place === 'string') throw new Error('it listens at a port');
    return { ...rig.connection, port: place.port, hostKeyPolicy: 'accept-new', knownHosts: [`${folder()}/known`] };
  }

  function through({ connection: { port } }: Rig, ours: Socket): Socket {
    const theirs = connect({ host: '127.0.0.1', port });
    lines.push(theirs);
    theirs.on('error', () => {});
    ours.pipe(theirs, { end: false });
    theirs.pipe(ours, { end: false });
    return theirs;
  }

  it('takes the connection and never says who it is: not sent', async () => {
    const connection = await between(await rigWith(), ours => ours.resume());
    const { one } = hostsAt({ ...connection, connectTimeoutMs: 1 });
    const answer = await one.reconnect();
    expect(answer.is === 'no' && answer.refusal).to.include({ is: 'not-sent' });
    expect(answer.is === 'no' && answer.refusal.is === 'not-sent' && answer.refusal.why).to.contain('no SSH session');
  });

  it('never says whether it opens a session for files: nothing was done, and the limit ends it', async () => {
    let heard = (): void => {};
    const asked = new Promise<void>(resolve => (heard = resolve));
    const rig = await rigWith({ files: () => heard() });
    const reading = hostsAt(rig.connection).one.read('/etc/motd');
    await asked;
    clock.ring();
    expect(await reading).to.deep.equal({
      is: 'no',
      refusal: { is: 'not-sent', command: 'sftp: read /etc/motd', why: 'no SFTP session: no answer in 5m' },
    });
  });

  it('hangs up while it still has much to read from us: lost at once, not at the limit', async () => {
    let hangUp = (): void => {};
    const rig = await rigWith({
      answer: () => {
        if (rig.heard.length === COMMANDS.length) hangUp();
      },
    });
    const connection = await between(rig, ours => {
      const theirs = through(rig, ours);
      hangUp = () => {
        ours.unpipe(theirs).pause();
        // Behind the answers that are under way, so that all of the input is on its way to us.
        setImmediate(() => setImmediate(() => ours.end()));
      };
    });
    const { one } = hostsAt(connection);
    const stdin = Buffer.alloc(MORE_THAN_THE_LINE_HOLDS);
    const endings = await Promise.all(COMMANDS.map(command => one.exec(command, { limitMs: HOUR, stdin })));
    expect(endings.map(ended => ended.is)).to.deep.equal(COMMANDS.map(() => 'lost'));
  });

  it('is asked nothing more once the run has closed its connections, by whatever is still at work', async () => {
    const rig = await rigWith({ answer: () => {} });
    const hosts = hostsAt(rig.connection);
    const next = hosts.one.exec('first', { limitMs: HOUR }).then(() => hosts.one.exec('second', { limitMs: HOUR }));
    while (rig.heard.length === 0) await turn();
    await hosts.close();
    expect(await next).to.deep.equal({ is: 'not-sent', why: 'this run has closed its connections' });
    expect([rig.logins(), rig.heard]).to.deep.equal([1, ['first']]);
  });

  it('is not waited for by a run that closes its connections while it logs in', async () => {
    const connection = await between(await rigWith(), () => {});
    const hosts = hostsAt({ ...connection, connectTimeoutMs: HOUR });
    const asked = hosts.one.exec('true', { limitMs: HOUR });
    while (lines.length === 0) await turn();
    const left = once(lines[0] ?? new Socket(), 'end');
    lines[0]?.resume();
    await hosts.close();
    expect(await asked).to.deep.equal({ is: 'not-sent', why: 'this run has closed its connections' });
    await left;
  });

  it('is not waited for behind a jump host, either', async () => {
    const nowhere = await between(await rigWith(), () => {});
    const gate = await between(await rigWith(), () => {});
    const hosts = hostsAt({ ...nowhere, jump: [{ ...gate, connectTimeoutMs: HOUR }] });
    const asked = hosts.one.exec('true', { limitMs: HOUR });
    while (lines.length === 0) await turn();
    await hosts.close();
    expect((await asked).is).to.equal('not-sent');
  });

  it('does not let go of a connection that we close: it is gone on our side, and nobody waits', async () => {
    const rig = await rigWith();
    const connection = await between(rig, ours => through(rig, ours));
    const hosts = hostsAt(connection);
    expect(await hosts.one.exec('true', { limitMs: HOUR })).to.include({ is: 'exited' });
    const [ours] = lines;
    if (ours === undefined) throw new Error('a connection went through');
    await hosts.close();
    // Who writes to a connection that is gone learns it with the second word.
    while (!ours.destroyed) {
      ours.write('is anybody there?');
      await turn();
    }
  });
});
