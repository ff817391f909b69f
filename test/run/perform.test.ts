// One action on one host, from its first look to its end, before a host that refuses, falls silent or says it failed.
import { expect } from 'chai';
import { known } from '../../src/model/value.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { type Told } from './harness.ts';
import { c, task } from './program.ts';
import { cut, end, log, LOOK, lost, no, run, set, SET, unsent } from './single.ts';
import { Wire } from './wire.ts';

describe('what only looks', () => {
  it('owes the host nothing, whatever its author wrote', async () => {
    const told = await run([log({ undo: [set()] })], { steps: { 'toy.log': { reads: true } } });
    expect(told.journal.laws('action-started').map(event => event.undo)).to.deep.equal([{ is: 'nothing' }]);
  });
});

describe('a loop that pauses', () => {
  it('does so between its items: not before the first, and not after the last', async () => {
    const each = (pauseMs: number) => task('toy.log', { text: 'x' }, { loop: ['i', 'ii', 'iii'], pauseMs });
    expect((await run([each(2_000)])).slept).to.deep.equal([2_000, 2_000]);
    expect((await run([each(1)])).slept).to.deep.equal([1, 1]);
    expect((await run([each(0)])).slept).to.deep.equal([]);
  });
});

describe('a host that can’t be reached', () => {
  const goesOn = { ignoreUnreachable: true };

  it('before a change is said to be so, and its author may go on past that', async () => {
    const told = await run([set(goesOn), log()], { wire: new Wire(line => (line === LOOK ? unsent : null)) });
    expect(end(told)).to.deep.include({ outcome: 'failed' });
    expect(end(told).result).to.include({ unreachable: true, failed: true, changed: false, skipped: false });
    expect(told.story).to.deep.equal(['t1@a failed', 't2@a changed']);
    expect(told.journal.laws('action-started').length).to.equal(1);
  });

  it('for the change itself is said to be so, too', async () => {
    const told = await run([set(goesOn), log()], { wire: new Wire(line => (line === SET ? unsent : null)) });
    expect(end(told).result).to.include({ unreachable: true, failed: true, changed: false, skipped: false });
    expect(told.story).to.deep.equal(['t1@a failed', 't2@a changed']);
  });

  it('isn’t one that refuses: its author may not go on past that', async () => {
    for (const at of [LOOK, SET]) {
      const told = await run([set(goesOn), log()], { wire: new Wire(line => (line === at ? no : null)) });
      expect(told.story, at).to.deep.equal(['t1@a failed']);
      expect(end(told).result, at).not.to.have.property('unreachable');
    }
  });
});

describe('a change that was refused', () => {
  it('has failed, and tells what was seen afterwards', async () => {
    const told = await run([set()], { wire: new Wire(line => (line === SET ? no : null)) });
    const { outcome, why, result, born } = end(told);
    expect([outcome, why, born]).to.deep.equal(['failed', '/toy/set k 1: no (exit 1)', null]);
    expect(result).to.deep.equal({
      ...{ before: '', now: '', changed: false, failed: true, skipped: false },
      message: '/toy/set k 1: no (exit 1)',
    });
  });

  it('tells nothing more when nothing could be seen', async () => {
    const wire = new Wire((line, n) => (line === SET || (line === LOOK && n > 1) ? no : null));
    expect(end(await run([set()], { wire })).result).to.have.keys('changed', 'failed', 'skipped', 'message');
  });
});

describe('what a step says of itself', () => {
  const says = (result: JsonObject) => ({ steps: { 'toy.set': { result: () => result } } });

  it('is why it failed', async () => {
    const told = await run([set()], says({ failed: true, message: 'exit 3' }));
    expect(end(told)).to.deep.include({ outcome: 'failed', why: 'exit 3' });
    expect(end(await run([set()], says({ failed: true, message: 3 }))).why).to.equal('it says it failed');
  });

  it('is also told when it worked', async () => {
    expect(end(await run([set()], says({ message: 'as wished' })))).to.include({
      outcome: 'changed',
      why: 'as wished',
    });
    expect(end(await run([set()], says({})))).to.include({ outcome: 'changed', why: '' });
  });

  it('is whether it changed anything', async () => {
    const told = await run([set()], says({ changed: false }));
    expect(end(told).outcome).to.equal('unchanged');
    expect(end(told).result).to.deep.equal({ changed: false, failed: false, skipped: false });
    expect(end(await run([set()], says({}))).result).to.deep.equal({ changed: true, failed: false, skipped: false });
  });

  it('that it failed and changed nothing stays half true when its author calls it no failure', async () => {
    const label = { failedWhen: [c('false')] };
    expect(end(await run([set(label)], says({ failed: true, changed: false }))).outcome).to.equal('unchanged');
    expect(end(await run([set(label)], says({ failed: true }))).outcome).to.equal('changed');
  });
});

