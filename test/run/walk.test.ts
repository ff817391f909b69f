// A host's way through blocks, loops, handlers and what is done once: what it passes over, what it learns there, and
// what is a failure of it.
import { expect } from 'chai';
import type { Entry } from '../../src/model/program.ts';
import { known } from '../../src/model/value.ts';
import { runPlan } from '../../src/run/run.ts';
import { portsOf, type Setting, tell, type Told } from './harness.ts';
import { block, c, flush, handler, play, type PlanOptions, planOf, type PlayOptions, task, x } from './program.ts';
import { toyCatalogue } from './toy.ts';
import { Wire } from './wire.ts';

interface Options extends PlayOptions, Pick<PlanOptions, 'others' | 'check'> {
  readonly hosts?: readonly string[];
  readonly wire?: Wire;
  readonly more?: Partial<Setting>;
}

async function run(tasks: readonly Entry[], options: Options = {}): Promise<Told & { readonly wire: Wire }> {
  const { hosts = ['a'], wire = new Wire(), more = {}, others = [], check = false, ...rest } = options;
  const plan = planOf([play(hosts, tasks, rest)], { others, check });
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: wire.hosts, ...more });
  return { ...tell(await runPlan(ports), ports.journal), wire };
}

const set = (key: string, options: Parameters<typeof task>[2] = {}) => task('toy.set', { key, value: '1' }, options);
const says = (key: string, ...when: readonly string[]) => set(key, { when: when.map(c) });
const fails = (options: Parameters<typeof task>[2] = {}) => task('fail', { message: 'no' }, options);
const keys = (told: { readonly wire: Wire }, host = 'a') => [...told.wire.toy.on(host).keys()];
const no = c('false');

describe('a block', () => {
  it('that isn’t for a host is passed over, and its tasks are skipped for those that ask later', async () => {
    const inner = block([set('l', { register: 'deep' })], { always: [set('m', { register: 'last' })] });
    const tasks = [
      block([set('k', { register: 'r' }), inner], { when: [no] }),
      says('after', 'r.skipped', '!r.changed', '!r.failed', 'deep.skipped', 'last.skipped'),
    ];
    expect(keys(await run(tasks))).to.deep.equal(['after']);
  });

  it('is entered once, however many conditions it has', async () => {
    const told = await run([block([set('k'), set('l')], { when: [c('true'), c('host.name === "a"')] })]);
    expect(told.story).to.deep.equal(['t1.1@a changed', 't1.2@a changed']);
    expect(told.journal.laws('block-entered').length).to.equal(1);
    expect((await run([block([set('k')])])).journal.laws('block-entered')).to.deep.equal([]);
  });

  it('sees its own variables in its condition, and above those of the block around it', async () => {
    const vars = (mode: string) => ({ mode: known(mode) });
    const inner = block([task('toy.set', { key: x('{{mode}}'), value: '1' })], {
      ...{ vars: vars('inner'), when: [c('mode === "inner"')] },
    });
    const outer = block([inner, task('toy.set', { key: x('{{mode}}'), value: '1' })], { vars: vars('outer') });
    expect(keys(await run([outer]))).to.deep.equal(['inner', 'outer']);
  });

  it('whose condition can’t be asked has failed, and isn’t a refusal', async () => {
    const told = await run([block([set('k')], { when: [c('nobody.knows')], rescue: [set('r')], always: [set('s')] })]);
    expect([told.verdict, keys(told)]).to.deep.equal(['rolled-back', []]);
    expect(told.why).to.match(/^a: block: when: .*nobody/);
  });

  it('that fails is rescued by whom it has, who may ask what failed', async () => {
    const failing = task('toy.require', { key: 'k', value: '9' });
    const asks = says('asked', 'failed.result.failed', `failed.message === 'k is "1"'`, 'failed.task.includes("k")');
    const told = await run([set('k'), block([failing, set('never')], { rescue: [asks] })]);
    expect([told.verdict, keys(told)]).to.deep.equal(['done', ['k', 'asked']]);
  });

  it('does what it always does also when all went well, and when the rescue failed', async () => {
    expect(keys(await run([block([set('k')], { rescue: [set('r')], always: [set('s')] }), set('t')]))).to.deep.equal([
      ...['k', 's', 't'],
    ]);
    const told = await run([block([fails()], { rescue: [fails()], always: [set('s')] })], { onFailure: 'continue' });
    expect([told.verdict, keys(told)]).to.deep.equal(['stopped', ['s']]);
  });

  it('fails when only what it always does failed; else for what failed first', async () => {
    const always = [task('toy.require', { key: 'k', value: 'last' })];
    const last = await run([block([set('k')], { always }), set('l')], { onFailure: 'continue' });
    expect([keys(last), last.why]).to.deep.equal([['k'], 'a: toy.require "k" "last": k is "1"']);
    const first = await run([block([fails()], { always })], { onFailure: 'continue' });
    expect(first.why).to.equal('a: fail "no": no');
  });

  it('with an end that nobody knows does nothing more, neither rescue nor always', async () => {
    const wire = new Wire(line => (line === 'a: /toy/log x' ? { is: 'lost', out: '', err: '' } : null));
    const told = await run([block([task('toy.log', { text: 'x' })], { rescue: [set('r')], always: [set('s')] })], {
      wire,
    });
    expect([told.verdict, told.story]).to.deep.equal(['stuck', ['t1.1@a unknown']]);
  });
});

