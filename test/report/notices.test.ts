// What somebody outside is told of a run: which lines of the journal are told as what, of whom, and to whom.
import { expect } from 'chai';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import type { Event, Stamped } from '../../src/model/event.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import { type Occasion, OCCASION_WORDS, OCCASIONS } from '../../src/model/occasion.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Telling } from '../../src/model/program.ts';
import { known, type Value } from '../../src/model/value.ts';
import { addresseesOf } from '../../src/report/addressees.ts';
import { type Notice, noticeBody, Notices } from '../../src/report/notices.ts';
import { spanOf } from '../../src/text/span.ts';
import * as sample from './sample.ts';

const plan = sample.planFor(['nacaozumbi']);

/** What each line is told as. */
function told(
  run: readonly Stamped[],
  of: Plan = plan,
): readonly { readonly line: Stamped; readonly notice: Notice }[] {
  const notices = new Notices(of);
  return run.flatMap(line => notices.see(line).map(notice => ({ line, notice })));
}
const words = (run: readonly Stamped[], of?: Plan): readonly string[] =>
  told(run, of).map(({ notice }) => [notice.words[0], ...(notice.host === null ? [] : [notice.host])].join(' '));

const turned = (host: string, towards: 'rollback' | 'stop', why: string): Event => ({
  type: 'turned',
  lane: sample.laneOf(host),
  towards,
  why,
});
const wave = (n: number, hosts: readonly string[]): readonly (readonly [number, Event])[] => [
  [n, { type: 'observed', wave: { play: 1, n }, facts: {}, silent: {} }],
  [
    n,
    {
      type: 'wave-planned',
      wave: { play: 1, n },
      plan: { wave: { play: 1, n }, hosts: hosts.map(hostName), migrations: [], staying: [] },
      differs: [],
    },
  ],
];
const done = (host: string): readonly (readonly [number, Event])[] => [
  [5, sample.begins(1, host)],
  [6, sample.ends(1, host, 'changed')],
];

describe('what is told of a run', () => {
  it('is its start, its waves, its hosts and its end', () => {
    expect(words(sample.wellEnded)).to.deep.equal([
      ...['run_started', 'wave_started', 'host_done nacaozumbi', 'wave_ended', 'run_ended'],
    ]);
  });

  it('is a host that is stuck, where and why, and that a person is needed', () => {
    expect(words(sample.stuckEnded)).to.deep.equal([
      ...['run_started', 'wave_started', 'host_stuck nacaozumbi', 'wave_ended', 'stopped'],
    ]);
    const [stuck] = told(sample.stuckEnded).flatMap(({ notice }) => (notice.host === null ? [] : [notice]));
    expect(stuck).to.deep.include({ task: 'be.boot', wave: 1, play: 1 });
    expect(stuck?.words).to.deep.equal(['host_stuck', 'host_failed']);
    expect(stuck?.message).to.equal('nacaozumbi stuck at "be.boot": it did not come back within 45m');
    expect(told(sample.stuckEnded).at(-1)?.notice.message).to.contain('it needs a person: zoneferry show 7f3a0001');
  });

  it('is a failure when it happens, not when all of it has been put back', () => {
    const [, , failed] = told(sample.rolledBack);
    expect(failed?.line.type).to.equal('turned');
    expect(failed?.notice.words).to.deep.equal(['host_failed']);
    expect(failed?.notice.message).to.equal('nacaozumbi failed at "Move the zones": Move the zones failed');
  });

  it('is no failure of a host that goes back because of another', () => {
    const two = sample.planFor(['nacaozumbi', 'bjork']);
    const run = sample.stamped([
      [0, sample.runStarted],
      ...wave(1, ['nacaozumbi', 'bjork']),
      ...done('bjork'),
      [7, sample.begins(1, 'nacaozumbi')],
      [8, sample.ends(1, 'nacaozumbi', 'failed', ['no space in rpool'])],
      [9, turned('nacaozumbi', 'rollback', 'be.update failed')],
      [9, turned('bjork', 'rollback', 'another host failed')],
    ]);
    expect(words(run, two)).to.deep.equal(['run_started', 'wave_started', 'host_failed nacaozumbi']);
  });

  it('is a host that gave no answer, when its wave is over', () => {
    const two = sample.planFor(['nacaozumbi', 'bjork'], [['nacaozumbi'], ['bjork']]);
    const silent = {
      type: 'observed',
      wave: { play: 1, n: 1 },
      facts: {},
      silent: { nacaozumbi: 'no route' },
    } as Event;
    const [, planned] = wave(1, ['nacaozumbi']);
    const run = sample.stamped([
      [0, sample.runStarted],
      [1, silent],
      ...(planned ? [planned] : []),
      ...wave(2, ['bjork']),
    ]);
    expect(words(run, two)).to.deep.equal([
      ...['run_started', 'wave_started', 'host_failed nacaozumbi', 'wave_ended', 'wave_started'],
    ]);
    expect(told(run, two)[3]?.notice.counts).to.deep.equal({ unreachable: 1 });
  });

  it('is not the end of a wave that a stopped run has left half done: that comes once it has gone on', () => {
    const two = sample.planFor(['nacaozumbi', 'bjork']);
    const stop = [
      [0, sample.runStarted],
      ...wave(1, ['nacaozumbi', 'bjork']),
      ...done('nacaozumbi'),
      [10, { type: 'run-ended', verdict: 'stopped', why: 'joan said stop' }],
    ] as const;
    expect(words(sample.stamped(stop), two)).to.deep.equal(['run_started', 'wave_started', 'stopped']);
    const on = [
      ...stop,
      [20, { type: 'operator-said', word: 'go-on', who: 'joan', host: null }],
      [30, { type: 'run-ended', verdict: 'done', why: '' }],
    ] as const;
    expect(words(sample.stamped(on), two).slice(3)).to.deep.equal([
      ...['host_done nacaozumbi', 'host_done bjork', 'wave_ended', 'run_ended'],
    ]);
  });

  it('has a name of its own each time, and is seen in the events that its word names', () => {
    for (const run of [sample.wellEnded, sample.stuckEnded, sample.rolledBack]) {
      const all = told(run);
      expect(new Set(all.map(({ notice }) => notice.id)).size).to.equal(all.length);
      for (const { line, notice } of all)
        for (const word of notice.words) expect(OCCASIONS[word].seenIn, word).to.include(line.type);
    }
  });

  it('is posted with a text that names the run once, and with nothing unseen in it', () => {
    const [start] = told(sample.wellEnded);
    const host = told(sample.stuckEnded).find(({ notice }) => notice.host !== null);
    if (start === undefined || host === undefined) throw new Error('nothing is told');
    const text = (notice: Notice, word: Occasion): unknown =>
      (JSON.parse(noticeBody(plan, { notice, word })) as { text: unknown }).text;
    expect(text(start.notice, 'run_started')).to.match(/^zoneferry: run 7f3a0001 of rolling-upgrade\.yml began: /);
    expect(text(host.notice, 'host_failed')).to.match(/^zoneferry run 7f3a0001: nacaozumbi stuck /);
    const odd = sample.stamped([
      [0, sample.runStarted],
      [1, { type: 'run-ended', verdict: 'stopped', why: `\u001b[2J${'x'.repeat(9_000)}` }],
    ]);
    const message = told(odd).at(-1)?.notice.message ?? '';
    expect(message).to.not.contain('\u001b');
    expect(message.length).to.be.at.most(2_000);
  });
});

