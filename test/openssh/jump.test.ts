// Ways through other hosts: two real servers in front of a third, each with a key and known hosts of its own.
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import { freshServers, hopAt, type Sshd } from './sshd.ts';

const limit = { limitMs: 60_000 };
const IN = { is: 'exited', code: 0, out: 'in\n' };

describe('a way through jump hosts', () => {
  const servers = freshServers();
  const logins = (server: Sshd): number => server.logged(/^Accepted publickey/);

  async function chain(config: { readonly outer?: readonly string[]; readonly inner?: readonly string[] } = {}) {
    const [outer, inner, far] = await Promise.all([
      servers.start({ address: '127.0.0.2', config: config.outer ?? [] }),
      servers.start({ address: '127.0.0.3', config: config.inner ?? [] }),
      servers.start({ address: '127.0.0.4' }),
    ]);
    const connection: Connection = { ...far.connection, jump: [hopAt(outer), hopAt(inner)] };
    return { outer, inner, far, connection };
  }

  it('passes each of them once, for all hosts behind it', async () => {
    const { outer, inner, far, connection } = await chain();
    const second = await servers.start({ address: '127.0.0.5' });
    const run = servers.reachAll({
      bjork: connection,
      evac1: { ...second.connection, jump: connection.jump },
      evac2: { ...second.connection, jump: connection.jump.slice(0, 1) },
    });
    const names = ['bjork', 'evac1', 'evac2'].map(hostName);
    const ended = await Promise.all(names.map(name => run.host(name).exec('echo in', limit)));
    for (const one of ended) expect(one).to.include(IN);
    expect([outer, inner, far, second].map(logins)).to.deep.equal([1, 1, 1, 2]);
  });

  it('a host that refuses us on the way is named', async () => {
    const { outer, connection } = await chain();
    const [first, second] = connection.jump;
    const stranger = { ...(second ?? connection), knownHosts: ['/dev/null'] };
    const ended = await servers.reach({ ...connection, jump: [first ?? connection, stranger] }).exec('echo in', limit);
    expect(ended.is === 'not-sent' && ended.why).to.match(
      /^jump host \[127\.0\.0\.3\]:\d+: the host key of .* not known/,
    );
    const closed = { ...connection, port: 1, jump: [first ?? connection] };
    const none = await servers.reach(closed, { clock: hurried }).exec('echo in', limit);
    expect(none.is === 'not-sent' && none.why).to.match(
      /^jump host \[127\.0\.0\.2\]:\d+: it can't reach 127\.0\.0\.4 port 1: .*onnect/,
    );
    expect(logins(outer)).to.be.above(0);
  });

  it('a host that lets nothing through is named, and not asked again', async () => {
    const { inner, connection } = await chain({ inner: ['AllowTcpForwarding no'] });
    const ended = await servers.reach(connection).exec('echo in', limit);
    expect(ended.is === 'not-sent' && ended.why).to.match(
      /^jump host \[127\.0\.0\.3\]:\d+: it lets no connection through/,
    );
    expect(logins(inner)).to.equal(1);
  });

  it('what goes through a host is lost with it, and comes back by a new way', async () => {
    const { outer, inner, connection } = await chain();
    const host = servers.reach(connection);
    let heard = (): void => undefined;
    const begun = new Promise<void>(resolve => (heard = resolve));
    const work = host.exec('echo begun; sleep 60', { ...limit, onOutput: () => heard() });
    await begun;
    outer.signal('SIGKILL', 'sessions');
    expect(await work).to.include({ is: 'lost' });
    expect(await host.exec('echo in', limit)).to.include(IN);
    expect([outer, inner].map(logins)).to.deep.equal([2, 2]);
  });

  it('bears as many hosts behind one as there are, and nobody is warned of them', async () => {
    const [gate, far] = await Promise.all([servers.start(), servers.start({ config: ['MaxStartups 100'] })]);
    const names = Array.from({ length: 12 }, (_, index) => hostName(`evac${index}`));
    const behind = { ...far.connection, jump: [hopAt(gate)] };
    const run = servers.reachAll(Object.fromEntries(names.map(name => [name, behind])));
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', hear);
    await Promise.all(names.map(name => run.host(name).exec('true', limit)));
    await new Promise(setImmediate);
    process.off('warning', hear);
    expect(warnings).to.deep.equal([]);
  });

  it('is left when nobody needs it any more', async () => {
    const { outer, inner, connection } = await chain();
    const run = servers.reachAll({ bjork: connection });
    expect(await run.host(hostName('bjork')).exec('echo in', limit)).to.include(IN);
    await run.close();
    await Promise.all([outer.says(/^Received disconnect/), inner.says(/^Received disconnect/)]);
  });
});

/** Waits between tries are over at once. */
const hurried = { ...systemClock(), now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
