// Traps while a host is closed and opened, on whole runs.
import { expect } from 'chai';
import { Site } from '../fleet/site.ts';
import { PAIR } from '../laws/fleets.ts';
import {
  AFTERNOON,
  CLOSE,
  closed,
  EMPTY,
  HOME,
  NEW,
  carriedOut,
  night,
  REBOOT,
  running,
  stateHere,
  tale,
  UPGRADE,
  flat,
} from './night.ts';

const NACAOZUMBI = { limit: 'nacaozumbi' };
const starts = (sent: readonly string[]): readonly string[] => sent.filter(line => line.includes('sysadm maintain -s'));
const opens = (sent: readonly string[]): readonly string[] => sent.filter(line => line.includes('sysadm maintain -e'));
const OPEN_ONLY = {
  playbook: 'playbooks/open-only.yml',
  files: {
    'playbooks/open-only.yml': '- hosts: nacaozumbi\n  on_failure: stop\n  tasks:\n    - maintenance.end: {}\n',
  },
};

/** As one that asks for `update.pending` and has no preflight: in the new system there is nothing to do. */
const GUARDED = (condition: string) => ({
  playbook: 'playbooks/guarded.yml',
  limit: 'nacaozumbi',
  files: {
    'playbooks/guarded.yml': `- hosts: zonehosts\n  serial: 1\n  tasks:\n    - when: ${condition}\n      block:\n        - maintenance.begin: { message: mine }\n        - maintenance.end: {}\n`,
  },
});

