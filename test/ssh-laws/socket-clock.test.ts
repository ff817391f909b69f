// The clock of these laws: over real sockets it jumps as soon as nothing is under way, and never before; and a stall is
// told.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { type SocketClock, socketClock } from './socket-clock.ts';
import { watchForStall } from './stall.ts';

const ADDRESS = '127.0.0.1';
const HOUR = 3_600_000;

describe('a clock over real sockets', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  let clock: SocketClock;
  beforeEach(() => {
    clock = socketClock(0);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map(server => once(server.close(), 'close')));
    clock.drop();
  });

  async function door(serve: (socket: Socket) => void): Promise<number> {
    const server = createServer(socket => {
      sockets.push(socket);
      serve(socket);
    });
    servers.push(server);
    await once(server.listen({ host: ADDRESS, port: 0 }), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function free(): Promise<number> {
    const port = await door(() => undefined);
    await Promise.all(servers.splice(-1).map(server => once(server.close(), 'close')));
    return port;
  }

  async function joined(port: number, localPort?: number): Promise<Socket> {
    const socket = connect({ host: ADDRESS, port, ...(localPort === undefined ? {} : { localPort }) });
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  it('jumps when two connections to different hosts go out from the same port', async () => {
    const [one, other] = [await door(socket => socket.resume()), await door(socket => socket.resume())];
    const localPort = await free();
    const first = await joined(one, localPort);
    const second = await joined(other, localPort);
    expect(second.localPort).to.equal(first.localPort);
    first.write('to one of them');
    await clock.sleep(HOUR);
    expect(clock.now()).to.equal(HOUR);
  });

  it('stands still until what was written has come and is answered', async () => {
    const answer: { at: number | null } = { at: null };
    const socket = await joined(await door(end => end.on('data', bytes => end.write(bytes))));
    socket.on('data', () => (answer.at = clock.now()));
    const later = clock.sleep(HOUR);
    socket.write('a question');
    await later;
    expect(answer.at).to.equal(0);
  });

  it('jumps after a connection was cut', async () => {
    const socket = await joined(await door(end => end.destroy()));
    const later = clock.sleep(HOUR);
    socket.resume();
    await Promise.all([once(socket, 'close'), later]);
    expect(clock.now()).to.equal(HOUR);
  });
});

describe('a watch over what may stand still', () => {
  it('tells what everybody waits for', async () => {
    const error = await new Promise<Error>(tell => {
      watchForStall({ moves: () => 1, report: () => ['bjork: paused'], stepMs: 1, tell });
    });
    expect(error.message).to.contain('bjork: paused');
  });

  it('says nothing as long as something gets on', async () => {
    let [moves, said] = [0, 0];
    await new Promise<void>(resolve => {
      const more = (): number => {
        moves += 1;
        if (moves === 40) resolve();
        return moves;
      };
      watchForStall({ moves: more, report: () => [], stepMs: 1, tell: () => (said += 1) });
    });
    expect(said).to.equal(0);
  });
});
