// A host that reboots under a long command while nobody watches: the resumed run begins it anew where the step's own look
// says that it is still to do, once, and nowhere else.
import { expect } from 'chai';
import { powerCut } from '../../sim/world/power.ts';
import type { Stamped } from '../../src/model/event.ts';
import type { ActionId } from '../../src/model/ids.ts';
import { MemoryJournal } from '../run/harness.ts';
import { PAIR } from '../laws/fleets.ts';
import { type Outcome, type Subject, type Trial, tried, type World } from '../laws/subject.ts';
import { placeOf, shipped, siteOf } from '../laws/world.ts';
import { HOME } from './kit.ts';

const UPDATE = { fleet: PAIR, playbook: 'playbooks/update.yml', limit: 'nacaozumbi' };
const EVACUATE = { fleet: PAIR, playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' };

/** Longer than a boot. */
const UP_MS = 20 * 60_000;

const isOutputOf = (text: string) => (event: Stamped) => event.type === 'output' && event.text.includes(text);
const isMoving = (event: Stamped): boolean =>
  isOutputOf('migrating')(event) && 'action' in event && event.action === 'evacuate/1.t1.4.2@nacaozumbi';

const siteHost = (world: World) => siteOf(world).fleet.host(HOME);
/** Lines that really began one: a start that finds one at work begins none. */
const beginnings = (world: World): number =>
  siteOf(world).simulated.sent.filter(({ line }) => line.includes('echo begins')).length;

const said = async (world: World, line: string): Promise<string> => {
  const ended = await world.hosts(HOME).exec(line, { limitMs: 60_000 });
  return ended.is === 'exited' ? ended.out : ended.is;
};

const told = ({ journal }: Outcome): readonly string[] =>
  journal.events.flatMap(event => (event.type === 'progress' ? [event.text] : []));

/** Events until what was begun anew says something. */
const UNTIL_ANEW = 5;
const TAKEN_UP = 'what it had begun there was killed by a reboot';
const ANEW = 'a reboot ended it, and it is still to do: it is begun anew';

async function reboot(world: World): Promise<void> {
  powerCut(siteOf(world).fleet, siteHost(world));
  await siteOf(world).simulated.clock.sleep(UP_MS, 1);
}

/** Its runner dies at the first such event. */
async function dead(subject: Subject, at: (event: Stamped) => boolean, trial: Trial = {}): Promise<Outcome> {
  const whole = await tried(subject, trial);
  const seq = whole.journal.events.find(at)?.seq;
  if (seq === undefined) throw new Error('no such event');
  return tried(subject, { ...trial, journal: new MemoryJournal([], seq, 'silent') });
}

function resumed(subject: Subject, { world, journal }: Outcome, last?: number): Promise<Outcome> {
  return tried(subject, { world, journal: new MemoryJournal(journal.events, last, 'silent'), resume: true });
}

describe('a host that reboots under a command whose runner is dead', function () {
  this.timeout(60_000);

  it('has its update built by the resumed run, once', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('done');
    expect(told(outcome)).to.include(TAKEN_UP).and.include(ANEW);
    expect(siteHost(cut.world).pkgHistory.map(one => one.outcome)).to.deep.equal(['Succeeded/None']);
    expect(beginnings(cut.world)).to.equal(2);
    expect(await said(cut.world, 'ls -A /var/share')).to.equal('');
  });

  it('has what the resumed run began anew taken up, when that run dies, too', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    await reboot(cut.world);
    const second = await resumed(subject, cut, cut.journal.events.length + UNTIL_ANEW);
    expect([second.ran, beginnings(cut.world)]).to.deep.equal([null, 2]);
    const third = await resumed(subject, second);
    expect(third.ran?.verdict).to.equal('done');
    expect(siteHost(cut.world).pkgHistory.map(one => one.outcome)).to.deep.equal(['Succeeded/None']);
    expect(beginnings(cut.world)).to.equal(2);
  });

  it('has it begun a third time after a second reboot, and then it is done', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    await reboot(cut.world);
    const second = await resumed(subject, cut, cut.journal.events.length + UNTIL_ANEW);
    expect(beginnings(cut.world)).to.equal(2);
    await reboot(cut.world);
    const third = await resumed(subject, second);
    expect(third.ran?.verdict).to.equal('done');
    expect(beginnings(cut.world)).to.equal(3);
  });

  it('has nothing begun anew when the work was done before, and only its status was lost', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    await siteOf(cut.world).simulated.clock.sleep(3 * 3_600_000, 1);
    await said(cut.world, `rm /var/share/zoneferry/*/*/status`);
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('done');
    expect(told(outcome)).to.include(TAKEN_UP).and.not.include(ANEW);
    expect(beginnings(cut.world)).to.equal(1);
  });

  it('has nothing begun anew when its own boot time is not told: that it rebooted is not proved', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    await said(cut.world, 'for d in /var/share/zoneferry/*/*; do rm $d/by; ln -s 99999@ $d/by; done');
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(told(outcome)).to.include('what it had begun there left no status').and.not.include(ANEW);
  });

  it('has its zones sent away by the resumed run, once, when they may go cold', async () => {
    const subject = await shipped({ ...EVACUATE, extra: ['which=all'] });
    const cut = await dead(subject, isMoving);
    expect(beginnings(cut.world)).to.equal(1);
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('done');
    expect(told(outcome)).to.include(TAKEN_UP).and.include(ANEW);
    expect(told(outcome).filter(text => text === ANEW)).to.have.length(1);
    for (const zone of ['evac1', 'evac2', 'evac4'])
      expect(placeOf(siteOf(cut.world).fleet, zone), zone).to.equal('installed on bjork');
    expect(siteOf(cut.world).problems).to.deep.equal([]);
  });

  it('has no zone sent that was to go running and is down: that is said, and a person decides', async () => {
    const subject = await shipped(EVACUATE);
    const cut = await dead(subject, isMoving);
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('stuck');
    expect(outcome.ran?.why).to.contain('evac1 was planned to move running, and is installed');
    expect(beginnings(cut.world)).to.equal(1);
  });

  it('has no zone sent as long as its own record says that an evacuation is in progress', async () => {
    const subject = await shipped({ ...EVACUATE, extra: ['which=all'] });
    const cut = await dead(subject, isMoving);
    await reboot(cut.world);
    siteHost(cut.world).evacuating = true;
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('stuck');
    expect(outcome.ran?.why).to.contain('an evacuation is in progress');
    expect(beginnings(cut.world)).to.equal(1);
  });

  it('has its zones brought home by the resumed rollback, once', async () => {
    const subject = await shipped({ ...EVACUATE, extra: ['which=all'], onFailure: 'rollback' });
    const faults = new Map([['evacuate/1.t1.5@nacaozumbi' as ActionId, 'sick' as const]]);
    let turned = false;
    const isReturning = (event: Stamped): boolean => {
      turned ||= event.type === 'undo-started' && event.action === 'evacuate/1.t1.4.2@nacaozumbi';
      return turned && isOutputOf('preparing')(event);
    };
    const cut = await dead(subject, isReturning, { faults });
    const before = beginnings(cut.world);
    await reboot(cut.world);
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('rolled-back');
    expect(told(outcome)).to.include(TAKEN_UP).and.include(ANEW);
    expect(beginnings(cut.world)).to.equal(before + 1);
    for (const zone of ['evac1', 'evac2', 'evac4'])
      expect(placeOf(siteOf(cut.world).fleet, zone), zone).to.contain('on nacaozumbi');
    expect(siteOf(cut.world).problems).to.deep.equal([]);
  });
});
