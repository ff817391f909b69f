// The way back: what it waits for, what holds nobody up, and what is taken up there after the run broke off.
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import { hostName } from '../../src/model/ids.ts';
import type { BirthContext, Step } from '../../src/model/step.ts';
import { known } from '../../src/model/value.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from './harness.ts';
import { c, handler, play, planOf, task, x } from './program.ts';
import { catalogueOf, toyCatalogue, toySteps } from './toy.ts';
import { settled, Wire } from './wire.ts';

const set = (key: string, options: Parameters<typeof task>[2] = {}) => task('toy.set', { key, value: '1' }, options);
const failsOn = (host: string) => task('fail', { message: 'no' }, { when: [c(`host.name === "${host}"`)] });
const onlyOn = (host: string) => ({ when: [c(`host.name === "${host}"`)] });
const restart = handler('restart', 'toy.log', { text: 'restarted' });
const lost: Ended = { is: 'lost', out: '', err: '' };

async function run(plan: Setting['plan'], wire: Wire, more: Partial<Setting> = {}): Promise<Told> {
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: wire.hosts, ...more });
  const resumed = (more.journal?.events.length ?? 0) > 0;
  return tell(await (resumed ? resumeRun(ports) : runPlan(ports)), ports.journal);
}

/** Lets everything happen that can while `words` is held, and says which undos were over by then. */
async function whileHeld(words: string, plan: Setting['plan']) {
  const wire = new Wire(line => (line === words ? 'held' : null));
  const journal = new MemoryJournal();
  const running = run(plan, wire, { journal });
  await settled();
  const undone = journal.laws('undo-ended').map(event => event.action);
  await wire.release(words);
  return { undone, told: await running };
}

describe('while something is at work on one host', () => {
  const tasks = [set('k'), failsOn('b')];

  it('another one goes back', async () => {
    const { undone } = await whileHeld('a: /toy/set k 1', planOf([play(['a', 'b'], tasks, { strategy: 'free' })]));
    expect(undone).to.deep.equal(['toy/1.t1@b']);
  });

  it('nothing is undone when the whole run goes back', async () => {
    const plan = planOf([play(['a', 'b'], tasks, { strategy: 'free', onFailure: 'rollback_all' })]);
    const { undone, told } = await whileHeld('a: /toy/set k 1', plan);
    expect(undone).to.deep.equal([]);
    expect([told.verdict, told.story.filter(line => line.startsWith('undo')).length]).to.deep.equal(['rolled-back', 2]);
  });

  it('that is restarted after its rollback, the others go on back', async () => {
    const both = [set('k', { notify: ['restart'], ...onlyOn('a') }), set('l', onlyOn('b')), set('m', onlyOn('b'))];
    const plan = planOf([
      play(['a', 'b'], [...both, failsOn('b')], { onFailure: 'rollback_all', handlers: [restart] }),
    ]);
    const { undone, told } = await whileHeld('a: /toy/log restarted', plan);
    expect([...undone].sort()).to.deep.equal(['toy/1.t1@a', 'toy/1.t2@b', 'toy/1.t3@b']);
    expect(told.verdict).to.equal('rolled-back');
  });
});

describe('a restart after a rollback', () => {
  it('of which nobody knows how it ended needs a person', async () => {
    const wire = new Wire(line => (line === 'a: /toy/log restarted' ? lost : null));
    const told = await run(
      planOf([play(['a'], [set('k', { notify: ['restart'] }), failsOn('a')], { handlers: [restart] })]),
      wire,
    );
    expect(told.verdict).to.equal('stuck');
    expect(told.why).to.contain('restarted');
  });

  it('isn’t due for what was put back without a change', async () => {
    const tasks = [set('k', { notify: ['restart'], undo: [set('k')] }), failsOn('a')];
    const wire = new Wire();
    await run(planOf([play(['a'], tasks, { handlers: [restart] })]), wire);
    expect(wire.toy.on('a').has('log')).to.equal(false);
  });
});

