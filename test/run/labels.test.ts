// How actions are called when they end, and why: what the journal and every report say of them.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { known, type Value } from '../../src/model/value.ts';
import { rollbackRun, runPlan } from '../../src/run/run.ts';
import type { Entry } from '../../src/model/program.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from './harness.ts';
import { block, c, handler, play, type PlanOptions, planOf, type PlayOptions, task } from './program.ts';
import { Toy, toyCatalogue } from './toy.ts';

type Options = PlanOptions & PlayOptions & { readonly more?: Partial<Setting>; readonly toy?: Toy };

async function told(tasks: readonly Entry[], options: Options = {}): Promise<Told> {
  const { more = {}, toy = new Toy() } = options;
  const plan = planOf([play(['a'], tasks, options)], options);
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name), ...more });
  return tell(await runPlan(ports), ports.journal);
}

type End = Extract<Law, { readonly type: 'action-ended' }>;
const ends = (of: Told): readonly End[] => of.journal.laws('action-ended');
const end = (of: Told, n = 0): End => {
  const found = ends(of)[n];
  if (found === undefined) throw new Error(`no end ${n}`);
  return found;
};
const set = (options: Parameters<typeof task>[2] = {}, value = '1') => task('toy.set', { key: 'k', value }, options);
const never = [c('false')];
const always = [c('true')];
const nobody = [c('nobody.knows')];

describe('a task labelled by its author', () => {
  it('failed when failed_when holds, for that reason', async () => {
    expect(end(await told([set({ failedWhen: always })]))).to.include({ outcome: 'failed', why: 'failed_when holds' });
    expect(end(await told([set({ failedWhen: never })]))).to.include({ outcome: 'changed' });
  });

  it('failed when nobody can say whether it failed', async () => {
    expect(end(await told([set({ failedWhen: nobody })])).why).to.match(/^failed_when: /);
    expect(end(await told([set({ changedWhen: nobody })])).why).to.match(/^changed_when: /);
  });

  it('is changed or not as changed_when says, also in its result', async () => {
    expect(end(await told([set({ changedWhen: never })]))).to.deep.include({ outcome: 'unchanged' });
    expect(end(await told([set({ changedWhen: never })])).result).to.include({ changed: false, failed: false });
    expect(end(await told([set({ changedWhen: always })])).result).to.include({ changed: true });
  });

  it('that failed by itself hasn’t when failed_when says no', async () => {
    const bad = task('toy.log', { text: 'bad' }, { failedWhen: never });
    expect(end(await told([bad]))).to.include({ outcome: 'changed', why: '' });
    expect(end(await told([bad])).result).to.include({ failed: false });
    expect(end(await told([task('toy.log', { text: 'bad' })]))).to.include({
      outcome: 'failed',
      why: 'it says it failed',
    });
  });

  it('asks its own result by its registered name', async () => {
    expect(end(await told([set({ register: 'r', failedWhen: [c('r.now === "1"')] })])).outcome).to.equal('failed');
    expect(end(await told([set({ failedWhen: [c('result.now === "1"')] })])).outcome).to.equal('failed');
  });
});

describe('a task that is blocked', () => {
  it('says whether preflight refused, and only then', async () => {
    const require = (args: object) => task('toy.require', { key: 'k', value: '1', ...args });
    expect(end(await told([require({ refuse: true })])).result).to.include({ refused: true });
    expect(end(await told([require({})])).result).not.to.have.property('refused');
    expect(end(await told([require({})])).result).to.include({ failed: true, message: 'k is ""' });
  });
});

describe('a rehearsed task', () => {
  it('would change, and says so in its result', async () => {
    const { outcome, why, result } = end(await told([set()], { check: true }));
    expect([outcome, why]).to.deep.equal(['would-change', 'is ""']);
    expect(result).to.include({ changed: true, failed: false, skipped: false, foreseen: true });
  });

  it('that only looks, and fails on what was only foreseen, may still come right', async () => {
    const seen = await told([set(), task('toy.require', { key: 'k', value: '1' })], { check: true });
    expect(end(seen, 1)).to.deep.include({ outcome: 'would-change' });
    expect(end(seen, 1).result).to.include({ failed: false, foreseen: true });
    expect(end(await told([task('toy.require', { key: 'k', value: '1' })], { check: true })).outcome).to.equal(
      'failed',
    );
  });
});

