// What a hurried person does to a program, and what it says then.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openStage, type Stage } from './stage.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('misuse', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  it('a state folder that can’t be made is told, and nothing is touched', async () => {
    const file = stage.write('a-file', '');
    const said = await stage.zf(['run', 'playbooks/maintain.yml', '--yes'], { ZONEFERRY_STATE: join(file, 'state') });
    expect(said.code, said.err).to.equal(2);
    expect(said.err).to.contain('ENOTDIR').and.contain('nothing was touched');
    expect((await stage.world()).hosts.map(host => host.maintenance)).to.deep.equal([null, null]);
  });

  it('a file that is no text, and a plan that is none, are one line each', async () => {
    const binary = join(stage.dir, 'binary.yml');
    writeFileSync(binary, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 10]));
    const said = await stage.zf(['check', binary]);
    expect(said.code).to.equal(2);
    expect(said.err).to.contain('this is not a text').and.contain('1 error');
    const plan = await stage.zf(['run', stage.write('plan.json', '{}'), '--yes']);
    expect(plan.code).to.equal(2);
    expect(plan.err).to.contain("isn't a plan");
  });

  it('a run whose folder can’t be read is told by name, and the others are listed', async () => {
    const id = 'deadbeef';
    await stage.zf(['run', 'playbooks/maintain.yml', '-l', 'bjork', '--yes', '--check']);
    mkdirSync(join(stage.dir, 'state', 'runs', id), { recursive: true });
    const runs = await stage.zf(['runs']);
    expect(runs.code).to.equal(0);
    expect(runs.out).to.contain('maintain.yml');
    expect(runs.err).to.contain(`run ${id} can't be read`);
  });

  it('nobody listening to standard output kills no run', async () => {
    const { stdout } = await promisify(execFile)(
      'sh',
      [
        '-c',
        `node bin/zoneferry.js steps | head -1; node bin/zoneferry.js run playbooks/maintain.yml -l bjork --yes --json -i "$1" | head -1 > /dev/null; echo over`,
        'sh',
        stage.inventory,
      ],
      { cwd: root, env: { ...process.env, ZONEFERRY_STATE: join(stage.dir, 'state') } },
    );
    expect(stdout).to.contain('assert').and.contain('over');
    expect((await stage.world()).hosts[1]?.maintenance).not.to.equal(null);
  });

  for (const args of [['--version'], ['steps'], ['inventory', '--list', '-i', 'a,b']]) {
    it(`an answer that the disk has no room for is no answer: ${args[0]}`, async () => {
      const script = 'node bin/zoneferry.js "$@" > /dev/full; echo $?';
      const said = await promisify(execFile)('sh', ['-c', script, 'sh', ...args], { cwd: root });
      expect(said.stdout).to.equal('2\n');
      expect(said.stderr).to.contain("standard output can't be written: ENOSPC");
    });
  }

  for (const more of [[], ['--json']]) {
    it(`a run whose story has no room ends as it went, and says where the story is ${more.join('')}`, async () => {
      const script = 'node bin/zoneferry.js run playbooks/maintain.yml -l bjork --yes -i "$@" > /dev/full; echo $?';
      const said = await promisify(execFile)('sh', ['-c', script, 'sh', stage.inventory, ...more], {
        cwd: root,
        env: { ...process.env, ZONEFERRY_STATE: join(stage.dir, 'state') },
      });
      expect(said.stdout).to.equal('0\n');
      expect(said.stderr).to.match(
        /standard output can't be written: ENOSPC[^\n]*; run (\w{8}) is carried out all the same: zoneferry show \1 tells it; its journal is \S+\/\1\/journal\.jsonl/,
      );
      expect(said.stderr.match(/can't be written/g)).to.have.lengthOf(1);
    });
  }

  it('a folder in the place of a playbook is told with the playbooks in it', async () => {
    const said = await stage.zf(['check', 'playbooks']);
    expect(said.code).to.equal(2);
    expect(said.err)
      .to.contain('it is a folder')
      .and.match(/help: .*maintain\.yml/);
  });

  it('of a file that is something else, a few errors are shown and the others counted', async () => {
    const said = await stage.zf(['check', 'README.md']);
    expect(said.code).to.equal(2);
    expect(said.err.match(/^error/gm)).to.have.lengthOf(3);
    expect(said.err).to.match(/and \d+ more syntax errors in README\.md/);
  });

  it('bytes that are no text are never shown at a terminal', async () => {
    const binary = join(stage.dir, 'bytes.yml');
    writeFileSync(binary, Buffer.from([0x9b, 0x41, 0x42, 0x43, 0, 10]));
    const said = await stage.zf(['check', binary]);
    expect(said.err).to.contain('it is not a text').and.to.contain('bytes.yml').and.not.contain('ABC');
  });

  it('a file of variables that can’t be read is told, not passed over', async () => {
    const beside = join(stage.dir, 'latin');
    mkdirSync(join(beside, 'group_vars'), { recursive: true });
    writeFileSync(join(beside, 'hosts'), 'bjork\n');
    writeFileSync(join(beside, 'group_vars', 'all.yml'), Buffer.from('where: K\u00f6ln\n', 'latin1'));
    const said = await stage.zf(['inventory', '-i', join(beside, 'hosts')]);
    expect(said.code).to.equal(2);
    expect(said.err).to.contain("all.yml can't be read: line 1 is not UTF-8: save it as UTF-8");
  });

  it('a file of an inventory folder that can’t be read is told', async () => {
    const folder = join(stage.dir, 'inventory');
    mkdirSync(folder);
    copyFileSync(stage.inventory, join(folder, 'here.yml'));
    symlinkSync(join(stage.dir, 'gone.yml'), join(folder, 'more.yml'));
    const said = await stage.zf(['check', 'playbooks/maintain.yml', '-i', folder]);
    expect(said.err).to.contain('more.yml').and.to.contain('there is no such file');
  });

  it('no runs yet is said, with the folder in which they would be', async () => {
    const state = join(stage.dir, 'nothing-yet');
    const said = await stage.zf(['runs'], { ZONEFERRY_STATE: state });
    expect([said.code, said.out, said.err]).to.deep.equal([0, '', `no runs in ${state}\n`]);
    const show = await stage.zf(['show', ''], { ZONEFERRY_STATE: state });
    expect([show.code, show.err]).to.deep.equal([2, 'no run is called ""; zoneferry runs lists them\n']);
  });

  it('a state folder that can’t be used is named, with how to take another, and no half of a run is left', async () => {
    const state = join(stage.dir, 'half');
    mkdirSync(state);
    writeFileSync(join(state, 'locks'), '');
    const said = await stage.zf(['run', 'playbooks/maintain.yml', '--yes'], { ZONEFERRY_STATE: state });
    expect(said.code, said.err).to.equal(2);
    expect(said.err).to.contain(`the state folder is ${state}`).and.to.contain('ZONEFERRY_STATE');
    expect((await stage.zf(['runs'], { ZONEFERRY_STATE: state })).err).to.equal(`no runs in ${state}\n`);
  });

  it('--out that can’t be written is told by the name that was given', async () => {
    const nowhere = join(stage.dir, 'no', 'such', 'plan.json');
    for (const words of [['plan', 'playbooks/maintain.yml'], ['facts']]) {
      const missing = await stage.zf([...words, '--out', nowhere]);
      expect([missing.code, missing.err]).to.deep.equal([
        2,
        `--out: ${nowhere} can't be written: there is no such folder\n`,
      ]);
      const folder = await stage.zf([...words, '--out', stage.dir]);
      expect(folder.err).to.equal(`--out: ${stage.dir} can't be written: it is a folder\n`);
    }
  });

  describe('of a run that was killed', () => {
    const WAITING = 'sleep 3000000';
    const book = (): string =>
      stage.write(
        'killed.yml',
        `- hosts: nacaozumbi
  tasks:
    - name: Close
      maintenance.begin: { message: killed }
    - name: Wait
      shell: { cmd: "echo waiting; ${WAITING} || true" }
`,
      );
    const newest = async (): Promise<string> => {
      const [first = '{}'] = (await stage.zf(['runs', '--json'])).out.split('\n');
      return (JSON.parse(first) as { readonly id: string }).id;
    };

    it('show says that nobody works on it, resume and rollback leave alone what another process carries out', async () => {
      const run = await stage.start(['run', book(), '--yes', '-v'], /\| waiting/);
      const id = await newest();
      expect((await stage.zf(['show', id])).err).to.equal('');
      for (const word of ['resume', 'rollback']) {
        const said = await stage.zf([word, id]);
        expect(said.code).to.equal(5);
        expect(said.err).to.match(new RegExp(`^run ${id} is going on: .* \\(process \\d+\\); nothing was touched\n$`));
      }
      run.kill('SIGKILL');
      await run.ended;
      stage.end('nacaozumbi', WAITING);
      expect((await stage.zf(['show', id])).err).to.contain(`zoneferry resume ${id}`);
      const asked = await stage.zf(['rollback', id]);
      expect([asked.code, asked.err]).to.deep.equal([
        2,
        '  nacaozumbi: undo "Close": maintenance.end\nnobody is here to be asked: say --yes; nothing was touched\n',
      ]);
      const back = await stage.zf(['rollback', id, '--yes']);
      expect(back.err + back.out).to.contain('Close: undone');
    });
  });
});
