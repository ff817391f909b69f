// What a plan says that each task will do, and what will go wrong for certain.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Forecast } from '../../src/model/plan.ts';
import type { Entry } from '../../src/model/program.ts';
import type { Value } from '../../src/model/value.ts';
import { foreseeWay, type Foresight } from '../../src/plan/campaign/forecast.ts';
import type { Way } from '../../src/plan/campaign/host-way.ts';
import { spanOf } from '../../src/text/span.ts';
import { evaluate } from '../run/evaluate.ts';
import { block, c, flush, play, planOf, task, x } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { host } from './world.ts';

/** What is foreseen on host a, which is open unless facts say otherwise. */
function foresee(entries: readonly Entry[], more: Partial<Way> = {}, facts: Facts | null = host('a')): Foresight {
  const plan = planOf([play(['a', 'b'], entries)]);
  const [own] = plan.program.plays;
  if (own === undefined) throw new Error('no play');
  const ground = { plan, evaluate, run: null, values: {} };
  const way: Way = {
    ...{ ground, catalogue, play: own, host: hostName('a'), taken: new Set(), n: 1, isLast: true },
    context: { migrations: [], staying: [], fleet: {} },
    ...more,
  };
  return foreseeWay(way, facts);
}

const told = ({ actions }: Foresight): readonly string[] =>
  actions.map(one => `${one.when.is} ${one.expects}: ${one.text}`);
const say = (text: string | Value, options: Parameters<typeof task>[2] = {}) => task('say', { text }, options);
const at = spanOf('test');
const prompt: Value = { is: 'at-start', name: 'password', at };
const sole = ({ actions }: Foresight): Forecast => {
  const [first] = actions;
  if (first === undefined || actions.length > 1) throw new Error(`${actions.length} actions`);
  return first;
};

describe('the forecast', () => {
  it('foresees each task from what the one before leaves', () => {
    const close = task('maintenance.begin');
    const seen = foresee([close, close, task('maintenance.end'), close]);
    expect(told(seen)).to.deep.equal([
      'yes change: closes a',
      'yes nothing: maintenance.begin {}',
      'yes change: opens a',
      'yes change: closes a',
    ]);
    expect(seen.facts?.maintenance.is).to.equal('closed');
  });

  it('says of a task whose condition is false that it is skipped, and rests nothing on it', () => {
    const seen = foresee([task('maintenance.begin', {}, { when: [c('false')] }), task('maintenance.begin')]);
    expect(told(seen)).to.deep.equal(['no nothing: skipped', 'yes change: closes a']);
  });

  it('rests nothing on a task whose condition is known only later', () => {
    const asked = task('ask', {}, { register: 'answer' });
    const seen = foresee([asked, task('maintenance.begin', {}, { when: [c('answer.yes')] })]);
    expect(told(seen)[1]).to.equal('later change: closes a');
    expect(seen.facts?.maintenance.is).to.equal('open');
    expect(seen.actions[1]?.when).to.deep.equal({ is: 'later', after: [seen.actions[0]?.task] });
  });

  it('knows a registered result that was foreseen, and names the task of one that wasn’t', () => {
    const seen = foresee([
      say('hello', { register: 'first' }),
      say(x('{{first.said}}')),
      task('ask', {}, { register: 'answer' }),
      say(x('{{answer.x}}')),
    ]);
    expect(seen.actions[1]?.args.text).to.deep.equal({ is: 'known', json: 'hello' });
    expect(seen.actions[3]?.args.text).to.deep.include({ is: 'later', after: [seen.actions[2]?.task] });
    expect(seen.actions[3]?.text).to.equal(`known after ${seen.actions[2]?.task}`);
    expect(seen.problems).to.deep.equal([]);
  });

  it('calls what a person will be asked known at start', () => {
    const seen = sole(foresee([say(prompt)]));
    expect(seen.text).to.equal('known at start');
    expect(seen.args.text).to.deep.equal(prompt);
  });

  it('knows the names that a task gives itself, and their task where their values come later', () => {
    const seen = foresee([
      task('set_fact', { word: 'now' }),
      say(x('{{word}}')),
      task('ask', {}, { register: 'answer' }),
      task('set_fact', { word: x('{{answer.x}}') }),
      say(x('{{word}}')),
    ]);
    expect(seen.actions[1]?.args.text).to.deep.equal({ is: 'known', json: 'now' });
    expect(seen.actions[4]?.args.text).to.deep.include({ is: 'later', after: [seen.actions[3]?.task] });
  });

  it('takes no other task’s arguments for names', () => {
    const vars = { text: { is: 'known', json: 'of the block' } } as const;
    const seen = foresee([block([say(prompt), say(x('{{text}}'))], { vars })]);
    expect(seen.actions[1]?.args.text).to.deep.equal({ is: 'known', json: 'of the block' });
  });

  it('of what only the host knows tells why', () => {
    expect(told(foresee([task('ask')]))).to.deep.equal(['yes unknown: ask {} (only the host knows)']);
    expect(told(foresee([task('ask')], {}, null))).to.deep.equal(['yes unknown: ask {} (no facts)']);
  });

  it('names what would put a task back, where its author says so', () => {
    const back = foresee([say('x', { undo: [say('y'), task('ask')] }), say('z')]);
    expect(back.actions.map(one => one.wayBack)).to.deep.equal(['say, ask', '']);
  });
});

