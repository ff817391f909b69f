// Traps around the reboot, on whole runs: power cuts, old systems that look new, new ones that are sick.
import { expect } from 'chai';
import { Site } from '../fleet/site.ts';
import { PAIR } from '../laws/fleets.ts';
import { AFTERNOON, bes, closed, NEW, night, OLD, running, tale, UPGRADE, flat } from './night.ts';

const NACAOZUMBI = { limit: 'nacaozumbi' };
const ZONES = ['evac1', 'evac2', 'tzone1'];
const reboots = (sent: readonly string[]): readonly string[] => sent.filter(line => /\/shutdown /.test(line));

const allHome = (site: Site): void => {
  for (const zone of ZONES) expect(running(site, zone), zone).to.equal('nacaozumbi');
  expect(closed(site, 'nacaozumbi')).to.equal(null);
  expect(site.problems).to.deep.equal([]);
};

describe('trap: the reboot', function () {
  this.timeout(60_000);

  it('a power cut after the build boots the old system, and the host can still be rolled that night', async () => {
    const site = new Site(PAIR);
    await night(site, { ...AFTERNOON, ...NACAOZUMBI });
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
    site.fleet.fault('nacaozumbi', 'power-cut');
    await site.simulated.clock.sleep(20 * 60_000, 1);
    expect(site.fleet.host('nacaozumbi')).to.include({ power: 'up', boots: 1, active: OLD });
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    expect(upgrade.sent.filter(line => line.includes('pkg update'))).to.deep.equal([]);
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${NEW}, boots ${NEW}, has ${NEW} ${OLD}`);
  });

  it('a power cut right at the end of the build, in the night, is no reason to boot the new system', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'power-cut-after-build');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(reboots(upgrade.sent)).to.deep.equal([]);
    // Zones that don't boot by themselves are down now, by the power cut: that is told, and nobody moves them.
    expect(upgrade.why).to.contain('evac1').and.contain('installed');
    expect(upgrade.summary).to.match(/evac1 +running on nacaozumbi +installed on nacaozumbi/);
    expect(site.fleet.host('nacaozumbi')).to.include({ active: OLD, next: OLD });
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(site.problems).to.deep.equal([]);
  });

  it('a host that answers SSH while the old boot is still up isn’t taken for rebooted', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'shutdown-ignored');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    const booting = upgrade.events.flatMap(event => (event.type === 'progress' ? [event.text] : []));
    expect(booting).to.include('the old boot still answers');
    expect(reboots(upgrade.sent)).to.have.length(1);
    expect(site.fleet.host('nacaozumbi')).to.include({ boots: 1, active: NEW });
    allHome(site);
  });

  it('a host that comes back in the old system by itself isn’t rebooted a second time; the old one boots next', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'boots-old-be');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain(`it came back in ${OLD} by itself`).and.contain(`${OLD} is activated again`);
    expect(reboots(upgrade.sent)).to.have.length(1);
    expect(site.fleet.host('nacaozumbi')).to.include({ boots: 1, active: OLD, next: OLD });
    allHome(site);
  });

  it('a new system that isn’t well is left for the old one, kept, and told', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'rad-down-after-boot');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain('svcs -xv rad:local');
    expect(reboots(upgrade.sent)).to.have.length(2);
    expect(tale(upgrade)).to.not.include('maintenance.end@nacaozumbi changed');
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
    expect(upgrade.sent.filter(line => line.includes('beadm destroy'))).to.deep.equal([]);
    expect(flat(upgrade.summary)).to.contain(`beadm destroy ${NEW}`);
    allHome(site);
  });

  it('a host that is unwell in the old system too gets no zone back: it stays closed, its zones run where they are', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'service-in-maintenance');
    site.fleet.fault('nacaozumbi', 'service-in-maintenance');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'stuck', exit: 4 });
    expect(bes(site, 'nacaozumbi')).to.equal(`runs ${OLD}, boots ${OLD}, has ${NEW} ${OLD}`);
    expect(upgrade.why).to.contain('could not be undone: gate: not healthy').and.contain('svc:/network/ntp:default');
    expect(closed(site, 'nacaozumbi')).to.contain('run 00000001');
    expect(['evac1', 'evac2'].map(zone => running(site, zone))).to.deep.equal(['bjork', 'bjork']);
    expect(upgrade.sent.filter(line => /maintain -e|evacuate -r/.test(line))).to.deep.equal([]);
    expect(site.problems).to.deep.equal([]);
  });

  it('a host that never comes back: its zones stay where they run, no further host starts, and a page says what to do', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'host-stays-down');
    const upgrade = await night(site, UPGRADE);
    expect(upgrade).to.include({ verdict: 'stuck', exit: 4 });
    expect(['evac1', 'evac2', 'web1'].map(zone => running(site, zone))).to.deep.equal(['bjork', 'bjork', 'bjork']);
    expect(bes(site, 'bjork')).to.equal(`runs ${OLD}, boots ${OLD}, has ${OLD}`);
    expect(closed(site, 'bjork')).to.equal(null);
    expect(upgrade.events.some(event => event.type === 'action-started' && event.action.on === 'bjork')).to.equal(
      false,
    );
    expect(upgrade.summary).to.match(/bjork +not started/);
    expect(upgrade.pages).to.have.length(1);
    const lines = (upgrade.pages[0] ?? '').trimEnd().split('\n');
    expect(lines.length, upgrade.pages[0]).to.be.at.most(20);
    for (const line of lines) expect(line.length, line).to.be.at.most(100);
    const page = lines.join('\n');
    expect(page).to.match(/^STUCK +run 00000001 +host nacaozumbi +be\.boot/);
    expect(page).to.contain('no answer within 45m').and.contain('evac1 evac2: running on bjork');
    expect(page).to.contain('tzone1: installed on nacaozumbi (looked 20:02): down');
    expect(page).to.contain('Tried: Boot the new system').and.contain('the console of nacaozumbi');
    expect(page).to.contain('zoneferry resume 00000001').and.contain("Don't: boot, attach or uninstall evac1 evac2");
    expect(site.problems).to.deep.equal([]);
  });
});
