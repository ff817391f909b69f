// Blocks done in rounds, and plays that end before their end: for one host, for a wave, for all.
import { expect } from 'chai';
import type { EndEntry, Entry } from '../../src/model/program.ts';
import { known, type Value } from '../../src/model/value.ts';
import { runPlan } from '../../src/run/run.ts';
import { spanOf } from '../../src/text/span.ts';
import { portsOf, tell, type Told } from './harness.ts';
import { block, c, flush, handler, play, planOf, type PlayOptions, task, x } from './program.ts';
import { toyCatalogue } from './toy.ts';
import { Wire } from './wire.ts';

async function run(
  tasks: readonly Entry[],
  hosts: readonly string[] = ['a'],
  options: PlayOptions = {},
  after: readonly Entry[] = [],
) {
  const wire = new Wire();
  const plays = [play(hosts, tasks, options), ...(after.length > 0 ? [play(hosts, after)] : [])];
  const ports = portsOf({ plan: planOf(plays), catalogue: toyCatalogue, hosts: wire.hosts });
  const told: Told = tell(await runPlan(ports), ports.journal);
  return { ...told, keys: (host = 'a') => [...wire.toy.on(host).keys()] };
}

const set = (key: string, options: Parameters<typeof task>[2] = {}) => task('toy.set', { key, value: '1' }, options);
const made = (key: string, options: Parameters<typeof task>[2] = {}) =>
  task('toy.set', { key: x(key), value: '1' }, options);
const end = (of: EndEntry['of'], when: readonly Value[] = []): EndEntry => ({
  ...{ is: 'end', id: set('k').id, name: `end_${of}`, at: spanOf('test'), of, when },
});

describe('a block in rounds', () => {
  it('is done once for each item, one round after another', async () => {
    const told = await run([block([made('k-{{item}}'), made('l-{{item}}')], { loop: ['x', 'y'] }), set('m')]);
    expect(told.keys()).to.deep.equal(['k-x', 'l-x', 'k-y', 'l-y', 'm']);
    expect(told.journal.laws('loop-fixed')).to.deep.equal([]);
  });

  it('over a list that an earlier task brought is fixed in the journal', async () => {
    const look = task('set_fact', { list: ['x', 'y'] });
    const told = await run([look, block([made('k-{{item}}')], { loop: x('{{list}}') })]);
    expect(told.keys()).to.deep.equal(['k-x', 'k-y']);
    expect(told.journal.laws('loop-fixed').map(event => event.items)).to.deep.equal([['x', 'y']]);
  });

  it('in a block in rounds is done anew in each of them', async () => {
    const inner = block([made('{{outer}}-{{item}}')], { loop: ['1', '2'] });
    const rounds = { over: known(['x', 'y']), variable: 'outer', index: null, label: null, pauseMs: 0 };
    const told = await run([{ ...block([inner]), loop: rounds }]);
    expect(told.keys()).to.deep.equal(['x-1', 'x-2', 'y-1', 'y-2']);
  });

  it('that fails in one round does no further one, and is rescued there', async () => {
    const fails = task('fail', { message: 'no' }, { when: [c('item === "x"')] });
    const told = await run([block([fails, made('k-{{item}}')], { loop: ['x', 'y'] })], ['a'], {
      onFailure: 'continue',
    });
    expect([told.keys(), told.verdict]).to.deep.equal([[], 'stopped']);
    const rescued = await run([block([fails, made('k-{{item}}')], { loop: ['x', 'y'], rescue: [made('r-{{item}}')] })]);
    expect(rescued.keys()).to.deep.equal(['r-x', 'k-y']);
  });

  it('whose condition doesn’t hold, or can’t be asked, does none', async () => {
    const rounds = (when: string) => block([set('k', { register: 'r' })], { loop: x('{{[1, 2]}}'), when: [c(when)] });
    const skipped = await run([rounds('false'), set('l', { when: [c('r.skipped')] })]);
    expect(skipped.keys()).to.deep.equal(['l']);
    const unknown = await run([rounds('nobody.knows')], ['a'], { onFailure: 'continue' });
    expect([unknown.keys(), unknown.verdict]).to.deep.equal([[], 'stopped']);
  });

  it('whose condition speaks of the item is asked in each round', async () => {
    const told = await run([block([made('k-{{item}}')], { loop: ['x', 'y', 'z'], when: [c('item !== "y"')] })]);
    expect(told.keys()).to.deep.equal(['k-x', 'k-z']);
  });

  it('whose list can’t be had has failed', async () => {
    const told = await run([block([set('k')], { loop: x('{{nobody}}') })], ['a'], { onFailure: 'continue' });
    expect([told.keys(), told.verdict]).to.deep.equal([[], 'stopped']);
    expect(told.why).to.match(/^a: block: loop: .*nobody/);
  });

  it('keeps hosts in step, in each round', async () => {
    const body = [made('k-{{item}}', { throttle: 1 }), made('l-{{item}}')];
    const { story } = await run([block(body, { loop: ['x', 'y'] })], ['a', 'b']);
    const at = (task: string) => ['a', 'b'].map(host => story.indexOf(`${task}@${host} changed`));
    const order = ['t1.1~0', 't1.2~0', 't1.1~1', 't1.2~1'].map(at);
    expect(
      order.flat().every(one => one >= 0),
      story.join(', '),
    ).to.equal(true);
    for (const [n, here] of order.slice(1).entries())
      expect(Math.min(...here)).to.be.above(Math.max(...(order[n] ?? [])));
  });

  it('flushes handlers in each of its rounds', async () => {
    const restart = handler('restart', 'toy.log', { text: 'restarted' });
    const told = await run(
      [block([made('k-{{item}}', { notify: ['restart'] }), flush()], { loop: ['x', 'y'] })],
      ['a'],
      {
        handlers: [restart],
      },
    );
    expect(told.story.filter(line => line.startsWith('h1')).length).to.equal(2);
  });
});

