// Cut in the middle of an action, while its host had just been told to go back: the action is looked at before anything
// of that host is undone, and it isn't applied again.
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';
import { play, planOf, task } from '../run/program.ts';
import { Toy, toyCatalogue } from '../run/toy.ts';

const set = (key: string) => task('toy.set', { key, value: '1' });

describe('a host that goes back while one of its actions was cut', () => {
  const plan = planOf([play(['a'], [set('k'), set('l')])]);
  const lane = { is: 'host', host: hostName('a') } as const;

  async function resumed(wasApplied: boolean) {
    const whole = new Toy();
    const first = portsOf({
      plan,
      catalogue: toyCatalogue,
      hosts: name => whole.host(name),
      journal: new MemoryJournal([]),
    });
    await runPlan(first);
    const { events } = first.journal;
    const begun = events.findIndex(event => event.type === 'action-started' && event.action.id === 'toy/1.t2@a');
    const journal = new MemoryJournal(events.slice(0, begun + 1));
    await journal.append({ type: 'turned', lane, towards: 'rollback', why: 'the operator asked for it' });
    const toy = new Toy();
    toy.on('a').set('k', '1');
    if (wasApplied) toy.on('a').set('l', '1');
    const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name), journal });
    const { verdict } = await resumeRun(ports);
    const after = journal.events.slice(begun + 2).map(event => event.type);
    return { verdict, after, left: [...toy.on('a').keys()] };
  }

  it('looks first, then undoes: done before the cut', async () => {
    const { verdict, after, left } = await resumed(true);
    expect(after.slice(0, 2)).to.deep.equal(['action-ended', 'undo-started']);
    expect([verdict, left]).to.deep.equal(['rolled-back', []]);
  });

  it('looks first, then undoes: not done before the cut, and not done now', async () => {
    const { verdict, after, left } = await resumed(false);
    expect(after.slice(0, 2)).to.deep.equal(['action-ended', 'undo-started']);
    expect([verdict, left]).to.deep.equal(['rolled-back', []]);
  });
});
