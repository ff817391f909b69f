// The forecast of a loop over many tasks, and of an end before the end.
import { expect } from 'chai';
import { hostName } from '../../src/model/ids.ts';
import type { EndEntry, Entry } from '../../src/model/program.ts';
import type { Value } from '../../src/model/value.ts';
import { foreseeWay, type Foresight } from '../../src/plan/campaign/forecast.ts';
import { beforeRun } from '../../src/plan/waves/ways.ts';
import { spanOf } from '../../src/text/span.ts';
import { evaluate } from '../run/evaluate.ts';
import { block, c, play, planOf, task, x } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { host } from './world.ts';

function foresee(entries: readonly Entry[]): Foresight {
  const plan = planOf([play(['a'], entries)]);
  const [own] = plan.program.plays;
  if (own === undefined) throw new Error('no play');
  const ground = beforeRun(plan, evaluate);
  const taken = new Set<string>();
  const context = { migrations: [], staying: [], fleet: {} };
  return foreseeWay(
    { ground, catalogue, play: own, host: hostName('a'), taken, n: 1, isLast: true, context },
    host('a'),
  );
}

const say = (text: string | Value, options: Parameters<typeof task>[2] = {}) => task('say', { text }, options);
const ask = task('ask', {}, { register: 'answer' });
const end = (...when: readonly Value[]): EndEntry => ({
  ...{ is: 'end', id: task('say').id, name: 'end_host', at: spanOf('test'), of: 'host', when },
});
const told = ({ actions }: Foresight) => actions.map(one => [one.id, one.when.is, one.args.text]);
const known = (json: string) => ({ is: 'known', json });

describe('the forecast of a loop over many tasks', () => {
  it('has every round with its item, in the ids of the run, and none of it behind the loop', () => {
    const inner = [say(x('{{item}}')), say('then')];
    expect(told(foresee([block(inner, { loop: ['x', 'y'] }), say('behind')]))).to.deep.equal([
      ['toy/1.t1.1~0@a', 'yes', known('x')],
      ['toy/1.t1.2~0@a', 'yes', known('then')],
      ['toy/1.t1.1~1@a', 'yes', known('y')],
      ['toy/1.t1.2~1@a', 'yes', known('then')],
      ['toy/1.t2@a', 'yes', known('behind')],
    ]);
  });

  it('numbers the rounds of loops in loops from the outside in', () => {
    const seen = foresee([block([block([say(x('{{item}}'))], { loop: ['x', 'y'] })], { loop: [1, 2] })]);
    expect(told(seen).map(([id]) => id)).to.deep.equal([
      'toy/1.t1.1.1~0.0@a',
      'toy/1.t1.1.1~0.1@a',
      'toy/1.t1.1.1~1.0@a',
      'toy/1.t1.1.1~1.1@a',
    ]);
  });

  it('asks its condition of each item', () => {
    const seen = foresee([block([say(x('{{item}}'))], { loop: ['x', 'y'], when: [c('item === "y"')] })]);
    expect(told(seen).map(([, when]) => when)).to.deep.equal(['no', 'yes']);
  });

  it('shows one round for all, resting on the list, where nobody knows how many there are', () => {
    const seen = foresee([
      ask,
      block([say(x('{{item}}')), block([say('x')], { loop: x('{{answer.more}}') })], { loop: x('{{answer.list}}') }),
      say('behind'),
    ]);
    const rests = { is: 'later', after: ['toy/1.t1'] };
    expect(seen.actions.slice(1).map(one => one.id)).to.deep.equal([
      'toy/1.t2.1~*@a',
      'toy/1.t2.2.1~*.*@a',
      'toy/1.t3@a',
    ]);
    expect(seen.actions[1]?.when).to.deep.equal(rests);
    expect(seen.actions[1]?.args.text)
      .to.include({ is: 'later' })
      .and.deep.include({ after: ['toy/1.t1'] });
    expect(seen.actions[3]?.when).to.deep.equal({ is: 'yes' });
  });

  it('knows a list that is none for what it is, unless the host never comes there', () => {
    const odd = block([say('x')], { loop: 7 });
    expect(foresee([odd]).problems.map(one => one.message)).to.deep.equal(['a loop goes over a list, not 7']);
    expect(foresee([block([odd], { when: [c('false')] })]).problems).to.deep.equal([]);
    expect(foresee([end(), odd]).problems).to.deep.equal([]);
  });
});

describe('the forecast of an end before the end (meta: end_host)', () => {
  const whens = (...entries: readonly Entry[]) => told(foresee(entries)).map(([, when]) => when);

  it('skips everything behind it, in blocks and around them, and nothing before', () => {
    expect(whens(say('1'), block([say('2'), end(), say('3')]), say('4'))).to.deep.equal(['yes', 'yes', 'no', 'no']);
  });

  it('that isn’t for this host, or stands in a block that isn’t entered, ends nothing', () => {
    expect(whens(end(c('false')), say('1'))).to.deep.equal(['yes']);
    expect(whens(block([end()], { when: [c('false')] }), say('1'))).to.deep.equal(['yes']);
  });

  it('that comes only perhaps makes everything behind it wait for the same results', () => {
    const seen = foresee([ask, end(c('answer.x')), say('1'), end(), say('2')]);
    expect(seen.actions.map(one => one.when)).to.deep.equal([
      { is: 'yes' },
      { is: 'later', after: ['toy/1.t1'] },
      { is: 'no' },
    ]);
    const other = task('ask', {}, { register: 'other' });
    const two = foresee([ask, other, end(c('answer.x')), end(c('other.x')), say('1')]);
    expect(two.actions[2]?.when).to.deep.equal({ is: 'later', after: ['toy/1.t1', 'toy/1.t2'] });
  });

  it('whose condition can’t be asked is told, unless the host never comes there', () => {
    const odd = end(c('"maybe"'));
    expect(foresee([odd]).problems).to.have.length(1);
    expect(foresee([end(), odd, block([say('x')], { when: [c('"maybe"')] })]).problems).to.deep.equal([]);
  });
});

describe('the forecast of a task that only rehearses (check_mode: yes)', () => {
  it('rests nothing on it', () => {
    const seen = foresee([task('maintenance.begin', {}, { checkMode: true, register: 'r' }), say(x('{{r.x}}'))]);
    expect(seen.facts?.maintenance.is).to.equal('open');
    expect(seen.actions[1]?.args.text?.is).to.equal('later');
  });
});
