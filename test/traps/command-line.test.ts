// Traps at the command line, over real SSH: two runs, Ctrl-C, secrets, a full disk.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage, type Started } from '../cli/stage.ts';

const CLOSE = 'playbooks/maintain.yml';
const SECRET = 'Zq7-unmistakable-4711';

const closedBy = async (stage: Stage, host = 'nacaozumbi'): Promise<string | null> =>
  (await stage.world()).hosts.find(({ name }) => name === host)?.maintenance?.message ?? null;

/** Every file under a folder, with its bytes as text. */
function filesUnder(folder: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile())
    .map(path => ({ path, text: readFileSync(path, 'latin1') }));
}

describe('trap: at the command line, over real SSH', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());
  afterEach(async () => {
    if ((await closedBy(stage)) === null) return;
    const open = await stage.zf(['run', CLOSE, '-l', 'nacaozumbi', '-e', 'state=open', '--yes']);
    expect(open.code, open.err).to.equal(0);
  });

  const WAITING = 'sleep 1000000';
  /** Closes the host, runs what only the test ends, and would then leave a file there. */
  const slow = (): string =>
    stage.write(
      'slow.yml',
      `- hosts: nacaozumbi
  tasks:
    - name: Close
      maintenance.begin: { message: slow }
    - name: Wait
      shell: { cmd: "echo waiting; ${WAITING} || true" }
    - name: Leave a mark
      copy: { dest: /root/mark, content: "x", mode: "0600" }
`,
    );
  const mark = async (): Promise<string> => {
    const playbook = stage.write(
      'look.yml',
      `- hosts: nacaozumbi\n  tasks:\n    - assert: { that: ["true"] }\n    - command: { cmd: /usr/bin/ls /root, reads: true }\n`,
    );
    return (await stage.zf(['run', playbook, '--yes', '-v'])).err;
  };

  /** It has begun: the host itself said so. */
  const begun = (): Promise<Started> => stage.start(['run', slow(), '--yes', '-v'], /\| waiting/);
  const interrupt = async (run: Started, times: 1 | 2 | 3): Promise<void> => {
    for (const says of [/stopping: what runs/, /rolling back what/, /stopping now/].slice(0, times)) {
      run.kill('SIGINT');
      await run.said(says);
    }
  };
  const interrupted = async (times: 1 | 2 | 3): Promise<Started> => {
    const run = await begun();
    await interrupt(run, times);
    // Only the third one leaves what runs behind.
    if (times < 3) stage.end('nacaozumbi', WAITING);
    return run;
  };

  it('of two runs at once on one host the second is told who holds it, and touches nothing', async () => {
    const first = await begun();
    const held = await closedBy(stage);
    const second = await stage.zf(['run', CLOSE, '-l', 'nacaozumbi', '-e', 'state=open', '--yes']);
    expect(second.code, second.err).to.equal(5);
    const id = held?.slice(-8) ?? '';
    expect(second.err).to.match(new RegExp(`host nacaozumbi is held by run ${id} of \\S+ since \\d{4}-\\d\\d-\\d\\dT`));
    expect(second.err).to.contain('nothing was touched');
    expect(await closedBy(stage)).to.equal(held);
    await interrupt(first, 3);
    expect((await first.ended).code).to.equal(7);
    expect(readdirSync(join(stage.dir, 'state', 'locks'))).to.deep.equal([]);
  });

  it('Ctrl-C once: nothing more is started, nothing is undone', async () => {
    const { code, out } = await (await interrupted(1)).ended;
    expect(code).to.equal(7);
    expect(out).to.contain('ended stopped');
    expect(await closedBy(stage)).to.match(/^slow run/);
    expect(await mark()).to.not.contain('mark');
  });

  it('Ctrl-C twice: what was done is put back', async () => {
    const { code, out } = await (await interrupted(2)).ended;
    expect(code).to.equal(3);
    expect(out).to.contain('ended rolled-back');
    expect(await closedBy(stage)).to.equal(null);
  });

  it('Ctrl-C three times: it ends at once, all stays as it is, and can be resumed', async () => {
    const { code, out } = await (await interrupted(3)).ended;
    expect(code).to.equal(7);
    expect(out).to.contain('ended stopped');
    stage.end('nacaozumbi', WAITING);
    const message = await closedBy(stage);
    expect(message).to.match(/^slow run/);
    expect(readdirSync(join(stage.dir, 'state', 'locks'))).to.deep.equal([]);
    const back = await stage.zf(['rollback', message?.slice(-8) ?? '', '--yes']);
    expect(back.code, back.err).to.equal(3);
    expect(await closedBy(stage)).to.equal(null);
  });

  it('a secret of a no_log task is in no file of the state folder, and is never shown', async () => {
    const playbook = stage.write(
      'secret.yml',
      `- hosts: nacaozumbi
  on_failure: stop
  tasks:
    - name: Put it there
      no_log: true
      shell: { cmd: "printf '%s%s' Zq7-unmistakable -4711 > /root/secret" }
    - name: Read it
      no_log: true
      command: { cmd: /usr/bin/cat /root/secret, reads: true }
      register: read
    - name: Use it
      no_log: true
      shell: { cmd: "echo {{read.stdout}}; echo {{read.stdout}} >&2" }
    - name: Fail with it
      no_log: true
      shell: { cmd: "echo wrong password {{read.stdout}} >&2; exit 3" }
`,
    );
    const run = await stage.zf(['run', playbook, '--yes', '-v']);
    expect(run.code, run.err).to.equal(7);
    expect(run.err).to.contain('Fail with it');
    const [newest] = (await stage.zf(['runs', '--json'])).out.split('\n');
    const { id } = JSON.parse(newest ?? '{}') as { id: string };
    const shown = await stage.zf(['show', id, '-v']);
    const json = await stage.zf(['show', id, '--json']);
    for (const said of [run.out, run.err, shown.out, shown.err, json.out, json.err])
      expect(said).to.not.contain(SECRET);
    const files = filesUnder(join(stage.dir, 'state'));
    expect(files.map(({ path }) => path).filter(path => path.includes(id))).to.have.length.of.at.least(3);
    expect(files.filter(({ text }) => text.includes(SECRET)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('a state folder that can’t be written is told, and nothing is touched', async () => {
    const file = stage.write('not-a-folder', '');
    const run = await stage.zf(['run', CLOSE, '-l', 'nacaozumbi', '--yes'], { ZONEFERRY_STATE: join(file, 'state') });
    expect(run.code, run.err).to.equal(2);
    expect(run.err).to.contain(join(file, 'state')).and.contain('nothing was touched');
    expect(run.err).to.not.contain('bug');
    expect(await closedBy(stage)).to.equal(null);
  });

  it('the five plays imported into one playbook are refused before anything is touched', async () => {
    const plays = ['update', 'evacuate', 'reboot', 'return', 'maintain'];
    const playbook = stage.write(
      'five.yml',
      plays.map(name => `- import_playbook: ${join(process.cwd(), 'playbooks', `${name}.yml`)}\n`).join(''),
    );
    const before = await stage.world();
    const run = await stage.zf(['run', playbook, '--yes']);
    expect(run.code, run.err).to.equal(5);
    expect(run.err).to.contain('max_out').and.contain('nothing was touched');
    expect(await stage.world()).to.deep.equal(before);
  });
});
