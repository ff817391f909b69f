// zoneadm's lists and refusals; silence is no list.
import { expect } from 'chai';
import fc from 'fast-check';
import * as zoneadm from '../../src/solaris/zoneadm.ts';
import { exited, says, swapped } from './transcript.ts';

describe('zoneadm list', () => {
  it('reads native zones with their ids, paths and states', () => {
    const read = zoneadm.list().read(exited('zoneadm/list-cp-native'));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    expect(read.value.map(zone => [zone.id, zone.name, zone.state, zone.brand])).to.deep.equal([
      [0, 'global', 'running', 'solaris'],
      [2, 'mqlzrun', 'running', 'solaris'],
      [null, 'mqlzexcl', 'configured', 'solaris'],
      [null, 'mqlzshared', 'configured', 'solaris'],
    ]);
    expect(read.value[1]).to.include({ path: '/system/zones/mqlzrun', uuid: '995317db-0855-41f7-8d10-b973dc33561e' });
  });

  it('reads one kernel zone, however many fields follow the seventh', () => {
    const read = zoneadm.listOne('myzone').read(exited('zoneadm/list-p-kernel-zone'));
    expect(read).to.have.nested.property('value.brand', 'solaris-kz');
    expect(read).to.have.nested.property('value.path', '/system/volatile/zones/myzone/zonepath');
  });

  it('refuses to take another zone for the one that was asked for', () => {
    expect(zoneadm.listOne('evac1').read(exited('zoneadm/list-p-kernel-zone'))).to.have.property('is', 'unreadable');
  });

  it('takes silence for no list, not for a host without zones', () => {
    expect(zoneadm.list().read(says(''))).to.have.property('is', 'unreadable');
  });

  it('names the line whose state it does not know', () => {
    const line = '-:evac1:frozen:-:uuid:solaris-kz:excl:-::';
    expect(zoneadm.list().read(says(`0:global:running:/::solaris:shared:-:none::\n${line}\n`))).to.deep.equal({
      is: 'unreadable',
      line,
      why: 'not a zone state that is known',
    });
  });

  it("is a refusal in the host's words when the host refuses", () => {
    expect(zoneadm.listOne('nope').read(says('', 1, 'zoneadm: nope: No such zone configured\n'))).to.deep.equal({
      is: 'refused',
      why: 'zoneadm: nope: No such zone configured',
    });
  });

  it('gives back every field of a line, colons escaped and backslashes not', () => {
    const field = fc.string().filter(text => !text.includes('\\') && !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fields => {
        const line = fields.map(text => text.replaceAll(':', '\\:')).join(':');
        expect(zoneadm.splitFields(line)).to.deep.equal(fields);
      }),
    );
    expect(zoneadm.splitFields('a\\b:c\\:d')).to.deep.equal(['a\\b', 'c:d']);
  });
});

describe('zoneadm list of auxiliary states', () => {
  it('reads two and three words, whatever the widths', () => {
    const read = zoneadm.auxiliary().read(exited('zoneadm/list-s'));
    expect(read).to.deep.equal({
      is: 'ok',
      value: [
        { zone: 'global', aux: '' },
        { zone: 'kzone1', aux: '' },
        { zone: 'kzone3', aux: 'debugging' },
      ],
    });
  });

  it('does not believe a table without its header', () => {
    expect(zoneadm.auxiliary().read(says('global running\n'))).to.have.property('is', 'unreadable');
  });
});

describe('zoneadm on one zone', () => {
  it('shows why a zone is not attached while maintenance is held', () => {
    const read = zoneadm.attach('on-fixes', 'as-is').read(exited('zoneadm/attach-in-maintenance', 1));
    if (read.is !== 'refused') throw new Error(read.is);
    expect(zoneadm.refusedByMaintenance(read.why)).to.equal(true);
  });

  it('sees the refusal of a closed destination in a migration', () => {
    const read = zoneadm
      .migrate({ zone: 'on-fixes', to: 'ssh://root@nacaozumbi', type: 'auto', overwrite: false })
      .read(exited('zoneadm/migrate-to-closed-host', 1));
    if (read.is !== 'refused') throw new Error(read.is);
    expect(zoneadm.refusedByMaintenance(read.why)).to.equal(true);
  });

  it('withholds the advice to take storage over by force', () => {
    const read = zoneadm.attach('kzone1', 'as-is').read(exited('zoneadm/attach-storage-in-use', 1));
    if (read.is !== 'refused') throw new Error(read.is);
    expect(read.why).to.contain('in use by host').and.not.contain('force-takeover');
  });

  for (const name of ['zoneadm/migrate-n-cold', 'zoneadm/migrate-n-live'])
    it(`believes ${name} only with the word of success in it, on either stream`, () => {
      const trial = zoneadm.migrateTrial({ zone: 'kzone', to: 'ssh://root@bjork', type: 'auto', overwrite: false });
      expect(trial.read(exited(name))).to.have.property('is', 'ok');
      expect(trial.read(swapped(exited(name)))).to.have.property('is', 'ok');
      expect(trial.read(says(''))).to.have.property('is', 'unreadable');
    });

  it('is not known how far a killed migration went', () => {
    const killed = { is: 'signalled', name: 'TERM', out: '', err: '' } as const;
    const command = zoneadm.migrate({ zone: 'evac1', to: 'ssh://bjork', type: 'live', overwrite: false });
    expect(command.read(killed)).to.have.property('is', 'unreadable');
  });

  it('writes the command line as the manual does', () => {
    const migration = { zone: 'evac1', to: 'ssh://root@bjork', type: 'live', overwrite: true } as const;
    expect(zoneadm.migrate(migration).argv.join(' ')).to.equal(
      '/usr/sbin/zoneadm -z evac1 migrate -w -t live ssh://root@bjork',
    );
    expect(zoneadm.attach('tzone1', 'update').argv.join(' ')).to.equal('/usr/sbin/zoneadm -z tzone1 attach -u');
    expect(zoneadm.list()).to.include({ changes: false, runAs: 'login' });
    expect(zoneadm.boot('evac1')).to.include({ changes: true, runAs: 'become' });
  });

  it('tells progress by zone', () => {
    expect(zoneadm.progress("zoneadm: zone 'kzone1': Starting migration.")).to.deep.equal({
      zone: 'kzone1',
      text: 'Starting migration.',
    });
    expect(zoneadm.progress('-----BEGIN CONFIGURATION-----')).to.equal(null);
  });
});
