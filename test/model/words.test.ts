// How the words of an operator and the ends of hosts come together to the end of a run.
import { expect } from 'chai';
import { worst } from '../../src/model/action.ts';
import { dangersIn, isDangerous } from '../../src/model/danger.ts';
import type { Answered, Event, Law, Towards } from '../../src/model/event.ts';
import { foldAll, IllegalEvent } from '../../src/model/fold.ts';
import {
  entryOf,
  handlerRun,
  hostName,
  isAfterRollback,
  laneName,
  laneNameOf,
  runId,
  actionId,
  taskId,
} from '../../src/model/ids.ts';
import { isSeenAfresh, presentWave } from '../../src/model/state.ts';
import { runVerdict } from '../../src/model/verdict.ts';

const begun: Event = { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} };
const over: Event = { type: 'run-ended', verdict: 'done', why: '' };
type Word = Extract<Law, { readonly type: 'operator-said' }>['word'];
const said = (word: Word): Event => ({ type: 'operator-said', word, who: 'joan', host: null });
const turn = (host: string, towards: Towards): Event => ({
  ...{ type: 'turned', lane: { is: 'host', host: hostName(host) }, towards, why: '' },
});

describe('the words of an operator', () => {
  const operator = (...words: readonly Word[]) => foldAll([begun, ...words.map(said)]).operator;

  it('count by their strength, whatever their order', () => {
    expect(operator('stop', 'rollback')).to.equal('rollback');
    expect(operator('rollback', 'stop')).to.equal('rollback');
    expect(operator('now', 'rollback')).to.equal('now');
    expect(operator('stop', 'now')).to.equal('now');
  });

  it('are taken back by go-on, and not by no', () => {
    expect(operator('stop', 'go-on')).to.equal(null);
    expect(operator('stop', 'no')).to.equal('stop');
  });

  it('are none before one is said', () => {
    expect(foldAll([begun])).to.include({ operator: null, saidAt: 0, wentOn: 0 });
  });

  it('of a way back outlive a now: go-back takes them up, go-on takes them back', () => {
    expect(operator('rollback', 'now', 'go-back')).to.equal('rollback');
    expect(operator('rollback', 'now', 'go-on', 'now', 'go-back')).to.equal(null);
    expect(operator('stop', 'now', 'go-back')).to.equal(null);
    const words = ['rollback', 'now'] as const;
    expect(foldAll([begun, over, ...words.map(said), over, said('go-back')])).to.deep.include({
      ...{ operator: 'rollback_all', ended: null, wentOn: 0 },
    });
  });

  it('are remembered by when the strongest was said first', () => {
    expect(foldAll([begun, said('stop'), said('stop')]).saidAt).to.equal(2);
    expect(foldAll([begun, said('stop'), said('rollback')]).saidAt).to.equal(3);
    expect(foldAll([begun, over, said('rollback'), over, said('rollback')]).saidAt).to.equal(5);
  });

  it('to an ended run open it again, but for no', () => {
    expect(foldAll([begun, over, said('go-on')])).to.deep.include({ ended: null, operator: null, wentOn: 3 });
    expect(foldAll([begun, over, said('no')]).ended).to.deep.equal({ verdict: 'done', why: '' });
    expect(foldAll([begun, said('stop'), said('rollback')]).wentOn).to.equal(0);
  });
});

describe('the answer to a question between two waves', () => {
  const observed: Event = { type: 'observed', wave: { play: 1, n: 1 }, facts: {}, silent: {} };
  const answer = (what: Answered): Event => ({ type: 'answered', question: 'may I?', answer: what, who: 'joan' });
  const wave = (...events: readonly Event[]) => presentWave(foldAll([begun, ...events]));

  it('is of the newest wave, and a yes makes what was seen before it old', () => {
    const state = foldAll([begun, observed, answer('yes')]);
    const last = presentWave(state);
    expect(last?.agreed).to.deep.equal({ why: 'may I?', facts: {}, seq: 3 });
    expect(last !== null && isSeenAfresh(last, state)).to.equal(false);
    expect(wave(observed, answer('yes'), observed)?.agreed?.why).to.equal('may I?');
    expect(() => foldAll([begun, observed, answer('no'), observed])).to.throw(IllegalEvent);
  });

  it('that is no, or none, stands until a yes, or until somebody has the run go on', () => {
    for (const no of ['no', 'none'] as const) {
      expect(wave(observed, answer(no))).to.include({ agreed: null, declined: 'may I?' });
      expect(wave(observed, answer(no), answer('yes'))?.declined).to.equal(null);
      expect(wave(observed, answer(no), over, said('go-on'))).to.deep.include({
        declined: null,
        agreed: { why: '', facts: {}, seq: 5 },
      });
    }
  });

  it('can’t come before any wave, nor after the end', () => {
    expect(() => foldAll([begun, answer('yes')])).to.throw(IllegalEvent);
    expect(() => foldAll([begun, observed, over, answer('yes')])).to.throw(IllegalEvent);
  });
});