describe('a loop', () => {
  const over = (loop: Parameters<typeof task>[2]) => task('toy.set', { key: x('{{item}}'), value: '1' }, loop);

  it('over a list that stands in the playbook needs no word in the journal', async () => {
    const told = await run([over({ loop: ['k', 'l'] })]);
    expect([told.journal.laws('loop-fixed'), keys(told)]).to.deep.equal([[], ['k', 'l']]);
  });

  it('changed when one item did, failed when one did, and is skipped only when all were', async () => {
    const wire = new Wire();
    wire.toy.on('a').set('k', '1');
    const result = (name: string, ...asked: readonly string[]) => says(name, ...asked);
    const tasks = [
      over({ loop: ['k', 'l'], register: 'one' }),
      result(
        'changed',
        'one.changed',
        '!one.failed',
        '!one.skipped',
        'one.results.length === 2',
        '!one.results[0].changed',
      ),
      over({ loop: ['k', 'l'], register: 'none' }),
      result('unchanged', '!none.changed'),
      over({ loop: ['m', 'n'], when: [c('item === "n"')], register: 'half' }),
      result('half', '!half.skipped', 'half.results[0].skipped', 'half.changed'),
      over({ loop: ['o', 'p'], when: [c('item === "q"')], register: 'all' }),
      result('skipped', 'all.skipped', '!all.changed', '!all.failed'),
      over({ loop: ['q', 'r'], failedWhen: [c('item === "q"')], ignoreErrors: known(true), register: 'bad' }),
      result('failed', 'bad.failed', '!bad.results[1].failed'),
    ];
    const told = await run(tasks, { wire });
    expect(keys(told)).to.include.members(['changed', 'unchanged', 'half', 'skipped', 'failed']);
  });

  it('goes to its end when an item fails, and has failed then', async () => {
    const told = await run([over({ loop: ['k', 'l'], failedWhen: [c('item === "k"')] }), set('never')], {
      onFailure: 'continue',
    });
    expect(told.story).to.deep.equal(['t1[0]@a failed', 't1[1]@a changed']);
  });

  it('whose list can’t be had, or is none, has failed as a whole', async () => {
    const ignored = { ignoreErrors: known(true), register: 'r' };
    const tasks = (loop: string) => [over({ loop: x(loop), ...ignored }), says('asked', 'r.failed', '!r.results')];
    const unknown = await run(tasks('{{nobody}}'));
    expect([unknown.story, keys(unknown)]).to.deep.equal([['t1@a failed', 't2@a changed'], ['asked']]);
    expect(unknown.journal.laws('action-ended')[0]?.why).to.match(/^loop: .*nobody/);
    expect((await run(tasks('{{host.name}}'))).story).to.deep.equal(['t1@a failed', 't2@a changed']);
  });

  it('over nothing is passed over', async () => {
    const told = await run([over({ loop: [], register: 'r' }), says('after', 'r.results.length === 0', '!r.changed')]);
    expect(keys(told)).to.deep.equal(['after']);
  });
});

