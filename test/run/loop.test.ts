// Who gets a turn when there are few, what a failure or a word does to those who wait for theirs, and what a bug of ours
// leaves alone.
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import { known } from '../../src/model/value.ts';
import type { Event, Stamped } from '../../src/model/event.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { Step } from '../../src/model/step.ts';
import { runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from './harness.ts';
import { c, play, planOf, task } from './program.ts';
import { catalogueOf, toyCatalogue, toySteps } from './toy.ts';
import { settled, Wire } from './wire.ts';

const set = (key: string, options = {}) => task('toy.set', { key, value: '1' }, options);
const failsOn = (host: string) => task('fail', { message: 'no' }, { when: [c(`host.name == "${host}"`)] });

async function run(plan: Setting['plan'], wire: Wire, more: Partial<Setting> = {}): Promise<Told> {
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: wire.hosts, ...more });
  return tell(await runPlan(ports), ports.journal);
}

describe('with one turn at a time', () => {
  const hosts = ['b', 'a', 'c'];

  it('a failure is heard at once, and what is put back goes before what has yet to begin', async () => {
    const full: Ended = { is: 'exited', code: 1, out: 'no space left', err: '' };
    const wire = new Wire(line => (line === 'b: /toy/set k 1' ? full : null));
    const told = await run(planOf([play(hosts, [set('k')], { maxFailures: 5 })]), wire, { maxInFlight: 1 });
    expect(told.story).to.deep.equal(['t1@b failed', 'undo t1@b unchanged', 't1@a changed', 't1@c changed']);
  });

  it('those who wait for theirs don’t begin after a failure that holds everything', async () => {
    const wire = new Wire();
    const plan = planOf([play(hosts, [failsOn('b'), set('k')], { onFailure: 'stop' })]);
    expect((await run(plan, wire, { maxInFlight: 1 })).verdict).to.equal('stopped');
    expect(wire.lines).to.deep.equal([]);
  });

  it('everybody gets one', async () => {
    const wire = new Wire();
    const told = await run(planOf([play(hosts, [set('k'), set('l')])]), wire, { maxInFlight: 1 });
    expect(told.verdict).to.equal('done');
    expect(told.story.toSorted()).to.deep.equal([
      ...['t1@a changed', 't1@b changed', 't1@c changed', 't2@a changed', 't2@b changed', 't2@c changed'],
    ]);
  });
});

describe('after a decision that took long', () => {
  /** Each look at it is 50 ms later than the one before, and who waits does so until somebody says that it is enough. */
  function slowly(): Clock {
    let ms = 0;
    return {
      now: () => ms,
      monotonicMs: () => (ms += 50),
      sleep: (_ms, _scale, abort) => new Promise(resolve => abort?.addEventListener('abort', () => resolve())),
    };
  }

  it('what the others do is written down all the same, and nobody waits when all of them are through', async () => {
    const wire = new Wire((line, nth) => (line === 'a: /toy/get k' && nth === 1 ? 'held' : null));
    const running = run(planOf([play(['a', 'b'], [set('k'), set('l')])]), wire, { clock: slowly() });
    await settled();
    await wire.release('a: /toy/get k');
    expect((await running).story.toSorted()).to.deep.equal([
      't1@a changed',
      't1@b changed',
      't2@a changed',
      't2@b changed',
    ]);
  });
});

describe('a change that was about to begin', () => {
  const plan = planOf([play(['a', 'b'], [set('k'), failsOn('b'), set('l')], { strategy: 'free', onFailure: 'stop' })]);

  it('doesn’t when another host failed while this one was looked at', async () => {
    const wire = new Wire(line => (line === 'a: /toy/get k' ? 'held' : null));
    const running = run(plan, wire);
    await settled();
    await wire.release('a: /toy/get k');
    const told = await running;
    expect(told.verdict).to.equal('stopped');
    expect(wire.lines).not.to.include('a: /toy/set k 1');
    expect(told.journal.laws('action-started').map(event => event.action.on)).to.deep.equal(['b']);
  });

  it('is cut off by now: the run ends before the look does, and nothing is done any more', async () => {
    const wire = new Wire(line => (line === 'a: /toy/get k' ? 'held' : null));
    const told = await run(planOf([play(['a', 'b'], [set('k')])]), wire, {
      onEvent: (event, say) => event.type === 'action-ended' && say('now'),
    });
    expect([told.verdict, told.story]).to.deep.equal(['stopped', ['t1@b changed']]);
    await wire.release('a: /toy/get k');
    expect(wire.lines).not.to.include('a: /toy/set k 1');
    expect(told.journal.events.at(-1)?.type).to.equal('run-ended');
  });
});

