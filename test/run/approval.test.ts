// The question between two waves, and what counts as its answer: decide over a folded journal, nothing else.
import { expect } from 'chai';
import type { Answered, Law } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import type { Approve } from '../../src/model/program.ts';
import { decide } from '../../src/run/decide.ts';
import type { Next } from '../../src/run/next.ts';
import { unanswered } from '../../src/run/question.ts';
import { evaluate } from './evaluate.ts';
import { play, planOf } from './program.ts';
import { toyCatalogue } from './toy.ts';

const HOSTS = Array.from({ length: 12 }, (_, n) => `h${n + 1}`);
const begun: Law = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
const wave = (n: number, hosts: readonly string[]): readonly Law[] => [
  { type: 'observed', wave: { play: 1, n }, facts: {}, silent: {} },
  {
    ...{ type: 'wave-planned', wave: { play: 1, n }, differs: [] },
    plan: { wave: { play: 1, n }, hosts: hosts.map(hostName), migrations: [], staying: [] },
  },
];
const ended = (why: string): Law => ({ type: 'run-ended', verdict: 'stopped', why });
const said = (word: 'go-on' | 'stop'): Law => ({ type: 'operator-said', word, who: 'joan', host: null });

function next(approve: Approve, ...events: readonly Law[]): Next {
  const plan = planOf([play(HOSTS, [], { approve })]);
  const planWave = (): never => {
    throw new Error('no wave is planned here');
  };
  const charge = { plan, evaluate, catalogue: toyCatalogue, planWave };
  return decide(charge, foldAll([begun, ...events]), new Map());
}

const question = (answer: Next): string =>
  answer.is === 'ask' ? unanswered(answer.move.question) : answer.is === 'end' ? answer.why : `not asked: ${answer.is}`;
const first = wave(1, HOSTS.slice(0, 1));
const asked = question(next('first_wave', ...first));

describe('the question between two waves', () => {
  it('names who is done and who comes next, of many the first few', () => {
    expect(asked).to.contain('wave 1 of "play 1" is over (h1 done)').and.to.contain('zoneferry resume 0000beef');
    expect(asked).to.contain('h2, h3, h4, h5, h6, h7, h8, h9 and 3 more next;');
  });

  it('is not asked by a play that says nothing of it, before the first wave, or after a later one', () => {
    expect(next('no_wave', ...first).is).to.equal('record');
    expect(next('each_wave').is).to.equal('record');
    expect(next('first_wave', ...wave(1, ['h1']), ...wave(2, ['h2'])).is).to.equal('record');
    expect(question(next('each_wave', ...wave(1, ['h1']), ...wave(2, ['h2'])))).to.contain('wave 2 of');
  });

  it('is answered by a go-on after it, and by no other', () => {
    expect(next('first_wave', ...first, ended(asked), said('go-on')).is).to.equal('record');
    expect(question(next('first_wave', ...first, said('go-on')))).to.equal(asked);
    expect(question(next('first_wave', ...first, ended('the operator asked for it'), said('go-on')))).to.equal(asked);
    expect(question(next('first_wave', ...first, ended(asked.replace('h1', 'h7')), said('go-on')))).to.equal(asked);
  });

  it('that was answered stays so over a crash and another go-on', () => {
    expect(next('first_wave', ...first, ended(asked), said('go-on'), said('go-on')).is).to.equal('record');
  });

  it('is answered where it is asked, with a yes to its own words', () => {
    const answered = (answer: Answered, to = asked.replace('; to say it, zoneferry resume 0000beef', '')): Law => ({
      ...{ type: 'answered', question: to, answer, who: 'joan' },
    });
    expect(next('first_wave', ...first, answered('yes')).is).to.equal('record');
    expect(next('first_wave', ...first, answered('yes', 'may I?')).is).to.equal('ask');
    for (const no of ['no', 'none'] as const) {
      const end = next('first_wave', ...first, answered(no));
      expect(end).to.deep.equal({ is: 'end', verdict: 'stopped', why: asked });
      expect(next('first_wave', ...first, answered(no), ended(asked), said('go-on')).is).to.equal('record');
    }
  });

  it('gives way to an operator who stops the run', () => {
    expect(question(next('first_wave', ...first, said('stop')))).to.equal('the operator asked for it');
  });
});
