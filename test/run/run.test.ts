// Whole runs over toy hosts: what a playbook author wrote comes to pass, in the order they would expect.
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import { known } from '../../src/model/value.ts';
import { runPlan } from '../../src/run/run.ts';
import { portsOf, type Setting, tell, type Told } from './harness.ts';
import { block, c, flush, handler, play, planOf, task, x } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

async function run(plan: Plan, toy = new Toy(), more: Partial<Setting> = {}): Promise<Told> {
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name), ...more });
  return tell(await runPlan(ports), ports.journal);
}

const set = (key: string, value: string, options = {}) => task('toy.set', { key, value }, options);

describe('a run', () => {
  it('does what is to do, and says of the rest that nothing was', async () => {
    const toy = new Toy();
    toy.on('bjork').set('a', '1');
    const told = await run(planOf([play(['bjork'], [set('a', '1'), set('b', '2')])]), toy);
    expect(told.verdict).to.equal('done');
    expect(told.story).to.deep.equal(['t1@bjork unchanged', 't2@bjork changed']);
    expect(toy.on('bjork').get('b')).to.equal('2');
    expect(told.journal.laws('action-started').length).to.equal(1);
  });

  it('asks conditions with registered results, and passes over what is not for a host', async () => {
    const tasks = [
      task('toy.look', { key: 'a' }, { register: 'seen' }),
      set('b', '1', { when: [c('seen.value == "yes"')], register: 'b' }),
      set('c', '1', { when: [c('b.skipped')] }),
    ];
    const toy = new Toy();
    toy.on('bjork').set('a', 'yes');
    const told = await run(planOf([play(['bjork', 'nacaozumbi'], tasks)]), toy);
    expect(toy.on('bjork').has('b')).to.equal(true);
    expect(toy.on('bjork').has('c')).to.equal(false);
    expect(toy.on('nacaozumbi').has('b')).to.equal(false);
    expect(toy.on('nacaozumbi').has('c')).to.equal(true);
    expect(told.story).to.include('t2@nacaozumbi skipped');
  });

  it('keeps hosts in step, unless they go freely', async () => {
    const plan = (strategy: 'linear' | 'free') =>
      planOf([
        play(
          ['a', 'b'],
          [set('x', '1', { loop: [1, 2, 3], when: [c('item == 1 || host.name == "a"')] }), set('y', '1')],
          { strategy },
        ),
      ]);
    const linear = await run(plan('linear'));
    expect(linear.story.indexOf('t2@b changed')).to.be.above(linear.story.indexOf('t1[2]@a unchanged'));
    const free = await run(plan('free'));
    expect(free.story.length).to.equal(linear.story.length);
    expect(free.verdict).to.equal('done');
  });

  it('loops over a list that an earlier task brought, and fixes the items in the journal', async () => {
    const toy = new Toy();
    toy.on('bjork').set('zones', 'evac1,evac2');
    const tasks = [
      task('toy.look', { key: 'zones' }, { register: 'zones' }),
      task('toy.set', { key: x('z-{{item}}'), value: 'up' }, { loop: x('{{zones.list}}'), register: 'all' }),
      set('count', 'two', { when: [c('all.results.length == 2 && all.changed')] }),
    ];
    const told = await run(planOf([play(['bjork'], tasks)]), toy);
    expect(told.journal.laws('loop-fixed')[0]?.items).to.deep.equal(['evac1', 'evac2']);
    expect([...toy.on('bjork').keys()]).to.include.members(['z-evac1', 'z-evac2', 'count']);
  });

  it('skips the items that a condition leaves out, one by one', async () => {
    const tasks = [
      task(
        'toy.set',
        { key: x('{{item}}'), value: '1' },
        { loop: ['a', 'b'], when: [c('item == "b"')], register: 'r' },
      ),
    ];
    const told = await run(planOf([play(['bjork'], [...tasks, set('n', '1', { when: [c('r.results[0].skipped')] })])]));
    expect(told.story).to.deep.equal(['t1[0]@bjork unchanged', 't1[1]@bjork changed', 't2@bjork changed']);
  });

  it('does what a skipped loop would need nothing for: no event an item', async () => {
    const told = await run(planOf([play(['bjork'], [set('a', '1', { loop: [1, 2], when: [known(false)] })])]));
    expect(told.story).to.deep.equal(['t1@bjork skipped']);
  });

  it('rescues a block, knows what failed there, and does what is always done', async () => {
    const tasks = [
      block([set('a', '1'), task('fail', { message: 'no' }), set('never', '1')], {
        rescue: [task('toy.set', { key: 'why', value: x('{{failed.message}}') })],
        always: [set('always', '1')],
      }),
      set('after', '1'),
    ];
    const toy = new Toy();
    const told = await run(planOf([play(['bjork'], tasks)]), toy);
    expect(told.verdict).to.equal('done');
    expect([...toy.on('bjork')]).to.deep.equal([
      ['a', '1'],
      ['why', 'no'],
      ['always', '1'],
      ['after', '1'],
    ]);
  });

  it('does what is always done before it turns back, and never on the way back', async () => {
    const tasks = [
      block([set('a', '1'), task('fail', { message: 'no' })], { always: [set('always', '1')] }),
      set('after', '1'),
    ];
    const toy = new Toy();
    const told = await run(planOf([play(['bjork'], tasks)]), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(told.story).to.deep.equal([
      't1.1@bjork changed',
      't1.2@bjork failed',
      't1.a1@bjork changed',
      'undo t1.a1@bjork changed',
      'undo t1.1@bjork changed',
    ]);
    expect(toy.on('bjork').size).to.equal(0);
  });

  it('runs a handler once for many notifications, at the end of the section and where it is told to', async () => {
    const notify = ['restart'];
    const tasks = [
      set('a', '1', { notify }),
      set('b', '1', { notify }),
      flush(),
      set('c', '1', { notify: ['web things'] }),
      set('d', '1'),
    ];
    const handlers = [handler('restart', 'toy.log', { text: 'restarted' }, { listen: ['web things'] })];
    const toy = new Toy();
    const told = await run(planOf([play(['bjork'], tasks, { handlers })]), toy);
    expect(toy.on('bjork').get('log')).to.equal('restarted;restarted;');
    expect(told.story.filter(line => line.startsWith('h1'))).to.deep.equal([
      'h1~t3@bjork changed',
      'h1~t@bjork changed',
    ]);
  });

  it('runs a handler on the hosts alone for which the name in notify comes to it', async () => {
    const notify = [{ name: 'restart', hosts: [hostName('bjork')] }];
    const handlers = [handler('restart', 'toy.log', { text: 'restarted' })];
    const toy = new Toy();
    await run(planOf([play(['bjork', 'saison'], [set('a', '1', { notify })], { handlers })]), toy);
    expect([toy.on('bjork').get('log'), toy.on('saison').get('log')]).to.deep.equal(['restarted;', undefined]);
  });

  it('restarts after a rollback what was restarted for a change that is gone', async () => {
    const handlers = [handler('restart', 'toy.log', { text: 'restarted' })];
    const tasks = [set('a', '1', { notify: ['restart'] }), flush(), task('fail', { message: 'no' })];
    const toy = new Toy();
    const told = await run(planOf([play(['bjork'], tasks, { handlers })]), toy);
    expect(told.verdict).to.equal('rolled-back');
    expect(told.story.at(-1)).to.equal('h1~undo@bjork changed');
    expect(toy.on('bjork').get('log')).to.equal('restarted;restarted;');
  });

  it('drops what a host that goes back was going to restart', async () => {
    const handlers = [handler('restart', 'toy.log', { text: 'restarted' })];
    const tasks = [set('a', '1', { notify: ['restart'] }), task('fail', { message: 'no' })];
    const toy = new Toy();
    await run(planOf([play(['bjork'], tasks, { handlers })]), toy);
    expect(toy.on('bjork').get('log')).to.equal('restarted;');
  });

  it('does once for all what is to be done once, on the first host, and shows the result to each', async () => {
    const tasks = [
      task('toy.look', { key: 'a' }, { once: 'run', register: 'seen' }),
      task('toy.set', { key: 'b', value: x('{{seen.value}}') }),
    ];
    const toy = new Toy();
    toy.on('a').set('a', 'first');
    const told = await run(planOf([play(['a', 'b', 'c'], tasks, { serial: 1 })]), toy);
    expect(told.story.filter(line => line.startsWith('t1'))).to.deep.equal(['t1@play 1 unchanged']);
    expect(toy.on('c').get('b')).to.equal('first');
  });

  it('does once a wave what is to be done once a wave', async () => {
    const told = await run(
      planOf([play(['a', 'b', 'c'], [task('toy.log', { text: 'x' }, { once: 'wave' })], { serial: 2 })]),
    );
    expect(told.story).to.deep.equal(['t1@play 1 wave 1 changed', 't1@play 1 wave 2 changed']);
  });

  it('does on another host what is delegated there, and puts it back there', async () => {
    const toy = new Toy();
    const tasks = [
      set('from', 'bjork', { on: x('{{home}}'), vars: { home: known('nacaozumbi') } }),
      task('fail', { message: 'no' }),
    ];
    const told = await run(planOf([play(['bjork'], tasks)], { others: ['nacaozumbi'] }), toy);
    expect(told.journal.laws('action-started')[0]?.action.on).to.equal('nacaozumbi');
    expect(toy.on('nacaozumbi').size).to.equal(0);
    expect(told.verdict).to.equal('rolled-back');
  });

  it('tries again until it holds, and tells how often', async () => {
    const attempts = { until: [c('r.out.length > 4')], retries: known(5), delayMs: known(1000), backoff: 2 };
    const told = await run(planOf([play(['bjork'], [task('toy.log', { text: 'x' }, { attempts, register: 'r' })])]));
    expect(told.journal.laws('attempt-ended').map(event => event.n)).to.deep.equal([1, 2, 3]);
    expect(told.story).to.deep.equal(['t1@bjork changed']);
  });

  it('fails when it never holds', async () => {
    const attempts = { until: [known(false)], retries: known(2), delayMs: known(0), backoff: 1 };
    const told = await run(planOf([play(['bjork'], [task('toy.look', { key: 'x' }, { attempts })])]));
    expect(told.verdict).to.equal('rolled-back');
    expect(told.why).to.contain('until did not hold after 3 looks');
  });

  it('labels as the author says, and still owes what it did', async () => {
    const tasks = [set('a', '1', { failedWhen: [c('result.now == "1"')], changedWhen: [known(false)] })];
    const toy = new Toy();
    const told = await run(planOf([play(['bjork'], tasks)]), toy);
    expect(told.story).to.deep.equal(['t1@bjork failed', 'undo t1@bjork changed']);
  });

  it('goes on past a failure that is ignored', async () => {
    const told = await run(
      planOf([
        play(
          ['bjork'],
          [
            task('fail', { message: 'no' }, { ignoreErrors: known(true), register: 'r' }),
            set('a', '1', { when: [c('r.failed')] }),
          ],
        ),
      ]),
    );
    expect(told.verdict).to.equal('done');
    expect(told.story).to.deep.equal(['t1@bjork failed', 't2@bjork changed']);
  });

  it('puts a task back as its author says', async () => {
    const undo = [{ step: task('toy.set').step, args: { key: known('undone'), value: x('{{host.name}}') } }];
    const toy = new Toy();
    await run(
      planOf([play(['bjork'], [task('toy.log', { text: 'x' }, { undo }), task('fail', { message: 'no' })])]),
      toy,
    );
    expect(toy.on('bjork').get('undone')).to.equal('bjork');
  });

  it("fails a task whose arguments can't be had, with the reason", async () => {
    const told = await run(planOf([play(['bjork'], [task('toy.set', { key: x('{{nobody}}'), value: '1' })])]));
    expect(told.why).to.contain('undefined variable nobody');
    expect(told.verdict).to.equal('rolled-back');
  });

  it('remembers set facts and registered results over plays', async () => {
    const first = play(['a', 'b'], [task('set_fact', { color: x('{{host.name}}-blue') })]);
    const second = play(['b'], [task('toy.set', { key: 'color', value: x('{{color}}') })]);
    const toy = new Toy();
    await run(planOf([first, second]), toy);
    expect(toy.on('b').get('color')).to.equal('b-blue');
  });
});
