// The seed's story, played by OpenSSH's client on the lab's two hosts: each command shows what the transcript of that
// step shows, byte for byte. Then what a cut and a boot do to somebody at the other end of a real client.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { expect } from 'chai';
import type { OpenSsh } from './openssh.ts';
import { collected, hasOpenSsh, said, startSeed } from './openssh.ts';

const TRANSCRIPTS = fileURLToPath(new URL('../../transcripts', import.meta.url));
/** An evacuation takes a second then, and a boot more than four: time enough to ask meanwhile, on a busy machine, too. */
const SPEED = 20;
/** One a second: longer than a boot. */
const KNOCKS = 90;

interface Step {
  readonly story: string;
  readonly title: string;
  readonly command: string;
  readonly host: string;
  readonly exit: string;
  readonly text: string;
}

function steps(): readonly Step[] {
  const files = readdirSync(TRANSCRIPTS, { recursive: true, encoding: 'utf8' }).map(name => join(TRANSCRIPTS, name));
  return files
    .filter(path => path.endsWith('.txt') && statSync(path).isFile())
    .map(path => readFileSync(path, 'utf8'))
    .map(file => {
      const [head = '', text = ''] = file.split(/^---\n/m);
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? '';
      const [story, title, command] = [field('story'), field('title'), field('command')];
      return { story, title, command, host: field('host'), exit: field('exit'), text };
    })
    .filter(step => step.story !== '')
    .sort((a, b) => Number(a.story) - Number(b.story));
}

/** The transcript as a pattern: a hole takes any text of its line. */
function pattern(text: string): RegExp {
  const parts = text.split(/\{\{[^}]*\}\}/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^\\n]*')}$`);
}

/** Lines that come in the order in which things happened, sorted by what they are about: progress, zones that run. */
function settled(text: string): string {
  const happened = (line: string): string | null =>
    /^sysadm: (initializing migration of|migrating) .*/.exec(line)?.[0] ??
    /^(?:\{\{.*\}\}| *[1-9]\d*) (.* running .*)/.exec(line)?.[1] ??
    null;
  const lines = text.split('\n');
  const moving = lines.filter(line => happened(line) !== null);
  moving.sort((a, b) => ((happened(a) ?? '') < (happened(b) ?? '') ? -1 : 1));
  return lines.map(line => (happened(line) === null ? line : (moving.shift() ?? ''))).join('\n');
}

describe('OpenSSH at the hosts of the seed', function () {
  this.timeout(150_000);
  let seed: OpenSsh & { readonly stop: () => Promise<void> };

  before(async function () {
    if (!hasOpenSsh()) this.skip();
    seed = await startSeed(SPEED);
  });
  after(async () => {
    await seed?.stop();
  });

  const all = steps();
  const whileEvacuating = all.find(step => step.story === '10');

  for (const step of all.filter(one => one !== whileEvacuating)) {
    it(`${step.story}: ${step.host}, ${step.title}`, async () => {
      const asking =
        step.story === '09' && whileEvacuating ? await seed.ready(whileEvacuating.host, whileEvacuating.command) : null;
      const client = seed.start(step.host, step.command);
      const ended = collected(client);
      if (asking !== null) {
        await said(client, /^sysadm: evacuating /m);
        asking.go();
      }
      const { status, out, err } = await ended;
      const shown = settled(out + err);
      expect(shown, shown).to.match(pattern(settled(step.text)));
      if (step.exit === '0') expect(status).to.equal(0);
      if (step.exit === 'unknown, not 0') expect(status).to.be.greaterThan(0).and.not.equal(255);
      if (asking === null) return;
      const meanwhile = await asking.ran;
      expect(meanwhile.out + meanwhile.err).to.match(pattern(whileEvacuating?.text ?? ''));
    });
  }

  it('the zones are home again, in the state they had', async () => {
    const { out } = await seed.ssh('nacaozumbi', 'zoneadm list -cv');
    const states = out.split('\n').map(line => line.trim().split(/ +/).slice(1, 3).join(' '));
    for (const zone of ['evac1 running', 'evac2 running', 'evac3 running', 'evac4 installed', 'tzone1 installed']) {
      expect(states).to.include(zone);
    }
  });

  it('gives the exit status of the command, and its two streams apart', async () => {
    const ran = await seed.ssh('bjork', 'echo out; echo err >&2; exit 42');
    expect(ran).to.deep.equal({ status: 42, out: 'out\n', err: 'err\n' });
  });

  it('sftp puts, renames, lists and gets a file, the same byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256));
    writeFileSync(join(seed.dir, 'up'), bytes);
    const batch = ['mkdir run', 'put up run/part', 'rename run/part run/whole', 'chmod 600 run/whole', 'ls -l run'];
    const { status, out } = await seed.sftp('bjork', [...batch, 'get run/whole down', 'rm run/whole', 'rmdir run']);
    expect(out).to.match(/^-rw------- .* 300000 .* whole$/m);
    expect(status).to.equal(0);
    expect(readFileSync(join(seed.dir, 'down')).equals(bytes)).to.equal(true);
  });

  it('a person at a terminal gets a prompt, an echo, and the status of exit', async () => {
    const { status, out } = await seed.type('bjork', ['cd /var/tmp', 'pwd', 'exit 5']);
    expect(out).to.contain('root@bjork:/root# ').and.contain('\r\n/var/tmp\r\n');
    expect(status).to.equal(5);
  });

  it('a script on standard input runs as it comes', async () => {
    expect(await seed.feed('bjork', 'read x\nword\necho "got $x"\nexit 6\n')).to.include({
      status: 6,
      out: 'got word\n',
    });
  });

  it('a killed client leaves its command running on the host', async () => {
    const marking = "trap 'echo survived >>/var/tmp/mark; exit' USR1; echo $$; sleep 1000000 & wait";
    const client = seed.start('bjork', marking);
    const [first] = (await once(client.stdout ?? client, 'data')) as [Buffer];
    const pid = Number(first.toString());
    client.kill('SIGKILL');
    await once(client, 'close');
    expect((await seed.ssh('bjork', `kill -0 ${pid}`)).status).to.equal(0);
    const watch = seed.start('bjork', 'touch /var/tmp/mark; tail -f /var/tmp/mark');
    expect((await seed.ssh('bjork', `kill -USR1 ${pid}`)).status).to.equal(0);
    await said(watch, /^survived$/m);
    watch.kill();
  });

  it('a reboot cuts the client without a status; the port is closed for a while, and then open', async () => {
    const client = seed.ssh('bjork', 'sleep 100000');
    const shutdown = 'nohup shutdown -y -g 0 -i 6 </dev/null >/dev/null 2>&1 &';
    expect((await seed.ssh('bjork', shutdown)).status).to.equal(0);
    expect((await client).status).to.equal(255);
    expect((await seed.ssh('bjork', 'true')).err).to.contain('refused');
    expect((await seed.patient('bjork', 'true', KNOCKS)).status).to.equal(0);
  });
});
