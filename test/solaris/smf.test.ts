// Services, and what their configuration says of evacuation.
import { expect } from 'chai';
import * as smf from '../../src/solaris/smf.ts';
import { exited, says } from './transcript.ts';

const MISSING = (name: string) =>
  says('', 1, `svcprop: Couldn't find property group \`${name}' for instance \`svc:/system/zones/zone:evac1'.\n`);

describe('services', () => {
  const listing = says(
    'online          svc:/system/rad:local\noffline*        svc:/milestone/goals:default\nmaintenance     svc:/system/zones/zone:evac1\nlegacy_run      lrc:/etc/rc2_d/S89PRESERVE\n',
  );

  it('are read with their states, and with who is on the way', () => {
    const read = smf.list().read(listing);
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    expect(read.value[1]).to.deep.equal({ fmri: 'svc:/milestone/goals:default', state: 'offline', inTransition: true });
    expect(smf.ailing(read.value)).to.deep.equal({
      maintenance: ['svc:/system/zones/zone:evac1'],
      degraded: [],
      offline: ['svc:/milestone/goals:default'],
      inTransition: ['svc:/milestone/goals:default'],
    });
  });

  it('are not read from a listing with other columns', () => {
    expect(smf.list().read(exited('svcs/list'))).to.have.property('is', 'unreadable');
  });

  it('show one state by name', () => {
    expect(smf.state(smf.RAD_LOCAL).read(says('online          svc:/system/rad:local\n'))).to.have.property(
      'value',
      'online',
    );
    expect(smf.state(smf.RAD_LOCAL).read(listing)).to.have.property('is', 'unreadable');
    expect(
      smf.state('svc:/x').read(says('', 1, "svcs: Pattern 'svc:/x' doesn't match any instances\n")),
    ).to.have.property('is', 'refused');
  });

  it('are explained one by one, and silence means that all is well', () => {
    const read = smf.explain().read(exited('svcs/xv', 0));
    if (read.is !== 'ok') throw new Error(JSON.stringify(read));
    expect(read.value).to.have.length(1);
    expect(read.value[0]).to.include({ fmri: 'svc:/network/dns/client:default', state: 'online' });
    expect(read.value[0]?.text).to.contain('Impact: None.');
    expect(smf.explain().read(says(''))).to.deep.equal({ is: 'ok', value: [] });
  });
});

describe('evacuation targets', () => {
  it('are the value alone', () => {
    expect(smf.target('kzone1').read(exited('svcprop/target'))).to.deep.equal({
      is: 'ok',
      value: { is: 'set', uri: 'ssh://global2' },
    });
  });

  it('are none when svcprop says that there is no such property, and only then', () => {
    expect(smf.target('evac1').read(MISSING('evacuation/target'))).to.deep.equal({ is: 'ok', value: { is: 'none' } });
    expect(smf.target('evac1').read(MISSING('evacuation'))).to.deep.equal({ is: 'ok', value: { is: 'none' } });
    expect(smf.target('evac1').read(MISSING('config/search'))).to.have.property('is', 'refused');
    expect(smf.target('evac1').read(says('', 1))).to.have.property('is', 'refused');
    expect(smf.target('evac1').read(says(''))).to.have.property('is', 'unreadable');
  });

  it('are missing in the very words that were captured', () => {
    const command = smf.property('dns/client', 'config/search');
    expect(command.read(exited('svcprop/missing', 1))).to.deep.equal({ is: 'ok', value: { is: 'none' } });
  });

  it("lose the backslashes that svcprop puts before a shell's own characters", () => {
    expect(smf.plainValue('updating\\ to\\ new\\ build')).to.equal('updating to new build');
    expect(smf.plainValue('""')).to.equal('');
  });

  it('are one property each, not a group', () => {
    expect(
      smf.property('dns/client', 'config/nameserver').read(exited('svcprop/one-property')),
    ).to.have.nested.property('value.value', '192.168.31.1');
    expect(smf.property('dns/client', 'config').read(exited('svcprop/group'))).to.have.property('is', 'unreadable');
  });

  it('are set and refreshed as the story does', () => {
    expect(smf.setTarget('evac1', 'ssh://root@bjork').argv.join(' ')).to.equal(
      '/usr/sbin/svccfg -s svc:/system/zones/zone:evac1 setprop evacuation/target = astring: ssh://root@bjork',
    );
    expect(smf.refresh(smf.zoneInstance('evac1')).argv.join(' ')).to.equal(
      '/usr/sbin/svcadm refresh svc:/system/zones/zone:evac1',
    );
    expect(smf.ownTarget('evac1').argv).to.include('-C');
  });

  it('keep a value with blanks in one piece for svccfg', () => {
    const property = { fmri: 'svc:/x', name: 'a/b', type: 'astring', value: 'say "hi" now' };
    expect(smf.setProperty(property).argv.at(-1)).to.equal('"say \\"hi\\" now"');
  });
});
