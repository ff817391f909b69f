// How a zone is configured, and whether it can move.
import { expect } from 'chai';
import type { ZoneConfiguration } from '../../src/model/facts.ts';
import { configurationOf, sizeInBytes } from '../../src/solaris/zone-configuration.ts';
import * as zonecfg from '../../src/solaris/zonecfg.ts';
import { exited, says, transcript } from './transcript.ts';

const GIB = 2 ** 30;

function configured(info: string): ZoneConfiguration {
  const read = zonecfg.info('z').read(says(info));
  if (read.is !== 'ok') throw new Error(JSON.stringify(read));
  const known = configurationOf(read.value, 'whole');
  if (known.is === 'unknown') throw new Error(known.why);
  return known.value;
}

const KERNEL_ZONE = transcript('zonecfg/info-a-kernel-zone').output;
const NATIVE_ZONE = transcript('zonecfg/info-a-native').output;

describe('zonecfg info', () => {
  it('reads global properties, unset ones, derived ones and resources', () => {
    const read = zonecfg.info('mqlzexcl').read(exited('zonecfg/info-a-native'));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    const value = (resource: string, name: string) =>
      read.value.find(one => one.resource === resource && one.name === name)?.value;
    expect(value('', 'brand')).to.equal('solaris');
    expect(value('', 'tenant')).to.equal('');
    expect(value('', 'max-lwps')).to.equal('2000');
    expect(value('anet', 'allowed-address')).to.equal('10.0.5.20/24');
    expect(value('capped-memory', 'swap')).to.equal('2G');
    expect(value('rctl', 'value')).to.equal('(priv=privileged,limit=150,action=deny)');
  });

  it('tells two resources of one kind apart', () => {
    const read = zonecfg.info('z').read(says('zonename: z\ndevice:\n\tid: 0\ndevice 1:\n\tid: 1\n'));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    expect(read.value.filter(one => one.name === 'id').map(one => [one.index, one.value])).to.deep.equal([
      [0, '0'],
      [1, '1'],
    ]);
  });

  it('keeps a property that stands in a resource without a colon', () => {
    const read = zonecfg.info('z').read(says('zonename: z\nkeysource:\n\traw redacted\n'));
    expect(read).to.have.deep.nested.property('value[1]', {
      resource: 'keysource',
      index: 0,
      name: 'raw',
      value: 'redacted',
    });
    expect(zonecfg.info('z').read(says('zonename: z\nraw redacted\n'))).to.have.property('is', 'unreadable');
  });

  it('names the line it cannot read', () => {
    expect(zonecfg.info('z').read(says('zonename: z\n?!\n'))).to.have.property('line', '?!');
  });

  it('does not take an empty answer for an empty configuration', () => {
    expect(zonecfg.info('z').read(says(''))).to.have.property('is', 'unreadable');
  });
});

describe('zonecfg export', () => {
  it('is kept as it came', () => {
    const ended = exited('zonecfg/export-kernel-zone');
    expect(zonecfg.exportOf('conzone').read(ended)).to.deep.equal({ is: 'ok', value: ended.out });
    expect(zonecfg.exportOf('conzone').read(says('oops\n'))).to.have.property('is', 'unreadable');
  });
});

describe('the configuration of a zone', () => {
  it('of a kernel zone on shared storage: memory reserved, free to move', () => {
    const zone = configured(KERNEL_ZONE);
    expect(zone.ram).to.deep.equal({ is: 'reserved', bytes: 4 * GIB });
    expect(zone.vcpus).to.deep.equal({ is: 'virtual', count: 4 });
    expect(zone.storage).to.deep.equal(['iscsi://saison/luname.naa.600144f0dbf8af19000058ff48060017']);
    expect(zone.movable).to.deep.equal({ is: 'movable' });
    expect(zone).to.include({ autoboot: false, cpuArch: 'generic', hostCompatible: 'memlzr' });
  });

  it('of a native zone: memory only capped, and every reason why it stays', () => {
    const zone = configured(NATIVE_ZONE);
    expect(zone.ram).to.deep.equal({ is: 'capped', bytes: GIB });
    expect(zone.vcpus).to.deep.equal({ is: 'capped', count: 1.5 });
    expect(zone.movable).to.deep.equal({
      is: 'bound',
      reasons: [
        'device /dev/zvol/rdsk/rpool/swap belongs to this host',
        'its root has no pool on shared storage (rootzpool)',
      ],
    });
  });

  it('lets a native zone move whose root pool is on shared storage', () => {
    const rootzpool = transcript('zonecfg/info-rootzpool').output;
    const zone = configured(`zonename: tzone1\nbrand: solaris\nautoboot: true\n${rootzpool}`);
    expect(zone.movable).to.deep.equal({ is: 'movable' });
    expect(zone.ram).to.deep.equal({ is: 'none' });
  });

  it('holds a kernel zone whose disk is a local volume', () => {
    const zone = configured(KERNEL_ZONE.replace(/storage: iscsi:\S*/, 'storage: dev:/dev/zvol/dsk/rpool/disk0'));
    expect(zone.movable).to.deep.equal({
      is: 'bound',
      reasons: ['device on local storage dev:/dev/zvol/dsk/rpool/disk0'],
    });
  });

  it('holds a native zone with a file system of the host in it', () => {
    const zone = configured(
      'zonename: t\nbrand: solaris\nautoboot: true\nrootzpool:\n\tstorage: lu:luname.naa.6001\nfs:\n\tdir: /data\n',
    );
    expect(zone.movable).to.deep.equal({ is: 'bound', reasons: ['has a resource of kind fs'] });
  });

  it('cannot tell whether a zone moves whose storage it cannot read', () => {
    const zone = configured(KERNEL_ZONE.replace(/storage: iscsi:\S*/, 'storage: ceph://pool/disk'));
    expect(zone.movable).to.have.property('is', 'unknown');
  });

  it('never plans a kernel zone with no memory because none was named', () => {
    const zone = configured(KERNEL_ZONE.replace('\tphysical: 4G\n', '').replace('\tncpus: 4\n', ''));
    expect(zone.ram).to.have.property('is', 'unknown');
    expect(zone.vcpus).to.have.property('is', 'unknown');
  });

  it('is unknown when a whole listing does not say whether the zone boots with its host', () => {
    const read = zonecfg.info('z').read(says('zonename: z\nbrand: solaris\n'));
    if (read.is !== 'ok') throw new Error(read.is);
    expect(configurationOf(read.value, 'whole')).to.have.property('is', 'unknown');
    expect(configurationOf(read.value, 'without-defaults')).to.have.nested.property('value.autoboot', false);
  });

  it('reads sizes with and without unit', () => {
    expect(['4G', '1.5T', '512M', '64k', '1024', 'much', '', '-1'].map(sizeInBytes)).to.deep.equal([
      4 * GIB,
      1.5 * 1024 * GIB,
      512 * 2 ** 20,
      65536,
      1024,
      null,
      null,
      null,
    ]);
  });
});
