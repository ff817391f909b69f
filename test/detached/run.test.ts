// Whole runs whose long commands outlive what carries them: a cut line, a controller that is gone, an operator who
// wants to stop now, a reboot. Each is built once.
import { expect } from 'chai';
import { powerCut } from '../../sim/world/power.ts';
import type { Stamped } from '../../src/model/event.ts';
import { MemoryJournal } from '../run/harness.ts';
import { PAIR } from '../laws/fleets.ts';
import { type Outcome, tried } from '../laws/subject.ts';
import { shipped, siteOf } from '../laws/world.ts';
import { HOME } from './kit.ts';

const UPDATE = { fleet: PAIR, playbook: 'playbooks/update.yml', limit: 'nacaozumbi' };
const EVACUATE = { fleet: PAIR, playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' };

const updates = ({ world }: Outcome): readonly string[] =>
  siteOf(world)
    .fleet.host(HOME)
    .pkgHistory.map(({ outcome }) => outcome);

/** How often each command was really begun: a start that finds one at work begins none. */
const begun = ({ world }: Outcome, words: string): number =>
  siteOf(world).simulated.sent.filter(({ line }) => line.includes(words)).length;

const left = async ({ world }: Outcome): Promise<string> => {
  const ended = await world.hosts(HOME).exec('ls -A /var/share', { limitMs: 60_000 });
  return ended.is === 'exited' ? ended.out : ended.is;
};

const isOutputOf = (program: string) => (event: Stamped) => event.type === 'output' && event.text.includes(program);

async function dyingAt(given: typeof UPDATE, at: (event: Stamped) => boolean) {
  const subject = await shipped(given);
  const whole = await tried(subject);
  const seq = whole.journal.events.find(at)?.seq;
  if (seq === undefined) throw new Error('no such event');
  const cut = await tried(subject, { journal: new MemoryJournal([], seq, 'silent') });
  const journal = new MemoryJournal(cut.journal.events);
  return tried(subject, { world: cut.world, journal, resume: true });
}

describe('a run that is resumed', function () {
  this.timeout(60_000);

  it('takes up the pkg update that its dead controller had begun, hears it to its end, and clears up', async () => {
    const resumed = await dyingAt(UPDATE, isOutputOf('Startup'));
    expect(resumed.ran?.verdict).to.equal('done');
    expect(updates(resumed)).to.deep.equal(['Succeeded/None']);
    expect(begun(resumed, 'pkg update --accept')).to.equal(1);
    const told = resumed.journal.events.flatMap(event => (event.type === 'progress' ? [event.text] : []));
    expect(told).to.include('what it had begun there has ended with exit status 0');
    expect(await left(resumed)).to.equal('');
  });

  it('takes up an evacuation', async () => {
    const resumed = await dyingAt(EVACUATE, isOutputOf('migrating'));
    expect(resumed.ran?.verdict).to.equal('done');
    expect(begun(resumed, 'sysadm evacuate -v')).to.equal(1);
    expect(siteOf(resumed.world).problems).to.deep.equal([]);
    expect(await left(resumed)).to.equal('');
  });

  it('after a reboot in the middle is told of it', async () => {
    const subject = await shipped(UPDATE);
    const world = await subject.makeWorld();
    let isCut = false;
    const outcome = await tried(subject, {
      onEvent: event => {
        if (isCut || !isOutputOf('Download')(event)) return;
        isCut = true;
        const { fleet } = siteOf(world);
        powerCut(fleet, fleet.host(HOME));
      },
      world,
    });
    const words = outcome.journal.events.flatMap(event => ('why' in event ? [event.why] : [])).join('\n');
    expect(words).to.contain('killed by a reboot');
    expect(updates(outcome).filter(one => one.startsWith('Succeeded'))).to.deep.equal([]);
  });
});

describe('an operator who wants to stop now', function () {
  this.timeout(60_000);

  it('leaves the pkg update at work, is told so, and resume takes it up', async () => {
    const subject = await shipped(UPDATE);
    let said = false;
    const stopped = await tried(subject, {
      onEvent(event, say) {
        if (said || !isOutputOf('Startup')(event)) return;
        said = true;
        say('now');
      },
    });
    const notes = stopped.journal.events.flatMap(event => (event.type === 'noted' ? [event.text] : []));
    expect(notes.join('\n')).to.match(
      /nacaozumbi: \/usr\/bin\/pkg update .* runs on there; zoneferry resume \S+ takes it up/,
    );
    const journal = new MemoryJournal(stopped.journal.events);
    const resumed = await tried(subject, { world: stopped.world, journal, resume: true });
    expect(begun(resumed, 'pkg update --accept')).to.equal(1);
    expect(updates(resumed)).to.deep.equal(['Succeeded/None']);
  });
});
