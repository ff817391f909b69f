// A run that is resumed while its host is away for a while: it is taken up when it is back. Nothing is begun twice, no
// undo begins beside a command that is at work, and a host that stays away is said to be unknown.
import { expect } from 'chai';
import { powerCut } from '../../sim/world/power.ts';
import type { Law, Stamped } from '../../src/model/event.ts';
import type { ActionId, HostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import type { Catalogue, Step } from '../../src/model/step.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { MemoryJournal } from '../run/harness.ts';
import { PAIR } from '../laws/fleets.ts';
import { type Outcome, type Subject, type Trial, tried, type World } from '../laws/subject.ts';
import { placeOf, shipped, siteOf } from '../laws/world.ts';
import { HOME } from './kit.ts';

const UPDATE = { fleet: PAIR, playbook: 'playbooks/update.yml', limit: 'nacaozumbi' };
const EVACUATE = { fleet: PAIR, playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' };
const ALL = { ...EVACUATE, extra: ['which=all'] };

const EVACUATION = 'evacuate/1.t1.4.2@nacaozumbi';
const MOVED = ['evac1', 'evac2', 'evac4'];
/** Those that run, then those that don't: so many commands when nothing happens. */
const BEGINNINGS_OF_ALL = 2;
const TAKEN_UP = 'taking up what it had begun there';
const WAITED_FOR = 'it gives no answer: it is waited for, since what was begun there may be at work';

const seconds = (count: number): number => count * 1000;
const minutes = (count: number): number => seconds(60 * count);

const isOutputOf = (text: string) => (event: Stamped) => event.type === 'output' && event.text.includes(text);
const isMoving = (event: Stamped): boolean =>
  isOutputOf('migrating')(event) && 'action' in event && event.action === EVACUATION;

const clockOf = (world: World) => siteOf(world).simulated.clock;
const siteHost = (world: World) => siteOf(world).fleet.host(HOME);
const beginnings = (world: World): number =>
  siteOf(world).simulated.sent.filter(({ line }) => line.includes('echo begins')).length;
const told = ({ journal }: Outcome): readonly string[] =>
  journal.events.flatMap(event => (event.type === 'progress' ? [event.text] : []));
const built = (world: World): readonly string[] => siteHost(world).pkgHistory.map(one => one.outcome);

/** Its runner dies at the first such event. */
async function dead(subject: Subject, at: (event: Stamped) => boolean, trial: Trial = {}): Promise<Outcome> {
  const whole = await tried(subject, trial);
  const seq = whole.journal.events.find(at)?.seq;
  if (seq === undefined) throw new Error('no such event');
  return tried(subject, { ...trial, journal: new MemoryJournal([], seq, 'silent') });
}

interface Resumption extends Trial {
  /** Whether nothing reaches the host so long after the run was resumed. */
  readonly isAway?: (sinceMs: number, line: string) => boolean;
}

const awayFor = (ms: number) => (sinceMs: number) => sinceMs < ms;

function resumed(
  subject: Subject,
  { world, journal }: Outcome,
  { isAway = () => false, ...trial }: Resumption = {},
): Promise<Outcome> {
  const begun = clockOf(world).now();
  const isGone = (name: HostName, line: string): boolean => name === HOME && isAway(clockOf(world).now() - begun, line);
  const setting: Subject['setting'] = (one, at) => ({
    ...subject.setting?.(one, at),
    hosts: name => behind(world.hosts(name), line => isGone(name, line)),
  });
  return tried({ ...subject, setting }, { world, journal: new MemoryJournal(journal.events), resume: true, ...trial });
}

function behind(host: Host, isGone: (line: string) => boolean): Host {
  const why = 'no route to host';
  const no = { is: 'no', refusal: { is: 'not-sent', command: 'connect', why } } as const;
  return {
    ...host,
    exec: (line, options) => (isGone(line) ? Promise.resolve({ is: 'not-sent', why }) : host.exec(line, options)),
    read: path => (isGone('') ? Promise.resolve(no) : host.read(path)),
    reconnect: () => (isGone('') ? Promise.resolve(no) : host.reconnect()),
  };
}

/** Its look sees nothing of a pkg that is at work. */
function blind(): Catalogue {
  const check =
    (step: Step): Step['check'] =>
    async (args, looker) => {
      const checked = await step.check(args, looker);
      const isAtWork = checked.is === 'no-answer' && checked.refusal.is === 'unreadable';
      const seen = { installed: '', exists: false, leftover: false, pending: false };
      return isAtWork ? { is: 'todo', seen, text: 'nothing is built' } : checked;
    };
  const get = (name: string): Step | null => {
    const step = catalogue.get(name);
    return step?.name === 'be.update' ? { ...step, check: check(step) } : step;
  };
  return { names: catalogue.names, get };
}

const turned: Law = { type: 'turned', lane: { is: 'host', host: HOME }, towards: 'rollback', why: 'it was asked' };

describe('a host that is away while a run is resumed', function () {
  this.timeout(60_000);

  for (const away of [seconds(15), minutes(1), minutes(14)])
    it(`for ${away / 1000} s has its update waited for when it is back, and built once`, async () => {
      const subject = await shipped(UPDATE);
      const cut = await dead(subject, isOutputOf('Download'));
      const outcome = await resumed(subject, cut, { isAway: awayFor(away) });
      expect(outcome.ran?.verdict).to.equal('done');
      expect(told(outcome)).to.include(WAITED_FOR).and.include(TAKEN_UP);
      expect([built(cut.world), beginnings(cut.world)]).to.deep.equal([['Succeeded/None'], 1]);
    });

  for (const away of [seconds(15), minutes(1), minutes(14)])
    it(`for ${away / 1000} s has its zones moved once, and it is told which moved and which stayed`, async () => {
      const subject = await shipped(EVACUATE);
      const cut = await dead(subject, isMoving);
      const outcome = await resumed(subject, cut, { isAway: awayFor(away) });
      expect(outcome.ran?.verdict).to.equal('done');
      expect(beginnings(cut.world)).to.equal(1);
      const end = outcome.journal.laws('action-ended').find(({ action }) => action === EVACUATION);
      const migrated = ['evac1', 'evac2'].map(zone => ({ zone, from: HOME, to: 'bjork', was: 'running' }));
      expect(end?.result).to.deep.include({ migrated, changed: true });
      expect(end?.result.stayed).to.be.an('array');
      expect(siteOf(cut.world).problems).to.deep.equal([]);
    });

  it('because it boots is looked at when it is up, and its zones are sent away cold where they may be', async () => {
    for (const booting of [0, seconds(60)]) {
      const subject = await shipped(ALL);
      const cut = await dead(subject, isMoving);
      powerCut(siteOf(cut.world).fleet, siteHost(cut.world));
      if (booting > 0) await clockOf(cut.world).sleep(booting, 1);
      const outcome = await resumed(subject, cut);
      expect([outcome.ran?.verdict, beginnings(cut.world)]).to.deep.equal(['done', BEGINNINGS_OF_ALL + 1]);
      for (const zone of MOVED) expect(placeOf(siteOf(cut.world).fleet, zone), zone).to.equal('installed on bjork');
    }
  });

  it('because it boots has no zone sent that was to go running: that is said, not thrown', async () => {
    const subject = await shipped(EVACUATE);
    const cut = await dead(subject, isMoving);
    powerCut(siteOf(cut.world).fleet, siteHost(cut.world));
    const outcome = await resumed(subject, cut);
    expect(outcome.ran?.verdict).to.equal('stuck');
    expect(outcome.ran?.why).to.contain('evac1 was planned to move running, and is installed');
    expect(beginnings(cut.world)).to.equal(1);
  });

  it('for good is stuck after a quarter of an hour: nothing is undone, and nothing is said to be done', async () => {
    const subject = await shipped({ ...UPDATE, onFailure: 'rollback' });
    const cut = await dead(subject, isOutputOf('Download'));
    const begun = clockOf(cut.world).now();
    const outcome = await resumed(subject, cut, { isAway: () => true });
    expect(outcome.ran?.verdict).to.equal('stuck');
    expect(outcome.ran?.why).to.contain('no route to host');
    expect(clockOf(cut.world).now() - begun).to.be.within(minutes(15), minutes(17));
    expect(outcome.journal.laws('undo-started')).to.deep.equal([]);
  });

  it('and comes and goes has what was begun there waited for, and begun once', async () => {
    const subject = await shipped(ALL);
    const cut = await dead(subject, isMoving);
    const isAway = (sinceMs: number): boolean => sinceMs % seconds(20) < seconds(12);
    const outcome = await resumed(subject, cut, { isAway: sinceMs => sinceMs < minutes(40) && isAway(sinceMs) });
    expect([outcome.ran?.verdict, beginnings(cut.world)]).to.deep.equal(['done', BEGINNINGS_OF_ALL]);
    expect(siteOf(cut.world).problems).to.deep.equal([]);
  });

  it('whenever it is asked what is at work there is stuck in the end, with nothing begun or undone', async () => {
    const subject = await shipped({ ...UPDATE, onFailure: 'rollback' });
    const cut = await dead(subject, isOutputOf('Download'));
    const begun = clockOf(cut.world).now();
    const outcome = await resumed(subject, cut, { isAway: (_, line) => line.includes('echo "left ') });
    expect(outcome.ran?.verdict).to.equal('stuck');
    expect(outcome.ran?.why).to.contain(
      'what it had begun there may be at work still, and that could not be looked at',
    );
    expect(clockOf(cut.world).now() - begun).to.be.below(minutes(6 * 60));
    expect([outcome.journal.laws('undo-started'), beginnings(cut.world)]).to.deep.equal([[], 1]);
  });

  it('and goes back has nothing undone before the end of what is at work, even if a look can’t see that', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    const journal = new MemoryJournal(cut.journal.events);
    await journal.append(turned);
    const outcome = await resumed(subject, cut, { isAway: awayFor(seconds(40)), journal, catalogue: blind() });
    const at = (fits: (event: Stamped) => boolean): number => outcome.journal.events.findIndex(fits);
    const over = at(
      event => event.type === 'progress' && event.text === 'what it had begun there has ended with exit status 0',
    );
    const undone = at(event => event.type === 'undo-started' && event.action.startsWith('update/1.t1'));
    expect(over).to.be.greaterThan(0);
    expect(undone).to.be.greaterThan(over);
    expect(built(cut.world)).to.deep.equal(['Succeeded/None']);
    expect(outcome.ran?.verdict).to.equal('rolled-back');
  });

  it('and is rolled back meanwhile has nothing begun anew that a reboot had ended', async () => {
    const subject = await shipped(UPDATE);
    const cut = await dead(subject, isOutputOf('Download'));
    powerCut(siteOf(cut.world).fleet, siteHost(cut.world));
    const outcome = await resumed(subject, cut, {
      onEvent(event, say) {
        if (event.type === 'progress' && event.text === WAITED_FOR) say('rollback');
      },
    });
    expect([outcome.ran?.verdict, beginnings(cut.world)]).to.deep.equal(['rolled-back', 1]);
    expect(built(cut.world)).to.deep.equal([]);
  });

  it('while its zones are brought home by a rollback has them home once', async () => {
    const subject = await shipped({ ...ALL, onFailure: 'rollback' });
    const faults = new Map([['evacuate/1.t1.5@nacaozumbi' as ActionId, 'sick' as const]]);
    let isBack = false;
    const isReturning = (event: Stamped): boolean => {
      isBack ||= event.type === 'undo-started' && event.action === EVACUATION;
      return isBack && isOutputOf('preparing')(event);
    };
    const cut = await dead(subject, isReturning, { faults });
    const before = beginnings(cut.world);
    const outcome = await resumed(subject, cut, { isAway: awayFor(seconds(45)) });
    expect(outcome.ran?.verdict).to.equal('rolled-back');
    expect(told(outcome)).to.include(TAKEN_UP);
    expect(beginnings(cut.world)).to.equal(before);
    for (const zone of MOVED) expect(placeOf(siteOf(cut.world).fleet, zone), zone).to.contain('on nacaozumbi');
    expect(siteOf(cut.world).problems).to.deep.equal([]);
  });
});
