// The laws over programs and failures that nobody thought of.
import fc from 'fast-check';
import { expect } from 'chai';
import { empty, fold } from '../../src/model/fold.ts';
import type { ActionId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Entry, OnFailure } from '../../src/model/program.ts';
import { decide, decider } from '../../src/run/decide.ts';
import { portsOf } from '../run/harness.ts';
import { block, c, flush, handler, play, planOf, task, x } from '../run/program.ts';
import { cutAnywhere, orderly } from './laws.ts';
import { type Fault, FAULTS, type Faults, tried } from './subject.ts';
import { toySubject } from './toys.ts';

const start = { things: { evac1: 'a', web: 'b' } };
const key = fc.constantFrom('k', 'l', 'm');
const set = fc.tuple(key, fc.constantFrom('1', '2')).map(([name, value]) => task('toy.set', { key: name, value }));

const leaf: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: set },
  set.map(one => ({ ...one, notify: ['restart'] })),
  set.map(one => ({ ...one, once: 'wave' as const })),
  key.map(name => task('toy.set', { key: x(`${name}-{{item}}`), value: '1' }, { loop: ['x', 'y'] })),
  key.map(name => task('toy.set', { key: name, value: '3' }, { when: [c('host.name == "a"')] })),
  fc.constant(task('toy.close')),
  fc.constant(task('toy.open')),
  fc.constant(task('toy.move', { thing: x('{{host.name == "a" ? "evac1" : "web"}}'), to: 'spare' })),
  fc.constant(task('fail', { message: 'no' }, { when: [c('host.name == "b"')] })),
  fc.constant(flush()),
);

const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc
    .tuple(fc.array(leaf, { maxLength: 3 }), fc.array(leaf, { maxLength: 2 }), fc.array(leaf, { maxLength: 1 }))
    .map(([body, rescue, always]) => block(body, { rescue, always })),
);

interface Case {
  readonly plan: Plan;
  readonly pick: number;
  readonly fault: Fault;
}

const restart = handler('restart', 'toy.set', { key: 'restarted', value: 'yes' });

/** The first task is harmless, so that every host of a wave has begun before the first failure: whom a failure keeps from beginning is a matter of time. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
    serial: fc.constantFrom(1, 2),
    onFailure: fc.constantFrom<OnFailure>('rollback', 'rollback_all', 'continue'),
    pick: fc.nat(),
    fault: fc.constantFrom(...FAULTS),
  })
  .map(({ entries, serial, onFailure, pick, fault }) => {
    const first = task('toy.set', { key: 'first', value: '1' });
    const made = play(['a', 'b'], [first, ...entries], { serial, onFailure, handlers: [restart] });
    return { plan: planOf([made], { others: ['spare'] }), pick, fault };
  });

async function faultsOf({ plan, pick, fault }: Case): Promise<Faults> {
  const subject = toySubject(plan, start);
  const { applied } = await tried(subject);
  const later: readonly ActionId[] = applied.filter(action => !action.includes('.t1@'));
  const action = later[pick % Math.max(1, later.length)];
  return new Map(action === undefined ? [] : [[action, fault]]);
}

const runs = { numRuns: 25, seed: 7 };

describe('any program, with any failure', () => {
  it('3: cut after any event and resumed, it comes to the same end', async function () {
    this.timeout(60_000);
    const law = async (one: Case): Promise<void> => {
      const wrong = await cutAnywhere(toySubject(one.plan, start), { faults: await faultsOf(one) }, () => ['loud']);
      expect(wrong).to.deep.equal([]);
    };
    await fc.assert(fc.asyncProperty(cases, law), runs);
  });

  it('4: taken back anywhere, it keeps the order of undo', async () => {
    const law = async (one: Case, at: number): Promise<void> => {
      const faults = await faultsOf(one);
      const outcome = await tried(toySubject(one.plan, start), {
        faults,
        onEvent: (event, say) => event.seq === 3 + (at % 20) && say('rollback'),
      });
      expect(orderly(outcome)).to.deep.equal([]);
    };
    await fc.assert(fc.asyncProperty(cases, fc.nat(), law), runs);
  });

  it('every prefix of its journal folds, and decide answers the same with and without memory', async () => {
    const law = async (one: Case): Promise<void> => {
      const subject = toySubject(one.plan, start);
      const { journal } = await tried(subject, { faults: await faultsOf(one) });
      const ports = portsOf({ plan: one.plan, catalogue: subject.catalogue, hosts: (await subject.makeWorld()).hosts });
      const remembering = decider(ports);
      let state = empty;
      for (const event of journal.events) {
        state = fold(state, event);
        const asked = [remembering(state, new Map()), decide(ports, state, new Map())].map(next =>
          JSON.stringify(next),
        );
        expect(asked[0]).to.equal(asked[1]);
      }
    };
    await fc.assert(fc.asyncProperty(cases, law), runs);
  });
});
