// `gates`: what must hold before the first wave of a play, and between two.
import { expect } from 'chai';
import { exitOfRun } from '../../src/cli/exit-of-run.ts';
import type { Stamped } from '../../src/model/event.ts';
import type { Clock } from '../../src/model/ports.ts';
import { playOf } from '../../src/model/plan.ts';
import { gaitOf, waveTimes } from '../../src/plan/figures/duration.ts';
import type { Pace } from '../../src/plan/figures/pace.ts';
import { Toy } from '../run/toy.ts';
import { cutEverywhere, goneOn, planned, played, type Played, type Playing, shown } from './played.ts';

const TASKS = '\n  tasks:\n    - toy.set: { key: k, value: v }\n';
const book = (words: string): string => `- name: Roll\n  hosts: all\n  serial: 1\n  ${words}${TASKS}`;
const SOAK = 'gates: { between: { checks: [services], soak: 10m } }';
const done = (run: { readonly toy: Toy }): string => ['a', 'b', 'c'].filter(host => run.toy.on(host).has('k')).join('');
const tasksOf = ({ journal }: Played): string =>
  journal
    .laws('action-ended')
    .map(({ action }) => action.replace(/^site\/\d+\./, '').replace(/ .*/, ''))
    .join(' ');

class JumpingClock implements Clock {
  #ms = 0;
  now(): number {
    return this.#ms;
  }
  monotonicMs(): number {
    return this.#ms;
  }
  sleep(ms: number, scale: number): Promise<void> {
    this.#ms += ms / scale;
    return Promise.resolve();
  }
}

/** When things ended, by the run's clock. */
async function timed(text: string, playing: Playing = {}): Promise<{ run: Played; at: Map<string, number> }> {
  const clock = new JumpingClock();
  const at = new Map<string, number>();
  const onEvent = (event: Stamped): void => {
    if (event.type === 'action-ended') at.set(event.action.replace(/^site\/\d+\./, ''), clock.now());
  };
  const run = await played(text, { ...playing, setting: { clock, onEvent } });
  return { run, at };
}

describe('gates between waves', () => {
  it('ask each host at the end of its wave, wait, and ask again; after the last wave only once', async () => {
    const run = await played(book(SOAK));
    expect(run.verdict).to.equal('done');
    expect(tasksOf(run)).to.equal('t1@a g1@a g2@play g3@a t1@b g1@b g2@play g3@b t1@c g1@c');
  });

  it('soak for so long by the run’s clock', async () => {
    const { at } = await timed(book(SOAK));
    const soaked = [...at].filter(([name]) => name.startsWith('g2@')).map(([, ms]) => ms);
    expect(soaked).to.deep.equal([600_000, 1_200_000]);
    expect(at.get('g3@a')).to.equal(600_000);
  });

  it('begin when the slowest host of the wave is done, also where hosts go freely', async () => {
    const text = `- hosts: all\n  serial: 2\n  strategy: free\n  ${SOAK}\n  tasks:\n    - { debug: "{{item}}", loop: [1, 2, 3, 4], when: n == 1 }\n    - toy.set: { key: k, value: v }\n`;
    const names = (await played(text)).story.map(line => line.replace(/ \w+$/, ''));
    expect(names.indexOf('g1@b')).to.be.greaterThan(names.indexOf('t2@a'));
    const soak = names.findIndex(name => name.startsWith('g2@'));
    expect([names.indexOf('g1@a'), names.indexOf('g1@b')].every(at => at < soak)).to.equal(true);
  });

  it('that do not hold are a failure of that host: it goes back, and no second host is taken', async () => {
    const toy = new Toy();
    toy.on('a').set('sick', 'ssh');
    const run = await played(book(SOAK), { toy });
    expect([run.verdict, done(run)]).to.deep.equal(['rolled-back', '']);
    expect(run.why).to.equal('a: Gate between waves: ssh is sick');
    expect(tasksOf(run)).to.equal('t1@a g1@a');
  });

  it('that no longer hold after the soak are one, too', async () => {
    const toy = new Toy();
    const onEvent = (event: Stamped): void => {
      if (event.type === 'action-ended' && event.action.includes('.g1@a')) toy.on('a').set('sick', 'ssh');
    };
    const run = await played(book(SOAK), { toy, setting: { onEvent } });
    expect(run.why).to.equal('a: Gate after the soak: ssh is sick');
    expect(done(run)).to.equal('');
  });

  it('let nobody soak while the wave is held back by a failure: that comes when the run goes on', async () => {
    const toy = new Toy();
    toy.on('a').set('sick', 'ssh');
    const text = `- hosts: all\n  serial: 2\n  ${SOAK}${TASKS}`;
    const run = await played(text, { toy });
    expect([tasksOf(run), done(run), run.verdict]).to.deep.equal(['t1@a t1@b g1@a g1@b', 'b', 'rolled-back']);
    const stays = await played(text.replace('serial: 2', 'serial: 2\n  on_failure: stop'), { toy });
    const on = await goneOn(stays);
    expect(tasksOf(on)).to.match(/g2@play g3@b t1@c g1@c$/);
    expect(done(on)).to.equal('abc');
  });

  it('ask hosts whose tasks ended early, too', async () => {
    const text = `- hosts: all\n  serial: 2\n  ${SOAK}\n  tasks:\n    - { meta: end_batch, when: n == 1 }\n    - toy.set: { key: k, value: v }\n`;
    const run = await played(text);
    expect(tasksOf(run)).to.contain('g1@a').and.to.contain('g1@b').and.to.contain('g2@play');
  });

  it('wait before a person is asked, and stand whatever tags are taken', async () => {
    const words = 'gates: { between: { checks: services, soak: 10m, approve: first_wave } }';
    const run = await played(book(words));
    expect([run.verdict, done(run)]).to.deep.equal(['stopped', 'a']);
    expect(tasksOf(run)).to.match(/g3@a$/);
    expect(done(await goneOn(run))).to.equal('abc');
    const tagged = await played(`${book(SOAK)}      tags: now\n    - debug: x\n`, { tags: ['now'] });
    expect(tasksOf(tagged)).to.contain('t1@a g1@a');
    expect(tasksOf(tagged)).not.to.contain('t2');
  });

  it('are done once, wherever the run is cut', async () => {
    const whole = await played(book(SOAK));
    expect(await cutEverywhere(book(SOAK), () => ({}))).to.deep.equal([`done ${whole.toy.snapshot()}`]);
  });

  it('stand in the plan: the soak where a wave follows; a rehearsal doesn’t wait', async () => {
    const plan = await planned(book(SOAK));
    expect(plan.notes).to.deep.equal(['gates: soak of 10m after each wave but the last, 2 times in all']);
    expect(shown(plan, 'a').map(line => line.slice(0, 6))).to.deep.equal(['t1 yes', 'g1 yes', 'g3 yes']);
    expect(shown(plan, 'c').map(line => line.slice(0, 5))).to.deep.equal(['t1 ye', 'g1 ye', 'g3 no']);
    const soaks = plan.waves.flatMap(({ actions }) => actions.filter(one => one.step === 'pause'));
    expect(soaks.map(({ when, text }) => `${when.is} ${text}`)).to.deep.equal([
      'yes wait 10m',
      'yes wait 10m',
      'no skipped',
    ]);
    const pace: Pace = {
      lasting: ({ step, args }) => ({ ms: step === 'pause' ? Number(args('seconds')) * 1000 : 0, kind: step, seen: 0 }),
      copyMs: lanes => lanes.map(() => 0),
      copiesRestOn: [],
    };
    const gait = gaitOf(playOf(plan, { play: 1, n: 1 }), 50);
    expect(plan.waves.map(wave => waveTimes(wave, gait, pace).ms)).to.deep.equal([600_000, 600_000, 0]);
    const { run } = await timed(book(SOAK), { check: true });
    expect(tasksOf(run)).to.equal('t1@a g1@a t1@b g1@b t1@c g1@c');
  });
});

