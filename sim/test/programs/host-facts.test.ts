// The small programs that a preflight asks. Forms are those of captures and manual pages.
import { expect } from 'chai';
import { readFleet } from '../../world/read.ts';
import { worldProblems } from '../../world/problems.ts';
import { clusterText, hostsOf, seedHosts } from './hosts.ts';

const HOME = 'nacaozumbi';

describe('a host says what it is', () => {
  for (const [line, pattern] of [
    ['hostname', /^nacaozumbi\n$/],
    ['hostid', /^[0-9a-f]{8}\n$/],
    ['pagesize', /^4096\n$/],
    ['zonename', /^global\n$/],
    ['uname -p; uname -m', /^i386\ni86pc\n$/],
    ['psrinfo -p', /^1\n$/],
    ['psrinfo -pv', /^The physical processor has 16 cores and 32 virtual processors \(0-31\)\n {2}x86 \(GenuineIntel /],
    ['who -b', /^ {3}\. {8}system boot {2}Jan 13 01:10\n$/],
    ['kstat -p unix:0:system_pages:physmem', /^unix:0:system_pages:physmem\t33554432\n$/],
    ['kstat -p zfs:0:arcstats:size zfs:0:arcstats:c_max', /^zfs:0:arcstats:c_max\t\d+\nzfs:0:arcstats:size\t\d+\n$/],
    ['kstat -p cpu_info:0::brand', /^cpu_info:0:cpu_info0:brand\tIntel/],
    ['zpool list -Hp -o name,size,free,cap,health', /^rpool\t214748364800\t\d+\t\d+\tONLINE\n$/],
    ['zpool status -x', /^all pools are healthy\n$/],
    ['zfs get -Hp available,quota rpool', /^rpool\tavailable\t\d+\t-\nrpool\tquota\t0\t-\n$/],
    ['virtinfo -c supported list kernel-zone', /^NAME +CLASS\nkernel-zone +supported\n$/],
    ['fmadm faulty -s', /^$/],
    ['svcs -xv', /^$/],
    ['svcs -H -o state network/kz-migr:stream', /^online\n$/],
    ['profiles', /^All\n$/],
    ['zonecfg -z global info file-mac-profile', /^file-mac-profile: \n$/],
    ['zoneadm -z evac1 migrate -c list ssh://root@bjork', /aes-128-ccm/],
    ['pkg freeze -H', /^$/],
    ['dladm show-link -p -o link,state', /^net0:up\n$/],
    ['dladm show-aggr -x -p', /^$/],
    ['ntpq -pn', /^\*192\.0\.2\.1 /m],
    ['bootadm list-menu', /^default 0\n/m],
    ['cat /etc/release', /Oracle Solaris 11\.4 X86\n/],
  ] as const) {
    it(line, async () => {
      const { status, out } = await seedHosts().run(HOME, line);
      expect(out).to.match(pattern);
      expect(status).to.equal(0);
    });
  }

  it('a statistic that does not exist prints nothing, exit 1', async () => {
    expect(await seedHosts().run(HOME, 'kstat -p unix:0:nope')).to.deep.include({ status: 1, out: '' });
  });

  it('free memory goes down by what a kernel zone takes', async () => {
    const hosts = seedHosts();
    const free = async (): Promise<number> =>
      Number((await hosts.run('bjork', 'kstat -p unix:0:system_pages:freemem')).out.split('\t')[1]);
    const before = await free();
    await hosts.run(HOME, 'zoneadm -z evac1 migrate ssh://root@bjork');
    expect((before - (await free())) * 4096 * 2).to.be.within(4 * 2 ** 30, 4.2 * 2 ** 30);
  });
});

describe('pkg history', () => {
  it('tells a killed update as Canceled, and its clone stays mounted', async () => {
    const hosts = seedHosts();
    const running = hosts.run(HOME, 'pkg update --be-name x');
    await hosts.clock.sleep(70_000);
    const pid = hosts.fleet.host(HOME).pkgLock?.pid ?? 0;
    hosts.fleet.host(HOME).machine?.kill(pid, 'TERM');
    expect((await running).status).to.equal('signalled');
    expect((await hosts.run(HOME, 'beadm list -H x')).out).to.contain(';;/tmp/tmp');
    const columns = 'operation,outcome,be,new_be,reason';
    const { out } = await hosts.run(HOME, `pkg history -H -n 1 -o ${columns}`);
    expect(out.trim().split(/\s+/)).to.deep.equal(['update', 'Canceled', 'solaris', 'x', 'None']);
    expect((await hosts.run(HOME, 'pkg update --be-name y')).status).to.equal(0);
  });

  it('marks an environment that is gone with a star', async () => {
    const hosts = seedHosts();
    await hosts.run(HOME, 'pkg update --no-be-activate --be-name x; beadm destroy -F x');
    expect((await hosts.run(HOME, 'pkg history -H -n 1 -o new_be,reason')).out).to.match(/^x\* +None\n$/);
  });
});

describe('svccfg', () => {
  const zone = 'system/zones/zone:evac1';
  it('reads its commands from standard input', async () => {
    const hosts = seedHosts();
    const script = `select ${zone}\\nsetprop evacuation/target = astring: "ssh://root@other"\\nrefresh\\n`;
    expect((await hosts.run(HOME, `printf '${script}' | svccfg -f -`)).status).to.equal(0);
    expect((await hosts.run(HOME, `svcprop -p evacuation/target ${zone}`)).out).to.equal('ssh://root@other\n');
  });

  it('takes a property without a type, and gives up a deleted one after the refresh', async () => {
    const hosts = seedHosts();
    await hosts.run(HOME, `svccfg -s ${zone} setprop evacuation/target=ssh://targethost`);
    await hosts.run(HOME, `svcadm refresh ${zone}`);
    expect((await hosts.run(HOME, `svcprop -p evacuation/target ${zone}`)).out).to.equal('ssh://targethost\n');
    await hosts.run(HOME, `svccfg -s ${zone} delprop evacuation/target`);
    expect((await hosts.run(HOME, `svcprop -p evacuation/target ${zone}`)).status).to.equal(0);
    await hosts.run(HOME, `svcadm refresh ${zone}`);
    expect((await hosts.run(HOME, `svcprop -p evacuation/target ${zone}`)).status).to.equal(1);
  });

  it('lists nothing, with success, for a property that is not there', async () => {
    expect(await seedHosts().run(HOME, `svccfg -s ${zone} listprop evacuation/nope`)).to.deep.include({
      status: 0,
      out: '',
    });
  });

  it('refuses a property of a group that is nowhere', async () => {
    const hosts = seedHosts();
    expect((await hosts.run(HOME, `svccfg -s ${zone} setprop mine/x = astring: y`)).status).to.equal(1);
    expect((await hosts.run(HOME, `svccfg -s ${zone} addpg mine application`)).status).to.equal(0);
    expect((await hosts.run(HOME, `svccfg -s ${zone} setprop mine/x = astring: y`)).status).to.equal(0);
  });
});

describe('what lives in a boot environment', () => {
  it('a target set in the new one is gone after going back', async () => {
    const hosts = seedHosts();
    const zone = 'system/zones/zone:on-fixes';
    const reboot = async (be: string): Promise<void> => {
      await hosts.run(HOME, `beadm activate ${be}; init 6`);
      await hosts.clock.sleep(300_000);
    };
    await hosts.run(HOME, 'beadm create new');
    await reboot('new');
    await hosts.run(
      HOME,
      `svccfg -s ${zone} setprop evacuation/target = astring: ssh://root@bjork; svcadm refresh ${zone}`,
    );
    await hosts.run(HOME, 'echo x > /etc/touched; echo y > /var/share/kept');
    await reboot('solaris');
    expect((await hosts.run(HOME, `svcprop -p evacuation/target ${zone}`)).status).to.equal(1);
    expect((await hosts.run(HOME, 'cat /etc/touched')).status).to.not.equal(0);
    expect((await hosts.run(HOME, 'cat /var/share/kept')).out).to.equal('y\n');
  });

  it('the running one and the one active on reboot cannot be destroyed', async () => {
    const hosts = seedHosts();
    await hosts.run(HOME, 'beadm create -a new');
    expect((await hosts.run(HOME, 'beadm destroy -F solaris')).status).to.equal(1);
    expect((await hosts.run(HOME, 'beadm destroy -F new')).status).to.equal(1);
    expect((await hosts.run(HOME, 'beadm activate solaris; beadm destroy -F new')).status).to.equal(0);
    expect((await hosts.run(HOME, 'beadm create solaris')).err).to.contain('already exists');
  });
});

describe('zones at a boot', () => {
  const zones =
    'hosts: { a: { zones: { z1: { autoboot: true, storage: "iscsi://s/luname.naa.1" }, z2: { storage: "iscsi://s/luname.naa.2" } } } }';
  const states = async (hosts: ReturnType<typeof seedHosts>): Promise<readonly string[]> =>
    (await hosts.run('a', 'zoneadm list -ip')).out
      .split('\n')
      .slice(1, 3)
      .map(l => l.split(':').slice(1, 3).join(' '));

  it('those with autoboot come up', async () => {
    const hosts = hostsOf(readFleet(zones));
    await hosts.run('a', 'reboot');
    await hosts.clock.sleep(300_000);
    expect(await states(hosts)).to.deep.equal(['z1 running', 'z2 installed']);
  });

  it('stay down while maintenance is held, their service in maintenance, until it is cleared', async () => {
    const hosts = hostsOf(readFleet(zones));
    await hosts.run('a', 'sysadm maintain -s; reboot');
    await hosts.clock.sleep(300_000);
    expect(await states(hosts)).to.deep.equal(['z1 installed', 'z2 installed']);
    expect((await hosts.run('a', 'svcs -H -o state zone:z1')).out).to.equal('maintenance\n');
    expect((await hosts.run('a', 'zoneadm -z z1 boot')).err).to.equal(
      "zoneadm: zone 'z1': boot prevented due to system maintenance: see sysadm(8)\n",
    );
    await hosts.run('a', 'sysadm maintain -e; svcadm clear svc:/system/zones/zone:z1');
    await hosts.clock.sleep(10_000);
    expect(await states(hosts)).to.deep.equal(['z1 running', 'z2 installed']);
  });
});

describe('the shipped fleet of hosts that differ', () => {
  const mixed = () => hostsOf(readFleet(clusterText('mixed')));
  it('keeps the laws of the world', () => {
    expect(worldProblems(mixed().fleet)).to.deep.equal([]);
  });

  for (const [zone, from, to, answer] of [
    ['build', 'nacaozumbi', 'bjork', 'not shared'],
    ['tzone1', 'nacaozumbi', 'bjork', 'live migration is not supported'],
    ['news', 'saison', 'bjork', 'configuration check failed'],
    ['mail', 'saison', 'spare', 'not accessible'],
    ['db1', 'bjork', 'bjork', 'invalid destination'],
  ] as const) {
    it(`${zone} does not go from ${from} to ${to}`, async () => {
      const { status, err } = await mixed().run(from, `zoneadm -z ${zone} migrate ssh://root@${to}`);
      expect(status).to.equal(1);
      expect(err).to.contain(answer);
    });
  }

  it('a zone held to a migration class goes to another kind of processor', async () => {
    expect((await mixed().run('saison', 'zoneadm -z mail migrate -q ssh://root@bjork')).all).to.equal('');
  });
});