describe('who is told', () => {
  const template = (source: string): Value => ({ is: 'expression', language: 'text', source, at: spanOf('test') });
  const telling = (on: readonly Occasion[], url: Value, headers: Telling['headers'] = {}): Telling => ({
    on,
    url,
    headers,
  });
  const two = sample.planFor(['nacaozumbi', 'bjork']);
  const [play] = two.program.plays;
  if (play === undefined) throw new Error('no play');
  const inventory = Object.values(two.hosts).map(host => {
    const pager = known(host.name === 'bjork' ? 'https://b.example.org/told' : 'https://n.example.org/told');
    return [host.name, { ...host, vars: { pager } }] as const;
  });
  const with_ = (...onEvent: readonly Telling[]): Plan => ({
    ...two,
    hosts: Object.fromEntries(inventory),
    program: { ...two.program, plays: [{ ...play, onEvent }] },
  });
  const ask = (of: Plan) => addresseesOf({ plan: of, evaluate, run: runId('7f3a0001'), values: {} });
  const notice = (about: readonly string[], ...of: readonly Occasion[]): Notice => ({
    ...{ id: 'a/1/b', words: of, at: 0, play: 1, about: about.map(hostName), wave: 1, host: null, task: null },
    ...{ verdict: null, message: '', counts: null },
  });
  const origins = (of: Plan, one: Notice): readonly string[] =>
    ask(of)
      .for(one)
      .map(({ to, word }) => `${word} ${to.origin}`);

  it('is the address of the host that it is about, or every address of the hosts that it is about', () => {
    const of = with_(telling(['host_failed', 'run_ended'], template('{{pager}}')));
    expect(origins(of, notice(['bjork'], 'host_failed'))).to.deep.equal(['host_failed https://b.example.org']);
    expect(origins(of, notice(['nacaozumbi', 'bjork'], 'run_ended'))).to.deep.equal([
      ...['run_ended https://n.example.org', 'run_ended https://b.example.org'],
    ]);
    expect(origins(of, notice(['bjork'], 'host_done'))).to.deep.equal([]);
  });

  it('is told once what two entries say, by the more telling word', () => {
    const url = known('https://example.org/told');
    const of = with_(telling(['run_ended'], url), telling([...OCCASION_WORDS], url));
    expect(origins(of, notice(['bjork', 'nacaozumbi'], 'stopped', 'run_ended'))).to.deep.equal([
      'stopped https://example.org',
    ]);
  });

  it('is nobody where the address has no value, which is said without it', () => {
    const wrong = ask(with_(telling(['run_ended'], template('gopher://{{host.name}}/secret')))).wrong;
    expect(wrong).to.have.lengthOf(2);
    expect(wrong[0]).to.match(/tells nobody for nacaozumbi: its url can't be used: it begins with gopher:/);
    expect(wrong.join()).to.not.contain('secret');
  });

  it('is known by secrets: the address, what stands behind its host, the headers', () => {
    const headers = { Authorization: known('Bearer 12345678') };
    const { secrets } = ask(with_(telling(['run_ended'], known('https://example.org/T000/B000'), headers)));
    expect(secrets.map(secret => secret.reveal())).to.deep.equal([
      ...['https://example.org/T000/B000', '/T000/B000', 'Bearer 12345678'],
    ]);
  });
});
