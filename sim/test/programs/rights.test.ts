// What a simulated user who isn't root may do, alone and through pfexec.
import { expect } from 'chai';
import { readFleet } from '../../world/read.ts';
import { clusterText, hostsOf } from './hosts.ts';
import type { Hosts } from './hosts.ts';

const fleet = `
hosts:
  nacaozumbi:
    users:
      jdoe: { uid: 101, profiles: [Maintenance and Repair, Zone Migration] }
      nobody4: { uid: 102 }
    zones:
      evac1: { storage: iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017 }
  bjork: {}
`;
const hosts = (): Hosts => hostsOf(readFleet(fleet));

describe('a user who is not root', () => {
  it('may list zones, and nothing else, without pfexec', async () => {
    const { run } = hosts();
    expect((await run('nacaozumbi', 'zoneadm list -cp', 'jdoe')).status).to.equal(0);
    for (const line of ['sysadm maintain -s', 'zoneadm -z evac1 halt', 'beadm create x', 'shutdown -y -g 0 -i 6'])
      expect((await run('nacaozumbi', line, 'jdoe')).status, line).to.equal(1);
  });

  it('may do what his profiles say through pfexec, under his own name', async () => {
    const { run, fleet: world } = hosts();
    expect((await run('nacaozumbi', "pfexec /usr/sbin/sysadm maintain -s -m 'a b'", 'jdoe')).status).to.equal(0);
    expect(world.host('nacaozumbi').maintenance).to.include({ user: 'jdoe', message: 'a b' });
  });

  it('keeps the right through a shell that pfexec started', async () => {
    const { run } = hosts();
    const line = `pfexec /usr/bin/bash -c 'sysadm maintain -l && sysadm maintain -s'`;
    expect((await run('nacaozumbi', line, 'jdoe')).status).to.equal(0);
  });

  it('is refused through pfexec what his profiles do not say', async () => {
    const { run } = hosts();
    expect((await run('nacaozumbi', 'pfexec beadm create x', 'jdoe')).status).to.equal(1);
    expect((await run('nacaozumbi', 'pfexec sysadm maintain -s', 'nobody4')).status).to.equal(1);
  });

  it('sees his profiles', async () => {
    const { run } = hosts();
    const { out } = await run('nacaozumbi', 'profiles', 'jdoe');
    expect(out.split('\n')).to.include.members(['Maintenance and Repair', 'Zone Migration', 'Basic Solaris User']);
  });

  it('logs in to another host as root or under his own name where he has an account', async () => {
    const { run } = hosts();
    expect((await run('nacaozumbi', 'ssh -o BatchMode=yes root@bjork true', 'jdoe')).status).to.equal(0);
    expect((await run('nacaozumbi', 'ssh -o BatchMode=yes bjork true', 'jdoe')).status).to.equal(255);
    expect((await run('nacaozumbi', 'ssh -o BatchMode=yes root@bjork.example.com true')).status).to.equal(0);
  });

  it('evacuates with his own key', async () => {
    const { run } = hosts();
    const zone = 'system/zones/zone:evac1';
    await run(
      'nacaozumbi',
      `svccfg -s ${zone} setprop evacuation/target = astring: ssh://root@bjork; svcadm refresh ${zone}`,
    );
    expect((await run('nacaozumbi', 'pfexec sysadm evacuate', 'jdoe')).status).to.equal(0);
  });
});

describe('hosts that do not know each other', () => {
  it('ask for the host key, and nobody answers', async () => {
    const { run } = hostsOf(readFleet(`trust: none\n${fleet}`));
    const { status, err } = await run('nacaozumbi', 'ssh -o BatchMode=yes root@bjork true');
    expect(status).to.equal(255);
    expect(err).to.contain('Host key verification failed');
    expect((await run('nacaozumbi', 'ssh -o StrictHostKeyChecking=accept-new root@bjork true')).err).to.contain(
      'Permission denied',
    );
  });
});

describe('what a host says to a wrong command line', () => {
  for (const line of [
    'sysadm',
    'sysadm evacuate -n -w',
    'sysadm evacuate -l -p',
    'sysadm evacuate -l -o SIZE',
    'sysadm maintain -s -e',
    'zoneadm -z evac1 frobnicate',
    'zoneadm -z evac1 migrate',
    'pkg update --colour',
    'svcs -o shape',
    'svcprop',
  ]) {
    it(`${line}: exit 2`, async () => {
      expect((await hosts().run('nacaozumbi', line)).status).to.equal(2);
    });
  }
});

describe('a zone that is not there', () => {
  for (const [line, text] of [
    ['zoneadm -z nope list -p', 'zoneadm: nope: No such zone configured'],
    ['zonecfg -z nope info', 'nope: No such zone configured'],
    [
      'svcprop -p evacuation/target svc:/system/zones/zone:nope',
      "svcprop: Pattern `svc:/system/zones/zone:nope' doesn't match any entities",
    ],
    [
      'svccfg -s system/zones/zone:nope listprop',
      "svccfg: Pattern 'system/zones/zone:nope' doesn't match any instances or services",
    ],
    ['svcs zone:nope', "svcs: Pattern 'zone:nope' doesn't match any instances"],
  ] as const) {
    it(line, async () => {
      expect(await hosts().run('nacaozumbi', line)).to.deep.include({ status: 1, out: '', err: `${text}\n` });
    });
  }
});

describe('what nobody knows of sysadm', () => {
  const ask = async (ways: string, line: string): Promise<{ out: string; err: string }> => {
    const { run } = hostsOf(readFleet(`sysadm: { ${ways} }\n${fleet}`));
    const { out, err } = await run('nacaozumbi', line);
    return { out, err };
  };
  const held = "sysadm maintain -s -m 'a:b'; sysadm maintain -l -p -o USER,MESSAGE";

  it('is a switch of the fleet file: streams', async () => {
    const none = 'sysadm: no active evacuation\n';
    expect(await ask('streams: stderr', 'sysadm evacuate -l')).to.deep.equal({ out: '', err: none });
    expect(await ask('streams: stdout', 'sysadm evacuate -r')).to.deep.equal({ out: none, err: '' });
  });

  it('is a switch of the fleet file: what divides fields', async () => {
    expect((await ask('machine: escaped', held)).out).to.equal('root:a\\:b\n');
    expect((await ask('machine: plain', held)).out).to.equal('root:a:b\n');
    expect((await ask('machine: blank', held)).out).to.equal('root a:b\n');
  });

  it('is a switch of the fleet file: what an open host says', async () => {
    expect((await ask('', 'sysadm maintain -l')).out).to.equal('');
    expect((await ask('open: header', 'sysadm maintain -l')).out).to.match(/^TYPE +USER +DATE +MESSAGE\n$/);
    expect((await ask('open: header', 'sysadm maintain -l -p -o MESSAGE')).out).to.equal('');
    expect((await ask('open: words', 'sysadm maintain -l')).out).to.match(/^sysadm: /);
  });

  it('is a switch of the fleet file: an evacuation whose sysadm was killed', async () => {
    const hosts = hostsOf(readFleet(`sysadm: { killed: goes-on }\n${clusterText('seed').replace(/^name.*$/m, '')}`));
    hosts.fleet.fault('nacaozumbi', 'evacuate-killed');
    await hosts.run('nacaozumbi', 'sysadm evacuate');
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l')).out).to.contain('in progress');
    await hosts.clock.sleep(120_000);
    expect((await hosts.run('nacaozumbi', 'sysadm evacuate -l -p -o STATE')).out).to.equal('EVACUATED\n'.repeat(3));
  });
});
