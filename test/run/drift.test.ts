// How far a wave may be from the one that was approved before somebody is asked.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { empty, foldAll } from '../../src/model/fold.ts';
import { hostName, runId, zoneName } from '../../src/model/ids.ts';
import type { Migration, Plan, WavePlan } from '../../src/model/plan.ts';
import { decide } from '../../src/run/decide.ts';
import { tooFar } from '../../src/run/drift.ts';
import type { Next } from '../../src/run/next.ts';
import { type Question, questionText, unanswered } from '../../src/run/question.ts';
import type { Facts } from '../../src/model/facts.ts';
import { host } from '../plan/world.ts';
import { runPlan } from '../../src/run/run.ts';
import { portsOf } from './harness.ts';
import { Toy, toyCatalogue } from './toy.ts';
import { evaluate } from './evaluate.ts';
import { play, planOf, task } from './program.ts';

const GiB = 1024 ** 3;
const move = (zone: string, to: string, gib = 4): Migration => ({
  ...{ zone: zoneName(zone), from: hostName('a'), to: hostName(to), bytes: gib * GiB },
  ...{ why: '', others: [], stays: false },
});
const wave = (migrations: readonly Migration[], hosts: readonly string[] = ['a']): WavePlan => ({
  ...{ wave: { play: 1, n: 1 }, hosts: hosts.map(hostName), migrations, staying: [] },
});
const ten = Array.from({ length: 10 }, (_, n) => move(`z${n}`, 'b'));
const replan = { zones: 10, bytes: 10 };

describe('a wave that is planned again', () => {
  it('may send one zone of ten elsewhere, and not two', () => {
    expect(tooFar(wave(ten), wave([move('z0', 'c'), ...ten.slice(1)]), replan)).to.equal(null);
    expect(tooFar(wave(ten), wave([move('z0', 'c'), move('z1', 'c'), ...ten.slice(2)]), replan)).to.equal(
      '2 of 10 zones (replan allows 10 %), 8 GiB of 40 GiB (replan allows 10 %)',
    );
  });

  it('counts a zone that is new, one that doesn’t go any more, and one that has grown', () => {
    const none = { zones: 0, bytes: 0 };
    expect(tooFar(wave(ten), wave(ten), none)).to.equal(null);
    expect(tooFar(wave(ten), wave([...ten, move('new', 'b')]), none)).to.contain('1 of 11 zones');
    expect(tooFar(wave(ten), wave(ten.slice(1)), none)).to.contain('1 of 10 zones');
    expect(tooFar(wave(ten), wave([move('z0', 'b', 8), ...ten.slice(1)]), none)).to.equal(
      '4 GiB of 40 GiB (replan allows 0 %)',
    );
  });

  it('doesn’t count the zones of a host that left the way', () => {
    const other = { ...move('y', 'b'), from: hostName('d') };
    expect(tooFar(wave([...ten, other], ['a', 'd']), wave(ten), { zones: 0, bytes: 0 })).to.equal(null);
  });
});

