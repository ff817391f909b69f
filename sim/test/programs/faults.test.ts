// Every fault of the table strikes: what it promises can be seen on the host.
import { expect } from 'chai';
import { faultKinds } from '../../world/fault-table.ts';
import { activeBe } from '../../world/fleet.ts';
import { readFleet } from '../../world/read.ts';
import { clusterText, hostsOf, seedHosts } from './hosts.ts';
import type { Hosts, Said } from './hosts.ts';

const HOME = 'nacaozumbi';
const run = (hosts: Hosts, line: string, host = HOME): Promise<Said> => hosts.run(host, line);

async function booted(hosts: Hosts, before: readonly string[] = ['beadm create -a new81']): Promise<void> {
  for (const line of before) await run(hosts, line);
  await run(hosts, 'shutdown -y -g 0 -i 6');
  await hosts.clock.sleep(300_000);
}

const tested = new Set<string>();

function strikes(name: string, what: string, check: (hosts: Hosts) => Promise<void>): void {
  tested.add(name);
  it(`${name}: ${what}`, async () => {
    const hosts = seedHosts();
    await check(hosts);
  });
}

describe('a fault at a call', () => {
  const maintain = 'sysadm maintain -s -m x';
  const closed = (hosts: Hosts): boolean => hosts.fleet.host(HOME).maintenance !== null;

  it('refuses exactly the n-th call', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'zoneadm-list-refuses', { nth: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await run(hosts, 'zoneadm list')).status);
    expect(statuses).to.deep.equal([0, 1, 0]);
  });

  it('strikes only the named zone', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'zoneadm-halt-refuses', { zone: 'evac2' });
    expect((await run(hosts, 'zoneadm -z evac1 halt')).status).to.equal(0);
    expect((await run(hosts, 'zoneadm -z evac2 halt')).status).to.equal(1);
  });

  it('cuts the line before the effect', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'sysadm-maintain-lost-before');
    expect((await run(hosts, maintain)).status).to.equal('lost');
    expect(closed(hosts)).to.equal(false);
  });

  it('cuts the line after the effect, unanswered', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'sysadm-maintain-lost-after');
    expect(await run(hosts, maintain)).to.include({ status: 'lost', all: '' });
    expect(closed(hosts)).to.equal(true);
  });

  it('cuts the line during a silent evacuation, which goes on', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'sysadm-evacuate-lost-during');
    expect((await run(hosts, 'sysadm evacuate -q')).status).to.equal('lost');
    expect((await run(hosts, 'sysadm evacuate -l')).out).to.equal('sysadm: evacuation in progress\n');
    await hosts.clock.sleep(120_000);
    expect((await run(hosts, 'sysadm evacuate -l -p -o STATE')).out).to.equal('EVACUATED\n'.repeat(3));
  });

  it('cuts the line during a talking evacuation, which dies of it and is cancelled', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'sysadm-evacuate-lost-during');
    await run(hosts, 'sysadm evacuate -v');
    await hosts.clock.sleep(120_000);
    expect(hosts.fleet.host(HOME).live.size).to.equal(3);
    expect(hosts.fleet.host(HOME).evacuating).to.equal(false);
    expect(hosts.problems).to.deep.equal([]);
  });

  it('cuts the line during an update, at the moment that was said: pkg dies of it and leaves its clone', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'pkg-update-lost-during', { afterMs: 70_000 });
    expect((await run(hosts, 'pkg update --be-name x')).status).to.equal('lost');
    await hosts.clock.sleep(120_000);
    expect((await run(hosts, 'beadm list -H x')).out).to.contain(';;/tmp/tmp');
    expect((await run(hosts, 'pkg history -H -n 1 -o outcome,reason')).out).to.match(/^Canceled/);
  });

  it('makes a command slow', async () => {
    const hosts = seedHosts();
    hosts.fleet.fault(HOME, 'uname-slow');
    const before = hosts.clock.now();
    expect((await run(hosts, 'uname')).status).to.equal(0);
    expect(hosts.clock.now() - before).to.be.at.least(60_000);
  });

  for (const status of [1, 3, 4, 6, 7, 9, 10, 99]) {
    strikes(`pkg-exit-${status}`, `pkg update exits ${status} and changes nothing`, async hosts => {
      hosts.fleet.fault(HOME, `pkg-exit-${status}`);
      expect((await run(hosts, 'pkg update --be-name x')).status).to.equal(status);
      expect([...hosts.fleet.host(HOME).bes.keys()]).to.deep.equal(['solaris']);
    });
  }
  for (const [name, status] of [
    ['no-space', 1],
    ['be-exists', 1],
    ['pkg-constrained', 9],
    ['clone-fails', 1],
    ['pkg-transport', 1],
  ] as const) {
    strikes(name, `pkg update exits ${status}`, async hosts => {
      hosts.fleet.fault(HOME, name);
      expect((await run(hosts, 'pkg update --be-name x')).status).to.equal(status);
      expect((await run(hosts, 'pkg update --be-name x')).status).to.equal(0);
    });
  }
  strikes('pkg-locked', 'the image stays locked', async hosts => {
    hosts.fleet.fault(HOME, 'pkg-locked');
    expect((await run(hosts, 'pkg update')).status).to.equal(7);
    expect((await run(hosts, 'pkg update')).status).to.equal(7);
    hosts.fleet.clearFaults(HOME);
    expect((await run(hosts, 'pkg update')).status).to.equal(0);
  });
});

