// Looking, doing and looking again at one step, with a host that answers as it is told to.
import { expect } from 'chai';
import { z } from 'zod';
import { runId, hostName, stepName, actionId, taskId } from '../../src/model/ids.ts';
import { noEntries } from '../../src/model/ledger-fold.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { Applied, Checked, Doer, Step } from '../../src/model/step.ts';
import { applyOnce, type Bench, look, settle } from '../../src/run/attempt.ts';
import { PLAIN_STEP } from '../model/plain-step.ts';
import { OPEN_HARBOUR } from '../fleet/harbour.ts';

const command = 'zoneadm list';
const lost: Refusal = { is: 'lost', command, status: '', out: '', err: '' };
const late: Refusal = { is: 'timed-out', command, status: '', out: '', err: '' };
const unsent: Refusal = { is: 'not-sent', command, why: 'no route' };
const said = { command, status: 'exit 1', out: '', err: '' };
const no: Refusal = { is: 'refused', why: 'no', ...said };
const odd: Refusal = { is: 'unreadable', why: 'odd', line: '?', ...said };

const done: Checked = { is: 'done', seen: { now: 1 }, text: '' };
const todo: Checked = { is: 'todo', seen: { now: 0 }, text: 'is 0' };
const unsure: Checked = { is: 'unsure', seen: {}, text: '' };
const blocked: Checked = { is: 'blocked', seen: { now: 2 }, why: 'must not' };
const silent = (refusal: Refusal): Checked => ({ is: 'no-answer', refusal });
const applied: Applied = { is: 'applied', reply: { said: 'ok' } };
const refusing = (refusal: Refusal): Applied => ({ is: 'refused', refusal });

class Stand {
  now = 0;
  looks = 0;
  tries = 0;
  onlyTries = false;
  reconnects = 0;
  readonly slept: number[] = [];
  readonly bench: Bench;

  /** The last answer of each list is given again and again. The operator says now at `stopAt`, in host time. */
  constructor(checks: readonly Checked[], applies: readonly Applied[] = [applied], stopAt = Number.POSITIVE_INFINITY) {
    this.bench = this.#bench(checks, applies, stopAt);
  }

  /** As a step that only tries. */
  trying(): this {
    this.onlyTries = true;
    return this;
  }

  #bench(checks: readonly Checked[], applies: readonly Applied[], stopAt: number): Bench {
    const nth = <T>(list: readonly T[], n: number): T => {
      const found = list[Math.min(n, list.length - 1)];
      if (found === undefined) throw new Error('no answer was prepared');
      return found;
    };
    const unused = (): never => {
      throw new Error('not asked for');
    };
    const doer: Doer = {
      ...{ host: hostName('a'), run: runId('0000beef'), fleet: [], diff: false },
      action: actionId(taskId('toy/1.t1'), null, { is: 'host', host: hostName('a') }),
      ledger: { ...noEntries, window: () => 'unheard-of' },
      keep: { put: unused, get: unused },
      ...{
        ask: unused,
        do: unused,
        readFile: unused,
        localFile: unused,
        post: unused,
        fetched: { read: () => Promise.resolve(null), write: () => Promise.resolve('there is no disk here') },
        peer: unused,
        tell: unused,
      },
      reconnect: () => {
        this.reconnects += 1;
        return Promise.resolve({ is: 'ok', value: null });
      },
      now: () => this.now,
      sleep: ms => {
        this.slept.push(ms);
        this.now += ms;
        return Promise.resolve();
      },
      harbour: OPEN_HARBOUR,
      stopping: () => this.now >= stopAt,
    };
    const step: Step = {
      ...PLAIN_STEP,
      ...{ name: stepName('toy'), summary: '', args: () => z.any() },
      ...{ needsFacts: false, limitMs: () => 1, say: () => '' },
      onlyTries: () => this.onlyTries,
      check: () => Promise.resolve(nth(checks, this.looks++)),
      apply: () => Promise.resolve(nth(applies, this.tries++)),
    };
    const longWork = { attempt: () => undefined, takeUp: () => Promise.resolve(true), seenStillToDo: () => undefined };
    return { step, args: {}, doer, limitMs: 20_000, onCourse: () => true, longWork };
  }
}

