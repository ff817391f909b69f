// An action that had begun when the run broke off: what a resumed run makes of it, which doesn't know how it ended.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Step } from '../../src/model/step.ts';
import { handler, task } from './program.ts';
import { cut, end, isStart, log, LOOK, lost, no, set, SET, unsent } from './single.ts';
import { toySteps } from './toy.ts';
import { Wire } from './wire.ts';

describe('an action that had begun when the run broke off', () => {
  const restart = handler('restart', 'toy.log', { text: 'restarted' });

  it('and was done is changed, and what it notifies is restarted', async () => {
    const wire = new Wire();
    wire.toy.on('a').set('k', '1');
    const told = await cut([set({ notify: ['restart'] })], isStart, { wire, handlers: [restart] });
    expect(told.story).to.deep.equal(['t1@a changed', 'h1~t@a changed']);
    expect(wire.lines).not.to.include(SET);
  });

  it('and wasn’t done is done, with the undo that was written down', async () => {
    const wire = new Wire();
    const told = await cut([set()], isStart, { wire });
    expect([told.story, told.journal.laws('action-started').length]).to.deep.equal([['t1@a changed'], 1]);
    expect(wire.toy.on('a').get('k')).to.equal('1');
  });

  it('and can’t be looked at stays unknown, and isn’t done twice', async () => {
    const wire = new Wire();
    const told = await cut([log()], isStart, { wire });
    expect([told.story, told.verdict, wire.lines]).to.deep.equal([['t1@a unknown'], 'stuck', []]);
  });

  it('and only looks is done again, though nobody can say whether it ran', async () => {
    const wire = new Wire();
    const told = await cut([log()], isStart, { wire, steps: { 'toy.log': { reads: true } } });
    expect([told.story, wire.lines.length]).to.deep.equal([['t1@a unchanged'], 1]);
  });

  it('and may not go on has failed, and tells what is seen now', async () => {
    const blocked = { is: 'blocked', seen: { was: 'half' }, why: 'half of it is there' } as const;
    let looks = 0;
    const check: Step['check'] = (args, looker) => {
      looks += 1;
      return looks > 2
        ? Promise.resolve(blocked)
        : (toySet?.check(args, looker) ?? Promise.reject(new Error('no step')));
    };
    const toySet = toySteps.find(step => step.name === 'toy.set');
    const told = await cut([set()], isStart, { wire: new Wire(), steps: { 'toy.set': { check } } });
    expect(end(told)).to.deep.include({ outcome: 'failed', why: 'half of it is there' });
    expect(end(told).result).to.deep.equal({
      ...{ before: 'half', now: 'half', changed: false, failed: true, skipped: false, message: 'half of it is there' },
    });
  });

  it('on a host that goes back is looked at, and not done', async () => {
    const back: Law = { type: 'turned', lane: { is: 'host', host: hostName('a') }, towards: 'rollback', why: 'no' };
    const wire = new Wire();
    const told = await cut([set()], isStart, { wire }, [back]);
    expect([told.story, told.verdict]).to.deep.equal([['t1@a failed', 'undo t1@a unchanged'], 'rolled-back']);
    expect(end(told).why).to.equal('it was cut before it was done');
    expect(wire.lines).not.to.include(SET);
  });

  it('and only tries has failed on a host that goes back: it left nothing there', async () => {
    const back: Law = { type: 'turned', lane: { is: 'host', host: hostName('a') }, towards: 'rollback', why: 'no' };
    const wire = new Wire();
    const told = await cut([task('toy.try', { text: 'x' })], isStart, { wire }, [back]);
    expect([told.story, told.verdict, wire.lines]).to.deep.equal([['t1@a failed'], 'rolled-back', []]);
    expect(end(told).why).to.equal('it was cut, and leaves nothing to put back');
  });

  it('on a host that answers only after a while is taken up then', async () => {
    const wire = new Wire((line, n) => (line === LOOK && n < 3 ? lost : null));
    const told = await cut([set()], isStart, { wire });
    expect([told.story, told.slept.length > 0]).to.deep.equal([['t1@a changed'], true]);
  });

  it('on a host that is away is taken up when it is back', async () => {
    const wire = new Wire((line, n) => (line === LOOK && n < 9 ? unsent : null));
    const told = await cut([set()], isStart, { wire });
    expect([told.story, wire.lines.filter(line => line === SET)]).to.deep.equal([['t1@a changed'], [SET]]);
  });

  it('on a host that is away first and can’t be read then is taken up when it can', async () => {
    const wire = new Wire((line, n) => (line !== LOOK || n > 9 ? null : n < 5 ? unsent : no));
    const told = await cut([set()], isStart, { wire });
    expect(told.story).to.deep.equal(['t1@a changed']);
  });

  for (const [what, answer] of [
    ['stays away', () => unsent],
    ['comes and goes', (n: number) => (n % 2 === 0 ? unsent : lost)],
  ] as const)
    it(`on a host that ${what} stays unknown, when its time is over`, async () => {
      const wire = new Wire((line, n) => (line === LOOK ? answer(n) : null));
      const told = await cut([set()], isStart, { wire });
      expect([told.story, told.verdict]).to.deep.equal([['t1@a unknown'], 'stuck']);
      const sleptMs = told.slept.reduce((sum, ms) => sum + ms, 0);
      expect(sleptMs).to.be.within(2 * 60_000, 3 * 60_000);
      expect(wire.lines).not.to.include(SET);
    });

  it('on a host that says no to the look stays unknown after a minute', async () => {
    const told = await cut([set()], isStart, { wire: new Wire(line => (line === LOOK ? no : null)) });
    expect([told.story, told.verdict]).to.deep.equal([['t1@a unknown'], 'stuck']);
    expect(told.slept.reduce((sum, ms) => sum + ms, 0)).to.be.within(60_000, 65_000);
  });

  it('on a host that never answers stays unknown', async () => {
    const told = await cut([set()], isStart, { wire: new Wire(() => lost) });
    expect([told.story, told.verdict]).to.deep.equal([['t1@a unknown'], 'stuck']);
  });
});