describe('an undo', () => {
  const fails = task('fail', { message: 'no' });
  const outcomes = (of: Told) => of.journal.laws('undo-ended').map(event => event.outcome);

  it('changed what it put back, and changed nothing where nothing was left', async () => {
    expect(outcomes(await told([set(), fails]))).to.deep.equal(['changed']);
    const twice = set({ undo: [set({}, '1')] });
    expect(outcomes(await told([twice, fails]))).to.deep.equal(['unchanged']);
  });

  it('that changed nothing restarts nothing', async () => {
    const restart = handler('restart', 'toy.log', { text: 'restarted' });
    const lines = async (undo: string): Promise<number> => {
      const toy = new Toy();
      const noted = set({ notify: ['restart'], undo: [set({}, undo)] });
      await told([noted, fails], { toy, handlers: [restart] });
      return toy.lines.filter(line => line.includes('restarted')).length;
    };
    expect(await lines('0')).to.equal(1);
    expect(await lines('1')).to.equal(0);
  });
});

describe('a throttled task', () => {
  const most = async (throttle: number | null): Promise<number> => {
    const toy = new Toy();
    let now = 0;
    let max = 0;
    const plan = planOf([play(['a', 'b', 'c', 'd'], [set({ throttle }), set({}, '2')])]);
    const ports = portsOf({
      plan,
      catalogue: toyCatalogue,
      hosts: name => toy.host(name),
      onEvent: event => {
        if (event.type === 'action-started' && event.action.task === 'toy/1.t1') now += 1;
        if (event.type === 'action-ended' && event.action.startsWith('toy/1.t1@')) now -= 1;
        max = Math.max(max, now);
      },
    });
    expect((await runPlan(ports)).verdict).to.equal('done');
    return max;
  };

  it('is at work on as many hosts as it may be, and on all when it says nothing', async () => {
    expect([await most(1), await most(2), await most(null)]).to.deep.equal([1, 2, 4]);
  });
});

describe('a failure that is ignored', () => {
  const fails = (ignoreErrors: Value) => task('fail', { message: 'no' }, { ignoreErrors });

  it('is one only as long as its author says so', async () => {
    expect((await told([fails(known(true)), set()])).verdict).to.equal('done');
    expect((await told([fails(known(false)), set()])).verdict).to.equal('rolled-back');
    expect((await told([fails(c('host.name === "a"')), set()])).verdict).to.equal('done');
    expect((await told([fails(c('host.name === "b"')), set()])).verdict).to.equal('rolled-back');
  });

  it('in a block isn’t rescued', async () => {
    const toy = new Toy();
    await told([block([fails(known(true))], { rescue: [set()] })], { toy });
    expect(toy.on('a').has('k')).to.equal(false);
  });
});

describe('a rollback of a run that broke off', () => {
  it('ends it first, as stopped, and then takes it back', async () => {
    const toy = new Toy();
    const plan = planOf([play(['a'], [set(), task('toy.log', { text: 'x' })])]);
    const hosts: Setting['hosts'] = name => toy.host(name);
    const broken = new MemoryJournal([], 4);
    await runPlan(portsOf({ plan, catalogue: toyCatalogue, hosts, journal: broken })).catch(() => null);
    const journal = new MemoryJournal(broken.events);
    const back = await rollbackRun(portsOf({ plan, catalogue: toyCatalogue, hosts, journal }));
    expect(back.is === 'ran' && back.verdict).to.equal('rolled-back');
    expect(journal.laws('run-ended').map(event => event.verdict)).to.deep.equal(['stopped', 'rolled-back']);
    expect(toy.on('a').size).to.equal(0);
  });

  it('that ended isn’t ended twice', async () => {
    const toy = new Toy();
    const plan = planOf([play(['a'], [set()])]);
    const hosts: Setting['hosts'] = name => toy.host(name);
    const first = portsOf({ plan, catalogue: toyCatalogue, hosts });
    await runPlan(first);
    const journal = new MemoryJournal(first.journal.events);
    await rollbackRun(portsOf({ plan, catalogue: toyCatalogue, hosts, journal }));
    expect(journal.laws('run-ended').map(event => event.verdict)).to.deep.equal(['done', 'rolled-back']);
  });
});
