// The campaign with the waves that the planner finds, over real SSH: one whole run, and one whose controller is killed
// in the middle of a wave and followed by another.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { snapshots, tried } from '../laws/subject.ts';
import { placeOf } from '../laws/world.ts';
import { cutAfter } from './cut.ts';
import { overSsh, sshWorld } from './place.ts';

const FLEET = `${PAIR}  spare:\n    memory: 128G\n`;
const FOLDER = resolve('playbooks');

/** The shipped playbook from another folder, with what it imports named from there. */
const auto = (): string =>
  readFileSync(join(FOLDER, 'rolling-upgrade.yml'), 'utf8')
    .replace(/^ {2}serial: .*$/m, '  waves: auto\n  return: home')
    .replace('[campaign.yml]', `["${FOLDER}/campaign.yml"]`)
    .replaceAll('import_tasks: ', `import_tasks: ${FOLDER}/`);

describe('rolling-upgrade.yml with waves: auto and return: home, over real SSH', () => {
  it('updates every host and brings every zone home, also when the controller dies in the middle of a wave', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zf-auto-'));
    const playbook = join(folder, 'auto.yml');
    writeFileSync(playbook, auto());
    const subject = await overSsh({ fleet: FLEET, playbook });
    const whole = await tried(subject);
    expect([whole.ran?.verdict, whole.ran?.why]).to.deep.equal(['done', '']);
    const { fleet, seen } = sshWorld(whole.world);
    expect(seen).to.deep.equal([]);
    const places = ['evac1', 'evac2', 'web1', 'tzone1'].map(zone => placeOf(fleet, zone));
    const [home, other] = ['runs on nacaozumbi', 'runs on bjork'];
    expect(places).to.deep.equal([home, home, other, home]);
    const end = { verdict: whole.ran?.verdict, picture: JSON.stringify([...(await snapshots(subject, whole.world))]) };
    await whole.world.close();
    const moving = whole.journal.events.filter(
      event => event.type === 'action-started' && /^zones[.]|^be[.]boot/.test(event.action.step),
    );
    const spots = moving.filter((_, n) => process.env['LAWS'] === 'all' || n === Math.floor(moving.length / 2));
    const wrong: string[] = [];
    for (const { seq } of spots) wrong.push(...(await cutAfter(subject, seq, end)));
    rmSync(folder, { recursive: true, force: true });
    expect(spots).to.have.length.above(0);
    expect(wrong).to.deep.equal([]);
  });
});
