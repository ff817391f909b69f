// The whole program in a process of its own, over real SSH in (fast) real time: killed at six places and resumed, and
// what one, two and three Ctrl-C mean while zones leave, while the host boots, while zones come home.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { openStage, type Said, type Stage, type World } from '../cli/stage.ts';
import { progress } from './progress.ts';

/** Five minutes of a host are two and a half seconds here: longer than what a loaded machine needs for a look. */
const SPEED = '120';
const NEW = 's11.4.81-w48';
const words = ['run', 'playbooks/rolling-upgrade.yml', '--yes'] as const;
const PLACES = {
  build: 'Build, not yet active',
  close: 'Close the host',
  evacuate: 'Move the zones',
  boot: 'Boot the new system',
  open: 'Open the host',
  return: 'Bring the zones home',
} as const;

/** What a user of the hosts sees: where each zone is and whether it runs, who is closed. */
const picture = (world: World): readonly string[] =>
  world.hosts.flatMap(host => [
    `${host.name} ${host.maintenance === null ? 'open' : 'closed'}`,
    ...host.zones.filter(zone => zone.state !== 'configured').map(zone => `${host.name} ${zone.name} ${zone.state}`),
  ]);
const systems = (world: World): readonly string[] => world.hosts.map(host => host.boot_environment);

const runIn = ({ dir }: Stage): string => readdirSync(join(dir, 'state', 'runs'))[0] ?? '';
/** What the lines say of each Ctrl-C once it is in the journal. */
const HEARD = [/ says stop$/m, / says rollback$/m, / says now$/m] as const;

async function interrupted(stage: Stage, place: keyof typeof PLACES, times: number): Promise<Said> {
  const child = await stage.start(words, new RegExp(`${PLACES[place]} \\.\\.\\.`));
  for (const heard of HEARD.slice(0, times)) {
    child.kill('SIGINT');
    await child.said(heard);
  }
  return child.ended;
}

describe('rolling-upgrade.yml in a process of its own, over real SSH', () => {
  const say = progress('killed and interrupted', 12);
  const folder = mkdtempSync(join(tmpdir(), 'zf-pair-'));
  const fleet = join(folder, 'pair.yaml');
  let stage: Stage;
  let first: World;
  before(() => writeFileSync(fleet, PAIR));
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    stage = await openStage('--fleet', fleet, '--speed', SPEED);
    first = await stage.world();
  });
  afterEach(async function () {
    await stage.close();
    say(this.currentTest?.title ?? '');
  });

  async function goesOn(): Promise<void> {
    const resumed = await stage.zf(['resume', runIn(stage), '--yes']);
    const after = await stage.world();
    expect(resumed.code, resumed.err + resumed.out).to.equal(0);
    expect(systems(after)).to.deep.equal([NEW, NEW]);
    expect(picture(after)).to.deep.equal(picture(first));
  }

  for (const [place, text] of Object.entries(PLACES))
    it(`killed during ${place}, it is resumed to the same end`, async () => {
      const child = await stage.start(words, new RegExp(`${text} \\.\\.\\.`));
      child.kill('SIGKILL');
      expect((await child.ended).code).to.equal(null);
      await goesOn();
    });

  for (const place of ['evacuate', 'boot', 'return'] as const)
    it(`one Ctrl-C during ${place}: what runs comes to its end, nothing more starts, and it can be resumed`, async () => {
      const said = await interrupted(stage, place, 1);
      expect(said.err).to.contain('stopping: what runs comes to its end');
      expect(said.code, said.out).to.equal(7);
      await goesOn();
    });

  for (const place of ['evacuate', 'boot'] as const)
    it(`two Ctrl-C during ${place}: the host goes back, as it was`, async () => {
      const said = await interrupted(stage, place, 2);
      const after = await stage.world();
      expect(said.code, said.err + said.out).to.equal(3);
      expect(picture(after)).to.deep.equal(picture(first));
      expect(systems(after)).to.deep.equal(systems(first));
    });

  it('three Ctrl-C during evacuate: it ends at once and kills no migration; resumed, it takes the host back and begins no other', async () => {
    const said = await interrupted(stage, 'evacuate', 3);
    expect(said.code, said.err + said.out).to.be.oneOf([4, 7]);
    expect(said.out).to.contain('nacaozumbi');
    const resumed = await stage.zf(['resume', runIn(stage), '--yes']);
    const after = await stage.world();
    expect(resumed.code, resumed.err + resumed.out).to.equal(3);
    expect(picture(after)).to.deep.equal(picture(first));
    expect(systems(after)).to.deep.equal(systems(first));
  });
});
