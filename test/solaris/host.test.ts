// The readers of what a host says of itself, against recorded output.
import { expect } from 'chai';
import * as beadm from '../../src/solaris/beadm.ts';
import * as boot from '../../src/solaris/boot.ts';
import * as host from '../../src/solaris/host.ts';
import { exited, says } from './transcript.ts';

describe('boot environments', () => {
  const two = 'BE2;u2;;;55296;static;1211397974\nBE5;u5;NR;/;7786206208;noevict,static;1221004384\n';

  it('are read with their flags, policies and dates', () => {
    const read = beadm.list().read(exited('beadm/list-H'));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    expect(read.value).to.include({ active: 'BE5', next: 'BE5' });
    expect(read.value.names[0]).to.deep.equal({
      name: 'BE2',
      uuid: '4659d6ee-76a0-c90f-e2e9-a3fcb570ccd5',
      flags: '',
      mountpoint: '',
      spaceBytes: 55296,
      policy: ['static'],
      created: 1211397974,
    });
  });

  it('tell which one runs from which one boots next', () => {
    const read = beadm.list().read(says(two.replace(';u2;;', ';u2;R;').replace(';NR;', ';N;')));
    expect(read).to.have.nested.property('value.active', 'BE5');
    expect(read).to.have.nested.property('value.next', 'BE2');
  });

  it('are not understood when none runs, or two boot next', () => {
    expect(beadm.list().read(says(two.replace(';NR;', ';R;')))).to.have.property('is', 'unreadable');
    expect(beadm.list().read(says(two.replace(';u2;;', ';u2;R;')))).to.have.property('is', 'unreadable');
    expect(beadm.list().read(says(''))).to.have.property('is', 'unreadable');
  });

  it('know the mark of one that cannot boot', () => {
    const row = beadm.readRow('z-1;u;!;;1;static;2');
    if (row.is !== 'ok') throw new Error(row.is);
    expect(beadm.cannotBoot(row.value)).to.equal(true);
  });

  it('are not read from the table for people', () => {
    expect(beadm.list().read(exited('beadm/list'))).to.have.property('is', 'unreadable');
  });

  it('are changed as the manual says', () => {
    expect(beadm.destroy('r81', 'unmount').argv.slice(1)).to.deep.equal(['destroy', '-fF', 'r81']);
    expect(beadm.setPolicy('r80', 'noevict', true).argv.slice(1)).to.deep.equal(['set-policy', '-n', 'noevict', 'r80']);
    expect(beadm.setPolicy('r80', 'noevict', false).argv.slice(1)).to.deep.equal([
      'set-policy',
      '-n',
      '-noevict',
      'r80',
    ]);
  });
});

describe('a reboot', () => {
  it('stops services in order, and is heard when it is refused', () => {
    expect(boot.reboot().argv.join(' ')).to.equal('/usr/sbin/shutdown -y -g 0 -i 6');
    expect(boot.reboot().read(says('', 1, 'shutdown: not authorized\n'))).to.have.property('is', 'refused');
  });

  it('is proved by the boot time that the host itself gives', () => {
    expect(boot.bootTime().read(exited('kstat/boot-time'))).to.deep.equal({ is: 'ok', value: 1548249689 });
    expect(boot.bootTime().read(says('', 1))).to.have.property('is', 'refused');
  });

  it('is not proved by a clock that was set, nor by a boot before the order', () => {
    expect(boot.isNewBoot(1000, 1003, 900)).to.equal(false);
    expect(boot.isNewBoot(1000, 2000, 1900)).to.equal(true);
    expect(boot.isNewBoot(1000, 1800, 1900)).to.equal(false);
  });

  it("reads the host's clock", () => {
    expect(boot.clock().read(says('1517533800\n'))).to.deep.equal({ is: 'ok', value: 1517533800 });
    expect(boot.clock().read(says('Fri Feb  2 01:10:00 UTC 2018\n'))).to.have.property('is', 'unreadable');
  });
});

describe('what a host says of itself', () => {
  it('is its release and its kind', () => {
    expect(host.uname().read(exited('uname/a'))).to.deep.equal({
      is: 'ok',
      value: { nodename: 'solaris11', release: '5.11', version: '11.4.0.15.0', platform: 'i86pc', arch: 'i386' },
    });
    expect(host.uname().read(says('Linux evil 6.1.0 #1 SMP x86_64 GNU/Linux\n'))).to.include({ why: 'not Solaris' });
  });

  it('is its memory', () => {
    expect(host.memory().read(exited('prtconf/memory'))).to.deep.equal({ is: 'ok', value: 12288 * 2 ** 20 });
    expect(host.freePages().read(exited('kstat/freemem'))).to.deep.equal({ is: 'ok', value: 632476 });
    expect(host.memory().read(says('Memory size: plenty\n'))).to.have.property('is', 'unreadable');
  });

  it('is its processors, counted, and their models as one text', () => {
    const cpu = (clock: string) =>
      `The physical processor has 8 cores and 16 virtual processors (0-15)\n  x86 (GenuineIntel 306F2 ${clock})\n`;
    expect(host.processors().read(says('0\ton-line\n1\ton-line\n'))).to.deep.equal({ is: 'ok', value: 2 });
    expect(host.processors().read(says(''))).to.have.property('is', 'unreadable');
    const twice = host.processorClass().read(says(cpu('2300 MHz') + cpu('2300 MHz')));
    expect(twice).to.deep.equal({ is: 'ok', value: 'x86 (GenuineIntel 306F2 2300 MHz)' });
  });

  it('is its pools, in bytes', () => {
    expect(host.pools().read(says('rpool\t214748364800\t204010946560\t5\tONLINE\n'))).to.deep.equal({
      is: 'ok',
      value: [
        { name: 'rpool', sizeBytes: 214748364800, freeBytes: 204010946560, capacityPercent: 5, health: 'ONLINE' },
      ],
    });
    expect(host.pools().read(exited('zpool/list'))).to.have.property('is', 'unreadable');
  });

  it('is who we are there, and what we may', () => {
    expect(host.user().read(says('uid=0(root) gid=0(root)\n'))).to.deep.equal({
      is: 'ok',
      value: { name: 'root', uid: 0 },
    });
    expect(host.profiles().read(says('Maintenance and Repair\nZone Migration\n')))
      .to.have.property('value')
      .with.length(2);
    expect(host.authorizations().read(says('solaris.smf.manage,solaris.zone.migrate\n')))
      .to.have.property('value')
      .with.length(2);
  });

  it('is who else is at work there, nobody being a proper answer', () => {
    expect(host.atWork().read(says('4711 pkg update -n\n'))).to.deep.equal({ is: 'ok', value: ['4711 pkg update -n'] });
    expect(host.atWork().read(says('', 1))).to.deep.equal({ is: 'ok', value: [] });
    expect(host.atWork().read(says('', 2, 'pgrep: bad pattern\n'))).to.have.property('is', 'refused');
  });
});