describe('a task that had nothing to do', () => {
  const wired = () => {
    const wire = new Wire();
    wire.toy.on('a').set('k', '1');
    return wire;
  };

  it('is unchanged, and says what it saw', async () => {
    const told = await run([set()], { wire: wired() });
    expect(end(told)).to.deep.include({ outcome: 'unchanged', why: 'is "1"' });
    expect(end(told).result).to.deep.equal({ before: '1', now: '1', changed: false, failed: false, skipped: false });
    expect(end(told).born?.args).to.deep.equal({ key: 'k', value: '1' });
  });

  it('can’t be called changed: nothing was done that could be put back', async () => {
    expect(end(await run([set({ changedWhen: [c('true')] })], { wire: wired() })).outcome).to.equal('unchanged');
  });
});

describe('a label that rests on what comes later', () => {
  it('is a failure, and says so', async () => {
    const later = {
      is: 'later',
      source: 'r',
      after: [],
      at: { file: '', start: 0, end: 0, line: 1, column: 1 },
    } as const;
    expect(end(await run([set({ failedWhen: [later] })])).why).to.equal(
      'failed_when: it rests on something that is not known yet',
    );
  });
});

describe('a change that is tried again', () => {
  const retries = (n: number, until: readonly string[] = []) => ({
    attempts: { until: until.map(c), retries: known(n), delayMs: known(1_000), backoff: 2 },
  });
  const attempts = (told: Told) => told.journal.laws('attempt-ended').map(event => event.n);

  it('without a condition is tried while it fails', async () => {
    const told = await run([log(retries(2), 'bad')]);
    expect(attempts(told)).to.deep.equal([1, 2, 3]);
    expect(told.slept).to.deep.equal([1_000, 2_000]);
    expect(end(told)).to.deep.include({ outcome: 'failed', why: 'it says it failed after 3 attempts' });
    expect(end(told).result).to.include({ attempts: 3, failed: true, out: 'bad;bad;bad;' });
  });

  it('is not tried again once it worked', async () => {
    const told = await run([log(retries(2))]);
    expect([attempts(told), told.slept, end(told).outcome]).to.deep.equal([[1], [], 'changed']);
    expect(end(told).result).to.include({ attempts: 1 });
  });

  it('fails when its condition never holds, or can’t be asked', async () => {
    expect(end(await run([log(retries(1, ['false']))])).why).to.equal('until did not hold after 2 attempts');
    expect(end(await run([log(retries(1, ['nobody.knows']))])).why).to.match(/^until: .*nobody.* after 2 attempts$/);
  });

  it('is over when nobody knows what became of it', async () => {
    const wire = new Wire(line => (line === 'a: /toy/log x' ? lost : null));
    const told = await run([log(retries(5))], { wire });
    expect([attempts(told), end(told).outcome, told.verdict]).to.deep.equal([[], 'unknown', 'stuck']);
    expect(end(told).result).to.deep.equal({ changed: false, failed: false, skipped: false });
  });

  it('counts on after the run broke off', async () => {
    const wire = new Wire((line, n) => (line === SET && n < 2 ? no : null));
    const told = await cut([set(retries(5))], event => event.type === 'attempt-ended', { wire });
    expect(attempts(told)).to.deep.equal([1, 2, 3]);
  });
});

describe('a look that is taken again', () => {
  const looks = (n: number, until: readonly string[]) =>
    task(
      'toy.look',
      { key: 'k' },
      { attempts: { until: until.map(c), retries: known(n), delayMs: known(500), backoff: 2 } },
    );

  it('ends when its condition holds', async () => {
    const wire = new Wire((line, n) =>
      line === LOOK && n === 3 ? { is: 'exited', code: 0, out: 'up', err: '' } : null,
    );
    const told = await run([looks(9, ['result.value === "up"'])], { wire });
    expect([end(told).outcome, told.slept]).to.deep.equal(['unchanged', [500, 1_000]]);
  });

  it('fails when its condition never holds, and tells how often it looked', async () => {
    const wire = new Wire();
    const told = await run([looks(2, ['false'])], { wire });
    expect(end(told)).to.deep.include({ outcome: 'failed', why: 'until did not hold after 3 looks' });
    expect(end(told).result).to.include({ attempts: 3 });
    expect(wire.lines).to.deep.equal([LOOK, LOOK, LOOK]);
  });

  it('is over at once when it may not be done, or when it asks for nothing', async () => {
    const refused = await run([looks(2, ['false'])], { wire: new Wire(() => no) });
    expect([refused.slept, end(refused).result.failed]).to.deep.equal([[], true]);
    expect((await run([looks(2, [])])).slept).to.deep.equal([]);
  });
});
