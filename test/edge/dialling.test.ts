// A host is dialled before this process knows what to say to it: the server has its own part to do meanwhile.
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { sshHosts } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import { Secret } from '../../src/text/secret.ts';
import { connectionTo } from './connection.ts';
import { freshFolders } from './folder.ts';
import { handClock, sealedKey } from './ssh-rig.ts';

const BJORK = hostName('bjork');
const SIX_SECONDS = 6_000;
const AN_HOUR = 3_600_000;

describe('a host that is dialled', () => {
  const folder = freshFolders();
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A server that says nothing, hangs up when it has heard the first words, and remembers all calls. */
  async function mute() {
    const said: string[] = [];
    const called: (() => void)[] = [];
    const calls: Socket[] = [];
    const server = createServer(line => {
      const call = calls.push(line) - 1;
      said[call] = '';
      line.on('error', () => undefined);
      line.on('data', words => {
        said[call] += words.toString('latin1');
        line.destroy();
      });
      for (const one of called.splice(0)) one();
    });
    servers.push(server);
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
    const place = server.address();
    if (place === null || typeof place === 'string') throw new Error('it listens at a port');
    const rings = (): Promise<void> =>
      new Promise(resolve => void (calls.length > 0 ? resolve() : called.push(resolve)));
    return { said, rings, port: place.port };
  }

  /** A server that has no room for anybody: it hangs up without a word. */
  async function busy() {
    let over = (): void => undefined;
    const first = new Promise<void>(resolve => (over = resolve));
    const server = createServer(line =>
      line
        .on('error', () => undefined)
        .on('close', over)
        .resume()
        .end(),
    );
    servers.push(server);
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
    const place = server.address();
    if (place === null || typeof place === 'string') throw new Error('it listens at a port');
    const hungUp = async (): Promise<void> => {
      await first;
      // What the other side of it hears comes in a turn of the loop of its own.
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    };
    return { port: place.port, hungUp };
  }

  function sealedFile(): string {
    const path = join(folder(), 'id');
    writeFileSync(path, sealedKey('x').private, { mode: 0o600 });
    return path;
  }

  /** @param typing what happens while somebody types the passphrase. */
  function askedAt(port: number, typing: () => Promise<unknown>, nowMs: () => number = () => 0) {
    const knownHosts = [join(folder(), 'known_hosts')];
    const hosts = sshHosts(
      () => connectionTo({ port, identityFiles: [sealedFile()], knownHosts, connectTimeoutMs: AN_HOUR }),
      {
        clock: { ...handClock({ ends: 'at-once' }), monotonicMs: nowMs },
        outputFolder: null,
        passphrase: async () => {
          await typing();
          return new Secret('x');
        },
      },
    );
    return hosts.host(BJORK).exec('true', { limitMs: 60_000 });
  }

  it('hears from us before the key is read', async () => {
    const { said, rings, port } = await mute();
    const ended = await askedAt(port, rings);
    expect(ended).to.include({ is: 'not-sent' });
    expect(said[0]).to.match(/^SSH-2.0-/);
  });

  it('is dialled anew when it had to wait for a passphrase for long', async () => {
    const { said, rings, port } = await mute();
    let now = 0;
    const late = async (): Promise<void> => {
      await rings();
      now += SIX_SECONDS;
    };
    await askedAt(port, late, () => now);
    expect(said.map(words => words.slice(0, 8)).slice(0, 2)).to.deep.equal(['', 'SSH-2.0-']);
  });

  it('that hung up before anybody listened is told of at once, without its whole time to answer', async () => {
    const { port, hungUp } = await busy();
    const ended = await askedAt(port, hungUp);
    // Of the last try, which heard it as it came, or came to it too late, too.
    const why = ended.is === 'not-sent' ? ended.why : '';
    expect(why).to.match(/Connection lost before handshake|it cut the connection before the login/);
  });

  it('is told of as ever when nothing listens there, whoever hears of it first', async () => {
    const ended = await askedAt(1, () => setImmediate());
    expect(ended).to.include({ is: 'not-sent' });
    expect(ended.is === 'not-sent' ? ended.why : '').to.include('nothing listens there');
  });
});
