// What an SSH client sees of a simulated host: who may log in, how commands end, what a cut leaves behind.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import { makeKeyPair } from '../../ssh/keys.ts';
import type { Rig } from './rig.ts';
import { collect, connected, failure, makeRig, opened, run } from './rig.ts';

describe('ssh server', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig();
  });
  afterEach(() => rig.close());

  describe('logging in', () => {
    it('lets in who holds the key of the lab', async () => {
      expect(await run(await rig.connect(), 'both')).to.include({ status: 3 });
    });

    it('refuses another key, a password, no proof at all and an unknown user', async () => {
      const without = { ...rig.config };
      delete without.privateKey;
      for (const config of [
        { ...rig.config, privateKey: makeKeyPair('stranger').privateText },
        { ...without, password: 'secret' },
        without,
        { ...rig.config, username: 'nobody-here' },
      ]) {
        const error = await failure(connected(config));
        expect(error).to.have.property('level', 'client-authentication');
      }
    });

    it('shows the new host key to whoever connects after it changed', async () => {
      const seen: string[] = [];
      const hostVerifier = (key: Buffer): boolean => seen.push(createHash('sha256').update(key).digest('hex')) > 0;
      await rig.connect({ hostVerifier });
      rig.hostKey = makeKeyPair('second');
      await rig.connect({ hostVerifier });
      await rig.connect({ hostVerifier });
      expect(seen[1]).to.equal(seen[2]).and.not.equal(seen[0]);
    });
  });

  describe('a command', () => {
    it('gives its output, its errors and its status apart', async () => {
      expect(await run(await rig.connect(), 'both')).to.deep.equal({
        status: 3,
        signal: undefined,
        out: 'to out\n',
        err: 'to err\n',
      });
    });

    it('that a signal ended is reported as ended by that signal', async () => {
      expect(await run(await rig.connect(), 'killed')).to.include({ status: undefined, signal: 'SIGTERM' });
    });

    it('gets its status sent only after its last byte, however slow the reader', async () => {
      const size = 3 * 1024 * 1024;
      rig.machine.scripts.set('much', async call => {
        await call.options.onOut(Buffer.alloc(size, 'o'));
        call.end({ is: 'exited', status: 0 });
      });
      const channel = await opened(await rig.connect(), 'much');
      let received = 0;
      let atExit = -1;
      channel.on('exit', () => (atExit = received));
      channel.on('data', (piece: Buffer) => (received += piece.length));
      await once(channel, 'close');
      expect(received).to.equal(size);
      expect(atExit).to.be.greaterThan(0);
    });

    it('waits with its output while nobody reads, then loses nothing of either stream', async () => {
      const piece = Buffer.alloc(64 * 1024, 'x');
      let written = 0;
      rig.machine.scripts.set('much', async call => {
        for (let i = 0; i < 240; i++) {
          await (i % 3 === 0 ? call.options.onErr(piece) : call.options.onOut(piece));
          written += piece.length;
        }
        call.end({ is: 'exited', status: 0 });
      });
      const client = await rig.connect();
      const channel = await opened(client, 'much');
      // ssh2's client keeps up to 2 MiB of each stream, and the window lets 2 MiB more out
      for (let i = 0; i < 5; i++) await run(client, 'both');
      expect(written).to.be.lessThan(8 * 1024 * 1024);
      const { out, err, status } = await collect(channel);
      expect([out.length, err.length, status]).to.deep.equal([160 * piece.length, 80 * piece.length, 0]);
    });

    it('takes no more input than its process takes, and then all of it', async () => {
      let feed = (): void => {};
      rig.machine.scripts.set('eats', call => {
        call.hungry = new Promise(resolve => (feed = resolve));
      });
      const client = await rig.connect();
      const channel = await opened(client, 'eats');
      const size = 6 * 1024 * 1024;
      channel.end(Buffer.alloc(size));
      for (let i = 0; i < 5; i++) await run(client, 'both');
      const [call] = rig.machine.calls;
      const taken = (): number => call?.input.reduce((sum, piece) => sum + piece.length, 0) ?? 0;
      // one window at most
      expect(taken()).to.be.lessThan(2.1 * 1024 * 1024);
      feed();
      await rig.machine.until(() => call?.isInputClosed === true);
      expect(taken()).to.equal(size);
    });

    it('still answers after the client has closed its side', async () => {
      const channel = await opened(await rig.connect(), 'hang');
      const result = collect(channel);
      channel.end('last words');
      await rig.machine.until(() => rig.machine.calls[0]?.isInputClosed === true);
      const [call] = rig.machine.calls;
      expect(Buffer.concat(call?.input ?? []).toString()).to.equal('last words');
      await call?.options.onOut(Buffer.from('an answer'));
      call?.end({ is: 'exited', status: 0 });
      expect(await result).to.include({ out: 'an answer', status: 0 });
    });

    it('gets the signals that the client asks for', async () => {
      const channel = await opened(await rig.connect(), 'hang');
      channel.signal('TERM');
      await rig.machine.until(() => rig.machine.calls[0]?.signals.length === 1);
      expect(rig.machine.calls[0]?.signals).to.deep.equal(['TERM']);
    });

    it('sees the locale that the client sends, and no other variable', async () => {
      const env = { LC_ALL: 'C', LANG: 'en', PATH: '/tmp', LD_PRELOAD: 'x' };
      const { out } = await run(await rig.connect(), 'env', { env });
      expect(JSON.parse(out)).to.deep.equal({ LC_ALL: 'C', LANG: 'en' });
    });
  });

  describe('a cut', () => {
    it('leaves the command running, without SIGHUP, but with nobody to write to', async () => {
      const client = await rig.connect();
      await opened(client, 'hang');
      client.destroy();
      await rig.machine.until(() => rig.machine.calls[0]?.isDetached === true);
      expect(rig.machine.calls[0]?.signals).to.deep.equal([]);
      await rig.machine.calls[0]?.options.onOut(Buffer.from('unheard'));
    });

    it('of a session with a terminal sends SIGHUP', async () => {
      const client = await rig.connect();
      await opened(client, 'hang', { pty: true });
      client.destroy();
      await rig.machine.until(() => rig.machine.calls[0]?.isDetached === true);
      expect(rig.machine.calls[0]?.signals).to.deep.equal(['HUP']);
    });

    it('releases a writer that was waiting for the reader', async () => {
      const channel = await opened(await rig.connect(), 'hang');
      await rig.machine.until(() => rig.machine.calls.length === 1);
      const written = rig.machine.calls[0]?.options.onOut(Buffer.alloc(8 * 1024 * 1024));
      channel.pause();
      rig.door.cut();
      await written;
    });

    it('by a host that goes down brings no status', async () => {
      const client = await rig.connect();
      const closed = once(client, 'close');
      const other = collect(await opened(client, 'hang'));
      expect(await run(client, 'gone')).to.include({ status: undefined, signal: undefined });
      expect(await other).to.include({ status: undefined });
      await closed;
    });
  });

  describe('the port', () => {
    it('refuses connections while it is shut, keeps those that are there, and opens again', async () => {
      const client = await rig.connect();
      rig.door.shut();
      expect(await failure(connected(rig.config))).to.have.property('code', 'ECONNREFUSED');
      expect(await run(client, 'both')).to.include({ status: 3 });
      await rig.door.open();
      expect(await run(await rig.connect(), 'both')).to.include({ status: 3 });
    });

    it('takes ten sessions on a connection and refuses the eleventh', async () => {
      const client = await rig.connect();
      for (let i = 0; i < 10; i++) await opened(client, 'hang');
      expect(await failure(opened(client, 'hang'))).to.have.property('reason', 2);
    });

    it('takes a new session when one of ten has closed', async () => {
      const client = await rig.connect();
      const channels = await Promise.all(Array.from({ length: 10 }, () => opened(client, 'hang')));
      const closed = Promise.all(channels.slice(0, 1).map(collect));
      rig.machine.calls[0]?.end({ is: 'exited', status: 0 });
      await closed;
      // the server learns of the close one message later than the client
      await run(client, 'both').catch(() => null);
      expect(await run(client, 'both')).to.include({ status: 3 });
    });

    it('of a machine that is down cuts who asks for a command', async () => {
      const client = await rig.connect();
      rig.machine.isUp = false;
      expect(await run(client, 'both')).to.include({ status: undefined });
    });
  });
});