describe('a play that is ended', () => {
  it('for one host goes on for the others, and what was notified there is dropped', async () => {
    const restart = handler('restart', 'toy.log', { text: 'restarted' });
    const tasks = [set('k', { notify: ['restart'] }), end('host', [c('host.name === "a"')]), set('l')];
    const told = await run(tasks, ['a', 'b'], { handlers: [restart] });
    expect([told.keys('a'), told.keys('b'), told.verdict]).to.deep.equal([['k'], ['k', 'l', 'log'], 'done']);
  });

  it('in the middle of a block leaves out the rest of it, rescue and always with it', async () => {
    const told = await run([block([set('k'), end('host'), set('l')], { always: [set('m')] }), set('n')]);
    expect(told.keys()).to.deep.equal(['k']);
  });

  it('is ended for itself: the next play goes on', async () => {
    expect((await run([end('host'), set('k')], ['a'], {}, [set('l')])).keys()).to.deep.equal(['l']);
  });

  it('for all is ended for all when one of them decides it; for a wave only for that', async () => {
    const tasks = [set('k'), end('play'), set('l')];
    const all = await run(tasks, ['a', 'b']);
    expect([all.keys('a'), all.keys('b')]).to.deep.equal([['k'], ['k']]);
    const next = await run(tasks, ['a', 'b'], { serial: 1 });
    expect([next.keys('a'), next.keys('b')], 'no further wave').to.deep.equal([['k'], []]);
    const one = await run([set('k'), end('wave', [c('host.name === "a"')]), set('l')], ['a', 'b'], { serial: 1 });
    expect([one.keys('a'), one.keys('b')]).to.deep.equal([['k'], ['k', 'l']]);
  });

  it('on a condition that can’t be asked has failed', async () => {
    const told = await run([end('host', [c('nobody.knows')]), set('k')], ['a'], { onFailure: 'continue' });
    expect([told.keys(), told.verdict]).to.deep.equal([[], 'stopped']);
    expect(told.why).to.match(/^a: end_host: when: .*nobody/);
  });
});

describe('any_errors_fatal', () => {
  const fails = task('fail', { message: 'no' }, { when: [c('host.name === "b"')] });

  it('makes a failure of one a failure of every host of the wave that isn’t through', async () => {
    const tasks = [set('k'), fails, set('l')];
    const told = await run(tasks, ['a', 'b', 'c'], { anyErrorsFatal: true, maxFailures: 9 });
    expect(['a', 'b', 'c'].map(host => told.keys(host))).to.deep.equal([[], [], []]);
    const alone = await run(tasks, ['a', 'b', 'c'], { maxFailures: 9 });
    expect(['a', 'b', 'c'].map(host => alone.keys(host))).to.deep.equal([['k', 'l'], [], ['k', 'l']]);
  });

  it('leaves a host alone that is through, and isn’t roused by a host that only refused', async () => {
    const refuses = task('toy.require', { key: 'fit', value: 'yes', refuse: true }, { when: [c('host.name === "b"')] });
    const refused = await run([refuses, set('k')], ['a', 'b'], { anyErrorsFatal: true });
    expect([refused.keys('a'), refused.keys('b')]).to.deep.equal([['k'], []]);
    const waves = await run([set('k'), fails], ['a', 'b'], { anyErrorsFatal: true, serial: 1 });
    expect([waves.keys('a'), waves.keys('b')]).to.deep.equal([['k'], []]);
  });
});