describe('a lane', () => {
  const turns = (...towards: readonly Towards[]) => foldAll([begun, ...towards.map(one => turn('a', one))]);

  it('turns once by itself, later only to stuck, or back', () => {
    expect(turns('stop', 'stuck').lanes.get('a')?.turned).to.deep.equal({ towards: 'stuck', why: '', seq: 3 });
    expect(turns('stop', 'rollback').lanes.get('a')?.turned?.towards).to.equal('rollback');
    expect(turns('stuck', 'rollback').lanes.get('a')?.turned?.towards).to.equal('rollback');
    expect(() => turns('rollback', 'stop')).to.throw(IllegalEvent);
    expect(() => turns('stuck', 'stuck')).to.throw(IllegalEvent);
  });
});

describe('the end of a run', () => {
  it('is the worst of its hosts’', () => {
    const verdict = (...events: readonly Event[]) => runVerdict(foldAll([begun, ...events]));
    expect(verdict()).to.equal('done');
    expect(verdict(turn('a', 'rollback'))).to.equal('rolled-back');
    expect(verdict(turn('a', 'rollback'), turn('b', 'continue'))).to.equal('stopped');
    expect(verdict(turn('a', 'hold'), turn('b', 'stop'))).to.equal('stuck');
    expect(verdict(turn('a', 'refused'))).to.equal('stopped');
    expect(worst([])).to.equal('done');
    expect(worst(['rolled-back', 'done'])).to.equal('rolled-back');
  });
});

describe('events that can’t be', () => {
  const wave = { play: 1, n: 1 };
  const observed: Event = { type: 'observed', wave, facts: {}, silent: {} };
  const plan = { wave, hosts: [], migrations: [], staying: [] };
  const planned: Event = { type: 'wave-planned', wave, plan, differs: [] };
  const lane = { is: 'host', host: hostName('a') } as const;
  const task = taskId('toy/1.t1');
  const skipped: Event = { type: 'task-skipped', task, lane, why: 'when' };
  const entered: Event = { type: 'block-entered', task, lane };
  const fixed: Event = { type: 'loop-fixed', task, lane, items: [], hidden: false };
  const refused: Readonly<Record<string, readonly Event[]>> = {
    'a run that starts twice': [begun, begun],
    'a wave looked at twice': [begun, observed, observed],
    'a wave planned without a look': [begun, planned],
    'a wave planned twice': [begun, observed, planned, planned],
    'a task skipped twice': [begun, skipped, skipped],
    'a block entered twice': [begun, entered, entered],
    'a block entered that was skipped': [begun, skipped, entered],
    'a loop fixed twice': [begun, fixed, fixed],
  };
  for (const [what, events] of Object.entries(refused))
    it(`are refused: ${what}`, () => {
      foldAll(events.slice(0, -1));
      expect(() => foldAll(events)).to.throw(IllegalEvent);
    });
});

describe('names', () => {
  it('of lanes are the host, or what is done once for all', () => {
    const id = actionId(taskId('toy/1.t1'), 4, { is: 'wave', play: 2, n: 3 });
    expect(id).to.equal('toy/1.t1[4]@play 2 wave 3');
    expect(laneNameOf(id)).to.equal('play 2 wave 3');
    expect(laneName({ is: 'play', play: 2 })).to.equal('play 2');
  });

  it('of a handler’s runs lead back to the handler', () => {
    const run = handlerRun(taskId('toy/1.h1'), 'undo');
    expect([entryOf(run), entryOf(taskId('toy/1.h1')), entryOf(taskId('~x'))]).to.deep.equal([
      'toy/1.h1',
      'toy/1.h1',
      '',
    ]);
    expect([isAfterRollback(run), isAfterRollback(handlerRun(taskId('toy/1.h1'), 't'))]).to.deep.equal([true, false]);
  });
});

describe('advice that must not be followed', () => {
  it('is found line by line, with the reason', () => {
    const text = 'storage in use\n  zoneadm attach -x force-takeover\nzoneadm list\nzpool import -N -f tank';
    expect(dangersIn(text).map(one => one.line)).to.deep.equal([
      'zoneadm attach -x force-takeover',
      'zpool import -N -f tank',
    ]);
    expect(dangersIn(text)[0]?.why).to.match(/^forces a takeover/);
    expect(isDangerous('zoneadm -z evac1 uninstall')).to.equal(true);
    expect(isDangerous('zpool import tank')).to.equal(false);
  });
});