describe('a fault of a migration', () => {
  for (const name of ['target-unreachable', 'auth-failure'] as const) {
    strikes(name, 'ssh and evacuation towards the host fail', async hosts => {
      hosts.fleet.fault('bjork', name);
      expect((await run(hosts, 'ssh -o BatchMode=yes root@bjork true')).status).to.equal(255);
      expect((await run(hosts, 'sysadm evacuate')).status).to.equal(1);
      expect(hosts.fleet.host(HOME).live.size).to.equal(3);
    });
  }
  for (const name of ['migration-stalls', 'evacuate-fails-once'] as const) {
    strikes(name, 'one zone stays; a second evacuation takes it', async hosts => {
      hosts.fleet.fault(HOME, name, { zone: 'evac2' });
      expect((await run(hosts, 'sysadm evacuate')).status).to.equal(1);
      expect([...hosts.fleet.host(HOME).live.keys()]).to.deep.equal(['evac2']);
      expect((await run(hosts, 'sysadm evacuate -l -p -o ZONENAME,STATE')).out).to.contain('evac2:FAILED');
      expect((await run(hosts, 'sysadm evacuate')).status).to.equal(0);
      expect((await run(hosts, 'sysadm evacuate -l -p -o STATE')).out).to.equal('EVACUATED\n'.repeat(3));
      expect(hosts.problems).to.deep.equal([]);
    });
  }
  strikes('evacuate-fails-always', 'the zone never leaves', async hosts => {
    hosts.fleet.fault(HOME, 'evacuate-fails-always', { zone: 'evac2' });
    for (let i = 0; i < 3; i++) expect((await run(hosts, 'sysadm evacuate')).status).to.equal(1);
    expect(hosts.fleet.host(HOME).live.has('evac2')).to.equal(true);
  });
  for (const [name, second] of [
    ['return-fails-once', 0],
    ['return-fails-always', 1],
  ] as const) {
    strikes(name, 'the zone stays where it runs, and on the record', async hosts => {
      await run(hosts, 'sysadm evacuate');
      hosts.fleet.fault(HOME, name, { zone: 'evac1' });
      expect((await run(hosts, 'sysadm evacuate -r')).status).to.equal(1);
      expect((await run(hosts, 'sysadm evacuate -l -p -o ZONENAME')).out).to.equal('evac1\n');
      expect(hosts.fleet.host('bjork').live.has('evac1')).to.equal(true);
      expect((await run(hosts, 'sysadm evacuate -r')).status).to.equal(second);
    });
  }
  strikes('evacuate-killed', 'sysadm is gone and its migrations are cancelled', async hosts => {
    hosts.fleet.fault(HOME, 'evacuate-killed');
    expect((await run(hosts, 'sysadm evacuate')).status).to.equal('signalled');
    await hosts.clock.sleep(120_000);
    expect(hosts.fleet.host(HOME).live.size).to.equal(3);
    expect((await run(hosts, 'sysadm evacuate')).status).to.equal(0);
  });
  strikes('zone-panics-on-resume', 'it is there, running by name, and panicked', async hosts => {
    hosts.fleet.fault('bjork', 'zone-panics-on-resume', { zone: 'evac2' });
    await run(hosts, 'sysadm evacuate');
    expect((await run(hosts, 'zoneadm list -s', 'bjork')).out).to.match(/evac2 +running +panicked\n/);
  });
  strikes('dry-run-leaves-debris', 'the zone is migrating-in there until it is halted', async hosts => {
    hosts.fleet.fault('bjork', 'dry-run-leaves-debris');
    expect((await run(hosts, 'zoneadm -z evac1 migrate -n ssh://root@bjork')).status).to.equal(1);
    expect((await run(hosts, 'zoneadm list -s', 'bjork')).out).to.match(/evac1 +running +migrating-in\n/);
    expect((await run(hosts, 'zoneadm -z evac1 migrate ssh://root@bjork')).status).to.equal(1);
    expect((await run(hosts, 'zoneadm -z evac1 halt', 'bjork')).status).to.equal(0);
    expect((await run(hosts, 'zoneadm -z evac1 migrate ssh://root@bjork')).status).to.equal(0);
    expect(hosts.problems).to.deep.equal([]);
  });
  strikes('power-cut-while-evacuating', 'each zone is whole on one host', async hosts => {
    hosts.fleet.fault(HOME, 'power-cut-while-evacuating');
    expect((await run(hosts, 'sysadm evacuate')).status).to.equal('lost');
    await hosts.clock.sleep(300_000);
    expect(hosts.fleet.host(HOME).boots).to.equal(1);
    expect(hosts.problems).to.deep.equal([]);
    expect((await run(hosts, 'sysadm evacuate -l')).out).to.not.contain('in progress');
  });
});