describe('trap: closing and opening a host', function () {
  this.timeout(60_000);

  it('a host that an earlier run left closed isn’t opened by a condition that skips it, and plan and end say so', async () => {
    const site = new Site(PAIR);
    expect(await night(site, { ...EMPTY, ...NACAOZUMBI })).to.include({ verdict: 'done' });
    const told =
      /nacaozumbi was closed before \(by .* run 00000001\), and no task here opens it: zoneferry resume 00000001 /;
    const known = await night(site, GUARDED('facts.be.active != "solaris"'));
    expect(known.verdict).to.equal('done');
    expect(known.plan.notes.join()).to.match(told);
    expect(flat(known.summary)).to.match(new RegExp(`warning: ${told.source}`));
    expect(closed(site, 'nacaozumbi')).to.contain('run 00000001');
    expect(opens(known.sent)).to.deep.equal([]);
  });

  it('whoever has a say in the window isn’t told of it, nor whoever has other work to do there', async () => {
    const site = new Site(PAIR);
    const before = await night(site, GUARDED('facts.be.active == "solaris"'));
    expect(before.plan.notes.join() + before.summary).to.not.contain('was closed before');
    await night(site, { ...EMPTY, ...NACAOZUMBI });
    const again = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(again.plan.notes.join() + again.summary).to.not.contain('was closed before');
    const files = { 'playbooks/other.yml': '- hosts: nacaozumbi\n  tasks:\n    - facts: {}\n' };
    const other = await night(site, { playbook: 'playbooks/other.yml', files });
    expect(other.plan.notes.join() + other.summary).to.not.contain('was closed before');
  });

  it('of a host that the run was stopped on, before the task that opens it, nobody is told that none does', async () => {
    const site = new Site(PAIR);
    await night(site, { ...EMPTY, ...NACAOZUMBI });
    const files = {
      'playbooks/later.yml':
        '- hosts: nacaozumbi\n  tasks:\n    - facts: {}\n    - facts: {}\n    - facts: {}\n    - maintenance.begin: { message: mine }\n    - maintenance.end: {}\n',
    };
    const stopped = await night(site, { playbook: 'playbooks/later.yml', files }, (event, _, say) => {
      if (event.type === 'action-ended') say('stop');
    });
    expect(stopped.verdict).to.equal('stopped');
    expect(flat(stopped.summary)).to.not.contain('was closed before');
  });

  it('maintenance never begins while a row of an evacuation record is unaccounted for', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'old-evacuation-rows', { zone: 'old1' });
    const close = await night(site, { ...CLOSE, ...NACAOZUMBI });
    expect(close).to.include({ verdict: 'stopped', exit: 5 });
    expect(close.why).to.contain('old1').and.contain('bjork').and.contain('forget');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'stopped', exit: 5 });
    expect(upgrade.why).to.contain('old1');
    expect(starts([...close.sent, ...upgrade.sent])).to.deep.equal([]);
    expect(site.fleet.host('nacaozumbi').evacuation).to.have.length(1);
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(site.fleet.host('nacaozumbi').bes.size).to.equal(1);
    expect(site.problems).to.deep.equal([]);
  });

  it('maintenance doesn’t begin on a host that holds a zone of another one', async () => {
    const site = new Site(PAIR);
    const close = { ...CLOSE, limit: 'bjork' };
    const plan = await site.plan(close);
    expect(await night(site, { ...EMPTY, ...NACAOZUMBI })).to.include({ verdict: 'done', exit: 0 });
    const made = await site.made(close);
    expect(made.is === 'shortfall' && made.message).to.contain('evac1 of nacaozumbi on bjork');
    const guest = await carriedOut(site, plan);
    expect(guest).to.include({ verdict: 'stopped', exit: 5 });
    expect(guest.why).to.contain('evac1 of nacaozumbi').and.contain('home first');
    expect(closed(site, 'bjork')).to.equal(null);
    expect(site.problems).to.deep.equal([]);
  });

  it('a host where RAD is down is unknown, not open: nothing is changed, and the way to look is told', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'rad-down');
    const close = await night(site, { ...CLOSE, ...NACAOZUMBI });
    expect(close).to.include({ verdict: 'stopped', exit: 5 });
    expect(close.why).to.contain('RAD');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'stopped', exit: 5 });
    expect(upgrade.why).to.contain('svcs -xv rad:local');
    expect(starts([...close.sent, ...upgrade.sent])).to.deep.equal([]);
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(site.fleet.host('nacaozumbi').bes.size).to.equal(1);
  });

  it('maintenance isn’t ended while a zone that is away shows anything but configured here', async () => {
    const site = new Site(PAIR);
    await night(site, { ...AFTERNOON, ...NACAOZUMBI });
    await night(site, { ...EMPTY, ...NACAOZUMBI });
    site.fleet.fault('nacaozumbi', 'stale-zone-index');
    const reboot = await night(site, { ...REBOOT, ...NACAOZUMBI, extra: [`be=${NEW}`] });
    expect(reboot).to.include({ verdict: 'stopped', exit: 7 });
    expect(stateHere(site, 'nacaozumbi', 'evac1')).to.equal('unavailable');
    const open = await night(site, OPEN_ONLY);
    expect(open).to.include({ verdict: 'stopped', exit: 5 });
    expect(open.why).to.contain('stays closed').and.contain('evac1 is unavailable here, expected configured');
    const home = await night(site, { ...HOME, ...NACAOZUMBI });
    expect(home).to.include({ verdict: 'stopped', exit: 5 });
    expect(home.why).to.contain('evac1').and.contain('unavailable');
    expect(opens([...reboot.sent, ...open.sent, ...home.sent])).to.deep.equal([]);
    expect(closed(site, 'nacaozumbi')).to.be.a('string');
    expect([running(site, 'evac1'), running(site, 'evac2')]).to.deep.equal(['bjork', 'bjork']);
    expect(site.problems).to.deep.equal([]);
  });

  for (const cut of ['lost-before', 'lost-after'] as const)
    it(`an opening whose line is cut (${cut}) is looked at, ${cut === 'lost-before' ? 'and done again' : 'and was done'}; the zones come home`, async () => {
      let cuts = 0;
      const site = new Site(PAIR, (_, line) => (line.includes('maintain -e') && (cuts += 1) === 1 ? cut : 'whole'));
      const upgrade = await night(site, { ...UPGRADE, limit: 'nacaozumbi' });
      expect(upgrade).to.include({ verdict: 'done', exit: 0 });
      expect(cuts).to.equal(cut === 'lost-before' ? 2 : 1);
      for (const zone of ['evac1', 'evac2']) expect(running(site, zone), zone).to.equal('nacaozumbi');
      expect(closed(site, 'nacaozumbi')).to.equal(null);
    });

  it('the rolling upgrade goes back to the old system when the new one knows the zones that are away as its own', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'stale-zone-index');
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.why).to.contain('evac1 is unavailable here, expected configured: it is on bjork');
    const back = tale(upgrade).filter(line => line.startsWith('undo'));
    expect(back.slice(0, 2)).to.deep.equal([
      'undo be.boot@nacaozumbi changed',
      'undo maintenance.begin@nacaozumbi changed',
    ]);
    for (const zone of ['evac1', 'evac2', 'tzone1']) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    // A boot environment that was ever active is kept, and told.
    expect([...site.fleet.host('nacaozumbi').bes.keys()]).to.include(NEW);
    expect(site.fleet.host('nacaozumbi')).to.include({ active: 'solaris', next: 'solaris' });
    expect(flat(upgrade.summary)).to.contain(`beadm destroy ${NEW}`);
    expect(site.problems).to.deep.equal([]);
  });
});