describe('a run whose next wave would be quite another', () => {
  const of = planOf([play(['a'], [task('toy.set', { key: 'k', value: '1' })])], { others: ['b', 'c'] });
  const plan: Plan = { ...of, waves: [{ plan: wave(ten), actions: [] }] };
  const now = (to: string) => ({
    ...{ plan, evaluate, catalogue: toyCatalogue },
    planWave: (_: Plan, __: unknown, ___: unknown, facts: Readonly<Record<string, Facts>>) =>
      ({
        is: 'planned',
        plan: wave(ten.map(one => ({ ...one, to: hostName(Object.keys(facts)[0] ?? to) }))),
        notes: [],
      }) as const,
  });
  const begun: Law = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
  const looked: Law = { type: 'observed', wave: { play: 1, n: 1 }, facts: {}, silent: {} };
  const goesOn: Law = { type: 'operator-said', word: 'go-on', who: 'joan', host: null };
  const ended = (why: string): Law => ({ type: 'run-ended', verdict: 'stopped', why });
  const next = (to: string, ...events: readonly Law[]) =>
    decide(now(to), foldAll([begun, ...events], empty), new Map());
  const asked = (): Question => {
    const answer = next('c', looked);
    if (answer.is !== 'ask') throw new Error(answer.is);
    return answer.move.question;
  };

  it('stops before it with what differs, and touches nothing', () => {
    expect(next('c', looked)).to.include({ is: 'ask', verdict: 'stopped' });
    expect(unanswered(asked())).to.contain('wave 1/1 would not be as it was approved: 10 of 10 zones');
    expect(unanswered(asked())).to.contain('no longer: z0 goes from a to b').and.to.contain('resume the run');
    expect(asked().changes).to.have.length(11).and.to.include('and 10 more');
  });

  it('is looked at again after a yes to the question, and goes on if it is still what was asked', () => {
    const yes: Law = { type: 'answered', question: questionText(asked()), answer: 'yes', who: 'joan' };
    const seen = (to: string): Law => ({ ...looked, facts: { [to]: host(to) } });
    const again = next('c', seen('c'), yes);
    const types = (answer: Next) => (answer.is === 'record' ? answer.events.map(event => event.type) : answer.is);
    expect(types(again)).to.deep.equal(['observed']);
    expect(types(next('c', seen('c'), yes, seen('c')))).to.deep.equal(['wave-planned']);
    expect(next('d', seen('c'), yes, seen('d')).is).to.equal('ask');
  });

  it('goes on with it, and journals the differences, when somebody has it go on', () => {
    const go = next('c', looked, ended(unanswered(asked())), goesOn, looked);
    expect(go.is === 'record' && go.events[0]).to.include({ type: 'wave-planned' });
    expect(JSON.stringify(go)).to.contain('no longer: z0 goes from a to b');
  });

  it('asks nobody’s leave by a crash, or by an end for another reason: who has it go on after that wasn’t asked', () => {
    expect(next('c', looked, goesOn, looked).is).to.equal('ask');
    expect(next('c', looked, ended('the window was not open'), goesOn, looked).is).to.equal('ask');
  });

  it('holds a yes for what was asked, also over a crash, and for nothing else', () => {
    const seen = (to: string): Law => ({ ...looked, facts: { [to]: host(to) } });
    const yes = [seen('c'), ended(unanswered(asked())), goesOn, looked, goesOn];
    expect(next('c', ...yes, seen('c')).is).to.equal('record');
    expect(next('d', ...yes, seen('d')).is).to.equal('ask');
  });

  it('stops before a wave that no approved one was like, for the zones that nobody approved so', () => {
    const late = { play: 1, n: 2 };
    const first: Law = { type: 'wave-planned', wave: { play: 1, n: 1 }, plan: wave([], []), differs: [] };
    const second: Law = { ...looked, wave: late };
    const beyond = (to: string) => {
      const own = wave(ten.map(one => ({ ...one, to: hostName(to) })));
      const charge = {
        ...now(to),
        planWave: () => ({ is: 'planned', plan: { ...own, wave: late }, notes: [] }) as const,
      };
      return decide(charge, foldAll([begun, looked, first, second], empty), new Map());
    };
    expect(beyond('b').is).to.equal('record');
    expect(beyond('c').is).to.equal('ask');
  });

  it('tells what must be known of a wave, unless the plan that was approved told it', () => {
    const note = 'while a is out, the zones of b would have no place if that host were lost, too';
    const differs = (notes: readonly string[]) => {
      const charge = {
        ...now('b'),
        plan: { ...plan, notes },
        planWave: () => ({ is: 'planned', plan: wave(ten), notes: [note] }) as const,
      };
      const answer = decide(charge, foldAll([begun, looked], empty), new Map());
      const [event] = answer.is === 'record' ? answer.events : [];
      return event?.type === 'wave-planned' ? event.differs : answer.is;
    };
    expect(differs([])).to.deep.equal([`new: ${note}`]);
    expect(differs([`wave 1/1: ${note}`])).to.deep.equal([]);
  });

  it('is carried out in the same run after a yes at the terminal, and looked at again before', async () => {
    const asked: string[] = [];
    const ask = (question: Question) => {
      asked.push(...question.changes.slice(0, 2));
      return Promise.resolve('yes' as const);
    };
    const toy = new Toy();
    const ports = portsOf({ ...now('c'), hosts: name => toy.host(name), ask });
    expect((await runPlan(ports)).verdict).to.equal('done');
    expect(asked).to.deep.equal(['no longer: z0 goes from a to b', 'no longer: z1 goes from a to b']);
    const types = ports.journal.events.map(({ type }) => type);
    expect(types.slice(1, 5)).to.deep.equal(['observed', 'answered', 'observed', 'wave-planned']);
    expect(toy.on('a').get('k')).to.equal('1');
  });

  it('goes on at once when it is as approved', () => {
    expect(next('b', looked).is).to.equal('record');
  });
});
