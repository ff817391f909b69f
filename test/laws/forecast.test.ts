// Law 0: when a program has no later value, the actions born are the forecast, byte for byte.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../src/model/plan.ts';
import type { BlockEntry, Entry, TaskEntry } from '../../src/model/program.ts';
import { known } from '../../src/model/value.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { evaluate } from '../run/evaluate.ts';
import { block, c, flush, handler, play, planOf, task, type TaskOptions, x } from '../run/program.ts';
import { toyCatalogue } from '../run/toy.ts';
import { unforeseen } from './born.ts';
import { PAIR } from './fleets.ts';
import { tried } from './subject.ts';
import { toySubject } from './toys.ts';
import { shipped } from './world.ts';

const start = { things: { evac1: 'a', web: 'b' } };

function planned(made: Plan): Plan {
  const { program, hosts, groups, extra, options } = made;
  const inventory = { hosts: Object.values(hosts), groups, zoneRules: [], digest: '', sources: [] };
  const facts = {};
  const ready = { program, inventory, facts, catalogue: toyCatalogue, evaluate, now: 0, playbooks: [], extra, options };
  const answer = makePlan(ready);
  if (answer.is !== 'plan') throw new Error(JSON.stringify(answer));
  return answer.plan;
}

const key = fc.constantFrom('k', 'l', '{{mine.now || "none"}}', '{{ours}}-{{host.name}}', '{{fresh}}').map(x);
const value = fc.constantFrom('1', '{{word}}', '{{run.id}}', '{{seen.value || "none"}}').map(x);
const condition = fc.constantFrom('host.name == "a"', 'word == "play"', 'mine.now != "b"', 'fresh == "new"').map(c);
const options: fc.Arbitrary<TaskOptions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  condition.map(one => ({ when: [one] })),
  fc.constant({ vars: { word: known('task') } }),
  fc.constant({ once: 'run' as const, register: 'mine' }),
  fc.constant({ once: 'wave' as const }),
  fc.constant({ register: 'seen', notify: ['restart'] }),
);

const leaf: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, value, options).map(([name, text, more]) => {
      return task('toy.set', { key: name, value: text }, more);
    }),
  },
  fc.tuple(options, fc.boolean()).map(([more, asked]): TaskEntry => {
    const when = asked ? [c('item != "y"')] : [];
    const loop = x(['x', 'y', '{{host.name}}']);
    return task('toy.set', { key: x('{{item}}'), value: x('{{word}}') }, { when, ...more, loop });
  }),
  options.map(more => task('set_fact', { fresh: 'new', word: x('{{mine.now || "none"}}') }, more)),
  fc.constant(task('toy.look', { key: 'k' }, { register: 'seen' })),
  fc.constant(task('toy.move', { thing: x('{{host.name == "a" ? "evac1" : "web"}}'), to: 'spare' })),
  fc.constant(flush()),
);

const nested: fc.Arbitrary<BlockEntry> = fc
  .tuple(fc.array(leaf, { maxLength: 3 }), fc.array(leaf, { maxLength: 1 }), fc.option(condition, { nil: null }))
  .map(([body, always, when]) =>
    block(body, { always, when: when === null ? [] : [when], vars: { word: known('block') } }),
  );
const entries = fc.array(fc.oneof({ weight: 3, arbitrary: leaf }, nested), { minLength: 1, maxLength: 5 });
const restart = handler('restart', 'toy.set', { key: 'restarted', value: 'yes' });

const plans: fc.Arbitrary<Plan> = fc
  .record({ one: entries, two: entries, serial: fc.constantFrom(1, 2) })
  .map(({ one, two, serial }) => {
    const vars = { word: known('play'), ours: x('{{word}}'), fresh: known('old'), seen: known({ value: 'none' }) };
    const made = [one, two].map(tasks => play(['a', 'b'], tasks, { serial, vars, handlers: [restart] }));
    const mine = { a: { mine: known({ now: 'a' }) }, b: { mine: known({ now: 'b' }) } };
    return planned(planOf(made, { others: ['spare'], vars: mine }));
  });

describe('law 0: what is born is what was foreseen', () => {
  it('over programs that nobody thought of', async function () {
    this.timeout(60_000);
    const law = async (plan: Plan): Promise<void> => {
      const { journal, ran } = await tried(toySubject(plan, start));
      expect(unforeseen(plan, journal.events).join('\n')).to.equal('');
      expect(ran?.verdict, ran?.why).to.equal('done');
    };
    await fc.assert(fc.asyncProperty(plans, law), { numRuns: 300, seed: 11 });
  });

  const update = { fleet: PAIR, playbook: 'playbooks/update.yml' };
  const evacuate = { fleet: PAIR, playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' };
  const before = [{ playbook: evacuate.playbook, limit: 'nacaozumbi' }];
  const cases = {
    'update.yml': update,
    'maintain.yml': { fleet: PAIR, playbook: 'playbooks/maintain.yml' },
    'evacuate.yml': evacuate,
    'reboot.yml of an emptied host': { ...evacuate, playbook: 'playbooks/reboot.yml', before },
    'return.yml of an emptied host': { ...evacuate, playbook: 'playbooks/return.yml', before },
    'rolling-upgrade.yml': { ...update, playbook: 'playbooks/rolling-upgrade.yml' },
  };
  for (const [name, given] of Object.entries(cases))
    it(`over ${name}`, async function () {
      this.timeout(120_000);
      const subject = await shipped(given);
      const world = await subject.makeWorld();
      const { journal, ran } = await tried(subject, { world });
      expect(unforeseen(subject.plan, journal.events)).to.deep.equal([]);
      expect(ran?.verdict, ran?.why).to.equal('done');
    });
});
