// Every way in which a command on a host can end, through a real SSH server in this process.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type SshHosts, sshHosts } from '../../src/edge/ssh/hosts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Connection } from '../../src/model/inventory.ts';
import type { Host } from '../../src/model/ports.ts';
import { freshFolders } from './folder.ts';
import { type Answerer, handClock, newKey, type Rig, type RigOptions, sealedKey, startRig } from './ssh-rig.ts';

const limit = { limitMs: 60_000 };

describe('a host over SSH', () => {
  const folder = freshFolders();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function rigWith(options: Partial<RigOptions> = {}): Promise<Rig> {
    const rig = await startRig({ folder: folder(), ...options });
    open.push(rig);
    return rig;
  }

  function hostAt(
    connection: Connection,
    clock = handClock({ ends: 'at-once' }),
    outputFolder: string | null = null,
  ): Host {
    const hosts: SshHosts = sshHosts(() => connection, { clock, outputFolder, outputLimitBytes: 1000 });
    open.unshift(hosts);
    return hosts.host(hostName('nacaozumbi'));
  }

  const answering = async (answer: Answerer): Promise<{ rig: Rig; host: Host }> => {
    const rig = await rigWith({ answer });
    return { rig, host: hostAt(rig.connection) };
  };

  it('gives status, both streams and what went to standard input', async () => {
    const { host } = await answering((_command, channel) => {
      let said = '';
      channel.on('data', (chunk: Buffer) => (said += chunk.toString()));
      channel.on('end', () => {
        channel.stderr.write('warning\n');
        channel.write(said.toUpperCase());
        channel.exit(3);
        channel.end();
      });
    });
    const ended = await host.exec('tr', { ...limit, stdin: Buffer.from('evac1') });
    expect(ended).to.deep.equal({ is: 'exited', code: 3, out: 'EVAC1', err: 'warning\n' });
  });

  it('a command that a signal ended is neither success nor failure', async () => {
    const { host } = await answering((_command, channel) => {
      channel.exit('TERM');
      channel.end();
    });
    expect(await host.exec('sleep 9', limit)).to.deep.equal({ is: 'signalled', name: 'TERM', out: '', err: '' });
  });

  it('a channel that closes without a status is lost', async () => {
    const { host } = await answering((_command, channel) => {
      channel.write('half');
      channel.close();
    });
    expect(await host.exec('reboot', limit)).to.deep.equal({ is: 'lost', out: 'half', err: '' });
  });

  it('a cut connection is lost, and the next command opens a new one', async () => {
    const { rig, host } = await answering((command, channel, _peer) => {
      if (command === 'first') return void channel.write('going', () => rig.cut());
      channel.exit(0);
      channel.end();
    });
    expect(await host.exec('first', limit)).to.include({ is: 'lost' });
    expect(await host.exec('second', limit)).to.include({ is: 'exited', code: 0 });
    expect([rig.heard, rig.logins()]).to.deep.equal([['first', 'second'], 2]);
  });

  it('a status whose connection is cut before the channel is closed is lost: its output may be half', async () => {
    const { rig, host } = await answering((_command, channel) => {
      channel.exit(0);
      channel.write('zone-1\n', () => rig.cut());
    });
    expect(await host.exec('list', limit)).to.include({ is: 'lost' });
  });

  it('when our limit passes the channel is closed and what was said so far is kept', async () => {
    let closed = (): void => {};
    const gone = new Promise<void>(resolve => (closed = resolve));
    let heard = (): void => {};
    const said = new Promise<void>(resolve => (heard = resolve));
    const rig = await rigWith({
      answer: (_command, channel) => {
        channel.on('close', closed);
        channel.write('still at it');
      },
    });
    const clock = handClock({ ends: 'by-hand' });
    const host = hostAt(rig.connection, clock);
    const ending = host.exec('long', { limitMs: 7000, onOutput: () => heard() });
    await said;
    expect(clock.waits).to.deep.equal([7000]);
    clock.ring();
    expect(await ending).to.deep.equal({ is: 'timed-out', out: 'still at it', err: '' });
    await gone;
  });

  it('twelve commands at once share one connection and never more than four channels', async () => {
    const { rig, host } = await answering((command, channel) => {
      setImmediate(() => {
        channel.exit(Number(command));
        channel.end();
      });
    });
    const endings = await Promise.all(Array.from({ length: 12 }, (_, n) => host.exec(String(n), limit)));
    expect(endings.map(ended => ended.is === 'exited' && ended.code)).to.deep.equal(
      Array.from({ length: 12 }, (_, n) => n),
    );
    expect(rig.logins()).to.equal(1);
    expect(rig.mostChannels()).to.be.at.most(4);
  });

  it('a refused channel was not sent and is tried again until there is room', async () => {
    const { rig, host } = await answering((_command, channel) => {
      channel.exit(0);
      channel.end();
    });
    rig.refuseSessions(3);
    expect(await host.exec('true', limit)).to.include({ is: 'exited' });
    rig.refuseSessions(50);
    expect(await host.exec('true', limit)).to.deep.equal({
      is: 'not-sent',
      why: 'the host opened no channel: it has no session free',
    });
    expect(rig.heard).to.have.length(1);
  });

  it('text is decoded across chunk borders, and bytes that are no text are replaced', async () => {
    const bytes = Buffer.concat([Buffer.from('zone-ä-🧳 '), Buffer.from([0xff, 0xfe]), Buffer.from(' end')]);
    const { host } = await answering((_command, channel) => {
      const next = (at: number): void => {
        if (at < bytes.length) return void channel.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
        channel.exit(0);
        channel.end();
      };
      next(0);
    });
    const parts: string[] = [];
    const ended = await host.exec('x', { ...limit, onOutput: (_stream, text) => parts.push(text) });
    expect(ended.is === 'exited' && ended.out).to.equal('zone-ä-🧳 \ufffd\ufffd end');
    expect(parts.join('')).to.equal('zone-ä-🧳 \ufffd\ufffd end');
    expect(parts).to.include('🧳');
  });

  it('output over the limit goes to a file, and the text says so: no reader takes half for whole', async () => {
    const rig = await rigWith({
      answer: (_command, channel) => {
        channel.stderr.write('e');
        channel.write('a'.repeat(1000) + 'b'.repeat(500_000));
        channel.exit(0);
        channel.end();
      },
    });
    const dir = folder();
    const ended = await hostAt(rig.connection, handClock({ ends: 'at-once' }), dir).exec('x', limit);
    const [file = ''] = readdirSync(dir);
    expect(ended.is === 'exited' && ended.out).to.equal(
      `${'a'.repeat(1000)}\n[output limit: 488 KiB more are in ${join(dir, file)}]\n`,
    );
    expect(file).to.match(/^nacaozumbi-1-.*\.out$/);
  });

  it('nothing listens there: not sent, after a few tries, with the place', async () => {
    // A port that was free a moment ago may be somebody else's by now; this one nobody takes.
    const port = 1;
    const rig = await rigWith();
    const clock = handClock({ ends: 'at-once' });
    const host = hostAt({ ...rig.connection, port }, clock);
    const why = `127.0.0.1 port ${port}: nothing listens there (connection refused)`;
    expect(await host.exec('true', limit)).to.deep.equal({ is: 'not-sent', why });
    const [first, second, ...more] = clock.waits;
    expect(first).to.be.within(750, 1250);
    expect(second).to.be.within(2250, 3750);
    expect(more).to.deep.equal([]);
    const again = await host.reconnect();
    expect(again.is === 'no' && again.refusal).to.deep.equal({ is: 'not-sent', command: 'connect to nacaozumbi', why });
    expect(clock.waits).to.have.length(2);
  });

  it('a host that refuses our key says which key and which user, without a second try', async () => {
    const rig = await rigWith();
    const other = join(folder(), 'id');
    writeFileSync(other, newKey().private);
    const clock = handClock({ ends: 'at-once' });
    const ended = await hostAt({ ...rig.connection, identityFiles: [other] }, clock).exec('true', limit);
    expect(ended).to.deep.equal({
      is: 'not-sent',
      why: `[127.0.0.1]:${rig.connection.port} refuses root with ${other}`,
    });
    expect(clock.waits).to.deep.equal([]);
  });

  it('an encrypted, missing or public key file is named as what it is', async () => {
    const rig = await rigWith();
    const dir = folder();
    const why = async (name: string, text: string | null): Promise<string> => {
      if (text !== null) writeFileSync(join(dir, name), text);
      const ended = await hostAt({ ...rig.connection, identityFiles: [join(dir, name)] }).exec('true', limit);
      return ended.is === 'not-sent' ? ended.why.replace(dir, '.') : ended.is;
    };
    expect(await why('sealed', sealedKey('x').private)).to.contain(
      './sealed is encrypted: give it to an agent with ssh-add',
    );
    expect(await why('none', null)).to.equal("no key to log in with: identity file ./none doesn't exist");
    expect(await why('public', newKey().public)).to.contain('./public holds a public key, not a private one');
    expect(await why('text', 'no key')).to.contain('./text is no private key');
    expect(rig.logins()).to.equal(0);
  });

  it('a host that comes back with another key is refused with both fingerprints, even under accept-new', async () => {
    const rig = await rigWith();
    const [file = '', port] = [rig.connection.knownHosts?.[0] ?? '', rig.connection.port];
    const old = newKey().public.split(' ')[1] ?? '';
    writeFileSync(file, `[127.0.0.1]:${port} ssh-ed25519 ${old}\n`);
    for (const hostKeyPolicy of ['yes', 'accept-new'] as const) {
      const ended = await hostAt({ ...rig.connection, hostKeyPolicy }).exec('true', limit);
      expect(ended.is === 'not-sent' && ended.why).to.match(
        /has changed: it shows ssh-ed25519 SHA256:\S+, known is ssh-ed25519 SHA256:\S+ \(.*:1\); find out at its console why; only then remove the old one: ssh-keygen -R/,
      );
    }
  });

  it('known host keys that can not be read: not sent, with the reason', async () => {
    const rig = await rigWith();
    const ended = await hostAt({ ...rig.connection, knownHosts: [folder()] }).exec('id', limit);
    expect(ended.is === 'not-sent' && ended.why).to.contain("the known host keys can't be read: EISDIR");
  });

  it('an unknown host is refused with what to do, and accept-new writes its key down once', async () => {
    const rig = await rigWith();
    const file = join(folder(), 'sub', 'known_hosts');
    const unknown = { ...rig.connection, knownHosts: [file] };
    const ended = await hostAt(unknown).exec('true', limit);
    expect(ended.is === 'not-sent' && ended.why)
      .to.contain(`is not known: it shows ssh-ed25519 SHA256:`)
      .and.to.contain(`ssh-keyscan -p ${rig.connection.port} 127.0.0.1 >> ${file}`);
    const accepting = hostAt({ ...unknown, hostKeyPolicy: 'accept-new' });
    expect(await accepting.exec('true', limit)).to.include({ is: 'exited' });
    await accepting.reconnect();
    expect(readFileSync(file, 'utf8')).to.equal(
      `[127.0.0.1]:${rig.connection.port} ssh-ed25519 ${rig.hostKey.toString('base64')}\n`,
    );
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('files are read with their mode, and what is no file is refused', async () => {
    const rig = await rigWith();
    const host = hostAt(rig.connection);
    const dir = folder();
    const path = join(dir, 'motd');
    expect(await host.read(path)).to.deep.equal({ is: 'ok', value: null });
    const big = Buffer.alloc(300_000, 'zone ');
    writeFileSync(path, big);
    chmodSync(path, 0o640);
    const read = await host.read(path);
    expect(
      read.is === 'ok' && read.value && [Buffer.from(read.value.bytes).equals(big), read.value.mode],
    ).to.deep.equal([true, 0o640]);
    const folderRead = await host.read(dir);
    expect(folderRead.is === 'no' && folderRead.refusal).to.include({
      is: 'refused',
      why: `${dir} is no ordinary file`,
    });
  });

  it('a connection that is cut in the middle of a transfer is lost', async () => {
    const rig = await rigWith({ answer: () => rig.cut() });
    const host = hostAt(rig.connection);
    const [read, ended] = await Promise.all([host.read('/dev/zero-that-is-not-there'), host.exec('cut', limit)]);
    expect(ended.is).to.equal('lost');
    expect(['ok', 'no']).to.include(read.is);
    if (read.is === 'no') expect(['lost', 'not-sent']).to.include(read.refusal.is);
  });
});