describe('the forecast of a block', () => {
  it('that isn’t entered skips body and always, at any depth, and its results count as skipped', () => {
    const inner = block([say('in', { register: 'r' })]);
    const seen = foresee([
      block([say('one'), inner, flush()], { when: [c('false')], always: [say('two')], rescue: [say('three')] }),
      say('after', { when: [c('r.skipped')] }),
    ]);
    expect(told(seen)).to.deep.equal([
      'no nothing: skipped',
      'no nothing: skipped',
      'no nothing: skipped',
      'yes change: says',
    ]);
  });

  it('that isn’t entered leaves what its rescue would register, and what is done once, as skipped too', () => {
    const never = block([say('once', { once: 'run', register: 'o' })], {
      when: [c('false')],
      rescue: [say('three', { register: 'r' })],
    });
    const after = say('after', { when: [c('r.skipped && o.skipped')] });
    const seen = foresee([never, after]);
    expect(told(seen)).to.deep.equal(['yes change: says']);
    expect(seen.took).to.deep.equal([]);
  });

  it('that is entered foresees body and always, never rescue', () => {
    const seen = foresee([block([say('one')], { always: [say('two')], rescue: [say('three')] })]);
    expect(seen.actions.map(one => one.id)).to.deep.equal(['toy/1.t1.1@a', 'toy/1.t1.a1@a']);
  });

  it('whose condition comes later makes everything inside wait for it, and nothing behind it', () => {
    const seen = foresee([
      task('ask', {}, { register: 'one' }),
      task('ask', {}, { register: 'two' }),
      block([say('in'), say('no', { when: [c('false')] }), say('both', { when: [c('two.x')] })], {
        when: [c('one.x')],
      }),
      say('behind'),
    ]);
    const [one, two] = seen.actions.map(action => action.task);
    expect(seen.actions.slice(2).map(action => action.when)).to.deep.equal([
      { is: 'later', after: [one] },
      { is: 'no' },
      { is: 'later', after: [one, two] },
      { is: 'yes' },
    ]);
  });

  it('gives its variables to what is inside', () => {
    const vars = { word: { is: 'known', json: 'inside' } } as const;
    const seen = foresee([block([say(x('{{word}}'))], { vars, when: [c('word === "inside"')] })]);
    expect(sole(seen).args.text).to.deep.equal({ is: 'known', json: 'inside' });
  });
});

