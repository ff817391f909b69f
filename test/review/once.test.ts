// A task that runs once for all hosts, cut in its middle: what it began is put back as any other.
import { expect } from 'chai';
import { laneName } from '../../src/model/ids.ts';
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

const set = (key: string, options = {}) => task('toy.set', { key, value: '1' }, options);

/** What the hosts hold after the operator asked for the way back when this action had ended, and how it was undone. */
async function taken(tasks: readonly ReturnType<typeof task>[], after: string, options: object = {}) {
  const toy = new Toy();
  const ports = portsOf({
    ...{ plan: planOf([play(['a', 'b'], tasks, options)]), catalogue: toyCatalogue, hosts: toy.host.bind(toy) },
    onEvent: (event, say) => {
      if (event.type === 'action-ended' && event.action === `toy/1.${after}`) say('rollback');
    },
  });
  const { verdict } = await runPlan(ports);
  const undone = ports.journal.laws('undo-started').map(one => one.action.replace('toy/1.', ''));
  return { verdict, left: toy.snapshot(), undone };
}

const NOTHING = new Toy().snapshot();

describe('what was done once for all, when all hosts go back', () => {
  const tasks = [set('k'), set('o', { once: 'run' }), set('l'), set('m')];

  it('goes back with them at the word of the operator, in the order in which all was done', async () => {
    const { verdict, left, undone } = await taken(tasks, 't3@a');
    expect([verdict, left]).to.deep.equal(['rolled-back', NOTHING]);
    const at = undone.indexOf('t2@play 1');
    expect(undone.filter(one => one.startsWith('t3')).every(one => undone.indexOf(one) < at)).to.equal(true);
    expect(undone.filter(one => one.startsWith('t1')).every(one => undone.indexOf(one) > at)).to.equal(true);
  });

  it('goes back with them also when it was at work at that word', async () => {
    const toy = new Toy();
    const ports = portsOf({
      ...{ plan, catalogue: toyCatalogue, hosts: toy.host.bind(toy) },
      onEvent: (event, say) => {
        if (event.type === 'action-started' && event.action.id === 'toy/1.t2@play 1') say('rollback');
      },
    });
    expect([(await runPlan(ports)).verdict, toy.snapshot()]).to.deep.equal(['rolled-back', NOTHING]);
    expect(ports.journal.laws('undo-started')[0]?.action).to.equal('toy/1.t2@play 1');
  });

  it('goes back with the hosts of its wave, when it was done once for that', async () => {
    const { verdict, left } = await taken([set('k'), set('o', { once: 'wave' }), set('l'), set('m')], 't3@a');
    expect([verdict, left]).to.deep.equal(['rolled-back', NOTHING]);
  });

  it('goes back when every host failed by itself', async () => {
    const { verdict, left } = await taken([...tasks, task('fail', { message: 'no' })], 'never', { maxFailures: 9 });
    expect([verdict, left]).to.deep.equal(['rolled-back', NOTHING]);
  });

  it("leaves hosts that never began out of it, also where one host's failure is that of all", async () => {
    const toy = new Toy();
    const ports = portsOf({
      ...{ plan: planOf([play(['a', 'b'], tasks, { anyErrorsFatal: true })]), catalogue: toyCatalogue },
      ...{ hosts: toy.host.bind(toy), maxInFlight: 1 },
      onEvent: (event, say) => {
        if (event.type === 'action-started' && event.action.id === 'toy/1.t1@a') say('rollback');
      },
    });
    await runPlan(ports);
    const turned = ports.journal.laws('turned').map(one => [laneName(one.lane), one.why]);
    expect(turned).to.deep.equal([['a', 'the operator asked for it']]);
  });

  it('stays while a host is done and stays as it is', async () => {
    const { left, undone } = await taken(tasks, 't1@b', { serial: 1 });
    expect(undone).to.deep.equal(['t1@b']);
    expect(left).to.include('"o"');
  });
});

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
      const open = state.actions.values().filter(action => action.is === 'started');
      const halves = ['a', 'b'].filter(host => toy.on(host).has('k') !== toy.on(host).has('l'));
      expect([n, open.map(one => one.action.id), halves]).to.deep.equal([n, [], []]);
    }
  });
});
