// A task that runs once for all hosts, cut in its middle: what it began is put back as any other.
import { expect } from 'chai';
import { rollbackRun, resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';
import { play, planOf, task } from '../run/program.ts';
import { Toy, toyCatalogue } from '../run/toy.ts';

const plan = planOf([
  play(
    ['a', 'b'],
    [
      task('toy.set', { key: 'k', value: '1' }),
      task('toy.set', { key: 'o', value: '1' }, { once: 'run' }),
      task('toy.set', { key: 'l', value: '1' }),
    ],
  ),
]);

async function whole(): Promise<MemoryJournal> {
  const toy = new Toy();
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name) });
  await runPlan(ports);
  return ports.journal;
}

/** Breaks off after the n-th event, its effect included. */
async function cut(n: number) {
  const toy = new Toy();
  const setting = { plan, catalogue: toyCatalogue, hosts: toy.host.bind(toy) };
  const first = portsOf({ ...setting, journal: new MemoryJournal([], n) });
  await runPlan(first).catch(() => undefined);
  const journal = new MemoryJournal(first.journal.events);
  return { toy, ports: portsOf({ ...setting, journal }), journal };
}

describe('a run with a task for all hosts, cut anywhere', () => {
  it('and rolled back leaves every host as it was', async () => {
    const { events } = await whole();
    for (let n = 1; n < events.length; n += 1) {
      const { toy, ports } = await cut(n);
      const went = await rollbackRun(ports);
      expect([n, went.is, toy.snapshot()]).to.deep.equal([n, 'ran', new Toy().snapshot()]);
    }
  });

  it('and resumed after the operator asked for the way back, has looked at all that had begun', async () => {
    const { events } = await whole();
    for (let n = 3; n < events.length - 1; n += 1) {
      const { toy, ports, journal } = await cut(n);
      await journal.append({ type: 'operator-said', word: 'rollback', who: 'joan', host: null });
      const { state } = await resumeRun(ports);
      const open = [...state.actions.values()].filter(action => action.is === 'started');
      const halves = ['a', 'b'].filter(host => toy.on(host).has('k') !== toy.on(host).has('l'));
      expect([n, open.map(one => one.action.id), halves]).to.deep.equal([n, [], []]);
    }
  });
});