describe('a handler', () => {
  const restart = handler('restart', 'toy.log', { text: 'restarted' });
  const notify = ['restart'];

  it('runs on hosts where something changed, and on no other', async () => {
    const wire = new Wire();
    wire.toy.on('b').set('k', '1');
    const told = await run([set('k', { notify })], { hosts: ['a', 'b'], handlers: [restart], wire });
    expect(told.story.filter(line => line.startsWith('h1'))).to.deep.equal(['h1~t@a changed']);
  });

  it('of what is done once for all runs on the host where that was done', async () => {
    const told = await run([set('k', { notify, once: 'run' })], { hosts: ['a', 'b'], handlers: [restart] });
    expect(told.story.filter(line => line.startsWith('h1'))).to.deep.equal(['h1~t@a changed']);
  });

  it('that fails is a failure of the host, and nothing after it is done', async () => {
    const bad = handler('restart', 'toy.log', { text: 'bad' });
    const told = await run([set('k', { notify }), flush(), set('l')], { handlers: [bad], onFailure: 'continue' });
    expect([told.verdict, keys(told)]).to.deep.equal(['stopped', ['k', 'log']]);
    const end = await run([set('k', { notify })], { handlers: [bad], onFailure: 'continue', post: [set('l')] });
    expect([end.verdict, keys(end)]).to.deep.equal(['stopped', ['k', 'log']]);
  });

  it('runs at the end of its section, under its own name there', async () => {
    const told = await run([set('l', { notify })], {
      ...{ handlers: [restart], pre: [set('k', { notify })], post: [set('m', { notify })] },
    });
    expect(told.story).to.deep.equal([
      ...['p1@a changed', 'h1~p@a changed', 't1@a changed', 'h1~t@a changed', 'o1@a changed', 'h1~o@a changed'],
    ]);
  });

  it('flushed inside a block runs under that place', async () => {
    const tasks = [block([set('k', { notify }), flush(), set('l')])];
    expect((await run(tasks, { handlers: [restart] })).story).to.deep.equal([
      ...['t1.1@a changed', 'h1~t1.2@a changed', 't1.3@a changed'],
    ]);
  });

  it('after a rollback runs once all is put back; when it fails then, a person is needed', async () => {
    const bad = handler('restart', 'toy.log', { text: 'bad' });
    const told = await run([set('k', { notify }), fails()], { handlers: [bad] });
    expect(told.story).to.deep.equal(['t1@a changed', 't2@a failed', 'undo t1@a changed', 'h1~undo@a failed']);
    expect([told.verdict, told.why]).to.deep.equal([...['stuck', 'a: after the rollback: restart: it says it failed']]);
  });

  it('after a rollback runs one after another, and is left out where its condition says so', async () => {
    const handlers = [
      restart,
      handler('reload', 'toy.log', { text: 'reloaded' }, { when: [no] }),
      handler('refresh', 'toy.log', { text: 'refreshed' }, { listen: ['restart'] }),
    ];
    const told = await run([set('k', { notify: ['restart', 'reload'] }), fails()], { handlers });
    expect(told.wire.toy.on('a').get('log')).to.equal('restarted;refreshed;');
    expect(told.verdict).to.equal('rolled-back');
  });
});

describe('a task delegated to a host', () => {
  it('that the inventory doesn’t have has failed, and nothing is sent anywhere', async () => {
    const told = await run([set('k', { on: known('nowhere') })], { onFailure: 'continue' });
    expect(told.why).to.equal('a: toy.set "k" "1": delegate_to: the inventory has no host nowhere');
    expect(told.wire.lines).to.deep.equal([]);
  });
});

describe('a task whose condition can’t be asked', () => {
  it('has failed, also as an item of a loop', async () => {
    const one = await run([set('k', { when: [c('nobody.knows')] })], { onFailure: 'continue' });
    expect(one.why).to.match(/when: .*nobody/);
    const items = await run([set('k', { when: [c('nobody[item]')], loop: ['x'] })], { onFailure: 'continue' });
    expect(items.story).to.deep.equal(['t1[0]@a failed']);
    expect(items.journal.laws('action-ended')[0]?.result).to.include({ changed: false, failed: true, skipped: false });
  });

  it('is asked for each item, when it speaks of it', async () => {
    const told = await run([
      task('toy.set', { key: x('{{item}}'), value: '1' }, { loop: ['k', 'l', 'm'], when: [c('item !== "l"')] }),
    ]);
    expect(told.story).to.deep.equal(['t1[0]@a changed', 't1[1]@a unchanged', 't1[2]@a changed']);
    expect(told.journal.laws('action-ended')[1]).to.deep.include({
      why: 'when',
      result: { skipped: true, changed: false, failed: false },
    });
  });
});