describe('a look before a change', () => {
  it('is what the host shows', async () => {
    for (const checked of [done, todo, unsure, blocked])
      expect(await look(new Stand([checked]).bench)).to.deep.equal(checked);
  });

  it('is taken again while the host is silent, each time over a new connection', async () => {
    const stand = new Stand([silent(lost), silent(late), done]);
    expect((await look(stand.bench)).is).to.equal('done');
    expect(stand.reconnects).to.equal(2);
    expect(stand.slept).to.deep.equal([5_000, 5_000]);
  });

  it('ends at its time limit, and says that nobody could be reached', async () => {
    const stand = new Stand([silent(lost)]);
    expect(await look(stand.bench)).to.include({ is: 'silent', unreachable: true });
    expect(stand.now).to.equal(20_000);
  });

  it('waits longer each time nothing could be sent, and gives up at the third', async () => {
    const stand = new Stand([silent(unsent)]);
    expect(await look(stand.bench)).to.include({ is: 'silent', unreachable: true });
    expect([stand.looks, stand.slept, stand.reconnects]).to.deep.equal([3, [2_000, 4_000], 0]);
  });

  it('believes a refusal at once; what it can’t read, it reads again on the same connection', async () => {
    const refusal = new Stand([silent(no)]);
    expect(await look(refusal.bench)).to.include({ is: 'silent', unreachable: false });
    expect(refusal.looks).to.equal(1);
    const unreadable = new Stand([silent(odd), done]);
    expect((await look(unreadable.bench)).is).to.equal('done');
    expect([unreadable.slept, unreadable.reconnects]).to.deep.equal([[5_000], 0]);
    expect(await look(new Stand([silent(odd)]).bench)).to.include({ is: 'silent', unreachable: false });
  });

  it('ends when the operator wants to stop now', async () => {
    const stand = new Stand([silent(lost)], [], 5_000);
    expect((await look(stand.bench)).is).to.equal('silent');
    expect(stand.looks).to.equal(2);
  });
});

describe('a change', () => {
  const once = (stand: Stand) => applyOnce(stand.bench, { now: 0 });

  it('has worked when the host shows it', async () => {
    expect(await once(new Stand([done]))).to.deep.equal({ is: 'changed', after: { now: 1 }, reply: { said: 'ok' } });
    expect(await once(new Stand([unsure]))).to.deep.equal({ is: 'changed', after: { now: 0 }, reply: { said: 'ok' } });
  });

  it('has failed when the host shows nothing of it, whatever was said', async () => {
    expect(await once(new Stand([todo]))).to.deep.include({
      ...{ is: 'failed', why: 'still to do afterwards: is 0', unreachable: false, after: { now: 0 } },
    });
    expect(await once(new Stand([blocked]))).to.deep.include({ is: 'failed', why: 'must not', after: { now: 2 } });
  });

  it('that is refused has failed, and what is seen then is told, since a part of it may be done', async () => {
    expect(await once(new Stand([todo], [refusing(no)]))).to.deep.include({
      ...{ is: 'failed', unreachable: false, after: { now: 0 } },
    });
    expect(await once(new Stand([unsure], [refusing(no)]))).to.deep.include({ is: 'failed', after: null });
    expect(await once(new Stand([silent(lost)], [refusing(no)]))).to.deep.include({ is: 'failed', after: null });
  });

  it('that is refused after it couldn’t be sent may be done already', async () => {
    const answers = [refusing(unsent), refusing(no)];
    expect((await once(new Stand([done], answers))).is).to.equal('changed');
    expect((await once(new Stand([todo], answers))).is).to.equal('failed');
  });

  it('that can’t be sent is tried three times, then nobody was reached', async () => {
    const stand = new Stand([done], [refusing(unsent)]);
    expect(await once(stand)).to.include({ is: 'failed', unreachable: true });
    expect([stand.tries, stand.slept]).to.deep.equal([3, [2_000, 4_000]]);
    expect((await once(new Stand([done], [refusing(unsent), applied]))).is).to.equal('changed');
    const stopped = new Stand([done], [refusing(unsent)], 0);
    await once(stopped);
    expect(stopped.tries).to.equal(1);
  });

  it('whose end nobody saw is looked at until the host answers', async () => {
    for (const refusal of [lost, late, odd]) {
      const stand = new Stand([silent(refusal), todo, done], [refusing(refusal)]);
      expect(await once(stand), refusal.is).to.deep.equal({ is: 'changed', after: { now: 1 }, reply: null });
      expect(stand.reconnects, refusal.is).to.equal(refusal.is === 'unreadable' ? 0 : 3);
    }
  });

  it('after which the host falls silent is looked at the same way', async () => {
    const stand = new Stand([silent(lost), done]);
    expect(await once(stand)).to.deep.include({ is: 'changed', reply: null });
  });
});

