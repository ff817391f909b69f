// Shipped playbooks on the hosts of the lab, reached by the system's ssh; and what a user without the rights hears there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from '../cli/stage.ts';
import { freshFolders } from '../edge/folder.ts';

const FLEET = `hosts:
  nacaozumbi:
    users:
      jdoe: { uid: 101, profiles: [Maintenance and Repair] }
    zones:
      evac1: { storage: iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017, target: ssh://root@bjork }
  bjork:
    users:
      jdoe: { uid: 101, profiles: [Maintenance and Repair, Zone Migration, Zone Configuration] }
`;

describe("the lab by the system's ssh", function () {
  this.timeout(240_000);
  const folder = freshFolders();
  let stage: Stage;
  afterEach(() => stage?.close());

  function writtenFleet(): string {
    const path = join(folder(), 'fleet.yml');
    writeFileSync(path, FLEET);
    return path;
  }

  /** The lab's inventory, with another way to its hosts. */
  function reachedBy(lines: string, user = 'root'): readonly string[] {
    const text = readFileSync(stage.inventory, 'utf8');
    const path = `${stage.inventory.slice(0, -4)}-openssh.yml`;
    const name = path.slice(path.lastIndexOf('/') + 1);
    stage.write(`lab/${name}`, text.replaceAll('      user: root\n', `      user: ${user}\n${lines}`));
    return ['-i', path];
  }

  it('evacuate.yml closes a host and empties it, and return.yml brings everything home', async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '200');
    const words = reachedBy('      transport: openssh\n');
    const zones = async () => {
      const { hosts } = await stage.world();
      const at = hosts.find(host => host.name === 'nacaozumbi')?.zones ?? [];
      return at.filter(zone => zone.state === 'running').map(zone => zone.name);
    };
    const before = await zones();
    const limit = ['--limit', 'nacaozumbi', '--yes', ...words];
    const away = await stage.zf(['run', 'playbooks/evacuate.yml', ...limit]);
    expect(away.code, away.err).to.equal(0);
    expect(await zones()).to.deep.equal([]);
    const home = await stage.zf(['run', 'playbooks/return.yml', ...limit]);
    expect(home.code, home.err).to.equal(0);
    expect(before).to.not.deep.equal([]);
    expect(await zones()).to.have.members(before);
  });

  it('names the rights profiles that a user lacks, and nothing is touched', async () => {
    stage = await openStage('--fleet', writtenFleet(), '--speed', '200');
    const words = reachedBy('      transport: openssh\n', 'jdoe');
    const run = await stage.zf(['run', 'playbooks/evacuate.yml', '--limit', 'nacaozumbi', '--yes', ...words]);
    expect(run.code).to.not.equal(0);
    expect((run.out + run.err).replace(/\s+/g, ' ')).to.contain(
      'user jdoe lacks profile "Zone Migration" (zoneadm migrate), "Zone Configuration" (zonecfg); usermod -P +"Zone Migration,Zone Configuration" jdoe',
    );
    const { hosts } = await stage.world();
    expect(hosts.map(host => host.maintenance)).to.deep.equal([null, null]);
  });
});
