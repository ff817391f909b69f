// become: sudo with a real sudo and a user who needs a password, which is looked for wherever it mustn't be.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import type { Host } from '../../src/model/ports.ts';
import { NOTHING_TOLD } from '../../src/model/told-output.ts';
import { forgetLine } from '../../src/run/detached/lines.ts';
import type { Far } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import { Secret } from '../../src/text/secret.ts';
import { commandLine } from '../../src/text/shell.ts';
import { freshRun } from '../detached/kit.ts';
import { freshServers } from './sshd.ts';
import { sudoer } from './sudoer.ts';

const limit = { limitMs: 60_000 };

const asRoot = (...argv: readonly string[]): string => commandLine(argv, { method: 'sudo', user: 'root' });

/** As a step that takes long is run: under a supervisor, watched to its end. */
async function longOn(host: Host, line: string): Promise<Ended | null> {
  const far: Far = {
    exec: (words, feedsSudo = false) => host.exec(words, { ...limit, feedsSudo }),
    reconnect: () => host.reconnect(),
    now: () => performance.now(),
    sleep: () => Promise.resolve(),
    stopping: () => false,
    stopped: new Promise(() => undefined),
  };
  const place = { run: freshRun(), key: 'update' };
  const quiet = { told: () => NOTHING_TOLD, onOutput: () => undefined, onTrouble: () => undefined };
  const work = { is: 'to-begin', place, line } as const;
  const job = { work, bySudo: true, limitMs: 60_000, silenceMs: 60_000, ...quiet };
  const seen = await supervise(far, job).finally(() => host.exec(forgetLine(place.run, [place.key]), limit));
  return seen.is === 'ended' ? seen.ended : null;
}

/** All words and variables of all processes. */
function processes(): string {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => ['cmdline', 'environ'].map(file => `/proc/${name}/${file}`))
    .map(path => {
      try {
        return readFileSync(path, 'latin1');
      } catch {
        return ''; // it ended meanwhile
      }
    })
    .join('\n');
}

for (const transport of ['ssh2', 'openssh'] as const) {
  describe(`sudo by ${transport}`, function () {
    this.timeout(60_000);
    const servers = freshServers();

    const joan = sudoer();

    async function reach(rule: string, password: string | null): Promise<Host> {
      joan.may(rule);
      const passwordOf = () => (password === null ? null : new Secret(password));
      return servers.reach({ ...joan.at(await servers.start()), transport }, { passwordOf });
    }

    it('takes the password, and gives the command its own input and ending', async () => {
      const host = await reach('ALL=(ALL) ALL', joan.password);
      const stdin = randomBytes(300_000);
      const path = `/root/${joan.user}`;
      const written = await host.exec(asRoot('/bin/sh', '-c', `umask 77; cat > ${path}; id -un`), { ...limit, stdin });
      const bytes = readFileSync(path);
      rmSync(path);
      expect(written).to.deep.equal({ is: 'exited', code: 0, out: 'root\n', err: '' });
      expect(bytes.equals(stdin)).to.equal(true);
      expect(await host.exec(asRoot('/bin/sh', '-c', 'cat; echo no >&2; exit 1'), limit)).to.deep.equal({
        is: 'exited',
        code: 1,
        out: '',
        err: 'no\n',
      });
    });

    it('several commands at once all get it', async () => {
      const host = await reach('ALL=(ALL) ALL', joan.password);
      const ended = await Promise.all([1, 2, 3, 4].map(n => host.exec(asRoot('/bin/sh', '-c', `exit ${n}`), limit)));
      expect(ended.map(one => one.is === 'exited' && one.code)).to.deep.equal([1, 2, 3, 4]);
    });

    it('a password that sudo does not want never reaches the command', async () => {
      const host = await reach('ALL=(ALL) NOPASSWD: ALL', joan.password);
      const all = { is: 'exited', code: 0, err: '' };
      expect(await host.exec(asRoot('/bin/cat'), limit)).to.deep.equal({ ...all, out: '' });
      const stdin = Buffer.from('evac1\n');
      expect(await host.exec(asRoot('/bin/cat'), { ...limit, stdin })).to.deep.equal({ ...all, out: 'evac1\n' });
    });

    it('a wrong password is tried once by all commands together, and told', async () => {
      const host = await reach('ALL=(ALL) ALL', 'mist');
      const denied = { is: 'denied', why: 'wrong become password' };
      const stdin = Buffer.from(`${joan.password}\n${joan.password}\n`);
      const line = asRoot('/bin/cat');
      const ended = await Promise.all([host.exec(line, { ...limit, stdin }), host.exec(line, limit)]);
      expect(ended).to.deep.equal([denied, denied]);
      expect(await host.exec(asRoot('/bin/true'), limit)).to.deep.equal(denied);
      expect(await host.exec('echo on', limit)).to.include({ out: 'on\n' });
    });

    it('a long command gets the password through its supervisor, and nothing but its own words come back', async () => {
      const host = await reach('ALL=(ALL) ALL', joan.password);
      const line = asRoot('/bin/sh', '-c', 'id -un; cat; echo no >&2; exit 3');
      expect(await longOn(host, line)).to.deep.equal({ is: 'exited', code: 3, out: 'root\n', err: 'no\n' });
    });

    it('a long command with a wrong password was never begun', async () => {
      const host = await reach('ALL=(ALL) ALL', 'mist');
      expect(await longOn(host, asRoot('/bin/true'))).to.deep.equal({ is: 'denied', why: 'wrong become password' });
    });

    it('without a password one that is asked for is told, and nothing is run', async () => {
      const host = await reach('ALL=(ALL) ALL', null);
      const ended = await host.exec(asRoot('/bin/true'), { ...limit, stdin: Buffer.from(`${joan.password}\n`) });
      expect(ended.is === 'denied' && ended.why).to.match(/^sudo asks for a password, and none is known: -K /);
    });

    it("who isn't in sudoers hears that from sudo, not a status of the command", async () => {
      const host = await reach('ALL=(nobody) ALL', joan.password);
      const ended = await host.exec(asRoot('/bin/true'), limit);
      expect(ended.is === 'denied' && ended.why).to.match(/is not allowed to execute .* as root/);
    });

    it('the password is in the words and the environment of no process', async () => {
      const host = await reach('ALL=(ALL) ALL', joan.password);
      let seen = '';
      const line = asRoot('/bin/sh', '-c', 'echo at work; cat /proc/*/cmdline /proc/*/environ 2>/dev/null; read x');
      const ended = await host.exec(line, { ...limit, onOutput: () => (seen ||= processes()) });
      expect(ended.is === 'exited' && ended.out)
        .to.contain(joan.user)
        .and.not.contain(joan.password);
      expect(seen).to.contain(joan.user).and.not.contain(joan.password);
    });
  });
}
