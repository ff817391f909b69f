// Traps on the way back, on whole runs.
import { expect } from 'chai';
import { Site } from '../fleet/site.ts';
import { PAIR } from '../laws/fleets.ts';
import { closed, night, running, tale, UPGRADE, flat } from './night.ts';

const NACAOZUMBI = { limit: 'nacaozumbi' };

describe('trap: the way back', function () {
  this.timeout(60_000);

  it('an evacuation that failed half way is undone by ending maintenance first, then returning the zones', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'evacuate-fails-always', { zone: 'evac2' });
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain('evac2 is here, running');
    // Tried twice, told once; the zone that had gone came home although the whole of it failed.
    expect(upgrade.sent.filter(line => line.includes('sysadm evacuate -v'))).to.have.length.of.at.least(2);
    expect(flat(upgrade.summary)).to.contain('evac2 did not go to bjork');
    const back = tale(upgrade).filter(line => line.startsWith('undo'));
    const [opened, returned] = ['maintenance.begin', 'zones.evacuate'].map(step =>
      back.indexOf(`undo ${step}@nacaozumbi changed`),
    );
    expect(opened, back.join('; '))
      .to.be.at.least(0)
      .and.below(returned ?? -1);
    for (const zone of ['evac1', 'evac2', 'tzone1']) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect([...site.fleet.host('nacaozumbi').bes.keys()]).to.deep.equal(['solaris']);
    expect(site.problems).to.deep.equal([]);
  });

  it('a return that fails half way is tried again, then stuck; maintenance never begins again, and what stayed runs', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'return-fails-always', { zone: 'evac2' });
    site.fleet.onChange(fleet => {
      const home = running(site, 'evac1') === 'nacaozumbi' && fleet.host('nacaozumbi').boots > 0;
      const armed = fleet.armed.some(({ kind }) => kind.name === 'target-unreachable');
      if (home && !armed) fleet.fault('nacaozumbi', 'target-unreachable');
    });
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'stuck', exit: 4 });
    expect(upgrade.sent.filter(line => line.includes('sysadm evacuate -r'))).to.have.length(3);
    const migrates = upgrade.sent.filter(line => line.includes('zoneadm -z evac2 migrate'));
    expect(migrates.filter(line => !line.includes('migrate -n'))).to.have.length(1);
    expect(upgrade.sent.filter(line => line.includes('maintain -s'))).to.have.length(1);
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(running(site, 'evac1')).to.equal('nacaozumbi');
    expect(running(site, 'evac2')).to.equal('bjork');
    expect(running(site, 'tzone1')).to.equal('nacaozumbi');
    expect(site.problems).to.deep.equal([]);
    const [page = ''] = upgrade.pages;
    expect(upgrade.pages).to.have.length(1);
    expect(page.trimEnd().split('\n').length, page).to.be.at.most(20);
    expect(page).to.contain('STUCK').and.contain('zones.return').and.contain('evac2: running on bjork');
    expect(page).to.contain('evac1 tzone1: running on nacaozumbi');
    expect(page).to.contain('on bjork:  zoneadm list -cp    must say running for evac2');
    expect(page).to.contain('zoneferry resume').and.contain("Don't:").and.contain('sysadm maintain -s');
  });
});
