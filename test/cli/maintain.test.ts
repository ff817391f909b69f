// The shortest shipped playbook from the command line, there and back, over real SSH.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage, type World } from './stage.ts';

const maintain = 'playbooks/maintain.yml';
const closed = (world: World): readonly (string | null)[] => world.hosts.map(host => host.maintenance?.message ?? null);

describe("maintain.yml on the seed's two hosts, over real SSH", function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  it('a plan changes nothing, and with --detailed-exitcode says that there are changes', async () => {
    const before = await stage.world();
    const plan = await stage.zf(['plan', maintain, '-l', 'nacaozumbi', '--detailed-exitcode']);
    expect(plan.code, plan.err).to.equal(8);
    expect(plan.out).to.contain('nacaozumbi').and.contain('maintenance.begin');
    expect(await stage.world()).to.deep.equal(before);
  });

  it('without a terminal it wants --yes, and touches nothing', async () => {
    const run = await stage.zf(['run', maintain, '-l', 'nacaozumbi']);
    expect(run.code).to.equal(2);
    expect(run.err).to.contain('--yes');
    expect(closed(await stage.world())).to.deep.equal([null, null]);
  });

  it('closes one host with its run id in the message, and a second run changes nothing', async () => {
    const run = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '-e', 'why=DIMM swap', '--yes']);
    expect(run.code, run.err).to.equal(0);
    expect(closed(await stage.world())[0]).to.match(/^DIMM swap run [0-9a-f]{8}$/);
    expect(closed(await stage.world())[1]).to.equal(null);
    const before = await stage.world();
    const again = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '-e', 'why=DIMM swap', '--yes']);
    expect(again.code, again.err).to.equal(0);
    expect(closed(await stage.world())[1]).to.equal(null);
    expect((await stage.world()).hosts[0]?.zones).to.deep.equal(before.hosts[0]?.zones);
  });

  it('rolls the newest window back, and opens what an ended run closed', async () => {
    const open = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '-e', 'state=open', '--yes']);
    expect(open.code, open.err).to.equal(0);
    expect(closed(await stage.world())).to.deep.equal([null, null]);
    await stage.zf(['run', maintain, '-l', 'bjork', '--yes']);
    const [newest] = (await stage.zf(['runs', '--json'])).out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { id: string });
    const rollback = await stage.zf(['rollback', newest?.id ?? '', '--yes']);
    expect(rollback.code, rollback.err).to.equal(3);
    expect(closed(await stage.world())).to.deep.equal([null, null]);
  });

  it('--check says what would change and changes nothing', async () => {
    const check = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '--check']);
    expect(check.code, check.err).to.equal(0);
    expect(closed(await stage.world())).to.deep.equal([null, null]);
  });

  it("--json prints the journal's lines, the last one with the verdict", async () => {
    const run = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '--check', '--json']);
    const lines = run.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; seq: number; at: number; verdict?: string });
    expect(lines.map(line => line.seq)).to.deep.equal(lines.map((_, index) => index + 1));
    expect(lines.at(-1)).to.include({ type: 'run-ended', verdict: 'done' });
  });

  it("an assertion that doesn't hold stops the run before anything is touched", async () => {
    const run = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '-e', 'state=ajar', '--yes']);
    expect(run.code, run.err).to.equal(5);
    expect(run.err).to.contain('state is closed or open');
    expect(closed(await stage.world())).to.deep.equal([null, null]);
  });

  it('a saved plan runs, and is refused when a host is not what it was', async () => {
    const out = join(stage.dir, 'plan.json');
    await stage.zf(['plan', maintain, '-l', 'bjork', '--out', out]);
    const run = await stage.zf(['run', out, '--yes']);
    expect(run.code, run.err).to.equal(0);
    const stale = await stage.zf(['run', out, '--yes']);
    expect(stale.code).to.equal(5);
    expect(stale.err).to.contain('bjork: its maintenance is not what it was');
    await stage.zf(['run', maintain, '-l', 'bjork', '-e', 'state=open', '--yes']);
  });

  it('killed at any moment, resume comes to the same end', async () => {
    const started = await stage.start(['run', maintain, '--yes', '-e', 'why=kill me'], /Close \.\.\./);
    started.kill('SIGKILL');
    await started.ended;
    const newest = (await stage.zf(['runs', '--json'])).out.split('\n')[0] ?? '{}';
    const { id } = JSON.parse(newest) as { id: string };
    const resumed = await stage.zf(['resume', id]);
    expect(resumed.code, resumed.err).to.equal(0);
    expect(closed(await stage.world())).to.deep.equal([`kill me run ${id}`, `kill me run ${id}`]);
    expect(readdirSync(join(stage.dir, 'state', 'locks'))).to.deep.equal([]);
  });
});
