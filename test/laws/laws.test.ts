// The four laws over toy playbooks that hold every construct of the language.
import { expect } from 'chai';
import type { Plan } from '../../src/model/plan.ts';
import { known } from '../../src/model/value.ts';
import { block, c, flush, handler, play, planOf, task, x } from '../run/program.ts';
import { cutAnywhere, failAtEach, orderly, runAgain, twiceInARow } from './laws.ts';
import { tried } from './subject.ts';
import { toySubject, type ToyStart } from './toys.ts';

/** A slice of the law that takes longest, for who asks all of them again and again. */
const FEW = process.env['LAWS'] === 'few';

const set = (key: string, value: string, options = {}) => task('toy.set', { key, value }, options);
const restart = handler('restart', 'toy.set', { key: 'restarted', value: 'yes' });

const start: ToyStart = {
  things: { evac1: 'a', evac2: 'a', web: 'b' },
  values: { a: { zones: 'evac1,evac2' }, b: { zones: 'web' } },
};

const evacuation = [
  task('toy.look', { key: 'zones' }, { register: 'zones' }),
  set('built', 'yes', { notify: ['restart'] }),
  block(
    [
      task('toy.close'),
      task('toy.move', { thing: x('{{item}}'), to: 'spare' }, { loop: x('{{zones.list}}') }),
      flush(),
      set('booted', 'yes'),
      task('toy.open'),
      task('toy.move', { thing: x('{{item}}'), to: x('{{host.name}}') }, { loop: x('{{zones.list}}') }),
    ],
    { when: [c('zones.list.length > 0')], always: [set('tried', 'yes')] },
  ),
];

const plans: Readonly<Record<string, Plan>> = {
  'a rolling evacuation': planOf([play(['a', 'b'], evacuation, { serial: 1, handlers: [restart] })], {
    others: ['spare'],
  }),
  'two hosts at once, taken back together': planOf([
    play(['a', 'b'], [set('one', '1'), set('two', '2', { once: 'run' }), set('three', '3')], {
      onFailure: 'rollback_all',
    }),
  ]),
  'hosts that go freely, with a rescue': planOf(
    [
      play(
        ['a', 'b', 'c'],
        [
          set('one', '1'),
          block([set('two', '2'), set('three', '3')], {
            rescue: [set('rescued', 'yes')],
            always: [set('always', 'yes')],
          }),
          task('toy.set', { key: x('on-{{host.name}}'), value: 'yes' }, { on: known('spare') }),
        ],
        { strategy: 'free', maxFailures: 3 },
      ),
    ],
    { others: ['spare'] },
  ),
};

describe('the laws', () => {
  for (const [name, plan] of Object.entries(plans)) {
    const subject = toySubject(plan, start);

    describe(`over ${name}`, () => {
      it('1: each action done twice in a row changes nothing the second time', async () => {
        expect(await twiceInARow(subject)).to.deep.equal([]);
      });

      it('2: a failure at any action leaves the failed host as before, and every other as its outcome says', async () => {
        const rows = await failAtEach(subject);
        expect(rows.flatMap(row => row.wrong.map(wrong => `${row.action} ${row.fault}: ${wrong}`))).to.deep.equal([]);
        expect(rows.filter(row => row.verdict === 'stuck')).to.deep.equal([]);
        expect(rows.filter(row => row.fault === 'lost-after').every(row => row.verdict === 'done')).to.equal(true);
      });

      it('3: cut after any event and resumed, it comes to the same end', async () => {
        expect(await cutAnywhere(subject)).to.deep.equal([]);
      });

      it('3: also when it fails on the way, at any action', async function () {
        this.timeout(120_000);
        const whole = await tried(subject);
        const actions = [...new Set(whole.applied)].filter((_, index) => !FEW || index % 4 === 1);
        for (const action of actions) {
          const wrong = await cutAnywhere(subject, { faults: new Map([[action, 'refused']]) }, () => ['loud']);
          expect(wrong, action).to.deep.equal([]);
        }
      });

      it('4: stopped anywhere and taken back, nothing starts after the turn and the order is kept', async () => {
        const whole = await tried(subject);
        for (let seq = 1; seq < whole.journal.events.length; seq += 1) {
          const outcome = await tried(subject, { onEvent: (event, say) => event.seq === seq && say('rollback') });
          expect(orderly(outcome), `after ${seq}`).to.deep.equal([]);
          expect(outcome.ran?.verdict).to.not.equal('stuck');
        }
      });
    });
  }

  it('a run that is done has nothing to do the second time', async () => {
    const once = toySubject(planOf([play(['a', 'b'], [set('one', '1'), set('two', '2', { once: 'run' })])]));
    expect(await runAgain(once)).to.deep.equal([]);
  });
});