describe('a fault of an update', () => {
  strikes('pkg-fails-half-way', 'the clone stays, mounted and not active', async hosts => {
    hosts.fleet.fault(HOME, 'pkg-fails-half-way');
    expect((await run(hosts, 'pkg update --be-name x')).status).to.equal(1);
    const line = (await run(hosts, 'beadm list -H x')).out;
    expect(line).to.match(/^x;[^;]+;;\/tmp\/tmp\w+;/);
    expect((await run(hosts, 'pkg update --be-name x')).err).to.contain("'x' already exists");
    expect((await run(hosts, 'beadm destroy -F x')).status).to.equal(1);
    expect((await run(hosts, 'beadm unmount x; beadm destroy -F x')).status).to.equal(0);
  });
  strikes('pkg-not-activated', 'exit 0, but the old environment keeps R', async hosts => {
    hosts.fleet.fault(HOME, 'pkg-not-activated');
    expect((await run(hosts, 'pkg update --be-name x')).status).to.equal(0);
    expect(hosts.fleet.host(HOME).next).to.equal('solaris');
  });
  strikes('power-cut-after-build', 'the host boots what is active on reboot', async hosts => {
    hosts.fleet.fault(HOME, 'power-cut-after-build');
    expect((await run(hosts, 'pkg update --be-name x')).status).to.equal('lost');
    await hosts.clock.sleep(300_000);
    expect(hosts.fleet.host(HOME).active).to.equal('x');
  });
});

describe('a fault of a boot', () => {
  strikes('host-stays-down', 'nobody answers any more', async hosts => {
    hosts.fleet.fault(HOME, 'host-stays-down');
    await booted(hosts);
    expect((await run(hosts, 'true')).status).to.equal('not-sent');
  });
  strikes('boots-old-be', 'R stays on the new environment', async hosts => {
    hosts.fleet.fault(HOME, 'boots-old-be');
    await booted(hosts);
    expect((await run(hosts, 'beadm list -H -o name,flags')).out).to.equal('new81;R\nsolaris;N\n');
  });
  strikes('boots-twice', 'it is up, then gone, then up', async hosts => {
    hosts.fleet.fault(HOME, 'boots-twice');
    await booted(hosts);
    expect(hosts.fleet.host(HOME).boots).to.equal(2);
  });
  strikes('shutdown-ignored', 'the old boot answers for ten minutes more', async hosts => {
    hosts.fleet.fault(HOME, 'shutdown-ignored');
    await booted(hosts);
    expect(hosts.fleet.host(HOME)).to.include({ boots: 0, port: 'open' });
    await hosts.clock.sleep(600_000);
    expect(hosts.fleet.host(HOME).boots).to.equal(1);
  });
  strikes('wrong-boot-time', 'the boot time is the old one', async hosts => {
    const ask = 'kstat -p unix:0:system_misc:boot_time';
    const before = (await run(hosts, ask)).out;
    hosts.fleet.fault(HOME, 'wrong-boot-time');
    await booted(hosts);
    expect((await run(hosts, ask)).out).to.equal(before);
  });
  strikes('host-key-changed', 'others refuse to connect', async hosts => {
    hosts.fleet.fault(HOME, 'host-key-changed');
    await booted(hosts);
    expect((await run(hosts, `ssh -o BatchMode=yes root@${HOME} true`, 'bjork')).err).to.contain('HAS CHANGED');
  });
  strikes('known-hosts-lost', 'it cannot connect to others', async hosts => {
    hosts.fleet.fault(HOME, 'known-hosts-lost');
    await booted(hosts);
    expect((await run(hosts, 'ssh -o BatchMode=yes root@bjork true')).err).to.contain('Host key verification failed');
  });
  strikes('stale-zone-index', 'zones that are away look unavailable or installed', async hosts => {
    hosts.fleet.fault(HOME, 'stale-zone-index');
    await booted(hosts, ['beadm create -a new81', 'sysadm maintain -s', 'sysadm evacuate -a']);
    const states = (await run(hosts, 'zoneadm list -cp')).out.split('\n').map(l => l.split(':').slice(1, 3).join(' '));
    expect(states).to.include.members(['evac1 unavailable', 'tzone1 installed']);
    expect(hosts.problems).to.deep.equal([]);
  });
  for (const [name, fmri, state] of [
    ['service-in-maintenance', 'network/ntp:default', 'maintenance'],
    ['multi-user-server-offline', 'milestone/multi-user-server:default', 'offline'],
    ['rad-down-after-boot', 'system/rad:local', 'maintenance'],
  ] as const) {
    strikes(name, `${fmri} is in ${state}`, async hosts => {
      hosts.fleet.fault(HOME, name);
      await booted(hosts);
      expect((await run(hosts, `svcs -H -o state,fmri ${fmri}`)).out).to.equal(`${state.padEnd(14)} svc:/${fmri}\n`);
      expect((await run(hosts, 'svcs -xv')).out).to.contain(`svc:/${fmri}`);
    });
  }
});

