// RAD URIs and storage URIs, in every form of their manual pages.
import { expect } from 'chai';
import fc from 'fast-check';
import { dangersIn } from '../../src/model/danger.ts';
import { formatRadUri, mayAsk, parseRadUri, sameTarget } from '../../src/solaris/rad-uri.ts';
import { parseSuri, storageKey } from '../../src/solaris/suri.ts';
import { reaches } from '../../src/solaris/peer.ts';
import { says, transcript, transcriptNames } from './transcript.ts';

describe('RAD URIs', () => {
  it('are read in every form of the manual', () => {
    expect(parseRadUri('ssh://root@bjork')).to.deep.equal({ scheme: 'ssh', user: 'root', host: 'bjork', port: null });
    expect(parseRadUri('rads://destination1/')).to.deep.equal({
      scheme: 'rads',
      user: '',
      host: 'destination1',
      port: null,
    });
    expect(parseRadUri('//admin@bjork:12302')).to.deep.equal({
      scheme: 'rads',
      user: 'admin',
      host: 'bjork',
      port: 12302,
    });
  });

  it('are not what looks like one', () => {
    for (const text of [
      'bjork',
      'http://bjork',
      'ssh://',
      'ssh://root@',
      'ssh://bjork/zone',
      'ssh://bjork:0',
      'ssh://b jork',
    ])
      expect(parseRadUri(text), text).to.equal(null);
  });

  it('come back as they were written', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
    fc.assert(
      fc.property(
        fc.constantFrom('rads', 'radg', 'ssh'),
        fc.oneof(fc.constant(''), name),
        name,
        fc.option(fc.integer({ min: 1, max: 65535 })),
        (scheme, user, host, port) => {
          expect(parseRadUri(formatRadUri({ scheme, user, host, port }))).to.deep.equal({ scheme, user, host, port });
        },
      ),
    );
  });

  it('mean the same host whatever the case of its name', () => {
    expect(sameTarget('ssh://root@bjork', 'ssh://root@Bjork/')).to.equal(true);
    expect(sameTarget('ssh://root@bjork', 'ssh://bjork')).to.equal(false);
  });

  it('ask for a password with rads, and sysadm has nobody to ask', () => {
    expect(
      ['rads://b', 'ssh://b', 'radg://b'].map(text => parseRadUri(text)).map(uri => uri && mayAsk(uri)),
    ).to.deep.equal([true, false, false]);
  });
});

describe('storage URIs', () => {
  const unit = '600144f0dbf8af19000058ff48060017';

  it('are shared or local by their kind', () => {
    const kinds = [
      `iscsi://saison/luname.naa.${unit}`,
      `lu:luname.naa.${unit}`,
      'nfs://user:group@filer:2049/export/z/disk0',
      'dev:/dev/zvol/dsk/rpool/disk0',
      'file:///zones/disk0',
      'ceph:pool',
      '',
    ];
    expect(kinds.map(kind => parseSuri(kind).is)).to.deep.equal([
      'shared',
      'shared',
      'shared',
      'local',
      'local',
      'unknown',
      'unknown',
    ]);
  });

  it('mean the same unit by whatever way and case', () => {
    const key = storageKey(`iscsi://saison/luname.naa.${unit}`);
    expect(storageKey(`iscsi:///luname.naa.${unit.toUpperCase()}`)).to.equal(key);
    expect(storageKey(`lu:initiator.naa.1,target.naa.2,luname.naa.${unit}`)).to.equal(key);
    expect(storageKey(`lu:luname.naa.${unit}8`)).not.to.equal(key);
  });

  it('keep the case of a path on NFS', () => {
    expect(storageKey('nfs://a:b@filer/z/Disk')).to.equal(storageKey('nfs://c:d@FILER/z/Disk'));
    expect(storageKey('nfs://a:b@filer/z/Disk')).not.to.equal(storageKey('nfs://a:b@filer/z/disk'));
  });
});

describe('dangerous advice', () => {
  it('is found in what the host says of storage that is in use elsewhere', () => {
    const dangers = dangersIn(transcript('zoneadm/attach-storage-in-use').output);
    expect(dangers.map(danger => danger.line)).to.deep.equal([
      "zone 'kzone1': error:    zoneadm -z kzone1 attach -x force-takeover",
    ]);
  });

  it('is found in each of its forms', () => {
    for (const line of [
      'zoneadm -z z uninstall -F',
      'zpool import -f tank',
      'zpool import -N -f tank',
      'zoneadm -z z mark incomplete',
    ])
      expect(dangersIn(line), line).to.have.length(1);
    expect(dangersIn('zpool import tank\nzoneadm -z z detach')).to.deep.equal([]);
  });

  it('is in no other transcript', () => {
    const others = transcriptNames().filter(name => name !== 'zoneadm/attach-storage-in-use');
    expect(others.filter(name => dangersIn(transcript(name).output).length > 0)).to.deep.equal([]);
  });
});

describe('reaching a peer', () => {
  it('never asks anybody anything', () => {
    const uri = parseRadUri('ssh://root@bjork:2222');
    if (!uri) throw new Error('not a URI');
    expect(reaches(uri).argv.join(' ')).to.equal(
      '/usr/bin/ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -p 2222 root@bjork true',
    );
    expect(reaches(uri).read(says('', 255, 'Host key verification failed.\n'))).to.deep.equal({
      is: 'refused',
      why: 'Host key verification failed.',
    });
  });

  it('does not knock at the port of another service', () => {
    const uri = parseRadUri('rads://bjork:12302');
    if (!uri) throw new Error('not a URI');
    expect(reaches(uri).argv).not.to.include('-p');
  });
});
