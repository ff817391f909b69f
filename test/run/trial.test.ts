// A step that only tries: what a cut, a silence and a failure come to when there is nothing to put back.
import { expect } from 'chai';
import { failAtEach, cutAnywhere } from '../laws/laws.ts';
import { toySubject } from '../laws/toys.ts';
import { runPlan } from '../../src/run/run.ts';
import { type Fault, tried } from '../laws/subject.ts';
import { MemoryJournal, portsOf, tell } from './harness.ts';
import { play, planOf, task } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

const FAULTS: readonly Fault[] = ['refused', 'refused-after', 'lost-before', 'lost-after', 'unreachable', 'sick'];
const trial = task('toy.try', { text: 'try' });
const first = planOf([play(['a'], [trial, task('toy.set', { key: 'k', value: '1' })])]);
const second = planOf([play(['a'], [task('toy.set', { key: 'k', value: '1' }), trial])]);

describe('a step that only tries', () => {
  const verdicts = async (plan: typeof first, faults: readonly Fault[]) => {
    const rows = await failAtEach(toySubject(plan), whole =>
      whole.applied
        .filter(id => id.includes(plan === first ? 't1' : 't2'))
        .flatMap(action => faults.map(fault => ({ action, fault }))),
    );
    expect(rows.flatMap(row => row.wrong)).to.deep.equal([]);
    return rows.map(({ fault, verdict }) => `${fault} ${verdict}`);
  };

  it('refuses the host before the first change, whatever it fails of, and never leaves it stuck', async () => {
    expect(await verdicts(first, FAULTS)).to.deep.equal(FAULTS.map(fault => `${fault} stopped`));
  });

  it('takes the host back when something was changed before', async () => {
    const reachable = FAULTS.filter(fault => fault !== 'unreachable');
    expect(await verdicts(second, reachable)).to.deep.equal(reachable.map(fault => `${fault} rolled-back`));
  });

  it('changes nothing, and is owed nothing', async () => {
    const ports = portsOf({ plan: first, catalogue: toyCatalogue, hosts: name => new Toy().host(name) });
    const told = tell(await runPlan(ports), ports.journal);
    expect(told.story).to.include('t1@a unchanged');
    expect(told.journal.laws('action-started')[0]?.undo).to.deep.equal({ is: 'nothing' });
  });

  it('is not tried again on the way back: it has failed, and what came before is undone', async () => {
    const subject = toySubject(second);
    const whole = await tried(subject);
    const started = whole.journal.events.find(one => one.type === 'action-started' && one.action.step === 'toy.try');
    const cut = await tried(subject, { journal: new MemoryJournal([], started?.seq) });
    const journal = new MemoryJournal(cut.journal.events);
    await journal.append({ type: 'operator-said', word: 'rollback', who: 'joan', host: null });
    const back = await tried(subject, { world: cut.world, journal, resume: true });
    expect(back.ran?.verdict).to.equal('rolled-back');
    expect(journal.laws('action-ended').at(-1)).to.include({
      outcome: 'failed',
      why: 'it was cut, and leaves nothing to put back',
    });
    expect(back.applied).to.deep.equal([]);
    expect(journal.laws('undo-ended').map(one => one.outcome)).to.deep.equal(['changed']);
  });

  it('is tried again by a run that is resumed', async () => {
    expect(await cutAnywhere(toySubject(first))).to.deep.equal([]);
    expect(await cutAnywhere(toySubject(second))).to.deep.equal([]);
  });
});
