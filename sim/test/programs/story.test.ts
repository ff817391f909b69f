// The whole way of a simulated host: update, close, empty, boot, open, return; and what outlives the boot.
import { expect } from 'chai';
import { fleetState } from '../../world/report.ts';
import { seedHosts } from './hosts.ts';
import type { Hosts } from './hosts.ts';

const UPDATE = "pkg update --accept --no-be-activate --be-name new81 entire@11.4-11.4.81.0.1.193.2 '*'";

async function well(hosts: Hosts, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { status, err } = await hosts.run('nacaozumbi', line);
    expect(status, `${line}: ${err}`).to.equal(0);
  }
}

describe('the whole way of a host', () => {
  it('update, close, empty, boot, open, return ends with every zone at home in the new boot environment', async () => {
    const hosts = seedHosts();
    await well(hosts, [
      UPDATE,
      'sysadm maintain -s -m "updating to new build"',
      'sysadm evacuate -va',
      'beadm activate new81',
      'shutdown -y -g 0 -i 6',
    ]);
    await hosts.clock.sleep(200_000);
    await well(hosts, ['sysadm maintain -e', 'sysadm evacuate -ra']);
    const [home] = fleetState(hosts.fleet).hosts;
    expect(home).to.include({
      boot_environment: 'new81',
      entire: '11.4-11.4.81.0.1.193.2',
      boots: 1,
      maintenance: null,
    });
    expect(home?.zones.filter(z => z.state === 'running').map(z => z.name)).to.have.members([
      'evac1',
      'evac2',
      'evac3',
    ]);
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l')).out).to.equal('sysadm: no active evacuation\n');
    expect(hosts.problems).to.deep.equal([]);
  });

  it('maintenance and the evacuation record outlive the boot into another environment', async () => {
    const hosts = seedHosts();
    await well(hosts, ['beadm create -a other', 'sysadm maintain -s -m w', 'sysadm evacuate -va', 'reboot']);
    await hosts.clock.sleep(200_000);
    expect((await hosts.run('nacaozumbi', 'sysadm maintain -l -p -o MESSAGE')).out).to.equal('w\n');
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l -p -o ZONENAME,STATE')).out.split('\n')).to.include(
      'evac1:EVACUATED',
    );
  });

  it('beginning maintenance again wipes the record of where the zones are', async () => {
    const hosts = seedHosts();
    await well(hosts, ['sysadm maintain -s', 'sysadm evacuate -a', 'sysadm maintain -e', 'sysadm maintain -s']);
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l')).out).to.equal('sysadm: no active evacuation\n');
  });

  it('a target that was set and not refreshed is not used', async () => {
    const hosts = seedHosts();
    const zone = 'system/zones/zone:evac1';
    await well(hosts, [`svccfg -s ${zone} setprop evacuation/target = astring: ssh://root@elsewhere`]);
    expect((await hosts.run('nacaozumbi', `svcprop -p evacuation/target ${zone}`)).out).to.equal('ssh://root@bjork\n');
    await well(hosts, [`svcadm refresh ${zone}`]);
    expect((await hosts.run('nacaozumbi', `svcprop -p evacuation/target ${zone}`)).out).to.contain('elsewhere');
  });

  it('an orphaned evacuation is seen as in progress, and a second one is refused', async () => {
    const hosts = seedHosts();
    const first = hosts.run('nacaozumbi', 'sysadm evacuate');
    await hosts.clock.sleep(3_000);
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l')).out).to.equal('sysadm: evacuation in progress\n');
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate')).status).to.equal(1);
    expect((await first).status).to.equal(0);
  });
});
