// Traps while a host is emptied, on whole runs.
import { expect } from 'chai';
import { shortfallText } from '../../src/report/plan-short.ts';
import { planText } from '../../src/report/plan-text.ts';
import { Site, type Wish } from '../fleet/site.ts';
import { PAIR } from '../laws/fleets.ts';
import { closed, EMPTY, flat, night, once, running, startedOf, tale, UPGRADE } from './night.ts';

const NACAOZUMBI = { limit: 'nacaozumbi' };
const ZONES = ['evac1', 'evac2', 'tzone1'];
const sends = (sent: readonly string[]): readonly string[] =>
  sent.filter(line => /sysadm evacuate (?!-l|-r)/.test(line));

/** evacuate.yml with other arguments of zones.evacuate. */
const evacuating = (args: string): Wish => ({
  playbook: 'playbooks/trap.yml',
  limit: 'nacaozumbi',
  files: {
    'playbooks/trap.yml': `- hosts: zonehosts\n  on_failure: hold\n  tasks:\n    - maintenance.begin: { message: trap }\n    - zones.evacuate: { ${args} }\n`,
  },
});

/** What the planner says to the operator, and that no host heard anything but questions. */
async function refused(site: Site, wish: Wish): Promise<string> {
  const made = await site.made(wish);
  if (made.is !== 'shortfall') throw new Error(`there is a plan: ${made.is}`);
  expect(closed(site, 'nacaozumbi')).to.equal(null);
  expect(
    site.simulated.sent.filter(({ line }) => /maintain -s|setprop|shutdown|sysadm evacuate (?!-l)/.test(line)),
  ).to.deep.equal([]);
  return flat(shortfallText(made, 100));
}

