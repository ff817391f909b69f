// What failures and the operator's words come to: who goes back, who goes on, in which order, and how the run ends.
import { expect } from 'chai';
import type { Plan } from '../../src/model/plan.ts';
import { known } from '../../src/model/value.ts';
import { resumeRun, rollbackRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from './harness.ts';
import { block, c, play, planOf, task, x } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

async function run(plan: Plan, toy = new Toy(), more: Partial<Setting> = {}): Promise<Told> {
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name), ...more });
  return tell(await runPlan(ports), ports.journal);
}

const set = (key: string, value: string, options = {}) => task('toy.set', { key, value }, options);
const failsOn = (host: string) => task('fail', { message: 'no' }, { when: [c(`host.name == "${host}"`)] });
const hosts = ['a', 'b', 'c', 'd'];

describe('a failure', () => {
  it('takes the failed host back and starts no other one', async () => {
    const toy = new Toy();
    const told = await run(planOf([play(hosts, [set('k', '1'), failsOn('b')], { serial: 1 })]), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(toy.on('a').get('k')).to.equal('1');
    expect(toy.on('b').size).to.equal(0);
    expect(toy.lines.some(line => line.startsWith('c'))).to.equal(false);
    expect(told.why).to.contain('b: fail');
  });

  it('lets the others go on within the budget, over waves and plays', async () => {
    const toy = new Toy();
    const first = play(hosts, [set('k', '1'), failsOn('b')], { serial: 1, maxFailures: 1 });
    const second = play(hosts, [failsOn('c'), set('l', '1')], { serial: 1, maxFailures: 1 });
    const told = await run(planOf([first, second]), toy);
    expect(toy.on('a').get('l')).to.equal('1');
    expect(toy.on('b').size).to.equal(0);
    expect(toy.on('c').size).to.equal(0);
    expect(toy.on('d').get('k')).to.equal('1');
    expect(toy.on('d').has('l')).to.equal(false);
    expect(told.verdict).to.equal('rolled-back');
  });

  it('lets hosts of the same wave finish, which had begun', async () => {
    const toy = new Toy();
    const told = await run(planOf([play(['a', 'b'], [set('k', '1'), failsOn('b'), set('l', '1')])]), toy);
    expect(toy.on('a').get('l')).to.equal('1');
    expect(told.verdict).to.equal('rolled-back');
  });

  it('under rollback_all takes every host back, the newest wave first', async () => {
    const toy = new Toy();
    const told = await run(
      planOf([play(hosts, [set('k', '1'), failsOn('c')], { serial: 1, onFailure: 'rollback_all' })]),
      toy,
    );
    expect(toy.snapshot()).to.equal(new Toy().snapshot());
    expect(told.story.filter(line => line.startsWith('undo'))).to.deep.equal([
      'undo t1@c changed',
      'undo t1@b changed',
      'undo t1@a changed',
    ]);
    expect(told.verdict).to.equal('rolled-back');
  });

  it('under rollback_all leaves a host whole that is done and past its barrier', async () => {
    const toy = new Toy();
    const tasks = [
      set('k', '1'),
      task('toy.seal', { key: 's', value: '1' }, { when: [c('host.name == "a"')] }),
      failsOn('b'),
    ];
    const told = await run(planOf([play(['a', 'b'], tasks, { serial: 1, onFailure: 'rollback_all' })]), toy);
    expect(toy.on('a').get('k')).to.equal('1');
    expect(toy.on('b').size).to.equal(0);
    expect(told.verdict).to.equal('rolled-back');
  });

  it('undoes back to the newest barrier, and then a person is needed', async () => {
    const toy = new Toy();
    const tasks = [
      set('k', '1'),
      task('toy.seal', { key: 's', value: '1' }),
      set('l', '1'),
      task('fail', { message: 'no' }),
    ];
    const told = await run(planOf([play(['a'], tasks)]), toy);
    expect([...toy.on('a')]).to.deep.equal([
      ['k', '1'],
      ['s', '1'],
    ]);
    expect(told.verdict).to.equal('stuck');
    expect(told.why).to.contain('sealed');
  });

  it("says stuck when an undo can't, and leaves what it can't reach", async () => {
    const toy = new Toy();
    const tasks = [
      set('k', '1'),
      task('toy.rivet', { key: 'r', value: '1' }),
      set('l', '1'),
      task('fail', { message: 'no' }),
    ];
    const told = await run(planOf([play(['a'], tasks)]), toy);
    expect(told.verdict).to.equal('stuck');
    expect([...toy.on('a').keys()]).to.deep.equal(['k', 'r']);
    expect(told.why).to.contain('it never can');
  });

  it('passes over what is left as it is', async () => {
    const toy = new Toy();
    const told = await run(
      planOf([
        play(['a'], [set('k', '1'), task('toy.keep', { key: 'x', value: '1' }), task('fail', { message: 'no' })]),
      ]),
      toy,
    );
    expect([...toy.on('a')]).to.deep.equal([['x', '1']]);
    expect(told.verdict).to.equal('rolled-back');
  });

  it('opens a host before its things come home, though it was closed before they left', async () => {
    const toy = new Toy({ evac1: 'a' });
    const tasks = [
      task('toy.close'),
      task('toy.move', { thing: 'evac1', to: 'b' }),
      set('k', '1'),
      task('fail', { message: 'no' }),
    ];
    const told = await run(planOf([play(['a'], tasks)], { others: ['b'] }), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(told.story.filter(line => line.startsWith('undo'))).to.deep.equal([
      'undo t3@a changed',
      'undo t1@a changed',
      'undo t2@a changed',
    ]);
    expect(toy.things.get('evac1')).to.equal('a');
  });

  it('under stop leaves all as it is and starts nothing', async () => {
    const toy = new Toy();
    const told = await run(
      planOf([play(['a', 'b'], [set('k', '1'), failsOn('b'), set('l', '1')], { onFailure: 'stop' })]),
      toy,
    );
    expect(told.verdict).to.equal('stopped');
    expect(toy.on('a').has('l')).to.equal(false);
    expect(toy.on('b').get('k')).to.equal('1');
  });

  it('under hold leaves all as it is, and a person is needed', async () => {
    const told = await run(planOf([play(['a', 'b'], [set('k', '1'), failsOn('b')], { serial: 1, onFailure: 'hold' })]));
    expect(told.verdict).to.equal('stuck');
  });

  it('under continue leaves the host and goes on with the others, within the budget', async () => {
    const toy = new Toy();
    const told = await run(
      planOf([
        play(['a', 'b', 'c'], [set('k', '1'), failsOn('a')], { serial: 1, onFailure: 'continue', maxFailures: 1 }),
      ]),
      toy,
    );
    expect(told.verdict).to.equal('stopped');
    expect(toy.on('a').get('k')).to.equal('1');
    expect(toy.on('c').get('k')).to.equal('1');
  });

  it('a host that preflight refused is no failure as long as nothing was changed there', async () => {
    const toy = new Toy();
    toy.on('a').set('fit', 'no');
    for (const host of ['b', 'c']) toy.on(host).set('fit', 'yes');
    const told = await run(
      planOf([
        play(['a', 'b', 'c'], [task('toy.require', { key: 'fit', value: 'yes', refuse: true }), set('k', '1')], {
          serial: 1,
        }),
      ]),
      toy,
    );
    expect(told.verdict).to.equal('stopped');
    expect(told.state.lanes.get('a')?.turned?.towards).to.equal('refused');
    expect(toy.on('c').get('k')).to.equal('1');
  });

  it("counts a host that can't be reached as failed", async () => {
    const toy = new Toy();
    toy.dead.add('a');
    const told = await run(planOf([play(['a', 'b'], [set('k', '1')], { serial: 1 })]), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(told.why).to.contain('no route to host');
    expect(toy.on('b').size).to.equal(0);
  });

  it('counts a host that was silent when it was looked at', async () => {
    const observe = () => Promise.resolve({ facts: {}, silent: { a: 'no route' } });
    const plan = planOf([
      play(['a', 'b'], [set('k', '1', { when: [c('typeof facts == "undefined" || true')] })], {
        serial: 1,
        maxFailures: 1,
      }),
    ]);
    const toy = new Toy();
    const told = await run(plan, toy, { observe });
    expect(told.state.lanes.get('a')?.turned?.why).to.contain('cannot be reached');
  });

  it('goes on past an unreachable host when the author says so', async () => {
    const toy = new Toy();
    toy.dead.add('x');
    const told = await run(
      planOf([play(['a'], [set('k', '1', { on: known('x'), ignoreUnreachable: true }), set('l', '1')])], {
        others: ['x'],
      }),
      toy,
    );
    expect(told.verdict).to.equal('done');
    expect(toy.on('a').get('l')).to.equal('1');
  });

  it('of what is done once for all fails every host, and is put back', async () => {
    const toy = new Toy();
    const tasks = [set('k', '1'), block([task('toy.log', { text: 'bad' }, { once: 'run' })])];
    const told = await run(planOf([play(['a', 'b'], tasks)]), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(toy.on('a').has('k') || toy.on('b').has('k')).to.equal(false);
  });

  it('that a rescue took over is no failure, and its undo stays owed', async () => {
    const toy = new Toy();
    const tasks = [
      block([set('k', '1'), task('fail', { message: 'one' })], { rescue: [set('r', '1')] }),
      task('fail', { message: 'two' }),
    ];
    const told = await run(planOf([play(['a'], tasks)]), toy);
    expect(told.why).to.contain('two');
    expect(toy.on('a').size).to.equal(0);
  });
});

describe('the operator', () => {
  const onEvent =
    (after: string, word: 'stop' | 'rollback' | 'now'): NonNullable<Setting['onEvent']> =>
    (event, say) => {
      if (event.type === 'action-ended' && event.action === after) say(word);
    };
  const tasks = [set('k', '1'), set('l', '1')];

  it('says stop: nothing more starts, and a resumed run goes on to the end', async () => {
    const toy = new Toy();
    const plan = planOf([play(['a', 'b'], tasks, { serial: 1 })]);
    const told = await run(plan, toy, { onEvent: onEvent('toy/1.t1@a', 'stop') });
    expect(told.verdict).to.equal('stopped');
    expect([...toy.on('a')]).to.deep.equal([['k', '1']]);
    const ports = portsOf({
      plan,
      catalogue: toyCatalogue,
      hosts: name => toy.host(name),
      journal: new MemoryJournal(told.journal.events),
    });
    const again = await resumeRun(ports);
    expect(again.verdict).to.equal('done');
    expect(toy.on('b').get('l')).to.equal('1');
  });

  it('says rollback: hosts on their way go back, those that are done stay', async () => {
    const toy = new Toy();
    const told = await run(planOf([play(['a', 'b'], tasks, { serial: 1 })]), toy, {
      onEvent: onEvent('toy/1.t1@b', 'rollback'),
    });
    expect(told.verdict).to.equal('rolled-back');
    expect(toy.on('a').size).to.equal(2);
    expect(toy.on('b').size).to.equal(0);
  });

  it('says now: the run ends at once, whatever is going on', async () => {
    const toy = new Toy();
    const told = await run(planOf([play(['a', 'b'], tasks)]), toy, {
      onEvent: (event, say) => event.type === 'action-started' && say('now'),
    });
    expect(told.verdict).to.equal('stopped');
    expect(toy.on('a').has('l')).to.equal(false);
  });

  it('says rollback before any host is on its way, and hosts are left: the run is stopped, not done', async () => {
    const toy = new Toy();
    const told = await run(planOf([play(['a', 'b'], [set('k', '1')], { serial: 1 })]), toy, {
      onEvent: onEvent('toy/1.t1@a', 'rollback'),
    });
    expect([told.verdict, toy.on('a').size, toy.on('b').size]).to.deep.equal(['stopped', 1, 0]);
  });

  for (const [what, death] of [
    ['now', null],
    ['now, and the process dies before the run has ended', 'silent'],
  ] as const) {
    it(`says rollback, then ${what}: a resumed run finishes the way back and starts no further host`, async () => {
      const toy = new Toy();
      const plan = planOf([play(['a', 'b', 'c'], tasks, { serial: 1 })]);
      const told = await run(plan, toy, {
        onEvent(event, say) {
          if (event.type === 'action-started' && event.action.id === 'toy/1.t2@b') say('rollback');
          if (event.type === 'undo-started') say('now');
        },
      });
      const { events } = told.journal;
      const now = events.findIndex(event => event.type === 'operator-said' && event.word === 'now');
      expect([told.verdict, toy.on('b').get('k')]).to.deep.equal(['stopped', '1']);
      const journal = new MemoryJournal(death === null ? events : events.slice(0, now + 1));
      const hosts: Setting['hosts'] = name => toy.host(name);
      const again = await resumeRun(portsOf({ plan, catalogue: toyCatalogue, hosts, journal }));
      expect(again.verdict).to.equal('rolled-back');
      expect(journal.events.some(event => event.type === 'noted' && event.text.includes('a new run'))).to.equal(true);
      expect([toy.on('a').size, toy.on('b').size, toy.on('c').size]).to.deep.equal([2, 0, 0]);
    });
  }

  it('takes a stopped run back as a whole, newest wave first', async () => {
    const toy = new Toy();
    const plan = planOf([play(['a', 'b'], tasks, { serial: 1 })]);
    const told = await run(plan, toy);
    const ports = portsOf({
      plan,
      catalogue: toyCatalogue,
      hosts: name => toy.host(name),
      journal: new MemoryJournal(told.journal.events),
    });
    const back = await rollbackRun(ports);
    expect(back.is === 'ran' && back.verdict).to.equal('rolled-back');
    expect(toy.snapshot()).to.equal(new Toy().snapshot());
    const undone = ports.journal.laws('undo-ended').map(event => event.action);
    expect(undone).to.deep.equal(['toy/1.t2@b', 'toy/1.t1@b', 'toy/1.t2@a', 'toy/1.t1@a']);
  });

  it('is told of the barrier before anything is touched', async () => {
    const toy = new Toy();
    const plan = planOf([play(['a'], [...tasks, task('toy.seal', { key: 's', value: '1' })])]);
    const told = await run(plan, toy);
    const ports = portsOf({
      plan,
      catalogue: toyCatalogue,
      hosts: name => toy.host(name),
      journal: new MemoryJournal(told.journal.events),
    });
    const back = await rollbackRun(ports);
    expect(back.is).to.equal('past-barrier');
    expect(toy.on('a').size).to.equal(3);
  });
});

describe('a rehearsal (--check)', () => {
  it('changes nothing, says what would change, and really runs what only looks', async () => {
    const toy = new Toy();
    toy.on('a').set('l', '1');
    const tasks = [
      set('k', '1'),
      set('l', '1'),
      task('toy.look', { key: 'l' }, { register: 'seen' }),
      set('m', '1', { when: [c('seen.value == "1"')] }),
    ];
    const before = toy.snapshot();
    const told = await run(planOf([play(['a'], tasks)], { check: true }), toy);
    expect(told.verdict).to.equal('done');
    expect(toy.snapshot()).to.equal(before);
    expect(told.story.filter(line => line.endsWith('would-change')).length).to.be.above(1);
    expect(told.story).to.include('t3@a unchanged');
  });

  it('of one task, in a run that changes things', async () => {
    const toy = new Toy();
    await run(planOf([play(['a'], [set('k', '1', { checkMode: true }), set('l', x('{{host.name}}') as never)])]), toy);
    expect([...toy.on('a')]).to.deep.equal([['l', 'a']]);
  });
});