describe('a fault at once', () => {
  strikes('power-cut', 'the line is lost and the host comes back', async hosts => {
    const running = run(hosts, 'pkg update --be-name x');
    await hosts.clock.sleep(1_000);
    hosts.fleet.fault(HOME, 'power-cut');
    expect((await running).status).to.equal('lost');
    await hosts.clock.sleep(300_000);
    expect((await run(hosts, 'true')).status).to.equal(0);
  });
  strikes('rad-down', 'sysadm prints only an error', async hosts => {
    hosts.fleet.fault(HOME, 'rad-down');
    expect(await run(hosts, 'sysadm maintain -l')).to.deep.include({ status: 1, out: '' });
  });
  strikes('target-in-maintenance', 'no zone gets in', async hosts => {
    hosts.fleet.fault('bjork', 'target-in-maintenance');
    expect((await run(hosts, 'sysadm evacuate -a')).status).to.equal(1);
    expect(hosts.fleet.host('bjork').live.size).to.equal(0);
  });
  strikes('privileges-missing', 'even listing maintenance is refused', async hosts => {
    hosts.fleet.fault(HOME, 'privileges-missing');
    expect((await run(hosts, 'sysadm maintain -l')).status).to.equal(1);
    expect((await run(hosts, 'pkg update')).status).to.equal(1);
  });
  strikes('out-of-memory', 'no zone boots there', async hosts => {
    hosts.fleet.fault('bjork', 'out-of-memory');
    expect((await run(hosts, 'zoneadm -z evac1 migrate ssh://root@bjork')).err).to.contain('memory');
  });
  strikes('config-mismatch', 'the zone is not accepted', async hosts => {
    hosts.fleet.fault('bjork', 'config-mismatch', { zone: 'evac1' });
    expect((await run(hosts, 'zoneadm -z evac1 migrate ssh://root@bjork')).err).to.contain('capped-memory:physical');
    expect((await run(hosts, 'zoneadm -z evac1 migrate -w ssh://root@bjork')).status).to.equal(0);
  });
  strikes('storage-missing', 'the disk cannot be looked up', async hosts => {
    hosts.fleet.fault('bjork', 'storage-missing', { zone: 'evac1' });
    const uri = 'iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017';
    expect((await run(hosts, `suriadm lookup-mapping -H ${uri}`)).status).to.equal(0);
    expect((await run(hosts, `suriadm lookup-mapping -H ${uri}`, 'bjork')).status).to.equal(1);
  });
  strikes('zone-vanishes', 'the host has never heard of it', async hosts => {
    hosts.fleet.fault(HOME, 'zone-vanishes', { zone: 'evac1' });
    expect((await run(hosts, 'zoneadm -z evac1 list -p')).err).to.contain('No such zone configured');
  });
  strikes('zone-unavailable', 'booting shows the host data', async hosts => {
    hosts.fleet.fault(HOME, 'zone-unavailable', { zone: 'evac4' });
    expect((await run(hosts, 'zoneadm -z evac4 list -p')).out).to.contain(':unavailable:');
    expect((await run(hosts, 'zoneadm -z evac4 attach')).err).to.contain('in use by host with');
  });
  strikes('zone-booted-elsewhere', 'a cold zone runs at its destination', async hosts => {
    await run(hosts, 'sysadm evacuate -a');
    hosts.fleet.fault('bjork', 'zone-booted-elsewhere', { zone: 'evac4' });
    expect((await run(hosts, 'zoneadm list', 'bjork')).out).to.contain('evac4');
  });
  strikes('service-wide-target', 'a zone without its own target has one', async hosts => {
    hosts.fleet.fault('bjork', 'service-wide-target');
    const ask = 'svcprop -p evacuation/target svc:/system/zones/zone:on-fixes';
    expect((await run(hosts, ask, 'bjork')).out).to.equal('ssh://root@nacaozumbi\n');
    expect((await run(hosts, `${ask.replace('-p', '-C -p')}`, 'bjork')).status).to.equal(1);
  });
  strikes('old-evacuation-rows', 'sysadm lists what nobody evacuated', async hosts => {
    hosts.fleet.fault(HOME, 'old-evacuation-rows', { zone: 'web1' });
    expect((await run(hosts, 'sysadm evacuate -l -p -o ZONENAME,STATE')).out).to.equal('web1:EVACUATED\n');
  });
  strikes('clock-skew', 'the host is behind', async hosts => {
    hosts.fleet.fault(HOME, 'clock-skew');
    await run(hosts, 'sysadm maintain -s');
    expect(hosts.fleet.host(HOME).maintenance?.at).to.be.lessThan(hosts.clock.now() - 90_000);
  });
  strikes('newer-host', 'an update would be a downgrade', async hosts => {
    hosts.fleet.fault(HOME, 'newer-host');
    expect((await run(hosts, 'uname -v')).out).to.equal('11.4.84.201.2\n');
    expect((await run(hosts, 'pkg update -n')).status).to.equal(4);
    expect((await run(hosts, 'pkg update -n --be-name d entire@11.4-11.4.81')).status).to.equal(0);
  });
  strikes('pool-degraded', 'zpool status -x says so', async hosts => {
    hosts.fleet.fault(HOME, 'pool-degraded');
    expect((await run(hosts, 'zpool status -x')).out).to.contain('DEGRADED');
    expect((await run(hosts, 'zpool list -Ho name,health')).out).to.equal('rpool\tDEGRADED\n');
  });
  strikes('guest-domains', 'ldm lists them', async hosts => {
    hosts.fleet.fault(HOME, 'guest-domains');
    expect((await run(hosts, 'ldm list -p')).out).to.contain('name=g1');
  });
  strikes('one-path-missing', 'mpathadm counts one', async hosts => {
    hosts.fleet.fault(HOME, 'one-path-missing');
    expect((await run(hosts, 'mpathadm list lu')).out).to.contain('Operational Path Count: 1');
  });
  strikes('varshare-full', 'nothing is available there', async hosts => {
    hosts.fleet.fault(HOME, 'varshare-full');
    expect((await run(hosts, 'zfs get -Hp -o value available rpool/VARSHARE')).out).to.equal('0\n');
    expect((await run(hosts, 'sysadm maintain -s')).err).to.contain('No space left');
  });
});

describe('the table of faults', () => {
  it('has no row that nothing shows', () => {
    const special = [...faultKinds().values()].filter(
      k => k.place.is !== 'call' || !/-(refuses|lost-\w+|slow)$/.test(k.name),
    );
    expect(special.map(k => k.name).filter(name => !tested.has(name))).to.deep.equal([]);
  });

  it('makes a native zone of another host immovable for sysadm only while it runs', async () => {
    const hosts = hostsOf(readFleet(clusterText('seed')));
    await run(hosts, 'zoneadm -z tzone1 boot');
    expect((await run(hosts, 'sysadm evacuate -a')).status).to.equal(1);
    expect((await run(hosts, 'sysadm evacuate -l -p -o ZONENAME,STATE')).out).to.contain('tzone1:SKIPPED');
    await run(hosts, 'zoneadm -z tzone1 shutdown');
    expect((await run(hosts, 'sysadm evacuate -a')).status).to.equal(0);
    expect(activeBe(hosts.fleet.host('bjork')).index.get('tzone1')?.state).to.equal('installed');
  });
});