describe('the forecast of a loop', () => {
  it('has an action for each item, with the item in it', () => {
    const seen = foresee([say(x('{{item}}'), { loop: ['a', 'b'], register: 'all' }), say(x('{{all.x}}'))]);
    expect(seen.actions.slice(0, 2).map(one => [one.id, one.args.text])).to.deep.equal([
      ['toy/1.t1[0]@a', { is: 'known', json: 'a' }],
      ['toy/1.t1[1]@a', { is: 'known', json: 'b' }],
    ]);
    expect(seen.actions[2]?.expects).to.equal('unknown');
  });

  it('asks its condition of each item', () => {
    const seen = foresee([say(x('{{item}}'), { loop: ['a', 'b'], when: [c('item !== "a"')] })]);
    expect(seen.actions.map(one => [one.id, one.when.is, one.expects])).to.deep.equal([
      ['toy/1.t1[0]@a', 'no', 'nothing'],
      ['toy/1.t1[1]@a', 'yes', 'change'],
    ]);
  });

  it('shows no item what the item before it registered: the name is the whole loop’s', () => {
    const named = say('first', { register: 'r' });
    const items = (when: string) =>
      foresee([named, say(x('{{r.said}}'), { loop: ['a', 'b'], register: 'r', when: [c(when)] })]).actions.slice(1);
    expect(items('true').map(one => one.args.text)).to.deep.equal(Array(2).fill({ is: 'known', json: 'first' }));
    expect(items('item === "b"')[1]?.args.text).to.deep.equal({ is: 'known', json: 'first' });
  });

  it('over a list that comes later is one line, until the list is there', () => {
    const seen = foresee([task('ask', {}, { register: 'answer' }), say(x('{{item}}'), { loop: x('{{answer.list}}') })]);
    expect(told(seen)[1]).to.equal(`yes unknown: for each item of a list: known after ${seen.actions[0]?.task}`);
    expect(seen.actions[1]?.id).to.equal('toy/1.t2@a');
  });

  it('over a circle of nothing is nothing', () => {
    expect(foresee([say('x', { loop: [] })]).actions).to.deep.equal([]);
  });
});

describe('what is done once', () => {
  const once = [say('run', { once: 'run' }), say('wave', { once: 'wave' }), say('each')];
  const seen = (taken: readonly string[]) => foresee(once, { taken: new Set(taken), n: 3 });
  const lanes = (taken: readonly string[]) => seen(taken).actions.map(one => one.lane);
  const own = { is: 'host', host: 'a' };

  it('is foreseen on the first host that comes to it, in the lane of the play or of the wave', () => {
    const wave = { is: 'wave', play: 1, n: 3 };
    const { took } = seen([]);
    expect(lanes([])).to.deep.equal([{ is: 'play', play: 1 }, wave, own]);
    expect(lanes(took.slice(0, 1))).to.deep.equal([wave, own]);
    expect(lanes(took)).to.deep.equal([own]);
  });
});

describe('what will go wrong for certain', () => {
  it('is found with its task and its host, before anything is touched', () => {
    const seen = foresee([task('say', { text: 7 }), say('x', { when: [c('"maybe"')] })]);
    expect(seen.problems.map(one => [one.task.id, one.host])).to.deep.equal([
      ['toy/1.t1', 'a'],
      ['toy/1.t2', 'a'],
    ]);
    expect(seen.problems[1]?.message).to.equal('a condition is yes or no, not "maybe"');
  });

  it('may be the condition of a block or of an item, or the list of a loop', () => {
    const seen = foresee([
      block([say('x')], { when: [c('"maybe"')] }),
      say('x', { loop: ['a'], when: [c('item')] }),
      say('x', { loop: 7 }),
    ]);
    expect(seen.problems.map(one => [one.task.id, one.message])).to.deep.equal([
      ['toy/1.t1', 'a condition is yes or no, not "maybe"'],
      ['toy/1.t2', 'a condition is yes or no, not "a"'],
      ['toy/1.t3', 'a loop goes over a list, not 7'],
    ]);
  });

  it('isn’t told of a task that is skipped, nor of anything in a block that isn’t entered', () => {
    const wrong = task('say', { text: 7 });
    const odd = block([say('x')], { when: [c('"maybe"')] });
    expect(foresee([{ ...wrong, when: [c('false')] }]).problems).to.deep.equal([]);
    expect(foresee([block([wrong, odd], { when: [c('false')] })]).problems).to.deep.equal([]);
  });
});
