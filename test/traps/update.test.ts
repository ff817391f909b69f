// Traps while the update is built, on whole runs.
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import { Site } from '../fleet/site.ts';
import { PAIR } from '../laws/fleets.ts';
import { AFTERNOON, bes, closed, NEW, night, OLD, running, tale, UPGRADE } from './night.ts';

const NACAOZUMBI = { limit: 'nacaozumbi' };
const UNTOUCHED = `runs ${OLD}, boots ${OLD}, has ${OLD}`;

describe('trap: the build', function () {
  this.timeout(60_000);

  it('built in the afternoon and rolled at night, the host isn’t skipped', async () => {
    const site = new Site(PAIR);
    const afternoon = await night(site, { ...AFTERNOON, ...NACAOZUMBI });
    expect(afternoon).to.include({ verdict: 'done', exit: 0 });
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    expect(tale(upgrade)).to.include('be.boot@nacaozumbi changed').and.not.include('be.update@nacaozumbi changed');
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${NEW}, boots ${NEW}, has ${NEW} ${OLD}`);
    // A native zone stayed: it went down with the host and runs again.
    expect(tale(upgrade)).to.include('zones.start_stayed@nacaozumbi changed');
    for (const zone of ['evac1', 'evac2', 'tzone1']) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(site.problems).to.deep.equal([]);
    const again = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(again).to.include({ verdict: 'done', exit: 0 });
    expect(tale(again).filter(line => !line.startsWith('be.keep'))).to.deep.equal([]);
  });

  it('a host that is newer isn’t downgraded, and isn’t emptied for nothing', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'newer-host');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    expect(tale(upgrade)).to.deep.equal(['be.keep@nacaozumbi changed']);
    expect(bes(site, 'nacaozumbi')).to.equal(UNTOUCHED);
    expect(upgrade.sent.filter(line => /pkg update|maintain -s|shutdown/.test(line))).to.deep.equal([]);
  });

  it('when pkg says that there is nothing to do (exit 4), the host isn’t emptied', async () => {
    const site = new Site(PAIR.replace('hosts:', 'offered: [11.4-11.4.80.0.1.189.2]\nhosts:'));
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI, extra: ['entire=latest'] });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    expect(tale(upgrade)).to.deep.equal(['be.keep@nacaozumbi changed']);
    expect(bes(site, 'nacaozumbi')).to.equal(UNTOUCHED);
    expect(upgrade.summary).to.match(/nacaozumbi +done/);
  });

  it('nothing to do while the level that was named doesn’t run is a failure that says where to look', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'pkg-exit-4');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain('No updates available').and.contain('pkg list -af entire; pkg freeze');
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(bes(site, 'nacaozumbi')).to.equal(UNTOUCHED);
  });

  it('while another pkg is at work (exit 7) it waits, and then builds', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'pkg-exit-7');
    const build = await night(site, { ...AFTERNOON, ...NACAOZUMBI });
    expect(build).to.include({ verdict: 'done', exit: 0 });
    expect(build.events.flatMap(event => (event.type === 'progress' ? [event.text] : []))).to.include(
      'another pkg is at work; again in 60s',
    );
    expect(build.sent.filter(line => line.includes('pkg update'))).to.have.length(2);
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
  });

  it('a pkg that is locked for good fails the host after 60, 120 and 300 s, before anything else is touched', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'pkg-locked');
    const from = site.simulated.clock.now();
    const build = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(build).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(build.why).to.contain('pid 4711');
    expect(build.sent.filter(line => line.includes('pkg update'))).to.have.length(4);
    expect(site.simulated.clock.now() - from).to.be.within(480_000, 500_000);
    expect(bes(site, 'nacaozumbi')).to.equal(UNTOUCHED);
    expect(closed(site, 'nacaozumbi')).to.equal(null);
  });

  it('a boot environment of that name which isn’t this update is neither booted nor destroyed', async () => {
    const site = new Site(PAIR);
    await site.simulated.hosts(hostName('nacaozumbi')).exec(`/usr/sbin/beadm create ${NEW}`, { limitMs: 60_000 });
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain(`the name ${NEW} is in use`).and.contain(`beadm destroy ${NEW}`);
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
    expect(upgrade.sent.filter(line => /pkg update|beadm (destroy|activate)|maintain -s/.test(line))).to.deep.equal([]);
  });
});