describe('what is tried again and again', () => {
  it('may be waited for on any number of hosts at once, without a word of Node’s own', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', hear);
    const clock: Clock = {
      now: () => 0,
      monotonicMs: () => 0,
      async sleep(_ms, _scale, abort) {
        const over = (): void => undefined;
        abort?.addEventListener('abort', over);
        await settled();
        abort?.removeEventListener('abort', over);
      },
    };
    const hosts = Array.from({ length: 12 }, (_, n) => `h${n}`);
    const attempts = { until: [c('result.out.length >= 3')], retries: known(2), delayMs: known(1_000), backoff: 1 };
    const plan = planOf([play(hosts, [task('toy.log', { text: 'x' }, { attempts })])]);
    await run(plan, new Wire(), { clock });
    await settled();
    process.off('warning', hear);
    expect(warnings).to.deep.equal([]);
  });

  const attempts = { until: [c('result.out.length >= 6')], retries: known(5), delayMs: known(1_000), backoff: 1 };
  const plan = planOf([play(['a'], [task('toy.log', { text: 'x' }, { attempts }), set('k')])]);

  async function told(word: 'stop' | 'now') {
    let isOver = false;
    const clock: Clock = {
      ...{ now: () => 0, monotonicMs: () => 0 },
      sleep: async (_ms, _scale, abort) => {
        await settled();
        isOver = abort?.aborted ?? false;
      },
    };
    const wire = new Wire();
    const of = await run(plan, wire, {
      clock,
      onEvent: (event, say) => event.type === 'attempt-ended' && event.n === 2 && say(word),
    });
    await settled();
    return { ...of, isOver, log: wire.toy.on('a').get('log') };
  }

  it('goes on to its end when the run is told to stop', async () => {
    const { verdict, story, isOver, log } = await told('stop');
    expect([verdict, story, isOver, log]).to.deep.equal(['stopped', ['t1@a changed'], false, 'x;x;x;']);
  });

  it('is cut off by now in the middle of a wait, and isn’t tried again', async () => {
    const { verdict, story, isOver, log } = await told('now');
    expect([verdict, story, isOver, log]).to.deep.equal(['stopped', [], true, 'x;x;']);
  });
});

describe('a bug of ours', () => {
  const wrong = toySteps.map((step): Step => {
    return step.name === 'toy.set' ? { ...step, apply: () => Promise.reject(new Error('we are wrong')) } : step;
  });
  const broken = catalogueOf(wrong);
  const failure = (ran: Promise<unknown>): Promise<string> =>
    ran.then(
      () => 'nothing',
      (error: unknown) => String(error),
    );

  it('ends the run with its own words, and nobody who waits for a turn gets one', async () => {
    const wire = new Wire();
    const plan = planOf([play(['a', 'b'], [set('k')])]);
    const ran = run(plan, wire, { maxInFlight: 1, catalogue: broken });
    expect(await failure(ran)).to.equal('Error: we are wrong');
    await settled();
    expect(wire.lines).to.deep.equal(['a: /toy/get k']);
  });

  it('leaves nobody waiting for ever: a step that is at work elsewhere may tell what it has to tell, and comes to its end', async () => {
    let end = 'none';
    const telling = (step: Step): Step => ({
      ...step,
      async apply(args, seen, doer) {
        const applied = await step.apply(args, seen, doer);
        await doer.tell({ type: 'noted', level: 'note', text: 'half way' });
        end = 'its own';
        return applied;
      },
    });
    const catalogue = catalogueOf(wrong.map(step => (step.name === 'toy.keep' ? telling(step) : step)));
    const wire = new Wire(line => (line === 'b: /toy/set log 1' ? 'held' : null));
    const keep = task('toy.keep', { key: 'log', value: '1' }, { when: [c('host.name == "b"')] });
    const plan = planOf([play(['a', 'b'], [keep, set('k', { when: [c('host.name == "a"')] })], { strategy: 'free' })]);
    expect(await failure(run(plan, wire, { catalogue }))).to.equal('Error: we are wrong');
    await wire.release('b: /toy/set log 1');
    expect(end).to.equal('its own');
  });

  it('cuts off what is at work: what isn’t written down isn’t done', async () => {
    const wire = new Wire(line => (line === 'b: /toy/get log' ? 'held' : null));
    const keep = task('toy.keep', { key: 'log', value: '1' });
    const plan = planOf([play(['a', 'b'], [set('k', { when: [c('host.name == "a"')] }), keep], { strategy: 'free' })]);
    expect(await failure(run(plan, wire, { catalogue: broken }))).to.equal('Error: we are wrong');
    await wire.release('b: /toy/get log');
    expect(wire.lines.filter(line => line.startsWith('b'))).to.deep.equal(['b: /toy/get log']);
  });
});

describe('a disk that fails', () => {
  /** The start of a's change is lost when the test says so; everything else is written. */
  class Failing extends MemoryJournal {
    fail: () => void = () => undefined;
    override append<E extends Event>(event: E): Promise<Stamped<E>> {
      if (event.type !== 'action-started' || event.action.on !== 'a') return super.append(event);
      return new Promise((_, reject) => {
        this.fail = () => reject(new Error('no space left'));
      });
    }
  }

  it('ends the run, and what was written behind the loss isn’t done: nobody could read of it in its place', async () => {
    const wire = new Wire(line => (line === 'b: /toy/get k' ? 'held' : null));
    const journal = new Failing();
    const told: string[] = [];
    const onEvent = (event: Stamped): void => void told.push(event.type);
    const ran = run(planOf([play(['a', 'b'], [set('k')])]), wire, { journal, onEvent });
    const end = ran.then(String, String);
    await settled();
    await wire.release('b: /toy/get k');
    expect(journal.laws('action-started').map(event => event.action.on)).to.deep.equal(['b']);
    journal.fail();
    expect(await end).to.equal('Error: no space left');
    await settled();
    expect(wire.lines.toSorted()).to.deep.equal(['a: /toy/get k', 'b: /toy/get k']);
    expect(told).not.to.include('action-started');
  });
});