describe('what nobody saw the end of', () => {
  it('is looked at every 5 seconds, and more seldom the longer it takes, at most a minute apart', async () => {
    const stand = new Stand([todo]);
    await settle(stand.bench, lost, 3_600_000);
    expect(stand.slept.slice(0, 3)).to.deep.equal([5_000, 5_000, 5_000]);
    expect(Math.max(...stand.slept)).to.equal(60_000);
    expect(stand.now).to.be.within(3_600_000, 3_605_000);
  });

  it('is looked at for a minute at least, then taken as it is seen', async () => {
    const stand = new Stand([todo]);
    expect(await settle(stand.bench, lost, 0)).to.deep.include({ is: 'failed', unreachable: false, after: { now: 0 } });
    expect(stand.now).to.equal(60_000);
    const longer = new Stand([blocked]);
    expect(await settle(longer.bench, lost, 90_000)).to.deep.include({ is: 'failed', after: { now: 2 } });
    expect(longer.now).to.be.within(90_000, 95_000);
  });

  it('stays unknown when the host never answers again', async () => {
    const settled = await settle(new Stand([silent(late)]).bench, lost, 0);
    expect(settled.is).to.equal('unknown');
    expect(settled.is === 'unknown' && settled.why).to.contain('and no answer since: zoneadm list');
  });

  it('stays unknown at once when looking can’t tell', async () => {
    const stand = new Stand([unsure]);
    expect((await settle(stand.bench, lost, 0)).is).to.equal('unknown');
    expect(stand.looks).to.equal(1);
  });

  it('that only tried is tried once more, and has failed when its line is cut again', async () => {
    const stand = new Stand([silent(lost), unsure], [refusing(lost), applied]).trying();
    expect(await applyOnce(stand.bench, { now: 0 })).to.deep.include({ is: 'changed', reply: { said: 'ok' } });
    expect(stand.tries).to.equal(2);
    const again = new Stand([unsure], [refusing(late)]).trying();
    expect(await applyOnce(again.bench, {})).to.deep.include({ is: 'failed', unreachable: false });
    expect(again.tries).to.equal(2);
  });

  it('that only tried and said something odd is not tried again', async () => {
    const stand = new Stand([unsure], [refusing(odd)]).trying();
    expect(await applyOnce(stand.bench, {})).to.deep.include({ is: 'failed', unreachable: false });
    expect(stand.tries).to.equal(1);
  });

  it('that only tried has failed when the host never answers again', async () => {
    const settled = await settle(new Stand([silent(late)]).trying().bench, lost, 0);
    expect(settled).to.deep.include({ is: 'failed', unreachable: true });
    expect(settled.is === 'failed' && settled.why).to.contain('and no answer since: zoneadm list');
  });

  it('stays open when the operator wants to stop now', async () => {
    expect(await settle(new Stand([todo], [], 10_000).bench, lost, 0)).to.deep.equal({ is: 'interrupted' });
  });
});