describe('an item that was cut', () => {
  it('is taken up as that item: its labels are asked of it', async () => {
    const each = task(
      'toy.set',
      { key: x('{{item}}'), value: '1' },
      { loop: ['k', 'l'], failedWhen: [c('item === "l"')] },
    );
    const plan = planOf([play(['a'], [each], { onFailure: 'continue' })]);
    const whole = await run(plan, new Wire());
    const second = whole.journal.events.findIndex(
      event => event.type === 'action-started' && event.action.id.includes('[1]'),
    );
    const told = await run(plan, new Wire(), { journal: new MemoryJournal(whole.journal.events.slice(0, second + 1)) });
    expect(told.story).to.deep.equal(['t1[0]@a changed', 't1[1]@a failed']);
  });

  it('waits for nothing before it is looked at', async () => {
    const each = task('toy.set', { key: x('{{item}}'), value: '1' }, { loop: ['k', 'l'], pauseMs: 5_000 });
    const plan = planOf([play(['a'], [each])]);
    const whole = await run(plan, new Wire());
    const second = whole.journal.events.findIndex(
      event => event.type === 'action-started' && event.action.id.includes('[1]'),
    );
    const slept: number[] = [];
    const clock = { now: () => 0, monotonicMs: () => 0, sleep: async (ms: number) => void slept.push(ms) };
    const journal = new MemoryJournal(whole.journal.events.slice(0, second + 1));
    expect((await run(plan, new Wire(), { journal, clock })).verdict).to.equal('done');
    expect(slept).to.deep.equal([]);
  });
});

describe('an action when it is born', () => {
  it('is told what the plan of its wave says of the host that it happens on, and of no other', async () => {
    const contexts: BirthContext[] = [];
    const born: Step['born'] = (args, context) => {
      contexts.push(context);
      return args;
    };
    const catalogue = catalogueOf(toySteps.map(step => (step.name === 'toy.set' ? { ...step, born } : step)));
    const zone = (name: string, host: string) => ({
      zone: name as never,
      host: hostName(host),
      why: 'native',
      ruled: null,
    });
    const away = (name: string, from: string) => ({
      ...{ zone: name as never, from: hostName(from), to: hostName('c'), bytes: 1, why: '', others: [], stays: false },
    });
    const planWave: Setting['planWave'] = (_plan, _state, wave) => ({
      is: 'planned',
      plan: {
        ...{ wave, hosts: [hostName('a')] },
        migrations: [away('evac1', 'a'), away('evac2', 'b')],
        staying: [zone('tzone1', 'a'), zone('tzone2', 'b')],
      },
      notes: [],
    });
    await run(planOf([play(['a'], [set('k'), set('l', { on: known('b') })])], { others: ['b', 'c'] }), new Wire(), {
      ...{ catalogue, planWave },
    });
    const seen = contexts.map(({ host, migrations, staying }) => [
      ...[host, migrations.map(one => one.zone).join(), staying.map(one => one.zone).join()],
    ]);
    expect(seen).to.deep.include(['a', 'evac1', 'tzone1']);
    expect(seen).to.deep.include(['b', 'evac2', 'tzone2']);
    expect(seen.every(([host]) => host !== 'c')).to.equal(true);
  });

  it('waits, on its way back, for those before it that its step names and that left something to undo', async () => {
    const wire = new Wire();
    wire.toy.things.set('evac1', 'a');
    wire.toy.on('a').set('closed', 'yes');
    const move = task('toy.move', { thing: 'evac1', to: 'b' });
    const told = await run(planOf([play(['a'], [task('toy.close'), move])], { others: ['b'] }), wire);
    expect(told.journal.laws('action-started').map(event => event.undoAfter)).to.deep.equal([[]]);
    const open = await run(
      planOf([play(['c'], [task('toy.close'), set('k'), move])], { others: ['b', 'd'] }),
      new Wire(),
    );
    expect(open.journal.laws('action-started').map(event => event.undoAfter)).to.deep.equal([[], [], ['toy/1.t1@c']]);
  });
});
