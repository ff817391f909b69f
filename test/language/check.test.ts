// What --check says of a task that rests on what another would bring: it can't be known yet, which is no failure.
import { expect } from 'chai';
import type { Event } from '../../src/model/event.ts';
import { type Played, played, shown } from './played.ts';

const book = (tasks: string): string => `- hosts: a\n  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}`;
const HELLO = '- { toy.log: { text: hello }, register: hello }\n';
const rehearsed = (tasks: string, files: Readonly<Record<string, string>> = {}) =>
  played({ 'site.yml': book(HELLO + tasks), ...files }, { check: true });

const whys = (run: Played): readonly string[] =>
  run.journal.events.flatMap((event: Event) => (event.type === 'action-ended' ? [event.why] : []));

describe('under --check, a member of a result that nobody foresaw', () => {
  for (const [what, task] of [
    ['in a condition', '- { toy.set: { key: k, value: v }, when: hello.out == "x" }\n'],
    ['in an argument', '- toy.set: { key: k, value: "{{hello.out}}" }\n'],
    ['in the middle of a text', '- toy.set: { key: k, value: "it said {{upper hello.out}}" }\n'],
    ['behind a variable of the task', '- { toy.set: { key: k, value: "{{v}}" }, vars: { v: "{{hello.out}}" } }\n'],
    ['asked for whole', '- toy.set: { key: k, value: "{{json hello}}" }\n'],
    ['asked whether it is there', '- { toy.set: { key: k, value: v }, when: "has(hello.out)" }\n'],
    ['in a default', `- toy.set: { key: k, value: '{{default hello.out "x"}}' }\n`],
    ['as the list of a loop', '- { toy.set: { key: k, value: "{{item}}" }, loop: "{{hello.list}}" }\n'],
    ['as the host it happens on', '- { toy.set: { key: k, value: v }, delegate_to: "{{hello.out}}" }\n'],
    ['in what is asserted', '- assert: { that: hello.out == "x" }\n'],
  ] as const) {
    it(`${what} is known after its task, and the run is well`, async () => {
      const run = await rehearsed(task);
      expect(run.story).to.deep.equal(['t1@a would-change', 't2@a would-change']);
      expect(run.verdict).to.equal('done');
      expect(whys(run)[1]).to.match(/known after site\/1\.t1$/);
    });
  }

  it('what was foreseen of it is known', async () => {
    const run = await rehearsed(
      '- { toy.set: { key: k, value: v }, when: hello.changed }\n- { toy.set: { key: l, value: v }, when: hello.failed }\n- { toy.set: { key: m, value: v }, when: "hello.failed && hello.out == \'x\'" }\n',
    );
    expect(run.story).to.deep.equal(['t1@a would-change', 't2@a would-change', 't3@a skipped', 't4@a skipped']);
  });

  it('fails nothing, as nothing does under --check: who waits for its failure is passed over', async () => {
    const run = await rehearsed(
      '- { toy.set: { key: k, value: v }, when: hello.out == "x", register: second }\n- { toy.set: { key: l, value: v }, when: second.failed }\n',
    );
    expect(run.story).to.deep.equal(['t1@a would-change', 't2@a would-change', 't3@a skipped']);
  });

  it('makes what rests on it unknown in turn: results, set facts, loops and their results', async () => {
    const run = await rehearsed(
      [
        '- { toy.set: { key: k, value: v }, when: hello.out == "x", register: second }\n',
        '- { debug: "{{second.changed}}" }\n',
        '- set_fact: { word: "{{hello.out}}" }\n',
        '- { debug: "{{word}}" }\n',
        '- { toy.log: { text: "{{item}}" }, loop: [x, y], register: each }\n',
        '- { debug: "{{#each each.results}}{{out}}{{/each}}" }\n',
        '- { toy.set: { key: k, value: "{{item}}" }, loop: [x, y], when: hello.out == item, register: some }\n',
        '- { debug: x, when: some.changed }\n',
      ].join(''),
    );
    expect(run.verdict).to.equal('done');
    expect(run.story.filter(line => !line.endsWith('would-change'))).to.deep.equal([]);
    expect(
      whys(run)
        .slice(1)
        .filter(why => !why.includes('known after')),
    ).to.deep.equal(['a command', 'a command']);
  });

  it('a block for which nobody can say whether it is entered tells each of its tasks, and fails none', async () => {
    const run = await rehearsed(
      [
        '- when: hello.out == "x"\n',
        '  block:\n    - { fail: { msg: never } }\n    - block: [{ toy.set: { key: k, value: v }, register: r }]\n      when: n == 7\n',
        '  rescue:\n    - { toy.look: { key: k }, register: saved }\n',
        '  always:\n    - { toy.set: { key: l, value: v }, loop: [1, 2] }\n',
        '- { debug: x, when: r.changed || saved.changed }\n',
        '- { include_tasks: more.yml, loop: "{{hello.list}}" }\n',
      ].join(''),
      { 'more.yml': '- toy.set: { key: "{{item}}", value: v }\n' },
    );
    expect(run.verdict).to.equal('done');
    expect(run.story.filter(line => line.endsWith('would-change'))).to.deep.equal(
      ['t1', 't2.1', 't2.2.1', 't2.a1', 't3', 't4.1'].map(id => `${id}@a would-change`),
    );
  });

  it('an end of the play that may not come hides nothing', async () => {
    const run = await rehearsed('- { meta: end_host, when: hello.out == "x" }\n- toy.set: { key: k, value: v }\n');
    expect(run.story).to.deep.equal(['t1@a would-change', 't2@a would-change', 't3@a would-change']);
  });

  it('is no excuse for a name that no task before has registered', async () => {
    const run = await rehearsed(
      '- block: [{ toy.set: { key: k, value: v } }]\n  rescue: [{ toy.look: { key: k }, register: saved }]\n- { debug: x, when: saved.changed }\n',
    );
    expect(run.story.at(-1)).to.equal('t3@a failed');
  });

  it('in a run that changes it fails the task, with the reason', async () => {
    const run = await played(
      book(
        '- { toy.log: { text: hello }, register: hello, check_mode: yes }\n- { debug: x, when: hello.out == "x" }\n',
      ),
    );
    expect(run.story[1]).to.equal('t2@a failed');
    expect(whys(run)[1]).to.equal('when: rests on site/1.t1, which only said what it would do');
  });

  it('the plan says the same', async () => {
    const run = await rehearsed('- { toy.set: { key: k, value: v }, when: hello.out == "x" }\n');
    expect(shown(run.plan, 'a')[1]).to.match(/^t2 later after site\/1\.t1/);
  });
});
