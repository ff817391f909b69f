// What a rehearsal (--check) tells of a change that it doesn't make.
import { expect } from 'chai';
import type { Step } from '../../src/model/step.ts';
import { end, log, no, run, set } from './single.ts';
import { Wire } from './wire.ts';

describe('a rehearsal', () => {
  const foresees = (foreseen: ReturnType<Step['foresee']>) => ({
    ...{ check: true, steps: { 'toy.set': { foresee: () => foreseen, needsFacts: true } } },
  });
  const labels = { failed: false, skipped: false, foreseen: true };

  it('tells what the host shows, and as its result what is foreseen', async () => {
    const told = await run([set()], foresees({ is: 'nothing', result: { now: '1' } }));
    expect(end(told)).to.deep.include({ outcome: 'would-change', why: 'is ""' });
    expect(end(told).result).to.deep.equal({ now: '1', changed: true, ...labels });
    const change = await run(
      [set()],
      foresees({ is: 'change', facts: null, text: 'sets it', result: { now: '1' } } as never),
    );
    expect(end(change)).to.deep.include({ outcome: 'would-change', why: 'is ""' });
    expect(end(change).result).to.deep.equal({ now: '1', changed: true, ...labels });
    const unknown = await run([set()], foresees({ is: 'unknown', why: 'a toy' }));
    expect(end(unknown)).to.deep.include({ outcome: 'would-change', why: 'is ""' });
    expect(end(unknown).result).to.deep.equal({ changed: true, ...labels });
  });

  it('after something that was only foreseen tells what is foreseen, without a look at the host', async () => {
    const second = async (foreseen: ReturnType<Step['foresee']>) => {
      const wire = new Wire();
      const told = await run([log(), set()], { ...foresees(foreseen), wire });
      expect(wire.lines).to.deep.equal([]);
      const { outcome, why, result } = end(told, 1);
      return [outcome, why, result];
    };
    expect(await second({ is: 'nothing', result: { now: '1' } })).to.deep.equal([
      ...['unchanged', '', { now: '1', changed: false, ...labels }],
    ]);
    expect(await second({ is: 'change', facts: null, text: 'sets it', result: {} } as never)).to.deep.equal([
      ...['would-change', 'sets it', { changed: true, ...labels }],
    ]);
    expect(await second({ is: 'unknown', why: 'a toy' })).to.deep.equal([
      ...['would-change', 'a toy', { changed: true, ...labels }],
    ]);
  });

  it('a step that rests on no facts and foresees nothing is asked what it sees there all the same', async () => {
    const wire = new Wire();
    const steps = { 'toy.set': { foresee: () => ({ is: 'unknown', why: 'a toy' }) as const } };
    const told = await run([log(), set()], { check: true, steps, wire });
    expect(end(told, 1)).to.deep.include({ outcome: 'would-change', why: 'is ""' });
    const refused = await run([log(), set()], { check: true, steps, wire: new Wire(() => no) });
    expect(end(refused, 1).outcome).to.equal('would-change');
    expect(end(refused, 1).why).to.match(/^can be told only after the changes before it/);
  });

  it('finds what is done already, and what may not be done', async () => {
    const wire = new Wire();
    wire.toy.on('a').set('k', '1');
    expect(end(await run([set()], { check: true, wire })).outcome).to.equal('unchanged');
    const refused = await run([set()], { check: true, wire: new Wire(() => no) });
    expect(end(refused)).to.deep.include({ outcome: 'failed' });
    expect(end(await run([log()], { check: true })).outcome).to.equal('would-change');
  });
});
