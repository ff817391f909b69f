// Hosts that are passed on the way to others: how long they are kept. Nothing is sent here; a login is what is handed in.
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Client } from 'ssh2';
import { jumpHosts, type Open, type Stream } from '../../src/edge/ssh/jump-hosts.ts';
import { connectionTo } from './connection.ts';

const hop = (address: string) => connectionTo({ address, connectTimeoutMs: 1000 });

function gateway() {
  const [logins, left]: [string[], string[]] = [[], []];
  const forwardOut = (
    ...[, , , , done]: readonly [string, number, string, number, (no: undefined, stream: PassThrough) => void]
  ) => done(undefined, new PassThrough());
  const gone: (() => void)[] = [];
  let isDown = false;
  const open: Open = async ({ address }) => {
    logins.push(address);
    if (isDown) return { is: 'no', why: 'no route', again: true };
    const listeners: (() => void)[] = [];
    const end = (): void => {
      for (const listener of listeners.splice(0)) listener();
    };
    gone.push(end);
    return {
      is: 'opened',
      client: { forwardOut } as unknown as Client,
      alive: () => true,
      onGone: listener => void listeners.push(listener),
      leave: () => {
        left.push(address);
        end();
      },
    };
  };
  const jumps = jumpHosts(open);
  const through = (jump: readonly string[], to: string): Promise<Stream> =>
    jumps.streamTo(jump.map(hop), hop(to), new AbortController().signal);
  const cut = (): void => {
    for (const end of gone.splice(0)) end();
  };
  const down = (is: boolean): void => void (isDown = is);
  return { logins, left, through, cut, down };
}

const leave = (stream: Stream): void => {
  if (stream.is === 'stream') stream.done();
};
const soon = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('a jump host', () => {
  it('is logged in to once for all hosts behind it', async () => {
    const { logins, through } = gateway();
    const streams = await Promise.all(['nacaozumbi', 'bjork'].map(host => through(['gate'], host)));
    expect([streams.map(one => one.is), logins]).to.deep.equal([['stream', 'stream'], ['gate']]);
  });

  it('is left with the last host behind it, however often another says that it is through', async () => {
    const { left, through } = gateway();
    const [one, other] = [await through(['gate'], 'nacaozumbi'), await through(['gate'], 'bjork')];
    leave(one);
    leave(one);
    await soon();
    expect(left).to.deep.equal([]);
    leave(other);
    await soon();
    expect(left).to.deep.equal(['gate']);
  });

  it('is logged in to anew by who comes after it was left', async () => {
    const { logins, through } = gateway();
    leave(await through(['gate'], 'nacaozumbi'));
    await soon();
    await through(['gate'], 'bjork');
    expect(logins).to.deep.equal(['gate', 'gate']);
  });

  it('keeps the one before it for as long as it is needed itself', async () => {
    const { logins, left, through } = gateway();
    const behind = await through(['outer', 'inner'], 'nacaozumbi');
    const beside = await through(['outer'], 'bjork');
    expect(logins).to.deep.equal(['outer', 'inner']);
    leave(beside);
    await soon();
    expect(left).to.deep.equal([]);
    leave(behind);
    await soon();
    expect(left).to.deep.equal(['inner', 'outer']);
  });

  it('is logged in to anew when its connection is gone, or when it could not be reached', async () => {
    const { logins, through, cut, down } = gateway();
    await through(['gate'], 'nacaozumbi');
    cut();
    down(true);
    const refused = await through(['gate'], 'bjork');
    expect(refused.is === 'no' && refused.why).to.equal('jump host gate: no route');
    down(false);
    expect((await through(['gate'], 'bjork')).is).to.equal('stream');
    expect(logins).to.deep.equal(['gate', 'gate', 'gate']);
  });
});