describe('gates before the first wave', () => {
  const before = (gate: string): string => book(`gates: { before: [${gate}] }`);

  it('are asked once, by a program on the first host; what it registers all may use', async () => {
    const run = await played(
      `- hosts: all\n  serial: 1\n  gates: { before: [{ command: /usr/bin/true, register: said }] }\n  tasks:\n    - { toy.set: { key: k, value: v }, when: said.rc == 0 }\n`,
    );
    expect([run.verdict, done(run)]).to.deep.equal(['done', 'abc']);
    expect(run.story.filter(line => line.startsWith('b1'))).to.have.length(1);
  });

  it('that do not hold refuse the play: nothing is touched, no wave begins, and the exit is that of a preflight', async () => {
    const run = await played(before('{ command: /opt/site/bin/change-approved }'));
    expect([run.verdict, done(run), exitOfRun(run.state, run.verdict)]).to.deep.equal(['stopped', '', 5]);
    expect(run.why).to.contain('command: it does not hold (exit status 127)');
    expect(run.journal.laws('observed')).to.have.length(1);
    expect(run.state.lanes.get('a')?.turned?.towards).to.equal('refused');
    const again = await goneOn(run);
    expect([again.verdict, done(again)]).to.deep.equal(['stopped', '']);
  });

  it('refuse a later play without taking back the one before', async () => {
    const run = await played(
      `- hosts: all${TASKS}- hosts: all\n  gates: { before: [{ command: /opt/no }] }\n  tasks:\n    - toy.set: { key: l, value: v }\n`,
    );
    expect([run.verdict, done(run)]).to.deep.equal(['stopped', 'abc']);
    expect(run.toy.on('a').has('l')).to.equal(false);
  });

  it('fleet_preflight asks every host before the first is touched, as the play itself does', async () => {
    const toy = new Toy();
    toy.on('c').set('unfit', 'too old');
    const text = `- hosts: all\n  serial: 1\n  vars: { level: '7' }\n  gates: { before: [fleet_preflight] }\n  tasks:\n    - preflight: { scope: move, entire: "{{level}}" }\n    - toy.set: { key: k, value: v }\n`;
    const run = await played(text, { toy });
    expect([run.verdict, done(run)]).to.deep.equal(['stopped', '']);
    expect(run.why).to.contain('fleet_preflight: c: move7 too old');
    expect(exitOfRun(run.state, run.verdict)).to.equal(5);
    toy.on('c').delete('unfit');
    expect(done(await played(text, { toy }))).to.equal('abc');
    const plain = new Toy();
    plain.on('b').set('unfit', 'too old');
    expect((await played(before('fleet_preflight'), { toy: plain })).why).to.contain('b: update too old');
  });

  it('hold on another host where they say so, and run in a rehearsal, too', async () => {
    const hosts = 'all:\n  hosts: { a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, adm: { n: 4 } }\n';
    const text = before('{ command: /usr/bin/true, delegate_to: adm }').replace('hosts: all', 'hosts: a,b,c');
    const run = await played(text, { hosts, check: true });
    expect(run.toy.lines.filter(line => line.includes('/usr/bin/true') && line.startsWith('adm'))).to.have.length(1);
  });
});
