// `approve`: between waves a person is asked, or the run stops until one has it go on.
import { expect } from 'chai';
import { exitOfRun } from '../../src/cli/exit-of-run.ts';
import type { Answered } from '../../src/model/event.ts';
import type { Question } from '../../src/run/question.ts';
import { scriptOf } from '../../src/report/script.ts';
import { Story } from '../../src/report/story.ts';
import { summaryLines } from '../../src/report/summary.ts';
import { cutEverywhere, goneOn, planned, played, type Played } from './played.ts';

const book = (words: string): string =>
  `- name: Roll\n  hosts: all\n  ${words}\n  tasks:\n    - toy.set: { key: k, value: v }\n`;
const done = (run: Played): string => ['a', 'b', 'c'].filter(host => run.toy.on(host).has('k')).join('');

describe('approve', () => {
  it('stops after the first wave, with what is done, what comes next and how to go on; nothing is owed or closed', async () => {
    const run = await played(book('serial: 1\n  approve: first_wave'));
    expect(run.verdict).to.equal('stopped');
    expect(run.why).to.equal(
      'wave 1 of "Roll" is over (a done), and somebody must say yes before the next one (approve: first_wave): b next and then 1 more host; to say it, zoneferry resume 0000beef',
    );
    expect(done(run)).to.equal('a');
  });

  it('goes on when somebody has it go on, to its end', async () => {
    const run = await goneOn(await played(book('serial: 1\n  approve: first_wave')));
    expect(run.verdict).to.equal('done');
    expect(done(run)).to.equal('abc');
    expect(run.journal.laws('operator-said').map(({ word }) => word)).to.deep.equal(['go-on']);
  });

  it('each_wave asks after each wave but the last', async () => {
    const first = await played(book('serial: 1\n  approve: each_wave'));
    const second = await goneOn(first);
    expect([done(second), second.verdict]).to.deep.equal(['ab', 'stopped']);
    expect(second.why).to.contain('wave 2 of "Roll" is over (b done)').and.to.contain('c next;');
    const third = await goneOn(second);
    expect([done(third), third.verdict]).to.deep.equal(['abc', 'done']);
  });

  it('with a canary the first wave is the canary’s', async () => {
    const run = await played(book('serial: 2\n  canary: 1\n  approve: first_wave'));
    expect([done(run), run.verdict]).to.deep.equal(['a', 'stopped']);
    expect(run.why).to.contain('b, c next;');
  });

  it('of a play with one wave asks nobody, nor does a wave of another play, nor a rehearsal', async () => {
    const one = await played(book('approve: each_wave'));
    expect([done(one), one.verdict]).to.deep.equal(['abc', 'done']);
    const two = await played(`${book('approve: each_wave')}${book('serial: 3\n  approve: first_wave')}`);
    expect(two.verdict).to.equal('done');
    const check = await played(book('serial: 1\n  approve: each_wave'), { check: true });
    expect(check.verdict).to.equal('done');
  });

  it('is no yes: to go on with a run that was stopped in the wave, or that died there', async () => {
    const text = book('serial: 1\n  approve: first_wave');
    const stopped = await played(text, {
      setting: { onEvent: (event, say) => (event.type === 'wave-planned' ? say('stop') : undefined) },
    });
    expect(stopped.why).to.equal('the operator asked for it');
    const again = await goneOn(stopped);
    expect([done(again), again.verdict]).to.deep.equal(['a', 'stopped']);
    expect(again.why).to.contain('somebody must say yes');
    expect((await goneOn(again)).verdict).to.equal('done');
    const ends = await cutEverywhere(text, () => ({}));
    expect(ends).to.deep.equal([`stopped ${(await played(text)).toy.snapshot()}`]);
  });

  it('holds the yes over a crash right after it, and asks nothing twice', async () => {
    const asked = await played(book('serial: 1\n  approve: first_wave'));
    const whole = await goneOn(asked);
    for (let last = asked.journal.events.length + 1; last < whole.journal.events.length; last += 1) {
      const cut = { ...whole, journal: { ...whole.journal, events: whole.journal.events.slice(0, last) } } as Played;
      expect((await goneOn(cut)).verdict, String(last)).to.equal('done');
    }
  });

  it('asks whoever sits there, and goes on in the same run with a yes, which stands in the journal with who said it', async () => {
    const heard: string[] = [];
    const ask = (question: Question) => {
      heard.push(question.about);
      return Promise.resolve('yes' as const);
    };
    const run = await played(book('serial: 1\n  approve: each_wave'), { setting: { ask } });
    expect([done(run), run.verdict]).to.deep.equal(['abc', 'done']);
    expect(heard.map(about => about.replace(/ is over.*/, ''))).to.deep.equal(['wave 1 of "Roll"', 'wave 2 of "Roll"']);
    expect(run.journal.laws('answered').map(({ answer, who }) => `${who} ${answer}`)).to.deep.equal([
      'joan yes',
      'joan yes',
    ]);
    const [asked, ...more] = run.journal.events.map(event => event.type).filter(type => /answered|observed/.test(type));
    expect([asked, ...more]).to.deep.equal(['observed', 'answered', 'observed', 'answered', 'observed']);
  });

  it('stops after a no, or after no answer, as where nobody sits there; whoever has it go on then has said yes', async () => {
    const text = book('serial: 1\n  approve: first_wave');
    const alone = await played(text);
    for (const answer of ['no', 'none'] as const) {
      const run = await played(text, { setting: { ask: () => Promise.resolve(answer) } });
      expect([done(run), run.verdict, run.why]).to.deep.equal(['a', 'stopped', alone.why]);
      expect(exitOfRun(run.state, run.verdict)).to.equal(7);
      expect((await goneOn(run, { setting: { ask: null } })).verdict).to.equal('done');
    }
  });

  it('asks again after a crash at the question, and never once it was answered', async () => {
    const text = book('serial: 1\n  approve: first_wave');
    const asking = (answer: Answered) => ({ setting: { ask: () => Promise.resolve(answer) } });
    expect(await cutEverywhere(text, () => asking('yes'))).to.deep.equal([
      `done ${(await played(text, asking('yes'))).toy.snapshot()}`,
    ]);
    expect(await cutEverywhere(text, () => asking('no'))).to.deep.equal([
      `stopped ${(await played(text)).toy.snapshot()}`,
    ]);
  });

  it('a host of the wave that failed is named, and the yes is for the others', async () => {
    const text = `- name: Roll\n  hosts: all\n  serial: 2\n  max_failures: 1\n  approve: first_wave\n  tasks:\n    - { fail: bad luck, when: n == 2 }\n    - toy.set: { key: k, value: v }\n`;
    const run = await played(text);
    expect(run.verdict).to.equal('stopped');
    expect(run.why).to.contain('(a done, b not done)');
    expect(done(await goneOn(run))).to.equal('ac');
  });

  it('ends with 7 also when the first wave had nothing to do, and the summary begins with the question', async () => {
    const text = book('serial: 1\n  approve: first_wave');
    const { toy } = await goneOn(await played(text));
    const run = await played(text, { toy });
    expect(run.story).to.deep.equal(['t1@a unchanged']);
    expect(exitOfRun(run.state, run.verdict)).to.equal(7);
    const story = new Story();
    for (const line of run.journal.events) story.see(line);
    const [headline, ...rest] = summaryLines(story, scriptOf(run.plan), { columns: 400, timeZone: 'UTC' });
    expect(headline).to.contain('ended stopped');
    expect(rest[0]).to.equal(run.why);
  });

  it('stands in the plan, where there is a second wave', async () => {
    const notes = async (words: string) => (await planned(book(words))).notes.join();
    expect(await notes('serial: 1\n  approve: first_wave')).to.contain('after wave 1/1 a person must say yes');
    expect(await notes('serial: 1\n  approve: each_wave')).to.contain('after each wave but the last');
    expect(await notes('approve: each_wave')).to.equal('');
  });
});