describe('trap: emptying a host', function () {
  this.timeout(60_000);

  it('a zone without a target is told before anything is touched, when targets are to be taken as they are set', async () => {
    const said = await refused(new Site(PAIR), evacuating('placement: as_set'));
    expect(said).to.contain('evac2').and.contain('evacuation/target');
  });

  it('a running native zone that shall move is told before anything is touched, with what to do', async () => {
    const said = await refused(new Site(PAIR), evacuating('native: move'));
    expect(said).to.contain('tzone1').and.contain("can't move live").and.contain('native: stay');
  });

  it('a running native zone that stays is in the plan with what becomes of it', async () => {
    const plan = await new Site(PAIR).plan({ ...EMPTY, ...NACAOZUMBI });
    const text = planText(plan, { columns: 100, made: '', timeZone: 'UTC', verbose: false });
    expect(flat(text)).to.contain(
      "tzone1 nacaozumbi a running solaris zone can't move live: it goes down with the host and is started again",
    );
  });

  it('a zone on local storage is told before anything is touched', async () => {
    const local = PAIR.replace(
      /evac2: \{ id: 84, storage: "[^"]*" \}/,
      'evac2: { id: 84, storage: "dev:/dev/zvol/dsk/rpool/evac2" }',
    );
    const said = await refused(new Site(local), { ...EMPTY, ...NACAOZUMBI });
    expect(said).to.contain('evac2').and.contain('dev:/dev/zvol/dsk/rpool/evac2');
  });

  it('each move is tried before the host is closed, one after the other', async () => {
    const empty = await night(new Site(PAIR), { ...EMPTY, ...NACAOZUMBI });
    const told = empty.sent
      .filter(line => /migrate -n|maintain -s/.test(line))
      .map(line => /evac\d|maintain/.exec(line));
    expect(told.map(found => found?.[0])).to.deep.equal(['evac1', 'evac2', 'maintain']);
  });

  it('a dry run whose line is cut is tried again, and the host is emptied', async () => {
    let cut = 0;
    const site = new Site(PAIR, (_, line) => {
      if (!line.includes('migrate -n') || cut > 0) return 'whole';
      cut += 1;
      return 'lost-after';
    });
    const empty = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(empty).to.include({ verdict: 'done', exit: 0 });
    expect(empty.sent.filter(line => line.includes('migrate -n'))).to.have.length(3);
  });

  it('a dry run that fails, or leaves its receiver behind, leaves the host open and nobody stuck', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('bjork', 'dry-run-leaves-debris');
    const first = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(first).to.include({ verdict: 'stopped', exit: 5 });
    expect(first.pages).to.deep.equal([]);
    expect(flat(first.summary)).to.contain('evac1 is running/migrating-in on bjork, left behind');
    expect(await refused(site, { ...EMPTY, ...NACAOZUMBI }))
      .to.contain('evac1')
      .and.contain('bjork');
    for (const zone of ZONES) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(closed(site, 'nacaozumbi')).to.equal(null);
  });

  it('zones that are away are away, whatever became of the command that sent them', async () => {
    const site = new Site(PAIR, (_, line) => (line.includes('echo begins') ? 'lost-after' : 'whole'));
    const empty = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(empty).to.include({ verdict: 'done', exit: 0 });
    expect(sends(empty.sent)).to.have.length(1);
    expect([running(site, 'evac1'), running(site, 'evac2')]).to.deep.equal(['bjork', 'bjork']);
    expect(site.problems).to.deep.equal([]);
  });

  it('a zone that is here is here, although sysadm had no complaint: it is sent again', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'evacuate-fails-once', { zone: 'evac2' });
    const empty = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(empty).to.include({ verdict: 'done', exit: 0 });
    expect(sends(empty.sent)).to.have.length(2);
    expect([running(site, 'evac1'), running(site, 'evac2')]).to.deep.equal(['bjork', 'bjork']);
    expect(site.problems).to.deep.equal([]);
  });

  it('a sysadm that is killed under its migrations leaves each zone on one host, and the host is emptied all the same', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'evacuate-killed');
    const empty = await night(site, { ...EMPTY, ...NACAOZUMBI });
    expect(empty).to.include({ verdict: 'done', exit: 0 });
    expect([running(site, 'evac1'), running(site, 'evac2')]).to.deep.equal(['bjork', 'bjork']);
    expect(site.problems).to.deep.equal([]);
  });

  it('a destination that somebody closed meanwhile is told by name, and the host opens again with its zones', async () => {
    const site = new Site(PAIR);
    const upgrade = await night(
      site,
      { ...UPGRADE, ...NACAOZUMBI },
      once(startedOf('maintenance.begin'), ({ fleet }) => fleet.fault('bjork', 'target-in-maintenance')),
    );
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(flat(upgrade.summary)).to.contain('bjork is closed by jdoe').and.contain('replacing a disk');
    expect(sends(upgrade.sent)).to.deep.equal([]);
    for (const zone of ZONES) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(closed(site, 'nacaozumbi')).to.equal(null);
    expect(closed(site, 'bjork')).to.equal('replacing a disk');
    expect(site.problems).to.deep.equal([]);
  });

  it('a native zone that stayed and boots by itself was refused by the closed host, and is started once it is open', async () => {
    const site = new Site(PAIR.replace('tzone1: { brand: solaris,', 'tzone1: { brand: solaris, autoboot: true,'));
    const upgrade = await night(site, { ...UPGRADE, ...NACAOZUMBI });
    expect(upgrade).to.include({ verdict: 'done', exit: 0 });
    expect(upgrade.sent.filter(line => /svcadm clear .*zone:tzone1/.test(line))).to.have.length(1);
    const told = tale(upgrade);
    expect(told.indexOf('maintenance.end@nacaozumbi changed')).to.be.below(
      told.indexOf('zones.start_stayed@nacaozumbi changed'),
    );
    for (const zone of ZONES) expect(running(site, zone), zone).to.equal('nacaozumbi');
    expect(site.problems).to.deep.equal([]);
  });

  it('after one host failed no further one is closed', async () => {
    const site = new Site(PAIR);
    site.fleet.fault('nacaozumbi', 'evacuate-fails-always', { zone: 'evac2' });
    const upgrade = await night(site, UPGRADE);
    expect(upgrade).to.include({ verdict: 'rolled-back', exit: 3 });
    expect(upgrade.events.some(event => event.type === 'action-started' && event.action.on === 'bjork')).to.equal(
      false,
    );
    expect(upgrade.summary).to.match(/bjork +not started/);
    expect(closed(site, 'bjork')).to.equal(null);
  });

  it('the five plays imported into one playbook would close host after host: the planner refuses them', async () => {
    const plays = ['update', 'evacuate', 'reboot', 'return', 'maintain'].map(
      name => `- import_playbook: ${name}.yml\n`,
    );
    const site = new Site(PAIR);
    const made = await site.made({ playbook: 'playbooks/five.yml', files: { 'playbooks/five.yml': plays.join('') } });
    expect(made.is).to.equal('too-many-out');
    if (made.is !== 'too-many-out') return;
    expect(made.message).to.contain('nacaozumbi, bjork').and.contain('max_out: 1');
    expect(made.help.join(' ')).to.contain('import the task files into one play');
  });
});
