// A look through the shell that a login keeps ends exactly as it would on a channel of its own, with real servers and
// real shells; and where that shell can't be had, the channel takes its place and nobody notices.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type AlarmClock, systemClock } from '../../src/edge/clock.ts';
import type { Ended } from '../../src/model/command.ts';
import type { Host } from '../../src/model/ports.ts';
import { freshServers } from './sshd.ts';

const limit = { limitMs: 30_000 };
/** The limit of one look, which passes when its test says so. */
const TOO_LONG_MS = 12_345;
const look = (host: Host, line: string, limitMs = limit.limitMs): Promise<Ended> =>
  host.exec(line, { limitMs, looks: true });

const outOf = (ended: Ended): string => ('out' in ended ? ended.out : '');

/** It keeps one process for its looks: two in a row run in the same. */
async function keepsShell(host: Host): Promise<string> {
  for (let before = ''; ; ) {
    const now = outOf(await look(host, 'echo $$'));
    if (now === before) return now;
    before = now;
  }
}

const octal = (bytes: Uint8Array): string => [...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');

describe('a look through the shell of a login', () => {
  const servers = freshServers();

  it('gives the same status and bytes as a channel of its own', async function () {
    // Fifty commands, half of them with a session of their own: that takes what the server's machine takes.
    this.timeout(300_000);
    const host = servers.reach((await servers.start()).connection);
    await keepsShell(host);
    const said = fc.uint8Array({ maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(said, said, fc.integer({ min: 0, max: 255 }), async (out, err, code) => {
        const line = `printf '${octal(out)}'; printf '${octal(err)}' >&2; exit ${code}`;
        const [shell, channel] = await Promise.all([look(host, line), host.exec(line, limit)]);
        expect(shell).to.deep.equal(channel);
      }),
      { numRuns: 25 },
    );
  });

  for (const [what, line] of [
    ['a signal that ends the command', 'sh -c \'kill -KILL "$$"\''],
    ['a signal that ends its shell', 'echo before; kill -TERM $$'],
    ['input, which is empty', 'cat; echo "end $?"'],
    ['what it sets, for itself alone', 'cd /tmp; umask 077; x=1; set -e; trap "echo bye" 0; false'],
    ['megabytes of output without a line end', "head -c 3000000 /dev/zero | tr '\\0' x"],
  ] as const)
    it(`knows ${what}`, async () => {
      const host = servers.reach((await servers.start()).connection);
      await keepsShell(host);
      const [shell, channel] = [await look(host, line), await host.exec(line, limit)];
      const plain = (ended: Ended) =>
        'err' in ended ? { ...ended, err: ended.err.replace(/^.*: (?=\S)/gm, '') } : ended;
      expect(plain(shell)).to.deep.equal(plain(channel));
    });

  it('survives words that no shell can read', async () => {
    const host = servers.reach((await servers.start()).connection);
    const shell = await keepsShell(host);
    expect(await look(host, "echo 'open")).to.deep.include({ is: 'exited', out: '' });
    expect(outOf(await look(host, 'echo $$'))).to.equal(shell);
  });

  it('that takes too long is timed out, and the next one has a shell again', async () => {
    const began = join(servers.folder(), 'began');
    let pass = (): void => undefined;
    const system = systemClock();
    const clock: AlarmClock = {
      ...system,
      alarm: (ms, ring) => {
        if (ms !== TOO_LONG_MS) return system.alarm(ms, ring);
        pass = ring;
        return () => undefined;
      },
    };
    const host = servers.reach((await servers.start()).connection, { clock });
    const before = await keepsShell(host);
    const late = look(host, `echo began; touch ${began}; sleep 20`, TOO_LONG_MS);
    while (!existsSync(began)) await host.exec(':', limit);
    // What it said came over that connection before this answer.
    await host.exec(':', limit);
    pass();
    expect(await late).to.deep.include({ is: 'timed-out', out: 'began\n' });
    expect(await keepsShell(host)).to.not.equal(before);
  });

  it('makes no other one wait: that takes a channel', async () => {
    const folder = servers.folder();
    const host = servers.reach((await servers.start()).connection);
    await keepsShell(host);
    const gate = join(folder, 'gate');
    const slow = look(host, `until [ -e ${gate} ]; do sleep 0.05; done; echo slow`);
    expect(outOf(await look(host, 'echo quick'))).to.equal('quick\n');
    writeFileSync(gate, '');
    expect(outOf(await slow)).to.equal('slow\n');
  });

  it('is lost with its connection', async () => {
    const folder = servers.folder();
    const server = await servers.start();
    const host = servers.reach(server.connection);
    await keepsShell(host);
    const began = join(folder, 'began');
    const lost = look(host, `touch ${began}; sleep 20`);
    while (!existsSync(began)) await host.exec(':', limit);
    server.signal('SIGKILL', 'sessions');
    expect((await lost).is).to.equal('lost');
  });

  it('gives its session back to a server that allows only one', async () => {
    const host = servers.reach((await servers.start({ config: ['MaxSessions 1'] })).connection);
    for (let n = 0; n < 3; n += 1) expect(outOf(await look(host, 'echo look'))).to.equal('look\n');
    expect(outOf(await host.exec('echo change', limit))).to.equal('change\n');
  });

  it('goes over a channel where another program stands in the place of the shell', async () => {
    const host = servers.reach((await servers.start({ config: ['ForceCommand echo only this'] })).connection);
    for (let n = 0; n < 4; n += 1) expect(outOf(await look(host, 'echo look'))).to.equal('only this\n');
  });
});
