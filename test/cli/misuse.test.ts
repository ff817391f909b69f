// What a hurried person does to a program, and what it says then.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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
});
